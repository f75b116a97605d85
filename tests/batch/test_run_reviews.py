"""The round trip of reviews: run, fill in the review workbook, run again, change a filing, run again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from jixiao.batch.options import Options
from jixiao.batch.run import run
from jixiao.errors import UsageError
from jixiao.pack import Pack
from jixiao.writing.review.workbook import (
    COLUMNS,
    DECIDED,
    HEAD_ROW,
    INDICATOR,
    OPEN,
    OUTDATED,
    REVIEW,
    STATE,
    UNANSWERED,
)
from jixiao.writing.summary.sheets.overview import BANNER
from tests.support.workbooks import Filed, roster

NAMES = {"101003": "某区水利局", "101004": "某区统计局"}
SECTIONS = {"101003": "农业股", "101004": "行政股"}
Row = dict[str, object]


class Bureau:
    """A folder of filings and what runs over it leave."""

    def __init__(self, home: Path, pack: Pack) -> None:
        self.home, self.pack, self.out = home, pack, home / "out"
        for code in NAMES:
            self.file(code)
        self.roster = roster(home / "名册.xlsx", NAMES, 归口股室=SECTIONS)

    def file(self, code: str, **figures: object) -> None:
        cover = {"cover.department": NAMES[code], "cover.budget_code": code}
        Filed(self.pack, {**cover, **figures}).save(self.home / "inbox" / f"{code}.xlsx")

    def run(self, *reviews: Path) -> None:
        run(Options(self.home / "inbox", self.out, self.pack.id, self.roster, year=2022, reviews=reviews))

    @property
    def review(self) -> Path:
        return self.out / "复核表.xlsx"

    def rows(self) -> list[tuple[str, str, object, str]]:
        """Department, indicator, reviewed score and state of each row of the review workbook."""
        sheet = openpyxl.load_workbook(self.review).active
        return [(row[2], row[INDICATOR], row[REVIEW], row[STATE]) for row in values(sheet) if row[2]]

    def states(self, code: str = "") -> set[str]:
        return {state for name, _, _, state in self.rows() if not code or name == NAMES[code]}

    def scores(self, code: str) -> dict[str, dict[str, object]]:
        submissions = pq.read_table(self.out / "data" / "submissions.parquet").to_pylist()
        (own,) = [each["submission_id"] for each in submissions if each["budget_code"] == code]
        scores = pq.read_table(self.out / "data" / "scores.parquet").to_pylist()
        return {each["indicator"]: each for each in scores if each["submission_id"] == own}

    def submission(self, code: str) -> dict[str, object]:
        submissions = pq.read_table(self.out / "data" / "submissions.parquet").to_pylist()
        return next(each for each in submissions if each["budget_code"] == code)

    def banner(self) -> str:
        return str(openpyxl.load_workbook(self.out / "区级汇总.xlsx")["总览"]["A2"].value)

    def letter(self, code: str) -> list[str]:
        (path,) = (self.out / "departments").glob(f"{code}*.xlsx")
        sheet = openpyxl.load_workbook(path)["审核结果"]
        return [str(value) for row in sheet.iter_rows(values_only=True) for value in row if value is not None]


def values(sheet: Worksheet) -> Iterator[tuple[object, ...]]:
    return sheet.iter_rows(min_row=HEAD_ROW + 2, values_only=True)


def fill(path: Path, decide: Callable[[Row], Row | None], target: Path | None = None) -> Path:
    """Fill in a review workbook as a reviewer does: `decide` is given a row by its headings and says what to write."""
    book = openpyxl.load_workbook(path)
    sheet = book.active
    headings = [column.head for column in COLUMNS]
    for row in range(HEAD_ROW + 2, sheet.max_row + 1):
        told = {name: sheet.cell(row, column).value for column, name in enumerate(headings, start=1)}
        for name, value in (decide(told) or {}).items() if told["部门名称"] else ():
            sheet.cell(row, headings.index(name) + 1).value = value
    book.save(target or path)
    return target or path


def all_at_two(row: dict[str, object]) -> dict[str, object]:
    return {"复核得分": 2, "复核意见": f"核对{row['指标']}的佐证材料", "复核人": "甲", "日期": "2023年5月6日"}


def files(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.rglob("*") if path.suffix in (".xlsx", ".parquet")}


def test_decisions_decide_survive_are_flagged_when_evidence_changes_and_are_kept_without_a_filing(pack, tmp_path):
    bureau = Bureau(tmp_path, pack)
    bureau.run()
    assert bureau.states() == {OPEN} and len(bureau.rows()) == 28
    assert bureau.banner() == BANNER and "暂定得分" in bureau.letter("101003")
    before = bureau.submission("101003")

    # One section fills in its own workbook where it lies in OUT, the other sends its part in.
    (tmp_path / "sent").mkdir()
    fill(bureau.out / "复核" / "复核表_农业股.xlsx", all_at_two)
    fill(bureau.out / "复核" / "复核表_行政股.xlsx", all_at_two, tmp_path / "sent" / "行政股.xlsx")
    bureau.run(tmp_path / "sent")
    assert bureau.states() == {DECIDED} and bureau.banner() != BANNER
    assert "最终得分" in bureau.letter("101003") and "暂定得分" not in bureau.letter("101003")
    scores = bureau.scores("101004")
    decided = {indicator: each for indicator, each in scores.items() if each["basis"] == "review"}
    assert len(decided) == 14 and all(each["final"] == each["review"] == Decimal(2) for each in decided.values())
    assert str(scores["surplus"]["explanation"]).count("复核意见") == 0
    assert str(scores["official_card"]["explanation"]).endswith("复核意见：核对公务卡刷卡率的佐证材料。")
    after = bureau.submission("101003")
    gained = sum((each["full"] for each in bureau.scores("101003").values() if each["basis"] == "review"), Decimal(0))
    # 固定资产利用率 was computed from accounts before, and verified then already.
    assert after["full_verified"] == before["full_verified"] + gained - 3

    # A later run without the sent workbook knows all decisions still, and says the same byte for byte.
    first = files(bureau.out)
    bureau.run()
    again = files(bureau.out)
    assert [name for name in first | again if first.get(name) != again.get(name)] == []

    # A figure on which one decision rests changes: it is flagged, not dropped, and decides on. A filing that is gone
    # for a run takes no decision with it.
    bureau.file("101004", **{"fixed_assets.in_use": "30"})
    gone = (tmp_path / "inbox" / "101003.xlsx").rename(tmp_path / "away.xlsx")
    bureau.run()
    flagged = [(name, indicator, marks) for name, indicator, marks, state in bureau.rows() if state == OUTDATED]
    assert flagged == [("某区统计局", "固定资产利用率", 2)]
    assert bureau.states("101003") == {UNANSWERED} and len([row for row in bureau.rows() if row[3] == UNANSWERED]) == 14
    assert bureau.banner() == BANNER and "暂定得分" in bureau.letter("101004")
    assert bureau.scores("101004")["asset_utilisation"]["basis"] == "review"

    # The reviewer looks again and changes the date: the row is decided on the new evidence. The filing comes back.
    fill(bureau.review, lambda row: {"日期": "2023年6月1日"} if row["复核状态"] == OUTDATED else None)
    gone.rename(tmp_path / "inbox" / "101003.xlsx")
    bureau.run()
    assert bureau.states() == {DECIDED} and bureau.banner() != BANNER and bureau.submission("101003") == after

    # What cannot be read may hold decisions: it is never written over.
    bureau.review.write_bytes(b"not a workbook")
    with pytest.raises(UsageError, match=r"复核表“复核表\.xlsx”无法读取"):
        bureau.run()
    assert bureau.review.read_bytes() == b"not a workbook"
