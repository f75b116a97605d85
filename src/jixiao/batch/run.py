"""The run: read the inbox, settle who and which counts, process the partitions, summarise, publish."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from jixiao.batch.assignment import Assignment, PartitionTask
from jixiao.batch.beside import Beside, give, read_beside
from jixiao.batch.counting import DEPARTMENTS, settled
from jixiao.batch.digest import digest, program_digest
from jixiao.batch.district_files import REVIEW, SECTIONS, write_district
from jixiao.batch.districts import FOLDER, districts_of, of_district
from jixiao.batch.engine import Engine, open_engine
from jixiao.batch.errors import UsageError
from jixiao.batch.files import PRIVATE, reraise_full, write_whole
from jixiao.batch.identity import Header, batch_year, resolve
from jixiao.batch.inbox import InboxFile, inbox_files
from jixiao.batch.keeping import (
    DISTRICT,
    assignment_key,
    fulfilled,
    keep_district,
    kept_outputs,
    kept_result,
    plan,
    planned,
)
from jixiao.batch.log import Logs
from jixiao.batch.manifest import manifest, previous_outputs
from jixiao.batch.memory import collect_seldom, one_thread, peak_mib, without
from jixiao.batch.options import Options
from jixiao.batch.passwords import Passwords, read_passwords
from jixiao.batch.pdf import Pdfs, kept_names, pdf_name, write_pdfs
from jixiao.batch.personal import personal_words
from jixiao.batch.public import PUBLIC, public_name
from jixiao.batch.readers import ReadOrder, unspool
from jixiao.batch.readings import keep_readings, known_files, read_before
from jixiao.batch.recognition import AUTO, known_packs, main_pack
from jixiao.batch.redaction import redacted
from jixiao.batch.reference import ReferenceRow
from jixiao.batch.roster import read_roster
from jixiao.batch.store import Store, open_store
from jixiao.batch.uncounted import classified_file, missing_results, skipped_result, unreadable_result
from jixiao.batch.workers import interrupts_held, start_method
from jixiao.model.fact import Facts
from jixiao.model.names import comparable
from jixiao.model.result import District, Result
from jixiao.model.roster import RosterEntry
from jixiao.model.unreadable import Unreadable
from jixiao.pack import Pack, load_pack

MANIFEST = "run.json"

Progress = Callable[[str, int, int], None]
"""Called with the stage in Chinese, the files done so far and the files in all."""


@dataclass(frozen=True)
class Outcome:
    """What a run leaves behind for the command line to tell; `unmatched` are rows of the bureau's workbook without a filing."""

    district: District
    out: Path
    seconds: dict[str, float] = field(default_factory=dict)
    unmatched: tuple[ReferenceRow, ...] = ()
    public: int = 0
    pdfs: Pdfs = field(default_factory=Pdfs)


def run(options: Options, progress: Progress = lambda stage, done, total: None) -> Outcome:
    """Process an inbox into OUT; raises `UsageError` where it cannot be done as asked, before anything is written."""
    if options.pack != AUTO:
        load_pack(options.pack)
    _check_places(options)
    start_method()
    collect_seldom()
    with open_engine(options.engine, options.jobs, options.scheduler) as engine:
        return _prepared(options, engine, progress)


def _prepared(options: Options, engine: Engine, progress: Progress) -> Outcome:
    """The run with what stands beside the filings read, and OUT its own."""
    roster = read_roster(options.roster) if options.roster else ()
    passwords = read_passwords(options.passwords)
    files = inbox_files(options.inbox, options.set_aside)
    if options.pack == AUTO:
        options = _recognised(options, files, roster, passwords, progress)
    pack = load_pack(options.pack)
    beside = read_beside(options, pack, _own_reviews(options.out))
    private = options.out / PRIVATE
    try:
        private.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"无法写入输出文件夹“{options.out}”，请检查权限。") from error
    try:
        engine.check_seen([options.inbox, private])
        with FileLock(private / "lock", timeout=0):
            return _run(options, engine, pack, roster, passwords, beside, files, private, progress)
    except Timeout as error:
        raise UsageError(f"另一次运行正在使用“{options.out}”，请等它结束后再试。") from error
    except OSError as error:
        reraise_full(error, options.out)
        raise


