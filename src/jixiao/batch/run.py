"""A run from top to bottom: an inbox of filings, processed into the folder OUT."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from jixiao.batch.external.attach import (
    AuxiliaryInputs,
    Leftovers,
    attach,
    read_auxiliary_inputs,
    refuse_ambiguous,
)
from jixiao.batch.external.last_year import data_folder
from jixiao.batch.external.roster import read_roster
from jixiao.batch.filing_task import FilingTask, PartitionTask
from jixiao.batch.inbox.districts import ExpectedDepartments, districts_of
from jixiao.batch.inbox.excluded import missing_results, skipped_result, unreadable_result
from jixiao.batch.inbox.files import InboxFile, inbox_files
from jixiao.batch.inbox.identity import batch_year, resolve
from jixiao.batch.inbox.passwords import read_passwords
from jixiao.batch.inbox.read import ReadTask, load_submission, read_inbox
from jixiao.batch.inbox.recognition import ReadLimits, main_pack
from jixiao.batch.inbox.select_filings import select_filings
from jixiao.batch.options import AUTO, Options
from jixiao.batch.outputs import MANIFEST, PUBLIC, own_reviews, public_name, remove_stale
from jixiao.batch.pdfs import Pdfs, pdf_name, write_pdfs
from jixiao.batch.report import READING, Clock, Progress, RunReport, manifest, previous_outputs
from jixiao.batch.resume import (
    RECORDS,
    EvaluatedFiling,
    Records,
    RunRecord,
    Selection,
    forget_plan,
    plan,
    planned,
    record_of_files,
    unchanged_files,
)
from jixiao.errors import UsageError
from jixiao.model.result import DepartmentSummary, District
from jixiao.model.submission import FilingHeader, UnreadableFiling
from jixiao.pack import Pack, load_pack
from jixiao.privacy.find import batch_personal_words
from jixiao.privacy.redact import redact
from jixiao.runtime.atomic_files import PRIVATE, private_folder, refuse_foreign, reraise_full, write_whole
from jixiao.runtime.digest import file_sha256, program_digest
from jixiao.runtime.engine import Engine, open_engine
from jixiao.runtime.limits import collect_rarely, limit_threads, peak_mib
from jixiao.runtime.worker_pool import interrupts_held, start_method

__all__ = ["Progress", "RunReport", "run"]


def run(options: Options, progress: Progress = lambda stage, done, total: None) -> RunReport:
    """Process an inbox into OUT; raise `UsageError` if that is impossible as asked, before anything is written."""
    _check_places(options)
    start_method()
    limit_threads()
    with open_engine(options.engine, options.jobs, options.scheduler) as engine:
        collect_rarely()
        context = _prepare(options, engine, progress)
        with _locked(context):
            return _process(context)


@dataclass(frozen=True)
class Context:
    """What is the same throughout a run: the options, who works, and all inputs but the filings' contents.

    `checksums` are the SHA-256 of the files of the inbox by name, `private` is the program's own folder in OUT, `spool`
    the folder in it for the filings as read, `work` that for what is half written.
    """

    options: Options
    engine: Engine
    progress: Progress
    pack: Pack
    limits: ReadLimits
    files: Sequence[InboxFile]
    checksums: Mapping[str, str]
    expected: ExpectedDepartments
    auxiliary: AuxiliaryInputs
    records: Records
    form_key: str
    clock: Clock = field(default_factory=Clock)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def private(self) -> Path:
        return self.options.out / PRIVATE

    @property
    def spool(self) -> Path:
        return self.private / "read"

    @property
    def work(self) -> Path:
        return self.private / "work"

    @property
    def to_read(self) -> list[InboxFile]:
        """The files that are read; files of departments that must send nothing are not."""
        return [file for file in self.files if file.name in self.checksums]


def _check_places(options: Options) -> None:
    inbox, out = options.inbox.resolve(), options.out.resolve()
    if out == inbox or out.is_relative_to(inbox):
        raise UsageError("输出文件夹不能在收件文件夹之内，请另选一个位置。")
    if options.out.exists() and not options.out.is_dir():
        raise UsageError(f"“{options.out}”不是文件夹，请另选一个位置。")
    if options.out.exists() and not os.access(options.out, os.W_OK):
        raise UsageError(f"无法写入输出文件夹“{options.out}”，请检查权限。")
    for folder in (".", "read", "work", RECORDS):
        refuse_foreign(options.out / PRIVATE / folder)


def _prepare(options: Options, engine: Engine, progress: Progress) -> Context:
    """List the inbox and read what there is besides filings; recognise the form if none is named. Writes nothing."""
    if options.pack != AUTO:
        load_pack(options.pack)
    roster = read_roster(options.roster) if options.roster else ()
    limits = ReadLimits(options.seconds, options.memory_mib, read_passwords(options.passwords))
    files = inbox_files(options.inbox, options.set_aside)
    expected = ExpectedDepartments(roster, districts_of(file.name for file in files) if options.districts else {})
    to_read = [file for file in files if not file.skipped and not expected.classified(file)]
    checksums = {file.name: file_sha256(file.path) or "" for file in to_read}
    records = Records(options.out / PRIVATE / RECORDS, program_digest(), fresh=options.fresh)
    form_key = ""
    if options.pack == AUTO:
        form_key = records.key("form", checksums, options.year, _stamp(options.passwords))
        name = None if options.fresh else records.get(form_key, str)
        name = name or main_pack(
            to_read, limits, year=options.year, jobs=options.jobs, progress=_counter(progress, "识别", len(to_read))
        )  # fmt: skip
        options = replace(options, pack=name)
    pack = load_pack(options.pack)
    auxiliary = read_auxiliary_inputs(options, pack, own_reviews(options.out))
    return Context(options, engine, progress, pack, limits, files, checksums, expected, auxiliary, records, form_key)


@contextmanager
def _locked(context: Context) -> Iterator[None]:
    """Keep other runs out of OUT, with an empty spool; remove spool and half-written files at the end."""
    out, private, records = context.options.out, context.private, context.records
    try:
        out.mkdir(parents=True, exist_ok=True)
        private_folder(private)
    except OSError as error:
        raise UsageError(f"无法写入输出文件夹“{out}”，请检查权限。") from error
    try:
        context.engine.check_seen([context.options.inbox, private])
        with FileLock(private / "lock", timeout=0):
            shutil.rmtree(context.spool, ignore_errors=True)
            private_folder(context.spool)
            records.open()
            try:
                with context.engine.at_work():
                    yield
            finally:
                shutil.rmtree(context.spool, ignore_errors=True)
                shutil.rmtree(context.work, ignore_errors=True)
    except Timeout as error:
        raise UsageError(f"另一次运行正在使用“{out}”，请等它结束后再试。") from error
    except OSError as error:
        reraise_full(error, out)
        raise


def _process(context: Context) -> RunReport:
    """Read, identify, select, attach, evaluate; then write the district's files, PDFs and the manifest.

    Where nothing changed since an earlier run, no filing is read, and what lies in OUT stays.
    """
    options, clock, roster, records = context.options, context.clock, context.expected.roster, context.records
    if context.form_key:
        records.store.put(context.form_key, options.pack)
    # Packs of the program are part of its digest; others may be anywhere.
    key = records.key("run", context.pack.sha256, *_inputs(context))
    earlier = records.get(key, RunRecord)
    processed = records.results(earlier.selection.filings, options.out, public=options.public) if earlier else None
    if earlier is not None and processed is not None:
        selection, repeatable = earlier.selection, True
    else:
        selection, processed, repeatable = _evaluate(context)
    clock.lap("审核")
    results = [*selection.uncounted, *processed]
    results += missing_results(roster, results)
    results.sort(key=lambda each: (each.identity.budget_code or "~", each.identity.department or "~", each.file))
    leftovers = selection.leftovers
    district = District(
        tuple(results), roster, bool(roster), selection.year, options.bureau, options.contact, leftovers.kept_reviews,
        leftovers.gone,
    )  # fmt: skip
    settings = options.telling() | leftovers.settings
    context.auxiliary.check_unchanged()
    common = unchanged_files(earlier.files, options.out) if earlier and repeatable else None
    if common is None:
        from jixiao.batch.district_files import write_district  # draws: not for a run without work

        keys = {filing.submission_id: filing.key for filing in selection.filings}
        common = write_district(district, context.pack, options, settings, context.work, records.store.folder, keys, context.engine)
        if repeatable and keys:
            records.store.put(key, RunRecord(selection, record_of_files(options.out, common)))
    clock.lap("汇总")
    returned = [result.output for result in results if result.output]
    pdfs = _write_pdfs(context, returned)
    outputs = sorted([*common, *returned, *pdfs.written, MANIFEST])
    remove_stale(options.out, {*previous_outputs(options.out), *planned(context.private)}, outputs)
    records.forget_others()
    _write_manifest(context, district, settings, outputs)
    forget_plan(context.private)
    public = sum(name.startswith(f"{PUBLIC}/") for name in common)
    return RunReport(district, options.out, pdfs, clock.laps, leftovers.unmatched, public)


def _inputs(context: Context) -> list[object]:
    """Return all that a run depends on but the program and the form."""
    options, auxiliary = context.options, context.auxiliary
    previous = data_folder(options.previous).glob("*.parquet") if options.previous else ()
    return [
        [(file.name, file.skipped) for file in context.files], context.checksums, context.expected.roster, context.expected.where, _stamp(options.passwords),
        auxiliary.filled, auxiliary.reference, {path.name: file_sha256(path) for path in previous},
        options.telling(), options.contact, options.public,
    ]  # fmt: skip


def _stamp(passwords: Path | None) -> tuple[int, int] | None:
    """Return what changes with the file of passwords, and is no digest of it: those in OUT may be passed on."""
    status = passwords.stat() if passwords else None
    return (status.st_size, status.st_mtime_ns) if status else None


def _evaluate(context: Context) -> tuple[Selection, list[DepartmentSummary], bool]:
    """Read the filings and evaluate those that count; results of an earlier run serve where nothing changed.

    Return the selection, the results of the filings that count, and whether another run would come to the same.
    """
    options, progress, records = context.options, context.progress, context.records
    headers, unreadable = _read(context)
    context.clock.lap(READING)
    year = batch_year(headers, options.year, context.pack.year)
    tasks, leftovers, uncounted = _select(context, headers, unreadable, year)
    names = [task.output for task in tasks]
    plan(context.private, [*previous_outputs(options.out), *names, *map(public_name, names), *map(pdf_name, names)])
    processed, rest, filings = [], [], []
    for task in tasks:
        key = records.key("filing", context.pack.sha256, task, year, options.bureau, options.contact)
        filings.append(EvaluatedFiling(key, task.header.submission_id, task.output))
        result = records.result(filings[-1], options.out, public=options.public)
        if result is None:
            rest.append(task)
        else:
            processed.append(result)
    if filings:
        progress("审核", len(processed), len(filings))
    for results in _process_partitions(context, rest, {filing.submission_id: filing.key for filing in filings}, year):
        processed += results
        progress("审核", len(processed), len(filings))
    read: list[FilingHeader | UnreadableFiling] = [*headers, *unreadable]
    repeatable = (
        all(result.scored for result in processed)
        and not any(map(_depends_on_this_computer, unreadable))
        and all(context.checksums[each.file] == each.sha256 for each in read)
    )
    return Selection(tuple(filings), tuple(uncounted), year, leftovers), processed, repeatable


def _depends_on_this_computer(filing: UnreadableFiling) -> bool:
    """Return whether a file might be readable another time: its reading was cut off, or LibreOffice was wanted for it."""
    return any(finding.rule == "SUB-12" or "LibreOffice" in finding.message for finding in filing.findings)


def _read(context: Context) -> tuple[list[FilingHeader], list[UnreadableFiling]]:
    """Read the files in guarded processes; the submissions are left in the spool."""
    options, files = context.options, context.to_read
    task = ReadTask(tuple(files), options.pack, context.spool, context.limits)
    progress = _counter(context.progress, READING, len(files))
    progress(0)
    answers = read_inbox(task, context.engine, progress, _preload) if files else []
    return (
        [answer for answer in answers if isinstance(answer, FilingHeader)],
        [answer for answer in answers if isinstance(answer, UnreadableFiling)],
    )


def _preload() -> None:
    """Import what checks, scores and writes, a second's work, while others read: processes forked later share it."""
    with interrupts_held():  # a library whose loading is interrupted reports a fault of its own
        import jixiao.batch.district_files
        import jixiao.batch.partition  # noqa: F401
        from jixiao.checking.schemas import load_pandera

        load_pandera()
    collect_rarely()


