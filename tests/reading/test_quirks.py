"""What really arrives: a case for each kind of thing seen in filings, each with its value or its exact finding.

The ids quote the list that these were collected in. Every case goes through a real workbook file.
"""

from __future__ import annotations

import io
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.batch.options import Options
from jixiao.batch.run import run
from jixiao.model.fact import FactState
from jixiao.model.submission import Status, Submission, UnreadableFiling
from jixiao.pack import load_pack
from jixiao.reading.formats.detect import is_system_file
from jixiao.reading.formats.grid import Grid, Merge, UncachedFormula
from jixiao.services.check import check_files
from jixiao.values.amounts import amounts_in_prose
from tests.support import files, grids
from tests.support.filings import seed_figures
from tests.support.workbooks import parts

DATA = Path(__file__).parent / "data"
PACK = load_pack("yunxi_2022")
S, HQ = "summary", "headquarters"
INCOME, STAFF, RATE = ("income.total", S), ("staff.actual", None), ("base.satisfaction", None)
TICK, DAY = ("base.check.budget_rules.1", None), ("cover.report_date", None)
BLANK, UNREADABLE = FactState.BLANK, FactState.UNREADABLE


def reading(path: Path) -> Submission:
    read = files.read(PACK, path)
    assert isinstance(read, Submission), [finding.message for finding in read.findings]
    return read


def of_grids(sheets: list[Grid], tmp_path: Path) -> Submission:
    return reading(files.save(sheets, tmp_path / "a.xlsx"))


# ---------------------------------------------------------------- in a cell: (cell, what stands in it, value, codes at it)

CELLS: list[tuple[str, list[tuple[grids.Key, object, object, set[str]]]]] = [
    ("The unit in the cell", [
        (INCOME, "35.94万元", "35.94", {"CEL-02"}), (INCOME, "7.5万", "7.5", {"CEL-02"}),
        (INCOME, "359400元", "35.94", {"CEL-02"}), (INCOME, "0.0036亿元", "36", {"CEL-02"}),
    ]),
    ("Percent as 0.95 (formatted as percent), 95, 95%, 95.10%, ≥95%, or words", [
        (RATE, 95, "95", set()), (RATE, "95%", "95", set()), (RATE, "95.10%", "95.1", set()), (RATE, 0.95, "95", {"CEL-06"}),
        (RATE, "≥95%", "95", {"CEL-03"}), (RATE, "比较满意", UNREADABLE, {"CEL-01"}),
    ]),
    ("Thousands separators as text; full-width digits and signs; NFKC turns ① into 1", [
        (INCOME, "2,261.82", "2261.82", {"CEL-03"}), (INCOME, "2，000.00", "2000", {"CEL-03"}),
        (INCOME, "１２．５", "12.5", {"CEL-03"}), (INCOME, "－１２", "-12", {"CEL-03"}), (INCOME, "−12", "-12", {"CEL-03"}),
        (INCOME, "①", UNREADABLE, {"CEL-01"}),
    ]),
    ("Python's float is too kind: nan, inf, 1e3, 1_000. And too strict: 7.50., 95.\\n10%", [
        (INCOME, "nan", UNREADABLE, {"CEL-01"}), (INCOME, "inf", UNREADABLE, {"CEL-01"}),
        (INCOME, "1e3", UNREADABLE, {"CEL-01"}), (INCOME, "1_000", UNREADABLE, {"CEL-01"}),
        (INCOME, "7.50.", "7.5", {"CEL-03"}), (RATE, "95.\n10%", "95.1", {"CEL-03"}),
    ]),
    ("Blank by another name; zero and blank differ", [
        *((INCOME, mark, BLANK, set()) for mark in (None, "-", "—", "——", "/", "无", "没有", "\u3000", "\u00a0")),
        (INCOME, "0", "0", {"CEL-03"}), (INCOME, "0.00", "0", {"CEL-03"}), (INCOME, "0.00万", "0", {"CEL-02"}), (INCOME, 0, "0", set()),
    ]),
    ("Numbers stored as text", [(INCOME, "654.74", "654.74", {"CEL-03"})]),
    ("Binary noise", [(INCOME, 0.0900000762939453, "0.09", set()), (INCOME, 434.71000000000004, "434.71", set())]),
    ("Guidance left in place, ticks for choices, dates", [
        (INCOME, "占 %，比上年减少 万元", UNREADABLE, {"CEL-01"}), (INCOME, "2018年6月", UNREADABLE, {"CEL-07"}),
        (INCOME, date(2023, 4, 10), UNREADABLE, {"CEL-07"}),
        (TICK, "☑", "是", {"CEL-03"}), (TICK, "√", "是", {"CEL-03"}), (TICK, "×", "否", {"CEL-03"}), (TICK, "□", BLANK, set()),
        (TICK, "〇", UNREADABLE, {"CEL-09"}),
        (DAY, "2023年4月", "2023年4月", set()), (DAY, "2018年6月", "2018年6月", set()), (DAY, "20181130", "2018年11月30日", set()),
    ]),
    ("Formulas without a cached value, error values", [
        (INCOME, UncachedFormula("=SUM(C2:H2)"), UNREADABLE, {"CEL-04"}), (INCOME, "#REF!", UNREADABLE, {"CEL-05"}),
    ]),
    ("1.14% for a ratio of 1.14, that is 114 %", [(RATE, "1.14%", "1.14", {"CEL-06"})]),
]  # fmt: skip


