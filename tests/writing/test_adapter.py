"""The adapter runs with the installed xlsxwriter, and every private member that it uses exists there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.worksheet import Worksheet

import jixiao.writing.xlsx.adapter as adapter
from jixiao.writing.xlsx.content import SheetContent, Style, WorkbookContent

SOURCE = Path(adapter.__file__)
XLSX = SOURCE.parent
LIBRARY = {"Worksheet": Worksheet, "Workbook": Workbook, "Packager": Packager}
TREE = ast.parse(SOURCE.read_text(encoding="utf-8"))


def private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def overridden() -> list[tuple[str, str]]:
    """The private methods that classes of the adapter override, by the library's class."""
    classes = {node.name: node for node in ast.walk(TREE) if isinstance(node, ast.ClassDef)}

    def base(node: ast.ClassDef) -> str:
        name = ast.unparse(node.bases[0]).rpartition(".")[2] if node.bases else ""
        return base(classes[name]) if name in classes else name

    return [
        (base(node), method.name)
        for node in classes.values()
        for method in node.body
        if isinstance(method, ast.FunctionDef) and private(method.name) and base(node) in LIBRARY
    ]


def called() -> set[str]:
    """The private methods that the adapter calls on others than itself and its class."""
    calls = (node.func for node in ast.walk(TREE) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute))
    return {call.attr for call in calls if private(call.attr)}


@pytest.mark.parametrize(("library", "method"), overridden())
def test_a_private_method_that_is_overridden_exists(library, method):
    assert callable(getattr(LIBRARY[library], method))


@pytest.mark.parametrize("method", sorted(called()))
def test_a_private_method_that_is_called_exists(method):
    assert any(hasattr(kind, method) for kind in (*LIBRARY.values(), Format))


def test_the_adapter_uses_the_members_that_these_tests_look_for():
    assert len(overridden()) >= 10
    assert {"_assemble_xml_file", "_get_xf_index", "_write_styles_file"} <= called()


@pytest.mark.parametrize("hollow", [True, False])
def test_a_workbook_is_drawn_and_a_hollow_one_has_marks_for_what_fills_it(hollow):
    sheet = SheetContent("表", filter=(0, 0, 1, 0))
    sheet.put(0, 0, "甲", Style("text"), last_column=2)
    parts = adapter.drawn_parts(WorkbookContent([sheet], title="题"), hollow=hollow)
    assert "xl/styles.xml" in parts
    marks = {name for text in parts.values() for name in text.split(adapter.MARK)[1::2]}
    expected = {"dimension", "rows", "merges", "links", "title", "subject", "company", "author", "_xlnm._FilterDatabase.0"}
    assert marks == (expected if hollow else set())
    assert adapter.MARK not in adapter.StyleNumbers().xml()


def test_what_spills_over_cells_is_recognised():
    assert adapter.spills("SORT(") and not adapter.spills("SUM(")


def test_no_other_module_uses_private_members_of_the_library():
    for module in XLSX.rglob("*.py"):
        if module != SOURCE:
            names = {node.attr for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))) if isinstance(node, ast.Attribute)}
            assert not names & called(), module.name
