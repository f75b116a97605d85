"""The returned workbook: its sheets, its findings and their links, the letter, and what comes back when it is read."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from jixiao.model.finding import Finding, Severity, identified, reply_key
from jixiao.model.place import Place
from jixiao.model.result import Result
from jixiao.model.round import RoundChange
from jixiao.model.score import Scorecard
from jixiao.model.sheet_names import BACK_WORDS, EXTRAS_SHEET, FINDINGS_SHEET, RECEIPT_SHEET, RESULT_SHEET
from jixiao.model.submission import Identity, Status
from jixiao.pack import Pack, load_pack
from jixiao.reading.read import read_file
from jixiao.writing.findings import figure, finding_rows, joined, number_of
from jixiao.writing.returned.findings_sheet import HEAD_ROW, KEY_COLUMN, REPLY
from jixiao.writing.returned.letter_words import PAGE_POINTS, change_words, final_words
from jixiao.writing.returned.workbook import returned_workbook
from jixiao.writing.xlsx.content import Cell, SheetContent, WorkbookContent
from jixiao.writing.xlsx.text_size import PADDING_UNITS, units
from jixiao.writing.xlsx.write import write_workbook
from tests.support.filings import filing, seed_figures
from tests.support.goldens import assert_golden, sheet_text
from tests.support.results import result, result_of, seed_result

GOLDENS = Path(__file__).parent / "goldens"


def workbook(result: Result, pack: Pack) -> WorkbookContent:
    return returned_workbook(result, pack, bureau="某区财政局", contact="绩效股 0000-0000", year=2022)


def sheet(content: WorkbookContent, name: str) -> SheetContent:
    return next(each for each in content.sheets if each.name == name)


def cell_at(content: WorkbookContent, name: str, row: int, column: int) -> Cell | None:
    cells = sheet(content, name).cells
    return next((each for each in cells if (each.row, each.column) == (row, column)), None)


def words(content: WorkbookContent, name: str) -> str:
    return sheet_text(sheet(content, name))


@pytest.fixture(scope="module")
def seed(pack: Pack) -> Result:
    return seed_result(pack)


@pytest.fixture(scope="module")
def seed_book(seed: Result, pack: Pack) -> WorkbookContent:
    return workbook(seed, pack)


def test_the_sheets_stand_in_their_order_and_it_opens_on_the_letter(seed_book: WorkbookContent) -> None:
    names = [each.name for each in seed_book.sheets]
    form = ["封面", "自评报告", "基础数据表", "评分表", "综述"]
    assert names == [RESULT_SHEET, FINDINGS_SHEET, *form, EXTRAS_SHEET, RECEIPT_SHEET]
    assert seed_book.active == 0


def test_without_content_outside_the_form_there_is_no_sheet_for_it(seed: Result, pack: Pack) -> None:
    names = [each.name for each in workbook(replace(seed, extras=()), pack).sheets]
    assert EXTRAS_SHEET not in names and names[-1] == RECEIPT_SHEET


@pytest.mark.parametrize(("name", "golden"), [(RESULT_SHEET, "seed_letter.txt"), (FINDINGS_SHEET, "seed_findings.txt")])
def test_the_seed_s_letter_and_findings_say_what_is_kept(seed_book: WorkbookContent, name: str, golden: str) -> None:
    assert_golden(words(seed_book, name), GOLDENS / golden)


def test_every_finding_stands_in_the_findings_sheet_once(seed: Result, seed_book: WorkbookContent) -> None:
    keys = [
        key
        for cell in sheet(seed_book, FINDINGS_SHEET).cells
        if cell.column == KEY_COLUMN and cell.row > HEAD_ROW
        for key in str(cell.value).split("\n")
    ]
    assert sorted(keys) == sorted({reply_key(finding).key for finding in seed.findings})


def test_every_link_leads_to_a_cell_of_this_workbook(seed_book: WorkbookContent) -> None:
    links = [cell.link for each in seed_book.sheets for cell in each.cells if cell.link is not None]
    assert links
    for link in links:
        assert not link.file
        assert link.row == link.column == 0 or cell_at(seed_book, link.sheet, link.row, link.column) is not None


def test_links_of_findings_lead_to_marked_cells_that_tell_the_same_rule(
    seed: Result, seed_book: WorkbookContent
) -> None:
    rows = finding_rows(seed.findings)
    linked = [cell for cell in sheet(seed_book, FINDINGS_SHEET).cells if cell.link is not None]
    assert len(linked) == len(rows)
    for row, link_cell in zip(rows, linked, strict=True):
        assert link_cell.link is not None
        target = cell_at(seed_book, link_cell.link.sheet, link_cell.link.row, link_cell.link.column)
        assert target is not None and target.style.mark is not None
        assert f"（规则 {row.first.rule}）" in target.comment
        assert row.first.message in target.comment


def test_every_sheet_with_marked_cells_leads_back_to_the_findings(seed_book: WorkbookContent) -> None:
    for each in seed_book.sheets:
        back = [cell for cell in each.cells if cell.value == BACK_WORDS]
        marked = any(cell.style.mark is not None for cell in each.cells)
        assert [cell.link and cell.link.sheet for cell in back] == ([FINDINGS_SHEET] if marked else []), each.name
        assert all(each.page.print_area is not None and cell.column > each.page.print_area[3] for cell in back)


def test_a_cell_with_several_findings_has_the_heaviest_mark_and_one_comment(pack: Pack) -> None:
    figures = {**seed_figures(), "score.official_card.self": 4, "base.card.paid": 1, "base.card.payable": 1}
    made = result(pack, figures)
    concept = "score.official_card.self"
    rules = {finding.rule for finding in made.findings if finding.concept == concept}
    assert {"SCR-03"} < rules | {"SCR-05"}
    marked = [cell for each in workbook(made, pack).sheets for cell in each.cells if "SCR-03" in cell.comment]
    assert [cell.style.mark for cell in marked] == [Severity.ERROR]


def test_a_sentence_that_contradicts_a_table_is_marked_in_both_places(seed_book: WorkbookContent) -> None:
    marked = {each.name for each in seed_book.sheets for cell in each.cells if "TXT-01" in cell.comment}
    assert marked == {"自评报告", "综述"}


def test_the_same_note_on_many_cells_is_one_row_that_lists_them(seed_book: WorkbookContent) -> None:
    rows = [line for line in words(seed_book, FINDINGS_SHEET).split("\n") if "CEL-02" in line]
    assert len([line for line in rows if line[0].isdigit()]) == 1
    assert "等 4 处" in rows[0]


@pytest.mark.parametrize(
    ("messages", "told"),
    [
        (["“甲”无法复算：缺少基础数据表。", "“乙”无法复算：缺少基础数据表。"], "“甲”、“乙”无法复算：缺少基础数据表。"),
        (["未填列：甲。", "未填列：乙。"], "未填列：甲。\n未填列：乙。"),
        (["收入情况·汇总填有 1，已读取。", "收入情况·局机关填有 1，已读取。"], "收入情况·汇总、局机关填有 1，已读取。"),
        (["同一句话"] * 3, "同一句话"),
    ],
)
def test_messages_of_one_note_are_joined(messages: list[str], told: str) -> None:
    assert joined(messages) == told


def test_findings_are_told_heaviest_first_and_those_of_one_cause_together(pack: Pack) -> None:
    cause = Place("自评报告", 5, 2)
    make = pack.rules.finding
    findings = identified(
        [
            make("REQ-01", where="一"),
            replace(make("SCR-01", expected="1", actual="2", difference=Decimal(1)), suggested_place=cause),
            replace(make("REQ-01", where="丙"), suggested_place=cause),
            make("REQ-02", where="丙"),
        ],
        "t",
    )
    told = [(row.first.rule, row.first.suggested_place) for row in finding_rows(findings)]
    assert told == [("REQ-01", None), ("REQ-01", cause), ("SCR-01", cause), ("REQ-02", None)]


def test_the_reply_cells_are_open_and_offer_common_answers(seed_book: WorkbookContent) -> None:
    findings = sheet(seed_book, FINDINGS_SHEET)
    replies = [cell for cell in findings.cells if cell.column == REPLY and cell.row > HEAD_ROW]
    assert replies and not any(cell.style.locked for cell in replies)
    (offered,) = findings.validations
    assert (offered.column, offered.row, offered.last_row, offered.strict) == (REPLY, HEAD_ROW + 1, replies[-1].row, False)
    assert len(",".join(offered.choices)) <= 255


@pytest.mark.parametrize("errors", [1, 12, 60, 400])
def test_the_letter_fits_one_page_whatever_the_number_of_findings(pack: Pack, seed: Result, errors: int) -> None:
    more = [pack.rules.finding("REQ-01", where=f"年度收入情况·二级机构{n}·收入合计") for n in range(errors)]
    made = replace(seed, findings=identified((*seed.findings, *more), "t"))
    letter = sheet(workbook(made, pack), RESULT_SHEET)
    assert letter.page.one_page
    assert sum(letter.heights.values()) <= PAGE_POINTS
    listed = sum(cell.style.role in ("link", "text") and cell.column == 0 for cell in letter.cells)
    assert min(errors + 2, 8) <= listed <= errors + 2
    assert ("其余" in sheet_text(letter)) == (listed < errors + 2)


def test_an_item_of_the_letter_names_the_likely_cause_first_and_says_what_to_do_on_its_own_line(pack: Pack) -> None:
    """Several failures of one cell are one item that counts them, so that the items add up to the letter's figure."""
    slipped = result(pack, {**seed_figures(), ("income.total", "summary"): "1"})
    letter = sheet(workbook(slipped, pack), RESULT_SHEET)
    items = [str(cell.value) for cell in letter.cells if cell.style.role == "text" and cell.column and "（" in str(cell.value)]
    rows = [row for row in finding_rows(slipped.findings) if row.first.severity is Severity.ERROR]
    assert len(items) == len(rows)
    together = next(row for row in rows if row.one_cause)
    item = items[rows.index(together)]
    first, *_, last = item.split("\n")
    assert first == f"【共 {len(together.findings)} 项】{together.first.suggestion}"
    assert first.removeprefix(f"【共 {len(together.findings)} 项】").startswith("疑")
    assert last == together.first.remedy
    counted = [int(found[1]) if (found := re.match(r"【共 (\d+) 项】", each)) else 1 for each in items]
    assert sum(counted) == slipped.count(Severity.ERROR)


