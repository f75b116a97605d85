"""Precision: filings that agree, however their amounts were rounded, get no error, no warning and no suggestion."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest

from jixiao.checking.check import check
from jixiao.demo.generate import district
from jixiao.model.fact import Fact, Facts, FactState
from jixiao.model.finding import Finding, Severity
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.pack.declarations.concept import ConceptKind

WAYS = (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_HALF_UP)
CENT = Decimal("0.01")


def rounded(submission: Submission, pack: Pack, dice: random.Random) -> Submission:
    """The filing with every amount times one odd factor, each rounded to two decimals for itself, or left as it is.

    The balances hold before rounding. The narrative, which repeats amounts, says nothing of them.
    """
    factor = Decimal(dice.randint(300_001, 2_999_999)) / 1_000_000
    way = dice.choice(WAYS)
    kept = dice.random() < 0.1

    def scaled(fact: Fact) -> Fact:
        if fact.concept == pack.names.narrative:
            return fact._replace(state=FactState.OK, text="已按要求完成全年工作。", raw=None)
        if fact.value is None or pack.concept(fact.concept).kind is not ConceptKind.AMOUNT:
            return fact
        exact = fact.value * factor
        return fact._replace(value=exact.quantize(Decimal("0.000001"), ROUND_DOWN) if kept else exact.quantize(CENT, way))

    return replace(submission, facts=Facts.of(scaled(fact) for fact in submission.facts))


def told(pack: Pack, count: int, seed: int) -> Iterator[tuple[str, Finding]]:
    """Every error, warning and suggestion on so many consistent filings."""
    dice = random.Random(f"precision/{seed}")
    filings = [rounded(each.submission(pack), pack, dice) for each in district(pack, count, seed, faulty=0)]
    for start in range(0, count, 50):
        part = filings[start : start + 50]
        for filing, checked in zip(part, check(part, pack), strict=True):
            for finding in checked.findings:
                if finding.severity is not Severity.INFO or finding.suggestion:
                    yield filing.file, finding


def test_fifty_consistent_filings_are_left_alone_however_rounded(pack: Pack) -> None:
    assert list(told(pack, 50, 1)) == []


@pytest.mark.slow
def test_a_thousand_consistent_filings_are_left_alone_however_rounded(pack: Pack) -> None:
    assert list(told(pack, 1000, 2)) == []
