"""Live checks beside the form: the balances as formulas that a department sees turn red before it sends the workbook.

Only functions that Excel 2010, WPS and LibreOffice share are used. Sums take ranges and lists, never `+`, so that text
and blanks in the cells do no harm; differences are rounded to six decimals before they are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from jixiao.model.place import Place
from jixiao.model.sheet_names import CHECK_COLUMN
from jixiao.pack.declarations.equations import HALF_UNIT
from jixiao.values.number_format import plain_text
from jixiao.writing.form.printed_table import DrawnTable
from jixiao.writing.form.rows import CellKey
from jixiao.writing.xlsx.content import Cell, ConditionalFormat, Style
from jixiao.writing.xlsx.formula_text import on_sheet, quoted

PASSED, FAILED = "✓", "✗"
AGREES = f"{PASSED} 相符"
ROUNDED = f"{PASSED} 四舍五入差 "
CHECK, HEAD = Style("check"), Style("check_head")
AMOUNT_TEXT = "0.00####"
NOTHING, PLACES = Decimal(0), Decimal("0.000001")
WIDTH = 48.0
MOST_PLACES = 6

Numbers = Mapping[CellKey, Decimal]
"""The numbers that stand in the cells of a form, by their facts."""


@dataclass(frozen=True)
class Area:
    """Cells that a formula cites: the address as one range, and the cells within it that hold facts, with the facts."""

    sheet: str
    address: str
    places: tuple[Place, ...]
    keys: tuple[CellKey, ...]

    def cited(self, sheet: str) -> str:
        """The address as a formula on `sheet` writes it."""
        return self.address if self.sheet == sheet else on_sheet(self.sheet, self.address)

    def filled(self, numbers: Numbers) -> bool:
        """Whether any number stands in it."""
        return not numbers.keys().isdisjoint(self.keys)

    def numbers(self, numbers: Numbers) -> list[Decimal]:
        """The numbers that stand in it."""
        return [number for number in map(numbers.get, self.keys) if number is not None]


@dataclass(frozen=True)
class LiveCheck:
    """One balance at one cell: its total, its parts, and what it says when broken.

    With `at_least` the total may be the larger. It is shown in the row of the first of its cells that stands in a table, where the column has a head. `only_if` are areas that must each hold a number for the balance to be asked.
    """

    total: Area
    parts: tuple[Area, ...]
    total_words: str
    words: str
    rounding: bool
    amount: bool
    only_if: tuple[Area, ...] = ()
    aggregate: bool = False
    at_least: bool = False

    @cached_property
    def _parts(self) -> tuple[CellKey, ...]:
        return tuple(key for part in self.parts for key in part.keys)

    def home(self, rows: Mapping[tuple[str, int], object]) -> Place | None:
        """The first of its cells that stands in one of these table rows."""
        places = (place for area in (self.total, *self.parts) for place in area.places)
        return next((place for place in places if (place.sheet, place.row) in rows), None)

    def difference(self, numbers: Numbers) -> Decimal:
        """Total less parts, zero where the balance is not asked; to six decimals, as the formula has it."""
        total = [number for number in map(numbers.get, self.total.keys) if number is not None]
        parts = [number for number in map(numbers.get, self._parts) if number is not None]
        off = sum(total, NOTHING) - sum(parts, NOTHING)
        if not off or (self.only_if and not all(area.filled(numbers) for area in self.only_if)):
            return NOTHING
        off = off.quantize(PLACES, ROUND_HALF_UP)
        return min(off, NOTHING) if self.at_least else off

    def slack(self, numbers: Numbers) -> Decimal:
        """What rounding of the filled terms can explain; nothing where the total is blank."""
        if not self.rounding or not self.total.filled(numbers):
            return Decimal(0)
        return HALF_UNIT * sum(len(area.numbers(numbers)) for area in (self.total, *self.parts))

    def difference_formula(self, sheet: str) -> str:
        """The formula of `difference`."""
        parts = ",".join(part.cited(sheet) for part in self.parts)
        asked = "".join(f"*MIN(1,COUNT({area.cited(sheet)}))" for area in self.only_if)
        off = f"ROUND(SUM({self.total.cited(sheet)})-SUM({parts}),6)"
        return f"{f'MIN(0,{off})' if self.at_least else off}{asked}"

    def holds_formula(self, sheet: str) -> str:
        """The condition that the balance holds, if need be by rounding."""
        if not self.rounding:
            return f"{self.difference_formula(sheet)}=0"
        total = self.total.cited(sheet)
        terms = ",".join((total, *(part.cited(sheet) for part in self.parts)))
        slack = f"{HALF_UNIT}*COUNT({terms})*COUNT({total})"
        return f"ROUND(ABS({self.difference_formula(sheet)})-{slack},6)<=0"


@dataclass(frozen=True)
class RateCheck(LiveCheck):
    """A printed rate against its numerator and denominator, the two parts; undecided where one is blank or zero below.

    It holds where it is what the quotient rounds to, to as many decimals as it shows (at least `decimals`).
    """

    decimals: int = 0

    def difference(self, numbers: Numbers) -> Decimal:
        """The printed percentage less the computed one, zero where they agree or nothing can be compared."""
        found = [area.numbers(numbers) for area in (self.total, *self.parts)]
        if not all(found) or not found[2][0]:
            return Decimal(0)
        printed, computed = found[0][0], Fraction(found[1][0]) / Fraction(found[2][0]) * 100
        if any(_half_up(computed, places) == printed for places in range(self.decimals, MOST_PLACES + 1)):
            return Decimal(0)
        return _half_up(Fraction(printed) - computed, MOST_PLACES)

    def difference_formula(self, sheet: str) -> str:
        """The formula of `difference`."""
        printed, over, under = (area.cited(sheet) for area in (self.total, *self.parts))
        computed = f"{over}/{under}*100"
        agrees = ",".join(f"ROUND({computed},{n})=ROUND({printed},6)" for n in range(self.decimals, MOST_PLACES + 1))
        off = f"IF(OR({agrees}),0,ROUND({printed}-{computed},{MOST_PLACES}))"
        return f"IF(COUNT({printed},{over},{under})<3,0,IF({under}=0,0,{off}))"


def _half_up(number: Fraction, places: int) -> Decimal:
    over, under = abs(number.numerator), number.denominator
    scaled = (2 * over * 10**places + under) // (2 * under)
    return Decimal(scaled if number >= 0 else -scaled).scaleb(-places)


class RowChecks(NamedTuple):
    """The checks that are shown beside one row, the formula of what they say, and the facts of which one must be filled."""

    checks: tuple[LiveCheck, ...]
    formula: str
    asked: frozenset[CellKey]


def checks_by_row(checks: Sequence[LiveCheck], tables: Sequence[DrawnTable]) -> dict[tuple[str, int], RowChecks]:
    """The checks by the table row (sheet and row number) beside which they are shown."""
    rows = {(table.sheet, each.first): table for table in tables for each in table.rows}
    found: dict[tuple[str, int], list[LiveCheck]] = {}
    for check in checks:
        home = check.home(rows)
        if home is not None:
            found.setdefault((home.sheet, home.row), []).append(check)
    return {home: _row_checks(tuple(own), home[0]) for home, own in found.items()}


def _row_checks(checks: tuple[LiveCheck, ...], sheet: str) -> RowChecks:
    return RowChecks(checks, formula(checks, sheet), frozenset(key for area in _asked(checks) for key in area.keys))


class SheetChecks(NamedTuple):
    """The live checks of a sheet in a column beside its printed area: heads, rows with their checks, conditions."""

    column: int
    heads: tuple[Cell, ...]
    rows: tuple[tuple[int, RowChecks], ...]
    conditions: tuple[ConditionalFormat, ...]

    @classmethod
    def of(
        cls, sheet: str, tables: Sequence[DrawnTable], checks: Mapping[tuple[str, int], RowChecks], column: int
    ) -> SheetChecks | None:
        """The checks beside the tables of a sheet, one cell a row; None where it has none."""
        rows = tuple((row, checks[sheet, row]) for row in sorted(row for at, row in checks if at == sheet))
        if not rows:
            return None
        checked = {row for row, _ in rows}
        headed = [table.head[1] for table in tables if any(each.first in checked for each in table.rows)]
        heads = tuple(Cell(row, column, CHECK_COLUMN, HEAD, row, column) for row in headed)
        conditions = tuple(
            ConditionalFormat(rows[0][0], column, rows[-1][0], column, "text_begins", text, role)
            for text, role in ((FAILED, "error"), (PASSED, "passed"))
        )
        return cls(column, heads, rows, conditions)

    def cells(self, numbers: Numbers) -> Iterator[Cell]:
        """The cells of the column, with what the checks say of these numbers."""
        yield from self.heads
        column, filled = self.column, numbers.keys()
        for row, here in self.rows:
            said = "" if filled.isdisjoint(here.asked) else result(here.checks, numbers)
            yield Cell(row, column, said, CHECK, row, column, here.formula)

    @property
    def widths(self) -> dict[int, float]:
        """The widths of the column and of the gap before it."""
        return {self.column - 1: 2.0, self.column: WIDTH}


def result(checks: Sequence[LiveCheck], numbers: Numbers) -> str:
    """What the checks of one row say of these numbers where any of the cells asked is filled: the formula's cached value."""
    differences = [(check, off) for check in checks if (off := check.difference(numbers))]
    if not differences:
        return AGREES
    broken = [(check, off) for check, off in differences if abs(off) > check.slack(numbers)]
    if not broken:
        return ROUNDED + _told(max(abs(off) for _, off in differences), checks[0].amount)
    told = dict.fromkeys(
        f"{check.words}相差 {_told(off, check.amount)}" if check.total.numbers(numbers) else f"{check.total_words}未填"
        for check, off in broken
    )
    return f"{FAILED} {'；'.join(told)}"


