"""The drawn form shows every concept of its pack, the values as read, whole texts, marks and added columns."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.model.fact import HEADQUARTERS, SUMMARY, Fact, Facts, FactState
from jixiao.model.finding import Severity
from jixiao.model.place import Place
from jixiao.model.submission import Institution
from jixiao.pack import installed_packs, load_pack
from jixiao.pack.declarations.concept import ConceptScope
from jixiao.writing.form.draw import DrawnForm, ExtraColumn, ExtraColumns, Mark, SideColumns, draw_form, extra_key
from jixiao.writing.xlsx.content import Cell, SheetContent, Style
from jixiao.writing.xlsx.text_size import height, lines, rows_for, units
from jixiao.writing.xlsx.theme import ROLES
from tests.support.filings import UNREADABLE, filing, seed_figures, seed_filing

LONG = "举办各类培训班55期，党政领导授课36人次，集中轮训党员干部8015人次。" * 60


def cell_at(drawn: DrawnForm, place: Place) -> Cell:
    sheet = next(each for each in drawn.sheets if each.name == place.sheet)
    return next(cell for cell in sheet.cells if (cell.row, cell.column) == (place.row, place.column))


def shown(drawn: DrawnForm, concept: str, institution: str | None = None) -> object:
    return cell_at(drawn, drawn.places[concept, institution]).value


@pytest.fixture(params=installed_packs())
def any_pack(request):
    return load_pack(request.param)


def test_the_blank_form_has_a_place_for_every_concept(any_pack):
    drawn = draw_form(any_pack)
    placed = {concept for concept, _ in drawn.places}
    for concept in any_pack.concepts.values():
        if "custom.{n}" in concept.id:
            continue
        wanted = concept.id.replace("{n}", "1") if concept.scope is ConceptScope.RECORD else concept.id
        assert wanted in placed
    money = {concept.id for concept in any_pack.concepts.values() if concept.scope is ConceptScope.INSTITUTION}
    assert {(concept, row) for concept in money for row in (SUMMARY, HEADQUARTERS)} <= drawn.places.keys()


def test_no_two_cells_of_a_sheet_overlap(any_pack):
    for sheet in draw_form(any_pack).sheets:
        covered = Counter(
            (row, column)
            for cell in sheet.cells
            for row in range(cell.row, cell.last_row + 1)
            for column in range(cell.column, cell.last_column + 1)
        )
        assert [spot for spot, times in covered.items() if times > 1] == []


def test_every_role_has_a_look(any_pack):
    assert {cell.style.role for sheet in draw_form(any_pack).sheets for cell in sheet.cells} <= ROLES.keys()


HEAD_OF_EXPENDITURE = [
    (0, 0, 2, 0, "机构名称"),
    (0, 1, 2, 1, "支出合计"),
    (0, 2, 0, 5, "其中："),
    (0, 6, 0, 7, "结余"),
    (1, 2, 2, 2, "基本支出"),
    (1, 3, 1, 4, "其中："),
    (1, 5, 2, 5, "项目支出"),
    (1, 6, 2, 6, "当年结余"),
    (1, 7, 2, 7, "累计结余"),
    (2, 3, 2, 3, "人员支出"),
    (2, 4, 2, 4, "公用支出"),
]


def test_heads_are_merged_as_printed(pack):
    report = next(sheet for sheet in draw_form(pack).sheets if sheet.name == "自评报告")
    caption = next(cell for cell in report.cells if str(cell.value).startswith("部门（单位）年度支出和结余情况"))
    top = caption.last_row + 1
    head = [
        (cell.row - top, cell.column, cell.last_row - top, cell.last_column, cell.value)
        for cell in report.cells
        if cell.style.role == "head" and top <= cell.row < top + 3
    ]
    assert sorted(head) == HEAD_OF_EXPENDITURE
    unit = next(cell for cell in report.cells if cell.row == caption.row - 1)
    assert (unit.value, unit.style.role, unit.last_column) == ("单位：万元", "unit", 7)


def test_groups_shared_points_and_the_total_are_merged_on_the_score_sheet(pack):
    sheet = next(sheet for sheet in draw_form(pack).sheets if sheet.name == "评分表")
    spans = {
        str(cell.value).replace(" ", "").replace("\n", ""): (cell.last_row - cell.row + 1, cell.last_column - cell.column + 1)
        for cell in sheet.cells
    }
    assert (spans["过程（40分）"], spans["预算管理（15分）"], spans["15"], spans["总分"]) == ((12, 1), (5, 1), (3, 1), (1, 4))
    standards = [text for text in spans if text.startswith(("此三项指标", "根据区年度"))]
    assert [spans[text][0] for text in standards] == [6, 3]


def test_values_stand_as_read(pack):
    figures = seed_figures() | {
        ("income.other", SUMMARY): "0.123456", "staff.actual": UNREADABLE, "base.satisfaction": "96.5",
        "profile.duties": "=1+1", "opinions.leader": "同意。", "base.check.budget_rules.1": "是",
    }  # fmt: skip
    submission = filing(pack, figures, units=("甲中心",))
    drawn = draw_form(pack, submission.facts, institutions=submission.institutions)
    assert shown(drawn, "income.total", SUMMARY) == Decimal("654.74")
    assert shown(drawn, "income.other", SUMMARY) == Decimal("0.123456")
    assert shown(drawn, "income.carryover", SUMMARY) is None
    assert shown(drawn, "three_public.overseas_travel", HEADQUARTERS) == 0
    assert shown(drawn, "income.total", "甲中心") is None
    assert shown(drawn, "staff.actual") == "约三十"
    assert shown(drawn, "base.satisfaction") == Decimal("96.5")
    assert shown(drawn, "profile.duties") == "=1+1"
    assert shown(drawn, "cover.year") == "（2022年度）"
    assert str(shown(drawn, "opinions.leader")).split("\n")[:2] == ["评价组组长（签字）：", "同意。"]
    assert shown(drawn, "targets.quantitative.3.target") == "指标2：组织150余名科级干部到中心工作一线"


def test_institutions_are_those_filed_and_placeholders_only_where_there_is_none(pack):
    def labels(institutions) -> list[object]:
        sheet = draw_form(pack, Facts(()), institutions=institutions, sheets=["report"]).sheets[0]
        top = next(cell.last_row for cell in sheet.cells if cell.value == "机构名称")
        return [cell.value for cell in sheet.cells if cell.column == 0 and top < cell.row <= top + 6 and cell.value][:6]

    assert labels(())[:3] == ["局机关及二级机构汇总", "1、局机关", "2、二级机构1"]
    filed = (Institution(SUMMARY, "汇总"), Institution(HEADQUARTERS, "部机关"), Institution("甲", "（一）甲"))
    assert labels(filed)[:3] == ["汇总", "部机关", "（一）甲"]


def test_every_unit_has_its_name_and_figures_and_no_other_is_known(pack):
    submission = filing(pack, seed_figures() | {("income.total", "甲中心"): "3.5"}, units=("甲中心",))
    units = (*submission.institutions, Institution("unit.1", "3、unit.1"))
    drawn = draw_form(pack, submission.facts, institutions=units)
    own = drawn.places["income.total", "甲中心"]
    assert cell_at(drawn, own).value == Decimal("3.5")
    assert cell_at(drawn, own._replace(column=0)).value == next(each.label for each in units if each.key == "甲中心")
    other = drawn.places["income.total", "unit.1"]
    assert (cell_at(drawn, other).value, cell_at(drawn, other._replace(column=0)).value) == (None, "3、unit.1")
    assert ("income.total", "unit.2") not in drawn.places
    assert {key for key in drawn.places if key[0] == "income.total"} == {
        ("income.total", each.key) for each in units
    }
    assert drawn.places == dict(drawn.places)


def record(n: int, kind: str, target: str) -> list[Fact]:
    stem = f"targets.quantitative.{n}"
    return [Fact(f"{stem}.kind", None, FactState.OK, text=kind), Fact(f"{stem}.target", None, FactState.OK, text=target)]


@pytest.mark.parametrize(
    ("kinds", "drawn_kinds"),
    [
        # The form's order: blank rows stand under each kind.
        (["数量指标", "数量指标", "数量指标", "社会效益"],
         ["质量指标", "数量指标", "时效指标", "成本指标", "社会效益", "经济效益", "生态效益", "社会公众或服务对象满意度"]),
        # Another order is the department's: it is kept, without blank rows.
        (["社会效益", "数量指标"], ["社会效益", "数量指标"]),
        # A kind of its own.
        (["数量指标", "可持续影响"], ["质量指标", "数量指标", "时效指标", "成本指标", "社会效益", "经济效益", "生态效益", "可持续影响"]),
    ],
)  # fmt: skip
def test_declared_rows_keep_their_order_and_their_kinds_are_merged(pack, kinds, drawn_kinds):
    facts = Facts.of(fact for n, kind in enumerate(kinds, start=1) for fact in record(n, kind, f"目标{n}"))
    drawn = draw_form(pack, facts, sheets=["report"])
    first = drawn.places["targets.quantitative.1.kind", None]
    cells = [cell for cell in drawn.sheets[0].cells if cell.column == first.column and cell.style.role == "label"]
    assert [cell.value for cell in sorted(cells, key=lambda cell: cell.row) if cell.value in {*drawn_kinds}] == drawn_kinds
    rows = [drawn.places[f"targets.quantitative.{n}.target", None].row for n in range(1, len(kinds) + 1)]
    assert rows == sorted(rows)
    for n, kind in enumerate(kinds, start=1):
        assert shown(drawn, f"targets.quantitative.{n}.kind") == kind


def test_a_departments_own_indicators_stand_in_their_group_and_struck_out_ones_are_gone(pack):
    kept = [
        Fact(f"score.{each.id}.self", None, FactState.OK, value=each.full_marks)
        for each in pack.rubric.indicators
        if each.id not in ("government_report", "livelihood")
    ]
    own = [
        Fact("score.custom.1.label", None, FactState.OK, text="招商引资任务"),
        Fact("score.custom.1.full", None, FactState.OK, value=Decimal(7)),
        Fact("score.custom.1.group", None, FactState.OK, text="产出"),
        Fact("score.custom.1.self", None, FactState.OK, value=Decimal(6)),
    ]
    drawn = draw_form(pack, Facts.of([*kept, *own]), sheets=["score"])
    assert {("score.livelihood.self", None), ("score.government_report.self", None)} & drawn.places.keys() == set()
    row = drawn.places["score.custom.1.self", None].row
    assert drawn.places["score.other_results.self", None].row < row < drawn.places["score.economic.self", None].row
    assert (shown(drawn, "score.custom.1.label"), shown(drawn, "score.custom.1.full")) == ("招商引资任务", 7)
    duties = next(cell for cell in drawn.sheets[0].cells if str(cell.value).startswith("职责履行"))
    assert duties.last_row == row


def test_marks_show_at_their_cells_and_the_heaviest_wins_where_one_cell_holds_several(pack):
    submission = seed_filing(pack)
    marks = {
        ("income.total", SUMMARY): Mark(Severity.ERROR, "勾稽关系不符"),
        ("self.grade", None): Mark(Severity.WARNING, "未填列"),
        ("targets.quantitative.2.kind", None): Mark(Severity.INFO, "甲"),
        ("targets.quantitative.3.kind", None): Mark(Severity.WARNING, "乙"),
        ("no.such.concept", None): Mark(Severity.ERROR, "无处可标"),
    }
    drawn = draw_form(pack, submission.facts, institutions=submission.institutions, marks=marks)

    def look(concept: str, institution: str | None = None) -> tuple[Severity | None, str]:
        cell = cell_at(drawn, drawn.places[concept, institution])
        return cell.style.mark, cell.comment

    assert look("income.total", SUMMARY) == (Severity.ERROR, "勾稽关系不符")
    assert look("income.total", HEADQUARTERS) == (None, "")
    assert look("self.grade") == (Severity.WARNING, "未填列")
    assert look("targets.quantitative.2.kind") == (Severity.WARNING, "甲\n\n乙")
    assert sum(cell.style.mark is not None for sheet in drawn.sheets for cell in sheet.cells) == 3


def test_added_columns_stand_right_of_the_table_and_may_cite_every_cell(pack):
    def cells(row: str, places):
        told = ("说明", "", Style("text"))
        if row == "total":
            return (None, "", Style("label")), told
        return (Decimal(1), f"N({places[f'score.{row}.self', None].cell})", Style("score")), told

    heads = SideColumns((ExtraColumn(("系统得分",), 8), ExtraColumn(("测算说明",), 40)))
    drawn = draw_form(pack, seed_filing(pack).facts, extra_columns={"score": ExtraColumns(heads, cells)})
    sheet = next(sheet for sheet in drawn.sheets if sheet.name == "评分表")
    place = drawn.places[extra_key("系统得分", "surplus")]
    assert (place.column, place.row) == (7, drawn.places["score.surplus.self", None].row)
    own = cell_at(drawn, place)
    assert (own.value, own.formula) == (1, f"N({drawn.places['score.surplus.self', None].cell})")
    assert cell_at(drawn, drawn.places[extra_key("系统得分", "total")]).value is None
    assert sheet.page.landscape and sheet.page.print_area is not None
    assert sheet.page.print_area[3] == 8
    checks = [cell for cell in sheet.cells if cell.style.role == "check"]
    assert {cell.column for cell in checks} == {10}


def cells_too_low(sheet: SheetContent) -> list[tuple[int, int]]:
    sizes = {"title": 18.0, "subtitle": 14.0, "section": 12.0, "caption": 11.0, "note": 9.0, "unit": 9.0}
    low = []
    for cell in sheet.cells:
        if not isinstance(cell.value, str) or cell.style.role.startswith("check") or cell.row not in sheet.heights:
            continue
        width = sum(sheet.widths[column] for column in range(cell.column, cell.last_column + 1))
        room = sum(sheet.heights[row] for row in range(cell.row, cell.last_row + 1))
        if height(cell.value, width, sizes.get(cell.style.role, 10.5)) > room + 2.0:
            low.append((cell.row, cell.column))
    return low


@pytest.mark.parametrize("text", ["", "短", LONG, "一行\n" * 90])
def test_rows_are_high_enough_for_every_text_and_none_is_higher_than_a_row_can_be(pack, text):
    places = ("profile.duties", "targets.qualitative.expected", "opinions.bureau", "narrative", "score.surplus.reason")
    figures = seed_figures() | dict.fromkeys(places, text or None) | {"cover.department": "某某" * 30}
    drawn = draw_form(pack, filing(pack, figures).facts)
    for sheet in drawn.sheets:
        assert cells_too_low(sheet) == []
        assert max(sheet.heights.values()) <= 400


@given(st.text(alphabet="甲乙。，12a ", max_size=200), st.integers(4, 90))
def test_a_wider_column_never_needs_more_lines_and_text_never_fits_in_less_than_its_width(text, width):
    taken = lines(text, width)
    assert lines(text, width + 10) <= taken
    assert taken * width * 11 / 10.5 >= units(text) * 0.9 - 2


@given(st.floats(1, 20_000))
def test_rows_for_a_height_add_up_to_it(points):
    heights = rows_for(points)
    assert sum(heights) >= points
    assert all(each <= 400.01 for each in heights)
