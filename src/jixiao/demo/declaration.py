"""A sample district as a pack declares it: departments, their leaf figures and prose, faults, and odd files."""


from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, WithJsonSchema

from jixiao.pack.declaration import Declaration

Figure = Decimal | str
"""A number, or a text; a text where the form asks for a number is what the department typed."""


def _flat(nested: object) -> object:
    """Tables within tables as one table of dotted keys: `base.card.paid = 1` as written is `{"base.card.paid": 1}`."""
    return dict(_dotted(nested)) if isinstance(nested, dict) else nested


def _dotted(nested: dict[str, Any], stem: str = "") -> Iterator[tuple[str, Any]]:
    for key, each in nested.items():
        if isinstance(each, dict):
            yield from _dotted(each, f"{stem}{key}.")
        else:
            yield f"{stem}{key}", each


# An editor sees the tables as they are written, nested or dotted.
Amounts = Annotated[dict[str, Figure], BeforeValidator(_flat), WithJsonSchema({"type": "object"})]
"""Figures by concept."""

FaultKind = Literal["write", "add", "swap", "negate", "blank", "replace", "times"]
MessKind = Literal["shift", "one_sheet", "rename", "order", "hide", "drop", "note", "drop_row"]
OddKind = Literal["zero_bytes", "owner", "truncated", "html", "other_table", "entity_bomb", "copy"]


class ScoreDeclaration(Declaration):
    """What a department gave itself where that is not the computed mark: `marks`, and its reason (empty: none given)."""

    marks: Decimal | None = None
    reason: str | None = None


class CustomRow(Declaration):
    """An indicator that a department put in place of the printed ones of an open group."""

    group: str
    label: str
    full: Decimal
    marks: Decimal
    reason: str = ""


class Fault(Declaration):
    """One slip, made after everything has been worked out.

    `write` sets the cell to `text`; `add` adds `amount`; `times` multiplies by it; `swap` swaps the two digits from
    place `at` on (places count digits); `negate` turns the sign; `blank` empties; `replace` puts `text` for `old`.
    """

    kind: FaultKind
    concept: str
    institution: str | None = None
    text: str = ""
    old: str = ""
    amount: Decimal = Decimal(0)
    at: int = 1


class Mess(Declaration):
    """One thing done to a finished workbook, on the sheet of this printed name or on all.

    `shift` moves everything down `rows` and right `columns`; `one_sheet` pastes all sheets below each other into
    `name`, `rows` between; `rename` calls a sheet `name`; `order` sets `sheets` first; `hide` hides; `drop` takes
    `sheets` away; `drop_row` takes away the rows that hold a cell `text` (and closes up); `note` writes `text` where
    no form is, `rows` below the last row, or `columns` right of the last column in the row `rows`.
    """

    kind: MessKind
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    name: str = ""
    rows: int = 0
    columns: int = 0
    text: str = ""


class FilingDeclaration(Declaration):
    """One filing. `like` takes over everything that is not said from an earlier filing's file.

    `money` holds leaf figures by institution (`headquarters` or a name of `units`), `facts` single cells, `records`
    rows of a record concept's stem, `snippets` texts that other texts take in as `{#name}`. Totals, self scores and
    grade are worked out where they are not said; with `derive` off nothing is. Blocks of `absent` are left blank.
    `pattern` says that, slips and mess aside, it is in order, so that more filings may be made after it.
    """

    file: str
    like: str = ""
    department: str = ""
    budget_code: str = ""
    units: tuple[str, ...] = ()
    money: dict[str, Amounts] = {}
    facts: Amounts = {}
    records: dict[str, tuple[dict[str, Figure], ...]] = {}
    snippets: dict[str, str] = {}
    scores: dict[str, ScoreDeclaration] = {}
    custom: tuple[CustomRow, ...] = ()
    derive: bool = True
    pattern: bool = True
    absent: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    mess: tuple[Mess, ...] = ()


class OddFile(Declaration):
    """A file that is no filing, or the same bytes as another: `of` names a filing's file, `text` is what it says."""

    kind: OddKind
    file: str
    of: str = ""
    text: str = ""
    rows: tuple[tuple[Figure, ...], ...] = ()


class RosterRow(Declaration):
    """One department that is expected to file."""

    budget_code: str
    department: str
    kind: str = ""
    supervisor: str = ""
    section: str = ""
    reports_within: str = ""
    deadline: str = ""
    classified: bool = False


class Invention(Declaration):
    """Names of which more departments are made: every place before every office, codes counted from `first_code`.

    Once all pairs are used, `more` with the number of the round follows the name. `unreadable` are texts that people
    write where a number belongs.
    """

    places: tuple[str, ...]
    offices: tuple[str, ...]
    first_code: int
    code_step: int = 1000
    more: str = "{}"
    unreadable: tuple[str, ...]


class Demo(Declaration):
    """The sample district. `facts`, `records`, `reasons` (by indicator) and `snippets` are for every filing to fall back on."""

    title: str
    deadline: str = ""
    facts: Amounts = {}
    records: dict[str, tuple[dict[str, Figure], ...]] = {}
    reasons: dict[str, str] = {}
    snippets: dict[str, str] = {}
    filings: tuple[FilingDeclaration, ...]
    odd_files: tuple[OddFile, ...] = ()
    roster: tuple[RosterRow, ...]
    invention: Invention
