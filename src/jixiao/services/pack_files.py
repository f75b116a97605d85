"""A new pack: a small commented one that loads, to be changed into the form at hand."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import jixiao.pack
from jixiao.demo.declaration import DEMO_FILE, Demo
from jixiao.errors import UsageError
from jixiao.pack.declarations import Declaration
from jixiao.pack.load import COMMON_RULES, DECLARATIONS, FILES, RulesDeclaration, installed_packs

STARTER_FOLDER = Path(jixiao.pack.__file__).resolve().parent / "starter"
_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")


def write_starter(name: str, folder: Path) -> Path:
    """Write the starter pack under this name into a folder that is empty or not there; returns the folder.

    A year in its name is the form's. `UsageError` where the name is no pack's, the folder holds something, or it cannot be written.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"“{name}”不能作表样包的名称，请用小写字母、数字和下划线，例如 county_2024。")
    if name in installed_packs():
        raise UsageError(f"已有名为 {name} 的表样包，请换一个名称。")
    try:
        if folder.exists() and any(folder.iterdir()):
            raise UsageError(f"文件夹“{folder}”里已有文件，请换一个文件夹。")
        folder.mkdir(parents=True, exist_ok=True)
        for file in FILES:
            text = (STARTER_FOLDER / file).read_text(encoding="utf-8")
            (folder / file).write_text(_named(text, name), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"无法写入文件夹“{folder}”，请检查路径和权限。") from error
    return folder


def _named(text: str, name: str) -> str:
    """Return a file of the starter with the new pack's id, and with its year if the name has one."""
    text = text.replace(f'id = "{STARTER_FOLDER.name}"', f'id = "{name}"', 1)
    match = re.search(r"(?<!\d)20\d\d(?!\d)", name)
    if match is None:
        return text
    year = int(match[0])
    text = re.sub(r"^year = \d{4}", f"year = {year}", text, count=1, flags=re.MULTILINE)
    return re.sub(r"^years = \[[^\]]*\]", f"years = [{year - 1}, {year}, {year + 1}]", text, count=1, flags=re.MULTILINE)


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
