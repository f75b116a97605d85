"""The rubric as a workbook: out and in again the same, changed cells change the rubric, wrong cells are named."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.errors import UsageError
from jixiao.model.finding import Finding
from jixiao.model.place import Place
from jixiao.pack import Pack, installed_packs, load_pack
from jixiao.pack.save import toml_text
from jixiao.rubric_workbook.assemble import assemble
from jixiao.rubric_workbook.columns import CONCEPTS_SHEET, HEAD_ROW
from jixiao.rubric_workbook.draw import rubric_workbook
from jixiao.rubric_workbook.read import read_rubric_workbook
from jixiao.services.rubric_exchange import export_rubric, import_rubric
from jixiao.writing.xlsx.content import Cell, Style, WorkbookContent
from jixiao.writing.xlsx.write import write_workbook

TEXT, RATE = Style("input"), Style("score", "percent")
Change = tuple[str, str, str, object]
"""A sheet, the row by the text of its first cell (`#2` for the second row of it), a head, and the new value."""


def place_of(content: WorkbookContent, sheet: str, row: str, head: str) -> Place:
    """The cell of a row and head."""
    cells = next(each for each in content.sheets if each.name == sheet).cells
    name, _, nth = row.partition("#")
    column = next(each.column for each in cells if each.row == HEAD_ROW and each.value == head)
    rows = [each.row for each in cells if each.column == 0 and each.row > HEAD_ROW and (each.value or "") == name]
    return Place(sheet, rows[int(nth or 1) - 1], column)


def changed(pack: Pack, *changes: Change) -> WorkbookContent:
    """The workbook with some cells changed."""
    content = rubric_workbook(pack)
    for sheet, row, head, value in changes:
        where = place_of(content, sheet, row, head)
        cells = next(each for each in content.sheets if each.name == sheet).cells
        kept = next(each for each in cells if (each.row, each.column) == where[1:3])
        style = TEXT if isinstance(value, str) else kept.style
        cells[cells.index(kept)] = Cell(where.row, where.column, value, style)  # type: ignore[arg-type]
    return content


def imported(pack: Pack, content: WorkbookContent, folder: Path) -> tuple[object, tuple[Finding, ...]]:
    path = folder / "rubric.xlsx"
    write_workbook(content, path)
    return assemble(pack, read_rubric_workbook(path, pack))


@pytest.mark.parametrize("name", installed_packs())
def test_out_and_in_again_it_is_the_same_rubric_and_a_pack_that_loads(tmp_path: Path, name: str) -> None:
    export_rubric(tmp_path / "rubric.xlsx", name)
    assert import_rubric(tmp_path / "rubric.xlsx", name, tmp_path / "next") == ()
    again = load_pack(tmp_path / "next")
    assert again.rubric == load_pack(name).rubric
    assert again.id == "next" and again.concepts == load_pack(name).concepts


CHANGES: list[tuple[str, list[Change], object]] = [
    ("full marks and points of the groups above",
     [("指标", "staff_control", "分值", 4), ("指标", "key_spending", "分值", 6), ("档次", "key_spending", "得分", 6)],
     lambda r: (r.indicator("staff_control").full_marks, r.indicator("key_spending").method.bands[0].marks) == (4, 6)),
    ("an edge of a band",
     [("档次", "key_spending", "下限", "85%"), ("档次", "key_spending#2", "上限", "85%")],
     lambda r: r.indicator("key_spending").method.bands[0].lower == Decimal("0.85")),
    ("an edge typed into a cell that shows percentages",
     [("指标", "official_card", "界限", Decimal("0.6"))],
     lambda r: r.indicator("official_card").method.limit == Decimal("0.6")),
    ("how parts of a point count", [("总则", "不足一个百分点的部分", "内容", "按比例计")],
     lambda r: r.settings.partial_points == "proportional"),
    ("which told scores are reviewed", [("总则", "自评计列的指标达到此分值须复核", "内容", 5)],
     lambda r: r.settings.review_reported_from == 5),
    ("that no told score is reviewed", [("总则", "自评计列的指标达到此分值须复核", "内容", None)],
     lambda r: r.settings.review_reported_from is None),
    ("the reading in use", [("指标", "budget_adjustment", "采用口径", "increases")],
     lambda r: r.settings.readings["budget_adjustment"] == "increases"),
    ("another method",
     [("指标", "procurement", "评分方法", "超过扣分"), ("指标", "procurement", "每点（例）扣分", Decimal("0.3"))],
     lambda r: (r.indicator("procurement").method.kind, r.indicator("procurement").method.per_point) == ("points_over", Decimal("0.3"))),
    ("an input by its name", [("比率", "asset_utilisation", "分子", "固定资产·出租固定资产")],
     lambda r: r.indicator("asset_utilisation").measures[0].numerator == ("fixed_assets.leased_out",)),
    ("an input by its id", [("比率", "asset_utilisation", "分子", "fixed_assets.leased_out")],
     lambda r: r.indicator("asset_utilisation").measures[0].numerator == ("fixed_assets.leased_out",)),
    ("a grade", [("等次", "优", "下限", 92)], lambda r: r.grade(Decimal("91")) == "良"),
    ("an indicator struck out, its points elsewhere",
     [("指标", "livelihood", head, None) for head in ("名称", "二级指标编号", "分值", "依据", "数据来源", "评分方法", "编号")]
     + [("指标", "key_projects", "分值", 4), ("可调整组", "duties", "所含指标编号", "moderately_prosperous、growth_pole、government_report、key_projects、other_results")],
     lambda r: len(r.indicators) == 24 and r.indicator("key_projects").full_marks == 4),
    ("a condition", [("条件", "surplus#2", "得分", 1)], lambda r: r.indicator("surplus").method.conditions[1].marks == 1),
    ("the order of a checklist's points",
     [("检查清单", "asset_rules", "得分", 1), ("检查清单", "asset_rules#2", "得分", 2)],
     lambda r: [each.marks for each in r.indicator("asset_rules").method.items] == [1, 2]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "holds"), [case[1:] for case in CHANGES], ids=[case[0] for case in CHANGES])
def test_a_changed_cell_changes_the_rubric_of_the_pack_written(pack: Pack, tmp_path: Path, changes, holds) -> None:  # type: ignore[no-untyped-def]
    write_workbook(changed(pack, *changes), tmp_path / "rubric.xlsx")
    assert import_rubric(tmp_path / "rubric.xlsx", pack.id, tmp_path / "next") == ()
    written = load_pack(tmp_path / "next")
    assert holds(written.rubric) and written.rubric != pack.rubric
    assert not holds(pack.rubric)


def test_a_small_change_is_written_as_a_delta_of_the_pack(pack: Pack, tmp_path: Path) -> None:
    write_workbook(changed(pack, ("指标", "official_card", "界限", "60%")), tmp_path / "rubric.xlsx")
    import_rubric(tmp_path / "rubric.xlsx", pack.id, tmp_path / "next")
    assert sorted(each.name for each in (tmp_path / "next").iterdir()) == ["pack.toml", "rubric.toml"]
    told = (tmp_path / "next" / "rubric.toml").read_text(encoding="utf-8")
    assert told.split("\n", 2)[2].strip() == '[[indicators]]\nid = "official_card"\n\n[indicators.method]\nlimit = 0.6'
    # Another order cannot be told as a delta: the whole is written.
    content = rubric_workbook(pack)
    cells = next(each for each in content.sheets if each.name == "等次").cells
    moved = {HEAD_ROW + 1: HEAD_ROW + 2, HEAD_ROW + 2: HEAD_ROW + 1}
    for cell in cells:
        cell.row = cell.last_row = moved.get(cell.row, cell.row)
    write_workbook(content, tmp_path / "order.xlsx")
    assert import_rubric(tmp_path / "order.xlsx", pack.id, tmp_path / "order") == ()
    assert [each.label for each in load_pack(tmp_path / "order").rubric.grades] == ["良", "优", "中", "差"]


WRONG: list[tuple[str, list[Change], list[tuple[str, str, str, str]]]] = [
    ("a number that is none", [("指标", "staff_control", "分值", "五分左右")], [("RUB-01", "指标", "staff_control", "分值")]),
    ("a bare number for a percentage", [("档次", "key_spending", "下限", "90")], [("RUB-01", "档次", "key_spending", "下限")]),
    ("a word that is not offered", [("指标", "procurement", "评分方法", "不足扣份")], [("RUB-01", "指标", "procurement", "评分方法")]),
    ("an input that the form lacks", [("比率", "staff_control", "分子", "基本概况·实有人")], [("RUB-01", "比率", "staff_control", "分子")]),
    ("a balance that there is not", [("指标", "key_spending", "未填按零的条件", "年度支出和结余情况·项目支出：BAL-99")], [("RUB-01", "指标", "key_spending", "未填按零的条件")]),
    ("a blank name", [("指标", "staff_control", "名称", None)], [("RUB-02", "指标", "staff_control", "名称")]),
    ("a method without its limit", [("指标", "official_card", "界限", None)], [("RUB-02", "指标", "official_card", "界限")]),
    ("a band of no indicator", [("档次", "satisfaction#4", "指标编号", "satisfied")], [("RUB-03", "档次", "satisfied", "指标编号")]),
    ("a band of an indicator without bands", [("档次", "satisfaction#4", "指标编号", "surplus")], [("RUB-03", "档次", "surplus", "指标编号")]),
    ("points that do not add up", [("指标", "staff_control", "分值", 6)], [("RUB-04", "二级指标", "allocation", "分值")]),
    ("a gap between bands", [("档次", "satisfaction#2", "上限", "94%")], [("RUB-04", "档次", "satisfaction", "指标编号")]),
    ("marks over the full marks", [("档次", "key_spending#2", "得分", 8)], [("RUB-04", "档次", "key_spending#2", "得分")]),
    ("a criterion that there is not", [("指标", "surplus", "二级指标编号", "elsewhere")],
     [("RUB-04", "二级指标", "execution", "分值"), ("RUB-04", "指标", "surplus", "二级指标编号")]),
    ("a reading that there is not", [("指标", "budget_adjustment", "采用口径", "sizes")], [("RUB-04", "指标", "budget_adjustment", "采用口径")]),
    ("a share over the whole and marks that no row has",
     [("总则", "复算不足此比例标待核实", "内容", "130%"), ("总则", "自评计列的指标达到此分值须复核", "内容", 0)],
     [("RUB-04", "总则", "复算不足此比例标待核实", "内容"), ("RUB-04", "总则", "自评计列的指标达到此分值须复核", "内容")]),
    ("two wrong cells, both told", [("指标", "staff_control", "分值", "?"), ("等次", "优", "下限", "高")],
     [("RUB-01", "指标", "staff_control", "分值"), ("RUB-01", "等次", "优", "下限")]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_a_wrong_cell_ends_in_a_finding_that_names_it(pack: Pack, tmp_path: Path, changes, expected) -> None:  # type: ignore[no-untyped-def]
    content = changed(pack, *changes)
    rubric, findings = imported(pack, content, tmp_path)
    assert rubric is None
    assert [(each.rule, each.place) for each in findings] == [(code, place_of(content, *where)) for code, *where in expected]
    for each in findings:
        assert each.remedy and each.message and "{" not in each.message and "None" not in each.message
        if each.rule != "RUB-04":
            assert each.expected and each.actual and each.expected in each.message


def test_what_was_probably_meant_is_suggested(pack: Pack, tmp_path: Path) -> None:
    wrong: list[Change] = [("指标", "procurement", "评分方法", "不足扣份"), ("比率", "staff_control", "分子", "基本概况·实有人")]
    _, findings = imported(pack, changed(pack, *wrong), tmp_path)
    assert [each.suggestion for each in findings] == ["是否为“不足扣分”？", "是否为“基本概况·实有人数”？"]


def test_a_missing_sheet_or_column_is_told_and_nothing_is_guessed(pack: Pack, tmp_path: Path) -> None:
    content = rubric_workbook(pack)
    content.sheets = [each for each in content.sheets if each.name not in ("档次", CONCEPTS_SHEET)]
    head = next(each for each in content.sheets if each.name == "等次").cells
    next(each for each in head if each.value == "下限").value = "最低"
    rubric, findings = imported(pack, content, tmp_path)
    assert rubric is None
    assert [(each.rule, each.expected) for each in findings] == [("RUB-05", "档次"), ("RUB-05", "下限")]


def test_a_workbook_of_another_pack_is_told_so(pack: Pack, tmp_path: Path) -> None:
    other = load_pack("yunxi_2023")
    rubric, findings = imported(pack, rubric_workbook(other), tmp_path)
    assert rubric is None
    assert [(each.rule, each.expected, each.actual) for each in findings] == [("RUB-03", pack.id, other.id)]
    assert findings[0].remedy == "请在导入时注明 --pack yunxi_2023。"


def test_moved_columns_and_inserted_rows_read_the_same(pack: Pack, tmp_path: Path) -> None:
    content = rubric_workbook(pack)
    for sheet in content.sheets:
        width = 1 + max(cell.column for cell in sheet.cells)
        for cell in sheet.cells:
            shift = 1 if cell.row >= HEAD_ROW else 0
            cell.row = cell.last_row = cell.row + shift
            if sheet.name not in ("总则", CONCEPTS_SHEET) and cell.row > HEAD_ROW:
                cell.column = cell.last_column = width - 1 - cell.column
        sheet.validations.clear()
    rubric, findings = imported(pack, content, tmp_path)
    assert (rubric, findings) == (pack.rubric, ())


def test_a_folder_with_something_in_it_is_not_written_to(pack: Pack, tmp_path: Path) -> None:
    export_rubric(tmp_path / "rubric.xlsx", pack.id)
    with pytest.raises(UsageError, match="已有内容"):
        import_rubric(tmp_path / "rubric.xlsx", pack.id, tmp_path)
    with pytest.raises(UsageError, match="找不到"):
        import_rubric(tmp_path / "nothing.xlsx", pack.id, tmp_path / "new")
    (tmp_path / "text.xlsx").write_text("not a workbook")
    with pytest.raises(UsageError, match="无法读取"):
        import_rubric(tmp_path / "text.xlsx", pack.id, tmp_path / "new")


def test_toml_text_reads_as_what_was_written() -> None:
    import tomllib

    content = {
        "text": 'a "quoted"\\line\nand\tmore\x7f', "yes": True, "n": 3, "d": Decimal("0.10"), "list": ["a", Decimal(1)],
        "none": [], "inner": {"a": {"b": {"c": {"d": Decimal("-0.5")}}}, "键": "值"}, "rows": [{"x": 1}, {"y": [{"z": "é"}]}],
    }  # fmt: skip
    assert tomllib.loads(toml_text(content), parse_float=Decimal) == content
    assert tomllib.loads(toml_text({"a": None, "b": 1})) == {"b": 1}


def test_on_the_command_line_wrong_cells_and_lint_problems_are_a_line_each_and_end_with_2(
    pack: Pack, tmp_path: Path
) -> None:
    def run(*words: str) -> tuple[int, list[str]]:
        done = subprocess.run([sys.executable, "-m", "jixiao", "rubric", *words], capture_output=True, text=True, encoding="utf-8")
        return done.returncode, done.stdout.splitlines()

    wrong: list[Change] = [("指标", "staff_control", "分值", "?"), ("等次", "优", "下限", "高")]
    write_workbook(changed(pack, *wrong), tmp_path / "rubric.xlsx")
    status, lines = run("import", str(tmp_path / "rubric.xlsx"), "-o", str(tmp_path / "new"))
    assert (status, len(lines)) == (2, 2) and not (tmp_path / "new").exists()
    assert lines[0] == "[RUB-01] 指标!E4　指标·分值填有“?”，应为数字。请更正后重新导入。"
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "pack.toml").write_text(f'extends = "{pack.id}"\nid = "bad"\n', encoding="utf-8")
    bad = '[[indicators]]\nid = "staff_control"\nfull_marks = 6\nsource = ""\n\n[[dimensions]]\nid = "input"\npoints = 14\n'
    (folder / "rubric.toml").write_text(bad, encoding="utf-8")
    status, lines = run("check", "--pack", str(folder))
    keys = [line.split("：")[0] for line in lines]
    assert (status, keys) == (2, [
        "rubric.toml 的 criteria.allocation.points", "rubric.toml 的 dimensions.input.points", "rubric.toml 的 total",
        "rubric.toml 的 indicators.staff_control.source",
    ])  # fmt: skip
