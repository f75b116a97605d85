"""The public copy (公开版): the form and its scores as they may be published, with nothing of the audit and nobody named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from jixiao.model.fact import Facts
from jixiao.model.result import DepartmentResult, Result
from jixiao.model.score import Score, Scorecard
from jixiao.model.sheet_names import BASIS_COLUMN, COMPUTED_COLUMN, FINAL_COLUMN, REVIEW_COLUMN
from jixiao.model.submission import Status
from jixiao.pack import Pack
from jixiao.writing.form.draw import CellPositions, ExtraCell, ExtraColumn, ExtraColumns, SideColumns, draw_form
from jixiao.writing.returned.workbook import form_sheets
from jixiao.writing.scores.columns import GRADE_WORD, WIDTHS
from jixiao.writing.wording import basis_words
from jixiao.writing.xlsx.content import SheetContent, Style, Value, WorkbookContent

PUBLIC_WORD = "公开版"
ACCEPTED = frozenset({Status.ACCEPTED, Status.ACCEPTED_WITH_WARNINGS})

_SCORE, _TOTAL = Style("score", "marks"), Style("total", "marks")
_SHOWN: Mapping[str, Callable[[Score], Value]] = {
    COMPUTED_COLUMN: lambda score: score.computed_marks,
    REVIEW_COLUMN: lambda score: score.review_marks,
    FINAL_COLUMN: lambda score: score.final_marks,
    BASIS_COLUMN: basis_words,
}


def may_be_public(result: DepartmentResult) -> bool:
    """Whether a result gets a public copy: accepted, and not of a department that the roster marks 涉密."""
    classified = result.roster is not None and result.roster.classified
    return result.scored and result.status in ACCEPTED and not classified


def public_workbook(result: Result, pack: Pack, *, bureau: str, year: int) -> WorkbookContent:
    """The public copy of a redacted result (texts already masked); personal cells are empty, every cell is locked.

    No finding, mark, comment, check, explanation or formula stands in it: it says what was filed and how it scored.
    """
    filed = result.identity.year or year
    header = f"{result.department} {filed} 年度（{PUBLIC_WORD}）".strip()
    drawn = draw_form(
        pack, _impersonal(pack, result.facts), institutions=result.institutions,
        extra_columns=_score_columns(pack, result.scorecard), sheets=form_sheets(pack), live_checks=False, header=header,
    )  # fmt: skip
    return WorkbookContent([_finished(sheet) for sheet in drawn.sheets], title=pack.title, subject=header, company=bureau)


def _impersonal(pack: Pack, facts: Facts) -> Facts:
    """The facts without those of personal cells, and of cells that the form does not declare."""
    return Facts.of(fact for fact in facts if not _personal(pack, fact.concept))


def _personal(pack: Pack, concept: str) -> bool:
    try:
        return pack.concept(concept).personal
    except KeyError:
        return True


def _finished(sheet: SheetContent) -> SheetContent:
    """A sheet without what only who fills it in needs; the drawn one is left alone, for other forms share its cells."""
    cells = [
        replace(cell, comment="", formula="", style=cell.style._replace(locked=True, mark=None)) for cell in sheet.cells
    ]
    return replace(sheet, cells=cells, validations=[], conditions=[], protected=True)


def _score_columns(pack: Pack, card: Scorecard | None) -> dict[str, ExtraColumns]:
    table = pack.total_table
    if card is None or table is None:
        return {}
    scores = {score.indicator: score for score in reversed(card.scores)}
    footers = frozenset(footer.key for footer in table.footer)
    totals: Mapping[str, Value] = {
        COMPUTED_COLUMN: card.total_computed, FINAL_COLUMN: card.total_final, BASIS_COLUMN: f"{GRADE_WORD}{card.grade}",
    }  # fmt: skip

    def cells(row: str, _: CellPositions) -> list[ExtraCell] | None:
        if row in footers:
            return [(totals.get(name), "", _TOTAL) for name in _SHOWN]
        score = scores.get(row)
        return [(shown(score), "", _SCORE) for shown in _SHOWN.values()] if score else None

    columns = tuple(ExtraColumn((name,), WIDTHS[name]) for name in _SHOWN)
    return {each: ExtraColumns(SideColumns(columns, row_id), cells) for each, row_id in pack.scored_tables.items()}
