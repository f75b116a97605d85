"""`jixiao rules`: the rule book, or one rule explained."""

from __future__ import annotations

import click

from jixiao.cli.chinese import ChineseCommand
from jixiao.cli.options import pack_option


@click.command(cls=ChineseCommand)
@click.argument("code", required=False, metavar="[编号]")
@pack_option
def rules(code: str | None, pack: str) -> None:
    """列出全部审核规则；给出编号时解释这一条。"""
    from jixiao.batch.errors import UsageError
    from jixiao.cli.screen import table
    from jixiao.pack import load_pack
    from jixiao.pack.describe import RULE_HEADS, rule_rows, rule_text

    loaded = load_pack(pack)
    if code is None:
        table("", RULE_HEADS, rule_rows(loaded))
        return
    if code.upper() not in loaded.rules:
        raise UsageError(f"没有规则 {code}，用 jixiao rules 查看全部编号。")
    click.echo(rule_text(loaded, code.upper()))
