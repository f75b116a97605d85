"""总览: the figures a leader looks for, the way to the other sheets, and charts, on one printed page."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from jixiao.model.submission import Status
from jixiao.values.number_format import plain_text
from jixiao.writing.summary.district_view import STATISTICS, DistrictView, rounded
from jixiao.writing.summary.sheet_layout import OVERVIEW, SECTION_POINTS, AnySheet
from jixiao.writing.summary.sheets.matrix import Matrix
from jixiao.writing.summary.sheets.overview_charts import draw_charts
from jixiao.writing.wording import STATUS_WORDS, UNVERIFIED_WORD
from jixiao.writing.xlsx.content import LEAST_POINTS, Link, Page, SheetContent, Style, Value
from jixiao.writing.xlsx.formula_text import quoted

BANNER = "初审结果，未经复核，不得外传"
COLUMNS, COLUMN_WIDTH = 12, 9.57
"""As wide as an upright page shows near its full size, and a screen without scrolling."""

TILES_A_ROW, TILE_COLUMNS = 6, 2
LINKS_A_ROW, LINK_COLUMNS = 2, 6
TILE_ROW = 3


class Tile(NamedTuple):
    """A key figure: its label, value, formula and number format."""

    label: str
    value: Value
    formula: str = ""
    number: str = ""


def overview_sheet(
    view: DistrictView, filing: AnySheet, ranking: AnySheet, matrix: Matrix, sheets: Sequence[AnySheet]
) -> SheetContent:
    """Return the sheet; `sheets` are the other sheets in their order."""
    district = view.district
    sheet = SheetContent(OVERVIEW)
    sheet.widths.update(dict.fromkeys(range(COLUMNS), COLUMN_WIDTH))
    last = COLUMNS - 1
    title = f"{district.bureau}{district.year}年度部门整体支出绩效自评汇总"
    sheet.put(0, 0, title, Style("title"), last_column=last)
    sheet.heights[0] = 38.0
    sheet.put(1, 0, BANNER if view.provisional else "本表得分均已复核", Style("banner"), last_column=last)
    sheet.heights[1] = LEAST_POINTS
    sheet.heights[2] = 6.0
    row = _tiles(sheet, TILE_ROW, _figures(view, filing, ranking))
    row = _contents(sheet, row + 1, sheets)
    end = draw_charts(sheet, row + 1, view, filing, ranking, matrix)
    sheet.page = Page(print_area=(0, 0, end, last), one_page=True, header=view.header)
    return sheet


def _figures(view: DistrictView, filing: AnySheet, ranking: AnySheet) -> list[Tile]:
    has_roster = view.district.has_roster
    statuses = filing.span("status", outside=True)

    def count(status: Status) -> Tile:
        formula = "" if filing.empty else f"COUNTIF({statuses},{quoted(STATUS_WORDS[status])})"
        return Tile(STATUS_WORDS[status], view.statuses[status], formula, "count")

    tiles = [
        Tile("应报部门", len(view.expected) if has_roster else "无名册", number="count"),
        Tile("已报送部门", view.filed, number="count"),
        count(Status.MISSING) if has_roster else Tile(STATUS_WORDS[Status.MISSING], "无名册"),
        *map(count, (Status.RETURNED, Status.ACCEPTED_WITH_WARNINGS, Status.ACCEPTED)),
    ]
    word = view.total_word
    cards = [result.scorecard for result in view.ranked if result.scorecard]
    if not cards:
        labels = (*(f"{word}{each}" for each in ("平均", "中位数", "最高", "最低")), "复算占比", UNVERIFIED_WORD)
        return [*tiles, *(Tile(label, "—") for label in labels)]
    totals, full = [card.total_final for card in cards], view.pack.rubric.total
    share = rounded(sum((card.full_verified for card in cards), Decimal(0)) / (len(cards) * full), 4)
    span, verified, marks = (ranking.span(key, outside=True) for key in ("final", "verified", "unverified"))
    little = sum(view.little_verified(result) for result in view.ranked)
    return [
        *tiles,
        *(Tile(f"{word}{name}", value(totals), formula.format(span), "0.00") for name, formula, value in STATISTICS),
        Tile("分值复算占比", share, f"ROUND(SUM({verified})/(COUNT({span})*{plain_text(full)}),4)", "0.0%"),
        Tile(f"{UNVERIFIED_WORD}部门", little, f"COUNTIF({marks},{quoted(UNVERIFIED_WORD)})", "count"),
    ]


def _tiles(sheet: SheetContent, row: int, tiles: Sequence[Tile]) -> int:
    """Put the key figures and return the row below."""
    for n, tile in enumerate(tiles):
        line, place = divmod(n, TILES_A_ROW)
        top, left = row + 2 * line, place * TILE_COLUMNS
        sheet.put(top, left, tile.label, Style("key"), last_column=left + TILE_COLUMNS - 1)
        figure = Style("figure", tile.number)
        sheet.put(top + 1, left, tile.value, figure, last_column=left + TILE_COLUMNS - 1, formula=tile.formula)
        sheet.heights[top], sheet.heights[top + 1] = LEAST_POINTS, 30.0
    lines = -(-len(tiles) // TILES_A_ROW)
    sheet.heights[row + 2 * lines] = 6.0
    return row + 2 * lines


def _contents(sheet: SheetContent, row: int, sheets: Sequence[AnySheet]) -> int:
    """Put the links to the other sheets, in reading order down the columns, and return the row below."""
    sheet.put(row, 0, "目录", Style("section"), last_column=COLUMNS - 1)
    sheet.heights[row] = SECTION_POINTS
    lines = -(-len(sheets) // LINKS_A_ROW)
    for n, each in enumerate(sheets):
        column, line = divmod(n, lines)
        top, left = row + 1 + line, column * LINK_COLUMNS
        name = each.content.name
        sheet.put(top, left, name, Style("jump"), last_column=left + 1, link=Link(sheet=name, tip=f"转到“{name}”"))
        sheet.put(top, left + 2, each.holds, Style("note"), last_column=left + LINK_COLUMNS - 1)
        sheet.heights[top] = LEAST_POINTS
    sheet.heights[row + 1 + lines] = 6.0
    return row + 1 + lines
