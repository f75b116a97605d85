"""`jixiao demo`: a sample inbox with its roster."""

from __future__ import annotations

from pathlib import Path

import click

from jixiao.cli.chinese import ChineseCommand
from jixiao.cli.options import pack_option


@click.command(cls=ChineseCommand)
@click.argument("folder", type=click.Path(path_type=Path), metavar="文件夹")
@pack_option
def demo(folder: Path, pack: str) -> None:
    """写出一套示例：收件文件夹（有合格的、有差错的、打不开的工作簿）和名册。"""
    from jixiao.demo.write import write_demo
    from jixiao.pack import installed_packs

    roster = write_demo(folder, pack)
    click.echo(f"示例收件文件夹：{folder / 'inbox'}")
    click.echo(f"示例名册：{roster}")
    # The run recognises the form of an installed pack by itself.
    asked = "" if pack in installed_packs() else f" --pack {pack}"
    click.echo(f"接着运行：jixiao run {folder / 'inbox'} -o 结果 --roster {roster}{asked}")
