"""A passing and a failing example of every rule: as declared, or for a balance made of its terms."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from jixiao.pack.equations import Equation
from jixiao.pack.method_text import AMONG
from jixiao.pack.pack import Pack
from jixiao.pack.resolve import SCOPE_AGGREGATE
from jixiao.pack.rulebook import Rule

OFF_BY = Decimal("1.00")


class Examples(NamedTuple):
    """What holds and what does not, in the form's words; empty where nothing is declared."""

    holds: str
    fails: str


def examples(pack: Pack, rule: Rule) -> Examples:
    """The examples of a rule."""
    if rule.example_pass or rule.example_fail:
        return Examples(rule.example_pass, rule.example_fail)
    equation = next(pack.equations_of(rule.code), None)
    if equation is not None:
        return _of_equation(pack, equation)
    rate = next((each for each in pack.equations_declared.rates if each.code == rule.code), None)
    if rate is None:
        return Examples("", "")
    over, under, printed = (pack.concept(each).label for each in (rate.numerator, rate.denominator, rate.printed))
    sides = f"{over} 90.00，{under} 100.00，{printed}"
    return Examples(f"{sides} 90%。", f"{sides} 95%，应为 90%。")


def _of_equation(pack: Pack, equation: Equation) -> Examples:
    """Parts of 1.00, 2.00, … and a total that is their sum, and one that is not."""
    unit = pack.concept(equation.total.concept).unit
    total = _label(pack, equation.total.concept)
    if equation.scope == SCOPE_AGGREGATE:
        names = ["局机关", "二级机构"]
    else:
        names = [_label(pack, part.concept) for part in equation.parts]
    if names == [total]:
        blocks = [pack.block_name(pack.concept(each.concept).block) for each in (equation.total, *equation.parts)]
        total, *names = (f"{block}·{name}" for block, name in zip(blocks, (total, *names), strict=True))
    amounts = [Decimal(n).quantize(OFF_BY) for n in range(1, len(names) + 1)]
    added = sum(amounts, Decimal(0))
    parts = "，".join(f"{name} {amount}" for name, amount in zip(names, amounts, strict=True))
    if equation.scope == SCOPE_AGGREGATE:
        total = f"汇总 {total}"
    wrong = added - OFF_BY if equation.relation == "at_least" else added + OFF_BY
    return Examples(
        f"{parts}，{total} {added}（{unit}）。",
        f"{parts}，{total} {wrong}，相差 {abs(wrong - added)}（{unit}）。",
    )


def _label(pack: Pack, concept_id: str) -> str:
    return pack.concept(concept_id).label.removeprefix(AMONG)
