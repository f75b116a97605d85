"""Rates that the form prints, against what their numerator and denominator give."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from jixiao.checking import messages
from jixiao.checking.filing import CheckedFiling
from jixiao.model.fact import Fact, FactState
from jixiao.pack import Pack
from jixiao.pack.declarations.equations import PrintedRate
from jixiao.values.text import to_half_width

MOST_PLACES = 6
_DECIMALS = re.compile(r"\d\.(\d+)")


def codes(pack: Pack) -> set[str]:
    """Return the codes of the rates that the form prints."""
    return {rate.code for rate in pack.equations_declared.rates}


def check(filing: CheckedFiling) -> None:
    """Check the printed rates of the form."""
    for rate in filing.pack.equations_declared.rates:
        _check(rate, filing)
        filing.not_asked(rate.code, messages.NOTHING_FILLED)


def _check(rate: PrintedRate, filing: CheckedFiling) -> None:
    code, pack = rate.code, filing.pack
    printed, over, under = (filing.amount(concept) for concept in (rate.printed, rate.numerator, rate.denominator))
    if printed is None or printed.state is FactState.BLANK:
        return
    numbers = filing.numbers(code, {rate.printed: printed, rate.numerator: over, rate.denominator: under})
    if numbers is None:
        return
    _, part, whole = numbers
    if not whole:
        filing.undecided(code, f"{messages.cell_label(pack, rate.denominator)}为零")
        return
    expected = rounded(Fraction(part) / Fraction(whole) * 100, printed_decimals(printed))
    filing.compare(
        code, printed, printed.value, expected,
        where=messages.cell_label(pack, rate.printed), over=messages.concept_label(pack, rate.numerator),
        under=messages.concept_label(pack, rate.denominator),
    )  # fmt: skip


def printed_decimals(fact: Fact) -> int:
    """Return how many decimals of a percentage a department wrote, those of 95.00% among them; at most six."""
    value = fact.value if fact.value is not None else Decimal(0)
    own = max(0, -int(value.normalize().as_tuple().exponent)) if value else 0
    match = _DECIMALS.search(to_half_width(fact.raw or ""))
    written = len(match[1]) if match and "%" in to_half_width(fact.raw or "") else 0
    return min(MOST_PLACES, max(own, written))


def rounded(number: Fraction, places: int) -> Decimal:
    """Round a number that is not negative half up."""
    scaled = (2 * number.numerator * 10**places + number.denominator) // (2 * number.denominator)
    return Decimal(scaled).scaleb(-places)
