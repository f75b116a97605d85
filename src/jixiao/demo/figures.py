"""Figures of a filing while it is composed, the facts they are read as, and prose with figures filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from jixiao.model.fact import HEADQUARTERS, SUMMARY, Fact, Facts, FactState
from jixiao.model.submission import Institution
from jixiao.pack import Pack
from jixiao.pack.declarations.concept import ConceptKind, ConceptScope
from jixiao.values.choices import parse_choice
from jixiao.values.dates import parse_date, parse_year
from jixiao.values.number_format import plain_text
from jixiao.values.numbers import parse_number
from jixiao.values.text import parse_text

Key = tuple[str, str | None]
Figures = dict[Key, Decimal | str]
"""Figures by concept and institution; a text where the form asks for a number is what was typed. Absent is blank."""


def key_of(pack: Pack, concept: str, institution: str | None = None) -> Key:
    """Return the key of a cell: a money concept stands at the summary row where no institution is named."""
    return concept, institution if institution is not None else pack.institution_of(concept)


def institutions_of(pack: Pack, units: tuple[str, ...]) -> tuple[Institution, ...]:
    """Return the rows of the money tables as a department labels them; empty where the form has none."""
    declared = pack.layout.institutions
    if declared is None:
        return ()
    own = (Institution(SUMMARY, declared.summary), Institution(HEADQUARTERS, f"1、{declared.headquarters}"))
    return (*own, *(Institution(unit, f"{n}、{unit}") for n, unit in enumerate(units, start=2)))


def facts_of(pack: Pack, figures: Mapping[Key, Decimal | str], units: tuple[str, ...]) -> Facts:
    """Return the facts that reading the filing gives, places aside: every cell of the form, the blank ones too."""
    return Facts.of(fact_of(pack, key, figures.get(key)) for key in _cells(pack, figures, units))


def drawn_facts(facts: Facts) -> Facts:
    """Return the same facts as they are to be drawn: what was typed where a number belongs stands there as typed."""
    return Facts.of(
        Fact(fact.concept, fact.institution, FactState.UNREADABLE, raw=fact.raw) if fact.raw is not None else fact
        for fact in facts
    )


def fact_of(pack: Pack, key: Key, figure: Decimal | str | None) -> Fact:
    """Return the fact that a figure is read as; `raw` is only set where a number was typed as text."""
    concept = pack.concept(key[0])
    if figure is None or figure == "":
        return Fact(*key, FactState.BLANK)
    if concept.numeric:
        if isinstance(figure, Decimal):
            return Fact(*key, FactState.OK, value=figure)
        parsed = parse_number(figure, unit=concept.unit)
        return Fact(*key, parsed.state, value=parsed.value, raw=figure)
    text = plain_text(figure) if isinstance(figure, Decimal) else figure
    if concept.kind is ConceptKind.CHOICE:
        chosen = parse_choice(text, concept.choices)
        return Fact(*key, chosen.state, text=chosen.text, raw=None if chosen.text == text else text)
    read = {ConceptKind.YEAR: parse_year, ConceptKind.DATE: parse_date}.get(concept.kind, parse_text)(text)
    return Fact(*key, read.state, text=read.text, raw=None if read.state is FactState.OK else text)


def _cells(pack: Pack, figures: Mapping[Key, Decimal | str], units: tuple[str, ...]) -> Iterator[Key]:
    """Yield the keys of a filing in the order of the form."""
    institutions = (SUMMARY, HEADQUARTERS, *units) if pack.layout.institutions else ()
    records: dict[str, list[Key]] = {}
    for key in figures:
        if key[0] not in pack.concepts:
            records.setdefault(pack.concept(key[0]).block, []).append(key)
    done: set[str] = set()
    for concept in pack.concepts.values():
        if concept.scope is ConceptScope.INSTITUTION:
            if concept.block not in done:
                done.add(concept.block)
                for institution in institutions:
                    for column in pack.block_concepts[concept.block]:
                        if column.scope is ConceptScope.INSTITUTION:
                            yield column.id, institution
        elif concept.scope is ConceptScope.SINGLE:
            yield concept.id, None
        else:
            yield from records.pop(concept.block, ())


_PLACEHOLDER = re.compile(r"\{(#?)([A-Za-z_][\w.]*)(?:@([^}]+))?\}")
_DEEPEST = 4


def filled_in(text: str, figures: Figures, snippets: Mapping[str, str], pack: Pack) -> str:
    """Return the text with snippets and figures (amounts with two decimals, of the summary or the institution after `@`).

    KeyError for a snippet or concept that there is not; a blank figure is 0.
    """

    def put(match: re.Match[str]) -> str:
        if match[1]:
            return snippets[match[2]]
        concept = pack.concept(match[2])
        figure = figures.get(key_of(pack, match[2], match[3]))
        if isinstance(figure, str):
            return figure
        number = figure or Decimal(0)
        return f"{number:.2f}" if concept.kind is ConceptKind.AMOUNT else plain_text(number)

    for _ in range(_DEEPEST):
        replaced = _PLACEHOLDER.sub(put, text)
        if replaced == text:
            break
        text = replaced
    return text
