"""Blank templates on disk: one, or one for each department of a roster with its name, code and year filled in."""

from __future__ import annotations

from pathlib import Path

from jixiao.batch.external.roster import read_roster
from jixiao.errors import UsageError
from jixiao.model.fact import Fact, Facts, FactState
from jixiao.model.submission import RosterEntry
from jixiao.pack import Pack, load_pack
from jixiao.runtime.atomic_files import publish
from jixiao.values.names import safe_file_stem
from jixiao.writing.form.template import fill, reference_workbook, template_workbook
from jixiao.writing.xlsx.content import WorkbookContent
from jixiao.writing.xlsx.write import write_workbook


def write_template(path: Path, pack_name: str) -> None:
    """Write the blank template of a pack."""
    _write(template_workbook(load_pack(pack_name)), path)


def write_templates(folder: Path, roster: Path, pack_name: str) -> list[Path]:
    """Write a template for each department of the roster into a folder; returns the paths in the roster's order."""
    pack = load_pack(pack_name)
    entries = read_roster(roster)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"无法写入文件夹“{folder}”，请检查权限。") from error
    paths = []
    for entry in entries:
        stem = safe_file_stem("_".join(part for part in (entry.budget_code, entry.department) if part))
        path = folder / f"{stem}.xlsx"
        _write(fill(pack, known_facts(entry, pack), ()), path)
        paths.append(path)
    return paths


def write_reference_template(path: Path, roster: Path | None, pack_name: str) -> None:
    """Write the blank workbook for what the bureau itself knows, with a row for each department of the roster."""
    _write(reference_workbook(load_pack(pack_name), read_roster(roster) if roster else ()), path)


def known_facts(entry: RosterEntry, pack: Pack) -> Facts:
    """Return the facts of a filing that the roster has before it is filled in."""
    texts = {
        pack.names.department: entry.department,
        pack.names.budget_code: entry.budget_code,
        pack.names.year: str(pack.year),
    }
    return Facts.of(Fact(concept, None, FactState.OK, text=text) for concept, text in texts.items() if concept and text)


def _write(content: WorkbookContent, path: Path) -> None:
    temporary = path.with_name(path.name + ".part")
    try:
        write_workbook(content, temporary)
    except OSError as error:
        raise UsageError(f"无法写入“{path}”，请检查路径和权限。") from error
    publish(temporary, path)
