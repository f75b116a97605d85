"""The drawing library as this program uses it: a workbook as the texts of its parts.

It draws every cell by itself (the reference by which the quick way is proven), or a workbook *hollow*: whatever depends on
what fills it (rows, merged ranges, links, page headers, print areas, the document's properties) is a mark in its place.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from io import BytesIO, StringIO
from itertools import count
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.packager import Packager
from xlsxwriter.worksheet import Worksheet

from jixiao.model.words import COMMENT_AUTHOR
from jixiao.writing import theme
from jixiao.writing.canvas import Cell, Condition, Link, Page, SheetContent, Style, Validation, WorkbookContent
from jixiao.writing.cell_values import as_number, as_result, exact
from jixiao.writing.clean import clean_text
from jixiao.writing.draw_charts import insert_chart, ranges
from jixiao.writing.draw_texts import comment_size, comment_text, header_text, properties
from jixiao.writing.links import MOST_LINKS, link_target

MARK = "\x7f"
"""What stands around the name of what is filled in: a character that no cleaned text holds."""

CREATED = datetime(2020, 1, 1)
"""A fixed date, so that a workbook depends on its content alone."""

A4 = 9
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


def drawn_parts(content: WorkbookContent, *, hollow: bool = False) -> dict[str, str]:
    """The text of every part of the workbook, by name, in the order of the package.

    Where it is `hollow`, cells and links are left to be filled in, relations to files to be added; comments are there. Looks
    are then those of no cell (`styles`).
    """
    book = _Hollow() if hollow else _Book()
    book.set_properties({**properties(content), "created": CREATED})
    # The library takes the figures of a chart from the cells that it was given.
    charted = {each.sheet for sheet in content.sheets for chart in sheet.charts for each in ranges(chart)}
    for number, sheet in enumerate(content.sheets):
        worksheet = book.add_worksheet(sheet.name)
        asked = not hollow or sheet.name in charted
        _draw(book, worksheet, sheet, [cell for cell in sheet.cells if asked or cell.comment])
        if number == content.active:
            worksheet.activate()
    book.close()
    return book.parts


def hollow_sheet(sheet: SheetContent, number: int, *, active: bool) -> str:
    """The text of the part that a sheet without charts is at this place of a workbook, hollow; nothing else is drawn."""
    book = _Hollow()
    worksheet = book.add_worksheet(sheet.name)
    # Some of what the library writes counts sheets.
    worksheet.index = number
    _draw(book, worksheet, sheet, [cell for cell in sheet.cells if cell.comment])
    if active:
        worksheet.activate()
    text = StringIO()
    worksheet._set_xml_writer(text)
    worksheet._assemble_xml_file()
    return text.getvalue()


class Styles(NamedTuple):
    """The part that tells looks: its text, the number of each style in it, and of what the library tells looks apart by."""

    text: str
    numbers: dict[Style, int]
    keys: dict[str, int]


def styles(looks: tuple[Style, ...] = ()) -> Styles:
    """The looks of all workbooks, and these."""
    book = _Book()
    numbers = {style: book.look(style)._get_xf_index() for style in (*theme.COMMON, *looks)}
    book._prepare_format_properties()
    packager = book._get_packager()
    packager._add_workbook(book)
    packager._set_in_memory(True)
    packager._write_styles_file()
    [(file, _, _)] = packager.filenames
    return Styles(file.getvalue(), numbers, dict(book.xf_format_indices))


def mark(name: str) -> str:
    """The mark of what is filled in under this name."""
    return f"{MARK}{name}{MARK}"


class _Sheet(Worksheet):  # type: ignore[misc]
    """A worksheet that takes formulas as they are, and says of an empty text that it is a result."""

    def __init__(self) -> None:
        super().__init__()
        self.excel_version: int
        # The cell of a link is written by itself.
        self.ignore_write_string = True

    def _xml_formula_element(self, formula: str, result: object, attributes: list[tuple[str, object]]) -> None:
        # Without its kind such a cell is taken for a formula that was never calculated.
        if result == "":
            attributes.append(("t", "str"))
        super()._xml_formula_element(formula, result, attributes)

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        # Every function written here is one that Excel 2010 knows: the library need not search for newer ones.
        return formula.removeprefix("=")

    def _write_row(self, *arguments: Any, **options: Any) -> None:
        # Newer programs note there how far a text's foot is from the row's; none needs it.
        version: int = self.excel_version
        self.excel_version = 2007
        super()._write_row(*arguments, **options)
        self.excel_version = version

    def _calculate_spans(self) -> None:
        # Which columns a row spans may be told to help readers; none needs it.
        self.row_spans: dict[int, str] = {}


class _HollowSheet(_Sheet):
    """A worksheet with marks for what depends on its cells, and for the head of its pages."""

    def set_header(self, header: str = "", options: Any = None, margin: Any = None) -> None:
        super().set_header(mark("header"), options, margin)

    def _write_dimension(self) -> None:
        self.fh.write(mark("dimension"))

    def _write_sheet_data(self) -> None:
        self.fh.write(mark("rows"))

    def _write_merge_cells(self) -> None:
        self.fh.write(mark("merges"))

    def _write_hyperlinks(self) -> None:
        self.fh.write(mark("links"))


class _Book(xlsxwriter.Workbook):  # type: ignore[misc]
    """A workbook that keeps its parts and writes no file; every look has its number once it is first asked for."""

    sheet_class: type[_Sheet] = _Sheet

    def __init__(self) -> None:
        super().__init__(BytesIO(), _OPTIONS)
        self.parts: dict[str, str] = {}
        # The font of comments stands among the looks of every workbook, so that these need not tell which have some.
        self.has_comments = True
        self._looks: dict[Style, Any] = {}
        self.add_looks()

    def add_looks(self) -> None:
        """Add the looks of every workbook."""
        assert self.conditional
        for style in theme.COMMON:
            self.look(style)

    def look(self, style: Style) -> Any:
        """The library's format of a style."""
        made = self._looks.get(style)
        if made is None:
            made = self._looks[style] = self.add_format(theme.properties(style))
            made._get_xf_index()
        return made

    @cached_property
    def conditional(self) -> dict[str, Any]:
        """The library's formats of what conditions change, by role; all have their numbers once one is asked for."""
        made = {role: self.add_format(dict(looks)) for role, looks in theme.CONDITIONAL.items()}
        for each in made.values():
            each._get_dxf_index()
        return made

    def add_worksheet(self, name: str | None = None, worksheet_class: Any = None) -> Any:
        return super().add_worksheet(name, self.sheet_class)

    def _get_packager(self) -> Packager:
        return _Packager()


