"""Money tables: which institution each row is, the same in all tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from jixiao.model.fact import HEADQUARTERS, SUMMARY
from jixiao.model.submission import Institution
from jixiao.pack.declarations.layout import Institutions, Table
from jixiao.reading.context import ReadContext
from jixiao.reading.locate.labels import nearest, normalise, numbered, one_slip, same_figures, without_numbering
from jixiao.reading.locate.sheet_view import Position
from jixiao.reading.table_segment import Segment
from jixiao.reading.values import read_row
from jixiao.values.names import comparable_name

LONGEST_NAME = 40
_ENDS = " \n　：:。；;"
_SUMMARY = re.compile(r"(?:汇总|合计|总计|总数)(?:数)?$")
"""How a row is named that sums up the others, in whatever words."""

_HEADQUARTERS = re.compile(r"(?:本级|机关|本部)[）)]?$")
"""How the row of a department itself is named, in whatever words: 区教育局（本级）."""

_SENTENCE = re.compile(r"[：:。；;！!？?]|^[（(]?(?:注|备注|说明|填表|制表|审核)")


@dataclass
class Roll:
    """The institutions of a filing as they are met: key by normalised name, and the order of units within the last table."""

    declared: Institutions
    department: str
    roles: Mapping[str, str]
    rows: dict[str, Institution] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def role(self, text: str) -> str | None:
        """`summary` or `headquarters` where a normalised label says so."""
        return self.roles.get(text)

    def placeholder(self, text: str) -> bool:
        """Whether a normalised label is the form's own for a unit not named."""
        stem = normalise(self.declared.placeholder)
        return text.startswith(stem) and not text[len(stem) :].strip("0123456789一二三四五六七八九十.…")

    def strange(self, rows: Sequence[InstitutionRow]) -> list[InstitutionRow]:
        """The rows whose labels are neither those of a role nor the form's own for a unit not named."""
        return [row for row in rows if self.role(row.text) is None and not self.placeholder(row.text)]

    def add(self, key: str, label: str) -> str:
        """The key, entered with its label where it is new."""
        self.rows.setdefault(key, Institution(key, label))
        return key


def _labels(label: str, aliases: tuple[str, ...]) -> frozenset[str]:
    return frozenset(normalise(each) for each in (label, *aliases))


class InstitutionRow(NamedTuple):
    """One row of a money table: where its label stands and whether anything is filled in it."""

    part: Segment
    row: int
    spot: Position
    label: str
    text: str
    filled: bool


def institution_rows(part: Segment, gathered: ReadContext) -> list[InstitutionRow]:
    """The rows of a part that are institutions by their label; the first printed line below ends the table."""
    label_column = part.labels.label
    if label_column is None or not part.has(label_column):
        return []
    rows = []
    norms = part.view.norms
    inputs = [column for column in part.labels.inputs if column.key in part.spans]
    for row in part.rows:
        spot = part.spot(label_column, row)
        text = norms.get(spot)
        label = str(part.view.cells[spot]) if text else part.text(label_column, row)
        text = text or normalise(label)
        filled = part.filled(row, inputs)
        if text and _is_name(part, gathered, spot, label, text, filled, row):
            rows.append(InstitutionRow(part, row, spot, label, text, filled))
    return rows


def _is_name(part: Segment, gathered: ReadContext, spot: Position, label: str, text: str, filled: bool, row: int) -> bool:
    if gathered.pack.layout.institutions is None:
        return False
    if text in gathered.index.roles:
        return True
    if len(text) > LONGEST_NAME or text in gathered.index.everything or _SENTENCE.search(label.strip(_ENDS)):
        return False
    view = part.view
    if view.right_edge(spot) > part.spans[part.labels.label.key][1] + 1:  # type: ignore[union-attr]
        return False  # a note over the table's width
    if numbered(label):
        return True
    values = [view.cells.get(part.spot(column, row)) for column in part.labels.inputs if part.has(column)]
    # A line of words below the table (a signature, a remark) is no institution.
    return not filled or any(not isinstance(value, str) or re.search(r"\d", value) for value in values if value is not None)


