"""The import order of the design, read from the imports themselves: left never imports right."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "jixiao"

MAY_IMPORT = {
    "model": set(),
    "pack": {"model"},
    "reading": {"model", "pack"},
    "checking": {"model", "pack"},
    "scoring": {"model", "pack"},
    "writing": {"model", "pack", "reading", "checking", "scoring"},
    "batch": {"model", "pack", "reading", "checking", "scoring", "writing"},
    "demo": {"model", "pack", "reading", "checking", "scoring", "writing"},
    "cli": {"model", "pack", "reading", "checking", "scoring", "writing", "batch", "demo"},
}
"""The parts of the program that each part may import, besides itself."""

ONLY_IN = {
    "python_calamine": {"reading"},
    "openpyxl": {"reading"},
    "msoffcrypto": {"reading"},
    "olefile": {"reading"},
    "xlsxwriter": {"writing"},
    "pandera": {"checking"},
    "distributed": {"batch"},
    "click": {"cli"},
    "rich": {"cli"},
    "socket": set(),
    "urllib": set(),
    "http": set(),
    "requests": set(),
}
"""Libraries that belong to one part alone; those of the network belong to none."""


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def part_of(module: Path) -> str:
    return module.relative_to(SOURCE).parts[0]


def imported(module: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            names.add(node.module or "")
    return names


def inner(module: Path) -> list[Path]:
    return [module for module in modules() if module.parent != SOURCE]


@pytest.mark.parametrize("module", inner(SOURCE), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_part_imports_only_what_stands_left_of_it(module):
    part = part_of(module)
    others = {name.split(".")[1] for name in imported(module) if name.startswith("jixiao.")}
    assert others - {part} <= MAY_IMPORT[part]


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_used_only_in_its_part(library):
    users = {part_of(module) for module in modules() if any(name.split(".")[0] == library for name in imported(module))}
    assert users <= ONLY_IN[library]


@pytest.mark.parametrize("module", modules(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_printing_lives_in_the_command_line(module):
    calls = [
        node
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not calls or part_of(module) == "cli"
