"""`jixiao drop`: what the launcher calls with the folder or file that was dropped onto it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from jixiao.cli.chinese import ChineseCommand

OPENERS = {"darwin": "open", "linux": "xdg-open"}


@click.command(cls=ChineseCommand)
@click.argument("path", type=click.Path(path_type=Path), metavar="文件夹或文件")
@click.option("--no-open", "quiet", is_flag=True, help="不打开结果。")
@click.pass_context
def drop(context: click.Context, path: Path, quiet: bool) -> None:
    """处理拖放来的文件夹：结果写在旁边的“…_结果”，名册等按常用文件名自动取用，完成后打开区级汇总；拖放单个文件则只审核这一份。"""
    from jixiao.batch.dropped import dropped
    from jixiao.batch.outputs import SUMMARY
    from jixiao.cli.check_command import check
    from jixiao.cli.run_command import run

    if path.is_file():
        context.invoke(check, files=(path,), fail_on="never")
        return
    plan = dropped(path)
    for found in plan.found.values():
        click.echo(f"使用：{found}", err=True)
    context.invoke(run, inbox=plan.inbox, out=plan.out, **plan.found)
    if not quiet:
        _open(plan.out / SUMMARY)


def _open(workbook: Path) -> None:
    """Open it in the program that the system has for it; where there is none, the place was told already."""
    if sys.platform == "win32":
        os.startfile(workbook)
    elif sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        opener = OPENERS.get(sys.platform, "xdg-open")
        try:
            subprocess.Popen([opener, str(workbook)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        except OSError:
            return
