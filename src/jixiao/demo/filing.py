"""One filing of the sample district: what it says, the slips in it, and the workbook in which it says so."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jixiao.demo.declaration import Demo, Fault, Figure, FilingDeclaration, Mess
from jixiao.demo.derive import with_scores, with_totals
from jixiao.demo.disorder import messed
from jixiao.demo.figures import Figures, drawn_facts, facts_of, filled_in, institutions_of, key_of
from jixiao.model.fact import Facts
from jixiao.model.submission import Institution, Submission
from jixiao.pack import Pack
from jixiao.writing.form.template import fill
from jixiao.writing.xlsx.content import WorkbookContent


@dataclass(frozen=True)
class DemoFiling:
    """A filing before it is drawn: `facts` are what a reader should find, `faults` the slips that are in them."""

    file: str
    department: str
    budget_code: str
    facts: Facts
    institutions: tuple[Institution, ...]
    absent: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    mess: tuple[Mess, ...] = ()

    def submission(self, pack: Pack) -> Submission:
        """Return the filing as if it had been read, places and findings of reading aside."""
        blocks = frozenset(block.id for _, block in pack.blocks if block.id not in self.absent)
        rows = (fact for fact in self.facts if pack.concept(fact.concept).block in blocks)
        return Submission(self.file, self.file, "0" * 64, pack.id, Facts.of(rows), self.institutions, blocks)

    def workbook(self, pack: Pack) -> WorkbookContent:
        """Return the filled workbook with what was done to it."""
        return messed(fill(pack, drawn_facts(self.facts), self.institutions), self.mess)


def compose_filing(pack: Pack, demo: Demo, declared: FilingDeclaration) -> DemoFiling:
    """Return the filing that a declaration describes: figures worked out, prose filled in, then its slips."""
    figures = _declared_figures(pack, demo, declared)
    if declared.derive:
        figures = with_totals(pack, figures, declared.units, frozenset(declared.absent))
        figures = with_scores(pack, figures, declared.units, declared.scores, demo.reasons)
    snippets = {**demo.snippets, **declared.snippets}
    for key, figure in figures.items():
        if isinstance(figure, str):
            figures[key] = filled_in(figure, figures, snippets, pack)
    for fault in declared.faults:
        figures = with_fault(pack, figures, fault)
    facts = _without_replaced(pack, facts_of(pack, figures, declared.units), declared)
    return DemoFiling(
        declared.file, declared.department, declared.budget_code, facts, institutions_of(pack, declared.units),
        declared.absent, declared.faults, declared.mess,
    )  # fmt: skip


def _without_replaced(pack: Pack, facts: Facts, declared: FilingDeclaration) -> Facts:
    """Return the facts without those of printed rows that the department struck out for rows of its own."""
    replaced = {row.group for row in declared.custom}
    groups = [group for group in pack.rubric.open_groups if replaced & {group.id, group.label}]
    rows = [pack.rubric.indicator(each) for group in groups for each in group.indicators]
    columns = pack.score_table.inputs if pack.score_table else ()
    gone = {pack.score_concept(row.id, column.key) for row in rows for column in columns}
    return Facts.of(fact for fact in facts if fact.concept not in gone or fact.filled)


def _declared_figures(pack: Pack, demo: Demo, declared: FilingDeclaration) -> Figures:
    """Return the figures as declared, the district's usual ones where the filing says nothing."""
    identity = {pack.names.department: declared.department, pack.names.budget_code: declared.budget_code}
    own = {concept: text for concept, text in identity.items() if concept and text}
    figures: Figures = {}
    for concept, figure in {**demo.facts, **own, **declared.facts}.items():
        if pack.concept(concept).block not in declared.absent and figure != "":
            figures[concept, None] = figure
    for institution, amounts in declared.money.items():
        for concept, figure in amounts.items():
            figures[concept, institution] = figure
    for stem, rows in {**demo.records, **declared.records}.items():
        for n, row in enumerate(rows, start=1):
            for column, figure in row.items():
                figures[f"{stem}.{n}.{column}", None] = figure
    for n, own_row in enumerate(declared.custom, start=1):
        cells: dict[str, Figure] = {
            "label": own_row.label, "full": own_row.full, "self": own_row.marks, "reason": own_row.reason, "group": own_row.group,
        }  # fmt: skip
        for column, figure in cells.items():
            if figure != "":
                figures[pack.score_concept(f"custom.{n}", column), None] = figure
    for concept, _ in figures:
        pack.concept(concept)
    return figures


def with_fault(pack: Pack, figures: Figures, fault: Fault) -> Figures:
    """Return the figures with one slip; ValueError where the cell does not hold what the slip needs."""
    key = key_of(pack, fault.concept, fault.institution)
    changed = dict(figures)
    figure = changed.get(key)
    match fault.kind:
        case "blank":
            changed.pop(key, None)
            return changed
        case "write":
            changed[key] = fault.text
            return changed
        case "replace":
            if not isinstance(figure, str) or fault.old not in figure:
                raise ValueError(f"{fault.concept}: nothing to replace: {fault.old}")
            changed[key] = figure.replace(fault.old, fault.text)
            return changed
    if not isinstance(figure, Decimal):
        raise ValueError(f"{fault.concept}@{fault.institution}: no number for {fault.kind}")
    match fault.kind:
        case "add":
            changed[key] = figure + fault.amount
        case "times":
            changed[key] = figure * fault.amount
        case "negate":
            changed[key] = -figure
        case "swap":
            changed[key] = swapped(figure, fault.at)
    return changed


def swapped(number: Decimal, at: int) -> Decimal:
    """Return a number with its digits `at` and `at` + 1 (the first is 1) exchanged; ValueError where they are the same."""
    characters = list(format(number, "f"))
    places = [place for place, character in enumerate(characters) if character.isdigit()]
    if at >= len(places) or characters[places[at - 1]] == characters[places[at]]:
        raise ValueError(f"{number}: no two digits to exchange at {at}")
    first, second = places[at - 1], places[at]
    characters[first], characters[second] = characters[second], characters[first]
    return Decimal("".join(characters))
