"""What docs/accessible.md promises, held for every kind of workbook."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jixiao.writing.form.template import template_workbook
from jixiao.writing.returned.workbook import returned_workbook
from jixiao.writing.xlsx import theme
from jixiao.writing.xlsx.theme import MARKS
from tests.support.districts import district
from tests.support.results import seed_result
from tests.support.summaries import review_workbook, summary_workbook

PAGE = Path(__file__).parents[2] / "docs" / "accessible.md"


@pytest.fixture(scope="module")
def books(pack):
    """One workbook of each kind."""
    which = district(pack, 20)
    return {
        "return": returned_workbook(seed_result(pack), pack, bureau="某区财政局", contact="", year=2022),
        "summary": summary_workbook(which, pack, tool_version="0", options={}),
        "review": review_workbook(which, pack),
        "template": template_workbook(pack),
    }


def sheets(books):
    return [(kind, sheet) for kind, book in books.items() for sheet in book.sheets if not sheet.hidden]


def test_the_page_names_this_test():
    assert Path(__file__).name in PAGE.read_text("utf-8")


def test_a_marked_cell_has_a_sign_and_a_comment_besides_its_colour(books):
    marked = [cell for _, sheet in sheets(books) for cell in sheet.cells if cell.style.mark is not None]
    assert marked
    assert all(MARKS[cell.style.mark] in theme.number_format(cell.style) for cell in marked)
    commented = {(sheet.name, cell.row, cell.column) for _, sheet in sheets(books) for cell in sheet.cells if cell.comment}
    assert commented
    words = [cell for _, sheet in sheets(books) for cell in sheet.cells if cell.style.role in ("error", "warning", "info", "passed")]
    assert words
    assert all(str(cell.value or cell.formula).strip() for cell in words)


def test_charts_say_what_they_show(books):
    charts = [chart for _, sheet in sheets(books) for chart in sheet.charts]
    assert len(charts) == 5
    for chart in charts:
        assert chart.title
        assert chart.x_title
        assert chart.y_title
        assert chart.alt_text.startswith(chart.title.partition("（")[0].replace("得分对比", ""))
        assert re.search(r"\d", chart.alt_text)


def test_series_of_a_chart_differ_in_brightness():
    def brightness(colour: str) -> float:
        red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    first, second = theme.CHART_COLOURS[:2]
    assert abs(brightness(first) - brightness(second)) > 80


def test_titles_stand_first_and_sheets_are_named_apart(books):
    for kind, book in books.items():
        names = [sheet.name for sheet in book.sheets]
        assert len(set(names)) == len(names), kind
        assert all(0 < len(name) <= 31 for name in names)
        assert not [name for name in names if re.fullmatch(r"Sheet\d*", name)]
    for kind, sheet in sheets(books):
        first = min(sheet.cells, key=lambda cell: (cell.row, cell.column))
        titled = [cell for cell in sheet.cells if cell.style.role == "title"]
        assert not titled or kind == "template" or kind == "return" or titled[0] is first, sheet.name


def test_letters_are_large_enough():
    assert min(float(str(look.get("font_size", theme.BODY_SIZE))) for look in theme.ROLES.values()) >= 9


def test_links_are_native(books):
    formulas = [cell.formula for _, sheet in sheets(books) for cell in sheet.cells if cell.formula]
    assert formulas
    assert not [formula for formula in formulas if "HYPERLINK" in formula.upper()]


def test_every_sheet_is_set_up_for_printing(books):
    for _, sheet in sheets(books):
        assert sheet.page.one_page or "&P" in sheet.page.footer, sheet.name
    for kind, sheet in sheets(books):
        if kind == "summary" and sheet.filter is not None:
            assert sheet.freeze is not None
            assert sheet.page.repeat_rows is not None
