"""The district summary: every sheet in its place, every finding, link, chart and total where it belongs."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

from jixiao.model.finding import Severity
from jixiao.model.result import District
from jixiao.model.submission import Status
from jixiao.pack import load_pack
from jixiao.writing.summary.sheets.rubric import rubric_sheet
from jixiao.writing.xlsx import text_size
from jixiao.writing.xlsx.content import Cell, SheetContent, WorkbookContent
from jixiao.writing.xlsx.write import write_workbook
from tests.support.districts import CONTACT, TELEPHONE, district
from tests.support.libreoffice import formula_values, needs_libreoffice, recalculated
from tests.support.summaries import summarized, summary_workbook, view_of

SHEETS = [
    "总览",
    "报送情况",
    "得分排名",
    "共性问题",
    "问题清单",
    "自评与系统差异",
    "指标得分矩阵",
    "收支汇总",
    "三公经费汇总",
    "固定资产汇总",
    "异常值",
    "雷同文字",
    "抽查建议",
    "评分标准",
    "运行信息",
]
OPTIONS = {"名册": "有"}


def summary(which: District, pack, **more) -> WorkbookContent:
    return summary_workbook(which, pack, tool_version="0.1.0", options=OPTIONS, **more)


def grid(sheet: SheetContent) -> dict[tuple[int, int], Cell]:
    return {(cell.row, cell.column): cell for cell in sheet.cells}


def rows_under(sheet: SheetContent, first_head: str) -> list[dict[str, object]]:
    """The rows of the sheet's main table by head, until the first cell of another role."""
    cells = grid(sheet)
    top = next(cell.row for cell in sheet.cells if cell.value == first_head and cell.style.role == "head")
    heads = {column: str(cell.value) for (row, column), cell in cells.items() if row == top}
    found = []
    row = top + 1
    while (row, 0) in cells and cells[row, 0].style.role not in ("total", "section", "note"):
        found.append({head: cells[row, column].value for column, head in heads.items() if (row, column) in cells})
        row += 1
    return found


@pytest.fixture(scope="module")
def big(pack):
    return district(pack, 80)


@pytest.fixture(scope="module")
def content(big, pack):
    return summary(big, pack)


@pytest.fixture(scope="module")
def sheets(content):
    return {sheet.name: sheet for sheet in content.sheets}


def test_the_sheets_stand_in_their_order_and_it_opens_on_the_overview(content):
    assert [sheet.name for sheet in content.sheets] == SHEETS
    assert content.active == 0


def test_every_finding_has_a_row_with_nothing_personal_in_it(big, pack, sheets):
    rows = rows_under(sheets["问题清单"], "序号")
    wanted = Counter(
        (result.budget_code, finding.rule, finding.message, finding.difference)
        for result in summarized(big, pack).results
        for finding in result.findings
    )
    assert Counter((row["预算编码"], row["规则"], row["问题描述"], row["差额"]) for row in rows) == wanted


def test_too_many_findings_are_cut_errors_first_and_the_sheet_says_where_the_rest_is(big, pack):
    sheet = next(each for each in summary(big, pack, most_rows=50).sheets if each.name == "问题清单")
    rows = [row for row in rows_under(sheet, "序号") if isinstance(row["序号"], int)]
    total = sum(len(result.findings) for result in big.results)
    assert len(rows) == 50
    assert {row["类别"] for row in rows} == {"必改"}
    told = [str(cell.value) for cell in sheet.cells if "data/findings.parquet" in str(cell.value)]
    assert len(told) == 2
    assert all(str(total - 50) in text for text in told)