@pytest.mark.parametrize(("quirk", "cells"), CELLS, ids=[quirk for quirk, _ in CELLS])
def test_in_a_cell(quirk, cells, tmp_path):
    for key, held, want, codes in cells:
        read = of_grids(files.edited(PACK, {key: held}), tmp_path)
        fact = read.facts.get(*key)
        told = {finding.rule for finding in read.findings}
        said = fact.state if isinstance(want, FactState) else fact.text if fact.value is None else str(fact.value)
        assert (held, said, told) == (held, want, codes)
        assert all(finding.place == fact.place for finding in read.findings)
        if isinstance(held, str) and not isinstance(want, FactState):
            assert fact.raw == held


def test_a_number_formatted_as_percent_is_a_rate_and_one_formatted_so_after_typing_is_doubted(tmp_path):
    """Percent as `0.95` (formatted as percent): the number format tells 0.95 from 95; text does not."""
    for held, value, codes in ((0.95, "95", set()), (95, "95", {"CEL-06"}), (0.0114, "1.14", {"CEL-06"})):
        read = of_grids(files.edited(PACK, {RATE: held}, percent=(RATE,)), tmp_path)
        assert (str(read.facts.value(*RATE)), {finding.rule for finding in read.findings}) == (value, codes)


def test_a_table_in_yuan_is_converted_and_told_once(tmp_path):
    """The table in 元 although the form says 万元 (a header line `单位：元`): two units within one form exist."""
    made = []
    for sheet in files.edited(PACK, {}):
        rows = [[*row] for row in sheet.rows]
        at = next(((r, c) for r, row in enumerate(rows) for c, cell in enumerate(row) if cell == "单位：万元"), None)
        if sheet.name == "自评报告" and at:
            rows[at[0]][at[1]] = "单位：元"
        made.append(Grid(sheet.name, rows, sheet.merges))
    read, before = of_grids(made, tmp_path), files.valid(PACK)[2]
    assert [finding.rule for finding in read.findings] == ["CEL-10"]
    assert read.facts.value(*INCOME) == before[INCOME].value / 10_000
    assert read.facts.value("expenditure.total", S) == before["expenditure.total", S].value


@pytest.mark.parametrize(
    ("text", "amount"),
    [("334.41万", "334.41"), ("334.41 万元", "334.41"), ("3,344,100元", "334.41"), ("0.03亿元", "300"), ("0.00 万", "0")],
)
def test_amounts_in_prose(text, amount):
    """Amounts in prose."""
    assert [each.value for each in amounts_in_prose(f"其中公用支出{text}，比上年减少。")] == [Decimal(amount)]


# ---------------------------------------------------------------- in the layout