def _recognised(
    options: Options, files: Sequence[InboxFile], roster: tuple[RosterEntry, ...], passwords: Passwords, progress: Progress
) -> Options:
    """The options with the pack of the form that most files of the inbox are filled in on."""
    to_read = [file for file in files if not file.skipped and not classified_file(file, roster)]
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress("识别", done, len(to_read))

    name = main_pack(
        to_read, year=options.year, jobs=options.jobs, seconds=options.seconds, memory_mib=options.memory_mib,
        passwords=passwords, progress=advance,
    )  # fmt: skip
    return replace(options, pack=name)


def _check_places(options: Options) -> None:
    inbox, out = options.inbox.resolve(), options.out.resolve()
    if out == inbox or out.is_relative_to(inbox):
        raise UsageError("输出文件夹不能在收件文件夹之内，请另选一个位置。")
    if options.out.exists() and not options.out.is_dir():
        raise UsageError(f"“{options.out}”不是文件夹，请另选一个位置。")
    if options.out.exists() and not os.access(options.out, os.W_OK):
        raise UsageError(f"无法写入输出文件夹“{options.out}”，请检查权限。")


def _run(
    options: Options,
    engine: Engine,
    pack: Pack,
    roster: tuple[RosterEntry, ...],
    passwords: Passwords,
    beside: Beside,
    files: tuple[InboxFile, ...],
    private: Path,
    progress: Progress,
) -> Outcome:
    started, clock = datetime.now(UTC), _Clock()
    context = digest(program_digest(), pack.sha256, [each.sha256 for each in known_packs()])
    readings = open_store(private, "known", context, fresh=options.fresh)
    kept = open_store(private, "done", context, fresh=options.fresh)
    with _scratch(private) as spool, engine.at_work():
        where = districts_of(each.name for each in files) if options.districts else {}

        shares = {district: of_district(roster, district) for district in dict.fromkeys(where.values())}

        def expected(name: str) -> tuple[RosterEntry, ...]:
            """The departments of the roster that a file of this name may be of."""
            return shares[where[name]] if name in where else roster

        to_read = [file for file in files if not file.skipped and not classified_file(file, expected(file.name))]
        known = known_files(to_read, passwords)
        before = read_before(known, readings)
        headers, unreadable = _read(to_read, before, engine, options, passwords, spool, progress)
        keep_readings((each for each in headers if each.file not in before), known, readings)
        paths = {each.name: each for each in to_read}

        spooled = Logs(spool)

        def read_again(wanted: Sequence[Header]) -> Logs:
            """The spool with the submissions of these: of filings read by an earlier run only the header was kept."""
            nonlocal spooled
            files = [paths[each.file] for each in wanted if each.submission_id not in spooled]
            if files:
                _read(files, {}, engine, options, passwords, spool, lambda stage, done, total: None)
                spooled = Logs(spool)
            return spooled

        def facts_of(submission_id: str) -> Facts:
            wanted = [each for each in headers if each.submission_id == submission_id]
            return unspool(read_again(wanted), submission_id).facts

        clock.lap("读取")
        year = batch_year(headers, options.year, pack.year)
        resolved = {
            header.submission_id: resolve(header, pack, expected(header.file), year) for header in headers
        }
        words = personal_words(((header, resolved[header.submission_id]) for header in headers), roster)
        counted, others = settled(headers, resolved, bool(roster), pack, words, where)
        if where:
            _unambiguous(counted, where, beside, options)
        given = give(beside, options, counted, roster, pack, year, facts_of)
        told = options.telling() | given.told
        uncounted = [
            *(
                skipped_result(file, expected(file.name))
                for file in files
                if file.skipped or classified_file(file, expected(file.name))
            ),
            *(unreadable_result(each, expected(each.file)) for each in unreadable),
            *others,
        ]
        results = [redacted(each, words.of(each.identity, each.submission_id, each.file), pack) for each in uncounted]
        names = [each.output for each in given.assignments]
        plan(private, [*previous_outputs(options.out), *names, *map(public_name, names), *map(pdf_name, names)])
        processed, keys = _process(given.assignments, engine, options, year, spool, kept, private, progress, read_again)
        uncounted_key = digest(results)
        read_ids, counted_ids = [each.submission_id for each in headers], [each.header.submission_id for each in given.assignments]
        # What told whose each filing is takes room that the summary of a large district needs.
        for told_of in (headers, resolved, counted, known, before):
            told_of.clear()
        given = replace(given, assignments=())
        results.extend(processed)
        clock.lap("审核")
        results.extend(missing_results(roster, results))
        results.sort(key=lambda each: (each.identity.budget_code or "~", each.identity.department or "~", each.file))
        bureau, contact = options.bureau, options.contact
        district = District(tuple(results), roster, bool(roster), year, bureau, contact, given.kept, given.gone)
        beside.check_unchanged()
        key = digest(uncounted_key, keys, roster, year, bureau, contact, given.kept, given.gone, told, options.public, where)
        common = kept_outputs(kept, key, options.out)
        if common is None:
            common = write_district(district, pack, options, told, private, kept, engine)
            if keys:
                keep_district(kept, key, options.out, common)
        returned = [result.output for result in results if result.output]
        clock.lap("汇总")
        pdfs = Pdfs()
        if options.pdf:
            pdfs = write_pdfs(
                returned, options.out, private / "work", kept, options.jobs,
                lambda done: progress("PDF", done, len(returned)),
            )  # fmt: skip
            clock.lap("PDF")
        outputs = sorted([*common, *returned, *pdfs.written, MANIFEST])
        _remove_stale(options.out, {*previous_outputs(options.out), *planned(private)}, outputs)
        readings.keep_only(read_ids)
        pdfs_kept = kept_names(returned) if options.pdf else []
        kept.keep_only([DISTRICT, *counted_ids, *pdfs_kept])
        varying = {
            "started": started.isoformat(timespec="seconds"),
            "seconds": {stage: round(value, 3) for stage, value in clock.laps.items()},
            "engine": options.engine,
            "jobs": engine.width,
            "peak_memory_mib": peak_mib(),
            "inbox": str(options.inbox),
            "out": str(options.out),
        }
        text = manifest(district, pack, told, outputs, varying)
        write_whole(options.out / MANIFEST, lambda path: _write_text(path, text), private / "work")
        fulfilled(private)
        public = sum(name.startswith(f"{PUBLIC}/") for name in common)
        return Outcome(district, options.out, clock.laps, given.unmatched, public, pdfs)


