"""Live checks beside the form: the balances as formulas that a department sees turn red before it sends the workbook.

Only functions that Excel 2010, WPS and LibreOffice share are used. Sums take ranges and lists, never `+`, so that text
and blanks in the cells do no harm; differences are rounded to six decimals before they are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from jixiao.model.fact import SUMMARY
from jixiao.model.place import Place, column_letters
from jixiao.model.words import CHECK_COLUMN
from jixiao.pack import Pack
from jixiao.pack.concept import Kind
from jixiao.pack.equations import HALF_UNIT, Equation, Term
from jixiao.pack.resolve import SCOPE_AGGREGATE, SCOPE_INSTITUTION, plain
from jixiao.writing.canvas import Condition, Style
from jixiao.writing.form_cells import FormCells
from jixiao.writing.form_grid import Grid
from jixiao.writing.form_tables import DrawnTable

PASSED, FAILED = "✓", "✗"
AGREES = f"{PASSED} 相符"
ROUNDED = f"{PASSED} 四舍五入差 "
AMOUNT_TEXT = "0.00####"
PLACES = Decimal("0.000001")
WIDTH = 48.0

Numbers = Mapping[Place, Decimal]


@dataclass(frozen=True)
class Area:
    """Cells that a formula cites: the address as one range, and the cells within it that hold facts."""

    sheet: str
    address: str
    places: tuple[Place, ...]

    def cited(self, sheet: str) -> str:
        """The address as a formula on `sheet` writes it."""
        return self.address if self.sheet == sheet else "'" + self.sheet.replace("'", "''") + f"'!{self.address}"

    def numbers(self, numbers: Numbers) -> list[Decimal]:
        """The numbers that stand in it."""
        return [numbers[place] for place in self.places if place in numbers]


@dataclass(frozen=True)
class Check:
    """One balance at one cell: the total beside which it is shown, its parts, and what it says when broken.

    `only_if` are areas that must each hold a number for the balance to be asked.
    """

    total: Area
    parts: tuple[Area, ...]
    total_words: str
    words: str
    rounding: bool
    amount: bool
    only_if: tuple[Area, ...] = ()
    aggregate: bool = False

    @property
    def home(self) -> Place:
        """The cell of the total."""
        return self.total.places[0]

    def difference(self, numbers: Numbers) -> Decimal:
        """Total less parts, zero where the balance is not asked; to six decimals, as the formula has it."""
        if not all(area.numbers(numbers) for area in self.only_if):
            return Decimal(0)
        parts = sum((number for part in self.parts for number in part.numbers(numbers)), Decimal(0))
        return (sum(self.total.numbers(numbers), Decimal(0)) - parts).quantize(PLACES, ROUND_HALF_UP)

    def slack(self, numbers: Numbers) -> Decimal:
        """What rounding of the filled terms can explain; nothing where the total is blank."""
        if not self.rounding or not self.total.numbers(numbers):
            return Decimal(0)
        return HALF_UNIT * sum(len(area.numbers(numbers)) for area in (self.total, *self.parts))

    def difference_formula(self, sheet: str) -> str:
        """The formula of `difference`."""
        parts = ",".join(part.cited(sheet) for part in self.parts)
        asked = "".join(f"*MIN(1,COUNT({area.cited(sheet)}))" for area in self.only_if)
        return f"ROUND(SUM({self.total.cited(sheet)})-SUM({parts}),6){asked}"

    def holds_formula(self, sheet: str) -> str:
        """The condition that the balance holds, if need be by rounding."""
        if not self.rounding:
            return f"{self.difference_formula(sheet)}=0"
        total = self.total.cited(sheet)
        terms = ",".join((total, *(part.cited(sheet) for part in self.parts)))
        slack = f"{HALF_UNIT}*COUNT({terms})*COUNT({total})"
        return f"ROUND(ABS({self.difference_formula(sheet)})-{slack},6)<=0"


def form_checks(pack: Pack, cells: FormCells, tables: Sequence[DrawnTable]) -> list[Check]:
    """Every balance of the form at every cell where it is asked, in the order of the pack's equations."""
    institutions = _institution_areas(tables)
    checks: list[Check] = []
    for equation in pack.equations:
        checks.extend(_checks(pack, cells, equation, tables, institutions))
    checks.extend(_score_checks(pack, cells, tables))
    return checks


