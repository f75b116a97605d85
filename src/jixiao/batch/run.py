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
    AttachedFilings,
    AuxiliaryInputs,
    attach,
    read_auxiliary_inputs,
    refuse_ambiguous,
)
from jixiao.batch.external.bureau_figures import ReferenceRow
from jixiao.batch.external.roster import read_roster
from jixiao.batch.filing_task import FilingTask, PartitionTask
from jixiao.batch.inbox.districts import ExpectedDepartments, districts_of
from jixiao.batch.inbox.excluded import missing_results, skipped_result, unreadable_result
from jixiao.batch.inbox.files import InboxFile, inbox_files
from jixiao.batch.inbox.identity import batch_year, resolve
from jixiao.batch.inbox.passwords import Passwords, read_passwords
from jixiao.batch.inbox.read import ReadTask, load_submission, read_inbox
from jixiao.batch.inbox.recognition import main_pack
from jixiao.batch.inbox.select_filings import select_filings
from jixiao.batch.options import AUTO, Options
from jixiao.batch.outputs import MANIFEST, PUBLIC, own_reviews, public_name, remove_stale
from jixiao.batch.pdfs import Pdfs, pdf_name, write_pdfs
from jixiao.batch.report import Clock, Progress, RunReport, manifest, previous_outputs
from jixiao.batch.resume import Records, forget_plan, open_records, plan, planned
from jixiao.errors import UsageError
from jixiao.model.external_data import FormerDepartment
from jixiao.model.result import District, Result
from jixiao.model.review import Review
from jixiao.model.submission import FilingHeader, UnreadableFiling
from jixiao.pack import Pack, load_pack
from jixiao.privacy.find import batch_personal_words
from jixiao.privacy.redact import redact
from jixiao.runtime.atomic_files import PRIVATE, reraise_full, write_whole
from jixiao.runtime.digest import program_digest
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

    `private` is the program's own folder in OUT, `spool` the folder in it for the filings as read, `work` that for what is
    half written.
    """

    options: Options
    engine: Engine
    progress: Progress
    pack: Pack
    passwords: Passwords
    files: Sequence[InboxFile]
    expected: ExpectedDepartments
    beside: AuxiliaryInputs
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
        return [file for file in self.files if not file.skipped and not self.expected.classified(file)]


def _check_places(options: Options) -> None:
    inbox, out = options.inbox.resolve(), options.out.resolve()
    if out == inbox or out.is_relative_to(inbox):
        raise UsageError("输出文件夹不能在收件文件夹之内，请另选一个位置。")
    if options.out.exists() and not options.out.is_dir():
        raise UsageError(f"“{options.out}”不是文件夹，请另选一个位置。")
    if options.out.exists() and not os.access(options.out, os.W_OK):
        raise UsageError(f"无法写入输出文件夹“{options.out}”，请检查权限。")


def _prepare(options: Options, engine: Engine, progress: Progress) -> Context:
    """List the inbox and read what there is besides filings; recognise the form if none is named. Writes nothing."""
    if options.pack != AUTO:
        load_pack(options.pack)
    roster = read_roster(options.roster) if options.roster else ()
    passwords = read_passwords(options.passwords)
    files = inbox_files(options.inbox, options.set_aside)
    if options.pack == AUTO:
        expected = ExpectedDepartments(roster)
        to_read = [file for file in files if not file.skipped and not expected.classified(file)]
        name = main_pack(
            to_read, year=options.year, jobs=options.jobs, seconds=options.seconds, memory_mib=options.memory_mib,
            passwords=passwords, progress=_counter(progress, "识别", len(to_read)),
        )  # fmt: skip
        options = replace(options, pack=name)
    pack = load_pack(options.pack)
    beside = read_auxiliary_inputs(options, pack, own_reviews(options.out))
    expected = ExpectedDepartments(roster, districts_of(file.name for file in files) if options.districts else {})
    return Context(options, engine, progress, pack, passwords, files, expected, beside)


@contextmanager
def _locked(context: Context) -> Iterator[None]:
    """Keep other runs out of OUT, with an empty spool; remove spool and half-written files at the end."""
    out, private = context.options.out, context.private
    try:
        private.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"无法写入输出文件夹“{out}”，请检查权限。") from error
    try:
        context.engine.check_seen([context.options.inbox, private])
        with FileLock(private / "lock", timeout=0):
            shutil.rmtree(context.spool, ignore_errors=True)
            context.spool.mkdir(mode=0o700)
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
    """Read, identify, select, attach, evaluate; then write the district's files, PDFs and the manifest."""
    options, clock, roster = context.options, context.clock, context.expected.roster
    # Packs of the program are part of its digest; others may lie anywhere.
    program = f"{program_digest()}/{context.pack.sha256}"
    records = open_records(context.private, program, fresh=options.fresh)
    evaluated = _evaluate(context, records)
    clock.lap("审核")
    results = [*evaluated.results, *missing_results(roster, evaluated.results)]
    results.sort(key=lambda each: (each.identity.budget_code or "~", each.identity.department or "~", each.file))
    district = District(
        tuple(results), roster, bool(roster), evaluated.year, options.bureau, options.contact, evaluated.kept_reviews,
        evaluated.gone,
    )  # fmt: skip
    settings = options.telling() | evaluated.settings
    context.beside.check_unchanged()
    common = _write_district(context, records, district, evaluated, settings)
    clock.lap("汇总")
    returned = [result.output for result in results if result.output]
    pdfs = _write_pdfs(context, records, returned)
    outputs = sorted([*common, *returned, *pdfs.written, MANIFEST])
    remove_stale(options.out, {*previous_outputs(options.out), *planned(context.private)}, outputs)
    records.forget_others()
    _write_manifest(context, district, settings, outputs)
    forget_plan(context.private)
    public = sum(name.startswith(f"{PUBLIC}/") for name in common)
    return RunReport(district, options.out, pdfs, clock.laps, evaluated.unmatched, public)


