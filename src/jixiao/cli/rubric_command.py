"""`jixiao rubric`: the rubric as text, and its linter."""

from __future__ import annotations

import click

from jixiao.cli.chinese import ChineseCommand, ChineseGroup
from jixiao.cli.options import pack_option


@click.group(cls=ChineseGroup)
def rubric() -> None:
    """评分标准：查看（show）或检查（check）。"""


@rubric.command(cls=ChineseCommand)
@pack_option
def show(pack: str) -> None:
    """以文字列出评分标准。"""
    from jixiao.cli.screen import table
    from jixiao.pack import load_pack
    from jixiao.pack.describe import RUBRIC_HEADS, rubric_rows

    loaded = load_pack(pack)
    table(loaded.rubric.title, RUBRIC_HEADS, rubric_rows(loaded))
    click.echo(f"依据：{loaded.rubric.source}；等次：{loaded.rubric.grade_source}")


@rubric.command(cls=ChineseCommand)
@pack_option
def check(pack: str) -> None:
    """检查评分标准：分值相加、档次覆盖且不重叠、依据齐全。"""
    from jixiao.pack import load_pack

    loaded = load_pack(pack)
    click.echo(f"{loaded.id}：{len(loaded.rubric.indicators)} 项指标，合计 {loaded.rubric.total} 分，检查通过。")
