"""A pack's sample district from its TOML file."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from jixiao.demo.declaration import Demo, FilingDeclaration
from jixiao.model.errors import UsageError
from jixiao.pack import PackError
from jixiao.pack.load import PACKS_FOLDER

DEMO_FILE = "demo.toml"


def load_demo(pack_name: str | Path) -> Demo:
    """The sample district of an installed pack, or of a folder that holds one.

    `UsageError` if the pack brings none, `PackError` naming the key if it is wrong.
    """
    folder = PACKS_FOLDER / pack_name
    if not folder.is_dir():
        folder = Path(pack_name)
    if not (folder / DEMO_FILE).is_file():
        raise UsageError(f"表样包“{Path(pack_name).name}”没有附带示例（{DEMO_FILE}），请换用其他表样包。")
    return _load(folder.resolve())


@lru_cache(maxsize=4)
def _load(folder: Path) -> Demo:
    try:
        declared = tomllib.loads((folder / DEMO_FILE).read_text(encoding="utf-8"), parse_float=Decimal)
        demo = Demo.model_validate(declared)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackError(DEMO_FILE, "", f"不是有效的 TOML：{error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise PackError(DEMO_FILE, ".".join(str(part) for part in first["loc"]), first["msg"]) from error
    return demo.model_copy(update={"filings": _with_likes(demo.filings)})


def _with_likes(filings: tuple[FilingDeclaration, ...]) -> tuple[FilingDeclaration, ...]:
    """The filings with what each takes over from the one it is like."""
    whole: dict[str, FilingDeclaration] = {}
    for filing in filings:
        if filing.file in whole:
            raise PackError(DEMO_FILE, f"filings.{filing.file}", "文件名重复")
        if filing.like and filing.like not in whole:
            raise PackError(DEMO_FILE, f"filings.{filing.file}.like", f"前面没有 {filing.like}")
        whole[filing.file] = _over(whole[filing.like], filing) if filing.like else filing
    return tuple(whole.values())


def _over(first: FilingDeclaration, second: FilingDeclaration) -> FilingDeclaration:
    said: dict[str, Any] = {name: getattr(second, name) for name in second.model_fields_set}
    said["facts"] = {**first.facts, **second.facts}
    said["scores"] = {**first.scores, **second.scores}
    # The slips of the first round are what the second one mends.
    said.setdefault("faults", ())
    said.setdefault("mess", ())
    return first.model_copy(update=said)
