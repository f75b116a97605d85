"""A sample district as a pack declares it (departments, leaf figures, prose, faults, odd files), and its loading."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ValidationError, WithJsonSchema

from jixiao.errors import UsageError
from jixiao.pack import PackError
from jixiao.pack.declarations import Declaration
from jixiao.pack.load import PACKS_FOLDER

Figure = Decimal | str
"""A number, or a text; a text where the form asks for a number is what the department typed."""


def _flat(nested: object) -> object:
    """Return nested tables as one table of dotted keys: `base.card.paid = 1` as written is `{"base.card.paid": 1}`."""
    return dict(_dotted(nested)) if isinstance(nested, dict) else nested


def _dotted(nested: dict[str, Any], stem: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in nested.items():
        if isinstance(value, dict):
            yield from _dotted(value, f"{stem}{key}.")
        else:
            yield f"{stem}{key}", value


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


DEMO_FILE = "demo.toml"


def load_demo(pack_name: str | Path) -> Demo:
    """Return the sample district of an installed pack, or of a folder that holds one.

    `UsageError` if the pack brings none, `PackError` naming the key if it is wrong.
    """
    folder = PACKS_FOLDER / pack_name
    if not folder.is_dir():
        folder = Path(pack_name)
    if not (folder / DEMO_FILE).is_file():
        raise UsageError(f"表样包“{Path(pack_name).name}”没有附带示例（{DEMO_FILE}），请换用其他表样包。")
    return _load(folder.resolve())


@lru_cache(maxsize=4)
def _load(folder: Path) -> Demo:
    """Return the sample district of a folder; a rehearsal or a generated district asks for it repeatedly."""
    try:
        declared = tomllib.loads((folder / DEMO_FILE).read_text(encoding="utf-8"), parse_float=Decimal)
        demo = Demo.model_validate(declared)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackError(DEMO_FILE, "", f"不是有效的 TOML：{error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise PackError(DEMO_FILE, ".".join(str(part) for part in first["loc"]), first["msg"]) from error
    return demo.model_copy(update={"filings": _with_likes(demo.filings)})


def _with_likes(filings: tuple[FilingDeclaration, ...]) -> tuple[FilingDeclaration, ...]:
    """Return the filings with what each takes over from the one it is like."""
    whole: dict[str, FilingDeclaration] = {}
    for filing in filings:
        if filing.file in whole:
            raise PackError(DEMO_FILE, f"filings.{filing.file}", "文件名重复")
        if filing.like and filing.like not in whole:
            raise PackError(DEMO_FILE, f"filings.{filing.file}.like", f"前面没有 {filing.like}")
        whole[filing.file] = _over(whole[filing.like], filing) if filing.like else filing
    return tuple(whole.values())


def _over(first: FilingDeclaration, second: FilingDeclaration) -> FilingDeclaration:
    said: dict[str, Any] = {name: getattr(second, name) for name in second.model_fields_set}
    said["facts"] = {**first.facts, **second.facts}
    said["scores"] = {**first.scores, **second.scores}
    # The slips of the first round are what the second one mends.
    said.setdefault("faults", ())
    said.setdefault("mess", ())
    return first.model_copy(update=said)
