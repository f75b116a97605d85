"""The seed's filing as it was typed, laid out as its pages were, reads to the figures of the form's page."""

from __future__ import annotations

from decimal import Decimal

from tests.support.filings import seed_figures
from tests.support.grids import Grid, coded, drawn, figures, read, with_columns, with_rows

# Its money tables and targets as printed: no cover, no captions above the last two tables, a page break in the score
# sheet with its head repeated, one merged 分值 over three rows, the unit in the fixed assets' cells.
REPORT = """
一、部门（单位）基本概况 | > | > | > | > | > | > | >
联系人 | （姓名略） | > | > | 联络电话 | （电话略） | > | >
人员编制 | 31 | > | > | 实有人数 | 25 | > | >
职能职责概述 | 全区组织工作 | > | > | > | > | > | >
年度主要\\n工作内容 | 任务1：选贤任能 | > | > | > | > | > | >
年度部门（单位）总体运行情况及取得的成绩 | 1.不断加强党的理论武装。 | > | > | > | > | > | >
二、部门（单位）收支情况 | | | | | | |
年度收入情况（万元） | > | > | > | > | > | > | >
机构名称 | 收入合计 | 其中： | > | > | > | > | >
^ | ^ | 上年结转 | 公共财\\n政拨款 | 政府基金拨款 | 纳入专户管理的非税收入拨款 | > | 其他\\n收入
局机关及二级机构汇总 | 654.74 | | 654.74 | | | > |
1、局机关 | 654.74 | | 654.74 | | | > |
2、二级机构1 | | | | | | > |
3、二级机构2 | | | | | | > |
部门（单位）年度支出和结余情况（万元） | > | > | > | > | > | > | >
机构名称 | 支出合计 | 其中： | > | > | > | 结余 | >
^ | ^ | 基本支出 | 其中： | > | 项目支出 | 当年结余 | 累计结余
^ | ^ | ^ | 人员支出 | 公用支出 | ^ | ^ | ^
局机关及二级机构汇总 | 654.74 | 654.74 | 334.41 | 320.33 | | |
1、局机关 | 654.74 | 654.74 | 334.41 | 320.33 | | |
2、二级机构1 | | | | | | |
3、二级机构2 | | | | | | |
机构名称 | 三公经费\\n合计 | 其中： | > | > | > | > | >
^ | ^ | 公务接待费 | 公务用车运维费 | > | 公务用车购置费 | > | 因公出国费
局机关及二级机构汇总 | 1.3 | 1.3 | 0 | > | 0 | > | 0
1、局机关 | 1.3 | 1.3 | 0 | > | 0 | > | 0
2、二级机构1 | | | | > | | > |
3、二级机构2 | | | | > | | > |
机构名称 | 固定资产\\n合计 | 其中： | > | > | > | 其他 | >
^ | ^ | 在用固定资产 | > | 出租固定资产 | > | ^ | ^
局机关及二级机构汇总 | 35.94万元 | 35.94万元 | > | | > | | >
1、局机关 | 35.94万元 | 35.94万元 | > | | > | | >
2、二级机构1 | | | > | | > | | >
3、二级机构2 | | | > | | > | | >
三、部门（单位）整体支出绩效自评情况 | | | | | | |
整体支出绩效定性目标及实施计划完成情况 | 预期目标 | > | > | > | > | 实际完成 | >
^ | 1.不断加强党的理论武装。 | > | > | > | > | 完成 | >
整体支出\\n绩效定量目标及实施计划完成情况 | 评价内容 | > | 绩效目标 | > | > | 完成情况 | >
^ | 产出目标\\n（部门工作实绩，包含上级部门和市委市政府布置的重点工作、实事任务等，根据部门实际进行调整细化） | 质量指标 | 指标1：不断加强党的理论武装。 | > | > | 完成 | >
^ | ^ | 数量指标 | 指标1：举办各类培训班55期 | > | > | 完成 | >
^ | ^ | ^ | 指标2：组织150余名科级干部到中心工作一线 | > | > | 完成 | >
^ | ^ | ^ | 指标3：非公企业、社会组织党组织覆盖率80%以上。 | > | > | 完成 | >
^ | ^ | 时效指标 | 指标1：各项组织工作按时推进。 | > | > | 完成 | >
^ | 效益目标\\n（预期实现的效益） | 社会效益 | 指标1：为产业基地建设提供组织保障。 | > | > | 完成 | >
^ | ^ | 经济效益 | 指标1：筑巢聚才，建设人才高地。 | > | > | 完成 | >
^ | ^ | 生态效益 | 指标1：创造良好的社会发展环境 | > | > | 完成 | >
^ | ^ | 社会公众或服务对象满意度 | 指标1：社会公众比较满意 | > | > | 完成 | >
绩效自评综合得分 | 95 | > | > | > | > | > | >
评价等次 | | > | > | > | > | > | >
四、评价人员 | | | | | | |
姓  名 | 职务/职称 | > | 单  位 | > | > | 签  字 | >
（姓名略） | 副部长 | > | 某部 | > | > | | >
评价组组长（签字）：\\n\\n\\n        年    月    日 | > | > | > | > | > | > | >
部门（单位）意见：\\n\\n    部门（单位）负责人（签章）：\\n    年    月    日 | > | > | > | > | > | > | >
财政部门归口业务股室意见：\\n\\n  财政部门归口业务股室负责人（签章）：\\n   年    月   日 | > | > | > | > | > | > | >
五、评价报告综述（文字部分） | | | | | | |
一、整体支出概况 | | | | | | |
2022年，总收入654.74万元，其中财政拨款654.74万元。 | | | | | | |
部门整体支出绩效评价评分表（参考样表） | | | | | | |
一级指标 | 二级指标 | 三级指标 | 评分标准 | 分值 | 自评得分 | 扣分原因和其他说明 |
投  入\\n（15分） | 预算配置\\n（15分） | 财政供养人员\\n控制率 | 以100%为标准。 | 5 | 5 | |
^ | ^ | “三公经费”\\n变动率 | 变动率≦0,计5分 | 5 | 5 | |
^ | ^ | 重点支出\\n安排率 | 重点支出安排率≥90% | 5 | 5 | |
过  程\\n（40分） | 预算执行\\n（15分） | 预算调整率 | 预算调整率=0，计3分 | 3 | 2 | |
^ | ^ | 支付进度 | 春节前下达 | 3 | 3 | |
^ | ^ | 资金结余 | 无结余，3分 | 3 | 3 | |
^ | ^ | “三公经费”\\n控制率 | 以100%为标准。 | 6 | 6 | |
^ | 预算管理\\n（15分） | 管理制度\\n健全性 | ①已制定 | 3 | 3 | |
^ | ^ | 资金使用\\n合规性 | ①支出符合 | 3 | 3 | |
^ | ^ | 预决算信息公开性和完善性 | ①按规定 | 3 | 3 | |
^ | ^ | 政府采购\\n执行率 | 等于100%的 | 3 | 3 | |
^ | ^ | 公务卡刷卡率 | 达50％以上的 | 3 | 3 | |
^ | 资产管理\\n（10分） | 管理制度\\n健全性 | ①已制定 | 3 | 3 | |
^ | ^ | | | | | |
^ | ^ | | | | | |
| | | | | | |
一级指标 | 二级指标 | 三级指标 | 评分标准 | 分值 | 自评得分 | 扣分原因和其他说明 |
过  程\\n（40分） | 资产管理\\n（10分） | 资产管理\\n安全性 | ①资产保存完整 | 4 | 4 | |
^ | ^ | 固定资产\\n利用率 | 每低于100% | 3 | 2 | 存在闲置资产 |
产  出（25分） | 职责履行\\n（25分） | 推进全面小康建设指标任务完成情况 | 按考核内容设置 | 5 | 5 | |
^ | ^ | 建设湖南新增极目标任务完成情况 | ^ | 7 | 7 | |
^ | ^ | 《政府工作报告》目标任务完成情况 | ^ | 5 | 5 | |
^ | ^ | 省市重点民生实事完成情况 | ^ | 2 | 2 | |
^ | ^ | 省市重点工程和重大项目建设完成情况 | ^ | 2 | 2 | |
^ | ^ | 其他工作实绩指标完成情况 | ^ | 4 | 4 | |
效  果\\n（20分） | 履职效益\\n（20分） | 经济效益 | 此三项指标 | 15 | 5 | |
^ | ^ | 社会效益 | ^ | ^ | 5 | |
^ | ^ | 生态效益 | ^ | ^ | 5 | |
^ | ^ | 社会公众或服务对象满意度 | 95%（含）以上计5分 | 5 | 5 | |
总 分 | > | > | > | 100 | 99 | |
"""

