"""JSON Schemas of a pack's files, made from their declarations, for editors that complete and check TOML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jixiao.demo.declaration import DEMO_FILE, Demo
from jixiao.model.errors import UsageError
from jixiao.pack.declaration import Declaration
from jixiao.pack.load import COMMON_RULES, DECLARATIONS, RulesDeclaration

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

SCHEMA_KINDS: Mapping[str, type[Declaration]] = MappingProxyType(
    {**DECLARATIONS, DEMO_FILE: Demo, COMMON_RULES: RulesDeclaration}
)
"""Every TOML file that a pack may have, and the rules of all forms, each with what it declares."""


def schema_texts() -> dict[str, str]:
    """The schema of each file as JSON, by the schema's file name."""
    return {f"{Path(name).stem}.json": _text(kind) for name, kind in SCHEMA_KINDS.items()}


def write_schemas(folder: Path) -> list[Path]:
    """Write the schemas into a folder; returns their paths. `UsageError` where it cannot be written."""
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in schema_texts().items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
            paths.append(folder / name)
    except OSError as error:
        raise UsageError(f"无法写入文件夹“{folder}”，请检查路径和权限。") from error
    return paths


def _text(kind: type[Declaration]) -> str:
    schema: dict[str, Any] = {"$schema": _DIALECT, **kind.model_json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
