"""The review workbook: a row for each score that a person should decide, and no others."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.model.result import District, Result
from jixiao.model.review import RowKey
from jixiao.model.score import Basis, Evidence, Score, ScoreStatus
from jixiao.model.submission import Identity, Status
from jixiao.pack import Pack
from jixiao.writing.review.workbook import COLUMNS, HEAD_ROW, KEY, REVIEW, review_rows
from jixiao.writing.scores.score_range import needs_review
from jixiao.writing.xlsx.content import SheetContent
from jixiao.writing.xlsx.write import write_workbook
from tests.scoring.support import with_settings
from tests.support.filings import filing, seed_figures
from tests.support.libreoffice import convert, differences, needs_libreoffice
from tests.support.results import result_of, seed_result
from tests.support.summaries import review_workbook, summarized

HEADINGS = "序号 预算编码 部门名称 归口股室 指标 分值 自评得分 系统得分 差异 说明 佐证位置 复核得分 复核意见 复核人 日期"


def score(own: str | None, computed: str | None, status: ScoreStatus, *accepted: str) -> Score:
    def marks(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text)

    return Score(
        "x", "某指标", Decimal(5), marks(own), marks(computed), marks(own), Basis.SELF, status, Evidence.ACCOUNTS,
        accepted_marks=tuple(map(Decimal, accepted)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("case", "asked"),
    [
        (score("5", "5", ScoreStatus.COMPUTED, "5"), False),
        (score("5", "3", ScoreStatus.COMPUTED, "3"), True),
        (score("2", "3", ScoreStatus.COMPUTED, "3"), True),
        (score("2.5", "3", ScoreStatus.COMPUTED, "3", "2.5"), False),
        (score("7", "5", ScoreStatus.COMPUTED, "5"), False),
        (score(None, "5", ScoreStatus.COMPUTED, "5"), True),
        (score("5", None, ScoreStatus.NOT_COMPUTABLE), True),
        (score("3", "5", ScoreStatus.NOT_APPLICABLE, "5"), True),
        (score("5", "5", ScoreStatus.NOT_APPLICABLE, "5"), False),
        (score("3", None, ScoreStatus.REPORTED), False),
    ],
)
def test_what_a_person_should_decide(pack: Pack, case: Score, asked: bool) -> None:
    assert needs_review(case, pack) is asked


def district(*results: Result) -> District:
    return District(results, (), True, 2022, bureau="某区财政局")


def sheet_of(made: District, pack: Pack) -> SheetContent:
    (sheet,) = review_workbook(made, pack).sheets
    return sheet


def column(sheet: SheetContent, number: int) -> list[object]:
    return [cell.value for cell in sheet.cells if cell.column == number and cell.row > HEAD_ROW]


def test_the_seed_asks_for_its_contradiction_and_for_what_could_not_be_computed(pack: Pack) -> None:
    asked = {row.score.indicator for row in review_rows(summarized(district(seed_result(pack)), pack), pack)}
    assert asked == {
        "three_public_change", "budget_adjustment", "payment_progress", "three_public_control", "budget_rules",
        "fund_compliance", "disclosure", "procurement", "official_card", "asset_rules", "asset_safety",
        "asset_utilisation", "satisfaction", "growth_pole",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("least", "asked"),
    [
        (None, set()),
        (Decimal(8), set()),
        (Decimal(7), {"growth_pole"}),
        (Decimal("7.01"), set()),
        (Decimal(5), {"growth_pole", "moderately_prosperous", "government_report", "economic", "social", "ecological"}),
    ],
)
def test_the_rubric_says_from_which_marks_on_a_told_score_is_decided_by_a_person(
    pack: Pack, least: Decimal | None, asked: set[str]
) -> None:
    told = with_settings(pack, review_reported_from=least)
    rows = review_rows(summarized(district(seed_result(told)), told), told)
    assert {row.score.indicator for row in rows if row.score.status is ScoreStatus.REPORTED} == asked


def test_an_own_row_that_takes_the_marks_of_others_is_decided_by_a_person(pack: Pack) -> None:
    own = {f"score.custom.1.{key}": value for key, value in {"label": "招商引资", "full": 20, "self": 20}.items()}
    rows = review_rows(summarized(district(result_of(filing(pack, own), pack)), pack), pack)
    assert "custom.1" in {row.score.indicator for row in rows}


def test_a_row_tells_department_scores_difference_and_where_the_evidence_stands(pack: Pack) -> None:
    seed = seed_result(pack)
    sheet = sheet_of(district(seed), pack)
    row = next(cell.row for cell in sheet.cells if cell.value == "固定资产利用率")
    told = [cell.value for cell in sorted(sheet.cells, key=lambda cell: cell.column) if cell.row == row]
    assert told[1:10] == [
        "101001", "某区委某部", "行政股", "固定资产利用率", Decimal(3), Decimal(2), Decimal(3), Decimal(-1),
        "自评低于测算（复算）：在用固定资产 35.94 ÷ 固定资产合计 35.94 = 100.00%，达到 100%，得 3 分。",
    ]  # fmt: skip
    link = next(cell.link for cell in sheet.cells if cell.row == row and cell.link is not None)
    assert link.file == seed.output


def test_the_columns_are_those_that_reviewers_know(pack: Pack) -> None:
    sheet = sheet_of(district(seed_result(pack)), pack)
    heads = [cell.value for cell in sheet.cells if cell.row == HEAD_ROW]
    more = {"部门说明", "复核状态", "审核稿", "识别码"}
    assert [head for head in heads if head not in more] == HEADINGS.split(" ") and more < set(heads)
    assert heads.index("部门说明") == heads.index("佐证位置") + 1 and [column.head for column in COLUMNS] == heads
    assert sheet.hidden_columns == (KEY,) and sheet.freeze is not None and sheet.filter is not None


def test_reviewed_scores_are_open_and_bounded_by_their_full_marks(pack: Pack) -> None:
    made = district(seed_result(pack))
    sheet = sheet_of(made, pack)
    bounds = {each.row: each.maximum for each in sheet.validations if each.column == REVIEW and each.minimum == 0}
    assert list(bounds.values()) == [row.score.full_marks for row in review_rows(summarized(made, pack), pack)]
    open_cells = {(cell.row, cell.column) for cell in sheet.cells if not cell.style.locked}
    assert {(row, REVIEW) for row in bounds} <= open_cells


def test_a_decided_score_stays_with_its_decision(pack: Pack) -> None:
    decided = result_of(filing(pack, seed_figures()), pack, reviews={"economic": Decimal("4.5")})
    sheet = sheet_of(district(decided), pack)
    assert "economic" in [key.indicator for key in map(RowKey.of, map(str, column(sheet, KEY))) if key]
    assert Decimal("4.5") in column(sheet, REVIEW)


def test_rows_are_known_again_by_submission_and_indicator(pack: Pack) -> None:
    made = district(seed_result(pack))
    keys = [RowKey.of(str(each)) for each in column(sheet_of(made, pack), KEY)]
    assert [(key.submission_id, key.indicator) for key in keys if key] == [
        (row.result.submission_id, row.score.indicator) for row in review_rows(summarized(made, pack), pack)
    ]
    assert len(set(keys)) == len(keys)


def test_files_without_scores_have_no_rows_and_an_empty_table_says_so(pack: Pack) -> None:
    missing = Result("m", "", "", Status.MISSING, "未报送", Identity("某局", "1", 2022))
    assert list(review_rows(district(missing), pack)) == []
    assert "没有需要复核的指标。" in [cell.value for cell in sheet_of(district(missing), pack).cells]


@needs_libreoffice
def test_differences_recalculate_to_what_was_written(pack: Pack, tmp_path: Path) -> None:
    content = review_workbook(district(seed_result(pack)), pack)
    path = tmp_path / "review.xlsx"
    write_workbook(content, path)
    again = tmp_path / "again"
    again.mkdir()
    assert differences(content, convert([path], again, "xlsx")[0]) == []
