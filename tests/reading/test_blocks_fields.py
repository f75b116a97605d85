"""Fields, headings and free text: the value beside, below or inside its label."""

from __future__ import annotations

import pytest

from tests.support.grids import coded, drawn, figures, read

TABLE = """
机构名称 | 三公经费合计 | 公务接待费 | 公务用车运维费 | 公务用车购置费 | 因公出国费
汇总 | 1 | 1 | 0 | 0 | 0
"""


def profile(pack, text: str, **more: object):
    """The filing of a small sheet of fields above a money table, without which nothing is a filing."""
    return read(pack, [drawn(text, "表", **more), drawn(TABLE, "三公")])


def own_codes(submission) -> set[tuple[str, str]]:
    return {each for each in coded(submission) if each[0] not in ("LAY-01", "LAY-02")}


@pytest.mark.parametrize(
    "text",
    [
        "人员编制 | 31 | 实有人数 | 25",
        "人员编制 | > | 31 | > | 实有人数 | > | 25 | >",
        "1、人员编制： | | 31 | | （2）实有\\n人数（人） | | | 25",
        "人员编制 | 31\n实有人数 | 25",
        "人员编制 | 实有人数\n31 | 25",
        "人员编制：31 | | 实有人数：25",
        "编制人数 | 31 | 在职人数 | 25",
    ],
)
def test_a_value_stands_beside_below_or_behind_its_label(pack, text):
    submission = profile(pack, text)
    found = figures(submission, block="staff")
    assert {key: str(value) for key, value in found.items()} == {"staff.quota": "31", "staff.actual": "25"}
    assert {code for code, _ in own_codes(submission)} <= {"CEL-03"}
    assert submission.extras == ()


def test_a_blank_field_is_blank_at_the_cell_beside_it_and_never_takes_its_neighbours_value(pack):
    submission = profile(pack, "联系人 | > | | 联络电话 | | \n人员编制 | > | | 实有人数 | 25 | ")
    assert figures(submission, block="staff") == {"staff.actual": "25"}
    assert str(submission.facts.get("staff.quota").place) == "表!C2"
    assert str(submission.facts.get("profile.telephone").place) == "表!E1"


def test_a_field_does_not_reach_into_a_table_beside_it(pack):
    text = """
        评价等次 | | 机构名称 | 固定资产合计 | 在用固定资产 | 出租固定资产 | 其他
        绩效自评综合得分 | | 汇总 | 9 | 9 | | |
        """
    submission = profile(pack, text)
    assert figures(submission, block="self") == {}
    assert figures(submission, block="fixed")["fixed_assets.total", "summary"] == "9"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("部门（单位）意见：\\n\\n部门（单位）负责人（签章）：\\n  年  月  日", None),
        ("部门(单位)意见： 同意\\n部门（单位）负责人（签章）：\\n年    月   日", "同意"),
        ("部门（单位）意见：同意\\n部门（单位）负责人（签章）：\\n2023年4月10日", "同意\n部门（单位）负责人（签章）：\n2023年4月10日"),
    ],
)
def test_an_opinion_is_what_stands_between_its_label_and_its_printed_tail(pack, cell, text):
    submission = profile(pack, f"{cell} | > | >")
    assert submission.facts.text("opinions.department") == text


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("（2022年度）", "2022"),
        ("(2022 年度)", "2022"),
        ("2022年度", "2022"),
        ("（　　年度）", None),
        ("2022年度部门（单位）整体支出绩效评价自评报告", "2022"),
        ("某区2021年部门整体支出绩效评价评分表", "2021"),
    ],
)
def test_the_year_is_read_in_its_line_or_in_a_title(pack, title, year):
    submission = profile(pack, f"{title} | > | >\n部门名称 | 某局")
    assert submission.facts.text("cover.year") == year
    assert submission.extras == ()


def test_a_label_nearly_right_is_read_and_told(pack):
    submission = profile(pack, "人员编制 | 31\n实有人数 | 25\n职能职则概述 | 组织工作")
    assert submission.facts.text("profile.duties") == "组织工作"
    assert own_codes(submission) == {("LAY-06", "表!A3")}


def test_a_required_field_that_is_lacking_is_told_once(pack):
    lacking = [each for each in profile(pack, "联系人 | 某人").findings if each.rule == "LAY-02"]
    assert [each.message for each in lacking] == ["“基本概况”中未找到“人员编制”“实有人数”一栏。"]


def test_a_second_copy_of_the_fields_is_told_and_what_differs_is_kept(pack):
    one = drawn("人员编制 | 31\n实有人数 | 25\n联系人 | 某人", "一")
    two = drawn("人员编制 | 31\n实有人数 | 26", "二")
    submission = read(pack, [one, two, drawn(TABLE, "三公")])
    assert submission.facts.value("staff.actual") == 25
    assert own_codes(submission) == {("LAY-05", "二!A1"), ("LAY-04", "二!B2")}


