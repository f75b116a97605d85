"""The balances of a pack as live checks: each equation at every cell of the drawn form where it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from jixiao.checking.rules.rates import printed_decimals
from jixiao.model.fact import SUMMARY, Facts
from jixiao.model.place import Place
from jixiao.pack import Pack
from jixiao.pack.declarations.concept import ConceptKind
from jixiao.pack.declarations.equations import Equation, Term
from jixiao.pack.resolve import SCOPE_AGGREGATE, SCOPE_INSTITUTION
from jixiao.writing.form.live_checks import Area, LiveCheck, RateCheck
from jixiao.writing.form.printed_table import DrawnTable
from jixiao.writing.form.rows import CellKey
from jixiao.writing.xlsx.formula_text import range_address

CellPositions = Mapping[CellKey, Place]


def form_checks(
    pack: Pack, places: CellPositions, tables: Sequence[DrawnTable], decimals: Sequence[int]
) -> list[LiveCheck]:
    """Every balance of the form at every cell where it is asked, in the order of the pack's equations.

    `decimals` are those that the filing's printed rates show, as `rate_decimals` gives them.
    """
    standing = _Standing(pack, places, {table.table.id: table for table in tables})
    checks: list[LiveCheck] = []
    for equation in pack.equations:
        checks.extend(_checks(standing, equation))
    checks.extend(_rate_checks(pack, places, decimals))
    checks.extend(_score_checks(pack, places, tables))
    return checks


def rate_decimals(pack: Pack, facts: Facts | None) -> tuple[int, ...]:
    """How many decimals each printed rate of the pack shows in a filing."""
    shown = (
        facts.get(rate.printed, pack.institution_of(rate.printed)) if facts is not None else None
        for rate in pack.equations_declared.rates
    )
    return tuple(printed_decimals(fact) if fact is not None else 0 for fact in shown)


def _rate_checks(pack: Pack, places: CellPositions, decimals: Sequence[int]) -> Iterator[LiveCheck]:
    """The printed rates of the form."""
    for rate, shown in zip(pack.equations_declared.rates, decimals, strict=True):
        keys = [(each, pack.institution_of(each)) for each in (rate.printed, rate.numerator, rate.denominator)]
        if not all(key in places for key in keys):
            continue
        printed, over, under = (_area(places, key) for key in keys)
        label = pack.concept(rate.printed).label.rpartition("·")[2]
        parts = [pack.concept(each).label.rpartition("·")[2] for each in (rate.numerator, rate.denominator)]
        yield RateCheck(
            printed, (over, under), label, f"{label}与{parts[0]}除以{parts[1]}", False, False,
            decimals=shown,
        )  # fmt: skip


def _area(places: CellPositions, *keys: CellKey) -> Area:
    """The cells of some facts, from the first to the last as one range."""
    own = tuple(places[key] for key in keys)
    first, last = own[0], own[-1]
    return Area(first.sheet, range_address(first, last), own, keys)


@dataclass(frozen=True)
class _Standing:
    """A drawn form: where its facts stand, and its tables by their ids."""

    pack: Pack
    places: CellPositions
    tables: Mapping[str, DrawnTable]

    @cached_property
    def institutions(self) -> Mapping[str, tuple[int, int]]:
        """First and last sheet row of the institutions under a table's summary row, the free row below them included."""
        found = {}
        for table in self.tables.values():
            rows = [each for each in table.body if each.row.key != SUMMARY]
            if len(rows) < len(table.body) and rows:
                found[table.table.id] = (rows[0].first, rows[-1].last + 1)
        return found

    @cached_property
    def all_institutions(self) -> Mapping[str, Area]:
        """The institutions' rows of every table on a sheet, by the sheet."""
        found: dict[str, tuple[list[str], list[CellKey]]] = {}
        for name, (first, last) in self.institutions.items():
            table = self.tables[name]
            keys = [key for each in table.body if each.row.key != SUMMARY for key in each.row.inputs.values()]
            left = min(self.places[key].column for key in keys)
            right = max(last_column for _, last_column in table.columns.values())
            addresses, whole = found.setdefault(table.sheet, ([], []))
            addresses.append(range_address(Place(table.sheet, first, left), Place(table.sheet, last, right)))
            whole.extend(keys)
        return {
            sheet: Area(sheet, ",".join(addresses), tuple(self.places[key] for key in keys), tuple(keys))
            for sheet, (addresses, keys) in found.items()
        }

    @cached_property
    def summaries(self) -> Mapping[str, Area]:
        """The summary row of each table of institutions."""
        found = {}
        for name in self.institutions:
            row = next(each.row for each in self.tables[name].body if each.row.key == SUMMARY)
            found[name] = _area(self.places, *sorted(row.inputs.values(), key=self.places.__getitem__))
        return found


