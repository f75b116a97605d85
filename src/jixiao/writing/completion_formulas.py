"""Live formulas of declared rows: how much of a target was reached, and the marks for it, from the texts of both cells.

A target (≥55期) and what came of it (50期) are texts. A formula takes the number out of each by what stands before and
behind it, and gives nothing where that is no longer so: then the row reads as something else, which is for the next run.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from jixiao.model.fact import Fact
from jixiao.model.number_format import trimmed
from jixiao.model.quantity import AT_LEAST, AT_MOST, LESS, MORE, PERCENT, parse_actual
from jixiao.pack.method import TargetCompletion
from jixiao.pack.resolve import plain
from jixiao.scoring.completion import Reading, completion_of
from jixiao.writing.formula_text import NOTHING, all_of, quoted
from jixiao.writing.score_formulas import POINT_PLACES, RATE_PLACES

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?", re.ASCII)
_HIDDEN = re.compile(r"[\x00-\x1f]")


class _Taken(NamedTuple):
    """A number taken out of a cell's text: its expression, and the condition that the rest of the text is as it was."""

    number: str
    dressed: str


def completion_rate(method: TargetCompletion, target: Fact, actual: Fact, target_cell: str, actual_cell: str) -> str:
    """The formula of what was reached of a target (1 = 100 %); "" where its texts are not both plain positive numbers."""
    target_text, actual_text = target.text or "", actual.text or ""
    read, stated = completion_of(method, target_text, actual_text), parse_actual(actual_text)
    if read.reading is not Reading.QUANTITATIVE or read.target is None or stated is None or not read.ratio or not read.actual:
        return ""
    if read.target.unit == PERCENT and not stated.unit:
        return ""  # whether a bare number is a rate or a percentage hangs on its size
    wanted, reached = _taken(target_cell, target_text, read.target.number), _taken(actual_cell, actual_text, stated.number)
    factor = Decimal(1) if read.actual == stated.number else _decimal(read.actual / Fraction(stated.number))
    if wanted is None or reached is None or factor is None:
        return ""
    top = reached.number if factor == 1 else f"{reached.number}*{plain(factor)}"
    up, down = f"{top}/{wanted.number}", f"{wanted.number}/({top})"
    match read.operator:
        case o if o in (AT_LEAST, MORE):
            ratio = up
        case o if o in (AT_MOST, LESS):
            ratio = down
        case _:
            ratio = f"MIN({up},{down})"
    as_it_was = all_of([each for each in (wanted.dressed, reached.dressed) if each])
    quotient = f"IFERROR(ROUND({ratio},{RATE_PLACES}),{NOTHING})"
    return f"IF({as_it_was},{quotient},{NOTHING})" if as_it_was else quotient


def completion_marks(method: TargetCompletion, rate_cell: str, full_cell: str) -> str:
    """The formula of a declared row's marks from the cells of its rate and of its full marks."""
    # Rounded twice: what binary arithmetic leaves of a half must not be rounded down.
    part = f"MAX(0,ROUND(ROUND({full_cell}*{rate_cell},{POINT_PLACES}),{method.places}))"
    return f"IF(AND(ISNUMBER({rate_cell}),ISNUMBER({full_cell})),IF({rate_cell}>=1,{full_cell},{part}),{NOTHING})"


def _taken(cell: str, text: str, number: Decimal) -> _Taken | None:
    """How to take a number out of a text; None where it stands there in another dress or more than once."""
    found = [each for each in _NUMBER.finditer(text) if Decimal(each[0].replace(",", "")) == number]
    if len(found) != 1 or _HIDDEN.search(text):
        return None
    before, behind = text[: found[0].start()], text[found[0].end() :]
    middle = f"MID({cell},{len(before) + 1},LEN({cell})-{len(before) + len(behind)})" if before or behind else cell
    if "," in found[0][0]:
        middle = f'SUBSTITUTE({middle},",","")'
    ends = [f"LEFT({cell},{len(before)})={quoted(before)}"] if before else []
    ends += [f"RIGHT({cell},{len(behind)})={quoted(behind)}"] if behind else []
    return _Taken(f"VALUE({middle})", all_of(ends))


def _decimal(number: Fraction) -> Decimal | None:
    """A fraction as an exact decimal, None where it has none."""
    found = Decimal(number.numerator) / number.denominator
    return trimmed(found) if Fraction(found) == number else None
