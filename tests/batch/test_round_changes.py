"""轮次变化: what a department cleared, left open and brought in from one version to the next."""

from __future__ import annotations

from dataclasses import replace

import openpyxl
import pytest

from jixiao.batch import partition
from jixiao.batch.options import Options
from jixiao.batch.run import run
from jixiao.model.finding import EXPLAINED, Finding, Severity
from jixiao.model.round import compare_rounds
from tests.support.workbooks import Filed, parts, roster

WATER = {"cover.department": "某区水利局", "cover.budget_code": "101003", "profile.contact": "欧阳测试"}
SHEET = "轮次变化"


def finding(rule: str, concept: str | None = None, institution: str | None = None, *, counted: bool = True, message: str = "") -> Finding:
    return Finding(rule, Severity.ERROR, message or rule, concept=concept, institution=institution, counted=counted)


def test_findings_are_the_same_by_rule_concept_and_institution_whatever_their_figures():
    old = [finding("BAL-01", "income.total", "summary", message="差 1"), finding("REQ-01", "staff.quota"), finding("TXT-01", message="甲")]
    new = [finding("BAL-01", "income.total", "summary", message="差 2"), finding("BAL-01", "income.total", "headquarters"),
           finding("TXT-01", message="乙"), finding("SCR-01", "self.total", counted=False)]  # fmt: skip
    told = compare_rounds("id", "旧.xlsx", 2, old, new)
    assert [(each.rule, each.message) for each in told.cleared] == [("REQ-01", "REQ-01"), ("TXT-01", "甲")]
    assert [(each.rule, each.message) for each in told.still] == [("BAL-01", "差 2")]
    assert [(each.rule, each.institution, each.message) for each in told.new] == [
        ("BAL-01", "headquarters", "BAL-01"), ("TXT-01", None, "乙"),
    ]  # fmt: skip


def test_what_the_department_explained_is_neither_cleared_nor_open():
    old = [finding("PLA-06", "score.economic.self"), finding("BAL-01", "income.total", "summary"), finding("REQ-01", "staff.quota")]
    explained = replace(old[0], reply="追加预算 3 万元", state=EXPLAINED, counted=False)
    still = replace(old[1], reply="内部往来", state=EXPLAINED)  # of an error that an explanation does not settle
    told = compare_rounds("id", "旧.xlsx", 2, old, [explained, still])
    assert told.explained == (explained,)
    assert told.still == (still,)
    assert [each.rule for each in told.cleared] == ["REQ-01"]
    assert told.new == ()


def changes_of(done):
    """What changed in the filings of departments that sent several versions, in the order of the results."""
    return [result.change for result in done.district.results if result.change is not None]


@pytest.fixture
def inbox(pack, tmp_path):
    """A department in two rounds: the staff quota blank at first, then filled; its actual staff blank in both; and one in one round."""
    base = {**WATER, "staff.quota": None, "staff.actual": None}
    Filed(pack, base).save(tmp_path / "in" / "第一次报送" / "水利局.xlsx")
    Filed(pack, {**base, "staff.quota": 30, "self.grade": "欧阳测试"}).save(tmp_path / "in" / "第二次报送" / "水利局.xlsx")
    Filed(pack, {"cover.department": "某区统计局", "cover.budget_code": "101004"}).save(tmp_path / "in" / "统计局.xlsx")
    return tmp_path / "in"


