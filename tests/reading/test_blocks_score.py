"""The score sheet and the tables of fixed rows."""

from __future__ import annotations

import pytest

from tests.support.grids import Piece, coded, decorated, distinct_values, drawn, figures, pieces, read, split, stacked

HEAD = "一级指标 | 二级指标 | 三级指标 | 评分标准 | 分值 | 自评得分 | 扣分原因和其他说明\n"


def score_piece(pack) -> Piece:
    values = distinct_values(pack, (), {})
    return next(piece for piece in pieces(pack, values) if piece.block == "score")


def own_codes(submission) -> set[tuple[str, str]]:
    return {each for each in coded(submission) if each[0] not in ("LAY-01", "LAY-02")}


def test_two_indicators_of_one_name_are_told_apart_by_the_groups_they_stand_under(pack):
    text = HEAD + """过程 | 资产管理\\n（10分） | 管理制度\\n健全性 | | 3 | 1 |
        | | 资产管理安全性 | | 4 | 4 |
        | 预算管理 | 管理制度健全性 | | 3 | 2 |
        总  分 | > | > | | 100 | 7 |"""
    found = figures(read(pack, [drawn(text)]))
    assert found["score.asset_rules.self"] == "1"
    assert found["score.budget_rules.self"] == "2"
    assert found["score.total.self"] == "7"


def test_two_indicators_of_one_name_without_groups_are_told_apart_by_their_order(pack):
    text = HEAD + " | | 管理制度健全性 | | 3 | 1 |\n | | 管理制度健全性 | | 3 | 2 |\n | | 固定资产利用率 | | 3 | 3 |"
    found = figures(read(pack, [drawn(text)]))
    assert (found["score.budget_rules.self"], found["score.asset_rules.self"]) == ("1", "2")


@pytest.mark.parametrize("after", [1, 8, 13, 22, 24])
def test_a_score_sheet_broken_over_two_pages_reads_whole(pack, after):
    piece = score_piece(pack)
    assert figures(read(pack, [stacked("评分", [split(piece, after, gap=2)])])) == figures(read(pack, [stacked("评分", [piece])]))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("率", "\n率"),
        lambda text: f"{text}（5分）",
        lambda text: text.replace("“", "").replace("”", ""),
        lambda text: "　".join(text),
    ],
)
def test_row_labels_may_be_dressed_as_offices_dress_them(pack, change):
    piece = score_piece(pack)
    dressed = decorated(piece, lambda text, role: change(text) if role == "row label" else text)
    submission = read(pack, [stacked("评分", [dressed])])
    assert figures(submission) == figures(read(pack, [stacked("评分", [piece])]))
    assert own_codes(submission) == set()


def test_altered_points_of_a_closed_indicator_are_told_with_the_cell(pack):
    text = HEAD + "投入 | 预算配置 | 财政供养人员控制率 | | 8 | 5 |\n投入 | 预算配置 | 重点支出安排率 | | '5分' | 5 |"
    submission = read(pack, [drawn(text)])
    told = [each for each in submission.findings if each.rule == "LAY-03"]
    assert [(str(each.place), each.expected, each.actual, each.concept) for each in told] == [
        ("表!E2", "5", "8", "score.staff_control.self")
    ]


DUTIES = HEAD + """产出（25分） | 职责履行（25分） | 推进全面小康建设指标任务完成情况 | 按考核 | 5 | 5 |
^ | ^ | 培训干部人次 | ^ | {points} | 9 | 说明
^ | ^ | 其他工作实绩指标完成情况 | ^ | 10 | 8 |
效果 | 履职效益 | 社会效益 | 共性 | 15 | 7 |
^ | ^ | 人才引进效益 | ^ | ^ | 6 |
^ | ^ | 社会公众或服务对象满意度 | 95 | 5 | 5 |
"""


def test_rows_of_a_departments_own_stand_in_their_open_group_with_their_points(pack):
    submission = read(pack, [drawn(DUTIES.format(points=10))])
    found = figures(submission, block="score.custom")
    assert found == {
        "score.custom.1.label": "培训干部人次", "score.custom.1.full": "10", "score.custom.1.self": "9",
        "score.custom.1.reason": "说明", "score.custom.1.group": "产出",
        "score.custom.2.label": "其他工作实绩指标完成情况", "score.custom.2.full": "10", "score.custom.2.self": "8",
        "score.custom.2.group": "产出",
        "score.custom.3.label": "人才引进效益", "score.custom.3.self": "6",
        "score.custom.3.group": "经济效益、社会效益、生态效益",
    }  # fmt: skip
    assert figures(submission)["score.moderately_prosperous.self"] == "5"
    assert submission.facts.get("score.other_results.self") is None
    assert own_codes(submission) == set()
    assert submission.extras == ()


def test_points_of_an_open_group_that_do_not_add_up_are_told(pack):
    submission = read(pack, [drawn(DUTIES.format(points=12))])
    told = [each for each in submission.findings if each.rule == "LAY-07"]
    assert [(str(each.place), each.expected, each.actual, str(each.difference)) for each in told] == [
        ("表!E2", "25", "27", "2")
    ]


def test_closed_rows_that_are_lacking_are_one_finding_and_open_rows_none(pack):
    told = [each for each in read(pack, [drawn(DUTIES.format(points=10))]).findings if each.rule == "LAY-02"]
    assert len(told) == 1
    assert "财政供养人员控制率" in told[0].message and "民生实事" not in told[0].message


def test_base_data_are_read_by_row_and_column_and_other_rows_are_kept_outside(pack):
    text = """
        项目 | 上年决算数 | 本年预算数 | 本年决算数
        三公经费合计 | 1 | 2 | 3
        公务接待费 | 4 | 5 | 6
        会议费 | 7 | 8 | 9
        其中：重点项目支出（万元） | 10 | 11 | 12
        """
    score = HEAD + "投入 | 预算配置 | 财政供养人员控制率 | | 5 | 5 |"
    submission = read(pack, [drawn(text, "基础"), drawn(score, "评分")])
    assert figures(submission, block="base") == {
        "base.three_public.total.last_actual": "1", "base.three_public.total.budget": "2",
        "base.three_public.total.actual": "3", "base.three_public.reception.last_actual": "4",
        "base.three_public.reception.budget": "5", "base.three_public.reception.actual": "6",
        "base.key_project.last_actual": "10", "base.key_project.budget": "11", "base.key_project.actual": "12",
    }  # fmt: skip
    assert [extra.text for extra in submission.extras] == ["会议费", "7", "8", "9"]


def test_checklists_are_read_by_indicator_and_item_ticked_in_any_way(pack):
    text = """
        指标 | 检查内容 | 是/否 | 佐证材料
        管理制度健全性（预算管理） | ①已制定或具有预算资金管理办法，内部财务管理制度、会计核算制度等管理制度 | √ | 文件一
        ^ | ②相关管理制度合法、合规、完整 | 否 |
        ^ | ③相关管理制度得到有效执行 | 也许 |
        """
    score = HEAD + "投入 | 预算配置 | 财政供养人员控制率 | | 5 | 5 |"
    submission = read(pack, [drawn(text, "基础"), drawn(score, "评分")])
    found = [submission.facts.text(f"base.check.budget_rules.{n}") for n in (1, 2, 3)]
    assert found == ["是", "否", None]
    assert submission.facts.text("base.check.budget_rules.1.evidence") == "文件一"
    assert own_codes(submission) == {("CEL-03", "基础!C2"), ("CEL-09", "基础!C4")}
