"""The rubric as a workbook, out and in: what `jixiao rubric export` and `import` do."""

from __future__ import annotations

from pathlib import Path

from jixiao.errors import UsageError
from jixiao.model.finding import Finding
from jixiao.pack import PackError, load_pack
from jixiao.pack.save import changed_pack_files
from jixiao.reading.formats.limits import UnreadableFile
from jixiao.rubric_workbook.assemble import assemble
from jixiao.rubric_workbook.read import read_rubric_workbook


def export_rubric(path: Path, pack_name: str) -> None:
    """Write the rubric of a pack as a workbook."""
    from jixiao.rubric_workbook.draw import rubric_workbook
    from jixiao.writing.xlsx.write import write_workbook

    pack = load_pack(pack_name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_workbook(rubric_workbook(pack), path)
    except OSError as error:
        raise UsageError(f"无法写入“{path}”，请检查权限，或先关闭该文件。") from error


def import_rubric(path: Path, pack_name: str, folder: Path) -> tuple[Finding, ...]:
    """Write a pack folder with the rubric of a workbook, all else as in the named pack; the findings, none if written.

    Nothing is written where something is wrong, nor into a folder that holds another pack than one written before.
    """
    pack = load_pack(pack_name)
    if not path.is_file():
        raise UsageError(f"找不到评分标准表“{path}”，请检查路径。")
    try:
        sheets = read_rubric_workbook(path, pack)
    except UnreadableFile as refusal:
        raise UsageError(f"评分标准表“{path.name}”无法读取：{refusal.reason}。") from refusal
    rubric, findings = assemble(pack, sheets)
    if rubric is None:
        return findings
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
        raise UsageError(f"“{folder}”已有内容，请另选一个空的文件夹。")
    files = changed_pack_files(pack_name, pack, rubric, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"无法写入“{folder}”，请检查权限。") from error
    written = load_pack(folder)
    if written.rubric != rubric:
        raise PackError("rubric.toml", "", "写出后再读入的评分标准与工作簿不一致")
    return ()