def test_an_item_in_short_keeps_the_cause_and_names_every_rule(pack: Pack) -> None:
    slipped = result(pack, {**seed_figures(), ("income.total", "summary"): "1"})
    more = [pack.rules.finding("REQ-01", where=f"年度收入情况·二级机构{n}·收入合计") for n in range(30)]
    made = replace(slipped, findings=identified((*slipped.findings, *more), "t"))
    told = words(workbook(made, pack), RESULT_SHEET)
    together = next(row for row in finding_rows(slipped.findings) if row.one_cause)
    line = next(each for each in told.split("\n") if together.first.suggestion in each)
    assert all(finding.rule in line for finding in together.findings)
    assert together.first.remedy not in line


def test_the_letter_of_a_second_round_says_what_is_cleared(pack: Pack, seed: Result) -> None:
    gone = [replace(pack.rules.finding("REQ-01", where="人员编制"), concept="staff.quota"), pack.rules.finding("TXT-03", message="雷同")]
    since = RoundChange(seed.submission_id, "第一次.xlsx", 2, tuple(gone), (), seed.findings[:3])
    told = words(workbook(replace(seed, change=since), pack), RESULT_SHEET)
    line = next(each for each in told.split("\n") if "第 2 次报送" in each)
    assert "已消除 2 项、新增 0 项、仍未解决 3 项" in line
    assert f"{pack.describe('staff.quota', None)}（REQ-01）" in line and f"{pack.rules['TXT-03'].title}（TXT-03）" in line
    assert "仍未解决 3 项（" not in line
    note = replace(pack.rules.finding("LAY-04", count=2), severity=Severity.INFO)
    twice = replace(pack.rules.finding("CEL-01", where="人员编制", actual="约"), concept="staff.quota")
    passed = change_words(replace(since, cleared=(gone[0], twice), still=(note,)), pack)
    assert "仍未解决 1 项（其中提示 1 项，无需处理）" in passed
    assert passed.count(pack.describe("staff.quota", None)) == 1 and "（REQ-01、CEL-01）" in passed
    broken = replace(since, cleared=(), still=(), broken=True)
    assert "前一次的材料未能对照" in words(workbook(replace(seed, change=broken), pack), RESULT_SHEET)


