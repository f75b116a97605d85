"""Rates that the form prints, against what their numerator and denominator give."""

from __future__ import annotations

from fractions import Fraction

from jixiao.checking import messages
from jixiao.checking.filing import CheckedFiling
from jixiao.model.fact import FactState
from jixiao.pack import Pack
from jixiao.pack.declarations.equations import PrintedRate
from jixiao.values.number_format import printed_decimals, round_half_up


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
    expected = round_half_up(Fraction(part) / Fraction(whole) * 100, printed_decimals(printed.value, printed.raw))
    filing.compare(
        code, printed, printed.value, expected,
        where=messages.cell_label(pack, rate.printed), over=messages.concept_label(pack, rate.numerator),
        under=messages.concept_label(pack, rate.denominator),
    )  # fmt: skip
