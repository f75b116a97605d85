"""Draw workbooks with xlsxwriter, as the texts of their parts; the only module that uses its private members.

It draws every cell by itself (the reference by which the quick way is proven), or a workbook *hollow*: whatever depends on
what fills it (rows, merged ranges, links, page headers, print areas, the document's properties) is a mark in its place.
`tests/writing/test_adapter.py` checks the private members against the installed version.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime
from functools import cache, cached_property
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter
from xlsxwriter.packager import Packager
from xlsxwriter.worksheet import Worksheet, re_dynamic_function

from jixiao.writing.xlsx import theme
from jixiao.writing.xlsx.cell_text import properties
from jixiao.writing.xlsx.charts import ranges
from jixiao.writing.xlsx.content import SheetContent, Style, WorkbookContent
from jixiao.writing.xlsx.draw_sheet import draw_sheet

MARK = "\x7f"
"""The sign around the name of what is filled in: a character that no cleaned text holds."""

CREATED = datetime(2020, 1, 1)
"""A fixed date, so that a workbook depends on its content alone."""

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}


def drawn_parts(content: WorkbookContent, *, hollow: bool = False) -> dict[str, str]:
    """Return the text of every part of the workbook, by name, in the order of the package.

    A `hollow` one has comments, but marks for cells and links; relations to files and styles of cells are not in it.
    """
    book = _Hollow() if hollow else _Book()
    book.set_properties({**properties(content), "created": CREATED})
    # The library takes the figures of a chart from the cells that it was given.
    charted = {each.sheet for sheet in content.sheets for chart in sheet.charts for each in ranges(chart)}
    for number, sheet in enumerate(content.sheets):
        worksheet = book.add_worksheet(sheet.name)
        every = not hollow or sheet.name in charted
        draw_sheet(book, worksheet, sheet, [cell for cell in sheet.cells if every or cell.comment])
        if number == content.active:
            worksheet.activate()
    book.close()
    return book.parts


def hollow_sheet(sheet: SheetContent, number: int, *, active: bool) -> str:
    """Return the hollow part of a sheet without charts at this place of a workbook; nothing else is drawn."""
    book = _Hollow()
    worksheet = book.add_worksheet(sheet.name)
    # Some of what the library writes counts sheets.
    worksheet.index = number
    draw_sheet(book, worksheet, sheet, [cell for cell in sheet.cells if cell.comment])
    if active:
        worksheet.activate()
    text = StringIO()
    worksheet._set_xml_writer(text)
    worksheet._assemble_xml_file()
    return text.getvalue()


def spills(function: str) -> bool:
    """Tell whether a function gives results over several cells, so that its formula is written otherwise."""
    return re_dynamic_function.search(function) is not None


class StyleNumbers(dict[Style, int]):
    """The number of each style of a workbook: fixed for those of all workbooks, of others as they are first met."""

    def __init__(self) -> None:
        super().__init__()
        self._book: _Book | None = None

    def __missing__(self, style: Style) -> int:
        number = _common_numbers().get(_properties_key(style))
        if number is None:
            self._book = self._book or _Book()
            number = int(self._book.look(style)._get_xf_index())
        self[style] = number
        return number

    @property
    def common(self) -> bool:
        """Whether the workbook has no other styles than all workbooks."""
        return self._book is None

    def xml(self) -> str:
        """Return the part of the file with the styles of all workbooks, and the others met."""
        book = self._book or _Book()
        book._prepare_format_properties()
        packager = book._get_packager()
        packager._add_workbook(book)
        packager._set_in_memory(True)
        packager._write_styles_file()
        [(file, _, _)] = packager.filenames
        return str(file.getvalue())


@cache
def _common_numbers() -> dict[Hashable, int]:
    """Return the numbers of the styles that all workbooks have, by their looks; the library takes 5 ms to give them."""
    book = _Book()
    return {_properties_key(style): book.look(style)._get_xf_index() for style in theme.COMMON}


def _properties_key(style: Style) -> Hashable:
    """Return what styles that look alike have in common."""
    return frozenset(theme.properties(style).items())


def mark(name: str) -> str:
    """Return the mark of what is filled in under this name."""
    return f"{MARK}{name}{MARK}"


class _LibrarySheet(Worksheet):  # type: ignore[misc]
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
        # The columns that a row spans may be written to help readers; none needs it.
        self.row_spans: dict[int, str] = {}


class _HollowSheet(_LibrarySheet):
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
    """A workbook that keeps its parts and writes no file; a format has its number from its first use on."""

    sheet_class: type[_LibrarySheet] = _LibrarySheet

    def __init__(self) -> None:
        super().__init__(BytesIO(), _OPTIONS)
        self.parts: dict[str, str] = {}
        # The font of comments is among the styles of every workbook, so that these do not depend on comments.
        self.has_comments = True
        self._looks: dict[Style, Any] = {}
        self.add_looks()

    def add_looks(self) -> None:
        """Add the looks of every workbook."""
        assert self.conditional
        for style in theme.COMMON:
            self.look(style)

    def look(self, style: Style) -> Any:
        """Return the library's format of a style."""
        if style not in self._looks:
            self._looks[style] = self.add_format(theme.properties(style))
            self._looks[style]._get_xf_index()
        return self._looks[style]

    @cached_property
    def conditional(self) -> dict[str, Any]:
        """The library's formats of what conditions change, by role; all are numbered on first use."""
        formats = {role: self.add_format(dict(looks)) for role, looks in theme.CONDITIONAL.items()}
        for each in formats.values():
            each._get_dxf_index()
        return formats

    def add_worksheet(self, name: str | None = None, worksheet_class: Any = None) -> Any:
        return super().add_worksheet(name, self.sheet_class)

    def _get_packager(self) -> Packager:
        return _Packager()


class _Hollow(_Book):
    """A workbook of hollow sheets without looks, with marks for its properties and for the ranges of its names."""

    sheet_class = _HollowSheet

    def add_looks(self) -> None:
        """Add none: the part with the styles is written by itself."""

    def look(self, style: Style) -> Any:
        """Return the default format: the cells that are filled in have their own."""
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