def draw_checks(
    grid: Grid, cells: FormCells, tables: Sequence[DrawnTable], checks: Sequence[Check], column: int
) -> None:
    """Draw the checks whose totals stand on this sheet, one cell a row, in a column beside the printed area."""
    sheet = grid.sheet.name
    by_row: dict[int, list[Check]] = {}
    for check in checks:
        if check.home.sheet == sheet:
            by_row.setdefault(check.home.row, []).append(check)
    if not by_row:
        return
    heads = {table.head[1] for table in tables if any(each.first in by_row for each in table.rows)}
    in_tables = {each.first for table in tables for each in table.rows}
    heads |= {row - 1 for row in by_row if row not in in_tables and row - 1 not in by_row}
    for row in sorted(heads):
        grid.put((row, row), (column, column), CHECK_COLUMN, Style("check_head"))
    for row, here in sorted(by_row.items()):
        cell = grid.put((row, row), (column, column), result(here, cells.numbers), Style("check"))
        cell.formula = formula(here, sheet)
    grid.sheet.widths[column - 1] = 2.0
    grid.sheet.widths[column] = WIDTH
    rows = (min(by_row), max(by_row))
    for text, role in ((FAILED, "error"), (PASSED, "passed")):
        grid.sheet.conditions.append(Condition(rows[0], column, rows[1], column, "text_begins", text, role))


def result(checks: Sequence[Check], numbers: Numbers) -> str:
    """What the checks of one row say of these numbers: the formula's cached value."""
    if not any(area.numbers(numbers) for area in _asked(checks)):
        return ""
    differences = [(check, check.difference(numbers)) for check in checks]
    broken = [(check, off) for check, off in differences if abs(off) > check.slack(numbers)]
    if not broken:
        largest = max(abs(off) for _, off in differences)
        return ROUNDED + _told(largest, checks[0].amount) if largest else AGREES
    told = [
        f"{check.words}相差 {_told(off, check.amount)}" if check.total.numbers(numbers) else f"{check.total_words}未填"
        for check, off in broken
    ]
    return f"{FAILED} {'；'.join(told)}"


def formula(checks: Sequence[Check], sheet: str) -> str:
    """The formula of what the checks of one row say, without the equals sign."""
    filled = ",".join(dict.fromkeys(area.cited(sheet) for area in _asked(checks)))
    holds = ",".join(check.holds_formula(sheet) for check in checks)
    largest = "MAX(" + ",".join(f"ABS({check.difference_formula(sheet)})" for check in checks) + ")"
    told = "&".join(f'IF({check.holds_formula(sheet)},"",{_message(check, sheet)})' for check in checks)
    rounded = f'IF({largest}=0,"{AGREES}","{ROUNDED}"&{_told_formula(largest, checks[0].amount)})'
    return f'IF(COUNT({filled})=0,"",IF(AND({holds}),{rounded},"{FAILED} "&MID({told},2,999)))'


def _message(check: Check, sheet: str) -> str:
    off = _told_formula(f"ABS({check.difference_formula(sheet)})", check.amount)
    total, words = _quoted(f"；{check.total_words}未填"), _quoted(f"；{check.words}相差 ")
    return f"IF(COUNT({check.total.cited(sheet)})=0,{total},{words}&{off})"


def _asked(checks: Sequence[Check]) -> Iterator[Area]:
    """The cells that must hold a number for a row to say anything: the parts of a sum over institutions do not count."""
    for check in checks:
        yield check.total
        if not check.aggregate:
            yield from check.parts


def _told(difference: Decimal, amount: bool) -> str:
    text = plain(abs(difference))
    if not amount:
        return text
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


def _told_formula(expression: str, amount: bool) -> str:
    return f'TEXT({expression},"{AMOUNT_TEXT}")' if amount else f"{expression}"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


# ---------------------------------------------------------------- from equations to checks


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
    pack: Pack, cells: FormCells, equation: Equation, tables: Sequence[DrawnTable],
    institutions: Mapping[str, tuple[int, int]],
) -> Iterator[Check]:  # fmt: skip
    block = pack.concept(equation.total.concept).block
    if equation.scope == SCOPE_AGGREGATE:
        check = _aggregate(pack, cells, equation, tables, institutions)
        if check is not None:
            yield check
        return
    if equation.scope == SCOPE_INSTITUTION:
        table = next((each for each in tables if each.table.id == block), None)
        keys: Sequence[str | None] = [each.row.key for each in table.body] if table is not None else []
    else:
        keys = [None]
    for key in keys:
        places = [_place(pack, cells, term, key) for term in (equation.total, *equation.parts)]
        found = [place for place in places if place is not None]
        if len(found) < len(places):
            continue
        total, *parts = (_area(place) for place in found)
        yield Check(
            total, tuple(parts), pack.concept(equation.total.concept).label, _words(pack, equation), equation.rounding,
            pack.concept(equation.total.concept).kind is Kind.AMOUNT,
            (total, *parts) if equation.both_filled else (),
        )  # fmt: skip


