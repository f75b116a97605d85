"""A text that two departments share is told to the bureau in the summary, and to neither of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jixiao.model.result import District
from jixiao.model.submission import Identity
from jixiao.writing.returned.workbook import returned_workbook
from jixiao.writing.summary.sheets.problems import common_problems_sheet
from jixiao.writing.summary.sheets.same_texts import find_same_texts, same_texts_sheet
from tests.checking.clean import clean_figures
from tests.support.goldens import sheet_text
from tests.support.results import ROSTER, result
from tests.support.summaries import laid, view_of

LONG = "一年来，围绕中心工作，举办培训班十二期，深入乡镇走访调研六十余次，修订内部管理制度三项，办理群众来信来访一百三十件，按期办结，群众满意，年度各项工作任务全面完成。"


def of(pack, n: int, text: str, concept: str = "profile.annual_tasks"):
    made = result(pack, clean_figures(pack) | {concept: text}, units=("城区服务中心",))
    name, code = f"第{n}局", f"10100{n}"
    return replace(
        made, submission_id=f"s{n}", identity=Identity(name, code, 2022), counted=True,
        roster=replace(ROSTER, budget_code=code, department=name),
    )  # fmt: skip


def results(pack, *texts: str):
    return tuple(of(pack, n, text) for n, text in enumerate(texts, start=1))


def view(pack, *texts: str):
    return view_of(District(results(pack, *texts), (), True, 2022), pack)


@pytest.mark.parametrize(
    ("texts", "shared"),
    [
        pytest.param((LONG, LONG), {"第1局", "第2局"}, id="word for word"),
        pytest.param((LONG, LONG.replace("，", ", ") + "\n"), {"第1局", "第2局"}, id="but for punctuation"),
        pytest.param((LONG, LONG.replace("十二", "十四")), set(), id="another figure"),
        pytest.param(("按期完成。", "按期完成。"), set(), id="too short to tell"),
        pytest.param((LONG, "各写各的。", LONG), {"第1局", "第3局"}, id="two of three"),
    ],
)
def test_departments_that_share_a_text_are_found(pack, texts, shared):
    found = find_same_texts(view(pack, *texts))
    assert {each.identity.department for same in found for each in same.results} == shared


def test_the_summary_names_the_departments_and_counts_the_problem(pack):
    both = view(pack, LONG, LONG)
    told = sheet_text(laid(same_texts_sheet(both)))
    assert "第1局、第2局" in told and LONG[:20] in told and "年度主要工作内容" in told
    rule = pack.rules["TXT-03"]
    assert rule.title in sheet_text(laid(common_problems_sheet(both))) and rule.remedy in sheet_text(laid(common_problems_sheet(both)))


def test_neither_department_is_told(pack):
    for each in results(pack, LONG, LONG):
        content = returned_workbook(each, pack, bureau="区财政局", contact="", year=2022)
        other = {"第1局", "第2局"} - {each.identity.department}
        words = "\n".join(sheet_text(sheet) for sheet in content.sheets)
        assert "TXT-03" not in {finding.rule for finding in each.findings}
        assert "雷同" not in words and other.pop() not in words
