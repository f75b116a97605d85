"""Known causes of broken balances, which are no mistakes of the figures: matched before anything else is said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from jixiao.checking.balance_rows import BalanceRow
from jixiao.checking.filing import CheckedFiling
from jixiao.model.fact import FactState
from jixiao.pack.declarations.equations import Equation, KnownCause, Term


class Cause(NamedTuple):
    """A known cause and the amount by which it moves its equations."""

    declared: KnownCause
    amount: Decimal


def causes_of(failed: Sequence[BalanceRow], filing: CheckedFiling) -> dict[tuple[str, str | None], Cause]:
    """Return the cause of each failed equation, by code and institution, where a known one explains it."""
    causes: dict[tuple[str, str | None], Cause] = {}
    rows: dict[str | None, dict[str, BalanceRow]] = defaultdict(dict)
    for row in failed:
        rows[row.institution].setdefault(row.equation.code, row)
    for institution, broken in rows.items():
        for declared in filing.pack.equations_declared.causes:
            if (cause := _match(declared, broken, institution, filing)) is None:
                continue
            for code in (*declared.codes, *declared.optional_codes):
                if _moved(declared, code, broken) == cause.amount:
                    causes.setdefault((code, institution), cause)
    return causes


def _match(
    declared: KnownCause, broken: Mapping[str, BalanceRow], institution: str | None, filing: CheckedFiling
) -> Cause | None:
    if not all(code in broken for code in declared.codes):
        return None
    cell = filing.amount(declared.amount, institution)
    moved = {_moved(declared, code, broken) for code in declared.codes}
    size = moved.pop()
    if moved or size is None or cell is None:
        return None
    if declared.blank:
        # What the blank may have held is only guessed at where no other balance of the same cells is broken.
        excused = {*declared.codes, *declared.optional_codes}
        touched = {term.concept for code in declared.codes for term in _terms(broken[code].equation)}
        doubtful = any(
            code not in excused and touched & {term.concept for term in _terms(row.equation)} for code, row in broken.items()
        )
        fits = cell.state is FactState.BLANK and size > 0 and not doubtful
    else:
        fits = cell.value is not None and size == cell.value and size != 0
    return Cause(declared, size) if fits and _exceeds(declared, institution, filing) else None


def _moved(declared: KnownCause, code: str, broken: Mapping[str, BalanceRow]) -> Decimal | None:
    """Return by what amount the cause would have moved a broken equation; None where that one is not broken."""
    if code not in broken:
        return None
    difference = (broken[code].total or Decimal(0)) - broken[code].parts
    return difference * declared.signs[(*declared.codes, *declared.optional_codes).index(code)]


def _terms(equation: Equation) -> tuple[Term, ...]:
    return (equation.total, *equation.parts)


def _exceeds(declared: KnownCause, institution: str | None, filing: CheckedFiling) -> bool:
    if declared.only_if_exceeds is None:
        return True
    larger, smaller = (filing.amount(concept, institution) for concept in declared.only_if_exceeds)
    if larger is None or larger.value is None or smaller is None or smaller.value is None:
        return False
    return larger.value > smaller.value
