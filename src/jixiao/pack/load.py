"""Loading a pack: TOML files in, a validated `Pack` out, errors naming file and key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from jixiao.pack.checks import Checks
from jixiao.pack.concept import Concept
from jixiao.pack.declaration import Declaration
from jixiao.pack.equations import EquationsDeclaration
from jixiao.pack.layout import Layout
from jixiao.pack.lint import lint_rubric
from jixiao.pack.pack import Names, Pack
from jixiao.pack.resolve import ResolveError, resolve_concepts, resolve_equations, resolve_rows
from jixiao.pack.rubric import Rubric
from jixiao.pack.rulebook import Rule, Rulebook

PACKS_FOLDER = Path(__file__).resolve().parent.parent / "packs"
COMMON_RULES = "rules.toml"
FILES = ("pack.toml", "layout.toml", "equations.toml", "rubric.toml", "checks.toml")

D = TypeVar("D", bound=Declaration)


class PackError(Exception):
    """A pack that cannot be used: the file, the key and what is wrong with it, in Chinese, on one line."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        super().__init__(f"表样包有误：{file}" + (f" 的 {key}" if key else "") + f"：{problem}")
        self.file, self.key, self.problem = file, key, problem


class _NamesDeclaration(Declaration):
    department: str
    budget_code: str | None = None
    year: str | None = None
    report_date: str | None = None
    contact_names: tuple[str, ...] = ()
    telephones: tuple[str, ...] = ()
    evaluator_units: tuple[str, ...] = ()
    total_stated: str | None = None
    total_sheet: str
    grade: str | None = None
    narrative: str | None = None


class _PackDeclaration(Declaration):
    id: str
    title: str
    version: str
    year: int
    years: tuple[int, ...]
    names: _NamesDeclaration


class _RulesDeclaration(Declaration):
    rules: tuple[Rule, ...]


def installed_packs() -> tuple[str, ...]:
    """The ids of the packs that come with the program, sorted."""
    return tuple(sorted(path.parent.name for path in PACKS_FOLDER.glob("*/pack.toml")))


def load_pack(name_or_folder: str | Path) -> Pack:
    """The pack of an installed name, or of a folder that holds one; `PackError` if there is none or it is wrong."""
    folder = Path(name_or_folder)
    if len(folder.parts) == 1 and str(name_or_folder) in installed_packs():
        folder = PACKS_FOLDER / name_or_folder
    if not (folder / "pack.toml").is_file():
        known = "、".join(installed_packs())
        raise PackError(str(name_or_folder), "", f"没有这个表样包。已安装：{known}")
    return _load(folder.resolve())


@lru_cache(maxsize=16)
def _load(folder: Path) -> Pack:
    texts = {name: _read(folder, name) for name in FILES}
    texts[COMMON_RULES] = _read(PACKS_FOLDER, COMMON_RULES)
    declared = _parse(_PackDeclaration, "pack.toml", texts)
    layout = _parse(Layout, "layout.toml", texts)
    equations_declared = _parse(EquationsDeclaration, "equations.toml", texts)
    rubric = _parse(Rubric, "rubric.toml", texts)
    common = _parse(_RulesDeclaration, COMMON_RULES, texts)
    _refuse_badly_linted(rubric)
    try:
        rows = resolve_rows(layout, rubric)
        concepts = resolve_concepts(layout, rubric, rows)
    except ResolveError as error:
        raise PackError("layout.toml", error.key, error.problem) from error
    _refuse_badly_linted(rubric, concepts)
    try:
        equations, equation_rules = resolve_equations(equations_declared, layout, concepts)
        rules = Rulebook((*common.rules, *equation_rules))
    except ResolveError as error:
        raise PackError("equations.toml", error.key, error.problem) from error
    except ValueError as error:
        raise PackError(COMMON_RULES, "rules", str(error)) from error
    digest = sha256("\0".join(f"{name}\0{text}" for name, text in sorted(texts.items())).encode()).hexdigest()
    pack = Pack(
        id=declared.id,
        title=declared.title,
        version=declared.version,
        year=declared.year,
        years=declared.years,
        sha256=digest,
        layout=layout,
        equations=equations,
        equations_declared=equations_declared,
        rubric=rubric,
        rules=rules,
        names=Names(**declared.names.model_dump()),
        concepts=concepts,
        rows=rows,
        checks=_parse(Checks, "checks.toml", texts),
    )
    _check_references(pack)
    return pack


def _read(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="utf-8")
    except OSError as error:
        raise PackError(name, "", f"读不到文件（{folder.name}）") from error


def _toml(name: str, texts: dict[str, str]) -> dict[str, Any]:
    try:
        return tomllib.loads(texts[name], parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise PackError(name, "", f"不是有效的 TOML：{error}") from error


def _parse(kind: type[D], name: str, texts: dict[str, str]) -> D:
    try:
        return kind.model_validate(_toml(name, texts))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise PackError(name, key, _explain(first)) from error


def _explain(error: Any) -> str:
    words = {
        "extra_forbidden": "不认识的键，请检查拼写",
        "missing": "缺少必填的键",
        "union_tag_invalid": "kind 不是已有的种类",
    }
    return words.get(error["type"], f"{error['msg']}（填的是 {error.get('input')!r}）")


def _refuse_badly_linted(rubric: Rubric, concepts: Mapping[str, Concept] | None = None) -> None:
    """`PackError` for the first thing that the rubric's linter finds, with how many more there are."""
    problems = lint_rubric(rubric, concepts)
    if problems:
        more = f"（另有 {len(problems) - 1} 处）" if len(problems) > 1 else ""
        raise PackError("rubric.toml", problems[0].key, f"{problems[0].problem}{more}")


def _check_references(pack: Pack) -> None:
    """Every concept that the rubric, the names and the causes mention must be one that the layout declares."""
    for name, value in vars(pack.names).items():
        for concept_id in (value,) if isinstance(value, str) else value or ():
            if concept_id not in pack.concepts:
                raise PackError("pack.toml", f"names.{name}", f"表样中没有概念 {concept_id}")
    for indicator in pack.rubric.indicators:
        for measure in indicator.measures:
            for concept_id in (*measure.numerator, *measure.denominator):
                if concept_id not in pack.concepts:
                    raise PackError("rubric.toml", f"indicators.{indicator.id}.measures", f"表样中没有概念 {concept_id}")
        for concept_id, code in indicator.zero_if.items():
            if concept_id not in pack.concepts or not any(pack.equations_of(code)):
                raise PackError("rubric.toml", f"indicators.{indicator.id}.zero_if", f"没有概念 {concept_id} 或等式 {code}")
    for bound in pack.checks.rate_bounds:
        if bound.code not in pack.rules or all(each.id != bound.indicator for each in pack.rubric.indicators):
            raise PackError("checks.toml", f"rate_bounds.{bound.code}", f"没有规则 {bound.code} 或指标 {bound.indicator}")
    for rate in pack.checks.peer_rates:
        for concept_id in (*rate.numerator, *rate.denominator):
            if concept_id not in pack.concepts:
                raise PackError("checks.toml", f"peer_rates.{rate.label}", f"表样中没有概念 {concept_id}")
    for cause in pack.equations_declared.causes:
        if cause.amount not in pack.concepts:
            raise PackError("equations.toml", f"causes.{cause.id}.amount", f"表样中没有概念 {cause.amount}")
