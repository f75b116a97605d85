"""The roster workbook of the sample district."""

from __future__ import annotations

from jixiao.demo.declaration import Demo
from jixiao.model.roster import HEADINGS
from jixiao.writing.canvas import Page, SheetContent, Style, WorkbookContent

ROSTER_FILE = "名册.xlsx"
_SHEET = "名册"
_YES = "是"
_WIDTHS = {"department": 34.0, "reports_within": 24.0, "supervisor": 24.0, "deadline": 18.0}


def roster_workbook(demo: Demo) -> WorkbookContent:
    """The roster: a title, the headings, a row for each department."""
    sheet = SheetContent(_SHEET, gridlines=True, freeze=(2, 0), page=Page(landscape=True, repeat_rows=(1, 1)))
    sheet.put(0, 0, f"{demo.title}部门整体支出绩效自评名册", Style("title"), last_column=len(HEADINGS) - 1)
    sheet.heights[0] = 32
    for column, (heading, field) in enumerate(HEADINGS.items()):
        sheet.put(1, column, heading, Style("head"))
        sheet.widths[column] = _WIDTHS.get(field, 14.0)
        for row, entry in enumerate(demo.roster, start=2):
            said = entry.model_dump() | {"deadline": entry.deadline or demo.deadline, "district": demo.title}
            sheet.put(row, column, _text(said, field), Style("text"))
    sheet.filter = (1, 0, len(demo.roster) + 1, len(HEADINGS) - 1)
    return WorkbookContent([sheet], title=f"{demo.title}名册")


def _text(entry: dict[str, object], field: str) -> str:
    said = entry[field]
    return (_YES if said else "") if isinstance(said, bool) else str(said)