class _Hollow(_Book):
    """A workbook of hollow sheets without looks, with marks for its properties and for the ranges of its names."""

    sheet_class = _HollowSheet

    def add_looks(self) -> None:
        """None: the part that tells looks is made by itself."""

    def look(self, style: Style) -> Any:
        """The default look: what is filled in knows its own."""
        return self.formats[0]

    def set_properties(self, properties: dict[str, Any]) -> None:
        super().set_properties(
            {name: mark(name) if isinstance(text, str) else text for name, text in properties.items()}
        )

    def _prepare_defined_names(self) -> None:
        super()._prepare_defined_names()
        for each in self.defined_names:
            name, sheet, area = each[:3]
            each[2] = f"{area[: area.rindex('!') + 1]}{mark(f'{name}.{sheet}')}"

    def _prepare_sst_string_data(self) -> None:
        super()._prepare_sst_string_data()
        self.str_table.count = 1  # so that the package has the part, which is filled in


class _Packager(Packager):  # type: ignore[misc]
    def _create_package(self) -> list[Any]:
        self.workbook.parts.update({name: file.getvalue() for file, name, _ in super()._create_package()})
        return []


def _draw(book: _Book, worksheet: Any, sheet: SheetContent, cells: list[Cell]) -> None:
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


def _draw_cell(book: _Book, worksheet: Any, cell: Cell, link: Link | None) -> None:
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
    elif not exact(cell.value):
        # A spreadsheet number keeps 15 digits: a longer one is kept whole as text.
        worksheet.write_string(row, column, str(cell.value), look)
    else:
        worksheet.write_number(row, column, as_number(cell.value), look)
    if cell.comment:
        text = comment_text(cell)
        width, height = comment_size(text)
        worksheet.write_comment(row, column, text, {
            "author": COMMENT_AUTHOR, "width": width, "height": height, "font_name": theme.BODY_FONT, "font_size": 9,
            "color": "#FFFFE1",
        })  # fmt: skip


def _draw_condition(book: _Book, worksheet: Any, condition: Condition) -> None:
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
            rule = {
                "type": "text",
                "criteria": criteria,
                "value": condition.text,
                "format": book.conditional[condition.role],
            }
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
