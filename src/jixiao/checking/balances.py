"""Balances (表内、汇总、表间勾稽): each failed equation a finding of its own, known causes named first."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from jixiao.checking import words
from jixiao.checking.causes import Cause, causes_of
from jixiao.checking.frames import ABSENT, BLANK, LARGEST, Stacked
from jixiao.checking.plan import Rows
from jixiao.checking.residuals import Asked, Residual, Verdict, failing, records, residuals
from jixiao.checking.sides import Flags, Positions
from jixiao.checking.tally import Tally
from jixiao.model.fact import SUMMARY, Fact, Facts, State
from jixiao.model.finding import Finding, Severity
from jixiao.model.numerals import to_six_places
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.pack.equations import Equation, Term
from jixiao.pack.lookup import amount, term_facts
from jixiao.pack.resolve import SCOPE_AGGREGATE

NO_CELL = "表中没有相应的栏目"
NO_INSTITUTIONS = "未分机构填列"
_NUMBERING = re.compile(r"^\d{1,2}、")
STOOD_IN = "未填列汇总行，以局机关数为汇总数"


class Answer(NamedTuple):
    """What an equation answered at one place: its finding where it failed, and whether a known cause explains that."""

    residual: Residual
    finding: Finding | None
    explained: bool


def check_balances(
    submissions: Sequence[Submission], stacked: Stacked, pack: Pack, tallies: Sequence[Tally]
) -> dict[int, list[Answer]]:
    """Tell each tally what the equations of the pack answered.

    Returned are, for the filings (by position) of which an equation failed or could not be read, all their answers.
    """
    answers: dict[int, list[Answer]] = defaultdict(list)
    if pack.equations:
        asked = residuals(stacked, pack)
        broken = failing(asked.frame)
        _passed(asked, pack, tallies)
        for residual in records(asked, stacked, pack, np.flatnonzero(asked.verdict >= Verdict.UNREADABLE)):
            facts = submissions[residual.submission].facts
            tallies[residual.submission].undecided(residual.equation.code, _why(residual, facts, pack))
        by_filing: dict[int, list[Residual]] = defaultdict(list)
        for residual in records(asked, stacked, pack, broken):
            by_filing[residual.submission].append(residual)
        for s, failed in by_filing.items():
            facts = submissions[s].facts
            causes = causes_of(failed, facts, pack)
            for residual in failed:
                cause = causes.get((residual.equation.code, residual.institution))
                finding = _finding(residual, facts, pack, cause)
                tallies[s].failed(finding)
                answers[s].append(Answer(residual, finding, cause is not None))
        for residual in records(asked, stacked, pack, _others(asked)):
            answers[residual.submission].append(Answer(residual, None, False))
    _aggregation_as_a_whole(submissions, stacked, pack, tallies)
    codes = tuple(equation.code for equation in pack.equations)
    for tally in tallies:
        tally.none_asked(codes, words.NOTHING_FILLED)
    return answers


def _others(asked: Asked) -> Positions:
    """The rows without a finding of the filings that have one beyond rounding, or a cell that could not be read."""
    verdict, submission = asked.verdict, asked.submission
    concerned = submission[np.isin(verdict, [Verdict.BROKEN, Verdict.BLANK_TOTAL, Verdict.UNREADABLE])]
    return np.flatnonzero(np.isin(submission, concerned) & np.isin(verdict, [Verdict.HOLDS, Verdict.UNREADABLE]))


def _passed(asked: Asked, pack: Pack, tallies: Sequence[Tally]) -> None:
    codes = list(dict.fromkeys(equation.code for equation in pack.equations))
    code_of = np.array([codes.index(equation.code) for equation in pack.equations])
    holds = asked.verdict == Verdict.HOLDS
    cells = asked.submission[holds] * len(codes) + code_of[asked.equation[holds]]
    times = np.bincount(cells, minlength=len(tallies) * len(codes)).reshape(len(tallies), len(codes))
    for tally, passed in zip(tallies, times.tolist(), strict=True):
        tally.passed_each(codes, passed)


def terms(residual: Residual, facts: Facts, pack: Pack) -> tuple[Fact | None, list[Fact]]:
    """The total's fact and the parts' that the filing has."""
    equation, institution = residual.equation, residual.institution
    total = amount(pack, facts, equation.total.concept, institution)
    if equation.scope == SCOPE_AGGREGATE:
        concept = equation.total.concept
        return total, [fact for fact in facts if fact.concept == concept and fact.institution != SUMMARY]
    return total, [fact for part in equation.parts for fact in term_facts(pack, facts, part.concept, institution)]


def _why(residual: Residual, facts: Facts, pack: Pack) -> str:
    if residual.verdict is Verdict.NOT_ON_FORM:
        return NO_CELL
    if residual.verdict is Verdict.NO_INSTITUTIONS:
        return NO_INSTITUTIONS
    if residual.verdict is Verdict.STOOD_IN:
        return STOOD_IN
    total, parts = terms(residual, facts, pack)
    concerned = [*([total] if total else []), *parts]
    unread = [fact for fact in concerned if fact.state is State.UNREADABLE]
    if unread:
        return words.unreadable(pack, unread) + _implied(residual, unread, total, parts, pack)
    large = [fact for fact in concerned if fact.value is not None and abs(fact.value) >= LARGEST]
    return f"{words.joined([words.where(pack, fact.concept, fact.institution) for fact in large])}{words.TOO_LARGE}"


def _implied(residual: Residual, unread: Sequence[Fact], total: Fact | None, parts: Sequence[Fact], pack: Pack) -> str:
    """What the one cell that could not be read should hold for the balance to hold; empty where that is not told."""
    numbers = [fact.value for fact in parts if fact.value is not None]
    if len(unread) != 1 or residual.equation.relation != "equal" or (not numbers and total is unread[0]):
        return ""
    meant = sum(numbers, Decimal(0))
    if total is not unread[0]:
        if total is None or total.value is None:
            return ""
        meant = total.value - meant
    concept = pack.concept(unread[0].concept)
    if concept.nonnegative and meant < 0:
        return ""
    return words.IMPLIED.format(meant=words.told(pack, concept.id, meant), unit=words.unit_words(concept.unit))


def _finding(residual: Residual, facts: Facts, pack: Pack, cause: Cause | None) -> Finding:
    equation = residual.equation
    total, parts = terms(residual, facts, pack)
    expected = sum((fact.value for fact in parts if fact.value is not None), Decimal(0))
    actual = total.value if total else None
    total_term, parts_label = equation.total, _parts_label(equation, pack)
    message = {
        Verdict.ROUNDED: words.ROUNDED,
        Verdict.BLANK_TOTAL: words.BLANK_TOTAL,
    }.get(residual.verdict, words.BROKEN if equation.relation == "equal" else words.EXCEEDED)
    told = total
    if equation.subject != equation.total.concept and len(parts) == 1 and parts[0].concept == equation.subject:
        # Told from the side of the form: its cell is the place, so its number is the one found.
        told, parts_label = parts[0], f"{_block(pack, equation.total.concept)}“{_label(pack, equation.total.concept)}”"
        total_term, actual, expected = Term(equation.subject), parts[0].value, actual or Decimal(0)
        message = words.ACROSS_ROUNDED if residual.verdict is Verdict.ROUNDED else words.ACROSS
    institution = (
        told.institution if told else pack.institution_of(total_term.concept) and (residual.institution or SUMMARY)
    )
    concept = pack.concept(total_term.concept)
    severity = Severity.INFO if residual.verdict is Verdict.ROUNDED else None
    remedy = words.ROUNDED_REMEDY if residual.verdict is Verdict.ROUNDED else None
    if cause is not None:
        severity, message, remedy = Severity.WARNING, cause.declared.message, cause.declared.remedy
    return pack.rules.finding(
        equation.code,
        place=told.place if told else None,
        concept=total_term.concept,
        institution=institution,
        expected=words.shown(expected),
        actual=words.NOT_FILLED if actual is None else words.shown(actual),
        difference=to_six_places((actual or Decimal(0)) - expected),
        severity=severity,
        message=message,
        remedy=remedy,
        where=_where(pack, total_term.concept, institution),
        total_label=words.label(pack, concept.id),
        parts_label=parts_label,
        unit=words.unit_words(concept.unit),
        amount=words.told(pack, cause.declared.amount, cause.amount) if cause else "",
    )


def _block(pack: Pack, concept_id: str) -> str:
    return pack.block_name(pack.concept(concept_id).block)


def _label(pack: Pack, concept_id: str) -> str:
    return words.label(pack, concept_id)


def _where(pack: Pack, concept_id: str, institution: str | None) -> str:
    """Table and row of a cell; the rule's message names its label beside."""
    return "·".join(part for part in (_block(pack, concept_id), pack.institution_label(institution)) if part)