def formula(checks: Sequence[LiveCheck], sheet: str) -> str:
    """The formula of what the checks of one row say, without the equals sign."""
    filled = ",".join(dict.fromkeys(area.cited(sheet) for area in _asked(checks)))
    holds = ",".join(check.holds_formula(sheet) for check in checks)
    largest = "MAX(" + ",".join(f"ABS({check.difference_formula(sheet)})" for check in checks) + ")"
    told = "&".join(
        f'IF({check.holds_formula(sheet)},"",{_message(check, checks[:number], sheet)})'
        for number, check in enumerate(checks)
    )
    rounded = f'IF({largest}=0,"{AGREES}","{ROUNDED}"&{_told_formula(largest, checks[0].amount)})'
    return f'IF(COUNT({filled})=0,"",IF(AND({holds}),{rounded},"{FAILED} "&MID({told},2,999)))'


def _message(check: LiveCheck, before: Sequence[LiveCheck], sheet: str) -> str:
    """What a broken check says; that its total is blank is said once, by the first broken check of the total."""
    off = _told_formula(f"ABS({check.difference_formula(sheet)})", check.amount)
    blank, words = quoted(f"；{check.total_words}未填"), quoted(f"；{check.words}相差 ")
    same = [each.holds_formula(sheet) for each in before if each.total_words == check.total_words]
    if same:
        blank = f'IF(AND({",".join(same)}),{blank},"")'
    return f"IF(COUNT({check.total.cited(sheet)})=0,{blank},{words}&{off})"


def _asked(checks: Sequence[LiveCheck]) -> Iterator[Area]:
    """The cells that must hold a number for a row to say anything: the parts of a sum over institutions do not count."""
    for check in checks:
        yield check.total
        if not check.aggregate:
            yield from check.parts


def _told(difference: Decimal, amount: bool) -> str:
    text = plain_text(abs(difference))
    if not amount:
        return text
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


def _told_formula(expression: str, amount: bool) -> str:
    return f'TEXT({expression},"{AMOUNT_TEXT}")' if amount else f"{expression}"
