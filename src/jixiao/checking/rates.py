"""Rates that the form prints, against what their numerator and denominator give."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from jixiao.checking import words
from jixiao.checking.tally import Tally
from jixiao.model.fact import Fact, State
from jixiao.model.numerals import narrow, to_six_places
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.pack.equations import PrintedRate
from jixiao.pack.lookup import amount

MOST_PLACES = 6
_DECIMALS = re.compile(r"\d\.(\d+)")


def check_rates(submission: Submission, pack: Pack, tally: Tally) -> None:
    """Tell the tally what the printed rates of the pack answered."""
    for rate in pack.equations_declared.rates:
        _check(rate, submission, pack, tally)
        tally.not_asked(rate.code, words.NOTHING_FILLED)


def _check(rate: PrintedRate, submission: Submission, pack: Pack, tally: Tally) -> None:
    printed, over, under = (
        amount(pack, submission.facts, concept) for concept in (rate.printed, rate.numerator, rate.denominator)
    )
    if printed is None or printed.state is State.BLANK:
        return
    asked = [fact for fact in (printed, over, under) if fact is not None]
    if unread := [fact for fact in asked if fact.state is State.UNREADABLE]:
        tally.undecided(rate.code, words.unreadable(pack, unread))
        return
    if printed.value is None or over is None or under is None or over.value is None or under.value is None:
        blank = rate.numerator if over is None or over.value is None else rate.denominator
        tally.undecided(rate.code, f"{words.where(pack, blank)}{words.NOT_FILLED}")
        return
    if not under.value:
        tally.undecided(rate.code, f"{words.where(pack, rate.denominator)}为零")
        return
    computed = Fraction(over.value) / Fraction(under.value) * 100
    expected = rounded(computed, printed_decimals(printed))
    if expected == printed.value:
        tally.passed(rate.code)
        return
    tally.failed(
        pack.rules.finding(
            rate.code,
            place=printed.place,
            concept=printed.concept,
            institution=printed.institution,
            expected=words.shown(expected),
            actual=words.shown(printed.value),
            difference=to_six_places(printed.value - expected),
            where=words.where(pack, rate.printed),
            over=words.label(pack, rate.numerator),
            under=words.label(pack, rate.denominator),
        )
    )


def printed_decimals(fact: Fact) -> int:
    """How many decimals of a percentage a department wrote, those of 95.00% among them; at most six."""
    value = fact.value if fact.value is not None else Decimal(0)
    own = max(0, -int(value.normalize().as_tuple().exponent)) if value else 0
    found = _DECIMALS.search(narrow(fact.raw or ""))
    written = len(found[1]) if found and "%" in narrow(fact.raw or "") else 0
    return min(MOST_PLACES, max(own, written))


def rounded(number: Fraction, places: int) -> Decimal:
    """A number that is not negative rounded half up."""
    scaled = (2 * number.numerator * 10**places + number.denominator) // (2 * number.denominator)
    return Decimal(scaled).scaleb(-places)
