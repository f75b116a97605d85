"""`jixiao check`: findings of single workbooks on the terminal."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from jixiao.cli.chinese import ChineseCommand
from jixiao.cli.options import (
    RECOGNISED,
    fail_on_option,
    fails,
    memory_option,
    password_option,
    recognising_pack_option,
    seconds_option,
)
from jixiao.model.result import Result


@click.command(cls=ChineseCommand)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="文件...")
@recognising_pack_option
@click.option("--year", type=click.IntRange(2000, 2100), metavar="年度", help="应报的年度；不填则以文件所写为准。")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="输出文字或 JSON。")
@password_option
@seconds_option
@memory_option
@fail_on_option("error")
def check(
    files: tuple[Path, ...],
    pack: str,
    year: int | None,
    form: str,
    passwords: Path | None,
    seconds: float,
    memory_mib: int,
    fail_on: str,
) -> None:
    """审核单个或几个工作簿，把问题列在终端上，不写任何文件。"""
    from jixiao.batch.check import check_files

    results = check_files(files, pack, year=year, seconds=seconds, memory_mib=memory_mib, passwords=passwords)
    if form == "json":
        click.echo(_json(results))
    else:
        for result in results:
            _print(result, result.pack, told=pack == RECOGNISED)
    counts = Counter(finding.severity for result in results for finding in result.findings if finding.counted)
    if fails(dict(counts), fail_on):
        raise click.exceptions.Exit(1)


def _print(result: Result, pack_name: str, *, told: bool) -> None:
    from jixiao.pack import load_pack
    from jixiao.pack.resolve import plain
    from jixiao.writing.outlook import little_verified
    from jixiao.writing.wording import SEVERITY_WORDS, STATUS_WORDS, reply_words, verified_words

    who = result.identity.department or "部门不详"
    reason = result.reason if result.reason.startswith(STATUS_WORDS[result.status]) else f"{STATUS_WORDS[result.status]}：{result.reason}"
    click.echo(f"{result.file}　{who}　{reason}")
    if told and pack_name:
        click.echo(f"  表样：{load_pack(pack_name).title}（{pack_name}，按内容识别；另有表样请用 --pack 指定）")
    if result.scorecard:
        card = result.scorecard
        pack = load_pack(pack_name)
        little = little_verified(pack, card)
        click.echo(f"  自评得分 {plain(card.total_self)}，暂定得分 {plain(card.total_final)}（{card.grade}）")
        click.echo(f"  {verified_words(pack.rubric.total, card.full_verified, card.full_declared, little=little)}")
    for finding in result.findings:
        place = str(finding.place) if finding.place else "整份"
        answer = f"（{reply_words(finding)}：{finding.reply}）" if finding.reply else ""
        click.echo(f"  [{SEVERITY_WORDS[finding.severity]}] {finding.rule} {place}　{finding.message}{finding.suggestion}{finding.remedy}{answer}")


def _json(results: Sequence[Result]) -> str:
    from jixiao.pack import load_pack
    from jixiao.writing.tables import plain_records

    return json.dumps([plain_records(each, load_pack(each.pack)) for each in results], ensure_ascii=False, indent=2)
