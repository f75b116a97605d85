"""Drawing with xlsxwriter: the content of a workbook as a file, the same bytes for the same content."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from jixiao.model.place import column_letters
from jixiao.model.words import COMMENT_AUTHOR
from jixiao.writing import theme
from jixiao.writing.canvas import Cell, Condition, Link, Page, SheetContent, Style, Validation, WorkbookContent
from jixiao.writing.cell_values import as_number, as_result, exact
from jixiao.writing.clean import clean_text
from jixiao.writing.draw_charts import insert_chart, ranges
from jixiao.writing.quick import QuickWorkbook, QuickWorksheet, fits
from jixiao.writing.textsize import lines, widest
from jixiao.writing.worksheet import PlainWorksheet

CREATED = datetime(2020, 1, 1)
"""A fixed date, so that a workbook depends on its content alone."""

MOST_LINKS = 65_000
"""Spreadsheet programs keep at most 65,530 links a sheet; later ones stay text."""

A4 = 9
COMMENT_WIDTH = 300
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
_PROTECTION = {
    "format_columns": True, "format_rows": True, "insert_rows": True, "sort": True, "autofilter": True,
    "select_locked_cells": True, "select_unlocked_cells": True,
}  # fmt: skip


def write_workbook(content: WorkbookContent, target: Path | BinaryIO, *, quick: bool = True) -> None:
    """Write the workbook to a path or a binary stream; the bytes depend on the content alone. `OSError` if refused.

    Without `quick` every cell is given to the library by itself: the same bytes, by which the quick way is proven.
    """
    book = (QuickWorkbook if quick else xlsxwriter.Workbook)(
        str(target) if isinstance(target, Path) else target, _OPTIONS
    )
    book.set_properties({
        "title": clean_text(content.title, 255), "subject": clean_text(content.subject, 255),
        "company": clean_text(content.company, 255), "author": clean_text(content.company, 255), "created": CREATED,
    })  # fmt: skip
    drawing = _Drawing(book)
    # The library takes the figures of a chart from the cells that it was given.
    charted = {each.sheet for sheet in content.sheets for chart in sheet.charts for each in ranges(chart)}
    for number, sheet in enumerate(content.sheets):
        quickly = quick and sheet.name not in charted and fits(sheet.cells)
        worksheet = book.add_worksheet(sheet.name, QuickWorksheet if quickly else PlainWorksheet)
        drawing.draw(sheet, worksheet)
        if number == content.active:
            worksheet.activate()
    try:
        book.close()
    except FileCreateError as error:
        # Its own kind hides what the system said: a full disk, a folder without permission.
        raise (error.args[0] if error.args and isinstance(error.args[0], OSError) else OSError(str(error))) from error


class _Drawing:
    """Draws sheets of one workbook; holds its formats, made once by style."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.formats: dict[Style, Any] = {}
        self.conditional: dict[str, Any] = {}

    def format_of(self, style: Style) -> Any:
        made = self.formats.get(style)
        if made is None:
            looks = theme.properties(style)
            quick = isinstance(self.book, QuickWorkbook)
            made = self.book.add_look(tuple(looks.items())) if quick else self.book.add_format(looks)
            self.formats[style] = made
        return made

    def draw(self, sheet: SheetContent, worksheet: Any) -> None:
        for column, width in sheet.widths.items():
            worksheet.set_column(column, column, width, None, {"hidden": column in sheet.hidden_columns})
        for column in sheet.hidden_columns:
            if column not in sheet.widths:
                worksheet.set_column(column, column, None, None, {"hidden": True})
        for row, points in sheet.heights.items():
            worksheet.set_row(row, min(points, 409.0))
        links = count(1)

        def draw_cell(cell: Cell) -> None:
            self._cell(worksheet, cell, cell.link if cell.link is not None and next(links) <= MOST_LINKS else None)

        if isinstance(worksheet, QuickWorksheet):
            looks = [self.format_of(cell.style) for cell in sheet.cells]
            worksheet.take(sheet.cells, looks, draw_cell, lambda cell: _put_comment(worksheet, cell))
        else:
            for cell in sheet.cells:
                draw_cell(cell)
        for validation in sheet.validations:
            worksheet.data_validation(
                validation.row, validation.column, validation.last_row, validation.last_column, _validation(validation)
            )
        for condition in sheet.conditions:
            self._condition(worksheet, condition)
        for chart in sheet.charts:
            insert_chart(self.book, worksheet, chart)
        _page(worksheet, sheet.page)
        _view(worksheet, sheet)

    def _cell(self, worksheet: Any, cell: Cell, link: Link | None) -> None:
        row, column, form = cell.row, cell.column, self.format_of(cell.style)
        if cell.merged:
            worksheet.merge_range(row, column, cell.last_row, cell.last_column, "", form)
        if link is not None:
            text = cell.value if isinstance(cell.value, str) else ""
            worksheet.write_url(row, column, _target(link), form, clean_text(text), clean_text(link.tip, 255) or None)
        if cell.formula:
            worksheet.write_formula(row, column, f"={cell.formula}", form, as_result(cell.value))
        elif isinstance(cell.value, str):
            if cell.value:
                worksheet.write_string(row, column, clean_text(cell.value), form)
            else:
                worksheet.write_blank(row, column, None, form)
        elif cell.value is None:
            worksheet.write_blank(row, column, None, form)
        elif not exact(cell.value):
            # A spreadsheet number keeps 15 digits: a longer one is kept whole as text.
            worksheet.write_string(row, column, str(cell.value), form)
        else:
            worksheet.write_number(row, column, as_number(cell.value), form)
        if cell.comment:
            _put_comment(worksheet, cell)

    def _condition(self, worksheet: Any, condition: Condition) -> None:
        where = (condition.row, condition.column, condition.last_row, condition.last_column)
        rule: dict[str, object]
        match condition.kind:
            case "color_scale":
                low, middle, high = theme.SCALE_COLOURS
                # Half-way between lowest and highest, not the median: where most are equal that would paint the best
                # with the middle colour.
                rule = {
                    "type": "3_color_scale", "min_color": low, "mid_color": middle, "max_color": high,
                    "mid_type": "percent", "mid_value": 50,
                }  # fmt: skip
            case "data_bar":
                rule = {"type": "data_bar", "bar_color": theme.BAR_COLOUR, "bar_solid": True}
            case _:
                criteria = "begins with" if condition.kind == "text_begins" else "containing"
                form = self.conditional.get(condition.role)
                if form is None:
                    looks = dict(theme.CONDITIONAL.get(condition.role, {}))
                    form = self.conditional[condition.role] = self.book.add_format(looks)
                rule = {"type": "text", "criteria": criteria, "value": condition.text, "format": form}
        worksheet.conditional_format(*where, rule)


