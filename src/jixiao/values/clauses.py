"""Split running text into clauses and determine which of them speak of another year."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_SENTENCE_END = re.compile(r"[。;!?\n；！？]")
_CLAUSE_END = re.compile(r"[,，]")
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年")
_OTHER_YEAR = re.compile(r"上年度?(?!结转|结余)|去年|上一年|往年|前年|以前年度|上年同期")
_THIS_YEAR = re.compile(r"今年|本年|当年|全年")

_ANY_YEAR = "年"
"""What every mention of a year holds."""


class Clause(NamedTuple):
    """A span of the text; `brackets` are the spans within it that are clauses of their own."""

    start: int
    end: int
    of_other_year: bool
    brackets: tuple[tuple[int, int], ...]

    def holds(self, start: int, end: int) -> bool:
        """Return whether a span lies in this clause itself."""
        return self.start <= start and end <= self.end and not any(a <= start < b for a, b in self.brackets)

    def masked(self, text: str, start: int, end: int) -> str:
        """Return the text from start to end with what stands in brackets left out."""
        if not self.brackets:
            return text[start:end]
        pieces, position = [], start
        for a, b in self.brackets:
            if a >= start and b <= end:
                pieces.append(text[position:a])
                position = b
        return "".join((*pieces, text[position:end]))


def clauses(text: str, year: int | None, at: Sequence[int]) -> Iterator[Clause]:
    """Yield the clauses of the sentences of a text in which one of these positions, which ascend, stands.

    Full stops, semicolons, line feeds and commas part them; brackets are clauses too. A clause is of another year from
    the mention of one until the sentence ends or `year` is named again. Where `year` is not known, the first year that
    the text names is taken for it.
    """
    if year is None:
        first = _YEAR.search(text)
        year = int(first[1]) if first else None
    for start, end in _pieces(text, 0, len(text), _SENTENCE_END):
        nearest = bisect_left(at, start)
        if nearest == len(at) or at[nearest] >= end:
            continue
        other = False
        brackets = [match.span() for match in _BRACKETS.finditer(text, start, end)]
        cuts = [position for position in _commas(text, start, end) if not any(a <= position < b for a, b in brackets)]
        for a, b in zip([start, *(cut + 1 for cut in cuts)], [*cuts, end], strict=True):
            inside = tuple(span for span in brackets if a <= span[0] and span[1] <= b) if brackets else ()
            clause = Clause(a, b, other, inside)
            other = _other_year(clause.masked(text, a, b), year, other)
            yield clause._replace(of_other_year=other) if other is not clause.of_other_year else clause
            for p, q in inside:
                for c, d in _pieces(text, p + 1, q - 1, _CLAUSE_END):
                    yield Clause(c, d, _other_year(text[c:d], year, other), ())


def _pieces(text: str, start: int, end: int, separator: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    position = start
    for match in separator.finditer(text, start, end):
        yield position, match.start()
        position = match.end()
    yield position, end


def _commas(text: str, start: int, end: int) -> list[int]:
    """Return the commas that part clauses: those between digits are thousands marks."""
    return [
        match.start()
        for match in _CLAUSE_END.finditer(text, start, end)
        if not (
            text[match.start() - 1 : match.start()].isdigit()
            and re.match(r"\d{3}(?!\d)", text[match.end() : match.end() + 4])
        )
    ]


def _other_year(clause: str, year: int | None, before: bool) -> bool:
    """Return whether the last year that a clause mentions, or the one mentioned before it, is another."""
    if _ANY_YEAR not in clause:
        return before
    mentions = [(match.start(), int(match[1]) != year) for match in _YEAR.finditer(clause)]
    mentions += [(match.start(), True) for match in _OTHER_YEAR.finditer(clause)]
    mentions += [(match.start(), False) for match in _THIS_YEAR.finditer(clause)]
    return max(mentions)[1] if mentions else before
