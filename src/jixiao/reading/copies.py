"""Parts of one table, and second copies of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jixiao.model.cell import raw_text
from jixiao.model.numerals import is_blank
from jixiao.reading.findings import Gathered
from jixiao.reading.labels import normalise, squeeze
from jixiao.reading.segments import Segment


def copies(parts: Sequence[Segment], keys: Callable[[Segment], set[str]]) -> list[list[Segment]]:
    """The parts of a table in copies: a part whose rows were there before begins another copy.

    `keys` says which rows a part holds. Parts without rows join the copy before them.
    """
    if len(parts) == 1:
        return [[parts[0]]]
    found: list[list[Segment]] = []
    held: set[str] = set()
    for part in parts:
        own = keys(part)
        if not found or own & held:
            found.append([part])
            held = set(own)
        else:
            found[-1].append(part)
            held |= own
    return found


def choose(found: Sequence[list[Segment]], gathered: Gathered) -> list[Segment]:
    """The copy in which most is filled in, the first of equals; every other one that holds anything is told."""
    if len(found) == 1:
        return found[0]
    counts = [_filled(copy) for copy in found]
    best = counts.index(max(counts))
    for position, copy in enumerate(found):
        if position != best and counts[position]:
            kept, other = found[best][0], copy[0]
            gathered.second_copy(
                kept.table.name,
                (kept.view, min(kept.head.spots.values())),
                (other.view, min(other.head.spots.values())),
            )
    return found[best]


def _filled(copy: Sequence[Segment]) -> int:
    return sum(
        1
        for part in copy
        for row in part.rows
        for column in part.labels.inputs
        if part.has(column) and (raw := raw_text(part.view.cells.get(part.spot(column, row)))) and not is_blank(raw)
    )


def pass_over(found: Sequence[list[Segment]], chosen: Sequence[Segment], gathered: Gathered) -> None:
    """Count what a copy that is not read has in common with the form, or with the copy that is, as no extra."""
    if len(found) < 2:
        return
    read = {squeeze(fact.raw) for fact in gathered.facts if fact.raw}
    units = {normalise(each.label) for each in gathered.institutions.values()}
    for copy in found:
        if copy is chosen:
            continue
        for part in copy:
            view = part.view
            view.used.update(part.head.band())
            for row in part.rows:
                for spot in view.filled_between(row, part.head.left, part.head.right):
                    text, label = squeeze(raw_text(view.cells[spot]) or ""), view.norms.get(spot, "")
                    if (
                        text in read
                        or label in units
                        or label in gathered.index.everything
                        or _is_placeholder(label, gathered)
                    ):
                        view.used.add(spot)


def _is_placeholder(label: str, gathered: Gathered) -> bool:
    declared = gathered.pack.layout.institutions
    return declared is not None and label.rstrip("0123456789") == normalise(declared.placeholder)