def _parts_label(equation: Equation, pack: Pack) -> str:
    if equation.scope == SCOPE_AGGREGATE:
        return "各机构"
    labels = [_label(pack, part.concept) for part in equation.parts]
    _, between, column = _label(pack, equation.total.concept).rpartition(words.BETWEEN)
    if between and all(each.endswith(f"{between}{column}") for each in labels):
        labels = [each.removesuffix(f"{between}{column}") for each in labels]  # the total has said which column
    return words.joined([_NUMBERING.sub("", each) for each in labels])


def _aggregation_as_a_whole(
    submissions: Sequence[Submission], stacked: Stacked, pack: Pack, tallies: Sequence[Tally]
) -> None:
    """Tell once a form that only the summary row is filled, or that headquarters stand for it."""
    declared = pack.equations_declared.aggregation
    if declared is None:
        return
    institutions = stacked.units_filled
    summaries = _summary_filled(stacked, declared.tables)
    for s, (submission, tally) in enumerate(zip(submissions, tallies, strict=True)):
        stood = [table for table in declared.tables if stacked.stands[table][s]]
        for code, told in (
            (declared.only_summary_code, summaries[s] and not institutions[s]),
            (declared.only_headquarters_code, bool(stood)),
        ):
            if not told:
                if summaries[s] or institutions[s]:
                    tally.passed(code)
                else:
                    tally.not_asked(code, words.NOTHING_FILLED)
                continue
            concept = pack.block_concepts[(stood or declared.tables)[0]][0]
            fact = submission.facts.get(concept.id, SUMMARY)
            finding = pack.rules.finding(
                code, place=fact.place if fact else None, concept=concept.id, institution=SUMMARY,
                where=words.joined([pack.block_name(table) for table in stood]),
            )  # fmt: skip
            if finding.severity is Severity.INFO:
                tally.findings.append(finding)
                tally.undecided(code, NO_INSTITUTIONS)
            else:
                tally.failed(finding)


def _summary_filled(stacked: Stacked, tables: Sequence[str]) -> Flags:
    filled = np.zeros(stacked.filings, np.bool_)
    for frame in stacked.frames:
        if frame.plan.rows is Rows.INSTITUTION and frame.plan.block in tables:
            state = frame.state[stacked.institution_start[:-1]]
            filled |= ((state != ABSENT) & (state != BLANK)).any(axis=1)
    return filled
