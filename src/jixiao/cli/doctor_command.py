"""`jixiao doctor`: what is installed, what is missing, and what that means."""

from __future__ import annotations

import click

from jixiao.cli.chinese import ChineseCommand

UNFIT = 2


@click.command(cls=ChineseCommand)
def doctor() -> None:
    """检查本机的安装情况：缺什么、有什么影响；不能使用时退出码为 2。"""
    from jixiao.batch.doctor import State, examine
    from jixiao.cli.screen import table

    checks = examine()
    table("", ("项目", "状态", "内容", "说明"), [(each.name, each.state.value, each.found, each.meaning) for each in checks])
    wrong = [each.name for each in checks if each.state is State.BAD]
    if wrong:
        click.echo(f"须处理：{'、'.join(wrong)}。", err=True)
        raise click.exceptions.Exit(UNFIT)
    click.echo("可以使用。")
