"""The figures of the letter: the result at a glance, and the scores by first-level group, formulas over the score sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from jixiao.model.place import Place
from jixiao.model.result import Result
from jixiao.model.score import Score, Scorecard
from jixiao.model.submission import Status
from jixiao.model.words import RESULT_SHEET
from jixiao.pack import Pack
from jixiao.pack.memo import once_a_pack
from jixiao.pack.resolve import plain
from jixiao.pack.rubric import Grade
from jixiao.writing.canvas import SheetContent, Style
from jixiao.writing.formula_text import reference, sum_formula
from jixiao.writing.frames import Draft, Filling, Frame
from jixiao.writing.letter_page import put_line
from jixiao.writing.letter_words import final_words, self_words, stated, until_words
from jixiao.writing.outlook import little_verified
from jixiao.writing.theme import MARKS
from jixiao.writing.wording import SEVERITY_WORDS, STATUS_WORDS, verified_words

COLUMNS: tuple[tuple[int, int], ...] = ((0, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 7))
OWN, COMPUTED, FINAL = 2, 3, 4
NONE_YET = "—"

HEAD, KEY, MARKS_STYLE, TOTAL = Style("head"), Style("key"), Style("score", "marks"), Style("total", "marks")
FIGURE, COUNT, FIGURE_MARKS = Style("figure"), Style("figure", "count"), Style("figure", "marks")
STATUS_STYLES = {
    Status.RETURNED: Style("error"), Status.ACCEPTED_WITH_WARNINGS: Style("warning"), Status.ACCEPTED: Style("passed"),
}  # fmt: skip


class GroupSums(NamedTuple):
    """The formulas that add up a group's self, computed and final scores on the score sheet; "" for none there."""

    own: str
    computed: str
    final: str


NO_SUMS = GroupSums("", "", "")


def put_figures(
    sheet: SheetContent, at: int, result: Result, pack: Pack, sums: Mapping[str, GroupSums] | None
) -> int:
    """The figures from row `at` on; returns the next row.

    `sums` are those of the rubric's first-level groups by their ids, None where scores stand on no sheet.
    """
    card = result.scorecard
    if card is None:
        return at
    final_word = final_words(result, pack)
    _frames(pack)(at, final_word).put(sheet, [*_scores(card, pack, sums), *_at_a_glance(result, card)])
    put_line(sheet, at + 2, self_words(card, pack))
    told = verified_words(
        pack.rubric.total, card.full_verified, card.full_declared, little=little_verified(pack, card)
    )
    put_line(sheet, at + 3, told + until_words(final_word, card, pack))
    return at + 4 + len(pack.rubric.dimensions) + 2


def _scores(card: Scorecard, pack: Pack, sums: Mapping[str, GroupSums] | None) -> Iterator[Filling]:
    """What fills the table of scores: of each group, then of all."""
    groups: dict[str, list[Score]] = {}
    for score in card.scores if sums is not None else ():
        groups.setdefault(score.dimension, []).append(score)
    for dimension in pack.rubric.dimensions:
        scores = groups.get(dimension.id, [])
        own, computed, final = (sums or {}).get(dimension.id, NO_SUMS)
        yield Filling(_total([score.self_marks for score in scores]), own)
        yield Filling(_total([score.computed_marks for score in scores]), computed)
        yield Filling(_total([score.final_marks for score in scores]), final)
        yield Filling(measured(scores))
    for total in (card.total_self, card.total_computed, card.total_final, measured(card.scores)):
        yield Filling(total)


def _at_a_glance(result: Result, card: Scorecard) -> Iterator[Filling]:
    yield Filling(STATUS_WORDS[result.status], "", STATUS_STYLES.get(result.status))
    yield from (Filling(result.count(severity)) for severity in SEVERITY_WORDS)
    for figure in (stated(card), card.total_computed, card.total_final, card.grade):
        yield Filling(figure)