def test_common_problems_count_departments_once_and_leave_out_replaced_files(big, sheets):
    rows = {(row["规则"], row["类别"]): row for row in rows_under(sheets["共性问题"], "序号")}
    words = {Severity.ERROR: "必改", Severity.WARNING: "需说明", Severity.INFO: "提示"}
    concerned: dict[tuple[str, str], set[str]] = {}
    for result in big.results:
        if result.status not in (Status.SUPERSEDED, Status.DUPLICATE, Status.SKIPPED):
            for finding in result.findings:
                subject = result.budget_code or result.file
                concerned.setdefault((finding.rule, words[finding.severity]), set()).add(subject)
    assert {key: row["涉及部门数"] for key, row in rows.items()} == {key: len(each) for key, each in concerned.items()}
    counts = [row["涉及部门数"] for row in rows.values() if row["类别"] != "提示"]
    assert counts == sorted(counts, reverse=True)


def test_every_result_and_every_department_within_another_has_a_row(big, sheets):
    rows = rows_under(sheets["报送情况"], "序号")
    within = [entry for entry in big.roster if entry.reports_within]
    assert len(rows) == len(big.results) + len(within)
    words = Counter(row["报送状态"] for row in rows)
    assert words["未报送"] == sum(result.status is Status.MISSING for result in big.results)
    assert words["并入报送"] == len(within)


def test_the_rubric_sheet_has_all_points_of_the_form(big, pack):
    """Indicators that departments set themselves are points too."""
    for form in (pack, load_pack("hunan_2020")):
        sheet = rubric_sheet(view_of(replace(big, results=()), form)).content
        total = next(cell for cell in sheet.cells if cell.style.role == "total" and cell.formula)
        points = {cell.row: cell.value for cell in sheet.cells if cell.column == 3 and 2 < cell.row < total.row}
        assert sum(points.values()) == total.value == form.rubric.total
        told = {cell.row for cell in sheet.cells if cell.column == 4 and cell.value}
        assert points.keys() <= told


def test_a_file_that_does_not_count_says_why_and_what_to_do(pack, big, sheets):
    rows = {row["报送文件"]: row for row in rows_under(sheets["报送情况"], "序号")}
    unread = [result for result in big.results if result.status is Status.UNREADABLE]
    assert unread
    for result in unread:
        assert rows[result.file]["情况说明"] == f"{result.reason}。{result.findings[0].remedy}"
    counted = next(result for result in big.results if result.counted and result.scored)
    last_year = replace(counted, counted=False, identity=replace(counted.identity, year=big.year - 1))
    within = replace(counted, counted=False, roster=replace(counted.roster, reports_within="某局"))
    shown = replace(big, results=(last_year, replace(within, file="within.xlsx", submission_id="within")))
    told = rows_under(next(each for each in summary(shown, pack).sheets if each.name == "报送情况"), "序号")
    assert [row["情况说明"] for row in told[:2]] == [
        f"填报为 {big.year - 1} 年度，不计入汇总和排名", "名册注明并入“某局”报送，不计入汇总和排名",
    ]  # fmt: skip


def test_reminders_name_every_missing_department_and_returns_every_returned_one(big, sheets):
    texts = [str(cell.value) for cell in sheets["报送情况"].cells]
    missing = [result.department for result in big.results if result.status is Status.MISSING]
    paste = next(text for text in texts if "截至目前，尚未收到" in text)
    assert paste.startswith("、".join(missing))
    assert "2023年4月30日" in paste
    returned = sum(result.status is Status.RETURNED for result in big.results)
    again = sum(result.status in (Status.UNREADABLE, Status.WRONG_FORM, Status.CONFLICT) for result in big.results)
    assert f"退回名单（退回修改 {returned} 份，需重新报送 {again} 份）" in texts


def test_ranks_share_the_better_place_and_skip_the_next(big, sheets):
    rows = list(rows_under(sheets["得分排名"], "排名"))
    totals = [row["暂定得分"] for row in rows]
    assert [row["排名"] for row in rows] == [1 + sum(other > total for other in totals) for total in totals]
    for row in rows:
        if row["类别"]:
            same = [other["暂定得分"] for other in rows if other["类别"] == row["类别"]]
            assert row["类内排名"] == 1 + sum(other > row["暂定得分"] for other in same)
    assert len(rows) == len(big.scored)


