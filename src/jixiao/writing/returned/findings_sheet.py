"""The sheet 问题清单: every finding with its place, figures, advice and room for the department's answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jixiao.model.finding import Finding, Severity, reply_key
from jixiao.model.sheet_names import FINDINGS_SHEET, REPLY_COLUMN
from jixiao.model.sheet_names import KEY_COLUMN as KEY_HEADING
from jixiao.pack import Pack
from jixiao.pack.rulebook import FAMILY_LABELS
from jixiao.writing.findings import CellLocations, FindingRow, figure, figure_style, number_of
from jixiao.writing.wording import COMMON_REPLIES, SEVERITY_WORDS, counts_words, reply_words
from jixiao.writing.xlsx.content import Page, SheetContent, Style, Validation, Value
from jixiao.writing.xlsx.text_size import HIGHEST_ROW, INDENT_UNITS, PADDING_UNITS, height, units
from jixiao.writing.xlsx.theme import MARKS

NUMBER, KIND, PLACE, FIGURES = "序号", "类别", "表名及位置", ("填报数", "核对数", "差额")
MESSAGE, ADVICE, OPINION_COLUMN = "问题描述", "修改建议", "财政意见"
COLUMNS: Mapping[str, float] = {
    NUMBER: 6, KIND: 10, PLACE: 19, **dict.fromkeys(FIGURES, 13), MESSAGE: 42, ADVICE: 32, REPLY_COLUMN: 22,
    OPINION_COLUMN: 12, KEY_HEADING: 10,
}  # fmt: skip
"""Widths by heading; `_row_cells` has the cell of each.

The last column is hidden: by it the next run recognises what a reply answers.
"""

HEAD_ROW = 2
PLACE_COLUMN, REPLY, OPINION, KEY_COLUMN = map([*COLUMNS].index, (PLACE, REPLY_COLUMN, OPINION_COLUMN, KEY_HEADING))

WIDEST_PLACE = 40.0


def findings_sheet(
    findings: Sequence[Finding], rows: Sequence[FindingRow], pack: Pack, locations: CellLocations, header: str
) -> SheetContent:
    """Return the findings sheet, whose rows these are, heaviest first; `header` is printed at the top of each page."""
    places = [_places_words(row, locations) for row in rows]
    widths = _widths(places)
    last = HEAD_ROW + max(1, len(rows))
    sheet = SheetContent(
        FINDINGS_SHEET,
        widths=dict(enumerate(widths.values())),
        page=Page(landscape=True, repeat_rows=(HEAD_ROW, HEAD_ROW), header=header, print_area=(0, 0, last, OPINION)),
        freeze=(HEAD_ROW + 1, PLACE_COLUMN + 1),
        filter=(HEAD_ROW, 0, last, OPINION),
        protected=True,
        hidden_columns=(KEY_COLUMN,),
    )
    sheet.put_title(FINDINGS_SHEET, OPINION, _guidance(findings))
    sheet.put_row(HEAD_ROW, COLUMNS, Style("head"), 24.0)
    if not rows:
        sheet.put(HEAD_ROW + 1, 0, "未发现需要更正或说明的事项。", Style("passed"), last_column=OPINION)
        return sheet
    for number, (row, place) in enumerate(zip(rows, places, strict=True), start=1):
        cells, at, link = _row_cells(number, row, place, pack, locations), HEAD_ROW + number, locations.link(row.first)
        for column, (heading, (value, style)) in enumerate(cells.items()):
            sheet.put(at, column, value, style, link=link if heading == PLACE else None)
        sheet.heights[at] = min(HIGHEST_ROW, max(34.0, _needed(row.first, cells, widths)))
    sheet.validations.append(
        Validation(
            HEAD_ROW + 1, REPLY, last, REPLY, "list", choices=COMMON_REPLIES, strict=False,
            prompt="可从下拉列表中选用，也可直接填写原因和金额。", refusal="所填不在常用答复之内，是否保留？",
        )
    )  # fmt: skip
    return sheet


def _widths(places: Sequence[str]) -> dict[str, float]:
    """Return the columns' widths, that of the places wide enough for each in one line: links are not wrapped everywhere."""
    widest = max(map(units, places), default=0) + 2 * PADDING_UNITS
    return {**COLUMNS, PLACE: min(WIDEST_PLACE, max(COLUMNS[PLACE], widest))}