def _select(
    context: Context, headers: Sequence[FilingHeader], unreadable: Sequence[UnreadableFiling], year: int
) -> tuple[list[FilingTask], Leftovers, list[DepartmentSummary]]:
    """Identify the filings, select those that count and attach external data; return redacted results of all other files."""
    pack, expected = context.pack, context.expected
    roster = expected.roster
    resolved = {each.submission_id: resolve(each, pack, expected.of(each.file), year) for each in headers}
    words = batch_personal_words(((each, resolved[each.submission_id]) for each in headers), roster)
    counted, others = select_filings(headers, resolved, bool(roster), pack, words, expected.where)
    if expected.where:
        refuse_ambiguous(counted, expected.where, context.auxiliary, context.options)
    tasks, leftovers = attach(
        context.auxiliary, context.options, counted, roster, pack, year,
        lambda submission_id: load_submission(context.spool, submission_id).facts,
    )  # fmt: skip
    uncounted = [
        *(skipped_result(file, expected.classified(file)) for file in context.files if file.skipped or expected.classified(file)),
        *(unreadable_result(each, expected.of(each.file)) for each in unreadable),
        *others,
    ]
    redacted = [
        DepartmentSummary.of(redact(each, words.of(each.identity, each.submission_id, each.file), pack)) for each in uncounted
    ]
    return tasks, leftovers, redacted