def measured(scores: Iterable[Score]) -> Decimal:
    """The full marks of the scores that could be computed."""
    return sum([score.full_marks for score in scores if score.computed_marks is not None], Decimal(0))


def _total(marks: Sequence[Decimal | None]) -> Decimal | str:
    """The sum of some marks; a sign where there are none."""
    given = [each for each in marks if each is not None]
    return sum(given, Decimal(0)) if given else NONE_YET


@once_a_pack
def _frames(pack: Pack) -> Callable[[int, str], Frame]:
    """The frame of the figures from a row on, where final scores are headed by this word."""
    return lru_cache(maxsize=16)(lambda at, final_word: _frame(pack, at, final_word))


def _frame(pack: Pack, at: int, final_word: str) -> Frame:
    draft = Draft()
    sheet = draft.sheet
    heads = ["审核结果", *(f"{MARKS[each]}{word}" for each, word in SEVERITY_WORDS.items()), "自评得分", "系统得分", final_word, "评价等次"]
    for column, head in enumerate(heads):
        sheet.put(at, column, head, KEY)
    first = at + 5
    total = first + len(pack.rubric.dimensions)
    _draw_scores(draft, first, total, pack, final_word)
    computed, final = (reference(Place("", total, COLUMNS[each][0])) for each in (COMPUTED, FINAL))
    glance = [
        (FIGURE, ""), *((COUNT, "") for _ in SEVERITY_WORDS), (FIGURE_MARKS, ""), (FIGURE_MARKS, computed),
        (FIGURE_MARKS, final), (FIGURE, grade_formula(final, pack.rubric.grades)),
    ]  # fmt: skip
    for column, (style, formula) in enumerate(glance):
        draft.slot(at + 1, column, style, formula=formula)
    sheet.heights.update({at: 18.0, at + 1: 26.0})
    return draft.frame()


def _draw_scores(draft: Draft, first: int, total: int, pack: Pack, final_word: str) -> None:
    """The table of scores: a row for each group from `first` on, and all of them in row `total`."""
    sheet = draft.sheet
    for (column, last), head in zip(
        COLUMNS, ("一级指标", "分值", "自评得分", "系统得分", final_word, "有系统得分的分值"), strict=True
    ):
        sheet.put(first - 1, column, head, HEAD, last_column=last)
    sheet.heights[first - 1] = 18.0
    (label, last_label), (points, _), *slots = COLUMNS
    for row, dimension in enumerate(pack.rubric.dimensions, start=first):
        sheet.put(row, label, dimension.label, Style("label"), last_column=last_label)
        sheet.put(row, points, dimension.points, MARKS_STYLE)
        for column, last in slots:
            draft.slot(row, column, MARKS_STYLE, last_column=last)
        sheet.heights[row] = 17.0

    def cited(column: int) -> str:
        return sum_formula([Place("", row, column) for row in range(first, total)], "")

    sheet.put(total, label, "合计", Style("total"), last_column=last_label)
    sheet.put(total, points, pack.rubric.total, TOTAL, last_column=points, formula=cited(points))
    for column, last in slots:
        draft.slot(total, column, TOTAL, last_column=last, formula=cited(column))
    sheet.heights[total] = 17.0


def group_sums(cells: Sequence[Mapping[str, Place]], groups: Mapping[str, Sequence[str]]) -> dict[str, GroupSums]:
    """The formulas of groups of scores by their ids; `cells` are those of own, computed and final scores by score."""
    return {
        group: GroupSums(*(
            sum_formula([places[each] for each in scores if each in places], RESULT_SHEET, NONE_YET) for places in cells
        ))
        for group, scores in groups.items()
    }  # fmt: skip


def grade_formula(total: str, grades: Sequence[Grade]) -> str:
    """The formula of the grade of a total."""
    formula = '""'
    for grade in sorted(grades, key=lambda each: each.at_least):
        formula = f'IF({total}>={plain(grade.at_least)},"{grade.label}",{formula})'
    return formula
