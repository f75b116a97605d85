"""Rates that the form prints, against what their numerator and denominator give."""

from __future__ import annotations

from fractions import Fraction

from jixiao.checking import messages
from jixiao.checking.filing import Filing
from jixiao.model.fact import FactState
from jixiao.pack.declarations.equations import PrintedRate
from jixiao.values.number_format import printed_decimals, round_half_up


def check_rates(filing: Filing) -> None:
    """Check the printed rates of the form."""
    for rate in filing.pack.equations_declared.rates:
        _check(rate, filing)
        filing.not_asked(rate.code, messages.NOTHING_FILLED)


def _check(rate: PrintedRate, filing: Filing) -> None:
    code, pack = rate.code, filing.pack
    printed, over, under = (filing.amount(concept) for concept in (rate.printed, rate.numerator, rate.denominator))
    if printed is None or printed.state is FactState.BLANK or filing.undecided_if_unreadable(code, printed, over, under):
        return
    if filing.undecided_if_blank(code, {rate.numerator: over, rate.denominator: under}):
        return
    assert over is not None and under is not None and over.value is not None and under.value is not None
    if printed.value is None or not under.value:
        filing.undecided(code, f"{messages.cell_label(pack, rate.denominator)}为零")
        return
    quotient = Fraction(over.value) / Fraction(under.value) * 100
    expected = round_half_up(quotient, printed_decimals(printed.value, printed.raw))
    if expected == printed.value:
        filing.passed(code)
        return
    filing.failed(
        code, printed, expected=expected, actual=printed.value, difference=printed.value - expected,
        where=messages.cell_label(pack, rate.printed), over=messages.concept_label(pack, rate.numerator),
        under=messages.concept_label(pack, rate.denominator),
    )  # fmt: skip