def test_a_filing_that_leaves_its_sheet_out_is_marked(pack, big, sheets):
    rows = {row["预算编码"]: row for row in rows_under(sheets["得分排名"], "排名")}
    for result in big.scored:
        assert (rows[result.budget_code]["核实情况"] == "待核实") is (result.scorecard.full_verified < 30)


def test_money_totals_are_sums_over_all_departments_by_the_row_that_counts(big, pack, sheets):
    for name, concept, head in (
        ("收支汇总", "income.total", "收入合计"),
        ("三公经费汇总", "three_public.total", "三公经费合计"),
    ):
        sheet = sheets[name]
        cells = grid(sheet)
        column = next(cell.column for cell in sheet.cells if cell.value == head)
        total = next(cell.row for cell in sheet.cells if cell.value == "合计")
        expected = Decimal(0)
        for result in big.scored:
            value = result.facts.value(concept, "summary")
            expected += (result.facts.value(concept, "headquarters") if value is None else value) or 0
        assert cells[total, column].value == expected
        letters = chr(ord("A") + column)
        assert cells[total, column].formula == f"SUM(${letters}$5:${letters}${total})"


def test_kinds_are_added_up_to_the_whole(big, sheets):
    sheet = sheets["固定资产汇总"]
    cells = grid(sheet)
    column = next(cell.column for cell in sheet.cells if cell.value == "固定资产合计")
    total = next(cell.row for cell in sheet.cells if cell.value == "合计")
    heading = next(cell.row for cell in sheet.cells if cell.value == "按类别小计")
    kinds = [cells[row, column].value for row in range(heading + 1, heading + 4)]
    stranger = [result for result in big.scored if result.roster is None]
    alone = sum((result.facts.value("fixed_assets.total", "headquarters") for result in stranger), Decimal(0))
    assert sum(kinds) + alone == cells[total, column].value


def test_differences_list_every_indicator_where_self_and_computed_differ(big, sheets):
    rows = rows_under(sheets["自评与系统差异"], "序号")
    wanted = sum(
        score.computed_marks is not None and score.computed_marks != score.self_marks
        for result in big.scored
        for score in result.scorecard.scores
    )
    assert len(rows) == wanted
    assert all(row["差异"] == row["自评得分"] - row["系统得分"] for row in rows)


def test_links_lead_to_sheets_of_the_workbook_and_to_returned_workbooks(big, content):
    names = {sheet.name for sheet in content.sheets}
    outputs = {result.output for result in big.results if result.output}
    files = set()
    for sheet in content.sheets:
        for cell in sheet.cells:
            if cell.link and cell.link.file:
                files.add(cell.link.file)
            elif cell.link:
                assert cell.link.sheet in names
    assert files == outputs
    assert all(file.startswith("departments/") and ".." not in file for file in files)
    listed = [cell.link.sheet for cell in content.sheets[0].cells if cell.link]
    assert listed == SHEETS[1:]
    assert all(any(cell.link and cell.link.sheet == "总览" for cell in sheet.cells) for sheet in content.sheets[1:])


def test_charts_refer_to_the_cells_meant(big, pack, sheets):
    overview = sheets["总览"]
    cells = grid(overview)
    assert len(overview.charts) == 5
    for chart in overview.charts:
        assert chart.title and chart.alt_text and chart.x_title and chart.y_title
        for series in chart.series:
            values, categories = series.values, series.categories
            assert values.sheet == categories.sheet == "总览"
            assert (values.row, values.last_row) == (categories.row, categories.last_row)
            assert cells[values.row - 1, values.column].value == series.name
            for row in range(values.row, values.last_row + 1):
                assert isinstance(cells[row, values.column].value, int | Decimal)
                assert isinstance(cells[row, categories.column].value, str)
            below = cells.get((values.last_row + 1, values.column))
            assert below is None or below.style.role == "head"
    grades = overview.charts[0].series[0]
    told = {
        cells[row, grades.categories.column].value: cells[row, grades.values.column].value
        for row in range(grades.values.row, grades.values.last_row + 1)
    }
    wanted = Counter(result.scorecard.grade for result in big.scored)
    assert told == {grade.label: wanted[grade.label] for grade in pack.rubric.grades}
    histogram = overview.charts[1].series[0].values
    assert sum(cells[row, histogram.column].value for row in range(histogram.row, histogram.last_row + 1)) == len(
        big.scored
    )
    statuses = overview.charts[2].series[0].values
    assert sum(cells[row, statuses.column].value for row in range(statuses.row, statuses.last_row + 1)) == len(
        big.results
    )