def layouts() -> dict[str, tuple[list[Grid], set[str]]]:
    """Filings laid out as offices lay them out, by quirk, with the codes of what is told."""
    drawn = list(files.valid(PACK)[1])
    sheets = grids.sheets(PACK, drawn)
    moved = [grids.with_columns(grids.with_rows(each, [0, 0, 3, 9, 9]), [0, 0]) for each in sheets]
    empty = [Grid(each.name, [*each.rows, *([" "] * 12 for _ in range(3000))], each.merges) for each in sheets]
    hidden = Grid("自评报告", sheets[1].rows, sheets[1].merges, hidden=True)
    rows = Grid("自评报告", sheets[1].rows, sheets[1].merges, hidden_rows=frozenset({10}), hidden_columns=frozenset({1}))
    instruction = [Grid(each.name, [["填写前请先阅读说明，蓝色格为必填。"], *each.rows], tuple(
        Merge(m.row + 1, m.column, m.last_row + 1, m.last_column) for m in each.merges)) for each in sheets]  # fmt: skip

    def dressed(text: str, role: str) -> str:
        return text.replace("（", "(").replace("）", ")").replace("合计", "合      计").replace("≤", "≦") if len(text) > 2 else text

    return {
        "A merged cell holds its value in the top-left cell only": (sheets, set()),
        "Label text broken by line feeds, blanks between the characters, full-width brackets, ≦ for ≤, leading numbers": (
            grids.sheets(PACK, [grids.decorated(each, dressed) for each in drawn]), set()),
        "Header rows repeated in mid-table, empty rows between": (
            [grids.stacked("全部", [grids.split(each, 2, gap=2) for each in drawn], gap=1)], set()),
        "an instruction row above": (instruction, {"LAY-04"}),
        "the whole form in one sheet": ([grids.stacked("Sheet1", drawn, gap=1)], set()),
        "Sheets renamed, reordered, with a blank after the name": (
            [Grid(f"Sheet{n} ", each.rows, each.merges) for n, each in enumerate(reversed(sheets))], set()),
        "hidden sheets": ([sheets[0], hidden, *sheets[2:]], {"LAY-08"}),
        "hidden rows and columns that still hold values": ([sheets[0], rows, *sheets[2:]], {"LAY-08"}),
        "thousands of empty formatted rows": (empty, set()),
        "cells shifted": (moved, set()),
    }  # fmt: skip


@pytest.mark.parametrize("quirk", layouts())
def test_in_the_layout(quirk, tmp_path):
    made, codes = layouts()[quirk]
    read = of_grids(made, tmp_path)
    expected = {(key, fact.value, fact.text, fact.state) for key, fact in files.valid(PACK)[2].items()}
    assert {((fact.concept, fact.institution), fact.value, fact.text, fact.state) for fact in read.facts} == expected
    assert {finding.rule for finding in read.findings} == codes


def test_two_forms_in_one_sheet_one_counts_and_the_other_is_told(tmp_path):
    """two forms in one sheet."""
    drawn = list(files.valid(PACK)[1])
    read = of_grids([grids.stacked("Sheet1", [*drawn, next(piece for piece in drawn if piece.block == "income")], gap=1)], tmp_path)
    assert {finding.rule for finding in read.findings} == {"LAY-05"}
    assert read.facts.value(*INCOME) == files.valid(PACK)[2][INCOME].value


def test_one_merged_mark_stands_over_three_indicators_each_with_its_own_self_score(tmp_path):
    """One merged 分值 `15` stands over three indicators, each with its own self score."""
    made = []
    for sheet in files.filed(PACK, {}):
        rows, merges = [[*row] for row in sheet.rows], sheet.merges
        if sheet.name == "评分表":
            first = next(r for r, row in enumerate(rows) for cell in row if cell == "经济效益")
            full = next(c for row in rows for c, cell in enumerate(row) if cell == "分值")
            rows[first][full], rows[first + 1][full], rows[first + 2][full] = 15.0, None, None
            inside = [m for m in merges if m.column <= full <= m.last_column and first <= m.row <= first + 2]
            merges = (*(m for m in merges if m not in inside), Merge(first, full, first + 2, full))
        made.append(Grid(sheet.name, rows, merges))
    read = of_grids(made, tmp_path)
    scores = [str(read.facts.value(f"score.{each}.self")) for each in ("economic", "social", "ecological")]
    assert scores == ["5", "5", "5"]
    assert not [finding for finding in read.findings if finding.rule in ("LAY-03", "LAY-07")]


def test_further_units_unnamed_placeholders_and_own_indicators(tmp_path):
    """Rows inserted for more 二级机构; unnamed placeholders left blank; departments' own extra indicators."""
    units = tuple(f"第{n}中学" for n in range(1, 10))
    figures = {(concept, unit): "1.5" for unit in units for concept in ("income.total", "expenditure.total")}
    read = of_grids(files.filed(PACK, figures, units), tmp_path)
    assert [each.key for each in read.institutions] == [S, HQ, *units]
    assert all(str(read.facts.value("income.total", unit)) == "1.5" for unit in units)