@dataclass(frozen=True)
class Evaluated:
    """The results of all files of the inbox, and what the district's files say besides.

    `keys` are those of the records of scored filings, by submission; `complete` says that the program broke on none of
    them. `uncounted` are the results of the other files.
    """

    results: Sequence[Result]
    uncounted: Sequence[Result]
    keys: Mapping[str, str]
    complete: bool
    year: int
    kept_reviews: tuple[Review, ...]
    gone: tuple[FormerDepartment, ...]
    unmatched: tuple[ReferenceRow, ...]
    settings: dict[str, str]


def _evaluate(context: Context, records: Records) -> Evaluated:
    """Read the filings, and evaluate those that count; results of an earlier run serve where nothing changed."""
    options, progress = context.options, context.progress
    headers, unreadable = _read(context)
    context.clock.lap("读取")
    year = batch_year(headers, options.year, context.pack.year)
    attached, uncounted = _select(context, headers, unreadable, year)
    names = [each.output for each in attached.assignments]
    plan(context.private, [*previous_outputs(options.out), *names, *map(public_name, names), *map(pdf_name, names)])
    keys = {
        each.header.submission_id: records.key("filing", each, year, options.bureau, options.contact)
        for each in attached.assignments
    }
    processed, rest = [], []
    for each in attached.assignments:
        result = records.result(keys[each.header.submission_id], each, options.out, public=options.public)
        if result is None:
            rest.append(each)
        else:
            processed.append(result)
    if keys:
        progress("审核", len(processed), len(keys))
    for results in _process_partitions(context, records, rest, keys, year):
        processed += results
        progress("审核", len(processed), len(keys))
    return Evaluated(
        [*uncounted, *processed], uncounted, keys, all(result.scored for result in processed), year, attached.kept,
        attached.gone, attached.unmatched, attached.told,
    )  # fmt: skip


def _read(context: Context) -> tuple[list[FilingHeader], list[UnreadableFiling]]:
    """Read the files in guarded processes; the submissions are left in the spool."""
    options, files = context.options, context.to_read
    task = ReadTask(tuple(files), options.pack, context.spool, options.seconds, options.memory_mib, context.passwords)
    progress = _counter(context.progress, "读取", len(files))
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
) -> tuple[AttachedFilings, list[Result]]:
    """Identify the filings, select those that count and attach external data; redacted results for all other files."""
    pack, expected = context.pack, context.expected
    roster = expected.roster
    resolved = {each.submission_id: resolve(each, pack, expected.of(each.file), year) for each in headers}
    words = batch_personal_words(((each, resolved[each.submission_id]) for each in headers), roster)
    counted, others = select_filings(headers, resolved, bool(roster), pack, words, expected.where)
    if expected.where:
        refuse_ambiguous(counted, expected.where, context.beside, context.options)
    attached = attach(
        context.beside, context.options, counted, roster, pack, year,
        lambda submission_id: load_submission(context.spool, submission_id).facts,
    )  # fmt: skip
    uncounted = [
        *(skipped_result(file, expected.classified(file)) for file in context.files if file.skipped or expected.classified(file)),
        *(unreadable_result(each, expected.of(each.file)) for each in unreadable),
        *others,
    ]
    return attached, [redact(each, words.of(each.identity, each.submission_id, each.file), pack) for each in uncounted]


def _process_partitions(
    context: Context, records: Records, assignments: Sequence[FilingTask], keys: Mapping[str, str], year: int
) -> Iterator[list[Result]]:
    """Check, score and write filings in partitions, and yield the results of each; their records are written as well."""
    from jixiao.batch.partition import process_partition  # loaded by `_preload`, and not for a run without work

    options = context.options
    size = max(1, min(options.partition_size, -(-len(assignments) // context.engine.width)))
    tasks = [
        PartitionTask(
            tuple(assignments[start : start + size]), options.pack, year, options.bureau, options.contact, context.spool,
            options.out, context.work / f"{start:06d}", records.store.folder,
            {each.header.submission_id: keys[each.header.submission_id] for each in assignments[start : start + size]},
            options.public,
        )
        for start in range(0, len(assignments), size)
    ]  # fmt: skip
    yield from context.engine.each_in_order(process_partition, tasks)


def _write_district(
    context: Context, records: Records, district: District, evaluated: Evaluated, settings: dict[str, str]
) -> list[str]:
    """Write the files of the whole district and return their names; they stay if nothing that they contain changed."""
    options = context.options
    key = records.key(
        "district", evaluated.uncounted, sorted(evaluated.keys.values()), district.roster, district.year, district.bureau,
        district.contact, district.kept_reviews, district.gone, settings, options.public, context.expected.where,
    )  # fmt: skip
    names = records.files(key, options.out) if evaluated.complete else None
    if names is None:
        from jixiao.batch.district_files import write_district  # as in `_process_partitions`

        names = write_district(
            district, context.pack, options, settings, context.work, records.store.folder, evaluated.keys, context.engine
        )
        if evaluated.complete and evaluated.keys:
            records.put_files(key, options.out, names)
    return names


def _write_pdfs(context: Context, records: Records, returned: Sequence[str]) -> Pdfs:
    if not context.options.pdf:
        return Pdfs()
    progress = context.progress
    pdfs = write_pdfs(
        returned, context.options.out, context.work, records, context.options.jobs,
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
