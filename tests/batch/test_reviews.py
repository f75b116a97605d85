"""Filled review workbooks: which rows are refused and how, and which of two rows on one score counts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from jixiao.batch.external.attach import read_auxiliary_inputs
from jixiao.batch.external.review_workbooks import FilledRow, read_filled, review_files
from jixiao.batch.external.reviews import Reviews, settle_reviews
from jixiao.batch.filing_task import FilingTask
from jixiao.batch.options import Options
from jixiao.errors import UsageError
from jixiao.model.review import RowKey, owner_mark
from jixiao.model.submission import FilingHeader, Identity, ResolvedIdentity, RosterEntry
from jixiao.pack import Pack
from jixiao.writing.review.workbook import COLUMNS
from tests.support.filings import filing

YEAR = 2022
ROSTER = (RosterEntry("101001", "某区委某部"), RosterEntry("101002", "某区水利局"), RosterEntry("101009", "某区林业局"))
HEADINGS = [column.head for column in COLUMNS]
GOOD = {"预算编码": "101001", "部门名称": "某区委某部", "指标": "支付进度", "复核得分": 2, "复核意见": "有一项迟拨"}


def written(path: Path, *rows: dict[str, object], title: bool = True) -> Path:
    """A review workbook with these rows, by headings."""
    book = openpyxl.Workbook()
    sheet = book.active
    if title:
        sheet.append(["2022 年度复核表"])
    sheet.append(HEADINGS)
    for row in rows:
        sheet.append([row.get(heading) for heading in HEADINGS])
    book.save(path)
    return path


def assignment(code: str, department: str, year: int = YEAR) -> FilingTask:
    header = FilingHeader(f"id{code}", f"{code}.xlsx", "", department, code, year, None, "", "", None, None, None)
    entry = next((each for each in ROSTER if each.budget_code == code), None)
    return FilingTask(header, ResolvedIdentity(Identity(department, code, year), entry, ()), f"departments/{code}.xlsx")


def settled(pack: Pack, rows: Sequence[FilledRow]) -> Reviews:
    own = filing(pack, {"score.custom.1.label": "招商引资", "score.custom.1.full": 4, "score.custom.1.self": 4})
    filings = [assignment("101001", "某区委某部"), assignment("101002", "某区水利局")]
    return settle_reviews(rows, filings, ROSTER, pack, YEAR, lambda _: own.facts)


def decided(reviews: Reviews) -> dict[tuple[str, str], Decimal | None]:
    return {(key, each.indicator): each.marks for key, found in reviews.by_submission.items() for each in found}


REFUSED = [
    ("no opinion", {"复核意见": None}, "复核表“a.xlsx”第 3 行（某区委某部“支付进度”）填有复核得分，未写复核意见，请补写。"),
    ("over full marks", {"复核得分": 3.5}, "复核表“a.xlsx”第 3 行（某区委某部“支付进度”）复核得分 3.5 分，应在 0 至 3 分之间，请更正。"),
    ("below zero", {"复核得分": -1}, "复核表“a.xlsx”第 3 行（某区委某部“支付进度”）复核得分 -1 分，应在 0 至 3 分之间，请更正。"),
    ("not a score", {"复核得分": "两分"}, "复核表“a.xlsx”第 3 行“复核得分”栏填有“两分”，无法识别为得分，请更正。"),
    ("unknown code", {"预算编码": "999999"}, "复核表“a.xlsx”第 3 行的部门“999999 某区委某部”不在本批报送和名册之中，请更正。"),
    ("unknown name", {"预算编码": None, "部门名称": "某区盐务局"}, "复核表“a.xlsx”第 3 行的部门“某区盐务局”不在本批报送和名册之中，请更正。"),
    ("nobody", {"预算编码": None, "部门名称": None}, "复核表“a.xlsx”第 3 行没有部门名称和预算编码，请补填。"),
    ("unknown indicator", {"指标": "支付速度"}, "复核表“a.xlsx”第 3 行：“某区委某部”没有“支付速度”这一指标，请更正。"),
    ("two of that label", {"指标": "管理制度健全性"},
     "复核表“a.xlsx”第 3 行的指标“管理制度健全性”不止一个，请写明二级指标或使用程序写出的复核表。"),
    ("another year's row", {"识别码": str(RowKey("x", "payment_progress", owner=owner_mark(2021, "101001", "某区委某部")))},
     "复核表“a.xlsx”第 3 行不是 2022 年度“某区委某部”的复核记录，请换用本年度的复核表。"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "message"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
def test_a_row_that_cannot_be_used_is_refused_by_its_place(pack, tmp_path, change, message):
    with pytest.raises(UsageError) as refused:
        settled(pack, read_filled(written(tmp_path / "a.xlsx", GOOD | change), own=False))
    assert str(refused.value) == message


def test_every_row_that_cannot_be_used_is_told_at_once(pack, tmp_path):
    """A reviewer mends the whole workbook in one go, and no row is told twice."""
    path = written(
        tmp_path / "a.xlsx", GOOD | {"复核意见": None}, GOOD, GOOD | {"复核得分": "两分"}, *[GOOD | {"复核得分": "?"}] * 20
    )
    with pytest.raises(UsageError) as unreadable:
        other = written(tmp_path / "b.xlsx", GOOD | {"复核意见": None})
        read_auxiliary_inputs(Options(tmp_path, tmp_path, pack.id, reviews=(path, other)), pack, [])
    lines = str(unreadable.value).split("\n")
    assert "“a.xlsx”第 3 行" in lines[0] and "“a.xlsx”第 5 行" in lines[1]
    assert lines[-1] == "……另有 3 处。" and len(lines) == 21
    wrong = [GOOD | {"复核得分": 9}, GOOD | {"部门名称": "某区盐务局", "预算编码": None}]
    with pytest.raises(UsageError) as unsettled:
        settled(pack, read_filled(written(tmp_path / "c.xlsx", *wrong), own=False))
    assert ["第 3 行" in str(unsettled.value), "第 4 行" in str(unsettled.value)] == [True, True]


ACCEPTED = [
    ("as printed", {}, ("id101001", "payment_progress", "2")),
    ("full marks", {"复核得分": 3}, ("id101001", "payment_progress", "3")),
    ("no marks at all", {"复核得分": 0}, ("id101001", "payment_progress", "0")),
    ("marks as text", {"复核得分": "２．５分"}, ("id101001", "payment_progress", "2.5")),
    ("by name alone", {"预算编码": None, "部门名称": "某区（水利局）"}, ("id101002", "payment_progress", "2")),
    ("a label with its criterion", {"指标": "管理制度健全性（资产管理）"}, ("id101001", "asset_rules", "2")),
    ("an alias", {"指标": "三公经费控制率", "复核得分": 6}, ("id101001", "three_public_control", "6")),
    ("the department's own row", {"指标": "招商引资", "复核得分": 4}, ("id101001", "custom.1", "4")),
]


@pytest.mark.parametrize(("change", "expected"), [each[1:] for each in ACCEPTED], ids=[each[0] for each in ACCEPTED])
def test_a_row_is_given_to_its_department_and_indicator(pack, tmp_path, change, expected):
    found = decided(settled(pack, read_filled(written(tmp_path / "a.xlsx", GOOD | change), own=False)))
    assert found == {expected[:2]: Decimal(expected[2])}


def test_a_row_with_words_alone_decides_nothing_and_a_blank_one_is_no_row(pack, tmp_path):
    path = written(tmp_path / "a.xlsx", GOOD | {"复核得分": None}, GOOD | {"复核得分": None, "复核意见": None})
    rows = read_filled(path, own=False)
    assert [row.review.decides for row in rows] == [False]


def test_an_own_row_over_its_own_points_is_refused(pack, tmp_path):
    path = written(tmp_path / "a.xlsx", GOOD | {"指标": "招商引资", "复核得分": 4.5})
    with pytest.raises(UsageError, match=r"复核得分 4.5 分，应在 0 至 4 分之间"):
        settled(pack, read_filled(path, own=False))


def test_one_score_decided_twice_and_differently_is_refused_with_both_places(pack, tmp_path):
    rows = [
        *read_filled(written(tmp_path / "a.xlsx", GOOD), own=False),
        *read_filled(written(tmp_path / "b.xlsx", GOOD | {"指标": "资金结余"}, GOOD | {"复核得分": 1}), own=False),
    ]
    with pytest.raises(UsageError) as refused:
        settled(pack, rows)
    assert str(refused.value) == (
        "“某区委某部”的“支付进度”有两个不同的复核得分：复核表“a.xlsx”第 3 行为 2 分，复核表“b.xlsx”第 4 行为 1 分，请核对后保留一个。"
    )


def test_equal_decisions_of_two_workbooks_are_one(pack, tmp_path):
    rows = [row for name in "ab" for row in read_filled(written(tmp_path / f"{name}.xlsx", GOOD), own=False)]
    assert decided(settled(pack, rows)) == {("id101001", "payment_progress"): Decimal(2)}


def carried(tmp_path: Path, row: dict[str, object], source: str) -> dict[str, object]:
    """The row as the tool writes it into OUT once it was decided in `source`."""
    (read,) = read_filled(written(tmp_path / "carried.xlsx", row), own=True)
    owner = owner_mark(YEAR, "101001", "某区委某部")
    key = RowKey("id101001", "payment_progress", "now", "then", read.review.mark, owner, source)
    return row | {"识别码": str(key)}


def test_a_decision_that_a_person_changes_takes_the_place_of_the_one_carried_over(pack, tmp_path):
    memory = carried(tmp_path, GOOD, "甲.xlsx")
    own = read_filled(written(tmp_path / "复核表.xlsx", memory), own=True)
    assert own[0].carried and own[0].review.evidence == "then"
    changed = read_filled(written(tmp_path / "乙.xlsx", memory | {"复核得分": 1}), own=False)
    assert not changed[0].carried and changed[0].review.evidence == "now"
    for rows in ([*own, *changed], [*changed, *own]):
        assert decided(settled(pack, rows)) == {("id101001", "payment_progress"): Decimal(1)}
    # The same section's workbook, filled from blank before and changed since, knows what it changes.
    same = read_filled(written(tmp_path / "甲.xlsx", GOOD | {"复核得分": 1}), own=False)
    assert decided(settled(pack, [*own, *same])) == {("id101001", "payment_progress"): Decimal(1)}
    # Another's that knows nothing of it contradicts it.
    other = read_filled(written(tmp_path / "丙.xlsx", GOOD | {"复核得分": 1}), own=False)
    with pytest.raises(UsageError, match="有两个不同的复核得分"):
        settled(pack, [*own, *other])


def test_a_decision_that_a_person_blanks_is_withdrawn_from_every_copy(pack, tmp_path):
    memory = carried(tmp_path, GOOD, "甲.xlsx")
    blank = memory | dict.fromkeys(("复核得分", "复核意见", "复核人", "日期"))
    own = read_filled(written(tmp_path / "复核表.xlsx", blank), own=True)
    section = read_filled(written(tmp_path / "复核表_农业股.xlsx", memory), own=True)
    assert decided(settled(pack, [*own, *section])) == decided(settled(pack, [*section, *own])) == {}
    # What another decided since stands, and a blank row in a workbook that is sent in withdraws nothing.
    changed = read_filled(written(tmp_path / "乙.xlsx", memory | {"复核得分": 1}), own=False)
    assert decided(settled(pack, [*own, *section, *changed])) == {("id101001", "payment_progress"): Decimal(1)}
    assert read_filled(written(tmp_path / "丙.xlsx", blank), own=False) == []
    # Without its score, words alone are left of it.
    words = read_filled(written(tmp_path / "复核表.xlsx", memory | {"复核得分": None}), own=True)
    assert decided(settled(pack, [*section, *words])) == {("id101001", "payment_progress"): None}


def test_rows_that_were_sorted_without_their_keys_are_known_by_what_they_say(pack, tmp_path):
    def key(code: str, department: str, indicator: str) -> str:
        return str(RowKey(f"id{code}", indicator, "shown", owner=owner_mark(YEAR, code, department)))

    rows = [
        GOOD | {"识别码": key("101002", "某区水利局", "surplus")},
        GOOD | {"指标": "资金结余", "识别码": key("101001", "某区委某部", "payment_progress")},
    ]
    reviews = settled(pack, read_filled(written(tmp_path / "a.xlsx", *rows), own=True))
    assert decided(reviews) == {("id101001", "payment_progress"): Decimal(2), ("id101001", "surplus"): Decimal(2)}
    assert [each.evidence for each in reviews.by_submission["id101001"]] == ["", ""]
    right = GOOD | {"识别码": key("101001", "某区委某部", "payment_progress")}
    (kept,) = settled(pack, read_filled(written(tmp_path / "b.xlsx", right), own=True)).by_submission["id101001"]
    assert kept.evidence == "shown"


def test_workbooks_of_one_name_are_told_apart_by_their_folders(pack, tmp_path):
    for name, marks in (("农业股", 1), ("行政股", 2)):
        (tmp_path / "sent" / name).mkdir(parents=True)
        written(tmp_path / "sent" / name / "复核表.xlsx", GOOD | {"复核得分": marks})
    beside = read_auxiliary_inputs(Options(tmp_path, tmp_path, pack.id, reviews=(tmp_path / "sent",)), pack, [])
    with pytest.raises(UsageError) as refused:
        settled(pack, beside.filled)
    assert "复核表“农业股/复核表.xlsx”第 3 行为 1 分" in str(refused.value)
    assert "复核表“行政股/复核表.xlsx”第 3 行为 2 分" in str(refused.value)


def test_what_the_results_hold_of_a_department_no_longer_there_is_kept_and_of_others_refused(pack, tmp_path):
    owner = owner_mark(YEAR, "777", "某区盐务局")
    row = GOOD | {"预算编码": "777", "部门名称": "某区盐务局", "识别码": str(RowKey("gone", "payment_progress", owner=owner))}
    path = written(tmp_path / "复核表.xlsx", row)
    assert [each.department for each in settled(pack, read_filled(path, own=True)).orphaned] == ["某区盐务局"]
    with pytest.raises(UsageError, match="不在本批报送和名册之中"):
        settled(pack, read_filled(path, own=False))
    on_roster = written(tmp_path / "b.xlsx", GOOD | {"预算编码": "101009", "部门名称": "某区林业局"})
    assert [each.department for each in settled(pack, read_filled(on_roster, own=False)).orphaned] == ["某区林业局"]


def test_folders_are_read_like_their_files_and_each_file_once(tmp_path):
    (tmp_path / "sent" / "一股").mkdir(parents=True)
    first = written(tmp_path / "sent" / "一股" / "a.xlsx", GOOD)
    (tmp_path / "sent" / "~$a.xlsx").write_bytes(b"owner")
    own = written(tmp_path / "复核表.xlsx", GOOD)
    assert review_files([tmp_path / "sent", first, own], [own, tmp_path / "none.xlsx"]) == [(own, True), (first, False)]
    with pytest.raises(UsageError, match="找不到复核表"):
        review_files([tmp_path / "nowhere.xlsx"], [])


def test_a_review_workbook_that_was_filled_in_during_the_run_is_not_written_over(pack, tmp_path):
    own = written(tmp_path / "复核表.xlsx", GOOD)
    beside = read_auxiliary_inputs(Options(tmp_path, tmp_path, pack.id), pack, [own])
    beside.check_unchanged()
    written(own, GOOD, GOOD | {"指标": "资金结余"})
    with pytest.raises(UsageError, match=r"在运行期间被修改"):
        beside.check_unchanged()


def test_a_workbook_without_the_headings_is_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["预算编码", "部门名称"])
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(UsageError, match=r"复核表“x\.xlsx”中找不到“部门名称”“指标”“复核得分”“复核意见”各栏"):
        read_filled(tmp_path / "x.xlsx", own=False)