def decorated(change) -> Submission:
    """The valid filing with its labels changed, as it reads."""
    return grids.read(PACK, grids.sheets(PACK, [grids.decorated(each, change) for each in files.valid(PACK)[1]]))


def test_points_inside_the_name_cell_are_no_part_of_the_name():
    """points inside the name cell (`相关性（5分）`)."""
    rows = {row.label for row in PACK.table_rows(next(table for table in PACK.tables if table.id == "score"))}
    read = decorated(lambda text, role: f"{text}（5分）" if role == grids.ROW_LABEL and text in rows else text)
    assert len(rows) > 15 and grids.seen(read) == grids.seen(decorated(lambda text, role: text)) and read.findings == ()


@pytest.mark.parametrize(
    ("label", "typed", "cell", "message"),
    [
        ("职能职责概述", "职能职责概术", "自评报告!A4", "“基本概况”的“职能职责概术”按“职能职责概述”读取。"),
    ],
)
def test_a_label_mistyped_by_the_issuing_office_is_read_and_told(label, typed, cell, message):
    """typos of the issuing office."""
    read = decorated(lambda text, role: typed if text == label else text)
    assert [(each.rule, str(each.place), each.message) for each in read.findings] == [("LAY-06", cell, message)]
    assert grids.seen(read) == grids.seen(decorated(lambda text, role: text))


# ---------------------------------------------------------------- in the file


def test_an_external_link_gives_the_value_it_was_saved_with_and_none_goes_out_again(tmp_path):
    """external links with stale values."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    path = files.save(files.edited(PACK, {INCOME: "='[上年.xlsx]决算'!$B$2"}), inbox / "a.xlsx")
    fact = reading(path).facts.get(*INCOME)
    assert (str(fact.value), fact.raw) == ("0", "0")
    run(Options(inbox, tmp_path / "out", "yunxi_2022"))
    written = [part for name, part in parts(tmp_path / "out").items() if ".xlsx!" in name]
    assert written and not any("上年.xlsx".encode() in part or b"externalLink" in part for part in written)


def test_the_original_is_never_saved_over_and_its_pictures_are_told(tmp_path):
    """openpyxl's load-and-save loses shapes, pictures and some validations."""
    import openpyxl
    from openpyxl.drawing.image import Image
    from PIL import Image as Pixels

    inbox = tmp_path / "inbox"
    inbox.mkdir()
    book = openpyxl.load_workbook(files.save(files.filed(PACK, {}), tmp_path / "a.xlsx"))
    Pixels.new("RGB", (4, 4)).save(tmp_path / "p.png")
    book["自评报告"].add_image(Image(str(tmp_path / "p.png")), "C3")
    book.save(inbox / "a.xlsx")
    before = (inbox / "a.xlsx").read_bytes()
    (result,) = run(Options(inbox, tmp_path / "out", "yunxi_2022")).district.results
    assert (inbox / "a.xlsx").read_bytes() == before and [each.name for each in inbox.iterdir()] == ["a.xlsx"]
    assert [each.message.split("，")[0] for each in result.findings if each.rule == "LAY-09"] == ["“自评报告”中插有图片或嵌入对象 1 个"]


@pytest.mark.parametrize("name", ["filing.xls", "filing.ods"])
@pytest.mark.parametrize("extension", [".xls", ".et", ".xlsx", ".csv", ""])
def test_formats_by_content_not_by_name(name, extension, tmp_path):
    """`.xls`, `.et` (WPS; BIFF inside), `.ods`; a wrong extension (sniff the content, not the name)."""
    shutil.copy(DATA / name, tmp_path / f"自评{extension}")
    read = reading(tmp_path / f"自评{extension}")
    assert len(read.facts) > 150 and read.facts.value(*INCOME) is not None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "不是电子表格，疑为网页（HTML）文件"),
        ("收入合计,654.74\n支出合计,654.74\n".encode("gb18030"), "不是电子表格，疑为 CSV 文本文件"),
        (b"", "空文件（0 字节）"),
        (b"%PDF-1.4", "不是电子表格，疑为 PDF 文档"),
    ],
)
def test_what_is_no_workbook_is_told_as_what_it_seems(content, reason, tmp_path):
    """HTML or text named `.xls`; zero bytes."""
    (tmp_path / "a.xls").write_bytes(content)
    read = files.read(PACK, tmp_path / "a.xls")
    assert isinstance(read, UnreadableFiling)
    assert [(finding.rule, finding.message) for finding in read.findings] == [("SUB-01", f"文件无法读取：{reason}。")]


