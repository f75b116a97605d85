"""The balances of a pack as live checks: each equation at every cell of the drawn form where it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from jixiao.checking.rates import printed_decimals
from jixiao.model.fact import SUMMARY, Facts
from jixiao.model.place import Place, column_letters
from jixiao.pack import Pack
from jixiao.pack.concept import Kind
from jixiao.pack.equations import Equation, Term
from jixiao.pack.resolve import SCOPE_AGGREGATE, SCOPE_INSTITUTION
from jixiao.writing.checks_live import Area, Check, RateCheck
from jixiao.writing.form_rows import Key
from jixiao.writing.form_tables import DrawnTable

Places = Mapping[Key, Place]


def form_checks(
    pack: Pack, places: Places, tables: Sequence[DrawnTable], decimals: Sequence[int]
) -> list[Check]:
    """Every balance of the form at every cell where it is asked, in the order of the pack's equations.

    `decimals` are those that the filing's printed rates show, as `rate_decimals` gives them.
    """
    institutions = _institution_areas(tables)
    checks: list[Check] = []
    for equation in pack.equations:
        checks.extend(_checks(pack, places, equation, tables, institutions))
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


def _rate_checks(pack: Pack, places: Places, decimals: Sequence[int]) -> Iterator[Check]:
    """The printed rates of the form."""
    for rate, shown in zip(pack.equations_declared.rates, decimals, strict=True):
        keys = [(each, pack.institution_of(each)) for each in (rate.printed, rate.numerator, rate.denominator)]
        found = [places[key] for key in keys if key in places]
        if len(found) < len(keys):
            continue
        printed, over, under = (_area(place) for place in found)
        label = pack.concept(rate.printed).label.rpartition("·")[2]
        parts = [pack.concept(each).label.rpartition("·")[2] for each in (rate.numerator, rate.denominator)]
        yield RateCheck(
            printed, (over, under), label, f"{label}与{parts[0]}除以{parts[1]}", False, False,
            decimals=shown,
        )  # fmt: skip


def _area(*places: Place) -> Area:
    first, last = places[0], places[-1]
    return Area(first.sheet, _address(first.row, first.column, last.row, last.column), places)


def _address(row: int, column: int, last_row: int, last_column: int) -> str:
    first = f"{column_letters(column)}{row + 1}"
    last = f"{column_letters(last_column)}{last_row + 1}"
    return first if first == last else f"{first}:{last}"


def _institution_areas(tables: Sequence[DrawnTable]) -> dict[str, tuple[int, int]]:
    """First and last sheet row of the institutions under the summary row, the free row below them included."""
    found = {}
    for table in tables:
        rows = [each for each in table.body if each.row.key != SUMMARY]
        if len(rows) < len(table.body) and rows:
            found[table.table.id] = (rows[0].first, rows[-1].last + 1)
    return found


def _checks(
    pack: Pack, places: Places, equation: Equation, tables: Sequence[DrawnTable],
    institutions: Mapping[str, tuple[int, int]],
) -> Iterator[Check]:  # fmt: skip
    block = pack.concept(equation.total.concept).block
    if equation.scope == SCOPE_AGGREGATE:
        check = _aggregate(pack, places, equation, tables, institutions)
        if check is not None:
            yield check
        return
    if equation.scope == SCOPE_INSTITUTION:
        table = next((each for each in tables if each.table.id == block), None)
        keys: Sequence[str | None] = [each.row.key for each in table.body] if table is not None else []
    else:
        keys = [None]
    for key in keys:
        areas = [_term_area(pack, places, term, key) for term in (equation.total, *equation.parts)]
        found = [area for area in areas if area is not None]
        if len(found) < len(areas):
            continue
        total, *parts = found
        yield Check(
            total, tuple(parts), pack.concept(equation.total.concept).label, _words(pack, equation), equation.rounding,
            pack.concept(equation.total.concept).kind is Kind.AMOUNT,
            (total, *parts) if equation.both_filled else (), at_least=equation.relation == "at_least",
        )  # fmt: skip


def _place(pack: Pack, places: Places, term: Term, institution: str | None) -> Place | None:
    asked = term.institution or institution or pack.institution_of(term.concept)
    return places.get((term.concept, asked))


def _term_area(pack: Pack, places: Places, term: Term, institution: str | None) -> Area | None:
    """The cells of a term: one, or those of the rows that departments declare; None where the form has none."""
    stem, repeated, tail = term.concept.partition("{n}")
    if not repeated:
        place = _place(pack, places, term, institution)
        return None if place is None else _area(place)
    own = sorted(
        place
        for (concept, _), place in places.items()
        if concept.startswith(stem) and concept.endswith(tail)
        and concept[len(stem) : len(concept) - len(tail)].isdecimal()
    )  # fmt: skip
    if not own:
        return None
    first, last = own[0], own[-1]
    return Area(first.sheet, _address(first.row, first.column, last.row, last.column), tuple(own))


def _words(pack: Pack, equation: Equation) -> str:
    total = pack.concept(equation.total.concept)
    if equation.relation == "at_least":
        return f"其中各项之和超过{total.label}，"
    parts = [pack.concept(part.concept) for part in equation.parts]
    if len(parts) == 1:
        return f"{total.label}与{pack.block_name(parts[0].block)}“{parts[0].label}”"
    named = "、".join(part.label for part in parts) if len(parts) == 2 else "各项"
    return f"{total.label}与{named}之和"


def _aggregate(
    pack: Pack, places: Places, equation: Equation, tables: Sequence[DrawnTable],
    institutions: Mapping[str, tuple[int, int]],
) -> Check | None:  # fmt: skip
    concept = pack.concept(equation.total.concept)
    total = places.get((concept.id, SUMMARY))
    if total is None or concept.block not in institutions:
        return None
    table = next(each for each in tables if each.table.id == concept.block)
    first, last = institutions[concept.block]
    own = tuple(
        place for each in table.body if each.row.key != SUMMARY
        if (place := places.get((concept.id, each.row.key))) is not None
    )  # fmt: skip
    parts = Area(total.sheet, _address(first, total.column, last, total.column), own)
    # Undecided where the institutions are blank on the whole form, or where this table's summary row is.
    return Check(
        _area(total), (parts,), f"{concept.label}汇总数", f"{concept.label}汇总数与各机构之和", equation.rounding, True,
        (_form_institutions(places, tables, institutions, total.sheet), _summary_row(places, table)), aggregate=True,
    )  # fmt: skip


def _form_institutions(
    places: Places, tables: Sequence[DrawnTable], institutions: Mapping[str, tuple[int, int]], sheet: str
) -> Area:
    """The institutions' rows of every table on the sheet."""
    addresses, whole = [], []
    for table in tables:
        if table.table.id in institutions and table.sheet == sheet:
            first, last = institutions[table.table.id]
            own = [
                places[key] for each in table.body if each.row.key != SUMMARY for key in each.row.inputs.values()
            ]
            right = max(last_column for _, last_column in table.columns.values())
            addresses.append(_address(first, min(place.column for place in own), last, right))
            whole.extend(own)
    return Area(sheet, ",".join(addresses), tuple(whole))


