"""Which pack a batch is of, where none is named: the form that most of its files are filled in on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jixiao.batch.inbox.files import InboxFile
from jixiao.batch.inbox.passwords import NONE, Passwords
from jixiao.pack import Pack, PackError, installed_packs, load_pack
from jixiao.pack.load import default_pack
from jixiao.reading.formats.open import UnreadableFile, open_grids
from jixiao.reading.locate.recognition import recognise
from jixiao.runtime.worker_pool import run_bounded

CHUNK = 8
"""Files a worker looks at in one go; a file that kills it takes as many votes with it, no more."""

Vote = tuple[str, str, int | None]
"""The family of a file's form ("" if it cannot be told), the pack stamped on it and its year."""


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """What bounds the reading of one file (`memory_mib` beyond what a worker takes at its start), and passwords to try."""

    seconds: float
    memory_mib: int
    passwords: Passwords = NONE


@dataclass(frozen=True, slots=True)
class RecognitionTask:
    """Some files to recognise, and passwords to try."""

    files: tuple[InboxFile, ...]
    passwords: Passwords = NONE


def known_packs() -> tuple[Pack, ...]:
    """Return the installed packs that can be used."""
    packs = []
    for name in installed_packs():
        try:
            packs.append(load_pack(name))
        except PackError:
            continue  # a pack in the making keeps no other from being used
    return tuple(packs)


def vote(task: RecognitionTask) -> list[Vote]:
    """Return the vote of each file; those that cannot be opened have none."""
    packs, votes = known_packs(), []
    for file in task.files:
        try:
            form = recognise(open_grids(file.path, passwords=task.passwords.of(file.name)), packs)
        except UnreadableFile:
            continue
        votes.append((form.family, form.stamp, form.year))
    return votes


def main_pack(
    files: Sequence[InboxFile],
    limits: ReadLimits,
    *,
    year: int | None = None,
    jobs: int = 1,
    progress: Callable[[int], None] = lambda count: None,
) -> str:
    """Return the id of the installed pack of these files: of the form of most, and of that form's packs the year's.

    It is the default pack where nothing decides. Hostile files cost their votes alone.
    """
    packs = known_packs()
    if len(packs) < 2:
        return default_pack()
    votes: list[Vote] = []
    tasks = [RecognitionTask(tuple(files[n : n + CHUNK]), limits.passwords) for n in range(0, len(files), CHUNK)]
    left = len(files)
    answers = run_bounded(vote, tasks, workers=jobs, seconds=limits.seconds * 2, memory_mib=limits.memory_mib)
    for task, answer in zip(tasks, answers, strict=True):
        votes += [] if isinstance(answer, Exception) else answer
        left -= len(task.files)
        progress(len(task.files))
        if _decided(votes, left):
            break
    return choose(votes, packs, year)


def _decided(votes: Sequence[Vote], left: int) -> bool:
    """Whether what is left cannot change which form most files are of."""
    counts = [count for _, count in Counter(family for family, _, _ in votes if family).most_common(2)]
    return bool(counts) and counts[0] > (counts[1] if len(counts) > 1 else 0) + left


def choose(votes: Sequence[Vote], packs: Sequence[Pack], year: int | None = None) -> str:
    """Return the pack that these votes name: of the family of most, the one of `year`, else that most are stamped with.

    Ties fall to the default pack, then to the first. A file without a stamp votes for its year's.
    """
    default = default_pack()
    counts = Counter(family for family, _, _ in votes if family)
    if not counts:
        return default
    family = max(sorted(counts), key=lambda name: (counts[name], name == default))
    members = {pack.id: pack for pack in packs if pack.family == family}
    by_year = {pack.year: pack.id for pack in members.values() if not pack.example}
    if year in by_year:
        return by_year[year]
    named = Counter(
        stamp if stamp in members else by_year.get(stated or 0, family)
        for voted, stamp, stated in votes
        if voted == family
    )
    return max(sorted(named), key=lambda name: (named[name], name == family))
