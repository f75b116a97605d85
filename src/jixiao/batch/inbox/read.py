"""Reading the inbox in processes that can be lost: a hostile file costs itself a finding, and no other file anything."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from pebble import ProcessExpired

from jixiao.batch.inbox.files import InboxFile
from jixiao.batch.inbox.identity import header_of
from jixiao.batch.inbox.passwords import NONE, Passwords
from jixiao.batch.inbox.recognition import known_packs
from jixiao.model.submission import FilingHeader, Status, Submission, UnreadableFiling
from jixiao.pack import Pack, load_pack
from jixiao.reading.read import read_file
from jixiao.runtime.atomic_files import reraise_full
from jixiao.runtime.engine import Engine
from jixiao.runtime.limits import bound_memory, collect_rarely
from jixiao.runtime.records import RecordStore
from jixiao.runtime.worker_pool import result_of, worker_pool

CHUNK = 16
"""Files a worker reads in one go: enough to make the hand-over cheap, few enough to read again one by one."""

CLUSTER_CHUNK = 4 * CHUNK
"""The most files that one task of a cluster reads: starting its process takes long against reading a few files."""


@dataclass(frozen=True, slots=True)
class ReadTask:
    """Some files for one worker, the pack to read them by, the folder that takes what was read, and passwords to try."""

    files: tuple[InboxFile, ...]
    pack: str
    spool: Path
    passwords: Passwords = NONE


def read_task(task: ReadTask) -> list[FilingHeader | UnreadableFiling]:
    """Return the header of each file of a task, or why there is none; each `Submission` is left in the spool."""
    pack, others, spool = load_pack(task.pack), known_packs(), RecordStore(task.spool)
    answers: list[FilingHeader | UnreadableFiling] = []
    for file in task.files:
        read = read_file(file.path, pack, file=file.name, passwords=task.passwords.of(file.name), others=others)
        if isinstance(read, Submission):
            spool.put(read.submission_id, read)
        answers.append(header_of(read, pack) if isinstance(read, Submission) else read)
    return answers


def load_submission(spool: Path, submission_id: str) -> Submission:
    """Return a submission that `read_task` left in the spool of this run; raise `OSError` if it is gone."""
    submission = RecordStore(spool).get(submission_id, Submission)
    if submission is None:
        raise OSError(f"{submission_id} is not in the spool")
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


def read_inbox(
    order: ReadOrder, engine: Engine, progress: Callable[[int], None], meanwhile: Callable[[], None]
) -> list[FilingHeader | UnreadableFiling]:
    """As `read_all`, by the processes of an engine. `meanwhile` is called while they read, where that serves later work."""
    if engine.local:
        return read_all(order, jobs=engine.width, progress=progress, meanwhile=meanwhile if engine.shares else _nothing)
    size = max(1, min(CLUSTER_CHUNK, -(-len(order.files) // engine.width)))
    parts = [replace(order, files=order.files[start : start + size]) for start in range(0, len(order.files), size)]
    answers: list[FilingHeader | UnreadableFiling] = []
    for read in engine.each_in_order(_read_alone, parts):
        answers.extend(read)
        progress(len(read))
    return answers


def _read_alone(order: ReadOrder) -> list[FilingHeader | UnreadableFiling]:
    return read_all(order, jobs=1, progress=lambda count: None)


def _nothing() -> None:
    return None


def read_all(
    order: ReadOrder, *, jobs: int, progress: Callable[[int], None], meanwhile: Callable[[], None] = _nothing
) -> list[FilingHeader | UnreadableFiling]:
    """Return the header of each file in its order, or why there is none: it killed or stalled its worker, for example.

    Calls `progress` with the number of files done since the last call, and `meanwhile` once while the workers read.
    """
    pack, files = load_pack(order.pack), order.files
    chunks = [files[start : start + CHUNK] for start in range(0, len(files), CHUNK)]
    answers: dict[str, FilingHeader | UnreadableFiling] = {}
    again: list[InboxFile] = []
    for chunk, read in _attempts(order, chunks, jobs, order.seconds * 2, meanwhile):
        if isinstance(read, Exception):
            again.extend(chunk)
        else:
            answers.update(zip((file.name for file in chunk), read, strict=True))
            progress(len(chunk))
    for (file,), read in _attempts(order, [(file,) for file in again], jobs, order.seconds):
        answers[file.name] = _lost(file, pack, _reason(read, order)) if isinstance(read, Exception) else read[0]
        progress(1)
    return [answers[file.name] for file in files]


Chunk = tuple[InboxFile, ...]


def _attempts(
    order: ReadOrder, chunks: Sequence[Chunk], jobs: int, seconds: float, meanwhile: Callable[[], None] = _nothing
) -> Iterator[tuple[Chunk, list[FilingHeader | UnreadableFiling] | Exception]]:
    """Read chunks of files, each within so many seconds; yield each with its answers, or with what was raised."""
    if not chunks:
        return
    with worker_pool(min(jobs, len(chunks)), _start_worker, (order.memory_mib,)) as pool:
        tasks = [ReadTask(chunk, order.pack, order.spool, order.passwords) for chunk in chunks]
        futures = [pool.schedule(read_task, args=(task,), timeout=seconds) for task in tasks]
        meanwhile()
        for chunk, future in zip(chunks, futures, strict=True):
            read: list[FilingHeader | UnreadableFiling] | Exception
            try:
                read = result_of(future)
            except Exception as error:
                reraise_full(error, order.spool)
                read = error
            yield chunk, read


def _reason(error: Exception, order: ReadOrder) -> str:
    if isinstance(error, FutureTimeout):
        return f"超过 {order.seconds:g} 秒没有读完"
    if isinstance(error, ProcessExpired):
        return "读取程序异常终止"
    # A mistake of the program's own costs one file, not the batch.
    return "占用内存过多" if isinstance(error, MemoryError) else f"程序出错（{type(error).__name__}）"


def read_submissions(
    files: Sequence[InboxFile], pack: str, *, seconds: float, memory_mib: int, passwords: Passwords
) -> Iterator[Submission | UnreadableFiling]:
    """Read files one after the other under guard, with a spool of their own that is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="jixiao-") as folder:
        order = ReadOrder(tuple(files), pack, Path(folder), seconds, memory_mib, passwords)
        for answer in read_all(order, jobs=1, progress=lambda count: None):
            yield answer if isinstance(answer, UnreadableFiling) else load_submission(order.spool, answer.submission_id)


def _lost(file: InboxFile, pack: Pack, reason: str) -> UnreadableFiling:
    try:
        content = sha256(file.path.read_bytes()).hexdigest()
    except OSError:
        content = ""
    submission_id = sha256(f"{file.name}\0{content}".encode()).hexdigest()[:12]
    return UnreadableFiling(
        submission_id, file.name, content, Status.UNREADABLE, (pack.rules.finding("SUB-12", reason=reason),)
    )


def _start_worker(memory_mib: int) -> None:
    collect_rarely()
    bound_memory(memory_mib)
    # What a library prints when it breaks down over a file is for nobody who runs this.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