def test_the_superseded_version_is_compared_with_the_one_that_counts(pack, inbox, tmp_path):
    book = roster(tmp_path / "名册.xlsx", {"101003": "某区水利局", "101004": "某区统计局"})
    done = run(Options(inbox, tmp_path / "out", pack.id, roster=book))
    (only,) = changes_of(done)
    assert only.before == "第一次报送/水利局.xlsx"
    assert only.versions == 2
    assert "staff.quota" in {each.concept for each in only.cleared}
    assert "staff.actual" in {each.concept for each in only.still}
    assert not {each.concept for each in only.still} & {"staff.quota"}
    sheet = openpyxl.load_workbook(tmp_path / "out" / "区级汇总.xlsx")[SHEET]
    row = [cell.value for cell in sheet[4]]
    assert row[:2] == ["101003", "某区水利局"]
    counts = [len(only.cleared), 0, len(only.new), len(only.still)]
    assert row[3:10] == [2, only.before, len(only.cleared) + len(only.still), *counts]
    assert {(each.concept, each.before, each.after) for each in only.changed} >= {("staff.quota", None, "30")}
    assert not {each.concept for each in only.changed} & {"staff.actual", "cover.department"}
    assert row[11] == len(only.changed)
    cells = openpyxl.load_workbook(tmp_path / "out" / "区级汇总.xlsx")["轮次变动单元格"]
    assert ("（空白）", "30") in [(row[4].value, row[5].value) for row in cells.iter_rows(min_row=4)]
    told = [cell.value for cell in openpyxl.load_workbook(tmp_path / "out" / "区级汇总.xlsx")["轮次问题明细"]["C"]]
    assert (told.count("已消除"), told.count("新增"), told.count("仍未解决")) == tuple(map(len, (only.cleared, only.new, only.still)))
    # Again from what was kept, and anew in other processes: the same.
    before = parts(tmp_path / "out")
    run(Options(inbox, tmp_path / "out", pack.id, roster=book, jobs=2))
    run(Options(inbox, tmp_path / "anew", pack.id, roster=book, jobs=2))
    for after in (parts(tmp_path / "out"), parts(tmp_path / "anew")):
        assert {name: part for name, part in after.items() if name.startswith("区级汇总")} == {
            name: part for name, part in before.items() if name.startswith("区级汇总")
        }


def test_the_letter_says_what_a_second_round_cleared(pack, inbox, tmp_path):
    done = run(Options(inbox, tmp_path / "out", pack.id))
    (water,) = [result for result in done.district.results if result.change]
    letter = openpyxl.load_workbook(tmp_path / "out" / water.output)["审核结果"]
    told = " ".join(str(cell.value) for row in letter for cell in row if cell.value)
    assert f"已消除 {len(water.change.cleared)} 项" in told and "人员编制（REQ-01）" in told
    assert "欧阳测试" not in told


def test_a_version_on_which_the_program_breaks_is_said_to_be_not_compared(pack, inbox, tmp_path, monkeypatch):
    whole = partition.evaluate

    def breaking(submissions, *rest, **more):
        if any(each.file.startswith("第一次") for each in submissions):
            raise RuntimeError("broken")
        return whole(submissions, *rest, **more)

    monkeypatch.setattr(partition, "evaluate", breaking)
    done = run(Options(inbox, tmp_path / "out", pack.id))
    (only,) = changes_of(done)
    assert only.broken and not (only.cleared or only.new or only.still or only.changed)
    sheet = openpyxl.load_workbook(tmp_path / "out" / "区级汇总.xlsx", data_only=True)[SHEET]
    row, sums = ([cell.value for cell in sheet[at]] for at in (4, 5))
    assert row[3:5] == [2, only.before] and row[5:12] == [None] * 7
    assert row[12] == "前一版未能审核，无法对照"
    assert sums[1] == "合计" and sums[5:12] == [0] * 7


def test_without_a_second_version_there_is_no_such_sheet(pack, inbox, tmp_path):
    (inbox / "第一次报送" / "水利局.xlsx").unlink()
    run(Options(inbox, tmp_path / "out", pack.id))
    assert SHEET not in openpyxl.load_workbook(tmp_path / "out" / "区级汇总.xlsx").sheetnames


def test_what_was_replied_to_a_finding_that_is_cleared_stands_with_it(pack, inbox, tmp_path):
    """The department fills in the returned workbook, answers in it too, and sends it again."""
    (inbox / "第二次报送" / "水利局.xlsx").unlink()
    done = run(Options(inbox, tmp_path / "out", pack.id))
    returned = next(result.output for result in done.district.results if result.budget_code == "101003")
    book = openpyxl.load_workbook(tmp_path / "out" / returned)
    findings = book["问题清单"]
    row = next(each for each in findings.iter_rows(min_row=4) if "人员编制" in str(each[6].value) and "REQ-01" in str(each[6].value))
    row[8].value = "已按编办文件补填，欧阳测试"
    place = str(row[2].value).split(" ")
    book[place[0]][place[1]] = 30
    book.save(inbox / "第二次报送" / "水利局.xlsx")
    again = run(Options(inbox, tmp_path / "out", pack.id))
    (compare_rounds,) = changes_of(again)
    (cleared,) = [each for each in compare_rounds.cleared if each.concept == "staff.quota"]
    assert cleared.reply.startswith("已按编办文件补填") and "欧阳测试" not in cleared.reply
    sheet = openpyxl.load_workbook(tmp_path / "out" / "区级汇总.xlsx")["轮次问题明细"]
    assert cleared.reply in [cell.value for cell in sheet["G"]]
