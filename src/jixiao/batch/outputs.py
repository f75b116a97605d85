"""What a run writes into OUT: the folders and names of it, and the removal of what is no longer written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from jixiao.errors import UsageError

DEPARTMENTS = "departments"
"""The folder of OUT with the returned workbooks."""
PUBLIC = "公开版"
"""The folder of OUT with the public copies, and what each one's name ends with: it is sent on without its folder."""
DISTRICTS = "区县"
"""The folder of OUT that holds a folder for each district."""
SUMMARY, REVIEW = "区级汇总.xlsx", "复核表.xlsx"
SECTIONS = "复核"
"""The folder of OUT with the review workbook split by sections; what is filled in there counts like in the whole one."""
MANIFEST = "run.json"


def own_reviews(out: Path) -> list[Path]:
    """Return the review workbooks in OUT: what is filled in there counts."""
    sections = out / SECTIONS
    return [out / REVIEW, *(sorted(sections.glob("*.xlsx")) if sections.is_dir() else [])]


def remove_stale(out: Path, before: Iterable[str], now: Sequence[str]) -> None:
    """Remove what an earlier run wrote for departments that no longer have a returned workbook."""
    folders = tuple(f"{folder}/" for folder in (DEPARTMENTS, SECTIONS, PUBLIC, DISTRICTS, "data"))
    for name in sorted(set(before) - set(now)):
        path = out / name
        if name.startswith(folders) and path.resolve().is_relative_to(out.resolve()):
            try:
                path.unlink(missing_ok=True)
            except PermissionError as error:
                raise UsageError(
                    f"无法删除已不再需要的“{path}”（可能正在 Excel 中打开，或没有权限），请关闭后重新运行。"
                ) from error


def public_name(returned: str) -> str:
    """Return the name of the public copy of a returned workbook, both relative to OUT."""
    return f"{PUBLIC}/{PurePosixPath(returned).stem}_{PUBLIC}.xlsx"
