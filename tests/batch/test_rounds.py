"""Which of a department's filings counts."""

from __future__ import annotations

import pytest

from jixiao.batch.inbox.select_filings import choose_versions, report_date_key
from jixiao.model.submission import FilingHeader, Identity, ResolvedIdentity


def filing(file: str, sha: str, date: str = "", code: str = "101", year: int = 2022) -> tuple[FilingHeader, ResolvedIdentity]:
    header = FilingHeader(file, file, sha, "某局", code, year, None, date, "", None, None, None)
    return header, ResolvedIdentity(Identity("某局", code, year), None, ())


CASES = {
    "one filing counts": ([("a.xlsx", "1", "")], {}),
    "the later report date counts": (
        [("b.xlsx", "1", "2023年4月1日"), ("a.xlsx", "2", "2023年5月1日")],
        {"b.xlsx": "superseded"},
    ),
    "without a date in all of them the last name counts": (
        [("b.xlsx", "1", ""), ("a.xlsx", "2", "2023年5月1日")],
        {"a.xlsx": "superseded"},
    ),
    "on a tie of dates the last name counts": (
        [("a.xlsx", "1", "2023年5月"), ("b.xlsx", "2", "2023年5月")],
        {"a.xlsx": "superseded"},
    ),
    "identical files are duplicates of the first": (
        [("a.xlsx", "1", ""), ("b.xlsx", "1", "")],
        {"b.xlsx": "duplicate"},
    ),
    "different files of one name and date are in conflict, both": (
        [("x/a.xlsx", "1", ""), ("y/a.xlsx", "2", "")],
        {"x/a.xlsx": "conflict", "y/a.xlsx": "conflict"},
    ),
    "round folders are read in their order": (
        [("第二次报送/a.xlsx", "1", "2023年4月1日"), ("第一次报送/a.xlsx", "2", "2023年5月1日")],
        {"第一次报送/a.xlsx": "superseded"},
    ),
    "an older conflict is settled by a newer filing": (
        [("x/a.xlsx", "1", "2023年4月1日"), ("y/a.xlsx", "2", "2023年4月1日"), ("b.xlsx", "3", "2023年6月1日")],
        {"x/a.xlsx": "superseded", "y/a.xlsx": "superseded"},
    ),
}


@pytest.mark.parametrize("case", CASES, ids=list(CASES))
@pytest.mark.parametrize("backwards", [False, True], ids=["in order", "in reverse"])
def test_the_newest_filing_counts_by_rule(case, backwards):
    files, expected = CASES[case]
    filings = [filing(*each) for each in files]
    verdicts = choose_versions(filings[::-1] if backwards else filings)
    assert {file: verdict.status.value for file, verdict in verdicts.items()} == expected


def test_filings_of_two_years_do_not_replace_each_other():
    assert choose_versions([filing("a.xlsx", "1", year=2021), filing("b.xlsx", "2", year=2022)]) == {}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("2023年4月10日", (2023, 4, 10)), ("2023年4月", (2023, 4, 0)), ("20230410", (2023, 4, 10)),
        ("2023-04-10", (2023, 4, 10)), ("2023/4/1", (2023, 4, 1)), ("四月", ()), ("", ()), ("2023年13月", ()),
    ],
)  # fmt: skip
def test_report_dates_are_read_as_departments_write_them(text, key):
    assert report_date_key(text) == key