def test_locked_with_a_password_or_with_the_default_key(tmp_path):
    """Encrypted, with a password, or with Excel's default key (opens without a prompt for people, not for readers)."""
    from msoffcrypto.format.ooxml import OOXMLFile

    path = files.save(files.filed(PACK, {}), tmp_path / "a.xlsx")
    for password, opens in (("VelvetSweatshop", True), ("secret", False)):
        shut = io.BytesIO()
        OOXMLFile(io.BytesIO(path.read_bytes())).encrypt(password, shut)
        (tmp_path / "b.xlsx").write_bytes(shut.getvalue())
        read = files.read(PACK, tmp_path / "b.xlsx")
        assert isinstance(read, Submission) is opens
        assert opens or [finding.rule for finding in read.findings] == ["SUB-02"]


def test_truncated_workbooks_are_told_and_owner_files_are_known(tmp_path):
    """Truncated, zero bytes, `~$name.xlsx` owner files."""
    for name in ("filing.xls", "filing.ods"):
        data = (DATA / name).read_bytes()
        (tmp_path / name).write_bytes(data[: len(data) // 3])
        read = files.read(PACK, tmp_path / name)
        assert isinstance(read, UnreadableFiling) and [finding.rule for finding in read.findings] == ["SUB-01"]
    assert is_system_file(tmp_path / "~$自评.xlsx")


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("XXE-entity-bomb", "attack_billion_laughs.xlsx"),
        ("XXE-entity-bomb", "attack_quadratic_blowup.xlsx"),
        ("XXE-entity-bomb", "attack_billion_laughs.ods"),
        ("kills-or-stalls-a-reader", "oleloop.xls"),
    ],
)
def test_bombs_and_what_aborts_a_reader_are_refused(hostile, folder, name):
    """entity bombs, huge repeated ranges, a 1 KB `.xls` that aborts the reading process itself, Rust panics."""
    read = files.read(PACK, hostile / folder / name)
    assert isinstance(read, UnreadableFiling) and [finding.rule for finding in read.findings] == ["SUB-01"]


@pytest.mark.parametrize("folder", ["calamine-ok-openpyxl-fails", "openpyxl-ok-calamine-fails"])
def test_what_one_reader_refuses_the_other_reads(hostile, folder):
    """Some files that one reader refuses, another reads."""
    for path in (hostile / folder).iterdir():
        read = files.read(PACK, path)
        assert isinstance(read, UnreadableFiling) and read.status is Status.WRONG_FORM, path.name


# ---------------------------------------------------------------- in the numbers

SEEN = {"SCR-01", "SCR-02", "SCR-04", "SCR-05"}
"""What the seed's own figures are told of as it is."""


def both(**figures: object) -> dict[str | tuple[str, str], object]:
    """Figures of the summary and of 局机关."""
    return {(concept.replace("__", "."), key): figure for concept, figure in figures.items() for key in (S, HQ)}


NUMBERS: list[tuple[str, dict[str | tuple[str, str], object], set[tuple[str, str, str]]]] = [
    ("收入 792.22 without carry-over, 支出 799.12",
     both(income__total="792.22", income__general_public_budget="792.22", expenditure__total="799.12", expenditure__basic="799.12", expenditure__personnel="478.79"),
     {("BAL-04", "warning", "income.total")}),
    ("Income by source 2030.12, spending by nature 1925.67",
     both(income__total="2030.12", income__general_public_budget="2030.12", expenditure__total="1925.67", expenditure__basic="1925.67", expenditure__personnel="1605.34"),
     {("BAL-04", "error", "income.total")}),
    ("A total row of 0 above a sub-row of 90", {("income.total", S): "0", ("income.general_public_budget", S): "0"},
     {("AGG-01", "error", "income.total"), ("AGG-03", "error", "income.general_public_budget"), ("BAL-04", "error", "income.total")}),
    ("A total 4.9 whose sources are 0 / 0 / 0", both(three_public__total="4.9", three_public__reception="0"),
     {("BAL-06", "error", "three_public.total")}),
    ("Honest rounding gaps of 0.01 between a total and its parts", both(expenditure__personnel="334.42"), set()),
    ("Not a whole number where persons are counted", {"staff.quota": "60", "staff.actual": "46.5"}, {("CEL-08", "warning", "staff.actual")}),
]  # fmt: skip


