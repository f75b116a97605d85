"""Any number of plausible, varied filings made from the declared ones, some with a slip; for large tests and benchmarks."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from jixiao.demo.declaration import Demo, Fault, FaultKind, Figure, FilingDeclaration, load_demo
from jixiao.demo.derive import with_totals
from jixiao.demo.figures import Figures, facts_of
from jixiao.demo.filing import DemoFiling, compose_filing, with_fault
from jixiao.model.fact import FactState
from jixiao.pack import Pack
from jixiao.pack.declarations.concept import Concept, ConceptKind

_ROUNDING = Decimal("0.10")
"""What rounding a department's leaf figures to two decimals can make of nothing."""

CENT, ONE = Decimal("0.01"), Decimal(1)
_KINDS: tuple[FaultKind, ...] = ("add", "swap", "negate", "blank", "times", "write")
_HEADS_FROM = 10
"""Counts from here on are of persons or the like and grow with the department; smaller ones stay."""


def district(
    pack: Pack, count: int, seed: int = 1, *, pack_name: str | Path | None = None, faulty: float = 0.4
) -> Iterator[DemoFiling]:
    """Yield `count` filings of invented departments, the same for the same seed; a share of them has one slip at a random cell.

    Each is one of the declared filings without slips, its leaf figures scaled to two decimals and everything else
    worked out again, so those without a slip balance exactly.
    """
    demo = load_demo(pack_name or pack.id)
    bases = [each for each in demo.filings if each.pattern]
    dice = random.Random(f"{pack.id}/{seed}")
    for n in range(count):
        filing = compose_filing(pack, demo, _varied(pack, demo, dice.choice(bases), n, dice))
        if dice.random() < faulty:
            filing = _with_slip(pack, demo, filing, dice)
        yield filing


def _varied(pack: Pack, demo: Demo, base: FilingDeclaration, n: int, dice: random.Random) -> FilingDeclaration:
    names = demo.invention
    place, office = names.places[n // len(names.offices) % len(names.places)], names.offices[n % len(names.offices)]
    code = str(names.first_code + n * names.code_step)
    factor = Decimal(dice.randint(30, 320)) / 100

    def scaled(concept_id: str, figure: Figure) -> Figure:
        concept = pack.concept(concept_id)
        return _scaled(concept, figure, factor, dice)

    lap = n // (len(names.offices) * len(names.places))
    department = f"{place}{office}" + (names.more.format(lap + 1) if lap else "")
    money = {
        institution: {concept: scaled(concept, figure) for concept, figure in amounts.items()}
        for institution, amounts in base.money.items()
    }
    return base.model_copy(
        update={
            "file": f"{code}_{department}.xlsx",
            "department": department,
            "budget_code": code,
            "money": _balanced(pack, money, base.units),
            "facts": {concept: scaled(concept, figure) for concept, figure in {**demo.facts, **base.facts}.items()},
            "records": {
                stem: tuple({key: scaled(f"{stem}.{n}.{key}", each) for key, each in row.items()} for n, row in enumerate(rows, 1))
                for stem, rows in {**demo.records, **base.records}.items()
            },
            "faults": (),
            "mess": (),
        }
    )


def _balanced(pack: Pack, money: dict[str, dict[str, Figure]], units: tuple[str, ...]) -> dict[str, dict[str, Figure]]:
    """Return leaf figures without the few cents that rounding makes of a residual that was nothing.

    The residual's share is taken from the largest leaf of the total that it is a residual of.
    """
    leaf_figures: Figures = {(concept, key): each for key, amounts in money.items() for concept, each in amounts.items()}
    settled = with_totals(pack, leaf_figures, units)
    for equation in pack.equations:
        for part in equation.parts:
            if part.concept not in pack.checks.not_below_zero:
                continue
            for institution, amounts in money.items():
                residual = settled.get((part.concept, institution))
                leaves = [leaf for leaf in _leaves(pack, equation.total.concept) if leaf in amounts]
                if part.concept in amounts or not leaves or not isinstance(residual, Decimal):
                    continue
                if abs(residual) <= _ROUNDING:
                    largest = max(leaves, key=lambda leaf: _amount(amounts[leaf]))
                    amounts[largest] = _amount(amounts[largest]) - residual
    return money


def _leaves(pack: Pack, total: str) -> tuple[str, ...]:
    return tuple(part.concept for each in pack.equations if each.total.concept == total for part in each.parts)


def _amount(figure: Figure) -> Decimal:
    return figure if isinstance(figure, Decimal) else Decimal(0)


def _scaled(concept: Concept, figure: Figure, factor: Decimal, dice: random.Random) -> Figure:
    if concept.kind is ConceptKind.CHOICE and len(concept.choices) == 2:
        return concept.choices[1] if dice.random() < 0.05 else figure
    if not isinstance(figure, Decimal):
        return figure
    match concept.kind:
        case ConceptKind.AMOUNT:
            return (figure * factor).quantize(CENT, ROUND_HALF_UP)
        case ConceptKind.COUNT if figure >= _HEADS_FROM:
            return max((figure * factor).quantize(ONE, ROUND_HALF_UP), ONE)
        case ConceptKind.PERCENT:
            return min(figure + Decimal(dice.randint(-60, 40)) / 10, Decimal(100))
    return figure


def _with_slip(pack: Pack, demo: Demo, filing: DemoFiling, dice: random.Random) -> DemoFiling:
    """Return the filing with one slip at one of its filled numbers."""
    figures: Figures = {}
    for fact in filing.facts:
        figure = fact.raw if fact.raw is not None else fact.value if fact.value is not None else fact.text
        if figure is not None:
            figures[fact.concept, fact.institution] = figure
    cells = [fact for fact in filing.facts if fact.state is FactState.OK and fact.value]
    units = tuple(each.key for each in filing.institutions[2:])
    while True:
        cell = dice.choice(cells)
        fault = Fault(
            kind=dice.choice(_KINDS), concept=cell.concept, institution=cell.institution,
            text=dice.choice(demo.invention.unreadable),
            amount=Decimal(dice.choice((10000, 10, 100))), at=dice.randint(1, 3),
        )  # fmt: skip
        try:
            slipped = with_fault(pack, figures, fault)
        except ValueError:
            continue
        return replace(filing, facts=facts_of(pack, slipped, units), faults=(*filing.faults, fault))
