"""The rows of the rubric's workbook, made from a rubric: a mapping of keys to plain values for each row of each sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jixiao.pack.indicator import Indicator
from jixiao.pack.pack import Pack
from jixiao.pack.rubric import Rubric
from jixiao.pack.rubric_sheets import GENERAL_ROWS, PER_KEYS

Row = dict[str, Any]
"""Values by key: text, Decimal, bool, a tuple of ids, or a mapping of concepts to codes."""


def rubric_rows_of(rubric: Rubric) -> dict[str, list[Row]]:
    """The rows of every sheet by the sheet's id, in the order of the rubric; `general` has one row of all its keys."""
    return {
        "general": [general_row(rubric)],
        "dimensions": [each.model_dump() for each in rubric.dimensions],
        "criteria": [each.model_dump() for each in rubric.criteria],
        "open_groups": [each.model_dump() for each in rubric.open_groups],
        "indicators": [_indicator(rubric, each) for each in rubric.indicators],
        "measures": list(_parts(rubric, lambda each: each.model_dump()["measures"])),
        "bands": list(_parts(rubric, lambda each: _of_method(each, "bands", "bands"))),
        "items": list(_parts(rubric, lambda each: _of_method(each, "checklist", "items"))),
        "conditions": list(_parts(rubric, lambda each: _of_method(each, "conditions", "conditions"))),
        "grades": [each.model_dump() for each in rubric.grades],
    }


def general_row(rubric: Rubric) -> Row:
    """The values of the rubric as a whole and of its settings."""
    declared = rubric.model_dump(mode="python")
    found: Row = {}
    for each in GENERAL_ROWS:
        part, _, key = each.key.rpartition(".")
        found[each.key] = (declared[part] if part else declared)[key]
    return found


def _indicator(rubric: Rubric, indicator: Indicator) -> Row:
    row = indicator.model_dump()
    method: Mapping[str, Any] = row["method"]
    row |= {
        "method.kind": method["kind"],
        "method.limit": method.get("limit"),
        "method.per": method.get(PER_KEYS.get(method["kind"], "")),
        "method.count": method["count"] if method["kind"] == "per_instance" else (),
        "reading": rubric.settings.readings.get(indicator.id, ""),
    }
    return row


def _of_method(indicator: Indicator, kind: str, key: str) -> list[Row]:
    method = indicator.method.model_dump()
    return list(method[key]) if method["kind"] == kind else []


def _parts(rubric: Rubric, of: Any) -> Iterator[Row]:
    for indicator in rubric.indicators:
        for part in of(indicator):
            yield {"indicator": indicator.id, **part}


def concept_names(pack: Pack) -> dict[str, str]:
    """The names of the cells that a rubric can compute with, by concept id."""
    return {
        concept.id: pack.describe(concept.id)
        for concept in pack.concepts.values()
        if (concept.numeric or concept.choices) and "{n}" not in concept.id
    }
