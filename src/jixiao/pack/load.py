"""Load a pack: from TOML files to a validated `Pack`, with errors that name file and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError

from jixiao.errors import UsageError
from jixiao.pack.declarations import Declaration
from jixiao.pack.declarations.checks import Checks
from jixiao.pack.declarations.concept import Concept, ConceptKind
from jixiao.pack.declarations.equations import EquationsDeclaration
from jixiao.pack.declarations.layout import Layout
from jixiao.pack.declarations.rubric import Rubric
from jixiao.pack.declarations.rules import Rule
from jixiao.pack.inheritance import merged
from jixiao.pack.lint.messages import mistakes
from jixiao.pack.lint.references import unresolved
from jixiao.pack.lint.rubric import lint_rubric
from jixiao.pack.pack import NamesDeclaration, Pack
from jixiao.pack.resolve import ResolveError, resolve_concepts, resolve_equations, resolve_rows
from jixiao.pack.rulebook import Rulebook

PACKS_FOLDER = Path(__file__).resolve().parent.parent / "packs"
COMMON_RULES = "rules.toml"

D = TypeVar("D", bound=Declaration)


class PackError(UsageError):
    """A pack that cannot be used: the file, the key and what is wrong with it, in Chinese, on one line."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        super().__init__(f"表样包有误：{file}" + (f" 的 {key}" if key else "") + f"：{problem}")
        self.file, self.key, self.problem = file, key, problem


class PackDeclaration(Declaration):
    """The identity of a pack: the form's title and year, the years it may be filed for, and who is who in it.

    `default` packs stand where none is named; `example` ones only where they are named or stamped on a file. `extends` names the pack of which this one is a delta.
    """

    id: str
    title: str
    version: str
    year: int
    years: tuple[int, ...]
    default: bool = False
    example: bool = False
    extends: str = ""
    names: NamesDeclaration


class RulesDeclaration(Declaration):
    """The file of rules that hold for every form."""

    rules: tuple[Rule, ...]


DECLARATIONS: Mapping[str, type[Declaration]] = MappingProxyType({
    "pack.toml": PackDeclaration,
    "layout.toml": Layout,
    "equations.toml": EquationsDeclaration,
    "rubric.toml": Rubric,
    "checks.toml": Checks,
})
"""The files of a pack, each with what it declares."""

FILES = tuple(DECLARATIONS)


def installed_packs() -> tuple[str, ...]:
    """Return the ids of the packs that come with the program, sorted."""
    return tuple(sorted(path.parent.name for path in PACKS_FOLDER.glob("*/pack.toml")))


def default_pack() -> str:
    """Return the id of the installed pack used where none is named: the declared default, else the first."""
    packs = installed_packs()
    return next((name for name in packs if _identity(PACKS_FOLDER / name).get("default")), packs[0])


def load_pack(name_or_folder: str | Path) -> Pack:
    """Return the pack of an installed name, or of a folder that holds one; `PackError` if there is none or it is wrong."""
    return _load(pack_folder(name_or_folder))


def pack_folder(name_or_folder: str | Path) -> Path:
    """Return the folder of an installed pack's name, or the folder itself; `PackError` if no pack is there."""
    folder = Path(name_or_folder)
    if len(folder.parts) == 1 and str(name_or_folder) in installed_packs():
        folder = PACKS_FOLDER / name_or_folder
    if not (folder / "pack.toml").is_file():
        installed = "、".join(installed_packs())
        raise PackError(str(name_or_folder), "", f"没有这个表样包。已安装：{installed}；自己的表样包请写出它的文件夹")
    return folder.resolve()


@lru_cache(maxsize=16)
def _load(folder: Path) -> Pack:
    """Return the pack of a folder; loading takes 0.1 s, and every stage of a run asks for its pack by name."""
    texts = pack_texts(folder)
    pack = build({name: content_of(name, versions) for name, versions in texts.items()}, folder, texts)
    for reference in unresolved(pack):
        raise PackError(*reference)
    return pack


