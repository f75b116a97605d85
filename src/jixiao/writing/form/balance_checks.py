"""The balances of a pack as live checks: each equation at every cell of the drawn form where it applies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from jixiao.model.fact import SUMMARY, Facts
from jixiao.model.place import Place
from jixiao.pack import Pack
from jixiao.pack.declarations.concept import ConceptKind
from jixiao.pack.declarations.equations import Equation, Term
from jixiao.pack.resolve import SCOPE_AGGREGATE, SCOPE_INSTITUTION
from jixiao.values.number_format import printed_decimals
from jixiao.writing.form.live_checks import Area, LiveCheck, RateCheck
from jixiao.writing.form.printed_table import DrawnTable
from jixiao.writing.form.rows import CellKey
from jixiao.writing.xlsx.formula_text import range_address


def form_checks(
    pack: Pack, places: Mapping[CellKey, Place], tables: Sequence[DrawnTable], decimals: Sequence[int]
) -> list[LiveCheck]:
    """Return every balance at every cell where it applies: equations in the pack's order, then rates, then scores.

    `decimals` are those that the filing's printed rates show, as `rate_decimals` gives them.
    """
    form = _Form(pack, places, {table.table.id: table for table in tables})
    equations = (check for equation in pack.equations for check in form.equation(equation))
    return [*equations, *form.rates(decimals), *form.scores()]


def rate_decimals(pack: Pack, facts: Facts | None) -> tuple[int, ...]:
    """Return how many decimals each printed rate of the pack shows in a filing."""
    rates = [rate.printed for rate in pack.equations_declared.rates]
    shown = [None if facts is None else facts.get(rate, pack.institution_of(rate)) for rate in rates]
    return tuple(0 if fact is None else printed_decimals(fact.value, fact.raw) for fact in shown)


@dataclass(frozen=True)
class _Form:
    """A drawn form: the places of its facts, and its tables by their ids."""

    pack: Pack
    places: Mapping[CellKey, Place]
    tables: Mapping[str, DrawnTable]

    def area(self, *keys: CellKey) -> Area:
        """Return the cells of some facts, from the first to the last as one range."""
        places = tuple(self.places[key] for key in keys)
        return Area(places[0].sheet, range_address(places[0], places[-1]), places, keys)

    @cached_property
    def institutions(self) -> Mapping[str, tuple[int, int]]:
        """First and last sheet row of the institutions under each table's summary row, and of the free row below them."""
        rows = {name: [each for each in table.body if each.row.key != SUMMARY] for name, table in self.tables.items()}
        return {
            name: (own[0].first, own[-1].last + 1) for name, own in rows.items() if own and len(own) < len(self.tables[name].body)
        }

    @cached_property
    def all_institutions(self) -> Mapping[str, Area]:
        """The institutions' rows of every table on a sheet, by the sheet."""
        areas: dict[str, tuple[list[str], list[CellKey]]] = {}
        for name, (first, last) in self.institutions.items():
            table = self.tables[name]
            keys = [key for each in table.body if each.row.key != SUMMARY for key in each.row.inputs.values()]
            left = min(self.places[key].column for key in keys)
            right = max(last_column for _, last_column in table.columns.values())
            addresses, all_keys = areas.setdefault(table.sheet, ([], []))
            addresses.append(range_address(Place(table.sheet, first, left), Place(table.sheet, last, right)))
            all_keys.extend(keys)
        return {
            sheet: Area(sheet, ",".join(addresses), tuple(self.places[key] for key in keys), tuple(keys))
            for sheet, (addresses, keys) in areas.items()
        }

    def equation(self, equation: Equation) -> Iterator[LiveCheck]:
        """Yield the checks of an equation, one for each cell of its total that the form has with all its parts."""
        concept = self.pack.concept(equation.total.concept)
        if equation.scope == SCOPE_AGGREGATE:
            if (concept.id, SUMMARY) in self.places and concept.block in self.institutions:
                yield self._aggregate(equation)
            return
        rows: Sequence[str | None] = [None]
        if equation.scope == SCOPE_INSTITUTION:
            rows = [each.row.key for each in self.tables[concept.block].body] if concept.block in self.tables else []
        for row in rows:
            areas = [self._term(term, row) for term in (equation.total, *equation.parts)]
            present = tuple(area for area in areas if area is not None)
            if len(present) == len(areas):
                yield LiveCheck(
                    present[0], present[1:], concept.label, self._words(equation), equation.rounding,
                    concept.kind is ConceptKind.AMOUNT, present if equation.both_filled else (),
                    at_least=equation.relation == "at_least",
                )  # fmt: skip

    def _term(self, term: Term, institution: str | None) -> Area | None:
        """Return the cells of a term: one, or those of the rows that departments declare; None where there are none."""
        stem, repeated, tail = term.concept.partition("{n}")
        if not repeated:
            key = (term.concept, term.institution or institution or self.pack.institution_of(term.concept))
            return self.area(key) if key in self.places else None
        own = sorted(
            (place, key)
            for key, place in self.places.items()
            if key[0].startswith(stem) and key[0].endswith(tail) and key[0][len(stem) : len(key[0]) - len(tail)].isdecimal()
        )
        return self.area(*(key for _, key in own)) if own else None

    def _words(self, equation: Equation) -> str:
        total = self.pack.concept(equation.total.concept)
        if equation.relation == "at_least":
            return f"其中各项之和超过{total.label}，"
        parts = [self.pack.concept(part.concept) for part in equation.parts]
        if len(parts) == 1:
            return f"{total.label}与{self.pack.block_name(parts[0].block)}“{parts[0].label}”"
        named = "、".join(part.label for part in parts) if len(parts) == 2 else "各项"
        return f"{total.label}与{named}之和"

    def _aggregate(self, equation: Equation) -> LiveCheck:
        """Return the check of a table's summary against the sum over its institutions."""
        concept = self.pack.concept(equation.total.concept)
        key = (concept.id, SUMMARY)
        table, total = self.tables[concept.block], self.places[key]
        first, last = self.institutions[concept.block]
        keys = [own for each in table.body if each.row.key != SUMMARY and (own := (concept.id, each.row.key)) in self.places]
        address = range_address(total._replace(row=first), total._replace(row=last))
        parts = Area(total.sheet, address, tuple(self.places[own] for own in keys), tuple(keys))
        # Undecided where the institutions are blank on the whole form, or where this table's summary row is.
        summary = next(each.row for each in table.body if each.row.key == SUMMARY)
        only_if = (
            self.all_institutions[total.sheet], self.area(*sorted(summary.inputs.values(), key=self.places.__getitem__)),
        )  # fmt: skip
        return LiveCheck(
            self.area(key), (parts,), f"{concept.label}汇总数", f"{concept.label}汇总数与各机构之和", equation.rounding, True,
            only_if, aggregate=True,
        )  # fmt: skip

    def rates(self, decimals: Sequence[int]) -> Iterator[LiveCheck]:
        """Yield the checks of the printed rates of the form."""
        for rate, shown in zip(self.pack.equations_declared.rates, decimals, strict=True):
            concepts = (rate.printed, rate.numerator, rate.denominator)
            keys = [(concept, self.pack.institution_of(concept)) for concept in concepts]
            if all(key in self.places for key in keys):
                printed, over, under = map(self.area, keys)
                label, *parts = (self.pack.concept(concept).label.rpartition("·")[2] for concept in concepts)
                yield RateCheck(printed, (over, under), label, f"{label}与{parts[0]}除以{parts[1]}", decimals=shown)

    def scores(self) -> Iterator[LiveCheck]:
        """Yield the score sheet's total against its rows, and the stated total against the sheet's."""
        pack, names = self.pack, self.pack.names
        sheet_total = (names.total_sheet, None)
        if sheet_total not in self.places:
            return
        concept = pack.concept(names.total_sheet)
        # Scores that the form has in other cells than those of the score sheet.
        cells = ((each.cells.get("self", ""), None) for each in pack.rubric.indicators)
        outside = [self.area(key) for key in cells if key in self.places]
        for table in self.tables.values():
            footers = (each.row.inputs.items() for each in table.rows if each.row.footer)
            for column in (column for inputs in footers for column, key in inputs if key == sheet_total):
                own = [row.row.inputs[column] for row in table.body if column in row.row.inputs]
                yield LiveCheck(
                    self.area(sheet_total), (self.area(*own), *outside), concept.label, f"{concept.label}与各项之和"
                )
        stated = (names.total_stated or "", None)
        if stated in self.places:
            total = pack.concept(stated[0]).label
            both = (self.area(stated), self.area(sheet_total))
            words = f"{total}与{pack.block_name(concept.block)}“{concept.label}”"
            yield LiveCheck(both[0], both[1:], total, words, only_if=both)