def _process_partitions(
    context: Context, assignments: Sequence[FilingTask], keys: Mapping[str, str], year: int
) -> Iterator[list[DepartmentSummary]]:
    """Check, score and write filings in partitions, and yield the results of each; their records are written as well."""
    from jixiao.batch.partition import process_partition  # loaded by `_preload`, and not for a run without work

    options = context.options
    size = max(1, min(options.partition_size, -(-len(assignments) // context.engine.width)))
    tasks = [
        PartitionTask(
            tuple(assignments[start : start + size]), options.pack, year, options.bureau, options.contact, context.spool,
            options.out, context.work / f"{start:06d}", context.records.store.folder,
            {each.header.submission_id: keys[each.header.submission_id] for each in assignments[start : start + size]},
            options.public,
        )
        for start in range(0, len(assignments), size)
    ]  # fmt: skip
    yield from context.engine.each_in_order(process_partition, tasks)


def _write_pdfs(context: Context, returned: Sequence[str]) -> Pdfs:
    if not context.options.pdf:
        return Pdfs()
    progress = context.progress
    pdfs = write_pdfs(
        returned, context.options.out, context.work, context.records, context.options.jobs,
        lambda done: progress("PDF", done, len(returned)),
    )  # fmt: skip
    context.clock.lap("PDF")
    return pdfs


def _write_manifest(context: Context, district: District, settings: dict[str, str], outputs: list[str]) -> None:
    """Write run.json last: it says that everything before it is there."""
    options = context.options
    varying = {
        "started": context.started.isoformat(timespec="seconds"),
        "seconds": {stage: round(value, 3) for stage, value in context.clock.laps.items()},
        "engine": options.engine,
        "jobs": context.engine.width,
        "peak_memory_mib": peak_mib(),
        "inbox": str(options.inbox),
        "out": str(options.out),
    }
    text = manifest(district, context.pack, settings, outputs, varying)
    write_whole(options.out / MANIFEST, lambda path: path.write_text(text, encoding="utf-8"), context.work)


def _counter(progress: Progress, stage: str, total: int) -> Callable[[int], None]:
    """Return a function that reports the files of a stage done so far, each time some more are done."""
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress(stage, done, total)

    return advance
