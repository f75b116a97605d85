"""Find all problems of a pack at once, where loading stops at the first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from jixiao.pack.declarations.equations import EquationsDeclaration
from jixiao.pack.declarations.layout import Layout
from jixiao.pack.declarations.rubric import Rubric
from jixiao.pack.declarations.rules import Rule
from jixiao.pack.lint.layout import lint_layout
from jixiao.pack.lint.messages import mistakes
from jixiao.pack.lint.references import PackProblem, unresolved
from jixiao.pack.lint.rubric import lint_rubric
from jixiao.pack.load import DECLARATIONS, PackError, build, common_codes, content_of, pack_folder, pack_texts
from jixiao.pack.pack import Pack
from jixiao.pack.resolve import ResolveError, resolve_concepts, resolve_equations, resolve_rows


class Audit(NamedTuple):
    """Everything wrong with a pack, and the pack itself where it is whole enough to be drawn."""

    problems: tuple[PackProblem, ...]
    pack: Pack | None


def audit(name_or_folder: str | Path) -> Audit:
    """Return all problems of a pack that show without drawing it; raise `PackError` only where there is no pack."""
    folder = pack_folder(name_or_folder)
    texts = pack_texts(folder)
    contents: dict[str, dict[str, Any]] = {}
    declared: dict[str, Any] = {}
    problems: list[PackProblem] = []
    for name, versions in texts.items():
        try:
            contents[name] = content_of(name, versions)
            if name in DECLARATIONS:
                declared[name] = DECLARATIONS[name].model_validate(contents[name])
        except PackError as error:
            problems.append(PackProblem(error.file, error.key, error.problem))
        except ValidationError as error:
            problems.extend(PackProblem(name, *each) for each in mistakes(DECLARATIONS[name], contents[name], error))
    problems.extend(_across(declared))
    if problems:
        return Audit(_once(problems), None)
    try:
        pack = build(contents, folder, texts)
    except PackError as error:
        return Audit((PackProblem(error.file, error.key, error.problem),), None)
    return Audit(_once(unresolved(pack)), pack)


def reworded(pack: Pack) -> tuple[Rule, ...]:
    """Return the common rules that the pack rewords: by intent, or because a new rule took a code in use."""
    common = common_codes()
    return tuple(rule for rule in pack.checks.rules if rule.code in common)


def _once(problems: Any) -> tuple[PackProblem, ...]:
    return tuple(dict.fromkeys(problems))


def _across(declared: dict[str, Any]) -> Iterator[PackProblem]:
    """Yield what is wrong between files, as far as the files by themselves are right."""
    layout, rubric, equations = (declared.get(f"{name}.toml") for name in ("layout", "rubric", "equations"))
    if rubric is None:
        if layout is not None:
            yield from (PackProblem("layout.toml", *problem) for problem in lint_layout(layout, {}))
        return
    assert isinstance(rubric, Rubric)
    alone = list(lint_rubric(rubric))
    if layout is None or alone:
        yield from (PackProblem("rubric.toml", *problem) for problem in alone)
        return
    assert isinstance(layout, Layout)
    rows = resolve_rows(layout, rubric)
    yield from (PackProblem("layout.toml", *problem) for problem in lint_layout(layout, rows))
    try:
        concepts = resolve_concepts(layout, rubric, rows)
    except ResolveError as error:
        yield PackProblem("layout.toml", error.key, error.problem)
        return
    yield from (PackProblem("rubric.toml", *problem) for problem in lint_rubric(rubric, concepts))
    if equations is None:
        return
    assert isinstance(equations, EquationsDeclaration)
    codes = Counter(equation.code for name in ("equations", "rates") for equation in getattr(equations, name))
    yield from (PackProblem("equations.toml", f"equations.{code}", "编号重复") for code, times in codes.items() if times > 1)
    for name in ("equations", "rates"):
        for equation in getattr(equations, name):
            try:
                resolve_equations(EquationsDeclaration(**{name: (equation,)}), concepts)
            except ResolveError as error:
                yield PackProblem("equations.toml", error.key, error.problem)