def _target(link: Link) -> str:
    if link.file:
        path = link.file.replace("%", "%25").replace("#", "%23").replace(" ", "%20")
        return f"external:{path}"
    quoted = link.sheet.replace("'", "''")
    return f"internal:'{quoted}'!{column_letters(link.column)}{link.row + 1}"


def _put_comment(worksheet: Any, cell: Cell) -> None:
    text = clean_text(cell.comment, 8000)
    width = COMMENT_WIDTH if widest(text) > 24 else 200
    high = 22 + 16 * lines(text, width / 7, 9)
    looks = {"font_name": theme.BODY_FONT, "font_size": 9, "color": "#FFFFE1"}
    options = {"author": COMMENT_AUTHOR, "width": width, "height": min(high, 480), **looks}
    worksheet.write_comment(cell.row, cell.column, text, options)


def _validation(validation: Validation) -> dict[str, object]:
    rule: dict[str, object] = {
        "error_type": "stop" if validation.strict else "warning",
        "error_title": "填报有误" if validation.strict else "请核对",
        "error_message": validation.refusal[:255],
        "input_message": validation.prompt[:255],
    }
    if validation.kind == "any":
        return {"validate": "any", "input_message": validation.prompt[:255]}
    if validation.kind == "list":
        return {**rule, "validate": "list", "source": list(validation.choices)}
    rule["validate"] = "integer" if validation.kind == "whole" else "decimal"
    lowest, highest = (None if each is None else as_number(each) for each in (validation.minimum, validation.maximum))
    if lowest is not None and highest is not None:
        return {**rule, "criteria": "between", "minimum": lowest, "maximum": highest}
    if highest is not None:
        return {**rule, "criteria": "<=", "value": highest}
    return {**rule, "criteria": ">=", "value": -(10**12) if lowest is None else lowest}


def _page(worksheet: Any, page: Page) -> None:
    worksheet.set_paper(A4)
    if page.landscape:
        worksheet.set_landscape()
    worksheet.fit_to_pages(1, 1 if page.one_page else 0)
    worksheet.set_margins(left=0.6, right=0.6, top=0.75, bottom=0.7)
    if page.repeat_rows is not None:
        worksheet.repeat_rows(*page.repeat_rows)
    if page.print_area is not None:
        worksheet.print_area(*page.print_area)
    if page.centred:
        worksheet.center_horizontally()
    if page.header:
        # The font stands between size and text, else a text that begins with a digit would be read as part of the size.
        text = clean_text(page.header, 110).replace("&", "&&")
        worksheet.set_header(f'&R&9&"{theme.BODY_FONT},Regular"{text}')
    if page.footer:
        worksheet.set_footer(f'&C&9&"{theme.BODY_FONT},Regular"{page.footer}')


def _view(worksheet: Any, sheet: SheetContent) -> None:
    if sheet.freeze is not None:
        worksheet.freeze_panes(*sheet.freeze)
    if sheet.filter is not None:
        worksheet.autofilter(*sheet.filter)
    if sheet.tab:
        worksheet.set_tab_color(sheet.tab)
    if not sheet.gridlines:
        worksheet.hide_gridlines(2)
    if sheet.zoom != 100:
        worksheet.set_zoom(sheet.zoom)
    if sheet.hidden:
        worksheet.hide()
    if sheet.protected:
        worksheet.protect("", _PROTECTION)
