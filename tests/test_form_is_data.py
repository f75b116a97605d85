"""The form is data: no module of the engine mentions a pack, a concept of one, or what is printed on a form."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from jixiao.pack import installed_packs, load_pack
from jixiao.pack.declarations.layout import Fields, Heading, Prose, Table

SOURCE = Path(__file__).resolve().parents[1] / "src" / "jixiao"

SHORTEST = 5
"""Printed texts of fewer characters are words of the language."""

TRADE_WORDS = frozenset({"部门整体支出", "部门整体支出绩效自评", "政府性基金"})
"""What every such form is about, and the budget's own name of a fund, which texts of every kind say."""


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def literals(module: Path) -> list[str]:
    """The texts of a module's code, docstrings apart: those explain, they do not decide."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    prose |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
    ]


@cache
def printed_labels() -> frozenset[str]:
    """Every label of every installed pack of five characters or more, without its blanks."""
    found: set[str] = set()
    for name in installed_packs():
        pack = load_pack(name)
        for _, block in pack.blocks:
            match block:
                case Heading():
                    found |= {*block.text.split("{}"), *block.aliases}
                case Fields():
                    found |= {text for each in block.fields for text in (each.label, *each.aliases)}
                case Prose():
                    found |= {block.caption, *block.aliases}
                case Table():
                    rows = (*pack.table_rows(block), *block.footer)
                    found |= {block.caption, block.side_label, *block.aliases}
                    found |= {text for column in block.columns for text in (*column.header, *column.aliases)}
                    found |= {text for row in rows for text in (row.label, *row.aliases)}
                    found |= {text for level in block.levels for text in (level.label, *level.children)}
    packed = {re.sub(r"\s", "", text) for text in found}
    return frozenset(text for text in packed if len(text) >= SHORTEST and text not in TRADE_WORDS)


@cache
def concept_ids() -> frozenset[str]:
    """Every concept id that is made of parts; single words are words of the language."""
    return frozenset(each for name in installed_packs() for each in load_pack(name).concepts if "." in each)


@pytest.mark.parametrize("module", modules(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_module_mentions_a_pack_or_what_one_declares(module):
    texts = literals(module)
    packs = {name for name in installed_packs() for text in texts if name in text}
    concepts = {each for each in texts if each in concept_ids()}
    labels = {label for text in texts for label in printed_labels() if label in re.sub(r"\s", "", text)}
    assert (packs, concepts, labels) == (set(), set(), set())