@pytest.mark.parametrize("name", ["审核结果", "问题清单"])
def test_a_link_is_shown_whole_in_one_line(name: str) -> None:
    """Not every program wraps links; the sheets of this form have long names."""
    other = load_pack("hunan_2020")
    findings = identified(
        [replace(other.rules.finding("REQ-01", where=concept), concept=concept) for concept in list(other.concepts)[-3:]], "t"
    )
    card = Scorecard(scores=(), total_stated=None, total_sheet=None, total_self=Decimal(0), total_computed=Decimal(0),
                     total_final=Decimal(0), full_verified=Decimal(0), full_declared=Decimal(0), grade="")  # fmt: skip
    made = Result("t", "t.xlsx", "0" * 64, Status.RETURNED, "", Identity("某局", "1", 2022), findings=findings, scorecard=card)
    shown = sheet(workbook(made, other), name)
    links = [cell for cell in shown.cells if cell.link is not None]
    assert any(len(str(cell.value)) > 15 for cell in links)
    for cell in links:
        room = sum(shown.widths[column] for column in range(cell.column, max(cell.column, cell.last_column) + 1))
        assert units(str(cell.value)) + PADDING_UNITS <= room, cell.value


@pytest.mark.parametrize(
    ("concept", "message", "number"),
    [
        ("income.total", "填报 1824.65 万元", "amount_exact"), ("staff.quota", "填报 30 人", "count"),
        ("score.economic.self", "自评得分 6 分", "general"), ("narrative", "综述中“支出 1957.6 万元”", "amount_exact"),
        ("narrative", "综述中“满意度 96%”", "general"), (None, "文件", "general"),
    ],
)  # fmt: skip
def test_money_has_thousands_marks_and_two_decimals_and_other_figures_stay(pack: Pack, concept: str | None, message: str, number: str) -> None:
    found = Finding("BAL-01", Severity.ERROR, message, concept=concept, actual="1957.6", expected="", difference=Decimal(1))
    assert number_of(found, pack) == number
    assert figure("1957.6") == Decimal("1957.6") and figure("十二万") == "十二万"


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (Status.RETURNED, "退回修改意见书"),
        (Status.ACCEPTED_WITH_WARNINGS, "补充说明通知书"),
        (Status.ACCEPTED, "审核通过通知书"),
    ],
)
def test_the_letter_is_titled_by_what_became_of_the_filing(pack: Pack, seed: Result, status: Status, title: str) -> None:
    severities = {Status.RETURNED: set(Severity), Status.ACCEPTED_WITH_WARNINGS: {Severity.WARNING, Severity.INFO}}
    kept = severities.get(status, {Severity.INFO})
    findings = tuple(finding for finding in seed.findings if finding.severity in kept)
    letter = words(workbook(replace(seed, status=status, findings=findings), pack), RESULT_SHEET)
    assert letter.startswith(title + "\n")
    assert ("必改事项" in letter) == (status is Status.RETURNED)
    assert ("重新报送。" in letter.replace("无需重新报送", "")) == (status is not Status.ACCEPTED)