COVERLESS = ("cover.", "narrative")


def expected() -> dict[str | tuple[str, str], object]:
    """The seed's figures that stand in this layout, as `figures` tells them."""
    found = {}
    for key, figure in seed_figures().items():
        if isinstance(key, str) and key.startswith(COVERLESS):
            continue
        found[key] = str(figure)
    return found


def in_figures(grids: list[Grid], pack) -> dict[str | tuple[str, str], object]:
    found = figures(read(pack, grids))
    return {key: value for key, value in found.items() if key in expected()}


def test_every_figure_is_read_from_one_sheet_as_pasted_from_the_filing(pack):
    submission = read(pack, [drawn(REPORT, "Sheet1")])
    found = figures(submission)
    assert {key: found.get(key) for key in expected()} == expected()
    assert [each.key for each in submission.institutions] == ["summary", "headquarters"]
    assert submission.facts.text("narrative") == "一、整体支出概况\n2022年，总收入654.74万元，其中财政拨款654.74万元。"
    assert submission.facts.value("fixed_assets.total", "summary") == Decimal("35.94")
    assert submission.facts.text("evaluators.1.unit") == "某部"
    assert submission.facts.text("opinions.department") is None
    assert not any(fact.concept.startswith("score.custom") for fact in submission.facts)


def test_the_findings_of_reading_are_the_units_in_cells_and_the_parts_that_it_lacks(pack):
    submission = read(pack, [drawn(REPORT, "Sheet1")])
    assert coded(submission) == {
        ("CEL-02", "Sheet1!B31"), ("CEL-02", "Sheet1!C31"), ("CEL-02", "Sheet1!B32"), ("CEL-02", "Sheet1!C32"),
        ("LAY-01", ""),
    }  # fmt: skip
    told = [(finding.message, finding.severity.value) for finding in submission.findings if finding.rule == "LAY-01"]
    assert sorted(told) == [("未找到“基础数据表”。", "info"), ("未找到“封面”。", "info")]
    assert submission.extras == ()


def test_rows_above_and_columns_to_the_left_change_nothing(pack):
    plain, moved = drawn(REPORT, "Sheet1"), with_columns(with_rows(drawn(REPORT, "Sheet1"), [0, 0, 3, 20]), [0, 0, 5])
    assert in_figures([moved], pack) == in_figures([plain], pack) == expected()
