"""What a filing works out for itself: totals by its form's equations, self scores and grade by its rubric."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal

from jixiao.demo.declaration import ScoreDeclaration
from jixiao.demo.figures import Figures, Key, facts_of
from jixiao.model.fact import HEADQUARTERS, SUMMARY
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.pack.declarations.equations import Equation, PrintedRate
from jixiao.pack.declared_indicators import declared_rows
from jixiao.pack.resolve import SCOPE_AGGREGATE, SCOPE_INSTITUTION
from jixiao.scoring import score

ZERO = Decimal(0)
Balance = tuple[Key, tuple[Key, ...]]
"""A total and its parts, at their institutions."""


def with_totals(pack: Pack, figures: Figures, units: tuple[str, ...], absent: frozenset[str] = frozenset()) -> Figures:
    """Return the figures with missing totals and residuals: of each institution, then of the summary, then the rest.

    Rates that the form prints follow. Blocks of `absent` stay as they are. What was given is never changed.
    """
    totalled = dict(figures)
    if pack.layout.institutions:
        for institution in (HEADQUARTERS, *units):
            _settle(totalled, [_at(equation, institution) for equation in _of_scope(pack, SCOPE_INSTITUTION)])
        for equation in _of_scope(pack, SCOPE_AGGREGATE):
            concept = equation.total.concept
            filled = [_number(totalled, (concept, institution)) for institution in (HEADQUARTERS, *units)]
            amounts = [amount for amount in filled if amount is not None]
            if amounts:
                totalled.setdefault((concept, SUMMARY), sum(amounts, ZERO))
    singles = [
        _single(pack, equation, totalled)
        for equation in pack.equations
        if equation.scope not in (SCOPE_INSTITUTION, SCOPE_AGGREGATE)
        and equation.relation == "equal"
        and not {pack.concept(term.concept).block for term in (equation.total, *equation.parts)} & absent
    ]
    _settle(totalled, singles)
    for rate in pack.equations_declared.rates:
        if pack.concept(rate.printed).block not in absent:
            _fill_rate(pack, totalled, rate)
    return totalled


def _fill_rate(pack: Pack, figures: Figures, rate: PrintedRate) -> None:
    """Add the rate as the form prints it, in per cent, where both its terms are filled."""
    over, under = (_number(figures, (each, None)) for each in (rate.numerator, rate.denominator))
    if over is not None and under:
        places = Decimal(1).scaleb(-pack.concept(rate.printed).decimals)
        figures.setdefault((rate.printed, None), (over * 100 / under).quantize(places, ROUND_HALF_UP))


def _of_scope(pack: Pack, scope: str) -> Iterator[Equation]:
    return (equation for equation in pack.equations if equation.scope == scope)


def _at(equation: Equation, institution: str) -> Balance:
    return (equation.total.concept, institution), tuple((part.concept, institution) for part in equation.parts)


def _single(pack: Pack, equation: Equation, figures: Figures) -> Balance:
    """Return the balance with a part for each declared row that has something in the column of a part with `{n}`."""
    total, *parts = (equation.total, *equation.parts)
    keys: list[Key] = []
    for part in parts:
        before, repeated, after = part.concept.partition("{n}")
        if repeated:
            keys += [(concept, None) for concept, _ in figures if _is_row(concept, before, after)]
        else:
            keys.append((part.concept, part.institution or pack.institution_of(part.concept)))
    return (total.concept, total.institution or pack.institution_of(total.concept)), tuple(keys)


def _is_row(concept: str, before: str, after: str) -> bool:
    """Return whether a concept is that of a declared row: a number between what stands before and after it."""
    inner = concept.removeprefix(before).removesuffix(after)
    return concept == f"{before}{inner}{after}" and inner.isdecimal()


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
        filled = [_number(figures, part) or ZERO for part in parts if part in figures]
        figures[blank[0]] = whole - sum(filled, ZERO)
        return True
    return False


def _fill_total(figures: Figures, balances: list[Balance]) -> bool:
    filled = {total for total, parts in balances if any(part in figures for part in parts)}
    # A total that all its parts are given for comes before one with blanks: the blank may be what is left of another.
    whole = [each for each in balances if each[1] and all(part in figures for part in each[1])]
    for total, parts in (*whole, *balances):
        waiting = any(part not in figures and part in filled for part in parts)
        numbers = [_number(figures, part) for part in parts]
        amounts = [number for number in numbers if number is not None]
        if total not in figures and amounts and not waiting:
            figures[total] = sum(amounts, ZERO)
            return True
    return False


def with_scores(
    pack: Pack,
    figures: Figures,
    units: tuple[str, ...],
    said: Mapping[str, ScoreDeclaration],
    reasons: Mapping[str, str],
) -> Figures:
    """Return the figures with self scores, their reasons, totals and grade.

    A self score is what was said, else what the rubric computes, else full marks; a deduction's reason is what was
    said, else the district's usual one for the indicator, else how the score was computed.
    """
    scored = dict(figures)
    facts = facts_of(pack, scored, units)
    blocks = frozenset(block.id for _, block in pack.blocks)
    card = score(Submission("demo", "", "", pack.id, facts, blocks=blocks), pack).scorecard
    own = {figure for (concept, _), figure in scored.items() if concept.endswith(".group")}
    for indicator in (*pack.rubric.indicators, *(row.indicator for row in declared_rows(pack, facts))):
        row = indicator.id
        group = pack.rubric.open_group_of(row)
        key: Key = (pack.score_concept(row, "self"), None)
        if not key[0] or key in scored or (group and own & {group.id, group.label}):
            continue
        computed = card.of(row)
        declared = said.get(row, ScoreDeclaration())
        marks = computed.computed_marks if computed else None
        claim = declared.marks if declared.marks is not None else marks
        scored[key] = taken = indicator.full_marks if claim is None else claim
        reason = declared.reason
        if reason is None and taken < indicator.full_marks:
            usual = pack.rubric.declared.id if pack.rubric.declared and row not in reasons else row
            reason = reasons.get(usual) or (computed.explanation if computed else "")
        if reason and (concept := pack.score_concept(row, "reason")):
            scored.setdefault((concept, None), reason)
    claimed = {pack.score_concept(each.indicator, "self") for each in card.scores}
    return _with_conclusion(pack, scored, claimed)


def _with_conclusion(pack: Pack, figures: Figures, claimed: Collection[str]) -> Figures:
    total = ZERO
    for (concept, _), figure in figures.items():
        total += figure if concept in claimed and isinstance(figure, Decimal) else ZERO
    for name in (pack.names.total_sheet, pack.names.total_stated):
        if name:
            figures.setdefault((name, None), total)
    if pack.names.grade:
        figures.setdefault((pack.names.grade, None), pack.rubric.grade(total))
    return figures
