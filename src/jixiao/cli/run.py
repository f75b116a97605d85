"""`jixiao run`: the batch."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jixiao.batch.options import Options
from jixiao.batch.outputs import DEPARTMENTS, DISTRICTS, PUBLIC, REVIEW, SUMMARY
from jixiao.cli.chinese import ChineseCommand
from jixiao.cli.options import fail_on_option, fails, reading_options, recognising_pack_option
from jixiao.cli.terminal import progress, table
from jixiao.model.finding import Severity
from jixiao.model.sheet_names import SUMMARY_WORKBOOK
from jixiao.model.submission import Status
from jixiao.runtime.atomic_files import reachable
from jixiao.values.names import comparable_name

if TYPE_CHECKING:
    from jixiao.batch.run import RunReport
    from jixiao.model.result import District


@click.command(cls=ChineseCommand)
@click.argument("inbox", type=click.Path(path_type=Path), metavar="收件文件夹")
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, metavar="文件夹", help="结果写到哪里。")
@recognising_pack_option
@click.option("--roster", type=click.Path(path_type=Path), metavar="名册.xlsx", help="应报送部门的名册。")
@click.option("--year", type=click.IntRange(2000, 2100), metavar="年度", help="本批的年度；不填则按多数报送认定。")
@click.option("--reviews", type=click.Path(path_type=Path), multiple=True, metavar="复核表.xlsx", help="填好的复核表或其文件夹，可多次指定；结果文件夹中的复核表自动读取。")
@click.option("--reference", type=click.Path(path_type=Path), metavar="财政核对数据.xlsx", help="财政掌握的数据，有数的以此为准测算。")
@click.option("--previous", type=click.Path(path_type=Path), metavar="文件夹", help="上年的结果文件夹，用于与上年比较、补充上年数。")
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="并行的进程数；不填则与处理器个数相同。")
@click.option("--engine", type=click.Choice(("local", "dask")), default="local", show_default="local", metavar="方式", help="local 为本机多进程；dask 为 Dask 集群，各台计算机应能以同一路径访问收件文件夹和结果文件夹。")
@click.option("--scheduler", default="", metavar="地址", help="Dask 调度器的地址，如 tcp://主机:8786；不填则在本机启动。")
@click.option("--districts", is_flag=True, help="收件文件夹下每个文件夹（或 市/县 两级）为一个区县，另给每个区县一份汇总。")
@click.option("--fresh", is_flag=True, help="不沿用以前的结果，全部重做；填好的复核表保留。")
@click.option("--public", is_flag=True, help="为未被退回的部门（审核通过、需补充说明）另写公开版：无电话、评价组姓名、问题和标记；涉密部门不写。")
@click.option("--pdf", is_flag=True, help="在每份退回工作簿旁另存 PDF（需安装 LibreOffice）。")
@click.option("--most-rows", type=click.IntRange(100, 1_000_000), default=10_000, show_default="10000", metavar="N", help="区级汇总的问题清单等长表最多列出多少行，必改优先；全部在 data 文件夹的 parquet 中。")
@click.option("--bureau", default="财政局", show_default="财政局", metavar="名称", help="退回意见书上的财政部门名称。")
@click.option("--contact", default="", metavar="文字", help="退回意见书上的联系人和电话。")
@reading_options
@fail_on_option("never")
def run(
    inbox: Path,
    out: Path,
    roster: Path | None,
    jobs: int | None,
    reviews: tuple[Path, ...],
    reference: Path | None,
    passwords: Path | None,
    fail_on: str,
    **others: Any,
) -> None:
    """审核收件文件夹中的全部自评工作簿，写出退回工作簿、复核表和区级汇总。"""
    from jixiao.batch.run import run as run_batch

    reached_inbox, reached_out = reachable(inbox, out)
    options = Options(
        inbox=reached_inbox,
        out=reached_out,
        roster=roster,
        jobs=jobs or os.cpu_count() or 1,
        reviews=reviews,
        reference=reference,
        passwords=passwords,
        set_aside=tuple(path for path in (roster, passwords, *reviews, reference) if path),
        **others,
    )
    with progress() as report:
        outcome = run_batch(options, report)
    _tell(outcome.district, out)
    if options.districts:
        summaries = sum(path.stem == SUMMARY_WORKBOOK for path in (out / DISTRICTS).rglob("*.xlsx"))
        click.echo(f"各区县汇总：{summaries} 份，在 {out / DISTRICTS}")
    _tell_time(outcome.seconds, len(outcome.district.results))
    _tell_copies(outcome, options)
    _tell_leftovers(outcome)
    counts = {severity: sum(each.count(severity) for each in outcome.district.results) for severity in Severity}
    if fails(counts, fail_on):
        raise click.exceptions.Exit(1)


def _tell_time(stages: dict[str, float], count: int) -> None:
    """Say how long the run took, by stage; one that read nothing says that nothing changed."""
    from jixiao.batch.report import READING

    seconds = sum(stages.values())
    if count and READING not in stages:
        click.echo(f"各项输入与上次相比没有变动，沿用上次结果，用时 {seconds:.1f} 秒。")
        return
    parts = "、".join(f"{stage} {each:.1f}" for stage, each in stages.items())
    rate = f"，每秒 {count / seconds:.1f} 项" if seconds > 0 and count else ""
    click.echo(f"用时：{seconds:.1f} 秒（{parts}）{rate}")


def _tell_copies(outcome: RunReport, options: Options) -> None:
    """Say where the public copies and PDFs are, and which workbooks have none and why."""
    if options.public:
        click.echo(f"公开版：{outcome.public} 份，在 {outcome.out / PUBLIC}" if outcome.public else "公开版：没有审核通过或需补充说明的部门，未写。")
    if options.pdf:
        click.echo(f"PDF：{len(outcome.pdfs.written)} 份，与退回工作簿在同一文件夹")
    if count := len(outcome.pdfs.without):
        names = "、".join(Path(name).name for name in outcome.pdfs.without[:5])
        line = f"{outcome.pdfs.why}，{count} 份退回工作簿没有 PDF（{names}{' 等' if count > 5 else ''}）；工作簿不受影响，可打开后打印。"
        click.echo(line, err=True)


def _tell_leftovers(outcome: RunReport) -> None:
    """Say what of the workbooks beside the filings belongs to none of them."""
    district = outcome.district
    codes = {entry.budget_code for entry in district.roster if entry.budget_code}
    names = {comparable_name(entry.department) for entry in district.roster}
    for row in outcome.unmatched:
        named = f"{row.budget_code} {row.department}".strip()
        expected = row.budget_code in codes or comparable_name(row.department) in names or not district.has_roster
        why = "没有计分的报送，未使用。" if expected else "不在名册之中，未使用，请核对预算编码和部门名称。"
        click.echo(f"财政核对数据第 {row.row} 行“{named}”{why}", err=True)
    if district.kept_reviews:
        count = len(district.kept_reviews)
        click.echo(f"复核表中有 {count} 项没有对应的报送或指标，已保留在复核表末尾。", err=True)


def _tell(district: District, out: Path) -> None:
    """Say how many departments came out how, and where the workbooks are."""
    from jixiao.writing.wording import STATUS_WORDS

    # A classified department that sent nothing is not late, here as in the summary.
    kept_back = [each for each in district.results if each.status is Status.MISSING and each.roster and each.roster.classified]
    counts = Counter(result.status for result in district.results)
    counts[Status.MISSING] -= len(kept_back)
    rows = [(STATUS_WORDS[status], str(counts[status])) for status in STATUS_WORDS if counts[status]]
    if kept_back:
        rows.append(("涉密不报", str(len(kept_back))))
    table(f"{district.year} 年度 共 {len(district.results)} 项", ("结果", "数量"), rows)
    click.echo(f"区级汇总：{out / SUMMARY}")
    click.echo(f"复核表：{out / REVIEW}")
    click.echo(f"退回工作簿：{out / DEPARTMENTS}")
