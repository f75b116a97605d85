"""The returned workbook: the letter, the findings, the form with marks and scores, what stood outside it, the receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jixiao.model.fact import FactState
from jixiao.model.finding import Finding
from jixiao.model.result import Result
from jixiao.model.rule_outcome import outcome_counts
from jixiao.model.sheet_names import BACK_WORDS, EXTRAS_HEADS, EXTRAS_SHEET, FINDINGS_SHEET
from jixiao.model.submission import Submission, UnplacedCell
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack
from jixiao.writing.findings import CellLocations, finding_rows, highest_severity
from jixiao.writing.form.draw import DrawnForm, Mark, draw_form
from jixiao.writing.form.rows import CellKey
from jixiao.writing.form.template import fill, page_header
from jixiao.writing.returned.findings_sheet import findings_sheet
from jixiao.writing.returned.letter import letter_sheet
from jixiao.writing.returned.letter_words import Sender
from jixiao.writing.returned.receipt import receipt_sheet
from jixiao.writing.scores.columns import ScoreColumns
from jixiao.writing.wording import comment_words
from jixiao.writing.xlsx.content import Link, Page, SheetContent, Style, WorkbookContent
from jixiao.writing.xlsx.text_size import HIGHEST_ROW, height

WIDTHS = (20.0, 10.0, 66.0)
HEAD_ROW = 2


def extras_sheet(extras: Sequence[UnplacedCell], header: str) -> SheetContent:
    """Return the sheet of the cells outside the form, in the order of the file as sent: sheet, cell, text."""
    sheet = SheetContent(
        EXTRAS_SHEET,
        widths=dict(enumerate(WIDTHS)),
        page=Page(repeat_rows=(HEAD_ROW, HEAD_ROW), header=header),
        freeze=(HEAD_ROW + 1, 0),
        protected=True,
    )
    sheet.put_title(EXTRAS_SHEET, 2, "报送文件中表样之外的内容，原样列出，未参与审核；应填入表内的，请填入相应栏目。")
    sheet.put_row(HEAD_ROW, EXTRAS_HEADS, Style("head"), 20.0)
    for row, extra in enumerate(extras, start=HEAD_ROW + 1):
        sheet.put(row, 0, extra.place.sheet, Style("text"))
        sheet.put(row, 1, extra.place.cell, Style("score"))
        sheet.put(row, 2, extra.text, Style("text"))
        needed = max(height(extra.text, WIDTHS[2]), height(extra.place.sheet, WIDTHS[0]))
        sheet.heights[row] = min(HIGHEST_ROW, max(18.0, needed))
    return sheet


BACK_WIDTH = 16.0


def returned_workbook(result: Result, pack: Pack, *, bureau: str, contact: str, year: int) -> WorkbookContent:
    """Return what a department gets back for a scored result; it opens on the letter.

    `bureau` and `contact` are who signs and whom to call, `year` the batch's year, used where the filing states
    none. Nothing in it is about another department or the time of the run.
    """
    filed = result.identity.year or year
    header = f"{result.identity.department or ''} {filed} 年度".strip()
    scores = _score_columns(result, pack)
    marks = finding_marks(result.findings, pack, CellLocations(pack, result.facts))
    drawn = draw_form(
        pack, result.facts, institutions=result.institutions, marks=marks, sheets=form_sheets(pack), header=header,
        extra_columns=scores.by_table() if scores is not None else {},
    )  # fmt: skip
    _link_back(drawn, marks)
    locations = CellLocations(pack, result.facts, drawn.places)
    rows, counts = finding_rows(result.findings), outcome_counts(result.outcomes)
    sums = scores.group_sums(drawn.arranged) if scores is not None else None
    sheets = [
        letter_sheet(result, pack, filed, Sender(bureau, contact), rows, counts, locations, sums),
        findings_sheet(result.findings, rows, pack, locations, header),
        *drawn.sheets,
    ]
    if result.extras:
        sheets.append(extras_sheet(result.extras, header))
    sheets.append(receipt_sheet(result, counts, pack, header))
    return WorkbookContent(sheets, title=pack.title, subject=header, company=bureau)


def _link_back(drawn: DrawnForm, marks: Mapping[CellKey, Mark]) -> None:
    """Add a link back to the findings right of what is printed of each sheet with marked cells."""
    marked = {drawn.places[key].sheet for key in marks if key in drawn.places}
    for sheet in drawn.sheets:
        if sheet.name in marked and sheet.page.print_area is not None:
            column = sheet.page.print_area[3] + 2
            sheet.widths[column] = max(sheet.widths.get(column, 0.0), BACK_WIDTH)
            link = Link(FINDINGS_SHEET, tip=f"回到{FINDINGS_SHEET}")
            sheet.put(0, column, BACK_WORDS, Style("jump"), link=link)


@cached_per_pack
def form_sheets(pack: Pack) -> frozenset[str]:
    """Return the sheets of the form that hold facts; printed guidance alone does not come back."""
    filled = {concept.block for concept in pack.concepts.values()}
    return frozenset(sheet.id for sheet in pack.layout.sheets if any(block.id in filled for block in sheet.blocks))


def _score_columns(result: Result, pack: Pack) -> ScoreColumns | None:
    if result.scorecard is None or pack.total_table is None:
        return None
    return ScoreColumns(pack, result.facts, result.scorecard, pack.total_table)


def finding_marks(findings: tuple[Finding, ...], pack: Pack, locations: CellLocations) -> dict[CellKey, Mark]:
    """Return the marks of all cells with findings: the heaviest severity, and one comment with every finding."""
    by_cell: dict[CellKey, list[Finding]] = {}
    for finding in sorted(findings, key=Finding.sort_key):
        for key in locations.keys(finding):
            by_cell.setdefault(key, []).append(finding)
    return {
        key: Mark(highest_severity(own), "\n\n".join(comment_words(finding, _basis(finding, pack)) for finding in own))
        for key, own in by_cell.items()
    }


def _basis(finding: Finding, pack: Pack) -> str:
    return pack.rules[finding.rule].basis if finding.rule in pack.rules else ""


def converted_workbook(submission: Submission, pack: Pack) -> WorkbookContent:
    """Return the template with the facts of a filing.

    Cells that could not be read hold what was written there, are marked and say why; what has no place on the form is on
    a sheet of its own.
    """
    facts = submission.facts
    unread = {fact.place for fact in facts if fact.state is FactState.UNREADABLE and fact.place is not None}
    findings = tuple(finding for finding in submission.findings if finding.place in unread)
    content = fill(pack, facts, submission.institutions, finding_marks(findings, pack, CellLocations(pack, facts)))
    if submission.extras:
        content.sheets = [*content.sheets, extras_sheet(submission.extras, page_header(pack, facts))]
    return content
