"""The figures of the letter: the result at a glance, and the scores by first-level group, formulas over the score sheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from jixiao.model.place import Place
from jixiao.model.result import Result
from jixiao.model.score import Score, Scorecard
from jixiao.model.submission import Status
from jixiao.pack import Pack
from jixiao.writing.returned.letter_words import final_words, put_line, self_words, stated, until_words
from jixiao.writing.scores.columns import NONE_YET, GroupSums, grade_formula
from jixiao.writing.scores.score_range import little_verified
from jixiao.writing.wording import SEVERITY_WORDS, STATUS_WORDS, verified_words
from jixiao.writing.xlsx.content import SheetContent, Style, Value
from jixiao.writing.xlsx.formula_text import reference, sum_formula
from jixiao.writing.xlsx.theme import MARKS

COLUMNS: tuple[tuple[int, int], ...] = ((0, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 7))
COMPUTED, FINAL = 3, 4
HEAD, KEY, MARKS_STYLE, TOTAL = Style("head"), Style("key"), Style("score", "marks"), Style("total", "marks")
FIGURE, COUNT, FIGURE_MARKS = Style("figure"), Style("figure", "count"), Style("figure", "marks")
STATUS_STYLES = {
    Status.RETURNED: Style("error"), Status.ACCEPTED_WITH_WARNINGS: Style("warning"), Status.ACCEPTED: Style("passed"),
}  # fmt: skip


NO_SUMS = GroupSums("", "", "")


def put_figures(sheet: SheetContent, at: int, result: Result, pack: Pack, sums: Mapping[str, GroupSums] | None) -> int:
    """Put the figures from row `at` on; return the next row.

    `sums` are those of the rubric's first-level groups by their ids, None where no sheet has the scores.
    """
    card = result.scorecard
    if card is None:
        return at
    final_word = final_words(result, pack)
    severities = [f"{MARKS[each]}{word}" for each, word in SEVERITY_WORDS.items()]
    sheet.put_row(at, ("审核结果", *severities, "自评得分", "系统得分", final_word, "评价等次"), KEY, 18.0)
    first = at + 5
    total = first + len(pack.rubric.dimensions)
    _put_scores(sheet, first, total, card, pack, final_word, sums)
    computed, final = (reference(Place("", total, COLUMNS[each][0])) for each in (COMPUTED, FINAL))
    glance: list[tuple[Value, Style, str]] = [
        (STATUS_WORDS[result.status], STATUS_STYLES.get(result.status, FIGURE), ""),
        *((result.count(severity), COUNT, "") for severity in SEVERITY_WORDS),
        (stated(card), FIGURE_MARKS, ""), (card.total_computed, FIGURE_MARKS, computed),
        (card.total_final, FIGURE_MARKS, final), (card.grade, FIGURE, grade_formula(final, pack.rubric.grades)),
    ]  # fmt: skip
    for column, (value, style, formula) in enumerate(glance):
        sheet.put(at + 1, column, value, style, formula=formula)
    sheet.heights[at + 1] = 26.0
    put_line(sheet, at + 2, self_words(card, pack))
    verified = verified_words(pack.rubric.total, card.full_verified, card.full_declared, little=little_verified(pack, card))
    put_line(sheet, at + 3, verified + until_words(final_word, card, pack))
    return total + 1


def _put_scores(
    sheet: SheetContent, first: int, total: int, card: Scorecard, pack: Pack, final_word: str,
    sums: Mapping[str, GroupSums] | None,
) -> None:  # fmt: skip
    """Put the table of scores: a row for each group from `first` on, and all of them in row `total`."""

    def put_row(row: int, texts: Sequence[Value], styles: Sequence[Style], formulas: Sequence[str], points: float) -> None:
        for (column, last), value, style, formula in zip(COLUMNS, texts, styles, formulas, strict=True):
            sheet.put(row, column, value, style, last_column=last, formula=formula)
        sheet.heights[row] = points

    nothing, width = [""] * len(COLUMNS), len(COLUMNS) - 1
    heads = ("一级指标", "分值", "自评得分", "系统得分", final_word, "有系统得分的分值")
    put_row(first - 1, heads, [HEAD] * len(COLUMNS), nothing, 18.0)
    groups: dict[str, list[Score]] = {}
    for score in card.scores if sums is not None else ():
        groups.setdefault(score.dimension, []).append(score)
    for row, dimension in enumerate(pack.rubric.dimensions, start=first):
        scores = groups.get(dimension.id, [])
        marks = zip(*((each.self_marks, each.computed_marks, each.final_marks) for each in scores), strict=True)
        totals = [_total(each) for each in marks] if scores else [NONE_YET] * 3
        cited = ["", "", *(sums or {}).get(dimension.id, NO_SUMS), ""]
        values = [dimension.label, dimension.points, *totals, measured(scores)]
        put_row(row, values, [Style("label"), *[MARKS_STYLE] * width], cited, 17.0)
    values = ["合计", pack.rubric.total, card.total_self, card.total_computed, card.total_final, measured(card.scores)]
    rows = range(first, total)
    cited = ["", *(sum_formula([Place("", row, column) for row in rows], "") for column, _ in COLUMNS[1:])]
    put_row(total, values, [Style("total"), *[TOTAL] * width], cited, 17.0)


def measured(scores: Iterable[Score]) -> Decimal:
    """Return the full marks of the scores that could be computed."""
    return sum([score.full_marks for score in scores if score.computed_marks is not None], Decimal(0))


def _total(marks: Sequence[Decimal | None]) -> Decimal | str:
    """Return the sum of some marks; a sign where there are none."""
    present = [each for each in marks if each is not None]
    return sum(present, Decimal(0)) if present else NONE_YET
