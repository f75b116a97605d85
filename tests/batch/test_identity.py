"""Who a filing is from: the cover, else the file's name against the roster, else the evaluators' unit."""

from __future__ import annotations

import pytest

from jixiao.batch.inbox.identity import batch_year, resolve, stated_year
from jixiao.model.submission import FilingHeader, RosterEntry

STATEMENTS = {
    "根据2023年3月通知，2022年度我局收入": 2022,
    "2021年结转，2022年收入，2022年支出": 2022,
    "２０２２ 年度": 2022,
    "2021年和2022年": 2021,
    "本年度": None,
    "": None,
}


@pytest.mark.parametrize("text", STATEMENTS)
def test_a_narratives_year_is_the_one_it_is_about(text):
    assert stated_year(text) == STATEMENTS[text]


ROSTER = (
    RosterEntry("101001", "区教育局"),
    RosterEntry("101002", "区卫生健康局"),
    RosterEntry("101003", "区水利局"),
)


def header(file: str = "x.xlsx", department: str = "", code: str = "", **more: object) -> FilingHeader:
    known = {"year": 2022, "narrative_year": None, "report_date": "", "evaluator_unit": "", **more}
    return FilingHeader(
        submission_id="s", file=file, sha256="1", department=department, budget_code=code, department_place=None,
        budget_code_place=None, year_place=None, **known,
    )  # fmt: skip


CASES = {
    "code and name agree": (header(department="区教育局", code="101001"), ("区教育局", "101001", 2022), []),
    "the name finds the code": (header(department="区 教育局"), ("区教育局", "101001", 2022), ["SUB-09"]),
    "a close name is taken and told": (
        header(department="区卫生健康委员会局", code=""), ("区卫生健康委员会局", None, 2022), ["REQ-02"],
    ),
    "the code counts, the odd name is told": (
        header(department="教育局机关", code="101001"), ("区教育局", "101001", 2022), ["SUB-09"],
    ),
    "a name that is another department's beats the code": (
        header(department="区水利局", code="101001"), ("区水利局", "101003", 2022), ["SUB-13"],
    ),
    "a blank cover is told by the file's name": (
        header(file="2022/101002 自评.xlsx"), ("区卫生健康局", "101002", 2022), ["SUB-09", "SUB-09"],
    ),
    "then by the evaluators' unit": (
        header(evaluator_unit="区水利局"), ("区水利局", "101003", 2022), ["SUB-09", "SUB-09"],
    ),
    "a blank name and an unknown code are told by the file's name": (
        header(file="水利局自评.xlsx", code="999999"), ("区水利局", "101003", 2022), ["SUB-09", "SUB-14"],
    ),
    "a code that the roster has not gives way to the name": (
        header(department="区水利局", code="101009"), ("区水利局", "101003", 2022), ["SUB-14"],
    ),
    "people leave out their district's name in a file's name": (
        header(file="水利局2022年自评.xlsx"), ("区水利局", "101003", 2022), ["SUB-09", "SUB-09"],
    ),
    "nothing tells": (header(), (None, None, 2022), ["SUB-10", "REQ-02"]),
    "the year is told by the narrative": (
        header(department="区教育局", code="101001", year=None, narrative_year=2022),
        ("区教育局", "101001", 2022), ["SUB-09"],
    ),
    "a year nobody tells is the batch's": (
        header(department="区教育局", code="101001", year=None), ("区教育局", "101001", 2022), ["SUB-04"],
    ),
    "another year is told": (
        header(department="区教育局", code="101001", year=2021), ("区教育局", "101001", 2021), ["SUB-05"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=list(CASES))
def test_a_filing_is_given_its_department(pack, case):
    given, (department, code, year), rules = CASES[case]
    resolved = resolve(given, pack, ROSTER, 2022)
    assert (resolved.identity.department, resolved.identity.budget_code, resolved.identity.year) == (
        department, code, year,
    )  # fmt: skip
    assert [finding.rule for finding in resolved.findings] == rules


@pytest.mark.parametrize(
    ("years", "asked", "expected"),
    [([2022, 2022, 2021], None, 2022), ([2021, 2022], None, 2022), ([], None, 2020), ([2022], 2021, 2021)],
)
def test_the_batch_takes_the_year_that_most_filings_state(years, asked, expected):
    assert batch_year([header(year=year) for year in years], asked, 2020) == expected
