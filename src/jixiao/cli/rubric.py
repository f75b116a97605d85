"""`jixiao rubric` and `jixiao rules`: the rubric as text or workbook, its linter, and the rule book."""

from __future__ import annotations

from pathlib import Path

import click

from jixiao.cli.chinese import ChineseCommand, ChineseGroup
from jixiao.cli.options import pack_option


@click.group(cls=ChineseGroup)
def rubric() -> None:
    """评分标准：查看（show）、检查（check）、导出为工作簿（export）、从工作簿导入（import）。"""


@rubric.command(cls=ChineseCommand)
@pack_option
def show(pack: str) -> None:
    """以文字列出评分标准。"""
    from jixiao.cli.terminal import table
    from jixiao.pack import load_pack
    from jixiao.pack.docs.terminal import RUBRIC_HEADS, grade_rows, rubric_rows, settings_rows

    loaded = load_pack(pack)
    table(loaded.rubric.title, RUBRIC_HEADS, rubric_rows(loaded))
    table("", ("设置", "采用"), settings_rows(loaded))
    table("", ("等次", "得分"), grade_rows(loaded))
    click.echo(f"依据：{loaded.rubric.source}；等次：{loaded.rubric.grade_source}")


@rubric.command(cls=ChineseCommand)
@pack_option
def check(pack: str) -> None:
    """检查评分标准：分值相加、档次覆盖且不重叠、依据齐全；有误时逐条列出，退出码为 2。"""
    from jixiao.pack import load_pack
    from jixiao.pack.lint.audit import audit

    problems = audit(pack).problems
    for problem in problems:
        click.echo(f"{problem.file}{f' 的 {problem.key}' if problem.key else ''}：{problem.problem}")
    if problems:
        click.echo(f"共 {len(problems)} 处需要更正。", err=True)
        raise click.exceptions.Exit(2)
    loaded = load_pack(pack)
    click.echo(f"{loaded.id}：{len(loaded.rubric.indicators)} 项指标，合计 {loaded.rubric.total} 分，检查通过。")


@rubric.command(cls=ChineseCommand)
@click.argument("file", type=click.Path(path_type=Path), metavar="文件.xlsx")
@pack_option
def export(file: Path, pack: str) -> None:
    """把评分标准写成工作簿，供修改后导入。"""
    from jixiao.services.rubric_exchange import export_rubric

    export_rubric(file, pack)
    click.echo(f"评分标准表：{file}")
    click.echo(f"修改后导入：jixiao rubric import {file} -o 新表样包文件夹")


@rubric.command("import", cls=ChineseCommand)
@click.argument("file", type=click.Path(path_type=Path), metavar="文件.xlsx")
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, metavar="文件夹", help="表样包写到哪里。")
@pack_option
def import_(file: Path, out: Path, pack: str) -> None:
    """读入修改过的评分标准表，写出表样包；有误时逐处列出，不写任何文件，退出码为 2。"""
    from jixiao.services.rubric_exchange import import_rubric

    findings = import_rubric(file, pack, out)
    for finding in findings:
        place = str(finding.place) if finding.place else "整份"
        click.echo(f"[{finding.rule}] {place}　{finding.message}{finding.suggestion}{finding.remedy}")
    if findings:
        click.echo(f"共 {len(findings)} 处需要更正，未写出表样包。", err=True)
        raise click.exceptions.Exit(2)
    click.echo(f"表样包：{out}")
    click.echo(f"使用：jixiao run 收件文件夹 -o 结果 --pack {out}")


@click.command(cls=ChineseCommand)
@click.argument("code", required=False, metavar="[编号]")
@pack_option
def rules(code: str | None, pack: str) -> None:
    """列出全部审核规则；给出编号时解释这一条。"""
    from jixiao.cli.terminal import table
    from jixiao.errors import UsageError
    from jixiao.pack import load_pack
    from jixiao.pack.docs.terminal import RULE_HEADS, rule_rows, rule_text

    loaded = load_pack(pack)
    if code is None:
        table("", RULE_HEADS, rule_rows(loaded))
        return
    if code.upper() not in loaded.rules:
        raise UsageError(f"没有规则 {code}，用 jixiao rules 查看全部编号。")
    click.echo(rule_text(loaded, code.upper()))
