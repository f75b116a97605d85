"""What the bureau knows, from its workbook: headings, units, refusals, and whose row it is."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from jixiao.batch.external.bureau_figures import ReferenceRow, read_reference, reference_of, unmatched
from jixiao.batch.external.roster import read_roster
from jixiao.errors import UsageError
from jixiao.model.fact import Facts
from jixiao.model.submission import Identity
from jixiao.pack import load_pack
from jixiao.pack.bureau_figures import heading, named, offered
from jixiao.services.templates import write_reference_template
from tests.support.workbooks import roster


def workbook(path: Path, headings: list[object], *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["财政核对数据"])
    book.active.append(["预算编码", "部门名称", *headings])
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def figures(pack, path: Path) -> dict[str, object]:
    (row,) = read_reference(path, pack)
    return {fact.concept: fact.value if fact.text is None else fact.text for fact in row.facts}


HEADED = [
    ("预算调整数", 12.5, {"base.budget.adjustment": "12.5"}),
    ("预算调整数（万元）", 12.5, {"base.budget.adjustment": "12.5"}),
    ("预算调整数(元)", 125000, {"base.budget.adjustment": "12.5"}),
    ("base.budget.adjustment", -3, {"base.budget.adjustment": "-3"}),
    ("基础数据表·预算调整数", "12.5万元", {"base.budget.adjustment": "12.5"}),
    ("支出合计", "1,234.50", {"expenditure.total": "1234.5"}),
    ("年度支出和结余情况·汇总·支出合计", 7, {"expenditure.total": "7"}),
    ("公务接待费·上年决算数", 1, {"base.three_public.reception.last_actual": "1"}),
    ("服务对象满意度（%）", "96.5%", {"base.satisfaction": "96.5"}),
    ("实有人数（人）", 31, {"staff.actual": "31"}),
    ("资金使用不合规事项数", 0, {"base.compliance.violations": "0"}),
    ("②按规定时限公开预决算信息·是/否", "√", {"base.check.disclosure.2": "是"}),
    ("支出合计", None, {}),
    ("支出合计", "—", {}),
    ("备注", "另报", {}),
]


@pytest.mark.parametrize(("head", "cell", "expected"), HEADED)
def test_a_column_is_known_by_label_or_id_and_read_in_its_unit(pack, tmp_path, head, cell, expected):
    found = figures(pack, workbook(tmp_path / "r.xlsx", [head], ["101001", "某部", cell]))
    assert {key: value if isinstance(value, str) else format(value.normalize(), "f") for key, value in found.items()} == expected


REFUSED = [
    ("支出总额", 1, "财政核对数据“r.xlsx”第 2 行的“支出总额”栏不是表样中的指标，请用表样的名称。"),
    ("支出合计（人）", 1, "财政核对数据“r.xlsx”第 2 行的“支出合计（人）”栏不是表样中的指标，请用表样的名称。"),
    ("支出合计", "约七百", "财政核对数据“r.xlsx”第 3 行“支出合计”栏填有“约七百”，无法识别为数字，请更正。"),
    ("支出合计", -7, "财政核对数据“r.xlsx”第 3 行“支出合计”栏填有 -7，不应为负数。"),
    ("支出合计", "=A1", "财政核对数据“r.xlsx”第 3 行“支出合计”栏填有“=A1”，无法识别为数字，请更正。"),
    ("实有人数", 3.5, "财政核对数据“r.xlsx”第 3 行“实有人数”栏填有 3.5，应为整数。"),
    ("服务对象满意度", 0.95, "财政核对数据“r.xlsx”第 3 行“服务对象满意度”栏填有“0.95”，请按百分数填写，例如 96.5 或 96.5%。"),
    ("①按规定内容公开预决算信息·是/否", "也许",
     "财政核对数据“r.xlsx”第 3 行“①按规定内容公开预决算信息·是/否”栏填有“也许”，应为是或否。"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "cell", "message"), REFUSED)
def test_what_cannot_be_used_is_refused_by_its_place(pack, tmp_path, head, cell, message):
    with pytest.raises(UsageError) as refused:
        read_reference(workbook(tmp_path / "r.xlsx", [head], ["101001", "某部", cell]), pack)
    assert str(refused.value) == message


def test_rows_of_one_department_or_of_nobody_and_columns_given_twice_are_refused(pack, tmp_path):
    with pytest.raises(UsageError, match=r"第 4 行与第 3 行是同一部门"):
        read_reference(workbook(tmp_path / "a.xlsx", ["支出合计"], ["1", "甲", 1], ["1", "乙", 2]), pack)
    with pytest.raises(UsageError, match=r"第 3 行填有数据，未填预算编码和部门名称"):
        read_reference(workbook(tmp_path / "b.xlsx", ["支出合计"], [None, None, 1]), pack)
    with pytest.raises(UsageError, match=r"“expenditure\.total”栏出现两次"):
        read_reference(workbook(tmp_path / "c.xlsx", ["支出合计", "expenditure.total"]), pack)


def test_every_cell_and_row_that_cannot_be_used_is_told_at_once(pack, tmp_path):
    path = workbook(tmp_path / "r.xlsx", ["支出合计", "实有人数"], ["1", "甲", "约七", 3.5], ["1", "乙", 2, 4], [None, None, 1])
    with pytest.raises(UsageError) as refused:
        read_reference(path, pack)
    assert [line.split("”", 1)[1][:7] for line in str(refused.value).split("\n")] == [
        "第 3 行“支", "第 3 行“实", "第 4 行与第", "第 5 行填有",
    ]  # fmt: skip


def test_every_code_given_twice_in_a_roster_is_told_at_once(tmp_path):
    book = openpyxl.Workbook()
    for row in (["预算编码", "部门名称"], ["1", "甲"], ["1", "乙"], ["2", "丙"], ["2", "丁"]):
        book.active.append(row)
    book.save(tmp_path / "名册.xlsx")
    with pytest.raises(UsageError, match=r"第 3 行的预算编码 1 与第 2 行重复.*\n.*第 5 行的预算编码 2 与第 4 行重复"):
        read_roster(tmp_path / "名册.xlsx")


def test_a_department_is_known_by_its_code_then_by_its_name(pack, tmp_path):
    rows = read_reference(
        workbook(tmp_path / "r.xlsx", ["支出合计"], ["1", "甲局", 1], [None, "乙（局）", 2], ["3", "丙局", 3]), pack
    )

    def row_of(code: str | None, name: str) -> int | None:
        found = reference_of(rows, Identity(name, code, 2022))
        return found.row if found else None

    assert [row_of("1", "改名局"), row_of("2", "乙局"), row_of(None, "丙局"), row_of("9", "丙局"), row_of("9", "丁局")] == [
        3, 4, 5, None, None,
    ]  # fmt: skip
    assert [row.row for row in unmatched(rows, [rows[1]])] == [3, 5]
    nothing = [row._replace(facts=Facts(())) for row in rows]
    assert unmatched(nothing, []) == []


@pytest.mark.parametrize("name", ["yunxi_2022", "hunan_2020"])
def test_the_blank_workbook_has_a_column_for_every_input_of_a_score_and_reads_back(name, tmp_path):
    pack = load_pack(name)
    concepts = offered(pack)
    asked = {each for indicator in pack.rubric.indicators for each in indicator.inputs}
    assert asked <= {concept.id for concept in concepts}
    assert [named(pack, heading(pack, concept))[0] for concept in concepts] == [(concept,) for concept in concepts]
    book = roster(tmp_path / "名册.xlsx", {"101003": "某区水利局", "101004": "某区统计局"})
    write_reference_template(tmp_path / "r.xlsx", book, name)
    assert [row[:2] for row in read_reference(tmp_path / "r.xlsx", pack)] == [
        ("101003", "某区水利局"), ("101004", "某区统计局"),
    ]  # fmt: skip
    filled = openpyxl.load_workbook(tmp_path / "r.xlsx")
    for n in range(len(concepts)):
        filled.active.cell(4, 3 + n).value = concepts[n].choices[0] if concepts[n].choices else n + 1
    filled.save(tmp_path / "r.xlsx")
    first: ReferenceRow = read_reference(tmp_path / "r.xlsx", pack)[0]
    assert [fact.concept for fact in first.facts] == [concept.id for concept in concepts]
    assert [fact.value or fact.text for fact in first.facts] == [
        concept.choices[0] if concept.choices else Decimal(n + 1) for n, concept in enumerate(concepts)
    ]