NARRATIVE = "一、整体支出概况\n2022年，总收入654.74万元。\n\n二、资金使用及管理情况\n资金使用严格。"


@pytest.mark.parametrize(
    "rows",
    [
        ["五、评价报告综述（文字部分）", *NARRATIVE.split("\n")],
        ["评价报告综述", "", NARRATIVE],
        ["五、评价报告综述（文字部分）\n" + NARRATIVE],
    ],
)
def test_the_narrative_is_the_text_below_its_heading(pack, rows):
    text = "\n".join(row.replace("\n", "\\n") for row in rows)
    submission = read(pack, [drawn(TABLE + "\n" + text, "表")])
    assert submission.facts.text("narrative") == NARRATIVE.replace("\n\n", "\n")
    assert submission.extras == ()


def test_the_narrative_needs_no_heading_in_a_sheet_of_its_own(pack):
    submission = read(pack, [drawn(TABLE, "表"), drawn("总收入654.74万元。\n总支出654.74万元。", "综述 ")])
    assert submission.facts.text("narrative") == "总收入654.74万元。\n总支出654.74万元。"


def test_the_narrative_ends_where_another_block_begins_even_if_it_repeats_a_heading_of_the_form(pack):
    text = "五、评价报告综述（文字部分） | > | >\n一、部门（单位）基本概况 | > | >\n概况如下。 | > | >\n三公经费（万元） | > | >\n"
    submission = read(pack, [drawn(text + TABLE.strip(), "表")])
    assert submission.facts.text("narrative") == "一、部门（单位）基本概况\n概况如下。"
    assert figures(submission, block="three")["three_public.total", "summary"] == "1"


def test_hidden_sheets_rows_and_columns_with_figures_are_read_and_told(pack):
    one = profile(pack, "人员编制 | 31\n实有人数 | 25", hidden=True)
    two = profile(pack, "人员编制 | 31\n实有人数 | 25", hidden_rows=frozenset({1}), hidden_columns=frozenset({7}))
    assert one.facts.value("staff.quota") == two.facts.value("staff.quota") == 31
    assert own_codes(one) == {("LAY-08", "表!B1")}
    assert own_codes(two) == {("LAY-08", "表!B2")}


@pytest.mark.parametrize(
    ("line", "telephone"),
    [
        ("联络电话 | | 传真 | 5550102", None),
        ("联络电话 | | 传真：5550102", None),
        ("联络电话 | 传真： | 5550102", None),
        ("联络电话 | 联系人 | 甲某", None),
        ("联络电话 | | 备注：请于工作日联系", None),
        ("联络电话 | | 本表一式两份", None),
        ("联络电话 | > | | > | 5550102", None),
        ("联络电话 | '5550101' | 传真 | '5550102'", "5550101"),
        ("联络电话 | | '0730-5550101'", "0730-5550101"),
        ("联络电话 | 办公室", "办公室"),
    ],
)
def test_right_of_a_blank_telephone_another_label_or_a_note_is_none(pack, line, telephone):
    submission = profile(pack, f"{line}\n人员编制 | 31")
    assert figures(submission, block="profile").get("profile.telephone") == telephone
    told = [extra.text for extra in submission.extras]
    assert all(text in (telephone, "联络电话", "联系人", "甲某") or text in told for text in (cell.strip(" '") for cell in line.split("|")) if text not in ("", ">"))


@pytest.mark.parametrize(
    ("cell", "name", "code"),
    [
        ("部门名称：某区水利局 预算编码：101003", "某区水利局", "101003"),
        ("预算编码：101003　　部门名称：某区水利局", "某区水利局", "101003"),
        ("部门名称:某区水利局；预 算编码:101003", "某区水利局", "101003"),
        ("部门名称：某区水利局\\n预算编码：101003", "某区水利局", "101003"),
        ("部门名称： 预算编码：101003", None, "101003"),
        ("部门名称：预算编码：101003", None, "101003"),
        ("部门名称：某区水利局（内设：办公室）", "某区水利局（内设：办公室）", None),
    ],
)
def test_two_labels_in_one_cell_are_both_read(pack, cell, name, code):
    submission = profile(pack, f"{cell} | 旁边\n人员编制 | 31")
    found = figures(submission, block="cover")
    assert (found.get("cover.department"), found.get("cover.budget_code")) == (name, code)


@pytest.mark.parametrize(("typed", "value"), [("8:", None), ("8：", None), ("31人：", None), ("1、其中：", None), ("备注：", None)])
def test_a_number_with_a_colon_slipped_in_is_no_label_and_never_blank_in_silence(pack, typed, value):
    submission = profile(pack, f"人员编制 | 31 | 实有人数 | {typed}")
    fact = submission.facts.get("staff.actual")
    is_number = typed[0].isdigit() and typed[1] != "、"
    assert fact.value is value
    assert own_codes(submission) == {("CEL-01", "表!D1") if is_number else ("LAY-04", "表!D1")}
