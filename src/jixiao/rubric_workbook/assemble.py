"""Assemble a rubric from the rows of its workbook and the original rubric; wrong parts become findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from jixiao.model.finding import Finding
from jixiao.model.place import Place
from jixiao.pack import Pack
from jixiao.pack.declarations.rubric import Rubric
from jixiao.pack.lint.messages import mistakes
from jixiao.pack.lint.rubric import lint_rubric
from jixiao.pack.resolve import ResolveError, resolve_concepts, resolve_rows
from jixiao.rubric_workbook.columns import GENERAL_ROWS, KEPT_METHOD, METHODS, PARTS_OF_METHOD, PER_KEYS, SHEETS
from jixiao.rubric_workbook.read import ReadRow, RubricSheets

Content = dict[str, Any]
PARTS = ("dimensions", "criteria", "open_groups")


@dataclass
class _Assembly:
    """An assembly in progress: the content, the cell of every key of it, and findings."""

    pack: Pack
    rows: dict[str, list[ReadRow]]
    base: Content
    places: dict[str, Place] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def refuse(self, code: str, row: ReadRow, key: str, expected: str, actual: str) -> None:
        place = row.places[key]
        where = f"{place.sheet}·{_head(place.sheet, key)}"
        self.findings.append(
            self.pack.rules.finding(code, place=place, expected=expected, actual=actual, where=where)
        )


def assemble(pack: Pack, sheets: RubricSheets) -> tuple[Rubric | None, tuple[Finding, ...]]:
    """Return the rubric of a workbook, None where it is wrong, with every finding.

    What the workbook has no column for is kept from the pack's rubric, part by part.
    """
    if len(sheets.rows) <= len(SHEETS):
        return None, tuple(sheets.findings)
    assembly = _Assembly(pack, sheets.rows, pack.rubric.model_dump(), findings=list(sheets.findings))
    content = _content(assembly)
    if assembly.findings:
        return None, tuple(assembly.findings)
    try:
        rubric = Rubric.model_validate(content)
    except ValidationError as error:
        for mistake, (_, problem) in zip(error.errors(), mistakes(Rubric, content, error), strict=True):
            assembly.findings.append(_finding(assembly, _key_of(content, mistake["loc"]), problem))
        return None, tuple(assembly.findings)
    assembly.findings += [_finding(assembly, key, problem) for key, problem in _problems(pack, rubric)]
    return (None if assembly.findings else rubric), tuple(assembly.findings)


def _problems(pack: Pack, rubric: Rubric) -> Iterable[tuple[str, str]]:
    problems = lint_rubric(rubric)
    if problems:
        return problems
    try:
        concepts = resolve_concepts(pack.layout, rubric, resolve_rows(pack.layout, rubric))
    except ResolveError as error:
        return [(error.key, error.problem)]
    return lint_rubric(rubric, concepts)


def _finding(assembly: _Assembly, key: str, problem: str) -> Finding:
    """Return a finding at the cell of a key, or of the nearest part that holds it."""
    parts = key.split(".")
    while parts and ".".join(parts) not in assembly.places:
        parts.pop()
    place = assembly.places.get(".".join(parts))
    return assembly.pack.rules.finding("RUB-04", place=place, problem=problem)


def _key_of(content: Content, loc: tuple[int | str, ...]) -> str:
    """Return the key of a place in the content, entries named by their ids."""
    names: list[str] = []
    at: Any = content
    for part in loc:
        if isinstance(part, int):
            at = at[part] if isinstance(at, list | tuple) else None
        else:
            at = at.get(part) if isinstance(at, dict) else None
        names.append(at["id"] if isinstance(at, dict) and len(names) == 1 and "id" in at else str(part))
    return ".".join(name for name in names if name not in METHODS)


def _head(sheet: str, key: str) -> str:
    declared = next((each for each in SHEETS if each.name == sheet), None)
    return next((each.head for each in declared.columns if each.key == key), key) if declared else key


def _content(assembly: _Assembly) -> Content:
    content = dict(assembly.base)
    general = assembly.rows["general"][0]
    settings = dict(content["settings"])
    for key, read in general.values.items():
        part, _, name = key.rpartition(".")
        (settings if part else content)[name] = read
    # A blank cell of what may be left out says that there is none, not that it stays.
    for column in GENERAL_ROWS:
        if not column.required and column.key in general.places and column.key not in general.values:
            settings[column.key.rpartition(".")[2]] = None
    assembly.places |= general.places
    for name in PARTS:
        content[name] = [_entry(assembly, name, row) for row in assembly.rows[name]]
    content["indicators"] = [_indicator(assembly, row) for row in assembly.rows["indicators"]]
    content["grades"] = [row.values for row in assembly.rows["grades"]]
    for row in assembly.rows["grades"]:
        assembly.places.setdefault("grades", row.places["at_least"])
        assembly.places[f"grades.{row.values.get('label', '')}"] = row.places["at_least"]
    settings["readings"] = {
        row.values["id"]: row.values["reading"]
        for row in assembly.rows["indicators"]
        if row.values.get("reading") and "id" in row.values
    }
    for row in assembly.rows["indicators"]:
        assembly.places[f"settings.readings.{row.values.get('id', '')}"] = row.places["reading"]
    content["settings"] = settings
    _refuse_strays(assembly)
    return content


def _entry(assembly: _Assembly, name: str, row: ReadRow) -> Content:
    """Return a part by its id: what the workbook has columns for from there, the rest as it was."""
    entry_id = row.values.get("id", "")
    key = f"{name}.{entry_id}"
    assembly.places.setdefault(name, row.places["id"])
    assembly.places[key] = row.places["id"]
    assembly.places |= {f"{key}.{part}": place for part, place in row.places.items()}
    before: Content = next((each for each in assembly.base[name] if each["id"] == entry_id), {})
    return {**{part: held for part, held in before.items() if part not in row.places}, **row.values}


def _indicator(assembly: _Assembly, row: ReadRow) -> Content:
    entry = _entry(assembly, "indicators", row)
    entry_id = entry.get("id", "")
    key = f"indicators.{entry_id}"
    kind = entry.get("method.kind")
    before: Content = next((each for each in assembly.base["indicators"] if each["id"] == entry_id), {})
    old = before.get("method", {})
    assembly.places[f"{key}.method"] = row.places["method.kind"]
    entry["measures"] = _measures(assembly, entry_id, before)
    if kind == KEPT_METHOD or kind is None:
        if not old:
            assembly.refuse("RUB-03", row, "method.kind", "、".join(METHODS.values()), KEPT_METHOD)
        entry["method"] = old
    else:
        entry["method"] = _method(assembly, row, entry_id, kind, old if old.get("kind") == kind else {})
    return {name: held for name, held in entry.items() if not name.startswith("method.") and name != "reading"}


def _method(assembly: _Assembly, row: ReadRow, entry_id: str, kind: str, old: Content) -> Content:
    method: Content = {**old, "kind": kind}
    key = f"indicators.{entry_id}.method"
    needed = {"points_over": ("limit", "per"), "points_under": ("limit", "per"), "per_instance": ("per", "count")}
    for part in needed.get(kind, ()):
        if f"method.{part}" not in row.values:
            assembly.refuse("RUB-02", row, f"method.{part}", f"评分方法为“{METHODS[kind]}”时必填", "未填列")
            continue
        name = PER_KEYS[kind] if part == "per" else part
        method[name] = row.values[f"method.{part}"]
        assembly.places[f"{key}.{name}"] = row.places[f"method.{part}"]
    for sheet, owner in PARTS_OF_METHOD.items():
        if owner == kind:
            method[sheet] = [
                _part(assembly, condition, f"{key}.{sheet}.{n}") for n, condition in enumerate(_rows_of(assembly, sheet, entry_id))
            ]
    if kind == "conditions":
        for condition in method["conditions"]:
            condition["left"] = (condition.get("left") or ("",))[0]
    if kind == "checklist" and not old:
        method["concept"] = _pattern(assembly, entry_id)
    return method


def _pattern(assembly: _Assembly, entry_id: str) -> str:
    """Return the concept of a new checklist's answers, as another indicator's is named."""
    for indicator in assembly.base["indicators"]:
        if indicator["method"]["kind"] == "checklist" and indicator["id"] in indicator["method"]["concept"]:
            return str(indicator["method"]["concept"]).replace(indicator["id"], entry_id)
    return f"{entry_id}.{{n}}"


def _measures(assembly: _Assembly, entry_id: str, before: Content) -> list[Content]:
    old = {each["reading"]: each for each in before.get("measures", ())}
    measures = []
    for n, row in enumerate(_rows_of(assembly, "measures", entry_id)):
        measure = _part(assembly, row, f"indicators.{entry_id}.measures.{n}")
        before_it = old.get(measure.get("reading", ""), {})
        measures.append({**{key: held for key, held in before_it.items() if key not in row.places}, **measure})
    return measures


def _rows_of(assembly: _Assembly, sheet: str, entry_id: str) -> list[ReadRow]:
    return [row for row in assembly.rows[sheet] if row.values.get("indicator") == entry_id]


def _part(assembly: _Assembly, row: ReadRow, key: str) -> Content:
    """Return a row of a sheet of parts, without the indicator that it belongs to."""
    assembly.places.setdefault(key.rpartition(".")[0], row.places["indicator"])
    assembly.places[key] = row.places["indicator"]
    assembly.places |= {f"{key}.{part}": place for part, place in row.places.items()}
    return {part: held for part, held in row.values.items() if part != "indicator"}


def _refuse_strays(assembly: _Assembly) -> None:
    """Add findings for rows whose indicator does not exist, or is scored by another method."""
    kinds = {row.values.get("id"): row.values.get("method.kind") for row in assembly.rows["indicators"]}
    for sheet in ("measures", *PARTS_OF_METHOD):
        for row in assembly.rows[sheet]:
            indicator = row.values.get("indicator")
            if indicator is None:
                continue
            if indicator not in kinds:
                assembly.refuse("RUB-03", row, "indicator", "“指标”表中的编号", indicator)
            elif sheet in PARTS_OF_METHOD and kinds[indicator] not in (PARTS_OF_METHOD[sheet], None):
                assembly.refuse("RUB-03", row, "indicator", f"评分方法为“{METHODS[PARTS_OF_METHOD[sheet]]}”的指标", indicator)