def test_the_letter_names_deadline_and_contact_or_says_whom_else_to_ask(pack: Pack, seed: Result) -> None:
    told = words(workbook(seed, pack), RESULT_SHEET)
    assert "于 2023年4月30日 前" in told and "请联系绩效股 0000-0000" in told
    plain = words(returned_workbook(replace(seed, roster=None), pack, bureau="某区财政局", contact="", year=2022), RESULT_SHEET)
    assert "按财政局通知的时间" in plain and "请联系某区财政局绩效评价股室" in plain


def test_a_total_is_provisional_until_every_score_is_reviewed(pack: Pack) -> None:
    submission = filing(pack, seed_figures())
    full = {indicator.id: Decimal(1) for indicator in pack.rubric.indicators}
    reviewed = result_of(submission, pack, reviews=dict(full))
    assert "暂定得分" not in words(workbook(reviewed, pack), RESULT_SHEET)
    partly = result_of(submission, pack, reviews={"economic": Decimal(1)})
    assert "暂定得分" in words(workbook(partly, pack), RESULT_SHEET)


def test_a_returned_filing_without_a_review_is_not_final(pack: Pack, seed: Result) -> None:
    assert seed.scorecard is not None
    nothing_open = replace(seed, scorecard=replace(seed.scorecard, scores=()))
    assert final_words(nothing_open, pack) == "暂定得分"
    assert final_words(replace(nothing_open, status=Status.ACCEPTED), pack) == "最终得分"