def build(contents: Mapping[str, dict[str, Any]], folder: Path, texts: Mapping[str, list[str]]) -> Pack:
    """Return the pack of its files' contents; `PackError` for the first thing wrong, mentions that lead nowhere apart."""
    lineage = _lineage(folder)
    declared = _parse(PackDeclaration, "pack.toml", contents)
    layout = _parse(Layout, "layout.toml", contents)
    equations_declared = _parse(EquationsDeclaration, "equations.toml", contents)
    rubric = _parse(Rubric, "rubric.toml", contents)
    checks = _parse(Checks, "checks.toml", contents)
    common = _parse(RulesDeclaration, COMMON_RULES, contents)
    _refuse_badly_linted(rubric)
    try:
        rows = resolve_rows(layout, rubric)
        concepts = resolve_concepts(layout, rubric, rows)
    except ResolveError as error:
        raise PackError("layout.toml", error.key, error.problem) from error
    _refuse_badly_linted(rubric, concepts)
    try:
        equations, equation_rules = resolve_equations(equations_declared, concepts)
        amounts = [each.id for each in concepts.values() if each.kind is ConceptKind.AMOUNT]
        rules = Rulebook((*_reworded(common.rules, checks.rules), *equation_rules), checks.settings, amounts)
    except ResolveError as error:
        raise PackError("equations.toml", error.key, error.problem) from error
    except ValueError as error:
        raise PackError(COMMON_RULES, "rules", str(error)) from error
    content = (f"{name}\0{text}" for name, versions in sorted(texts.items()) for text in versions)
    digest = sha256("\0".join(content).encode()).hexdigest()
    return Pack(
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
        names=declared.names,
        concepts=concepts,
        rows=rows,
        checks=checks,
        extends=lineage[0].name if len(lineage) > 1 else "",
        example=declared.example,
    )


def _read(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="utf-8")
    except OSError as error:
        raise PackError(name, "", f"读不到文件（{folder.name}）") from error
    except UnicodeDecodeError as error:
        raise PackError(name, "", "不是 UTF-8 编码的文本") from error


def _identity(folder: Path) -> dict[str, Any]:
    """Return what a pack's own pack.toml says."""
    return _toml("pack.toml", _read(folder, "pack.toml"))


def _toml(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise PackError(name, "", f"不是有效的 TOML：{_toml_mistake(str(error))}") from error


def _toml_mistake(message: str) -> str:
    """Return where a text stops being TOML, in Chinese, and what the parser calls it."""
    match = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", message, re.DOTALL)
    if match is None:
        return message
    where = f"第 {match[2]} 行第 {match[3]} 列" if match[2] else "文件末尾"
    return f"{where}写法不对（{match[1]}），请检查引号、括号和逗号"


def common_codes() -> frozenset[str]:
    """Return the codes of the rules of every form."""
    common = content_of(COMMON_RULES, [_read(PACKS_FOLDER, COMMON_RULES)])
    return frozenset(rule["code"] for rule in common["rules"])


def _reworded(common: Sequence[Rule], own: Sequence[Rule]) -> list[Rule]:
    """Return the rules of every form, as the pack words them where it does, then its own rules."""
    worded = {rule.code: rule for rule in own}
    return [*(worded.pop(rule.code, rule) for rule in common), *worded.values()]


def _lineage(folder: Path) -> list[Path]:
    """Return the folders of a pack and of those it extends, the root first; a base is installed or in the same folder."""
    line = [folder]
    while base := _identity(line[0]).get("extends"):
        base_folder = next((root / str(base) for root in (line[0].parent, PACKS_FOLDER) if (root / str(base)).is_dir()), None)
        if base_folder is None or base_folder in line:
            raise PackError("pack.toml", "extends", f"没有表样包 {base}" if base_folder is None else "表样包互相引用")
        line.insert(0, base_folder)
    return line


def pack_texts(folder: Path) -> dict[str, list[str]]:
    """Return the texts of a pack's files, the root's first; a delta has only the files that it changes."""
    root, *deltas = _lineage(folder)
    texts = {name: [_read(root, name)] for name in FILES}
    for delta in deltas:
        for name in FILES:
            if (delta / name).is_file():
                texts[name].append(_read(delta, name))
    texts[COMMON_RULES] = [_read(PACKS_FOLDER, COMMON_RULES)]
    return texts


def content_of(name: str, versions: Sequence[str]) -> dict[str, Any]:
    """Return what a file says in all its versions, the root's first; `PackError` where one is no TOML."""
    return merged([_toml(name, text) for text in versions])


def _parse(kind: type[D], name: str, contents: Mapping[str, dict[str, Any]]) -> D:
    try:
        return kind.model_validate(contents[name])
    except ValidationError as error:
        raise PackError(name, *mistakes(kind, contents[name], error)[0]) from error


def _refuse_badly_linted(rubric: Rubric, concepts: Mapping[str, Concept] | None = None) -> None:
    """Raise `PackError` for the first problem of a rubric, with the number of others."""
    problems = lint_rubric(rubric, concepts)
    if problems:
        key, problem = problems[0]
        more = f"（另有 {len(problems) - 1} 处）" if len(problems) > 1 else ""
        raise PackError("rubric.toml", key, f"{problem}{more}")