def read_institutions(gathered: ReadContext, table: Table, rows: Sequence[InstitutionRow], roll: Roll) -> None:
    """Read the rows of one money table, entering institutions that are new."""
    by_role: dict[str, InstitutionRow] = {}
    for each in rows:
        role = roll.role(each.text)
        if role and (role not in by_role or (each.filled and not by_role[role].filled)):
            by_role[role] = each
    if SUMMARY not in by_role and (misspelt := _misspelt_summary(rows, roll)):
        by_role[SUMMARY] = misspelt
        gathered.resembles(table.name, misspelt.part.view, misspelt.spot, roll.declared.summary)
    if HEADQUARTERS not in by_role and (own := _own_row(rows, by_role, roll)):
        by_role[HEADQUARTERS] = own
    elif HEADQUARTERS not in by_role and (misspelt := _misspelt_headquarters(rows, by_role, roll)):
        by_role[HEADQUARTERS] = misspelt
        gathered.resembles(table.name, misspelt.part.view, misspelt.spot, roll.declared.headquarters)
    chosen = {id(each): role for role, each in by_role.items()}
    taken: set[str] = set()
    order = 0
    for each in rows:
        each.part.view.used.add(each.spot)
        role = chosen.get(id(each))
        if role is None and roll.role(each.text):
            if each.filled:
                each.part.view.used.discard(each.spot)  # a second row of that name: carried over, not read
            continue
        if role is not None:
            key = roll.add(role, each.label.strip())
        else:
            if roll.placeholder(each.text) and not each.filled:
                continue
            key = _unit_key(gathered, table, each, roll, taken, order, rows)
            order += 1
        taken.add(key)
        read_row(gathered, each.part, each.row, each.part.labels.concepts, key)


def _misspelt_summary(rows: Sequence[InstitutionRow], roll: Roll) -> InstitutionRow | None:
    """The row whose label is nearly that of the summary, or says in other words that it is one, where no row has it."""
    labels = dict.fromkeys(_labels(roll.declared.summary, roll.declared.summary_aliases), SUMMARY)
    others = [each for each in roll.keys if each not in labels]
    strange = roll.strange(rows)
    near = (each for each in strange if nearest(each.text, labels, others) is not None)
    # A total is at the top or at the end of its table.
    ends = (each for each in strange if each in (rows[0], rows[-1]) and each.text not in roll.keys)
    return next(chain(near, (each for each in ends if _SUMMARY.search(without_numbering(each.label)))), None)


def _misspelt_headquarters(rows: Sequence[InstitutionRow], by_role: dict[str, InstitutionRow], roll: Roll) -> InstitutionRow | None:
    """The first row below the summary, where its label is one letter off that of the headquarters."""
    first = next((each for each in rows if each is not by_role.get(SUMMARY)), None)
    labels = _labels(roll.declared.headquarters, roll.declared.headquarters_aliases)
    if first is None or roll.placeholder(first.text) or first.text in roll.keys:
        return None
    own = _HEADQUARTERS.search(without_numbering(first.label).strip(_ENDS)) or any(one_slip(first.text, each) for each in labels)
    return first if own else None


def _own_row(rows: Sequence[InstitutionRow], by_role: dict[str, InstitutionRow], roll: Roll) -> InstitutionRow | None:
    """The row of a department that wrote its own name where the form says headquarters."""
    others = roll.strange(rows)
    department = comparable_name(roll.department)
    if department:
        for each in others:
            name = comparable_name(without_numbering(each.label))
            if name == department or (len(name) >= 3 and (name in department or department in name)):
                return each
        return None
    earlier = roll.rows.get(HEADQUARTERS)
    if earlier is not None:
        return next((each for each in others if normalise(earlier.label) == each.text), None)
    first = others[0] if others else None
    summary = by_role.get(SUMMARY)
    follows = first is not None and (summary is None or rows.index(first) == rows.index(summary) + 1)
    return first if first is not None and follows and re.match(r"\s*[（(]?[1１一][、.．)）]", first.label) else None


def _misspelt_unit(each: InstitutionRow, roll: Roll, order: int, rows: Sequence[InstitutionRow]) -> str | None:
    """The unit of the tables before whose misspelt name this row's is: it is missing here, and where it is one of several
    the row stands in its place."""
    present = {row.text for row in rows}
    absent = [text for text in roll.keys if text not in present]
    if not absent:
        return None
    strange = {
        row.text for row in rows
        if row.text not in roll.keys and roll.role(row.text) is None and (row.filled or not roll.placeholder(row.text))
    }  # fmt: skip
    left_over = len(absent) == len(strange) == 1
    near = nearest(each.text, absent, set(roll.keys) - set(absent))
    if near is None and left_over and one_slip(each.text, absent[0]) and same_figures(each.text, absent[0]):
        near = absent[0]  # a name too short to be guessed among others
    return near if near is not None and (left_over or list(roll.keys).index(near) == order) else None


def _unit_key(
    gathered: ReadContext, table: Table, each: InstitutionRow, roll: Roll, taken: set[str], order: int, rows: Sequence[InstitutionRow]
) -> str:
    """The key of a subordinate unit: the one it has in another table, else its name as it stands."""
    key = roll.keys.get(each.text)
    if key is None:
        earlier = _misspelt_unit(each, roll, order, rows)
        if earlier is not None:
            key = roll.keys[earlier]
            gathered.resembles(table.name, each.part.view, each.spot, roll.rows[key].label)
    if key is None:
        key = without_numbering(each.label)
        if key in (SUMMARY, HEADQUARTERS):
            key = f"“{key}”"
        roll.keys[each.text] = key
    number = 2
    while key in taken:
        key = f"{without_numbering(each.label)}（{number}）"
        number += 1
    return roll.add(key, each.label.strip())