def _summary_row(places: Places, table: DrawnTable) -> Area:
    summary = next(each for each in table.body if each.row.key == SUMMARY)
    return _area(*sorted(places[key] for key in summary.row.inputs.values()))


def _score_checks(pack: Pack, places: Places, tables: Sequence[DrawnTable]) -> Iterator[Check]:
    """The score sheet's total against its rows, and the stated total against the sheet's."""
    names = pack.names
    sheet_total = places.get((names.total_sheet, None))
    if sheet_total is None:
        return
    label = pack.concept(names.total_sheet).label
    stated_elsewhere = [(each.cells.get("self", ""), None) for each in pack.rubric.indicators]
    outside = tuple(_area(places[key]) for key in stated_elsewhere if key in places)
    for table in tables:
        for each in table.rows:
            for column, key in each.row.inputs.items():
                if not each.row.footer or key != (names.total_sheet, None):
                    continue
                own = [places[row.row.inputs[column]] for row in table.body if column in row.row.inputs]
                address = _address(own[0].row, own[0].column, own[-1].row, own[0].column)
                parts = (Area(sheet_total.sheet, address, tuple(own)), *outside)
                yield Check(_area(sheet_total), parts, label, f"{label}与各项之和", False, False)
    stated = places.get((names.total_stated, None)) if names.total_stated else None
    if stated is not None and names.total_stated:
        words = f"{pack.concept(names.total_stated).label}与{pack.block_name(pack.concept(names.total_sheet).block)}“{label}”"
        both = (_area(stated), _area(sheet_total))
        yield Check(both[0], (both[1],), pack.concept(names.total_stated).label, words, False, False, both)
