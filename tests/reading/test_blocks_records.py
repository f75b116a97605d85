"""Tables whose rows the department declares."""

from __future__ import annotations

import pytest

from tests.support.grids import coded, drawn, figures, read

MONEY = """
机构名称 | 三公经费合计 | 公务接待费 | 公务用车运维费 | 公务用车购置费 | 因公出国费
汇总 | 1 | 1 | 0 | 0 | 0
"""

MERGED = """
整体支出\\n绩效定量目标及实施计划完成情况 | 评价内容 | > | 绩效目标 | 完成情况
^ | 产出目标\\n（部门工作实绩） | 质量指标 | 不断加强 | 完成
^ | ^ | 数量指标 | 培训55期 | 55期
^ | ^ | ^ | 覆盖率80%以上 |
^ | ^ | 时效指标 | |
^ | 效益目标 | 社会效益 | 提供保障 | 完成
^ | ^ | 社会公众或\\n服务对象满意度 | 满意 | 95
"""
READ = [
    ("质量指标", "不断加强", "完成"),
    ("数量指标", "培训55期", "55期"),
    ("数量指标", "覆盖率80%以上", None),
    ("社会效益", "提供保障", "完成"),
    ("社会公众或服务对象满意度", "满意", "95"),
]


def targets(submission) -> list[tuple[str | None, ...]]:
    rows = []
    while submission.facts.get(f"targets.quantitative.{len(rows) + 1}.target"):
        stem = f"targets.quantitative.{len(rows) + 1}"
        rows.append(tuple(submission.facts.text(f"{stem}.{key}") for key in ("kind", "target", "actual")))
    return rows


@pytest.mark.parametrize(
    "text",
    [
        MERGED,
        """
        评价内容 | | 绩效目标 | 完成情况
        产出目标 | 质量指标 | 不断加强 | 完成
        | 数量指标 | 培训55期 | 55期
        | | 覆盖率80%以上 |
        | | |
        | 时效指标 | |
        评价内容 | | 绩效目标 | 完成情况
        效益目标 | 社会效益 | 提供保障 | 完成
        | 社会公众或服务对象满意度 | 满意 | 95
        """,
        """
        评价内容 | 绩效目标 | 实际完成情况
        质量指标 | 不断加强 | 完成
        数量指标 | 培训55期 | 55期
        | 覆盖率80%以上 |
        社会效益 | 提供保障 | 完成
        社会公众或服务对象满意度 | 满意 | 95
        """,
        """
        评价内容 | > | 绩效目标 | > | 完成情况
        产出目标 | 质量指标 | 不断加强 | > | 完成
        产出目标 | 数量指标 | 培训55期 | > | 55期
        产出目标 | 数量指标 | 覆盖率80%以上 | > |
        效益目标 | 社会效益 | 提供保障 | > | 完成
        效益目标 | 社会公众或服务对象满意度 | 满意 | > | 95
        """,
    ],
    ids=["merged groups", "groups blank below, broken over two pages", "one level of groups", "groups repeated"],
)
def test_targets_carry_the_group_they_stand_under(pack, text):
    submission = read(pack, [drawn(text, "目标"), drawn(MONEY, "三公")])
    assert targets(submission) == READ
    assert {code for code, _ in coded(submission)} == {"LAY-01", }
    assert submission.extras == ()


def test_rows_without_anything_filled_are_no_records(pack):
    text = "评价内容 | > | 绩效目标 | 完成情况\n产出目标 | 质量指标 | | \n^ | 数量指标 | - | /"
    submission = read(pack, [drawn(text, "目标"), drawn(MONEY, "三公")])
    assert targets(submission) == []
    assert "quantitative" in submission.blocks


def test_evaluators_end_where_the_opinions_begin(pack):
    text = """
        四、评价人员 | > | > | >
        姓  名 | 职务/职称 | 单  位 | 签  字
        甲 | 主任 | 某局 |
        乙 | | 某局 |
        评价组组长（签字）：\\n 年 月 日 | > | > | >
        """
    submission = read(pack, [drawn(text, "目标"), drawn(MONEY, "三公")])
    assert figures(submission, block="evaluators") == {
        "evaluators.1.name": "甲", "evaluators.1.post": "主任", "evaluators.1.unit": "某局",
        "evaluators.2.name": "乙", "evaluators.2.unit": "某局",
    }  # fmt: skip
    assert submission.extras == ()


def test_qualitative_targets_pasted_as_several_rows_are_one_text(pack):
    text = "预期目标 | > | 实际完成\n一是 | > | 完成\n二是 | > | \n绩效自评综合得分 | 95 | "
    submission = read(pack, [drawn(text, "目标"), drawn(MONEY, "三公")])
    assert submission.facts.text("targets.qualitative.expected") == "一是\n二是"
    assert submission.facts.text("targets.qualitative.actual") == "完成"
    assert submission.facts.value("self.total") == 95
