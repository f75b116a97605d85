"""A reply in a returned workbook is read back, settles what it can settle, and no longer than the figures stand."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from jixiao.checking.replies import answered, cause, names_amount
from jixiao.model.finding import Finding, Reply, Severity, about_of_key, reply_key
from jixiao.model.result import District, Result
from jixiao.model.sheet_names import FINDINGS_SHEET, KEY_COLUMN, REPLY_COLUMN
from jixiao.model.submission import Status
from jixiao.pack import Pack
from jixiao.pipeline import status_of
from jixiao.services.check import check_files
from jixiao.writing.returned.workbook import returned_workbook
from jixiao.writing.xlsx.write import write_workbook
from tests.checking.cases import everywhere
from tests.checking.clean import UNIT, clean_figures
from tests.support.results import result as result_of
from tests.support.summaries import review_workbook

FAULTS = (
    everywhere("surplus.cumulative", 45, 25, 20)
    | everywhere("surplus.current_year", -15, -15, 0)
    | {"score.budget_adjustment.reason": None, "score.surplus.self": 2, "score.surplus.reason": "有结余，扣1分"}
    | {"score.asset_utilisation.self": "2.5", "score.total.self": "97.5", "self.total": 95}
)
"""BAL-04 off by 5 twice (explainable), SCR-02 off by 2.5 (hard), SCR-04 (a warning)."""


def returned(result: Result, pack: Pack, path: Path, replies: dict[str, str], **changes: object) -> Path:
    """The workbook that goes back, answered by rule and institution, with some cells changed, and saved again."""
    with path.open("wb") as stream:
        write_workbook(returned_workbook(result, pack, bureau="财政局", contact="", year=2022), stream)
    book = openpyxl.load_workbook(path)
    sheet = book[FINDINGS_SHEET]
    (head,) = [row for row in sheet.iter_rows() if any(cell.value == REPLY_COLUMN for cell in row)]
    columns = {cell.value: cell.column for cell in head}
    for row in range(head[0].row + 1, sheet.max_row + 1):
        key = about_of_key(str(sheet.cell(row, columns[KEY_COLUMN]).value or "").split("\n")[0])
        for wanted, text in replies.items():
            code, _, institution = wanted.partition("@")
            if key and key.rule == code and key.institution == institution:
                sheet.cell(row, columns[REPLY_COLUMN]).value = text
    for cell, value in changes.items():
        name, _, address = cell.partition("_")
        book[{"score": "评分表", "report": "自评报告"}[name]][address].value = value
    book.save(path)
    return path


def states(result: Result) -> dict[str, tuple[str, bool]]:
    """State and whether it counts, of every finding that is no note."""
    return {
        f"{each.rule}@{each.institution or ''}": (each.state, each.counted)
        for each in result.findings
        if each.severity is not Severity.INFO
    }


REPLIES = {
    "BAL-04@summary": "本年财政收回 5 万元，未列支出。",
    "BAL-04@headquarters": "财政收回结余",
    "SCR-02@": "以评分表为准",
    "SCR-04@": "年中追减预算",
}


@pytest.fixture(scope="module")
def first(pack: Pack) -> Result:
    return result_of(pack, clean_figures(pack) | FAULTS, units=(UNIT,))


@pytest.fixture(scope="module")
def second(pack: Pack, first: Result, tmp_path_factory: pytest.TempPathFactory) -> Result:
    path = returned(first, pack, tmp_path_factory.mktemp("answers") / "第二次.xlsx", REPLIES)
    return check_files([path], pack.id)[0]


def test_before_any_reply_everything_is_open(first: Result) -> None:
    assert set(states(first).values()) == {("open", True)}
    assert set(states(first)) == set(REPLIES)


def test_a_reply_settles_warnings_and_balances_with_cause_and_amount_and_nothing_else(second: Result) -> None:
    assert states(second) == {
        "BAL-04@summary": ("explained", False),
        "BAL-04@headquarters": ("open", True),  # a cause without the amount
        "SCR-02@": ("explained", True),  # recorded, still an error
        "SCR-04@": ("explained", False),
    }
    assert {each.reply for each in second.findings if each.reply} == set(REPLIES.values())
    assert second.status is Status.RETURNED
    assert (second.count(Severity.ERROR), second.count(Severity.WARNING), second.explained) == (2, 0, 3)
    assert "已说明 3 项" in second.reason


def test_replies_come_back_filled_in_and_are_kept_from_return_to_return(pack: Pack, second: Result, tmp_path: Path) -> None:
    third = check_files([returned(second, pack, tmp_path / "第三次.xlsx", {})], pack.id)[0]
    assert states(third) == states(second)
    assert [each.reply for each in third.findings] == [each.reply for each in second.findings]


def test_a_finding_opens_again_when_its_figures_change(pack: Pack, second: Result, tmp_path: Path) -> None:
    stated = second.facts.get("self.total")
    assert stated is not None and stated.place is not None
    path = returned(second, pack, tmp_path / "第三次.xlsx", {}, **{f"report_{stated.place.cell}": 94})
    third = check_files([path], pack.id)[0]
    (finding,) = [each for each in third.findings if each.rule == "SCR-02"]
    assert (finding.state, finding.reply, finding.actual) == ("open", "", "94")
    assert states(third)["SCR-04@"] == ("explained", False)


def test_explained_balances_alone_do_not_return_the_workbook(pack: Pack, first: Result) -> None:
    told = [each for each in first.findings if each.rule == "BAL-04"]
    assert status_of(told) is Status.RETURNED
    replied = answered(told, [Reply(reply_key(each), "内部往来抵销5.00万元") for each in told], pack)
    assert status_of(replied) is Status.ACCEPTED


def test_explained_balances_go_to_the_review_table(pack: Pack, second: Result) -> None:
    book = review_workbook(District((second,), (), False, 2022), pack)
    assert [sheet.name for sheet in book.sheets] == ["复核表", "已说明事项"]
    told = [cell.value for cell in book.sheets[1].cells if cell.row == 2]
    assert "BAL-04" in told and REPLIES["BAL-04@summary"] in told
    assert not any(cell.row > 2 for cell in book.sheets[1].cells)


@pytest.mark.parametrize(
    ("text", "difference", "named"),
    [
        ("经营支出5万元", "5", True),
        ("经营支出 50,000.00 元未列", "5", True),
        ("经营支出5", "-5", True),
        ("经营支出3万元、上缴上级支出2万元", "5", True),
        ("经营支出5.01万元", "5", False),
        ("2022年5月财政收回", "5", False),
        ("财政收回", "5", False),
        ("财政收回0.05亿元", "500", True),
    ],
)
def test_the_amount_of_a_reply_is_found_by_the_number_door(text: str, difference: str, named: bool) -> None:
    from decimal import Decimal

    assert names_amount(text, Decimal(difference)) is named


@pytest.mark.parametrize("text", ["已更正", "数据无误，说明如下：", "5.00万元", "无", "——", "差额 5 万元", "同上", "！"])
def test_a_reply_without_a_cause_explains_nothing(text: str) -> None:
    assert not cause(text)


def test_a_reply_without_a_cause_is_shown_and_changes_nothing(pack: Pack, first: Result) -> None:
    warning: Finding = next(each for each in first.findings if each.rule == "SCR-04")
    (told,) = answered([warning], [Reply(reply_key(warning), "已更正")], pack)
    assert (told.reply, told.state, told.counted) == ("已更正", "open", True)
