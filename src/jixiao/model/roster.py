"""The roster: the departments from which filings are expected."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One department of the roster; texts are empty where the roster does not say.

    `kind` 类别, `supervisor` 主管部门, `section` 归口股室, `reports_within` 并入报送 (the department in whose filing
    this one is contained), `deadline` 报送截止, `classified` 涉密, `district` 区县.
    """

    budget_code: str
    department: str
    kind: str = ""
    supervisor: str = ""
    section: str = ""
    reports_within: str = ""
    deadline: str = ""
    classified: bool = False
    district: str = ""


HEADINGS = {
    "预算编码": "budget_code", "部门名称": "department", "类别": "kind", "主管部门": "supervisor", "归口股室": "section",
    "并入报送": "reports_within", "报送截止": "deadline", "涉密": "classified", "区县": "district",
}  # fmt: skip
"""The headings of a roster workbook and what stands under each."""
