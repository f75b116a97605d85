"""The layout of the code as a test: which part imports which, where libraries are used, how wide folders are."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "jixiao"

LAYERS = (
    {"errors"},
    {"model"},
    {"values"},
    {"pack"},
    {"reading", "checking", "scoring", "privacy"},
    {"writing"},
    {"pipeline", "rubric_workbook", "demo"},
    {"batch"},
    {"services"},
    {"cli"},
)
"""The parts from the ground up: a part imports only parts of lower layers, never one of its own layer."""

ALSO = {"demo": {"rubric_workbook", "pipeline"}}
"""Parts of its own layer that a part may import all the same."""

NOT = {"writing": {"reading", "checking", "scoring"}}
"""Parts of lower layers that a part must do without: what both need lies below both."""

RUNTIME_USERS = {"batch", "services", "cli", "jixiao.reading.formats.open"}
"""Who may use `runtime`, which itself imports only `errors`."""

WITHOUT_A_PACK = ("jixiao.reading.formats", "jixiao.writing.xlsx", "jixiao.values", "jixiao.model", "jixiao.runtime")
"""What depends on no form."""

ONLY_IN = {
    "python_calamine": "jixiao.reading.formats",
    "openpyxl": "jixiao.reading.formats",
    "olefile": "jixiao.reading.formats",
    "msoffcrypto": "jixiao.reading.formats",
    "xlsxwriter": "jixiao.writing.xlsx",
    "pyarrow": ("jixiao.writing.parquet", "jixiao.batch"),
    "pandera": "jixiao.checking",
    "distributed": "jixiao.runtime",
    "pebble": "jixiao.runtime",
    "click": "jixiao.cli",
    "rich": "jixiao.cli",
    "socket": (),
    "urllib": (),
    "http": (),
    "requests": (),
    "pickle": "jixiao.runtime.subprocess_task",
}
"""Where each library may be used; those of the network nowhere, and nothing unpickles what lies on a disk."""

WIDEST_FOLDER, LONGEST_MODULE = 16, 400


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def name_of(module: Path) -> str:
    parts = module.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def part_of(name: str) -> str:
    return name.split(".")[1] if "." in name else ""


NAMES = {name_of(module): module for module in modules()}


@cache
def imports(name: str, *, at_start: bool = False) -> frozenset[str]:
    """The modules that a module imports: all of them, or only what is imported as it is loaded."""
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if at_start and (isinstance(child, ast.FunctionDef) or _only_for_types(child)):
                continue
            if isinstance(child, ast.Import):
                found.update(alias.name for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{name}: relative import"
                full = {f"{child.module}.{alias.name}" for alias in child.names}
                submodules = full & NAMES.keys()
                found.update(submodules)
                if full - submodules:
                    found.add(child.module or "")
            visit(child)

    visit(ast.parse(NAMES[name].read_text(encoding="utf-8")))
    return frozenset(found)


def _only_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def ours(name: str) -> set[str]:
    return {each for each in imports(name) if each.startswith("jixiao.")}


def within(name: str, places: str | tuple[str, ...]) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in ([places] if isinstance(places, str) else places))


INNER = [name for name in NAMES if part_of(name) not in ("", "__main__", "runtime")]


@pytest.mark.parametrize("name", INNER)
def test_a_part_imports_only_parts_below_it(name):
    part = part_of(name)
    layer = next(n for n, parts in enumerate(LAYERS) if part in parts)
    allowed = {part, *ALSO.get(part, ())}.union(*LAYERS[:layer]) - NOT.get(part, set())
    assert {part_of(each) for each in ours(name)} - {"runtime"} <= allowed


@pytest.mark.parametrize("name", [name for name in NAMES if part_of(name) == "runtime"])
def test_runtime_knows_nothing_of_the_project_but_its_errors(name):
    assert {part_of(each) for each in ours(name)} <= {"runtime", "errors"}


def test_only_what_runs_batches_uses_runtime():
    users = {name for name in INNER if any(part_of(each) == "runtime" for each in ours(name))}
    assert {name for name in users if name not in RUNTIME_USERS and part_of(name) not in RUNTIME_USERS} == set()


@pytest.mark.parametrize("name", [name for name in NAMES if within(name, WITHOUT_A_PACK)])
def test_what_depends_on_no_form_imports_no_pack(name):
    assert not [each for each in ours(name) if within(each, ("jixiao.pack", "jixiao.packs"))]


@pytest.mark.parametrize("name", [name for name in NAMES if within(name, "jixiao.model")])
def test_the_model_uses_the_standard_library_alone(name):
    assert {part_of(each) for each in ours(name)} <= {"model"}
    assert {each.split(".")[0] for each in imports(name)} - sys.stdlib_module_names <= {"jixiao"}


def test_no_files_import_each_other_in_a_circle():
    graph = {name: {each for each in imports(name, at_start=True) if each in NAMES} for name in NAMES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_used_only_in_its_place(library):
    users = {name for name in NAMES if any(each.split(".")[0] == library for each in imports(name))}
    assert {name for name in users if not within(name, ONLY_IN[library])} == set()


@pytest.mark.parametrize("name", NAMES)
def test_printing_lives_in_the_command_line(name):
    calls = [
        node
        for node in ast.walk(ast.parse(NAMES[name].read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not calls or part_of(name) == "cli"


def test_a_folder_fits_on_a_page():
    width = Counter(module.parent for module in modules() if module.name != "__init__.py")
    assert {str(folder.relative_to(SOURCE)): n for folder, n in width.items() if n > WIDEST_FOLDER} == {}


def test_a_module_has_one_responsibility():
    lines = {name: len(module.read_text(encoding="utf-8").splitlines()) for name, module in NAMES.items()}
    assert {name: n for name, n in lines.items() if n > LONGEST_MODULE} == {}


def test_a_class_name_means_one_thing():
    holders: dict[str, set[str]] = {}
    for name, module in NAMES.items():
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                holders.setdefault(node.name, set()).add(name)
    assert {each: sorted(names) for each, names in holders.items() if len(names) > 1} == {}
