"""How workbooks look, for both forms, a large and a small district, long names and many findings: nothing is cut off,
nothing is named by the wrong head, everything leads somewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from jixiao.demo.generate import district as invented
from jixiao.demo.write import declared_filings
from jixiao.model.external_data import ExternalData, FormerDepartment, YearResult
from jixiao.model.result import District, Result
from jixiao.model.round import compare_cells, compare_rounds
from jixiao.model.sheet_names import BACK_WORDS, FINDINGS_SHEET, RESULT_SHEET
from jixiao.model.submission import Identity, ResolvedIdentity, RosterEntry, Status
from jixiao.pack import load_pack
from jixiao.pipeline import evaluate
from jixiao.writing.findings import finding_rows
from jixiao.writing.form.template import template_workbook
from jixiao.writing.returned.public_copy import public_workbook
from jixiao.writing.returned.workbook import returned_workbook
from jixiao.writing.xlsx import text_size, theme
from jixiao.writing.xlsx.content import Cell, SheetContent, WorkbookContent
from tests.support.summaries import review_workbook, summary_workbook

LONG = "清溪经济技术开发区管理委员会农业农村和水利综合服务中心（原清溪湿地国家级自然保护区管理处）"
KINDS = ("行政", "事业", "乡镇街道")


def results_of(pack, filings) -> list[Result]:
    """Their results as the batch makes them, every third department with a long name, each with a version before."""
    results = []
    for n, filing in enumerate(filings):
        name = f"{filing.department}{LONG if n % 3 == 0 else ''}"
        who = ResolvedIdentity(Identity(name, filing.budget_code or str(900001 + n), 2022), None, ())
        submission = filing.submission(pack)
        (made,) = evaluate([submission], [who], pack, 2022)
        entry = RosterEntry(who.identity.budget_code, name, kind=KINDS[n % 3], section="农业农村股", deadline="2023年4月30日")
        before = compare_rounds(made.submission_id, f"第一次报送/{name}.xlsx", 2, made.findings[::2], made.findings[1:], compare_cells(made.facts, made.facts))
        standing = YearResult(made.scorecard.total_final - 1, "良")
        results.append(
            replace(
                made, roster=entry, output=f"departments/{name}.xlsx", change=before if n % 2 else None,
                external=ExternalData(previous=made.facts, standing=standing),
            )
        )  # fmt: skip
    return results


def district_of(pack, filings) -> District:
    results = results_of(pack, filings)
    late = RosterEntry("999001", f"清溪区地方志编纂室{LONG}", kind="事业", deadline="2023年4月30日")
    missing = Result("m", "", "", Status.MISSING, "未报送（截止 2023年4月30日）", Identity(None, None, None), roster=late, counted=False)
    roster = (*(result.roster for result in results), late)
    gone = (FormerDepartment("999001", late.department, YearResult(Decimal(88), "良")),)
    return District((*results, missing), roster, True, 2022, "清溪区财政局", "预算绩效股 0000-0000000", (), gone)  # type: ignore[arg-type]


def books_of(which: District, pack) -> dict[str, WorkbookContent]:
    parts = {"甲区": ("区县/甲区/区级汇总.xlsx", which), f"乙县{LONG}": ("区县/乙县/区级汇总.xlsx", replace(which, results=which.results[:1]))}
    scored = sorted(which.scored, key=lambda result: (len(result.findings), result.file))
    told = {"fewest": scored[0], "most": scored[-1]}
    return {
        "template": template_workbook(pack),
        "summary": summary_workbook(which, pack, tool_version="0", options={"名册": "有"}, parts=parts),
        "review": review_workbook(which, pack),
        **{f"return of the {name} findings": returned_workbook(each, pack, bureau="清溪区财政局", contact="", year=2022) for name, each in told.items()},
        "public": public_workbook(scored[0], pack, bureau="清溪区财政局", year=2022),
    }


CASES = [(pack, size) for pack in ("yunxi_2022", "hunan_2020") for size in ("small", "large")]


@pytest.fixture(scope="module", params=CASES, ids=["-".join(case) for case in CASES])
def case(request):
    name, size = request.param
    pack = load_pack(name)
    filings = [filing for filing in declared_filings(pack, name) if not filing.absent]
    filings = filings[:3] if size == "small" else [*filings, *invented(pack, 24, faulty=0.8)]
    which = district_of(pack, filings)
    return pack, which, books_of(which, pack)


@pytest.fixture
def books(case):
    return case[2]


def sheets(books):
    return [(f"{kind} / {sheet.name}", sheet) for kind, book in books.items() for sheet in book.sheets if not sheet.hidden]


def width_of(sheet: SheetContent, cell: Cell) -> float:
    return sum(sheet.widths.get(column, 8.43) for column in range(cell.column, max(cell.column, cell.last_column) + 1))


def size_of(cell: Cell) -> float:
    return float(str(theme.ROLES.get(cell.style.role, {}).get("font_size", theme.BODY_SIZE)))


def test_every_text_is_shown_whole_in_its_rows(books):
    short = []
    for where, sheet in sheets(books):
        for cell in sheet.cells:
            rows = range(cell.row, max(cell.row, cell.last_row) + 1)
            # Rows without a height of their own grow with what is in them; checks beside the form run over their right neighbours.
            if not isinstance(cell.value, str) or not cell.value or any(row not in sheet.heights for row in rows):
                continue
            if cell.style.role.startswith("check") or cell.column in sheet.hidden_columns:
                continue
            indent = text_size.INDENT_UNITS if cell.style.role == "told" else 0
            needed = text_size.height(cell.value, width_of(sheet, cell) - indent, size_of(cell))
            if sum(sheet.heights[row] for row in rows) < min(needed, text_size.HIGHEST_ROW) - text_size.PADDING_POINTS:
                short.append((where, cell.row, cell.column, cell.value[:30]))
    assert short == []


def shown(cell: Cell) -> str:
    """A number as its cell shows it."""
    number = theme.NUMBERS.get(cell.style.number, cell.style.number)
    value = Decimal(cell.value)  # type: ignore[arg-type]
    if number.startswith("#,##0.00"):
        return f"{value:,.2f}"
    if number == "#,##0":
        return f"{value:,.0f}"
    if number.startswith("0") and number.endswith("%"):
        return f"{value * 100:.2f}%"
    return re.sub(r"\.?0+$", "", f"{value:f}") if "." in f"{value:f}" else f"{value:f}"


def test_no_number_is_wider_than_its_column(books):
    wide = []
    for where, sheet in sheets(books):
        for cell in sheet.cells:
            if isinstance(cell.value, int | Decimal) and not isinstance(cell.value, bool) and '"' not in cell.style.number:
                mark = 2 if cell.style.mark is not None else 0
                needed = (len(shown(cell)) + mark) * size_of(cell) / 11 + 0.7
                if needed > width_of(sheet, cell):
                    wide.append((where, cell.row, cell.column, shown(cell)))
    assert wide == []


def test_a_link_stands_whole_in_one_line_for_programs_that_do_not_wrap_links(books):
    cut = []
    for where, sheet in sheets(books):
        for cell in sheet.cells:
            if cell.link is not None and text_size.units(str(cell.value)) * size_of(cell) / 11 + 0.7 > width_of(sheet, cell):
                cut.append((where, cell.row, cell.value))
    assert cut == []


def test_links_lead_to_cells_that_there_are_and_to_files_of_the_result(case):
    _, which, books = case
    outputs = {result.output for result in which.results if result.output} | {"区县/甲区/区级汇总.xlsx", "区县/乙县/区级汇总.xlsx"}
    for kind, book in books.items():
        by_name = {sheet.name: sheet for sheet in book.sheets}
        for sheet in book.sheets:
            for cell in sheet.cells:
                if cell.link is None:
                    continue
                if cell.link.file:
                    assert cell.link.file in outputs, (kind, cell.link)
                    continue
                target = by_name[cell.link.sheet]
                held = {(each.row, each.column) for each in target.cells}
                assert (cell.link.row, cell.link.column) in held, (kind, sheet.name, cell.link)


def test_charts_cite_cells_that_hold_what_they_show(books):
    charts = [(book, sheet, chart) for book in books.values() for sheet in book.sheets for chart in sheet.charts]
    assert len(charts) == 5
    for book, sheet, chart in charts:
        cells = {(each.name, cell.row, cell.column): cell.value for each in book.sheets for cell in each.cells}
        for series in chart.series:
            spans = [(span.sheet, row, span.column) for span in (series.categories, series.values) for row in range(span.row, span.last_row + 1)]
            assert all(at in cells for at in spans)
            numbers = [cells[at] for at in spans[len(spans) // 2 :]]
            assert all(isinstance(each, int | Decimal) for each in numbers)
            assert any(numbers) and all(each >= 0 for each in numbers)
            assert chart.whole == all(isinstance(each, int) for each in numbers)
        if chart.whole:
            assert chart.most == max(int(cells[value.sheet, row, value.column]) for value in (s.values for s in chart.series) for row in range(value.row, value.last_row + 1))
        right = chart.column * 72 + chart.width
        assert right <= sum(int(sheet.widths[column] * 7 + 0.5) + 5 for column in range(12))


def test_what_is_printed_again_on_every_page_heads_all_that_stands_below_it(books):
    """A second table under other heads would be printed under those of the first one."""
    for where, sheet in sheets(books):
        if sheet.page.repeat_rows is None or where.endswith("评分标准"):
            continue
        _first, last = sheet.page.repeat_rows
        heads = {cell.column: cell.value for cell in sheet.cells if cell.row == last and cell.style.role == "head"}
        again: dict[int, dict[int, object]] = {}
        for cell in sheet.cells:
            if cell.row > last and cell.style.role == "head":
                again.setdefault(cell.row, {})[cell.column] = cell.value
        assert all(row == heads for row in again.values()), where


def test_every_sheet_prints_on_a4_with_all_that_belongs_to_it(books):
    for where, sheet in sheets(books):
        area = sheet.page.print_area
        if area is None:
            continue
        left_out = [
            cell for cell in sheet.cells
            if cell.value not in (None, "", BACK_WORDS) and cell.column not in sheet.hidden_columns and not cell.style.role.startswith("check")
            and not (area[0] <= cell.row <= area[2] and area[1] <= cell.column <= area[3])
        ]  # fmt: skip
        # The figures that feed the charts of 总览 stand below its printed page.
        assert left_out == [] or where.endswith("总览"), where


def test_every_finding_stands_in_the_returned_workbook_and_in_the_summary(case):
    pack, which, _ = case
    summary = summary_workbook(which, pack, tool_version="0", options={})
    listed = next(sheet for sheet in summary.sheets if sheet.name == FINDINGS_SHEET)
    rules = sorted(str(cell.value) for cell in listed.cells if cell.column == 4 and cell.row > 2 and cell.value)
    assert rules == sorted(finding.rule for result in which.results for finding in result.findings)
    for result in which.scored:
        book = returned_workbook(result, pack, bureau="", contact="", year=2022)
        own = next(sheet for sheet in book.sheets if sheet.name == FINDINGS_SHEET)
        told = [cell.value for cell in own.cells if cell.column == 6 and cell.row > 2]
        assert len(told) == len(finding_rows(result.findings))
        every = "\n".join(map(str, told))
        assert all(finding.rule in every for finding in result.findings)
        letter = next(sheet for sheet in book.sheets if sheet.name == RESULT_SHEET)
        assert letter.page.one_page and letter.page.print_area is not None
