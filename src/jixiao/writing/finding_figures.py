"""The figures of a finding as cells show them: amounts with thousands marks and two decimals, other numbers as they are."""

from __future__ import annotations

import re
from decimal import Decimal

from jixiao.model.finding import Finding
from jixiao.pack import Pack
from jixiao.pack.concept import Kind
from jixiao.writing.canvas import Style, Value

AMOUNT_UNIT = "万元"

_NUMBER = re.compile(r"-?\d{1,12}(\.\d+)?")


def figure(told: str | Decimal | None) -> Value:
    """A figure as a number where it is one, else as the text it is."""
    if isinstance(told, str) and _NUMBER.fullmatch(told):
        return Decimal(told)
    return told


def figure_style(shown: Value, number: str) -> Style:
    """How a cell shows a figure: at the right, numbers in this number format."""
    return Style("text", align="right") if isinstance(shown, str) else Style("number", number)


def number_of(finding: Finding, pack: Pack) -> str:
    """The number format of a finding's figures: that of its concept's kind; of a text's, of the unit that the message names."""
    match _kind(finding, pack):
        case Kind.AMOUNT:
            return "amount_exact"
        case Kind.COUNT:
            return "count"
        case Kind.TEXT if AMOUNT_UNIT in finding.message:
            return "amount_exact"
    return "general"


def _kind(finding: Finding, pack: Pack) -> Kind:
    try:
        return pack.concept(finding.concept).kind if finding.concept else Kind.TEXT
    except KeyError:
        return Kind.TEXT