def test_a_chart_with_nothing_to_show_is_left_out_and_its_place_says_why(pack):
    """With one missing department nothing is scored: only the statuses can be shown."""
    whole = district(pack, 12)
    none = replace(whole, results=tuple(each for each in whole.results if each.status is Status.MISSING))
    overview = summary(none, pack).sheets[0]
    assert [chart.title for chart in overview.charts] == ["报送和审核情况"]
    told = [str(cell.value) for cell in overview.cells if cell.merged and cell.last_row > cell.row]
    assert len(told) == 4
    assert "评价等次分布：没有已计分的部门。" in told
    assert "自评与系统得分对比（差异较大的指标）：没有自评与系统平均得分不同的指标。" in told


def test_charts_and_figures_print_on_one_page_and_their_data_do_not(sheets):
    overview = sheets["总览"]
    _, _, last, _ = overview.page.print_area
    assert overview.page.one_page and not overview.page.landscape
    feed = next(cell.row for cell in overview.cells if cell.value == "图表数据（不打印）")
    assert last < feed
    assert all(chart.row + chart.height / 20 <= last + 1 for chart in overview.charts)


def test_key_figures_count_departments_not_files(big, sheets):
    cells = grid(sheets["总览"])
    tiles = {
        cell.value: cells[cell.row + 1, cell.column].value for cell in sheets["总览"].cells if cell.style.role == "key"
    }
    own = [entry for entry in big.roster if not entry.reports_within]
    missing = sum(result.status is Status.MISSING for result in big.results)
    assert tiles["应报部门"] == len(own)
    assert tiles["已报送部门"] == len(own) - missing
    assert tiles["未报送"] == missing
    assert tiles["暂定得分最高"] == max(result.scorecard.total_final for result in big.scored)


@pytest.mark.parametrize("name", SHEETS[1:])
def test_sheets_are_frozen_and_repeat_their_heads_in_print(sheets, name):
    sheet = sheets[name]
    top, head = sheet.page.repeat_rows
    assert sheet.freeze[0] == head + 1
    assert top <= head
    assert sheet.page.header == "某区财政局　2022年度"
    if name not in ("评分标准", "运行信息", "雷同文字"):  # nobody shares a text in this district
        assert sheet.filter[0] == head


@pytest.mark.parametrize("name", SHEETS)
def test_every_text_fits_its_cell(sheets, name):
    sheet = sheets[name]
    sizes = {"title": 18, "banner": 10.5, "section": 12, "note": 9, "unit": 9, "figure": 16, "key": 10}
    for cell in sheet.cells:
        if isinstance(cell.value, str) and cell.value and cell.row in sheet.heights:
            width = sum(sheet.widths[column] for column in range(cell.column, max(cell.column, cell.last_column) + 1))
            room = sum(sheet.heights.get(row, 15.0) for row in range(cell.row, max(cell.row, cell.last_row) + 1))
            needed = text_size.height(cell.value, width, sizes.get(cell.style.role, 10.5))
            assert room >= min(needed, 400.0) - 0.1, (cell.value, room, needed)


def test_nothing_personal_and_no_foreign_formula_is_in_the_file(content, tmp_path):
    path = tmp_path / "s.xlsx"
    write_workbook(content, path)
    book = openpyxl.load_workbook(path)
    texts = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    for secret in (CONTACT, TELEPHONE, "核查员乙"):
        assert not any(secret in text for text in texts)
    replies = [cell for row in book["问题清单"].iter_rows() for cell in row if str(cell.value).startswith("=已核对")]
    assert replies and all(cell.data_type == "s" for cell in replies)


