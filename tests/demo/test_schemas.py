"""The schemas of the documentation are those of the declarations, and describe the files of every pack."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from jixiao.pack.load import PACKS_FOLDER
from jixiao.services.pack_files import SCHEMA_KINDS, schema_texts

DOCS = Path(__file__).resolve().parents[2] / "docs" / "schema"
FILES = sorted(path for name in SCHEMA_KINDS for path in PACKS_FOLDER.rglob(name))


def test_the_schemas_in_the_documentation_are_current():
    assert {path.name: path.read_text(encoding="utf-8") for path in DOCS.iterdir()} == schema_texts(), "run: make docs"


def keys_unknown(schema: dict, part: dict, content: object, where: str) -> list[str]:
    """Where a content has keys that no branch of its schema has; enough to show that an editor would not complain."""
    if "$ref" in part:
        part = schema["$defs"][part["$ref"].split("/")[-1]]
    branches = part.get("oneOf", part.get("anyOf"))
    if branches:
        return min((keys_unknown(schema, each, content, where) for each in branches), key=len)
    if isinstance(content, dict) and part.get("type") == "object":
        known, other = part.get("properties", {}), part.get("additionalProperties", True)
        found = []
        for key, value in content.items():
            if key in known:
                found += keys_unknown(schema, known[key], value, f"{where}.{key}")
            elif other is False:
                found.append(f"{where}.{key}")
            elif isinstance(other, dict):
                found += keys_unknown(schema, other, value, f"{where}.{key}")
        return found
    if isinstance(content, list) and part.get("type") == "array":
        items = part.get("items")
        return [told for n, each in enumerate(content) if items for told in keys_unknown(schema, items, each, f"{where}.{n}")]
    return [where] if isinstance(content, dict | list) else []


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_file_of_every_pack_has_only_keys_that_its_schema_has(path):
    schema = json.loads((DOCS / f"{path.stem}.json").read_text(encoding="utf-8"))
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    assert keys_unknown(schema, schema, content, path.stem) == []


def test_a_key_that_there_is_not_would_be_told():
    schema = json.loads((DOCS / "layout.json").read_text(encoding="utf-8"))
    wrong = {"sheets": [{"id": "a", "name": "a", "widths": [1], "blocks": [{"kind": "notes", "id": "b", "line": []}]}]}
    assert keys_unknown(schema, schema, wrong, "layout") == ["layout.sheets.0.blocks.0.line"]


@pytest.mark.parametrize("name", ["pack", "layout", "equations", "rubric", "checks"])
def test_the_guide_names_every_key_of_a_packs_files(name):
    guide = (DOCS.parent / "packs.md").read_text(encoding="utf-8")
    schema = json.loads(schema_texts()[f"{name}.json"])
    keys = {key for part in (schema, *schema.get("$defs", {}).values()) for key in part.get("properties", {})}
    assert sorted(key for key in keys if not re.search(rf"\b{key}\b", guide)) == []
