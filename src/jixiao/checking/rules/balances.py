"""Balances (表内、汇总、表间勾稽): what the schema of the balances reports, each failure a finding of its equation.

The equations of all filings make one long frame; the failure cases of its one validation become findings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from jixiao.checking import messages
from jixiao.checking.balance_rows import ZERO, BalanceRow, Undecided, balance_rows, balances_frame, units_filled
from jixiao.checking.filing import CheckedFiling
from jixiao.checking.frames import LARGEST
from jixiao.checking.rules.known_causes import Cause, causes_of
from jixiao.checking.schemas import BALANCES, failures, schemas_of
from jixiao.model.fact import SUMMARY, Fact, FactState
from jixiao.model.finding import Finding, Severity
from jixiao.pack import Pack
from jixiao.pack.declarations.equations import Equation
from jixiao.pack.fact_lookup import headquarters_count_as_summary
from jixiao.pack.resolve import SCOPE_AGGREGATE
from jixiao.values.number_format import to_six_places

_NUMBERING = re.compile(r"^\d{1,2}、")


class BalanceOutcome(NamedTuple):
    """What an equation answered at one place: its finding where it failed, and whether a known cause explains that."""

    row: BalanceRow
    finding: Finding | None = None
    explained: bool = False

    @property
    def failed(self) -> bool:
        """Whether the balance is broken beyond rounding."""
        return self.finding is not None and not self.row.rounded


def codes(pack: Pack) -> set[str]:
    """Return the codes of the equations, and of the two rules about the aggregation as a whole."""
    whole, aggregation = set(), pack.equations_declared.aggregation
    if aggregation is not None:
        whole = {aggregation.only_summary_code, aggregation.only_headquarters_code}
    return whole | {equation.code for equation in pack.equations}


def check_all(filings: Sequence[CheckedFiling], pack: Pack) -> list[list[BalanceOutcome]]:
    """Validate the balances of these filings once; every failure case becomes a finding.

    Returned are, for each filing, the answers from which its wrong cells can be inferred.
    """
    rows = [row for filing in filings for row in balance_rows(filing)]
    reported = {failure.row for failure in failures(schemas_of(pack)[BALANCES], balances_frame(rows))}
    failed: dict[CheckedFiling, list[BalanceRow]] = {filing: [] for filing in filings}
    others: dict[CheckedFiling, list[BalanceRow]] = {filing: [] for filing in filings}
    for index, row in enumerate(rows):
        (failed if index in reported else others)[row.filing].append(row)
        if row.undecided is not None:
            row.filing.undecided(row.equation.code, _why_undecided(row))
        elif index not in reported:
            row.filing.passed(row.equation.code)
    equations = [equation.code for equation in pack.equations]
    answers = []
    for filing in filings:
        answers.append(_answers(filing, failed[filing], others[filing]))
        _aggregation_as_a_whole(filing)
        filing.not_asked(equations, messages.NOTHING_FILLED)
    return answers


def _answers(filing: CheckedFiling, failed: Sequence[BalanceRow], others: Sequence[BalanceRow]) -> list[BalanceOutcome]:
    """Add the findings of the failed equations; with a real failure or an unreadable cell the others bear witness too."""
    causes = causes_of([row for row in failed if not row.rounded], filing)
    answers = []
    for row in failed:
        cause = causes.get((row.equation.code, row.institution))
        finding = _finding(row, cause)
        filing.add(finding)
        answers.append(BalanceOutcome(row, finding, cause is not None))
    unreadable = any(row.undecided is Undecided.UNREADABLE for row in others)
    if unreadable or any(answer.failed for answer in answers):
        answers += [BalanceOutcome(row) for row in others if row.undecided in (None, Undecided.UNREADABLE)]
    return answers


def _why_undecided(row: BalanceRow) -> str:
    if row.undecided is not Undecided.UNREADABLE:
        return row.undecided.value if row.undecided else ""
    pack, cells = row.filing.pack, [*row.total_facts, *row.part_facts]
    unread = [fact for fact in cells if fact.state is FactState.UNREADABLE]
    if unread:
        return messages.unreadable(pack, unread) + _implied(row, unread)
    large = [fact for fact in cells if fact.value is not None and abs(fact.value) >= LARGEST]
    labels = [messages.cell_label(pack, fact.concept, fact.institution) for fact in large]
    return f"{messages.joined(labels)}{messages.TOO_LARGE}"


def _implied(row: BalanceRow, unread: Sequence[Fact]) -> str:
    """What the one cell that could not be read should hold for the balance to hold; empty where that is not said."""
    numbers = [fact.value for fact in row.part_facts if fact.value is not None]
    is_total = unread[0] in row.total_facts
    if len(unread) != 1 or row.equation.relation != "equal" or (is_total and not numbers):
        return ""
    meant = sum(numbers, ZERO)
    if not is_total:
        total = row.total_facts[0] if row.total_facts else None
        if total is None or total.value is None:
            return ""
        meant = total.value - meant
    pack, concept = row.filing.pack, row.filing.pack.concept(unread[0].concept)
    if concept.nonnegative and meant < 0:
        return ""
    text = messages.number_text(pack, concept.id, meant)
    return messages.IMPLIED.format(meant=text, unit=messages.unit_words(concept.unit))


def _finding(row: BalanceRow, cause: Cause | None) -> Finding:
    equation, pack = row.equation, row.filing.pack
    fact = row.total_facts[0] if row.total_facts else None
    subject, actual, expected, parts_label = equation.total.concept, row.total, row.parts, _parts_label(equation, pack)
    message = messages.BROKEN if equation.relation == "equal" else messages.EXCEEDED
    message = messages.ROUNDED if row.rounded else messages.BLANK_TOTAL if row.total is None else message
    if equation.subject != subject and len(row.part_facts) == 1 and row.part_facts[0].concept == equation.subject:
        # Reported from the side of the form: its cell is the place, so its number is the actual one.
        parts_label = f"{_block(pack, subject)}“{messages.concept_label(pack, subject)}”"
        subject, fact, actual, expected = equation.subject, row.part_facts[0], row.part_facts[0].value, row.total or ZERO
        message = messages.ACROSS_ROUNDED if row.rounded else messages.ACROSS
    institution = fact.institution if fact else pack.institution_of(subject) and (row.institution or SUMMARY)
    severity, remedy = (Severity.INFO, messages.ROUNDED_REMEDY) if row.rounded else (None, None)
    if cause is not None:
        severity, message, remedy = Severity.WARNING, cause.declared.message, cause.declared.remedy
    return pack.rules.finding(
        equation.code,
        place=fact.place if fact else None,
        concept=subject,
        institution=institution,
        expected=messages.shown(expected),
        actual=messages.NOT_FILLED if actual is None else messages.shown(actual),
        difference=to_six_places((actual or ZERO) - expected),
        severity=severity,
        message=message,
        remedy=remedy,
        where="·".join(part for part in (_block(pack, subject), pack.institution_label(institution)) if part),
        total_label=messages.concept_label(pack, subject),
        parts_label=parts_label,
        unit=messages.unit_words(pack.concept(subject).unit),
        amount=messages.number_text(pack, cause.declared.amount, cause.amount) if cause else "",
    )


def _block(pack: Pack, concept_id: str) -> str:
    return pack.block_name(pack.concept(concept_id).block)


def _parts_label(equation: Equation, pack: Pack) -> str:
    if equation.scope == SCOPE_AGGREGATE:
        return "各机构"
    labels = [messages.concept_label(pack, part.concept) for part in equation.parts]
    _, between, column = messages.concept_label(pack, equation.total.concept).rpartition(messages.BETWEEN)
    if between and all(label.endswith(f"{between}{column}") for label in labels):
        labels = [label.removesuffix(f"{between}{column}") for label in labels]  # the total has named the column
    return messages.joined([_NUMBERING.sub("", label) for label in labels])


def _aggregation_as_a_whole(filing: CheckedFiling) -> None:
    """Report once that only the summary rows are filled, or that headquarters stand for them."""
    pack, declared = filing.pack, filing.pack.equations_declared.aggregation
    if declared is None:
        return
    filled = filing.facts.filled_concepts.get(SUMMARY, frozenset())
    summary = any(concept.id in filled for table in declared.tables for concept in pack.block_concepts[table])
    units = units_filled(filing)
    stood = [table for table in declared.tables if headquarters_count_as_summary(pack, filing.facts, table)]
    for code, applies in (
        (declared.only_summary_code, summary and not units),
        (declared.only_headquarters_code, bool(stood)),
    ):
        if not applies:
            if summary or units:
                filing.passed(code)
            else:
                filing.not_asked(code, messages.NOTHING_FILLED)
            continue
        concept = pack.block_concepts[(stood or declared.tables)[0]][0]
        fact = filing.facts.get(concept.id, SUMMARY)
        finding = pack.rules.finding(
            code, place=fact.place if fact else None, concept=concept.id, institution=SUMMARY,
            where=messages.joined([pack.block_name(table) for table in stood]),
        )  # fmt: skip
        if finding.severity is Severity.INFO:
            filing.findings.append(finding)
            filing.undecided(code, Undecided.NO_INSTITUTIONS.value)
        else:
            filing.add(finding)