def _checks(standing: _Standing, equation: Equation) -> Iterator[LiveCheck]:
    pack = standing.pack
    concept = pack.concept(equation.total.concept)
    if equation.scope == SCOPE_AGGREGATE:
        check = _aggregate(standing, equation)
        if check is not None:
            yield check
        return
    keys: Sequence[str | None] = [None]
    if equation.scope == SCOPE_INSTITUTION:
        table = standing.tables.get(concept.block)
        keys = [each.row.key for each in table.body] if table is not None else []
    for key in keys:
        areas = [_term_area(pack, standing.places, term, key) for term in (equation.total, *equation.parts)]
        found = [area for area in areas if area is not None]
        if len(found) < len(areas):
            continue
        total, *parts = found
        yield LiveCheck(
            total, tuple(parts), concept.label, _words(pack, equation), equation.rounding, concept.kind is ConceptKind.AMOUNT,
            (total, *parts) if equation.both_filled else (), at_least=equation.relation == "at_least",
        )  # fmt: skip


def _term_area(pack: Pack, places: CellPositions, term: Term, institution: str | None) -> Area | None:
    """The cells of a term: one, or those of the rows that departments declare; None where the form has none."""
    stem, repeated, tail = term.concept.partition("{n}")
    if not repeated:
        key = (term.concept, term.institution or institution or pack.institution_of(term.concept))
        return _area(places, key) if key in places else None
    own = sorted(
        (place, key)
        for key, place in places.items()
        if key[0].startswith(stem) and key[0].endswith(tail) and key[0][len(stem) : len(key[0]) - len(tail)].isdecimal()
    )
    return _area(places, *(key for _, key in own)) if own else None


def _words(pack: Pack, equation: Equation) -> str:
    total = pack.concept(equation.total.concept)
    if equation.relation == "at_least":
        return f"其中各项之和超过{total.label}，"
    parts = [pack.concept(part.concept) for part in equation.parts]
    if len(parts) == 1:
        return f"{total.label}与{pack.block_name(parts[0].block)}“{parts[0].label}”"
    named = "、".join(part.label for part in parts) if len(parts) == 2 else "各项"
    return f"{total.label}与{named}之和"


def _aggregate(standing: _Standing, equation: Equation) -> LiveCheck | None:
    concept, places = standing.pack.concept(equation.total.concept), standing.places
    summary = (concept.id, SUMMARY)
    if summary not in places or concept.block not in standing.institutions:
        return None
    table, total = standing.tables[concept.block], places[summary]
    first, last = standing.institutions[concept.block]
    own = [key for each in table.body if each.row.key != SUMMARY and (key := (concept.id, each.row.key)) in places]
    whole = range_address(total._replace(row=first), total._replace(row=last))
    parts = Area(total.sheet, whole, tuple(places[key] for key in own), tuple(own))
    # Undecided where the institutions are blank on the whole form, or where this table's summary row is.
    asked = (standing.all_institutions[total.sheet], standing.summaries[concept.block])
    return LiveCheck(
        _area(places, summary), (parts,), f"{concept.label}汇总数", f"{concept.label}汇总数与各机构之和",
        equation.rounding, True, asked, aggregate=True,
    )  # fmt: skip


def _score_checks(pack: Pack, places: CellPositions, tables: Sequence[DrawnTable]) -> Iterator[LiveCheck]:
    """The score sheet's total against its rows, and the stated total against the sheet's."""
    names = pack.names
    sheet_total = (names.total_sheet, None)
    if sheet_total not in places:
        return
    label = pack.concept(names.total_sheet).label
    stated_elsewhere = [(each.cells.get("self", ""), None) for each in pack.rubric.indicators]
    outside = tuple(_area(places, key) for key in stated_elsewhere if key in places)
    for table in tables:
        for each in table.rows:
            for column, key in each.row.inputs.items():
                if not each.row.footer or key != sheet_total:
                    continue
                own = [row.row.inputs[column] for row in table.body if column in row.row.inputs]
                parts = (_area(places, *own), *outside)
                yield LiveCheck(_area(places, sheet_total), parts, label, f"{label}与各项之和", False, False)
    stated = (names.total_stated or "", None)
    if stated in places and names.total_stated:
        words = f"{pack.concept(names.total_stated).label}与{pack.block_name(pack.concept(names.total_sheet).block)}“{label}”"
        both = (_area(places, stated), _area(places, sheet_total))
        yield LiveCheck(both[0], (both[1],), pack.concept(names.total_stated).label, words, False, False, both)
