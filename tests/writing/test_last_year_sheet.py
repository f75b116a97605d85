"""与上年比较: each department beside itself a year ago, in figures that add up."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from jixiao.model.external_data import ExternalData, FormerDepartment, YearResult
from jixiao.model.fact import SUMMARY, Fact, Facts, FactState
from jixiao.model.result import District
from jixiao.model.submission import RosterEntry
from jixiao.writing.summary.sheets.last_year import SCORE, columns
from tests.support.districts import district
from tests.support.libreoffice import needs_libreoffice, recalculated
from tests.support.summaries import summary_workbook

NAME = "与上年比较"
HEADS = [column.heading for column in columns(())]


def with_last_year(pack, size: int = 12) -> District:
    """A district whose departments had a tenth less, a mark less, and half the assets a year ago; the last is new."""
    made = district(pack, size)
    known = []
    for result in made.results:
        if not result.scored:
            known.append(result)
            continue
        facts = []
        for concept, share in (("income.total", "0.9"), ("expenditure.total", "0.9"), ("fixed_assets.total", "0.5")):
            value = result.facts.value(concept, SUMMARY)
            if value is not None:
                facts.append(Fact(concept, SUMMARY, FactState.OK, value * Decimal(share)))
        standing = YearResult(result.scorecard.total_final - 1, "良")
        known.append(replace(result, external=ExternalData(previous=Facts.of(facts), standing=standing)))
    last = max(n for n, result in enumerate(known) if result.scored and result.counted)
    known[last] = replace(known[last], external=ExternalData(previous=Facts(())))
    return replace(made, results=tuple(known))


def workbook(which: District, pack):
    return summary_workbook(which, pack, tool_version="0", options={})


def rows(sheet) -> list[dict[str, object]]:
    lines: dict[int, dict[str, object]] = {}
    for cell in sheet.cells:
        if cell.row > 2 and cell.column < len(HEADS):
            lines.setdefault(cell.row, {})[HEADS[cell.column]] = cell.value
    return list(lines.values())


def test_there_is_no_such_sheet_without_last_years_result(pack):
    assert NAME not in [sheet.name for sheet in workbook(district(pack, 12), pack).sheets]


def test_every_department_that_counts_stands_beside_its_last_year(pack):
    which = with_last_year(pack)
    sheet = next(each for each in workbook(which, pack).sheets if each.name == NAME)
    told = [row for row in rows(sheet) if row.get("项目") == SCORE and row["预算编码"]]
    assert [row["预算编码"] for row in told] == [result.budget_code for result in which.scored]
    *known, new = told
    assert all(row["增减"] == 1 and row["本年"] == row["上年"] + 1 for row in known)
    assert all("等次" in str(row["情况"]) for row in known)
    assert (new["上年"], new["增减"], new["情况"]) == (None, None, "上年结果中没有该部门")


def test_a_change_beyond_the_forms_limit_is_marked_in_words(pack):
    sheet = next(each for each in workbook(with_last_year(pack), pack).sheets if each.name == NAME)
    remarks = {(row["项目"], row["情况"]) for row in rows(sheet) if row.get("项目") in ("收入合计", "固定资产合计") and row["预算编码"]}
    assert remarks >= {("收入合计", ""), ("固定资产合计", "▲ 增加较多，请关注")}
    assert {remark for _, remark in remarks} == {"", "▲ 增加较多，请关注", "上年未填列"}


def test_a_department_that_only_last_year_has_is_told_with_what_became_of_it(pack):
    which = with_last_year(pack)
    late, within = RosterEntry("900001", "某区档案馆"), RosterEntry("900002", "某区防治站", kind="事业", reports_within="某区卫健局")
    gone = (FormerDepartment("900001", "某区档案馆", YearResult(Decimal(88), "良")), FormerDepartment("900002", "某区防治站"), FormerDepartment("", "某区撤并局", YearResult(Decimal(70), "中")))
    which = replace(which, gone=gone, roster=(*which.roster, late, within))
    sheet = next(each for each in workbook(which, pack).sheets if each.name == NAME)
    told = [(row["预算编码"], row["部门名称"], row["类别"], row["上年"], row["本年"], row["情况"]) for row in rows(sheet) if row.get("部门名称") in [each.department for each in gone]]
    assert told == [
        ("900001", "某区档案馆", "", Decimal(88), None, "本年未报送，上年等次良"),
        ("900002", "某区防治站", "事业", None, None, "本年并入“某区卫健局”报送"),
        ("", "某区撤并局", "", Decimal(70), None, "本年未报送，上年等次中"),
    ]
    assert "其中 3 个本年未报送或未计分" in next(str(cell.value) for cell in sheet.cells if cell.style.role == "note")


@needs_libreoffice
def test_changes_and_sums_are_what_a_spreadsheet_program_computes(pack, tmp_path):
    content = workbook(with_last_year(pack), pack)
    sheet = next(each for each in content.sheets if each.name == NAME)
    assert sum(bool(cell.formula) for cell in sheet.cells) > 40
    assert recalculated({"汇总": content}, tmp_path).wrong == {}
