"""Facts of a department that do not come from its filing, separate from its own and by origin."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from jixiao.model.fact import Facts


class DataSource(StrEnum):
    """Where a figure comes from: the filing, what the bureau itself knows, or last year's result."""

    FILING = "filing"
    BUREAU = "bureau"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class YearResult:
    """A department's result of a year: its final total in marks, and its grade."""

    total_final: Decimal
    grade: str


@dataclass(frozen=True)
class ExternalData:
    """The facts of one department from other sources than its filing, for the summary of its institutions.

    `bureau` holds this year's concepts; `previous` those of last year's filing under the ids they had then. None where
    the run was given no such source; empty where the source does not have the department. `standing` is last year's.
    """

    bureau: Facts | None = None
    previous: Facts | None = None
    standing: YearResult | None = None


@dataclass(frozen=True)
class FormerDepartment:
    """A department of last year's result of which nothing counts this year, with its result then."""

    budget_code: str
    department: str
    standing: YearResult | None = None


NO_EXTERNAL_DATA = ExternalData()
