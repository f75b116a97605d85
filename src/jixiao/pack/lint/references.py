"""Every mention of a concept, rule, indicator, column or table in a pack, asked whether there is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from jixiao.pack.declarations.layout import Table
from jixiao.pack.pack import Pack


class PackProblem(NamedTuple):
    """One thing wrong with a pack: the file, the key in it (empty for the whole file), and what is wrong, in Chinese."""

    file: str
    key: str
    problem: str


def unresolved(pack: Pack) -> Iterator[PackProblem]:
    """Yield the mentions of a pack that lead nowhere, in the order of its files."""
    yield from _names(pack)
    yield from _columns(pack)
    yield from _equations(pack)
    yield from _indicators(pack)
    yield from _checks(pack)
    yield from _proportions(pack)
    yield from _settings(pack)
    yield from _elsewhere(pack)


def _missing(pack: Pack, file: str, key: str, concept_ids: Iterable[str]) -> Iterator[PackProblem]:
    for concept_id in concept_ids:
        if concept_id not in pack.concepts:
            yield PackProblem(file, key, f"表样中没有概念 {concept_id}")


def _names(pack: Pack) -> Iterator[PackProblem]:
    for name, value in vars(pack.names).items():
        yield from _missing(pack, "pack.toml", f"names.{name}", (value,) if isinstance(value, str) else value or ())


def _columns(pack: Pack) -> Iterator[PackProblem]:
    """Yield what rows say of columns must be columns of their table."""
    for sheet, block in pack.blocks:
        if not isinstance(block, Table):
            continue
        known = {column.key for column in block.columns}
        for row in (*pack.table_rows(block), *block.footer):
            for said, keys in (("columns", row.columns or ()), ("printed", row.printed), ("shared_columns", row.shared_columns)):
                for key in keys:
                    # The rubric offers a standard and full marks to every table of its rows; not every form prints both.
                    if key not in known and row in (*block.rows, *block.footer):
                        where = f"sheets.{sheet.id}.blocks.{block.id}.rows.{row.key}.{said}"
                        yield PackProblem("layout.toml", where, f"该表没有栏目 {key}")


def _equations(pack: Pack) -> Iterator[PackProblem]:
    declared = pack.equations_declared
    for each in declared.equations:
        subjects = [each.subject_in(column) for column in each.columns or ("",) if each.subject]
        yield from _missing(pack, "equations.toml", f"equations.{each.code}.subject", subjects)
    tables = {table.id for table in pack.tables}
    for table in declared.aggregation.tables if declared.aggregation else ():
        if table not in tables:
            yield PackProblem("equations.toml", "aggregation.tables", f"表样中没有表 {table}")
    for cause in declared.causes:
        yield from _missing(pack, "equations.toml", f"causes.{cause.id}.amount", (cause.amount,))
        yield from _missing(pack, "equations.toml", f"causes.{cause.id}.only_if_exceeds", cause.only_if_exceeds or ())
        for code in (*cause.codes, *cause.optional_codes):
            if not any(pack.equations_of(code)):
                yield PackProblem("equations.toml", f"causes.{cause.id}.codes", f"没有等式 {code}")


def _elsewhere(pack: Pack) -> Iterator[PackProblem]:
    declared = pack.checks.elsewhere
    key = "elsewhere"
    yield from _missing(pack, "checks.toml", f"{key}.reference", declared.reference)
    for link in declared.last_year:
        yield from _missing(pack, "checks.toml", f"{key}.last_year.{link.concept}", (link.concept, *link.was))
    for jump in declared.jumps:
        yield from _missing(pack, "checks.toml", f"{key}.jumps.{jump.concept}", (jump.concept,))
    codes = [declared.differs, *(link.code for link in declared.last_year if link.code), *(jump.code for jump in declared.jumps)]
    for code in dict.fromkeys(codes):
        if code not in pack.rules:
            yield PackProblem("checks.toml", key, f"没有规则 {code}")


def _indicators(pack: Pack) -> Iterator[PackProblem]:
    for indicator in pack.rubric.indicators:
        key = f"indicators.{indicator.id}"
        for measure in indicator.measures:
            yield from _missing(pack, "rubric.toml", f"{key}.measures", (*measure.numerator, *measure.denominator))
        for concept_id, code in indicator.zero_if.items():
            if concept_id not in pack.concepts or not any(pack.equations_of(code)):
                yield PackProblem("rubric.toml", f"{key}.zero_if", f"没有概念 {concept_id} 或等式 {code}")


def _checks(pack: Pack) -> Iterator[PackProblem]:
    checks = pack.checks
    for n, phrase in enumerate(checks.narrative, start=1):
        yield from _missing(pack, "checks.toml", f"narrative.{n}", (*filter(None, (phrase.concept,)), *phrase.also))
        known = {"", *(each.id for each in pack.rubric.indicators if each.measures)}
        if phrase.indicator not in known or bool(phrase.concept) == bool(phrase.indicator):
            yield PackProblem("checks.toml", f"narrative.{n}", "应写明一个概念或一个按比率评分的指标")
    for comparison in checks.comparisons:
        key = f"comparisons.{comparison.code}"
        yield from _missing(pack, "checks.toml", key, (*comparison.smaller, *comparison.larger, *comparison.instead))
        yield from _rule(pack, key, comparison.code)
    for budgeted in checks.over_budget:
        stems = (budgeted.total, *budgeted.parts)
        columns = (budgeted.actual, budgeted.budget)
        concept_ids = [f"{stem}.{column}" for stem in stems for column in columns]
        yield from _missing(pack, "checks.toml", f"over_budget.{budgeted.total}", concept_ids)
    for bound in checks.rate_bounds:
        if bound.code not in pack.rules or all(each.id != bound.indicator for each in pack.rubric.indicators):
            yield PackProblem("checks.toml", f"rate_bounds.{bound.code}", f"没有规则 {bound.code} 或指标 {bound.indicator}")
    for concept_id, code in checks.not_below_zero.items():
        yield from _missing(pack, "checks.toml", "not_below_zero", (concept_id,))
        yield from _rule(pack, f"not_below_zero.{concept_id}", code)
    if checks.targets:
        targets = checks.targets
        yield from _missing(pack, "checks.toml", "targets", (targets.kind, targets.target, targets.actual))
        if all(table.id != targets.block for table in pack.tables):
            yield PackProblem("checks.toml", "targets.block", f"表样中没有表 {targets.block}")
    yield from _missing(pack, "checks.toml", "peer_size", checks.peer_size)
    for rate in checks.peer_rates:
        yield from _missing(pack, "checks.toml", f"peer_rates.{rate.label}", (*rate.numerator, *rate.denominator))


def _proportions(pack: Pack) -> Iterator[PackProblem]:
    checks = pack.checks
    tables = {table.id for table in pack.money_tables}
    for key, declared in (("wrong_unit", checks.wrong_unit), ("all_zero", checks.all_zero)):
        if declared is not None:
            yield from _rule(pack, key, declared.code)
            for table in declared.tables:
                if table not in tables:
                    yield PackProblem("checks.toml", f"{key}.tables", f"表样中没有分机构的表 {table}")
    for pair in checks.wrong_unit.pairs if checks.wrong_unit else ():
        yield from _missing(pack, "checks.toml", "wrong_unit.pairs", pair)
    if checks.same_texts:
        yield from _rule(pack, "same_texts", checks.same_texts.code)
        yield from _missing(pack, "checks.toml", "same_texts.concepts", checks.same_texts.concepts)
        if checks.same_texts.last_year_code:
            yield from _rule(pack, "same_texts", checks.same_texts.last_year_code)
            yield from _missing(pack, "checks.toml", "same_texts.last_year", checks.same_texts.last_year)


def _settings(pack: Pack) -> Iterator[PackProblem]:
    """Yield a rule that is set is in the book, says why, and is none of those that say what became of a file."""
    for setting in pack.checks.settings:
        key = f"settings.{setting.code}"
        yield from _rule(pack, key, setting.code)
        if not setting.reason.strip():
            yield PackProblem("checks.toml", f"{key}.reason", "没有写明理由")
        if setting.code.startswith("SUB-"):
            yield PackProblem("checks.toml", key, "报送类规则决定文件的去向，不能停用或改级")


def _rule(pack: Pack, key: str, code: str) -> Iterator[PackProblem]:
    if code not in pack.rules:
        yield PackProblem("checks.toml", key, f"没有规则 {code}")
