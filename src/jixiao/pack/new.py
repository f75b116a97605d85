"""A new pack: a small commented one that loads, to be changed into the form at hand."""

from __future__ import annotations

import re
from pathlib import Path

from jixiao.model.errors import UsageError
from jixiao.pack.load import FILES, installed_packs

STARTER_FOLDER = Path(__file__).resolve().parent / "starter"
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
    """A file of the starter with the new pack's id, and with its year if the name tells one."""
    text = text.replace(f'id = "{STARTER_FOLDER.name}"', f'id = "{name}"', 1)
    found = re.search(r"(?<!\d)20\d\d(?!\d)", name)
    if found is None:
        return text
    year = int(found[0])
    text = re.sub(r"^year = \d{4}", f"year = {year}", text, count=1, flags=re.MULTILINE)
    return re.sub(r"^years = \[[^\]]*\]", f"years = [{year - 1}, {year}, {year + 1}]", text, count=1, flags=re.MULTILINE)
