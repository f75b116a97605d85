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


def assemble(pack: Pack, sheets: RubricSheets) -> tuple[Rubric | None, tuple[Finding, ...]]:
    """Return the rubric of a workbook, None where it is wrong, with every finding.

    What the workbook has no column for is taken from the pack's rubric, part by part.
    """
    if len(sheets.rows) <= len(SHEETS):
        return None, tuple(sheets.findings)
    assembly = _Assembly(pack, sheets.rows, pack.rubric.model_dump(), findings=list(sheets.findings))
    content, rubric = assembly.content(), None
    if not assembly.findings:
        try:
            rubric = Rubric.model_validate(content)
        except ValidationError as error:
            for mistake, (_, problem) in zip(error.errors(), mistakes(Rubric, content, error), strict=True):
                assembly.add(_key_of(content, mistake["loc"]), problem)
    for key, problem in _problems(pack, rubric) if rubric else ():
        assembly.add(key, problem)
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


@dataclass
class _Assembly:
    """A rubric in the making: rows of the workbook, content of the original, the cell of every key, and findings."""

    pack: Pack
    rows: dict[str, list[ReadRow]]
    base: Content
    places: dict[str, Place] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def add(self, key: str, problem: str) -> None:
        """Add a finding at the cell of a key, or of the nearest part that holds it."""
        parts = key.split(".")
        while parts and ".".join(parts) not in self.places:
            parts.pop()
        self.findings.append(self.pack.rules.finding("RUB-04", place=self.places.get(".".join(parts)), problem=problem))

    def refuse(self, code: str, row: ReadRow, key: str, expected: str, actual: str) -> None:
        """Add a finding at the cell of a row that holds a key."""
        place = row.places[key]
        where = f"{place.sheet}·{_head(place.sheet, key)}"
        self.findings.append(self.pack.rules.finding(code, place=place, expected=expected, actual=actual, where=where))

    def content(self) -> Content:
        """Return the content of the rubric, as its file would declare it."""
        content, settings = dict(self.base), dict(self.base["settings"])
        (general,), indicators = self.rows["general"], self.rows["indicators"]
        for key, value in general.values.items():
            part, _, name = key.rpartition(".")
            (settings if part else content)[name] = value
        # A blank cell of what may be left out says that there is none, not that it stays.
        for column in GENERAL_ROWS:
            if not column.required and column.key in general.places and column.key not in general.values:
                settings[column.key.rpartition(".")[2]] = None
        self.places |= general.places
        for name in PARTS:
            content[name] = [self._entry(name, row) for row in self.rows[name]]
        content["indicators"] = [self._indicator(row) for row in indicators]
        content["grades"] = [row.values for row in self.rows["grades"]]
        for row in self.rows["grades"]:
            self._place("grades", f"grades.{row.values.get('label', '')}", row.places["at_least"])
        settings["readings"] = {
            row.values["id"]: row.values["reading"] for row in indicators if row.values.get("reading") and "id" in row.values
        }
        for row in indicators:
            self.places[f"settings.readings.{row.values.get('id', '')}"] = row.places["reading"]
        content["settings"] = settings
        self._refuse_strays()
        return content

    def _place(self, group: str, key: str, place: Place, row: ReadRow | None = None) -> None:
        """Note the cell of a key, which also stands for its group if it is the first, and those of its parts."""
        self.places.setdefault(group, place)
        self.places[key] = place
        if row is not None:
            self.places |= {f"{key}.{part}": cell for part, cell in row.places.items()}

    def _before(self, name: str, row: ReadRow) -> Content:
        """Return what the original rubric says of the part in a row, by its id."""
        return next((part for part in self.base[name] if part["id"] == row.values.get("id", "")), {})

    def _entry(self, name: str, row: ReadRow) -> Content:
        """Return a part by its id: what the workbook has columns for from there, the rest as it was."""
        self._place(name, f"{name}.{row.values.get('id', '')}", row.places["id"], row)
        before = self._before(name, row)
        return {**{part: value for part, value in before.items() if part not in row.places}, **row.values}

    def _indicator(self, row: ReadRow) -> Content:
        entry = self._entry("indicators", row)
        entry_id, kind = entry.get("id", ""), entry.get("method.kind")
        before = self._before("indicators", row)
        old = before.get("method", {})
        self.places[f"indicators.{entry_id}.method"] = row.places["method.kind"]
        entry["measures"] = self._measures(entry_id, before)
        if kind == KEPT_METHOD or kind is None:
            if not old:
                self.refuse("RUB-03", row, "method.kind", "、".join(METHODS.values()), KEPT_METHOD)
            entry["method"] = old
        else:
            entry["method"] = self._method(row, entry_id, kind, old if old.get("kind") == kind else {})
        return {name: value for name, value in entry.items() if not name.startswith("method.") and name != "reading"}

    def _method(self, row: ReadRow, entry_id: str, kind: str, old: Content) -> Content:
        method: Content = {**old, "kind": kind}
        key = f"indicators.{entry_id}.method"
        needed = {"points_over": ("limit", "per"), "points_under": ("limit", "per"), "per_instance": ("per", "count")}
        for part in needed.get(kind, ()):
            if f"method.{part}" not in row.values:
                self.refuse("RUB-02", row, f"method.{part}", f"评分方法为“{METHODS[kind]}”时必填", "未填列")
                continue
            name = PER_KEYS[kind] if part == "per" else part
            method[name] = row.values[f"method.{part}"]
            self.places[f"{key}.{name}"] = row.places[f"method.{part}"]
        for sheet, owner in PARTS_OF_METHOD.items():
            if owner == kind:
                method[sheet] = self._parts(sheet, entry_id, f"{key}.{sheet}")
        if kind == "conditions":
            for condition in method["conditions"]:
                condition["left"] = (condition.get("left") or ("",))[0]
        if kind == "checklist" and not old:
            method["concept"] = self._pattern(entry_id)
        return method

    def _pattern(self, entry_id: str) -> str:
        """Return the concept of a new checklist's answers, as another indicator's is named."""
        for indicator in self.base["indicators"]:
            if indicator["method"]["kind"] == "checklist" and indicator["id"] in indicator["method"]["concept"]:
                return str(indicator["method"]["concept"]).replace(indicator["id"], entry_id)
        return f"{entry_id}.{{n}}"

    def _measures(self, entry_id: str, before: Content) -> list[Content]:
        old = {measure["reading"]: measure for measure in before.get("measures", ())}
        columns = {column.key for sheet in SHEETS if sheet.id == "measures" for column in sheet.columns}
        measures = self._parts("measures", entry_id, f"indicators.{entry_id}.measures")
        return [
            {**{key: value for key, value in old.get(each.get("reading", ""), {}).items() if key not in columns}, **each}
            for each in measures
        ]

    def _parts(self, sheet: str, entry_id: str, key: str) -> list[Content]:
        """Return the rows of a sheet of parts that belong to an indicator, without its id."""
        parts = []
        for n, row in enumerate(row for row in self.rows[sheet] if row.values.get("indicator") == entry_id):
            self._place(key, f"{key}.{n}", row.places["indicator"], row)
            parts.append({part: value for part, value in row.values.items() if part != "indicator"})
        return parts

    def _refuse_strays(self) -> None:
        """Add findings for rows whose indicator does not exist, or is scored by another method."""
        kinds = {row.values.get("id"): row.values.get("method.kind") for row in self.rows["indicators"]}
        for sheet in ("measures", *PARTS_OF_METHOD):
            for row in self.rows[sheet]:
                indicator = row.values.get("indicator")
                if indicator is None:
                    continue
                if indicator not in kinds:
                    self.refuse("RUB-03", row, "indicator", "“指标”表中的编号", indicator)
                elif sheet in PARTS_OF_METHOD and kinds[indicator] not in (PARTS_OF_METHOD[sheet], None):
                    self.refuse("RUB-03", row, "indicator", f"评分方法为“{METHODS[PARTS_OF_METHOD[sheet]]}”的指标", indicator)