def test_the_bytes_are_the_same_each_time(pack):
    def drawn() -> bytes:
        stream = io.BytesIO()
        write_workbook(summary(district(pack, 12), pack), stream)
        return stream.getvalue()

    assert drawn() == drawn()


def test_without_roster_it_says_what_it_cannot_know(pack):
    content = summary(district(pack, 12, roster=False), pack)
    values = [cell.value for cell in content.sheets[0].cells]
    assert values.count("无名册") == 2
    told = [str(cell.value) for cell in content.sheets[1].cells]
    assert any("没有名册" in text for text in told)


@pytest.mark.parametrize("roster", [True, False])
def test_a_district_without_scored_filings_still_has_every_sheet(pack, tmp_path, roster):
    whole = district(pack, 12)
    none = District(
        tuple(replace(result, scorecard=None) for result in whole.results if not result.scored),
        whole.roster if roster else (), roster, 2022,
    )  # fmt: skip
    for empty in (none, District((), (), roster, 2022)):
        content = summary(empty, pack)
        assert [sheet.name for sheet in content.sheets] == SHEETS
        write_workbook(content, tmp_path / "empty.xlsx")
        openpyxl.load_workbook(tmp_path / "empty.xlsx")


def test_the_banner_goes_when_every_review_is_in(pack):
    whole = district(pack, 3)
    reviewed = replace(
        whole,
        results=tuple(
            replace(
                result,
                scorecard=replace(
                    result.scorecard,
                    scores=tuple(score._replace(review_marks=score.final_marks) for score in result.scorecard.scores),
                ),
            )
            for result in whole.results
        ),
    )
    banner = "初审结果，未经复核，不得外传"
    assert banner in [cell.value for cell in summary(whole, pack).sheets[0].cells]
    values = [str(cell.value) for sheet in summary(reviewed, pack).sheets for cell in sheet.cells]
    assert banner not in values
    assert "最终得分" in values and not any("暂定" in value for value in values)


@needs_libreoffice
def test_another_engine_computes_every_formula_to_the_same_value(pack, content, tmp_path):
    written = {"big": content, "small": summary(district(pack, 12, roster=False), pack)}
    assert recalculated(written, tmp_path).wrong == {}
    counts = {name: len(formula_values(each)) for name, each in written.items()}
    assert counts["big"] > 500
    assert counts["small"] > 80


def test_too_many_differences_are_cut_the_smallest_first(big, pack):
    sheet = next(each for each in summary(big, pack, most_rows=20).sheets if each.name == "自评与系统差异")
    rows = [row for row in rows_under(sheet, "序号") if isinstance(row["序号"], int)]
    assert len(rows) == 20
    assert {abs(row["差异"]) for row in rows} == {Decimal("2.5")}
    assert any("data/scores.parquet" in str(cell.value) for cell in sheet.cells)


def test_a_classified_department_is_neither_late_nor_expected(pack):
    whole = district(pack, 12)
    late = next(result for result in whole.results if result.status is Status.MISSING)
    secret = replace(late.roster, classified=True)
    which = replace(
        whole,
        results=tuple(replace(each, roster=secret) if each is late else each for each in whole.results),
        roster=tuple(secret if each == late.roster else each for each in whole.roster),
    )
    sheets = {sheet.name: sheet for sheet in summary(which, pack).sheets}
    rows = rows_under(sheets["报送情况"], "序号")
    assert [row["报送状态"] for row in rows if row["预算编码"] == late.budget_code] == ["涉密不报"]
    assert not any("尚未收到" in str(cell.value) for cell in sheets["报送情况"].cells)
    cells = grid(sheets["总览"])
    tiles = {cell.value: cells[cell.row + 1, cell.column].value for cell in cells.values() if cell.style.role == "key"}
    assert tiles["应报部门"] == tiles["已报送部门"] == 11
    assert tiles["未报送"] == 0