@pytest.mark.parametrize(("quirk", "figures", "told"), NUMBERS, ids=[quirk for quirk, *_ in NUMBERS])
def test_in_the_numbers(quirk, figures, told, tmp_path):
    (result,) = check_files([files.save(files.filed(PACK, {**figures, "narrative": "略"}), tmp_path / "a.xlsx")], "yunxi_2022")
    balances = {
        (finding.rule, finding.severity.value, finding.concept)
        for finding in result.findings
        if finding.severity.value != "info" and finding.rule.split("-")[0] in ("BAL", "AGG", "XFM", "CEL")
    }
    assert balances == told


MARKS: list[tuple[str, dict[str, str], str, str]] = [
    ("编制 46, 在职 50: 8.70 points over: 1.0 where whole points count", {"staff.quota": "46", "staff.actual": "50"}, "staff_control", "1"),
    ("编制 128, 实有 185: the floor, 0", {"staff.quota": "128", "staff.actual": "185"}, "staff_control", "0"),
    ("编制 205 that includes 77 retirees", {"staff.quota": "205", "staff.actual": "128"}, "staff_control", "5"),
    ("三公 zero in both years: 0/0",
     {"base.three_public.total.actual": "0", "base.three_public.total.last_actual": "0"}, "three_public_change", "5"),
    ("Self scores in half points and in odd weights", {"score.staff_control.self": "4.5"}, "staff_control", "5"),
    ("bands close on the left: 80%（含）-90%", {"base.key_project.actual": "80", "base.project.actual": "100"}, "key_spending", "4"),
    ("and on the right: 0-10%（含）", {"base.budget.adjustment": "10", "base.budget.approved": "100"}, "budget_adjustment", "2"),
]  # fmt: skip


@pytest.mark.parametrize(("quirk", "figures", "indicator", "marks"), MARKS, ids=[quirk for quirk, *_ in MARKS])
def test_in_the_marks(quirk, figures, indicator, marks, tmp_path):
    (result,) = check_files([files.save(files.filed(PACK, figures), tmp_path / "a.xlsx")], "yunxi_2022")
    assert result.scorecard is not None
    assert {score.indicator: str(score.computed_marks) for score in result.scorecard.scores}[indicator] == marks


def test_parts_stored_as_text_leave_the_departments_own_sum_at_zero_and_both_are_told(tmp_path):
    """Numbers stored as text, so that the department's own SUM shows 0 beside filled parts."""
    made = []
    for sheet in files.filed(PACK, both(income__total="0", income__general_public_budget="654.74")):
        rows = [["654.74" if sheet.name == "自评报告" and value == 654.74 else value for value in row] for row in sheet.rows]
        made.append(Grid(sheet.name, rows, sheet.merges))
    (result,) = check_files([files.save(made, tmp_path / "a.xlsx")], "yunxi_2022")
    told = {(each.rule, each.concept, each.institution) for each in result.findings if (each.concept or "").startswith("income.")}
    parts_as_text = {("CEL-03", "income.general_public_budget", key) for key in (S, HQ)}
    assert parts_as_text <= told and {rule for rule, _, _ in told} >= {"CEL-03", "BAL-04"}


def test_a_table_in_yuan_without_a_word_is_known_by_its_magnitude_and_only_told(tmp_path):
    """The table in 元 although the form says 万元 (every amount 10,000 times its neighbours')."""
    facts = seed_figures()
    in_yuan = {
        key: str(Decimal(str(value)) * 10_000) for key, value in facts.items()
        if isinstance(key, tuple) and key[0].startswith(("expenditure.", "surplus.")) and value not in (None, "")
    }  # fmt: skip
    assert len(in_yuan) > 4
    (result,) = check_files([files.save(files.filed(PACK, in_yuan), tmp_path / "a.xlsx")], "yunxi_2022")
    assert any("的 10000 倍，该表疑以元填列" in finding.message for finding in result.findings)
    assert result.facts.value("expenditure.total", S) == Decimal(in_yuan["expenditure.total", S])


