"""Reading the inbox in processes that can be lost: a hostile file costs itself a finding, and no other file anything."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path

from jixiao.batch.inbox.files import InboxFile
from jixiao.batch.inbox.identity import header_of
from jixiao.batch.inbox.recognition import ReadLimits, known_packs
from jixiao.model.submission import FilingHeader, Status, Submission, UnreadableFiling
from jixiao.pack import Pack, load_pack
from jixiao.reading.read import read_file
from jixiao.runtime.atomic_files import reraise_full
from jixiao.runtime.digest import file_sha256
from jixiao.runtime.engine import Engine
from jixiao.runtime.records import RecordStore
from jixiao.runtime.subprocess_task import TaskLost
from jixiao.runtime.worker_pool import run_bounded

CHUNK = 16
"""Files a worker reads in one go: enough to make the hand-over cheap, few enough to read again one by one."""

CLUSTER_CHUNK = 4 * CHUNK
"""The most files that one task of a cluster reads: starting its process takes long against reading a few files."""

Read = FilingHeader | UnreadableFiling


@dataclass(frozen=True, slots=True)
class ReadTask:
    """Files to read by a pack within limits, and the folder that takes what was read."""

    files: tuple[InboxFile, ...]
    pack: str
    spool: Path
    limits: ReadLimits


def read_inbox(
    task: ReadTask, engine: Engine, progress: Callable[[int], None], meanwhile: Callable[[], None]
) -> list[Read]:
    """Read all files as `read_guarded` does, in the processes of an engine; `meanwhile` prepares what forks of this one use."""
    if engine.local:
        return read_guarded(task, engine.width, progress, meanwhile if engine.shares else None)
    size = max(1, min(CLUSTER_CHUNK, -(-len(task.files) // engine.width)))
    answers: list[Read] = []
    for part in engine.each_in_order(read_guarded, _parts(task, size)):
        answers += part
        progress(len(part))
    return answers


def read_guarded(
    task: ReadTask, jobs: int = 1, progress: Callable[[int], None] = lambda count: None,
    meanwhile: Callable[[], None] | None = None,
) -> list[Read]:
    """Return the header of each file in its order, or why there is none: it killed or stalled its worker, for example.

    Calls `progress` with the number of files done since the last call, and `meanwhile` once while the workers read.
    """
    pack = load_pack(task.pack)
    answers: dict[str, Read] = {}
    again: list[ReadTask] = []
    run = partial(run_bounded, _read, workers=jobs, memory_mib=task.limits.memory_mib)
    parts = _parts(task, CHUNK)
    for part, answer in zip(parts, run(parts, seconds=task.limits.seconds * 2, meanwhile=meanwhile), strict=True):
        if isinstance(answer, Exception):
            reraise_full(answer, task.spool)
            again += _parts(part, 1)
        else:
            answers |= zip((file.name for file in part.files), answer, strict=True)
            progress(len(part.files))
    for part, answer in zip(again, run(again, seconds=task.limits.seconds), strict=True):
        (file,) = part.files
        if isinstance(answer, Exception):
            reraise_full(answer, task.spool)
            answer = [_lost(file, pack, _reason(answer, task.limits.seconds))]
        answers[file.name] = answer[0]
        progress(1)
    return [answers[file.name] for file in task.files]


def _parts(task: ReadTask, size: int) -> list[ReadTask]:
    return [replace(task, files=task.files[n : n + size]) for n in range(0, len(task.files), size)]


def _read(task: ReadTask) -> list[Read]:
    """Return the header of each file of a task, or why there is none; each `Submission` is left in the spool."""
    pack, others, spool = load_pack(task.pack), known_packs(), RecordStore(task.spool)
    answers: list[Read] = []
    for file in task.files:
        read = read_file(file.path, pack, file=file.name, passwords=task.limits.passwords.of(file.name), others=others)
        if isinstance(read, Submission):
            spool.put(read.submission_id, read)
        answers.append(header_of(read, pack) if isinstance(read, Submission) else read)
    return answers


def load_submission(spool: Path, submission_id: str) -> Submission:
    """Return a submission from the spool of this run; raise `OSError` if it is gone."""
    submission = RecordStore(spool).get(submission_id, Submission)
    if submission is None:
        raise OSError(f"{submission_id} is not in the spool")
    return submission


def read_submissions(
    files: Sequence[InboxFile], pack: str, limits: ReadLimits
) -> Iterator[Submission | UnreadableFiling]:
    """Read files one after the other under guard, with a spool of their own that is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="jixiao-") as folder:
        task = ReadTask(tuple(files), pack, Path(folder), limits)
        for answer in read_guarded(task):
            yield answer if isinstance(answer, UnreadableFiling) else load_submission(task.spool, answer.submission_id)


def _reason(error: Exception, seconds: float) -> str:
    if isinstance(error, TimeoutError):
        return f"超过 {seconds:g} 秒没有读完"
    if isinstance(error, TaskLost):
        return "读取程序异常终止"
    # A mistake of the program's own costs one file, not the batch.
    return "占用内存过多" if isinstance(error, MemoryError) else f"程序出错（{type(error).__name__}）"


def _lost(file: InboxFile, pack: Pack, reason: str) -> UnreadableFiling:
    content = file_sha256(file.path) or ""
    submission_id = sha256(f"{file.name}\0{content}".encode()).hexdigest()[:12]
    findings = (pack.rules.finding("SUB-12", reason=reason),)
    return UnreadableFiling(submission_id, file.name, content, Status.UNREADABLE, findings)
