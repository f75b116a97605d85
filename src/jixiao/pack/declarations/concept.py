"""Concepts: the kinds of number and text that a form asks for."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from jixiao.pack.declarations import Declaration


class ConceptKind(StrEnum):
    """What a cell of a concept may hold."""

    TEXT = "text"
    AMOUNT = "amount"
    COUNT = "count"
    PERCENT = "percent"
    MARKS = "marks"
    CHOICE = "choice"
    DATE = "date"
    YEAR = "year"


NUMERIC = frozenset({ConceptKind.AMOUNT, ConceptKind.COUNT, ConceptKind.PERCENT, ConceptKind.MARKS})
"""Kinds whose facts carry a `value`; the others carry a `text`."""


class Requirement(StrEnum):
    """How strongly the form demands that a cell is filled; the values are the severities of a blank."""

    ERROR = "error"
    WARNING = "warning"
    OPTIONAL = "optional"


class ConceptTraits(Declaration):
    """What may be said of a concept where it is declared; a None falls back to the column's, then the block's."""

    kind: ConceptKind | None = None
    unit: str | None = None
    nonnegative: bool | None = None
    required: Requirement | None = None
    personal: bool | None = None
    choices: tuple[str, ...] | None = None
    decimals: int | None = None

    def over(self, *fallbacks: ConceptTraits) -> dict[str, object]:
        """Return the first stated value of each trait, in the order self, then the fallbacks."""
        stated_first: dict[str, object] = {}
        for name in ConceptTraits.model_fields:
            stated = (getattr(source, name) for source in (self, *fallbacks))
            stated_first[name] = next((each for each in stated if each is not None), None)
        return stated_first


class ConceptScope(StrEnum):
    """Whether a concept has one cell a filing, one an institution, or one a declared row."""

    SINGLE = "single"
    INSTITUTION = "institution"
    RECORD = "record"


class Concept(NamedTuple):
    """One concept, resolved.

    For record concepts `id` is a pattern with `{n}`. `maximum` is the largest value the cell accepts, where the form
    states one (the full marks of a score). `label` is what is printed beside it, `block` the id of its block.
    """

    id: str
    label: str
    block: str
    kind: ConceptKind
    scope: ConceptScope
    unit: str = ""
    nonnegative: bool = True
    required: Requirement = Requirement.OPTIONAL
    personal: bool = False
    choices: tuple[str, ...] = ()
    decimals: int = 2
    maximum: Decimal | None = None

    @property
    def numeric(self) -> bool:
        """Return whether its facts carry a number."""
        return self.kind in NUMERIC
