"""Reading the inbox in processes that can be lost: one hostile file costs itself a finding and nobody else anything."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pebble import ProcessExpired

from jixiao.batch.files import reraise_full
from jixiao.batch.identity import Header, header_of
from jixiao.batch.inbox import InboxFile
from jixiao.batch.log import Log, Logs
from jixiao.batch.memory import bound_memory, collect_seldom
from jixiao.batch.passwords import NONE, Passwords
from jixiao.batch.recognition import known_packs
from jixiao.batch.workers import forks, interrupts_held, result_of, worker_pool
from jixiao.model.submission import Status, Submission
from jixiao.model.unreadable import Unreadable
from jixiao.pack import Pack, load_pack
from jixiao.pack.personal import printed_text

CHUNK = 16
"""Files a worker reads in one go: enough to make the hand-over cheap, few enough to read again one by one."""


@dataclass(frozen=True, slots=True)
class ReadTask:
    """Some files for one worker, the pack to read them by, the folder that takes what was read, and passwords to try."""

    files: tuple[InboxFile, ...]
    pack: str
    spool: Path
    passwords: Passwords = NONE


def read_task(task: ReadTask) -> list[Header | Unreadable]:
    """The headers of the files of a task in their order; each `Submission` is left in the spool under its id."""
    from jixiao.reading.read import read_file

    pack, others = load_pack(task.pack), known_packs()
    answers: list[Header | Unreadable] = []
    # A file of the spool for each task: on a cluster a lost worker's files may be read twice, at a time.
    with Log(task.spool) as spool:
        for file in task.files:
            read = read_file(
                file.path, pack, file=file.name, passwords=task.passwords.of(file.name), others=others
            )
            if isinstance(read, Unreadable):
                answers.append(read)
                continue
            spool.append(read.submission_id, pickle.dumps(read, protocol=pickle.HIGHEST_PROTOCOL))
            answers.append(header_of(read, pack))
    return answers


def unspool(spool: Logs, submission_id: str) -> Submission:
    """A submission that `read_task` left in the spool of this run; `OSError` if it is there no more."""
    content = spool.get(submission_id)
    if content is None:
        raise OSError(f"{submission_id} is not in the spool")
    submission: Submission = pickle.loads(content)
    return submission


@dataclass(frozen=True, slots=True)
class ReadOrder:
    """Files to read under guard: `seconds` bounds one file, `memory_mib` what a worker may take beyond its start."""

    files: tuple[InboxFile, ...]
    pack: str
    spool: Path
    seconds: float
    memory_mib: int
    passwords: Passwords = NONE


def read_all(
    order: ReadOrder, *, jobs: int, progress: Callable[[int], None], meanwhile: Callable[[], None] = lambda: None
) -> list[Header | Unreadable]:
    """The header of each file in its order, or why there is none; a file that kills or stalls its worker is told so.

    Calls `progress` with the number of files done since the last call, and `meanwhile` once while the workers read.
    """
    if forks():
        _get_ready(load_pack(order.pack))
    files, spool, seconds, passwords = order.files, order.spool, order.seconds, order.passwords
    pack = load_pack(order.pack)
    chunks = [files[start : start + CHUNK] for start in range(0, len(files), CHUNK)]
    answers: dict[str, Header | Unreadable] = {}
    again: list[InboxFile] = []
    with worker_pool(min(jobs, len(chunks)), _start_worker, (order.memory_mib,)) as pool:
        tasks = [
            (chunk, pool.schedule(read_task, args=(ReadTask(chunk, order.pack, spool, passwords),), timeout=seconds * 2))
            for chunk in chunks
        ]
        meanwhile()
        for chunk, future in tasks:
            try:
                read = result_of(future)
                answers.update(zip((file.name for file in chunk), read, strict=True))
                progress(len(chunk))
            except (FutureTimeout, ProcessExpired, MemoryError):
                again.extend(chunk)
            except Exception as error:
                reraise_full(error, spool)
                again.extend(chunk)
    if again:
        with worker_pool(min(jobs, len(again)), _start_worker, (order.memory_mib,)) as pool:
            singles = [
                (file, pool.schedule(read_task, args=(ReadTask((file,), order.pack, spool, passwords),), timeout=seconds))
                for file in again
            ]
            for file, future in singles:
                try:
                    answers[file.name] = result_of(future)[0]
                except FutureTimeout:
                    answers[file.name] = _lost(file, pack, f"超过 {seconds:g} 秒没有读完")
                except ProcessExpired:
                    answers[file.name] = _lost(file, pack, "读取程序异常终止")
                except MemoryError:
                    answers[file.name] = _lost(file, pack, "占用内存过多")
                except Exception as error:
                    # A mistake of the program's own costs one file, not the batch.
                    reraise_full(error, spool)
                    answers[file.name] = _lost(file, pack, f"程序出错（{type(error).__name__}）")
                progress(1)
    return [answers[file.name] for file in files]


def _get_ready(pack: Pack) -> None:
    """Load what reads workbooks and work out what it asks of the form: once, for the workers that are forked share it."""
    with interrupts_held():  # a library whose loading is interrupted tells it as a mistake of its own
        import rapidfuzz.distance  # noqa: F401  (hardly an inbox in which all labels are written as they are printed)

        import jixiao.reading.read
        import jixiao.reading.source  # noqa: F401
        from jixiao.reading.recognise import get_ready
    get_ready(pack, known_packs())
    printed_text(pack)


def _lost(file: InboxFile, pack: Pack, reason: str) -> Unreadable:
    try:
        content = sha256(file.path.read_bytes()).hexdigest()
    except OSError:
        content = ""
    submission_id = sha256(f"{file.name}\0{content}".encode()).hexdigest()[:12]
    return Unreadable(
        submission_id, file.name, content, Status.UNREADABLE, (pack.rules.finding("SUB-12", reason=reason),)
    )


def _start_worker(memory_mib: int) -> None:
    collect_seldom()
    bound_memory(memory_mib)
    # What a library prints when it breaks down over a file is for nobody who runs this.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
