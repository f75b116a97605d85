"""Known causes of broken balances, which are no mistakes of the figures: matched before anything else is said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from jixiao.checking.residuals import Residual, Verdict
from jixiao.model.fact import Facts, State
from jixiao.pack import Pack
from jixiao.pack.equations import Equation, KnownCause, Term, balance
from jixiao.pack.lookup import amount


class Cause(NamedTuple):
    """A known cause and the amount by which it moves its equations."""

    declared: KnownCause
    amount: Decimal


def causes_of(failed: Sequence[Residual], facts: Facts, pack: Pack) -> dict[tuple[str, str | None], Cause]:
    """The cause of each failed equation, by code and institution, where a known one explains it."""
    found: dict[tuple[str, str | None], Cause] = {}
    rows: dict[str | None, dict[str, Residual]] = defaultdict(dict)
    for residual in failed:
        if residual.verdict in (Verdict.BROKEN, Verdict.BLANK_TOTAL):
            rows[residual.institution].setdefault(residual.equation.code, residual)
    for institution, broken in rows.items():
        for declared in pack.equations_declared.causes:
            if (cause := _match(declared, broken, institution, facts, pack)) is None:
                continue
            for code in (*declared.codes, *declared.optional_codes):
                moved = _moved(declared, code, broken, institution, facts, pack)
                if moved == cause.amount:
                    found.setdefault((code, institution), cause)
    return found


def _match(
    declared: KnownCause, broken: dict[str, Residual], institution: str | None, facts: Facts, pack: Pack
) -> Cause | None:
    if not all(code in broken for code in declared.codes):
        return None
    cell = amount(pack, facts, declared.amount, institution)
    moved = {_moved(declared, code, broken, institution, facts, pack) for code in declared.codes}
    size = moved.pop()
    if moved or size is None or cell is None:
        return None
    if declared.blank:
        # What the blank may have held is only guessed at where no other balance of the same cells is broken.
        excused = {*declared.codes, *declared.optional_codes}
        touched = {term.concept for code in declared.codes for term in _terms(broken[code].equation)}
        doubtful = any(
            code not in excused and touched & {term.concept for term in _terms(residual.equation)}
            for code, residual in broken.items()
        )
        fits = cell.state is State.BLANK and size > 0 and not doubtful
    else:
        fits = cell.value is not None and size == cell.value and size != 0
    return Cause(declared, size) if fits and _exceeds(declared, institution, facts, pack) else None


def _moved(
    declared: KnownCause, code: str, broken: dict[str, Residual], institution: str | None, facts: Facts, pack: Pack
) -> Decimal | None:
    """By what amount the cause would have moved a broken equation; None where that one is not broken."""
    if code not in broken:
        return None
    difference = _difference(broken[code].equation, institution, facts, pack)
    return difference * declared.signs[(*declared.codes, *declared.optional_codes).index(code)]


def _terms(equation: Equation) -> tuple[Term, ...]:
    return (equation.total, *equation.parts)


def _difference(equation: Equation, institution: str | None, facts: Facts, pack: Pack) -> Decimal:
    def look_up(term: Term) -> Decimal | None:
        fact = amount(pack, facts, term.concept, institution)
        return fact.value if fact else None

    asked = balance(equation, look_up)
    return asked.difference if asked else Decimal(0)


def _exceeds(declared: KnownCause, institution: str | None, facts: Facts, pack: Pack) -> bool:
    if declared.only_if_exceeds is None:
        return True
    larger, smaller = (amount(pack, facts, concept, institution) for concept in declared.only_if_exceeds)
    if larger is None or larger.value is None or smaller is None or smaller.value is None:
        return False
    return larger.value > smaller.value