def _place(pack: Pack, cells: FormCells, term: Term, institution: str | None) -> Place | None:
    asked = term.institution or institution or pack.institution_of(term.concept)
    return cells.places.get((term.concept, asked))


def _words(pack: Pack, equation: Equation) -> str:
    total = pack.concept(equation.total.concept)
    parts = [pack.concept(part.concept) for part in equation.parts]
    if len(parts) == 1:
        return f"{total.label}与{pack.block_name(parts[0].block)}“{parts[0].label}”"
    named = "、".join(part.label for part in parts) if len(parts) == 2 else "各项"
    return f"{total.label}与{named}之和"


def _aggregate(
    pack: Pack, cells: FormCells, equation: Equation, tables: Sequence[DrawnTable],
    institutions: Mapping[str, tuple[int, int]],
) -> Check | None:  # fmt: skip
    concept = pack.concept(equation.total.concept)
    total = cells.places.get((concept.id, SUMMARY))
    if total is None or concept.block not in institutions:
        return None
    table = next(each for each in tables if each.table.id == concept.block)
    first, last = institutions[concept.block]
    own = tuple(
        place for each in table.body if each.row.key != SUMMARY
        if (place := cells.places.get((concept.id, each.row.key))) is not None
    )  # fmt: skip
    parts = Area(total.sheet, _address(first, total.column, last, total.column), own)
    # Undecided where the institutions are blank on the whole form, or where this table's summary row is.
    return Check(
        _area(total), (parts,), f"{concept.label}汇总数", f"{concept.label}汇总数与各机构之和", equation.rounding, True,
        (_form_institutions(cells, tables, institutions, total.sheet), _summary_row(cells, table)), aggregate=True,
    )  # fmt: skip


def _form_institutions(
    cells: FormCells, tables: Sequence[DrawnTable], institutions: Mapping[str, tuple[int, int]], sheet: str
) -> Area:
    """The institutions' rows of every table on the sheet."""
    addresses, places = [], []
    for table in tables:
        if table.table.id in institutions and table.sheet == sheet:
            first, last = institutions[table.table.id]
            own = [
                cells.places[key] for each in table.body if each.row.key != SUMMARY for key in each.row.inputs.values()
            ]
            right = max(last_column for _, last_column in table.columns.values())
            addresses.append(_address(first, min(place.column for place in own), last, right))
            places.extend(own)
    return Area(sheet, ",".join(addresses), tuple(places))


def _summary_row(cells: FormCells, table: DrawnTable) -> Area:
    summary = next(each for each in table.body if each.row.key == SUMMARY)
    return _area(*sorted(cells.places[key] for key in summary.row.inputs.values()))


def _score_checks(pack: Pack, cells: FormCells, tables: Sequence[DrawnTable]) -> Iterator[Check]:
    """The score sheet's total against its rows, and the stated total against the sheet's."""
    names = pack.names
    sheet_total = cells.places.get((names.total_sheet, None))
    if sheet_total is None:
        return
    label = pack.concept(names.total_sheet).label
    for table in tables:
        for each in table.rows:
            for column, key in each.row.inputs.items():
                if not each.row.footer or key != (names.total_sheet, None):
                    continue
                own = [cells.places[row.row.inputs[column]] for row in table.body if column in row.row.inputs]
                address = _address(own[0].row, own[0].column, own[-1].row, own[0].column)
                parts = Area(sheet_total.sheet, address, tuple(own))
                yield Check(_area(sheet_total), (parts,), label, f"{label}与各项之和", False, False)
    stated = cells.places.get((names.total_stated, None)) if names.total_stated else None
    if stated is not None and names.total_stated:
        words = f"{pack.concept(names.total_stated).label}与{pack.block_name(pack.concept(names.total_sheet).block)}“{label}”"
        both = (_area(stated), _area(sheet_total))
        yield Check(both[0], (both[1],), pack.concept(names.total_stated).label, words, False, False, both)
