"""`jixiao template`: the blank official workbook."""

from __future__ import annotations

from pathlib import Path

import click

from jixiao.cli.chinese import ChineseCommand
from jixiao.cli.options import pack_option, parent_ready


@click.command(cls=ChineseCommand)
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, metavar="文件.xlsx", help="写到哪个文件；有 --roster 时为文件夹。")
@click.option("--roster", type=click.Path(path_type=Path), metavar="名册.xlsx", help="为名册中每个部门各写一份，填好部门和编码。")
@click.option("--reference", is_flag=True, help="写出空白的财政核对数据表；有 --roster 时填好部门。")
@pack_option
def template(out: Path, roster: Path | None, reference: bool, pack: str) -> None:
    """写出空白的官方表样，表内有实时勾稽检查。"""
    from jixiao.batch.errors import UsageError
    from jixiao.batch.templates import write_reference_template, write_template, write_templates

    if roster and not reference:
        paths = write_templates(out, roster, pack)
        click.echo(f"已写出 {len(paths)} 份表样：{out}")
        return
    if out.is_dir() or out.suffix.lower() != ".xlsx":
        raise UsageError(f"“{out}”不是 .xlsx 文件名，请改为例如 表样.xlsx。")
    parent_ready(out)
    if reference:
        write_reference_template(out, roster, pack)
        click.echo(f"财政核对数据表：{out}")
        return
    write_template(out, pack)
    click.echo(f"表样：{out}")