def _guidance(findings: Sequence[Finding]) -> str:
    if not findings:
        return "审核规则全部通过。"
    answer_needed = any(finding.counted and finding.severity is not Severity.INFO for finding in findings)
    todo = f"更正后仍需说明的，请填写“{REPLY_COLUMN}”栏，随本工作簿一并报送。" if answer_needed else "以下供填报参考，无需重新报送。"
    return f"{counts_words(findings)}。单击“表名及位置”转到相应单元格；{todo}"


def _row_cells(number: int, row: FindingRow, place: str, pack: Pack, locations: CellLocations) -> dict[str, tuple[Value, Style]]:
    """Return the values of a row by heading, in the order of the columns, with what they look like."""
    finding = row.first
    figures = locations.suspected(finding) if row.one_cause else (finding.actual, finding.expected, finding.difference)
    number_format = number_of(finding, pack)
    advice = "\n".join(part for part in (locations.relocated(row.findings[0].suggestion), finding.remedy) if part)
    kind = f"{MARKS[finding.severity]}{SEVERITY_WORDS[finding.severity]}\n{family_words(finding, pack)}"
    cells: dict[str, tuple[Value, Style]] = {
        NUMBER: (number, Style("number", "count", align="center")),
        KIND: (kind, Style(finding.severity.value)),
        PLACE: (place, Style("link" if locations.link(finding) else "text")),
        **{name: (each, figure_style(each, number_format)) for name, each in zip(FIGURES, map(figure, figures), strict=True)},
        MESSAGE: (_message(row, locations), Style("told")),
        ADVICE: (advice, Style("text")),
        REPLY_COLUMN: (finding.reply, Style("input", locked=False)),
        OPINION_COLUMN: (reply_words(finding), Style("input", locked=False)),
        KEY_HEADING: ("\n".join(dict.fromkeys(reply_key(each).key for each in row.findings)), Style("note")),
    }
    return {heading: cells[heading] for heading in COLUMNS}


def _needed(finding: Finding, cells: Mapping[str, tuple[Value, Style]], widths: Mapping[str, float]) -> float:
    """Return how high a row is to be that shows its texts, in points."""
    texts = {heading: str(cells[heading][0]) for heading in (KIND, PLACE, MESSAGE, ADVICE, REPLY_COLUMN)}
    texts |= {FIGURES[0]: finding.actual or "", FIGURES[1]: finding.expected or ""}
    return max(height(text, widths[heading] - INDENT_UNITS * (heading == MESSAGE)) for heading, text in texts.items())


def family_words(finding: Finding, pack: Pack) -> str:
    """Return what the family of a finding's rule is called, e.g. 表内勾稽."""
    family = pack.rules[finding.rule].family if finding.rule in pack.rules else finding.rule.split("-")[0]
    return FAMILY_LABELS.get(family, family)


def _places_words(row: FindingRow, locations: CellLocations) -> str:
    """Return the place of a row; of many cells the first and how many there are."""
    first = locations.words(row.first)
    return first if len(row.findings) == 1 or row.one_cause else f"{first} 等 {len(row.findings)} 处"


def _message(row: FindingRow, locations: CellLocations) -> str:
    """Return the message of a row with its rule and, where it is about many cells, all of them."""
    cells = f"位置：{locations.all_words(row.findings)}。" if len(row.findings) > 1 and not row.one_cause else ""
    return f"{row.message}{cells}（{row.first.rule}）"
