"""`jixiao check` and `jixiao convert`: single workbooks checked on the terminal, or turned into the official form."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from jixiao.cli.chinese import ChineseCommand
from jixiao.cli.options import RECOGNISED, fail_on_option, fails, reading_options, recognising_pack_option
from jixiao.model.result import Result


@click.command(cls=ChineseCommand)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="文件...")
@recognising_pack_option
@click.option("--year", type=click.IntRange(2000, 2100), metavar="年度", help="应报的年度；不填则以文件所写为准。")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="输出文字或 JSON。")
@reading_options
@fail_on_option("error")
def check(
    files: tuple[Path, ...],
    pack: str,
    year: int | None,
    form: str,
    fail_on: str,
    **limits: Any,
) -> None:
    """审核单个或几个工作簿，把问题列在终端上，不写任何文件。"""
    from jixiao.services.check import check_files

    results = check_files(files, pack, year=year, **limits)
    if form == "json":
        click.echo(_json(results))
    else:
        for result in results:
            _print(result, result.pack, recognised=pack == RECOGNISED)
    counts = Counter(finding.severity for result in results for finding in result.findings if finding.counted)
    if fails(dict(counts), fail_on):
        raise click.exceptions.Exit(1)


def _print(result: Result, pack_name: str, *, recognised: bool) -> None:
    from jixiao.pack import load_pack
    from jixiao.values.number_format import plain_text
    from jixiao.writing.scores.score_range import little_verified
    from jixiao.writing.wording import SEVERITY_WORDS, STATUS_WORDS, reply_words, verified_words

    who = result.identity.department or "部门不详"
    reason = result.reason if result.reason.startswith(STATUS_WORDS[result.status]) else f"{STATUS_WORDS[result.status]}：{result.reason}"
    click.echo(f"{result.file}　{who}　{reason}")
    if recognised and pack_name:
        click.echo(f"  表样：{load_pack(pack_name).title}（{pack_name}，按内容识别；另有表样请用 --pack 指定）")
    if result.scorecard:
        card = result.scorecard
        pack = load_pack(pack_name)
        little = little_verified(pack, card)
        click.echo(f"  自评得分 {plain_text(card.total_self)}，暂定得分 {plain_text(card.total_final)}（{card.grade}）")
        click.echo(f"  {verified_words(pack.rubric.total, card.full_verified, card.full_declared, little=little)}")
    for finding in result.findings:
        place = str(finding.place) if finding.place else "整份"
        answer = f"（{reply_words(finding)}：{finding.reply}）" if finding.reply else ""
        click.echo(f"  [{SEVERITY_WORDS[finding.severity]}] {finding.rule} {place}　{finding.message}{finding.suggestion}{finding.remedy}{answer}")


def _json(results: Sequence[Result]) -> str:
    from jixiao.pack import load_pack
    from jixiao.writing.parquet.rows import plain_records

    return json.dumps([plain_records(each, load_pack(each.pack)) for each in results], ensure_ascii=False, indent=2)


@click.command(cls=ChineseCommand)
@click.argument("source", type=click.Path(path_type=Path), metavar="文件.docx")
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, metavar="文件.xlsx", help="写到哪个文件；转换文件夹时为文件夹。")
@recognising_pack_option
@reading_options
def convert(source: Path, out: Path, pack: str, **limits: Any) -> None:
    """把 Word 文档或其他版式的报送材料转入官方表样，供部门在工作簿中续填。

    也可以转换整个文件夹。未能识别的单元格照原文填入并加批注，表样之外的内容列入“表外内容”。已有的文件不覆盖。
    """
    from jixiao.errors import UsageError
    from jixiao.services.convert import convert as convert_files

    done = convert_files(source, out, pack, **limits)
    if not source.is_dir() and done[0].target is None:
        raise UsageError(f"“{source}”未转换：{done[0].reason}")
    for converted in done:
        if converted.target is None:
            click.echo(f"{converted.file}　未转换：{converted.reason}")
            continue
        click.echo(f"{converted.file}　已转入：{converted.target}")
        if converted.unread:
            click.echo(f"  未能识别 {converted.unread} 处，已照原文填入并加批注，请改填。")
        if converted.extras:
            click.echo(f"  表样之外的内容 {converted.extras} 处，列入“表外内容”，请填入相应栏目。")
        for finding in converted.missing:
            click.echo(f"  {finding.message}")
    if any(converted.target is None for converted in done):
        raise click.exceptions.Exit(1)
