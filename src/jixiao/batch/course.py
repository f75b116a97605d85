"""The course of a run to where its filings are read; what comes after is loaded while others read (`conclusion.py`)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from jixiao.batch.beside import Beside, read_beside
from jixiao.batch.context import Context
from jixiao.batch.digest import digest, program_digest
from jixiao.batch.districts import districts_of
from jixiao.batch.engine import Engine
from jixiao.batch.errors import UsageError
from jixiao.batch.expected import Expected
from jixiao.batch.files import PRIVATE, reraise_full
from jixiao.batch.inbox import InboxFile, inbox_files
from jixiao.batch.intake import Intake
from jixiao.batch.loading import load_rest
from jixiao.batch.options import AUTO, Options
from jixiao.batch.outcome import Outcome, Progress
from jixiao.batch.outputs import own_reviews
from jixiao.batch.passwords import Passwords, read_passwords
from jixiao.batch.roster import read_roster
from jixiao.batch.store import open_store
from jixiao.model.roster import RosterEntry
from jixiao.pack import Pack, load_pack


def run_with(options: Options, engine: Engine, progress: Progress) -> Outcome:
    """The run with what stands beside the filings read, and OUT its own; `UsageError` before anything is written there."""
    if options.pack != AUTO:
        load_pack(options.pack)
    roster = read_roster(options.roster) if options.roster else ()
    passwords = read_passwords(options.passwords)
    files = inbox_files(options.inbox, options.set_aside)
    if options.pack == AUTO:
        options = _recognised(options, files, roster, passwords, progress)
    pack = load_pack(options.pack)
    beside = read_beside(options, pack, own_reviews(options.out))
    private = options.out / PRIVATE
    try:
        private.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"无法写入输出文件夹“{options.out}”，请检查权限。") from error
    try:
        engine.check_seen([options.inbox, private])
        with FileLock(private / "lock", timeout=0):
            return _locked(options, engine, pack, roster, passwords, beside, files, private, progress)
    except Timeout as error:
        raise UsageError(f"另一次运行正在使用“{options.out}”，请等它结束后再试。") from error
    except OSError as error:
        reraise_full(error, options.out)
        raise


def _recognised(
    options: Options, files: Sequence[InboxFile], roster: tuple[RosterEntry, ...], passwords: Passwords, progress: Progress
) -> Options:
    """The options with the pack of the form that most files of the inbox are filled in on."""
    from jixiao.batch.recognition import main_pack

    expected = Expected(roster)
    to_read = [file for file in files if not file.skipped and not expected.classified(file)]
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


def _locked(
    options: Options,
    engine: Engine,
    pack: Pack,
    roster: tuple[RosterEntry, ...],
    passwords: Passwords,
    beside: Beside,
    files: Sequence[InboxFile],
    private: Path,
    progress: Progress,
) -> Outcome:
    # The packs that come with the program are part of its digest; one's own may lie anywhere.
    made_by = digest(program_digest(), pack.sha256)
    with _scratch(private) as spool, engine.at_work():
        expected = Expected(roster, districts_of(each.name for each in files) if options.districts else {})
        context = Context(
            options, engine, pack, expected, beside, files, private,
            readings=open_store(private, "known", made_by, fresh=options.fresh),
            kept=open_store(private, "done", made_by, fresh=options.fresh),
            progress=progress,
        )  # fmt: skip
        to_read = [file for file in files if not file.skipped and not expected.classified(file)]
        intake = Intake(to_read, engine, options, passwords, spool)
        intake.read(context.readings, progress, partial(load_rest, pack))
        context.clock.lap("读取")

        from jixiao.batch.conclusion import conclude

        return conclude(context, intake)


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
