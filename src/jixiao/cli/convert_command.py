"""`jixiao convert`: filings in Word or another layout turned into the official workbook."""

from __future__ import annotations

from pathlib import Path

import click

from jixiao.cli.chinese import ChineseCommand
from jixiao.cli.options import memory_option, password_option, recognising_pack_option, seconds_option


@click.command(cls=ChineseCommand)
@click.argument("source", type=click.Path(path_type=Path), metavar="文件.docx")
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, metavar="文件.xlsx", help="写到哪个文件；转换文件夹时为文件夹。")
@recognising_pack_option
@password_option
@seconds_option
@memory_option
def convert(source: Path, out: Path, pack: str, passwords: Path | None, seconds: float, memory_mib: int) -> None:
    """把 Word 文档或其他版式的报送材料转入官方表样，供部门在工作簿中续填。

    也可以转换整个文件夹。未能识别的单元格照原文填入并加批注，表样之外的内容列入“表外内容”。已有的文件不覆盖。
    """
    from jixiao.batch.convert import convert as convert_files
    from jixiao.batch.errors import UsageError

    done = convert_files(source, out, pack, seconds=seconds, memory_mib=memory_mib, passwords=passwords)
    if not source.is_dir() and done[0].target is None:
        raise UsageError(f"“{source}”未转换：{done[0].reason}")
    for each in done:
        if each.target is None:
            click.echo(f"{each.file}　未转换：{each.reason}")
            continue
        click.echo(f"{each.file}　已转入：{each.target}")
        if each.unread:
            click.echo(f"  未能识别 {each.unread} 处，已照原文填入并加批注，请改填。")
        if each.extras:
            click.echo(f"  表样之外的内容 {each.extras} 处，列入“表外内容”，请填入相应栏目。")
        for finding in each.missing:
            click.echo(f"  {finding.message}")
    if any(each.target is None for each in done):
        raise click.exceptions.Exit(1)