def test_the_receipt_says_what_was_read_and_which_rules_could_not_be_decided(
    pack: Pack, seed: Result, seed_book: WorkbookContent
) -> None:
    receipt = words(seed_book, RECEIPT_SHEET)
    for told in (seed.file, seed.sha256, pack.id, pack.sha256, "退回修改：必改 2 项、需说明 8 项、提示 16 项"):
        assert told in receipt
    undecided = [outcome.rule for outcome in seed.outcomes if outcome.verdict == "undecided"]
    assert undecided and all(f"{code} ｜ {pack.rules[code].title}" in receipt for code in undecided)


def test_foreign_text_stays_text(seed_book: WorkbookContent) -> None:
    extra = next(cell for cell in sheet(seed_book, EXTRAS_SHEET).cells if cell.value == "=联系财务室")
    assert not extra.formula


def test_the_seed_s_scores_stand_beside_its_own(seed_book: WorkbookContent) -> None:
    line = next(row for row in words(seed_book, "评分表").split("\n") if "固定资产利用率" in row)
    assert line.endswith(
        "3 ｜ 2 ｜ 存在闲置资产 ｜ 3 ｜ 2 ｜ 自评（低于系统得分） ｜ 在用固定资产 35.94 ÷ 固定资产合计 35.94 = 100.00%，达到 100%，得 3 分。 ｜ 1"
    )


def test_a_returned_workbook_read_again_gives_the_same_facts(pack: Pack, tmp_path: Path) -> None:
    submission = filing(
        pack, {**seed_figures(), ("income.total", "某二级单位"): "1.234567", "base.satisfaction": "96.5",
               "base.check.budget_rules.1": "是", "profile.contact": "某某", "base.budget.adjustment": "-3"},
        units=("某二级单位",),
    )  # fmt: skip
    path = tmp_path / "returned.xlsx"
    write_workbook(workbook(result_of(submission, pack), pack), path)
    again = read_file(path, pack, file="returned.xlsx")

    def told(facts: object) -> dict[object, object]:
        return {(fact.concept, fact.institution): (fact.state, fact.value, fact.text) for fact in facts if fact.filled}  # type: ignore[attr-defined]

    assert told(again.facts) == told(submission.facts)  # type: ignore[union-attr]
    assert again.extras == () and again.findings == ()  # type: ignore[union-attr]


def test_the_same_result_gives_the_same_bytes(pack: Pack, seed: Result) -> None:
    made = []
    for _ in range(2):
        stream = BytesIO()
        write_workbook(workbook(seed, pack), stream)
        made.append(stream.getvalue())
    assert made[0] == made[1]


def test_the_findings_sheet_is_printed_across_with_its_head_on_every_page(seed_book: WorkbookContent) -> None:
    findings = sheet(seed_book, FINDINGS_SHEET)
    assert findings.page.landscape and findings.page.repeat_rows == (HEAD_ROW, HEAD_ROW)
    assert findings.freeze == (HEAD_ROW + 1, 3) and findings.filter is not None
    assert findings.hidden_columns == (KEY_COLUMN,)
    assert max(findings.heights.values()) <= 400
