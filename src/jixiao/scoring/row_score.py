"""The final marks of a row of the score sheet, and its score."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal
from fractions import Fraction
from typing import NamedTuple

from jixiao.model.external_data import DataSource
from jixiao.model.score import Basis, Evidence, Score, ScoreInput
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack
from jixiao.pack.declarations.rubric import FinalRule, OpenGroup
from jixiao.pack.rulebook import quoted
from jixiao.pack.score_rows import ScoreRow
from jixiao.scoring.compute import Computation
from jixiao.scoring.explain import ScoreExplanation, explain
from jixiao.values.number_format import bounded, plain_text


class Final(NamedTuple):
    """A final score, None where nothing gives one; `note` says what was done to it."""

    marks: Decimal | None
    basis: Basis | None
    note: str = ""


def final_of(row: ScoreRow, computed: Decimal | None, review: Decimal | None, rule: FinalRule) -> Final:
    """The final score of one row.

    A review decides; else the lower of the computed and the self score, or the computed one, as the rubric is set;
    else whichever there is. Where both are equal the basis is the computed one. Self scores count within 0 and the
    full marks.
    """
    if review is not None:
        return Final(bounded(review, row.full), Basis.REVIEW)
    claim, note = row.claim, ""
    if claim is None:
        note = "自评得分无法识别。" if row.filled else "未填列自评得分。"
    elif claim != bounded(claim, row.full):
        claim = bounded(claim, row.full)
        note = f"自评得分超出 0 至 {plain_text(row.full)} 分的范围，按 {plain_text(claim)} 分计。"
    if computed is None:
        return Final(claim, None if claim is None else Basis.SELF, note)
    if claim is None or computed <= claim or rule is FinalRule.COMPUTED:
        return Final(computed, Basis.COMPUTED, note)
    return Final(claim, Basis.SELF, note)


def within_groups(rows: Sequence[ScoreRow], finals: Sequence[Final]) -> list[Final]:
    """The finals with no open group over its points: what is over is taken from its last row, reviewed rows after others."""
    capped = list(finals)
    groups: dict[str, tuple[OpenGroup, list[int]]] = {}
    for index, row in enumerate(rows):
        if row.group is not None:
            groups.setdefault(row.group.id, (row.group, []))[1].append(index)
    for group, members in groups.values():
        over = sum((capped[index].marks or Decimal(0) for index in members), Decimal(0)) - group.points
        for index in sorted(members, key=lambda each: (capped[each].basis is Basis.REVIEW, -each)):
            if over <= 0:
                break
            marks = capped[index].marks or Decimal(0)
            less = min(over, marks)
            over -= less
            if less:
                note = f"{quoted(group.label)}合计超过 {plain_text(group.points)} 分，本项扣减 {plain_text(less)} 分。"
                capped[index] = Final(marks - less, capped[index].basis, capped[index].note + note)
    return capped


QUOTIENT = Context(prec=28)
"""Rates are kept as quotients of 28 digits; marks are made of the exact quotients."""

SET_UP_BY_ITSELF = ScoreExplanation("自设指标，按自评得分计列，不作测算。")
EVIDENCE = {each.value: each for each in Evidence}


def score_of(
    pack: Pack, row: ScoreRow, computed: Computation, review: Decimal | None, final: Final, *, alone: bool
) -> Score:
    """The score of a row; `alone` where nothing besides the filing is known."""
    inputs, indicator = computed.inputs, row.indicator
    explanation = SET_UP_BY_ITSELF if indicator is None else explain(pack, indicator, computed)
    return Score(
        indicator=row.id,
        label=row.label,
        full_marks=row.full,
        self_marks=row.claim,
        computed_marks=computed.marks,
        final_marks=final.marks,
        basis=final.basis,
        status=computed.status,
        evidence=_evidence(row, computed, () if alone else inputs),
        review_marks=review,
        measure=_quotient(computed.exact_rate),
        explanation=explanation.line + final.note,
        inputs=inputs,
        missing=tuple([answer.input for answer in computed.missing]),
        accepted_marks=computed.accepted,
        dimension=_dimension(pack, row),
        group=row.group.id if row.group else "",
        standard=indicator.standard if indicator else "",
        step=explanation.step,
    )


def _dimension(pack: Pack, row: ScoreRow) -> str:
    """The first-level group of a row; a department's own row stands in that of its open group."""
    if row.indicator is None:
        return _dimensions(pack).get(row.group.indicators[0], "") if row.group else ""
    return row.indicator.dimension or _dimensions(pack).get(row.id, "")


@cached_per_pack
def _dimensions(pack: Pack) -> dict[str, str]:
    """The first-level group of each printed indicator by its id."""
    rubric = pack.rubric
    return {each.id: rubric.dimension_of(each).id for each in rubric.indicators if each.criterion or each.dimension}


def _evidence(row: ScoreRow, computed: Computation, inputs: Sequence[ScoreInput]) -> Evidence:
    """What the score rests on, by those of its inputs that may not be the filing's; where nothing could be computed, its word.

    A score of accounts is the bureau's as soon as one of its inputs is; one of declarations only where all are.
    """
    if row.indicator is None or computed.award is None:
        return Evidence.REPORTED
    own = EVIDENCE[row.indicator.evidence]
    if not inputs:
        return own
    bureau = [each.origin is DataSource.BUREAU for each in inputs]
    decided = any(bureau) if own is Evidence.ACCOUNTS else all(bureau)
    return Evidence.BUREAU if decided else own


def _quotient(rate: Fraction | None) -> Decimal | None:
    return None if rate is None else QUOTIENT.divide(Decimal(rate.numerator), Decimal(rate.denominator))