@pytest.mark.parametrize("times", [1, 2], ids=["met for the first time", "met again"])
@pytest.mark.parametrize(
    ("printed", "stands", "concept", "factor"),
    [
        ("万元", "元", "base.budget.approved", "0.0001"),
        ("万元", "亿元", "base.budget.approved", "10000"),
        ("年初批复预算数", "年初批复预算数（元）", "base.budget.approved", "0.0001"),
        ("年初批复预算数", "年初批复预算数\n（单位：千元）", "base.budget.approved", "0.1"),
        ("三公经费合计", "三公经费合计（元）", "base.three_public.total.actual", "0.0001"),
    ],
)
def test_a_row_in_another_unit_is_converted_and_told(printed, stands, concept, factor, times, tmp_path):
    """Two units within one form exist: a row's own label, or its cell for the unit, says so."""
    made = []
    for sheet in files.edited(PACK, {}):
        rows, changed = [[*row] for row in sheet.rows], sheet.name != "基础数据表"
        for row in rows:
            for column, value in enumerate(row):
                if not changed and value == printed:
                    row[column], changed = stands, True
        made.append(Grid(sheet.name, rows, sheet.merges))
    for _ in range(times):
        of_grids(files.edited(PACK, {}), tmp_path)
        read = of_grids(made, tmp_path)
    before = files.valid(PACK)[2]
    assert read.facts.value(concept) == before[concept, None].value * Decimal(factor)
    assert [finding.rule for finding in read.findings] == ["CEL-10"]
    row = concept.rpartition(".")[0] if "three_public" in concept else concept
    others = [fact for fact in read.facts if not fact.concept.startswith(row)]
    assert all(fact.value == before[fact.concept, fact.institution].value for fact in others)


@pytest.mark.parametrize(
    ("printed", "stands", "converted"),
    [
        ("年度预算申请\n（万元）", "年度预算申请\n（元）", "budget."),
        ("经费控制情况（万元）", "经费控制情况（元）", "base."),
        ("预算投资（万元）", "预算投资（元）", "building.budgeted"),
        ("年初预算数", "年初预算数（元）", "budget."),
    ],
)
def test_a_table_in_another_unit_says_so_over_or_beside_its_rows(printed, stands, converted, tmp_path):
    """Two units within one form exist: on the second form they stand in heads of columns, of rows and at the side."""
    pack = load_pack("hunan_2020")
    _, pieces, before = files.valid(pack)
    sheets = grids.sheets(pack, pieces)
    made = [Grid(each.name, [[stands if value == printed else value for value in row] for row in each.rows], each.merges) for each in sheets]
    read = grids.read(pack, made)
    changed = {
        fact.concept for fact in read.facts
        if fact.value is not None and fact.value != before[fact.concept, fact.institution].value
    }  # fmt: skip
    assert changed and all(concept.startswith(converted) for concept in changed)
    assert all(
        fact.value == before[fact.concept, fact.institution].value / 10_000 or not fact.value for fact in read.facts if fact.concept in changed
    )
    assert [finding.rule for finding in read.findings if finding.rule.startswith("CEL")] == ["CEL-10"]


def test_three_different_totals_of_one_score_are_each_told(tmp_path):
    """Three different totals of one score."""
    (result,) = check_files([files.save(files.filed(PACK, {}), tmp_path / "a.xlsx")], "yunxi_2022")
    told = {(each.rule, each.concept, each.actual, each.expected) for each in result.findings if each.rule in ("SCR-01", "SCR-02")}
    assert told == {("SCR-01", "score.total.self", "99", "98"), ("SCR-02", "self.total", "95", "99")}


def test_a_change_of_the_three_public_expenses_from_another_base_is_told_at_its_cell(tmp_path):
    """三公 change from a base that is not on the form (last year's budget instead of last year's accounts)."""
    figures = {"base.three_public.total.actual": "4.3", "base.three_public.total.last_actual": "3.21", "score.three_public_change.self": "5"}
    (result,) = check_files([files.save(files.filed(PACK, figures), tmp_path / "a.xlsx")], "yunxi_2022")
    told = [each for each in result.findings if each.concept == "score.three_public_change.self"]
    assert [(each.rule, each.expected, each.actual, str(each.place)) for each in told] == [("SCR-05", "0", "5", "评分表!F4")]


def test_grade_bands_leave_no_mark_without_a_grade():
    """Grade bands printed as 90-100 / 80-89 / 60-79, which leave 89.5 in none."""
    grades = {mark: PACK.rubric.grade(Decimal(mark)) for mark in ("90", "89.5", "79.5", "60", "59.9")}
    assert grades == {"90": "优", "89.5": "良", "79.5": "中", "60": "中", "59.9": "差"}
