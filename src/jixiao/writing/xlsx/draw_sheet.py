"""A sheet given to the drawing library, call by call: cells, validations, conditions, charts, how it is printed and seen."""

from __future__ import annotations

from decimal import Decimal
from itertools import count
from typing import Any

from jixiao.model.sheet_names import COMMENT_AUTHOR
from jixiao.writing.xlsx import theme
from jixiao.writing.xlsx.cell_text import (
    MOST_LINKS,
    as_result,
    clean_text,
    comment_size,
    comment_text,
    header_text,
    link_target,
    number_of,
)
from jixiao.writing.xlsx.charts import insert_chart
from jixiao.writing.xlsx.content import Cell, ConditionalFormat, Link, Page, SheetContent, Validation

A4 = 9
_PROTECTION = {
    "format_columns": True, "format_rows": True, "insert_rows": True, "sort": True, "autofilter": True,
    "select_locked_cells": True, "select_unlocked_cells": True,
}  # fmt: skip


def draw_sheet(book: Any, worksheet: Any, sheet: SheetContent, cells: list[Cell]) -> None:
    """Put these cells, and all of the sheet that is no cell, into a worksheet of the adapter's book."""
    for column, width in sheet.widths.items():
        worksheet.set_column(column, column, width, None, {"hidden": column in sheet.hidden_columns})
    for column in sheet.hidden_columns:
        if column not in sheet.widths:
            worksheet.set_column(column, column, None, None, {"hidden": True})
    for row, points in sheet.heights.items():
        worksheet.set_row(row, min(points, 409.0))
    links = count(1)
    for cell in cells:
        _draw_cell(book, worksheet, cell, cell.link if cell.link is not None and next(links) <= MOST_LINKS else None)
    for validation in sheet.validations:
        worksheet.data_validation(
            validation.row, validation.column, validation.last_row, validation.last_column, _validation(validation)
        )
    for condition in sheet.conditions:
        _draw_condition(book, worksheet, condition)
    for chart in sheet.charts:
        insert_chart(book, worksheet, chart)
    _page(worksheet, sheet.page)
    _view(worksheet, sheet)


def _draw_cell(book: Any, worksheet: Any, cell: Cell, link: Link | None) -> None:
    row, column, look = cell.row, cell.column, book.look(cell.style)
    if cell.merged:
        worksheet.merge_range(row, column, cell.last_row, cell.last_column, "", look)
    if link is not None:
        text = cell.value if isinstance(cell.value, str) else ""
        kind = "external" if link.file else "internal"
        worksheet.write_url(
            row, column, f"{kind}:{link_target(link)}", look, clean_text(text), clean_text(link.tip, 255) or None
        )
    if cell.formula:
        worksheet.write_formula(row, column, f"={cell.formula}", look, as_result(cell.value))
    elif isinstance(cell.value, str):
        if cell.value:
            worksheet.write_string(row, column, clean_text(cell.value), look)
        else:
            worksheet.write_blank(row, column, None, look)
    elif cell.value is None:
        worksheet.write_blank(row, column, None, look)
    elif (number := number_of(cell.value)) is None:
        worksheet.write_string(row, column, str(cell.value), look)
    else:
        worksheet.write_number(row, column, number, look)
    if cell.comment:
        text = comment_text(cell)
        width, height = comment_size(text)
        worksheet.write_comment(row, column, text, {
            "author": COMMENT_AUTHOR, "width": width, "height": height, "font_name": theme.BODY_FONT, "font_size": 9,
            "color": "#FFFFE1",
        })  # fmt: skip


def _draw_condition(book: Any, worksheet: Any, condition: ConditionalFormat) -> None:
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
            rule = {"type": "text", "criteria": criteria, "value": condition.text, "format": book.conditional[condition.role]}
    worksheet.conditional_format(*where, rule)


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
    lowest, highest = (float(each) if isinstance(each, Decimal) else each for each in (validation.minimum, validation.maximum))
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
        worksheet.set_header(header_text(page.header))
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
