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
from jixiao.values.number_format import MOST_PRINTED_DECIMALS, NOTHING, STEP, plain_text, round_half_up
from jixiao.writing.form.printed_table import DrawnTable
from jixiao.writing.form.rows import CellKey
from jixiao.writing.xlsx.content import Cell, ConditionalFormat, SheetContent, Style
from jixiao.writing.xlsx.formula_text import on_sheet, quoted

PASSED, FAILED = "✓", "✗"
AGREES = f"{PASSED} 相符"
ROUNDED = f"{PASSED} 四舍五入差 "
CHECK, HEAD = Style("check"), Style("check_head")
AMOUNT_TEXT = "0.00####"
WIDTH, GAP = 48.0, 2.0

Numbers = Mapping[CellKey, Decimal]
"""The numbers in the cells of a form, by their facts."""


@dataclass(frozen=True)
class Area:
    """Cells that a formula cites: the address as one range, and the cells within it that hold facts, with the facts."""

    sheet: str
    address: str
    places: tuple[Place, ...]
    keys: tuple[CellKey, ...]

    def cited(self, sheet: str) -> str:
        """Return the address as a formula on `sheet` writes it."""
        return self.address if self.sheet == sheet else on_sheet(self.sheet, self.address)

    def filled(self, numbers: Numbers) -> bool:
        """Tell whether it holds any number."""
        return not numbers.keys().isdisjoint(self.keys)


@dataclass(frozen=True)
class LiveCheck:
    """One balance at one cell: its total, its parts, and what it says when broken.

    With `at_least` the total may be the larger. `only_if` are areas that must each hold a number for the balance to apply.
    """

    total: Area
    parts: tuple[Area, ...]
    total_words: str
    words: str
    rounding: bool = False
    amount: bool = False
    only_if: tuple[Area, ...] = ()
    aggregate: bool = False
    at_least: bool = False

    @cached_property
    def _part_keys(self) -> tuple[CellKey, ...]:
        return tuple(key for part in self.parts for key in part.keys)

    def row(self, rows: Mapping[tuple[str, int], object]) -> tuple[str, int] | None:
        """Return the table row, by sheet and number, beside which it is shown: that of its first cell in one."""
        places = (place for area in (self.total, *self.parts) for place in area.places)
        return next(((place.sheet, place.row) for place in places if (place.sheet, place.row) in rows), None)

    @property
    def required(self) -> Iterator[Area]:
        """The areas of which one must hold a number for its row to say anything: not the parts of a sum over institutions."""
        yield self.total
        if not self.aggregate:
            yield from self.parts

    def difference(self, numbers: Numbers) -> Decimal:
        """Return total less parts to six decimals, as the formula gives it; zero where the balance does not apply."""
        off = _sum(numbers, self.total.keys) - _sum(numbers, self._part_keys)
        if not off or not all(area.filled(numbers) for area in self.only_if):
            return NOTHING
        off = off.quantize(STEP, ROUND_HALF_UP)
        return min(off, NOTHING) if self.at_least else off

    def broken(self, off: Decimal, numbers: Numbers) -> bool:
        """Tell whether a difference is more than rounding of the filled terms can explain; of a blank total it explains none."""
        slack = NOTHING
        if self.rounding and self.total.filled(numbers):
            slack = HALF_UNIT * sum(key in numbers for key in (*self.total.keys, *self._part_keys))
        return abs(off) > slack

    def difference_formula(self, sheet: str) -> str:
        """Return the formula of `difference`."""
        parts = ",".join(part.cited(sheet) for part in self.parts)
        applies = "".join(f"*MIN(1,COUNT({area.cited(sheet)}))" for area in self.only_if)
        off = f"ROUND(SUM({self.total.cited(sheet)})-SUM({parts}),6)"
        return f"{f'MIN(0,{off})' if self.at_least else off}{applies}"

    def holds_formula(self, sheet: str) -> str:
        """Return the condition that the balance holds, if need be by rounding."""
        off = self.difference_formula(sheet)
        if not self.rounding:
            return f"{off}=0"
        total, *parts = (area.cited(sheet) for area in (self.total, *self.parts))
        return f"ROUND(ABS({off})-{HALF_UNIT}*COUNT({','.join((total, *parts))})*COUNT({total}),6)<=0"


@dataclass(frozen=True)
class RateCheck(LiveCheck):
    """A printed rate against its numerator and denominator, the two parts; undecided where one is blank or zero below.

    It holds where it is what the quotient rounds to, to as many decimals as it shows (at least `decimals`).
    """

    decimals: int = 0

    @property
    def _places(self) -> range:
        return range(self.decimals, MOST_PRINTED_DECIMALS + 1)

    def difference(self, numbers: Numbers) -> Decimal:
        """Return the printed percentage less the computed one; zero where they agree or nothing can be compared."""
        printed, over, under = (numbers.get(area.keys[0]) for area in (self.total, *self.parts))
        if printed is None or over is None or not under:
            return NOTHING
        computed = Fraction(over) / Fraction(under) * 100
        if any(round_half_up(computed, places) == printed for places in self._places):
            return NOTHING
        return round_half_up(Fraction(printed) - computed, MOST_PRINTED_DECIMALS)

    def difference_formula(self, sheet: str) -> str:
        """Return the formula of `difference`."""
        printed, over, under = (area.cited(sheet) for area in (self.total, *self.parts))
        computed = f"{over}/{under}*100"
        agrees = ",".join(f"ROUND({computed},{n})=ROUND({printed},6)" for n in self._places)
        off = f"IF(OR({agrees}),0,ROUND({printed}-{computed},{MOST_PRINTED_DECIMALS}))"
        return f"IF(COUNT({printed},{over},{under})<3,0,IF({under}=0,0,{off}))"


