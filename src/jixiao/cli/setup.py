"""Commands around a run: `jixiao demo`, `template`, `doctor` and `drop`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from jixiao.cli.chinese import ChineseCommand
from jixiao.cli.options import pack_option, parent_ready


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
    option = "" if pack in installed_packs() else f" --pack {pack}"
    click.echo(f"接着运行：jixiao run {folder / 'inbox'} -o 结果 --roster {roster}{option}")


@click.command(cls=ChineseCommand)
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, metavar="文件.xlsx", help="写到哪个文件；有 --roster 时为文件夹。")
@click.option("--roster", type=click.Path(path_type=Path), metavar="名册.xlsx", help="为名册中每个部门各写一份，填好部门和编码。")
@click.option("--reference", is_flag=True, help="写出空白的财政核对数据表；有 --roster 时填好部门。")
@pack_option
def template(out: Path, roster: Path | None, reference: bool, pack: str) -> None:
    """写出空白的官方表样，表内有实时勾稽检查。"""
    from jixiao.errors import UsageError
    from jixiao.services.templates import write_reference_template, write_template, write_templates

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


UNFIT = 2


@click.command(cls=ChineseCommand)
def doctor() -> None:
    """检查本机的安装情况：缺什么、有什么影响；不能使用时退出码为 2。"""
    from jixiao.cli.terminal import table
    from jixiao.services.doctor import CheckState, examine

    checks = examine()
    table("", ("项目", "状态", "内容", "说明"), [(each.name, each.state.value, each.actual, each.meaning) for each in checks])
    wrong = [each.name for each in checks if each.state is CheckState.BAD]
    if wrong:
        click.echo(f"须处理：{'、'.join(wrong)}。", err=True)
        raise click.exceptions.Exit(UNFIT)
    click.echo("可以使用。")


OPENERS = {"darwin": "open", "linux": "xdg-open"}


@click.command(cls=ChineseCommand)
@click.argument("path", type=click.Path(path_type=Path), metavar="文件夹或文件")
@click.option("--no-open", "quiet", is_flag=True, help="不打开结果。")
@click.pass_context
def drop(context: click.Context, path: Path, quiet: bool) -> None:
    """处理拖放来的文件夹：结果写在旁边的“…_结果”，名册等按常用文件名自动取用，完成后打开区级汇总；拖放单个文件则只审核这一份。"""
    from jixiao.batch.outputs import SUMMARY
    from jixiao.cli.filings import check
    from jixiao.cli.run import run
    from jixiao.services.drop_target import dropped

    if path.is_file():
        context.invoke(check, files=(path,), fail_on="never")
        return
    plan = dropped(path)
    for path_used in plan.companions.values():
        click.echo(f"使用：{path_used}", err=True)
    context.invoke(run, inbox=plan.inbox, out=plan.out, **plan.companions)
    if not quiet:
        _open(plan.out / SUMMARY)


def _open(workbook: Path) -> None:
    """Open a workbook in the system's program for it; do nothing where there is none."""
    if sys.platform == "win32":
        os.startfile(workbook)
    elif sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        opener = OPENERS.get(sys.platform, "xdg-open")
        try:
            subprocess.Popen([opener, str(workbook)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        except OSError:
            return
