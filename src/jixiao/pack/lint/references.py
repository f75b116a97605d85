"""The mentions of concepts, tables, equations, rules and indicators in a pack, and those that lead nowhere."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import NamedTuple

from jixiao.pack.declarations.layout import Table
from jixiao.pack.pack import Pack


class PackProblem(NamedTuple):
    """One thing wrong with a pack: the file, the key in it (empty for the whole file), and what is wrong, in Chinese."""

    file: str
    key: str
    problem: str


CONCEPT, TABLE, MONEY_TABLE, EQUATION, RULE = (
    "表样中没有概念", "表样中没有表", "表样中没有分机构的表", "没有等式", "没有规则",
)  # fmt: skip
"""What is said of a mention that leads nowhere, by the kind of what it mentions."""

Mention = tuple[str, str, Iterable[str]]
"""A key, the kind of what it mentions, and the ids."""


def unresolved(pack: Pack) -> Iterator[PackProblem]:
    """Yield the mentions of a pack that lead nowhere, in the order of its files."""
    existing: Mapping[str, Container[str]] = {
        CONCEPT: pack.concepts, TABLE: {table.id for table in pack.tables}, RULE: pack.rules,
        MONEY_TABLE: {table.id for table in pack.money_tables}, EQUATION: {equation.code for equation in pack.equations},
    }  # fmt: skip

    def missing(file: str, mentions: Iterable[Mention]) -> Iterator[PackProblem]:
        return (
            PackProblem(file, key, f"{kind} {name}") for key, kind, names in mentions for name in names if name not in existing[kind]
        )

    yield from missing("pack.toml", _names(pack))
    yield from (PackProblem("layout.toml", *problem) for problem in _columns(pack))
    yield from missing("equations.toml", _equations(pack))
    for indicator in pack.rubric.indicators:
        key = f"indicators.{indicator.id}"
        rates = [(f"{key}.measures", CONCEPT, (*each.numerator, *each.denominator)) for each in indicator.measures]
        yield from missing("rubric.toml", rates)
        for concept_id, code in indicator.zero_if.items():
            if concept_id not in pack.concepts or code not in existing[EQUATION]:
                yield PackProblem("rubric.toml", f"{key}.zero_if", f"没有概念 {concept_id} 或等式 {code}")
    yield from missing("checks.toml", _checks(pack))
    yield from (PackProblem("checks.toml", *problem) for problem in (*_indicators(pack), *_settings(pack)))


def _names(pack: Pack) -> Iterator[Mention]:
    for name, value in vars(pack.names).items():
        yield f"names.{name}", CONCEPT, (value,) if isinstance(value, str) else value or ()


def _columns(pack: Pack) -> Iterator[tuple[str, str]]:
    """Yield the columns that a printed row names and its table has not."""
    for sheet, table in pack.blocks:
        if isinstance(table, Table):
            # The rows of the rubric are none of these: it offers its columns to every table of its rows.
            columns = {column.key for column in table.columns}
            for row in (*table.rows, *table.footer):
                for name, keys in (("columns", row.columns or ()), ("printed", row.printed), ("shared_columns", row.shared_columns)):
                    for key in keys:
                        if key not in columns:
                            yield f"sheets.{sheet.id}.blocks.{table.id}.rows.{row.key}.{name}", f"该表没有栏目 {key}"


def _equations(pack: Pack) -> Iterator[Mention]:
    declared = pack.equations_declared
    for equation in declared.equations:
        if equation.subject:
            subjects = [equation.subject_in(column) for column in equation.columns or ("",)]
            yield f"equations.{equation.code}.subject", CONCEPT, subjects
    if declared.aggregation:
        yield "aggregation.tables", TABLE, declared.aggregation.tables
    for cause in declared.causes:
        yield f"causes.{cause.id}.amount", CONCEPT, (cause.amount,)
        yield f"causes.{cause.id}.only_if_exceeds", CONCEPT, cause.only_if_exceeds or ()
        yield f"causes.{cause.id}.codes", EQUATION, (*cause.codes, *cause.optional_codes)


def _checks(pack: Pack) -> Iterator[Mention]:
    checks = pack.checks
    for n, phrase in enumerate(checks.narrative, start=1):
        yield f"narrative.{n}", CONCEPT, (*filter(None, (phrase.concept,)), *phrase.also)
    for comparison in checks.comparisons:
        key = f"comparisons.{comparison.code}"
        yield key, CONCEPT, (*comparison.smaller, *comparison.larger, *comparison.instead)
        yield key, RULE, (comparison.code,)
    for budgeted in checks.over_budget:
        stems, columns = (budgeted.total, *budgeted.parts), (budgeted.actual, budgeted.budget)
        yield f"over_budget.{budgeted.total}", CONCEPT, [f"{stem}.{column}" for stem in stems for column in columns]
    for concept_id, code in checks.not_below_zero.items():
        yield "not_below_zero", CONCEPT, (concept_id,)
        yield f"not_below_zero.{concept_id}", RULE, (code,)
    if targets := checks.targets:
        yield "targets", CONCEPT, (targets.kind, targets.target, targets.actual)
        yield "targets.block", TABLE, (targets.block,)
    yield "peer_size", CONCEPT, checks.peer_size
    for rate in checks.peer_rates:
        yield f"peer_rates.{rate.label}", CONCEPT, (*rate.numerator, *rate.denominator)
    for key, declared in (("wrong_unit", checks.wrong_unit), ("all_zero", checks.all_zero)):
        if declared:
            yield key, RULE, (declared.code,)
            yield f"{key}.tables", MONEY_TABLE, declared.tables
    for pair in checks.wrong_unit.pairs if checks.wrong_unit else ():
        yield "wrong_unit.pairs", CONCEPT, pair
    if texts := checks.same_texts:
        yield "same_texts", RULE, filter(None, (texts.code, texts.last_year_code))
        yield "same_texts.concepts", CONCEPT, texts.concepts
        yield "same_texts.last_year", CONCEPT, texts.last_year if texts.last_year_code else ()
    for setting in checks.settings:
        yield f"settings.{setting.code}", RULE, (setting.code,)
    external = checks.elsewhere
    yield "elsewhere.reference", CONCEPT, external.reference
    for link in external.last_year:
        yield f"elsewhere.last_year.{link.concept}", CONCEPT, (link.concept, *link.was)
    for jump in external.jumps:
        yield f"elsewhere.jumps.{jump.concept}", CONCEPT, (jump.concept,)
    codes = (external.differs, *(link.code for link in external.last_year if link.code), *(jump.code for jump in external.jumps))
    yield "elsewhere", RULE, dict.fromkeys(codes)


def _indicators(pack: Pack) -> Iterator[tuple[str, str]]:
    """Yield the checks that name no indicator of the rubric where they must."""
    indicators = {indicator.id: indicator for indicator in pack.rubric.indicators}
    rated = {"", *(name for name, indicator in indicators.items() if indicator.measures)}
    for n, phrase in enumerate(pack.checks.narrative, start=1):
        if phrase.indicator not in rated or bool(phrase.concept) == bool(phrase.indicator):
            yield f"narrative.{n}", "应写明一个概念或一个按比率评分的指标"
    for bound in pack.checks.rate_bounds:
        if bound.code not in pack.rules or bound.indicator not in indicators:
            yield f"rate_bounds.{bound.code}", f"没有规则 {bound.code} 或指标 {bound.indicator}"


def _settings(pack: Pack) -> Iterator[tuple[str, str]]:
    """Yield the settings of rules that do not say why, or that set a rule on what became of a file."""
    for setting in pack.checks.settings:
        if not setting.reason.strip():
            yield f"settings.{setting.code}.reason", "没有写明理由"
        if setting.code.startswith("SUB-"):
            yield f"settings.{setting.code}", "报送类规则决定文件的去向，不能停用或改级"