def _sum(numbers: Numbers, keys: tuple[CellKey, ...]) -> Decimal:
    return sum([number for key in keys if (number := numbers.get(key)) is not None], NOTHING)


class RowChecks(NamedTuple):
    """The checks that are shown beside one row, their formula, and the facts of which one must be filled."""

    row: int
    checks: tuple[LiveCheck, ...]
    formula: str
    required: frozenset[CellKey]

    def result(self, numbers: Numbers) -> str:
        """Return what the checks say of these numbers: the formula's cached value."""
        if numbers.keys().isdisjoint(self.required):
            return ""
        differences = [(check, off) for check in self.checks if (off := check.difference(numbers))]
        if not differences:
            return AGREES
        broken = [(check, off) for check, off in differences if check.broken(off, numbers)]
        if not broken:
            return ROUNDED + _difference_text(max(abs(off) for _, off in differences), self.checks[0].amount)
        words = (
            f"{check.words}相差 {_difference_text(off, check.amount)}" if check.total.filled(numbers) else f"{check.total_words}未填"
            for check, off in broken
        )
        return f"{FAILED} {'；'.join(dict.fromkeys(words))}"


class SheetChecks(NamedTuple):
    """The live checks of a sheet, in a column beside its printed area, with the rows of the column's heads."""

    column: int
    heads: tuple[int, ...]
    rows: tuple[RowChecks, ...]

    def add_to(self, sheet: SheetContent, numbers: Numbers) -> None:
        """Add the column to a sheet, with what the checks say of these numbers."""
        column = self.column
        sheet.cells += [Cell(row, column, CHECK_COLUMN, HEAD, row, column) for row in self.heads]
        sheet.cells += [Cell(each.row, column, each.result(numbers), CHECK, each.row, column, each.formula) for each in self.rows]
        sheet.widths |= {column - 1: GAP, column: WIDTH}
        for text, role in ((FAILED, "error"), (PASSED, "passed")):
            sheet.conditions.append(
                ConditionalFormat(self.rows[0].row, column, self.rows[-1].row, column, "text_begins", text, role)
            )


def sheet_checks(
    checks: Sequence[LiveCheck], tables: Sequence[DrawnTable], columns: Mapping[str, int]
) -> dict[str, SheetChecks]:
    """Return the checks of each sheet by its name, in these columns, each in the row of the first of its cells in a table."""
    rows = {(table.sheet, each.first): table for table in tables for each in table.rows}
    by_row: dict[tuple[str, int], list[LiveCheck]] = {}
    for check in checks:
        home = check.row(rows)
        if home is not None:
            by_row.setdefault(home, []).append(check)
    sheets = {}
    for sheet in dict.fromkeys(sheet for sheet, _ in by_row):
        own = tuple(_row_checks(row, tuple(found), sheet) for (name, row), found in sorted(by_row.items(), key=lambda each: each[0]) if name == sheet)
        heads = tuple(
            table.head[1] for table in tables if table.sheet == sheet and any((sheet, each.first) in by_row for each in table.rows)
        )
        sheets[sheet] = SheetChecks(columns[sheet], heads, own)
    return sheets


def _row_checks(row: int, checks: tuple[LiveCheck, ...], sheet: str) -> RowChecks:
    """Return the checks of one row with the formula of what they say."""
    required = [area for check in checks for area in check.required]
    filled = ",".join(dict.fromkeys(area.cited(sheet) for area in required))
    holds = ",".join(check.holds_formula(sheet) for check in checks)
    largest = "MAX(" + ",".join(f"ABS({check.difference_formula(sheet)})" for check in checks) + ")"
    messages = "&".join(
        f'IF({check.holds_formula(sheet)},"",{_message(check, checks[:number], sheet)})' for number, check in enumerate(checks)
    )
    rounded = f'IF({largest}=0,"{AGREES}","{ROUNDED}"&{_difference_formula(largest, checks[0].amount)})'
    formula = f'IF(COUNT({filled})=0,"",IF(AND({holds}),{rounded},"{FAILED} "&MID({messages},2,999)))'
    return RowChecks(row, checks, formula, frozenset(key for area in required for key in area.keys))


def _message(check: LiveCheck, before: Sequence[LiveCheck], sheet: str) -> str:
    """Return what a broken check says; a blank total is reported once, by the first broken check of the total."""
    off = _difference_formula(f"ABS({check.difference_formula(sheet)})", check.amount)
    blank, words = quoted(f"；{check.total_words}未填"), quoted(f"；{check.words}相差 ")
    same = [each.holds_formula(sheet) for each in before if each.total_words == check.total_words]
    if same:
        blank = f'IF(AND({",".join(same)}),{blank},"")'
    return f"IF(COUNT({check.total.cited(sheet)})=0,{blank},{words}&{off})"


def _difference_text(difference: Decimal, amount: bool) -> str:
    text = plain_text(abs(difference))
    if not amount:
        return text
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


def _difference_formula(expression: str, amount: bool) -> str:
    return f'TEXT({expression},"{AMOUNT_TEXT}")' if amount else expression
