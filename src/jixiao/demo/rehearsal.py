"""Rehearse a pack: fill every cell of its form with a distinct value, draw it, and read it back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from decimal import Decimal
from itertools import count
from pathlib import Path

from jixiao.demo.declaration import DEMO_FILE, load_demo
from jixiao.demo.figures import Figures, drawn_facts, facts_of, institutions_of
from jixiao.demo.filing import compose_filing
from jixiao.model.fact import HEADQUARTERS, SUMMARY, Fact, Facts
from jixiao.model.submission import UnreadableFiling
from jixiao.pack import Pack, PackError
from jixiao.pack.declarations.concept import Concept, ConceptKind, ConceptScope
from jixiao.pack.declarations.layout import RowSource, Table
from jixiao.pack.lint.references import PackProblem
from jixiao.reading.read import read_file
from jixiao.writing.form.template import fill
from jixiao.writing.xlsx.write import write_workbook

UNITS = ("甲单位", "乙单位")
_FILE = "rehearsal.xlsx"
_LAYOUT = "layout.toml"
_SHOWN = 3
_ROWS = 2
"""How many rows a department declares where the form does not print kinds of them."""


def rehearse(pack: Pack) -> list[PackProblem]:
    """Return what drawing and reading back loses or changes, a few cells of each block; empty where nothing is.

    A layout that is declared well and yet cannot be drawn is told as such: whoever writes a pack sees no trace of ours.
    """
    try:
        return _rehearsed(pack)
    except Exception as error:
        return [PackProblem(_LAYOUT, "", f"按表样画表、读回时出错（{type(error).__name__}：{error}），多为某个版块的栏、行或跨列写得不全")]


def _rehearsed(pack: Pack) -> list[PackProblem]:
    wanted = facts_of(pack, distinct_figures(pack), UNITS if pack.layout.institutions else ())
    content = fill(pack, drawn_facts(wanted), institutions_of(pack, UNITS))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _FILE
        write_workbook(content, path)
        read = read_file(path, pack, file=_FILE)
    if isinstance(read, UnreadableFiling):
        messages = "；".join(finding.message for finding in read.findings)
        return [PackProblem(_LAYOUT, "", f"按表样画出的工作簿读不回来：{messages}")]
    problems = list(_differences(pack, wanted, read.facts))
    for finding in read.findings:
        where = f"{finding.place}：" if finding.place else ""
        problems.append(PackProblem(_LAYOUT, "", f"读回按表样画出的工作簿时提示 {finding.rule}：{where}{finding.message}"))
    return problems


def rehearse_demo(pack: Pack, folder: Path) -> list[PackProblem]:
    """Return the problems of the sample district in a pack's folder: each filing that cannot be made, and why."""
    if not (folder / DEMO_FILE).is_file():
        return []
    try:
        demo = load_demo(folder)
    except PackError as error:
        return [PackProblem(error.file, error.key, error.problem)]
    problems = []
    for declared in demo.filings:
        try:
            compose_filing(pack, demo, declared)
        except KeyError as error:
            problems.append(PackProblem(DEMO_FILE, f"filings.{declared.file}", f"没有概念或文段 {error.args[0]}"))
        except ValueError as error:
            problems.append(PackProblem(DEMO_FILE, f"filings.{declared.file}.faults", f"做不出这处差错：{error}"))
    files = {declared.file for declared in demo.filings}
    for odd in demo.odd_files:
        if odd.of and odd.of not in files:
            problems.append(PackProblem(DEMO_FILE, f"odd_files.{odd.file}.of", f"没有报送件 {odd.of}"))
    return problems


def distinct_figures(pack: Pack) -> Figures:
    """Return something of its own for every cell of the form, two rows of each kind that departments declare."""
    numbers = count(21)
    figures: Figures = {}
    for concept in pack.concepts.values():
        if concept.scope is ConceptScope.SINGLE:
            figures[concept.id, None] = _figure(pack, concept, next(numbers))
        elif concept.scope is ConceptScope.INSTITUTION:
            for institution in (SUMMARY, HEADQUARTERS, *UNITS):
                figures[concept.id, institution] = _figure(pack, concept, next(numbers))
    for table in pack.tables:
        # Rows that stand in for printed ones of an open group are another filing's matter.
        if table.source is not RowSource.INDICATORS:
            for n, levels in enumerate(_kinds(table), start=1):
                for concept in pack.block_concepts.get(table.id, ()):
                    if concept.scope is ConceptScope.RECORD:
                        said = levels.get(concept.id)
                        figures[concept.id.replace("{n}", str(n)), None] = said or _figure(pack, concept, next(numbers))
    return figures


def _kinds(table: Table) -> Iterator[dict[str, str]]:
    """Yield the contents of the group columns of each row that the department declares, by concept."""
    if not table.levels:
        yield from ({} for _ in range(_ROWS))
    for level in table.levels:
        for child in level.children or ("",):
            labels = (level.label, child) if child else (level.label,)
            columns = table.level_columns
            # A form may print the outer group without asking for it.
            yield {column.concept: label for column, label in zip(columns, labels, strict=False) if column.concept}


def _figure(pack: Pack, concept: Concept, n: int) -> Decimal | str:
    match concept.kind:
        case ConceptKind.AMOUNT:
            return Decimal(100 + n) + Decimal("0.25")
        case ConceptKind.COUNT:
            return Decimal(100 + n)
        case ConceptKind.PERCENT:
            return Decimal(n % 700) / 10 + 20
        case ConceptKind.MARKS:
            return min(Decimal(n % 90 + 1) / 100, concept.maximum or pack.rubric.total)
        case ConceptKind.CHOICE:
            return concept.choices[n % len(concept.choices)]
        case ConceptKind.YEAR:
            return str(pack.year)
        case ConceptKind.DATE:
            return f"{pack.year}年{n % 12 + 1}月{n % 28 + 1}日"
        case _:
            return str(100000 + n) if concept.id == pack.names.budget_code else f"填写内容{n}"


def _differences(pack: Pack, wanted: Facts, read: Facts) -> Iterator[PackProblem]:
    lines_of: dict[str, list[str]] = {}
    for fact in wanted:
        came = read.get(fact.concept, fact.institution)
        if _said(came) != _said(fact) and (fact.filled or came is not None):
            where = fact.concept + (f"（{fact.institution}）" if fact.institution else "")
            words = "没有读到" if came is None else f"读成 {_words(came)}"
            lines_of.setdefault(pack.concept(fact.concept).block, []).append(f"{where} 填 {_words(fact)}，{words}")
    filled = {(fact.concept, fact.institution) for fact in wanted}
    for fact in read:
        if fact.filled and (fact.concept, fact.institution) not in filled:
            block = pack.concept(fact.concept).block
            lines_of.setdefault(block, []).append(f"{fact.concept} 没有填，读成 {_words(fact)}")
    for block, lines in lines_of.items():
        key = f"sheets.{pack.sheet_of(block).id}.blocks.{block}"
        for line in lines[:_SHOWN]:
            yield PackProblem(_LAYOUT, key, f"画出后读回不一致：{line}")
        if len(lines) > _SHOWN:
            yield PackProblem(_LAYOUT, key, f"画出后读回不一致：另有 {len(lines) - _SHOWN} 格")


def _said(fact: Fact | None) -> object:
    return None if fact is None else (fact.state, fact.value, fact.text)


def _words(fact: Fact) -> str:
    said = fact.value if fact.value is not None else fact.text
    return f"“{said}”" if said is not None else "空白" if not fact.filled else f"“{fact.raw}”（不可识别）"