@contextmanager
def _scratch(private: Path) -> Iterator[Path]:
    """An empty folder for what is read; it and what is half written are gone at the end."""
    spool = private / "read"
    shutil.rmtree(spool, ignore_errors=True)
    spool.mkdir()
    try:
        yield spool
    finally:
        shutil.rmtree(spool, ignore_errors=True)
        shutil.rmtree(private / "work", ignore_errors=True)


def _read(
    files: Sequence[InboxFile],
    before: Mapping[str, Header],
    engine: Engine,
    options: Options,
    passwords: Passwords,
    spool: Path,
    progress: Progress,
) -> tuple[list[Header], list[Unreadable]]:
    rest = [file for file in files if file.name not in before]
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress("读取", done, len(files))

    advance(len(before))
    order = ReadOrder(tuple(rest), options.pack, spool, options.seconds, options.memory_mib, passwords)
    read = engine.read(order, advance, _load) if rest else []
    told = {file.name: answer for file, answer in zip(rest, read, strict=True)}
    answers = [before.get(file.name) or told[file.name] for file in files]
    headers = [answer for answer in answers if isinstance(answer, Header)]
    return headers, [answer for answer in answers if isinstance(answer, Unreadable)]


def _load() -> None:
    """Load what checks and draws, before processes are forked that do so."""
    one_thread()
    # pandas and pandera take these along where they are installed; nothing here uses them with a frame, and every
    # process would hold some 40 MiB of them.
    with interrupts_held(), without("pyarrow", "hypothesis"):
        from jixiao.batch.partition import load_all

        load_all()
    collect_seldom()


