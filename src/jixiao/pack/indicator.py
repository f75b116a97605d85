"""Indicators: what the form prints of each, and what a filing declares as rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from jixiao.pack.declaration import Declaration
from jixiao.pack.measure import Measure
from jixiao.pack.method import Checklist, Method
from jixiao.pack.target import TargetCompletion


class Indicator(Declaration):
    """One indicator. `zero_if` names, for inputs that may be blank, the balance that must hold with them at zero.

    `cells` are the concepts of its `self` score and `reason` where it stands outside the score sheet. `dimension` is
    that of a row of the filing, which has no criterion of the rubric's.
    """

    id: str
    label: str
    aliases: tuple[str, ...] = ()
    criterion: str
    full_marks: Decimal
    standard: str
    source: str
    evidence: Literal["accounts", "declared", "reported"]
    method: Method
    measures: tuple[Measure, ...] = ()
    zero_if: dict[str, str] = {}
    shared: str = ""
    note: str = ""
    cells: dict[str, str] = {}
    dimension: str = ""

    @property
    def checklist(self) -> Checklist | None:
        """Its checklist, if that is its method."""
        return self.method if isinstance(self.method, Checklist) else None


class DeclaredRows(Declaration):
    """Indicators that are rows of the filing: the table of records that holds them, and what each column holds.

    `id` with `{n}` names them in their order; `dimension` to `reason` are keys of the table's columns.
    """

    table: str
    id: str = "row.{n}"
    dimension: str = "dimension"
    criterion: str = "criterion"
    label: str = "label"
    full: str = "full"
    self: str = "self"
    reason: str = "reason"
    name: str
    standard: str
    source: str
    evidence: Literal["accounts", "declared", "reported"]
    method: TargetCompletion
