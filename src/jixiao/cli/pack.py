"""`jixiao pack`: start a form pack, check it, look at it, and the schemas for editors."""

from __future__ import annotations

from pathlib import Path

import click

from jixiao.cli.chinese import ChineseCommand, ChineseGroup

PROBLEMS = 2


@click.group(cls=ChineseGroup)
def pack() -> None:
    """表样包：新建（new）、检查（check）、查看（show），以及供编辑器使用的 schema。"""


@pack.command(cls=ChineseCommand)
@click.argument("name", metavar="名称")
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="文件夹", help="写到哪个文件夹；不填则以名称为文件夹。")
def new(name: str, out: Path | None) -> None:
    """写出一个带注释、可直接使用的小表样包，在它上面改。"""
    from jixiao.services.pack_files import write_starter

    folder = write_starter(name, out or Path(name))
    click.echo(f"表样包：{folder}")
    click.echo(f"接着运行：jixiao pack check {folder}")


@pack.command(cls=ChineseCommand)
@click.argument("folder", metavar="文件夹或名称")
def check(folder: str) -> None:
    """检查表样包：逐文件、逐键列出全部问题；没有问题的，再画出表样、填满、读回比较。"""
    from jixiao.demo.rehearsal import rehearse, rehearse_demo
    from jixiao.pack.lint.audit import audit, reworded
    from jixiao.pack.load import pack_folder

    problems, checked = audit(folder)
    if checked is not None and not problems:
        problems = (*rehearse(checked), *rehearse_demo(checked, pack_folder(folder)))
    for file, key, problem in problems:
        click.echo(f"{file}\t{key or '—'}\t{problem}")
    if problems:
        click.echo(f"{folder}：{len(problems)} 处问题。", err=True)
        raise click.exceptions.Exit(PROBLEMS)
    assert checked is not None
    click.echo(
        f"{checked.id}：{len(checked.layout.sheets)} 张表、{len(checked.concepts)} 个概念、{len(checked.equations)} 条等式、"
        f"{len(checked.rubric.indicators)} 项指标，检查通过；画出的表样填满后读回一致。"
    )
    if rules := "、".join(f"{rule.code} {rule.title}" for rule in reworded(checked)):
        click.echo(f"提示：以下规则编号为各表样通用，本表样包改写了其文字：{rules}。若本意是新规则，请换用未用过的编号。")


@pack.command(cls=ChineseCommand)
@click.argument("name", required=False, metavar="[文件夹或名称]")
def show(name: str | None) -> None:
    """列出表样包的版块、概念和等式；不给名称则列出已安装的表样包。"""
    from jixiao.cli.terminal import table
    from jixiao.pack import installed_packs, load_pack
    from jixiao.pack.docs.terminal import (
        BLOCK_HEADS,
        CONCEPT_HEADS,
        EQUATION_HEADS,
        block_rows,
        concept_rows,
        equation_rows,
    )

    if name is None:
        packs = [load_pack(each) for each in installed_packs()]
        rows = [(each.id, each.title, str(each.year), each.version, each.extends) for each in packs]
        table("已安装的表样包", ("名称", "表样", "年度", "版本", "沿用"), rows)
        return
    loaded = load_pack(name)
    table(f"{loaded.id} {loaded.version}　{loaded.title}", BLOCK_HEADS, block_rows(loaded))
    table("概念", CONCEPT_HEADS, concept_rows(loaded))
    table("等式", EQUATION_HEADS, equation_rows(loaded))


@pack.command(cls=ChineseCommand)
@click.argument("folder", type=click.Path(path_type=Path), metavar="文件夹")
def schema(folder: Path) -> None:
    """写出各 TOML 文件的 JSON Schema，供编辑器补全和检查。"""
    from jixiao.services.pack_files import write_schemas

    click.echo(f"已写出 {len(write_schemas(folder))} 个 schema：{folder}")