def _process(
    counted: Sequence[Assignment],
    engine: Engine,
    options: Options,
    year: int,
    spool: Path,
    kept: Store,
    private: Path,
    progress: Progress,
    read_again: Callable[[Sequence[Header]], Logs],
) -> tuple[list[Result], list[str]]:
    """The results of the filings that count, and the digests of what each came from; no digests where one broke down."""
    keys = {each.header.submission_id: assignment_key(each, year, options.bureau, options.contact) for each in counted}
    found = [kept_result(kept, each, keys[each.header.submission_id], options.out, public=options.public) for each in counted]
    results = [result for result in found if result is not None]
    rest = [each for each, result in zip(counted, found, strict=True) if result is None]
    if counted:
        progress("审核", len(results), len(counted))
    if not rest:
        return results, sorted(keys.values())
    if engine.shares:
        _load()
    # Imported here: what checks and draws is heavy, and neither a wrong call nor a run with nothing to do needs it.
    from jixiao.batch.partition import process_partition

    spooled = read_again([header for each in rest for header in each.headers]).entries
    size = max(1, min(options.partition_size, -(-len(rest) // engine.width)))
    tasks = [
        PartitionTask(
            part, options.pack, year, options.bureau, options.contact, spool,
            {name: spooled[name] for each in part for name in (header.submission_id for header in each.headers) if name in spooled},
            options.out, private / "work" / f"{start:06d}", kept.folder,
            {name: keys[name] for name in (each.header.submission_id for each in part)}, options.public,
        )
        for start in range(0, len(rest), size)
        for part in [tuple(rest[start : start + size])]
    ]  # fmt: skip
    for done in engine.each_in_order(process_partition, tasks):
        results.extend(done)
        progress("审核", len(results), len(counted))
    whole = all(result.scored for result in results)
    return results, sorted(keys.values()) if whole else []


def _own_reviews(out: Path) -> list[Path]:
    """The review workbooks that lie in OUT: what is filled in there counts."""
    sections = out / SECTIONS
    return [out / REVIEW, *(sorted(sections.glob("*.xlsx")) if sections.is_dir() else [])]


def _unambiguous(
    counted: Sequence[Assignment], where: Mapping[str, str], beside: Beside, options: Options
) -> None:
    """`UsageError` where departments of several districts go by one name and something beside the filings names them."""
    if not (beside.filled or beside.reference is not None or options.previous):
        return
    named: dict[str, str] = {}
    for each in counted:
        identity, district = each.resolved.identity, where.get(each.header.file, "收件文件夹")
        for own in {identity.budget_code or "", comparable(identity.department or "")} - {""}:
            if named.setdefault(own, district) != district:
                one, other = sorted((named[own], district))
                raise UsageError(
                    f"“{one}”和“{other}”都有“{identity.department or identity.budget_code}”，"
                    "无法认定复核表、财政核对数据或上年结果中的是哪一个，请逐个区县运行（收件文件夹选该区县的文件夹，另选输出文件夹）。"
                )


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _remove_stale(out: Path, before: Iterable[str], now: Sequence[str]) -> None:
    """Remove what an earlier run wrote for departments that no longer have a returned workbook."""
    for name in sorted(set(before) - set(now)):
        path = out / name
        if name.startswith((f"{DEPARTMENTS}/", f"{SECTIONS}/", f"{PUBLIC}/", f"{FOLDER}/", "data/")) and path.resolve().is_relative_to(out.resolve()):
            try:
                path.unlink(missing_ok=True)
            except PermissionError as error:
                told = f"无法删除已不再需要的“{path}”（可能正在 Excel 中打开，或没有权限），请关闭后重新运行。"
                raise UsageError(told) from error


class _Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.laps[stage] = now - self._last
        self._last = now


