"""What a filing works out for itself: totals by its form's equations, self scores and grade by its rubric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from jixiao.demo.declaration import ScoreDeclaration
from jixiao.demo.figures import Figures, Key, facts_of
from jixiao.model.fact import HEADQUARTERS, SUMMARY
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.pack.equations import Equation
from jixiao.pack.resolve import SCOPE_AGGREGATE, SCOPE_INSTITUTION

ZERO = Decimal(0)
Balance = tuple[Key, tuple[Key, ...]]
"""A total and its parts, at their institutions."""


def with_totals(pack: Pack, figures: Figures, units: tuple[str, ...], absent: frozenset[str] = frozenset()) -> Figures:
    """The figures with missing totals and residuals filled in: each institution's first, then the summary, then the rest.

    Blocks of `absent` stay as they are. What was given is never changed.
    """
    found = dict(figures)
    if pack.layout.institutions:
        for institution in (HEADQUARTERS, *units):
            _settle(found, [_at(equation, institution) for equation in _of_scope(pack, SCOPE_INSTITUTION)])
        for equation in _of_scope(pack, SCOPE_AGGREGATE):
            concept = equation.total.concept
            filled = [_number(found, (concept, institution)) for institution in (HEADQUARTERS, *units)]
            amounts = [amount for amount in filled if amount is not None]
            if amounts:
                found.setdefault((concept, SUMMARY), sum(amounts, ZERO))
    singles = [
        balance
        for equation in pack.equations
        if equation.scope not in (SCOPE_INSTITUTION, SCOPE_AGGREGATE)
        and not {pack.concept(term.concept).block for term in (equation.total, *equation.parts)} & absent
        for balance in [_single(pack, equation)]
    ]
    _settle(found, singles)
    return found


def _of_scope(pack: Pack, scope: str) -> Iterator[Equation]:
    return (equation for equation in pack.equations if equation.scope == scope)


def _at(equation: Equation, institution: str) -> Balance:
    return (equation.total.concept, institution), tuple((part.concept, institution) for part in equation.parts)


def _single(pack: Pack, equation: Equation) -> Balance:
    terms = (equation.total, *equation.parts)
    keys = [(each.concept, each.institution or pack.institution_of(each.concept)) for each in terms]
    return keys[0], tuple(keys[1:])


def _number(figures: Mapping[Key, Decimal | str], key: Key) -> Decimal | None:
    figure = figures.get(key)
    return figure if isinstance(figure, Decimal) else None


def _settle(figures: Figures, balances: list[Balance]) -> None:
    """Fill what the balances give, until they give nothing more: a single blank part first, then one total."""
    while _fill_residual(figures, balances) or _fill_total(figures, balances):
        pass


def _fill_residual(figures: Figures, balances: list[Balance]) -> bool:
    for total, parts in balances:
        blank = [part for part in parts if part not in figures]
        whole = _number(figures, total)
        if whole is None or len(blank) != 1:
            continue
        given = [_number(figures, part) or ZERO for part in parts if part in figures]
        figures[blank[0]] = whole - sum(given, ZERO)
        return True
    return False


def _fill_total(figures: Figures, balances: list[Balance]) -> bool:
    filled = {total for total, parts in balances if any(part in figures for part in parts)}
    for total, parts in balances:
        waiting = any(part not in figures and part in filled for part in parts)
        numbers = [_number(figures, part) for part in parts]
        given = [number for number in numbers if number is not None]
        if total not in figures and given and not waiting:
            figures[total] = sum(given, ZERO)
            return True
    return False


def with_scores(
    pack: Pack,
    figures: Figures,
    units: tuple[str, ...],
    said: Mapping[str, ScoreDeclaration],
    reasons: Mapping[str, str],
) -> Figures:
    """The figures with self scores, their reasons, totals and grade.

    A self score is what was said, else what the rubric computes, else full marks; a deduction's reason is what was
    said, else the district's usual one for the indicator, else how the score was computed.
    """
    from jixiao.scoring import score

    found = dict(figures)
    if pack.score_table is None:
        return found
    facts = facts_of(pack, found, units)
    blocks = frozenset(block.id for _, block in pack.blocks)
    card = score(Submission("demo", "", "", pack.id, facts, blocks=blocks), pack).scorecard
    own = {figure for (concept, _), figure in found.items() if concept.endswith(".group")}
    for indicator in pack.rubric.indicators:
        group = pack.rubric.open_group_of(indicator.id)
        key: Key = (pack.score_concept(indicator.id, "self"), None)
        if key in found or (group and own & {group.id, group.label}):
            continue
        computed = card.of(indicator.id)
        declared = said.get(indicator.id, ScoreDeclaration())
        marks = computed.computed_marks if computed else None
        given = declared.marks if declared.marks is not None else marks
        found[key] = taken = indicator.full_marks if given is None else given
        reason = declared.reason
        if reason is None and taken < indicator.full_marks:
            reason = reasons.get(indicator.id) or (computed.explanation if computed else "")
        if reason:
            found.setdefault((pack.score_concept(indicator.id, "reason"), None), reason)
    return _with_conclusion(pack, found)


def _with_conclusion(pack: Pack, figures: Figures) -> Figures:
    before, _, after = pack.score_concept("{}", "self").partition("{}")
    total = ZERO
    for (concept, _), figure in figures.items():
        own = concept.startswith(before) and concept.endswith(after) and concept != pack.names.total_sheet
        total += figure if own and isinstance(figure, Decimal) else ZERO
    for name in (pack.names.total_sheet, pack.names.total_stated):
        if name:
            figures.setdefault((name, None), total)
    if pack.names.grade:
        figures.setdefault((pack.names.grade, None), pack.rubric.grade(total))
    return figures
