"""Rules of the declared targets: a completion that says what was done, with a figure where the target has one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jixiao.checking import messages
from jixiao.checking.filing import CheckedFiling
from jixiao.model.fact import Fact, FactState
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack
from jixiao.pack.declarations.checks import Targets
from jixiao.values.text import to_half_width

NO_FIGURE, NO_SATISFACTION, NOT_FILLED, REPEATED, NONE_DECLARED = "TGT-01", "TGT-02", "TGT-03", "TGT-04", "TGT-05"
CODES = (NO_FIGURE, NO_SATISFACTION, NOT_FILLED, REPEATED, NONE_DECLARED)

_NUMBERING = re.compile(
    r"^\s*(?:(?:指标|目标|任务)\s*\d+\s*[:：、.．]?|[(（]?\d{1,2}[)）]|\d{1,2}\s*[、.．](?!\d)|[①-⑳]|[一二三四五六七八九十]+、)\s*"
)
_NO_QUANTITY = re.compile(
    r"""
    (?:19|20)\d\d\s*[-~—至]\s*(?:19|20)\d\d\s*年 | (?:19|20)\d\d\s*年度? | (?:19|20)\d\d[-/.]\d{1,2}(?:[-/.]\d{1,2})?
    | \d{1,2}\s*月(?:\s*\d{1,2}\s*[日号])? | \d{1,2}\s*[日号](?=前|底|起|止) | \d(?:\s*[-~—至]\s*\d)?\s*季度
    | 第\s*\d+ | [〔\[(](?:19|20)\d\d[〕\])]\s*\d+\s*号 | \d+\s*号(?=文|令|线|楼) | \d{3,5}(?=热线|平台|工程|行动计划)
    | [A-Za-z][-]?\d+ | \d+[A-Za-z]+ | [“"][^”"]{0,12}\d+[^”"]{0,12}[”"]
    """,
    re.VERBOSE,
)
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d+(?:\.\d+)?\s*(%?)")
_PUNCTUATION = re.compile(r"[\s，,。．.；;：:！!、“”\"'（）()]+")


def codes(pack: Pack) -> set[str]:
    """Return the codes of the rules about targets; a form without targets has them too, undecided."""
    return set(CODES)


def check(filing: CheckedFiling) -> None:
    """Check the declared targets; one finding a target at most."""
    declared, facts = filing.pack.checks.targets, filing.facts
    if declared is None:
        filing.not_asked(CODES, "表样没有定量目标")
        return
    targets = 0
    for n in facts.filled_records.get(declared.target.partition("{n}")[0], ()):
        target = facts.get(declared.target.replace("{n}", n))
        if target is not None and messages.says_something(target):
            targets += 1
            kind = facts.text(declared.kind.replace("{n}", n)) or ""
            _check_target(target, facts.get(declared.actual.replace("{n}", n)), kind, declared, filing)
    if targets:
        filing.passed(NONE_DECLARED)
    elif declared.block in filing.submission.blocks:
        stem, _, tail = declared.target.partition("{n}")
        blank = (fact for fact in facts if fact.concept.startswith(stem) and fact.concept.endswith(tail))
        first = Fact(declared.target.replace("{n}", "1"), None, FactState.BLANK)
        filing.failed(NONE_DECLARED, first._replace(place=next((fact.place for fact in blank), None)))
    else:
        filing.undecided(NONE_DECLARED, f"缺少{filing.pack.block_name(declared.block)}")
    filing.not_asked(CODES, messages.NOTHING_FILLED)


def _check_target(target: Fact, completion: Fact | None, kind: str, declared: Targets, filing: CheckedFiling) -> None:
    wanted = target.text or target.raw or ""
    if completion is not None and completion.state is FactState.UNREADABLE:
        for code in CODES[:4]:
            filing.undecided(code, messages.unreadable(filing.pack, [completion]).replace("数字", "文字"))
        return
    satisfaction = kind in declared.satisfaction_kinds
    broken = _broken_rule(wanted, completion, satisfaction, filing)
    for code in (NOT_FILLED, REPEATED, NO_SATISFACTION if satisfaction else NO_FIGURE):
        if code != broken:
            filing.passed(code)
    if broken is not None:
        filing.failed(
            broken, completion or target, target=messages.quoted(_NUMBERING.sub("", wanted, count=1)),
            actual=messages.quoted(completion.text) if completion and completion.text else messages.NOT_FILLED,
        )  # fmt: skip


def _broken_rule(wanted: str, completion: Fact | None, satisfaction: bool, filing: CheckedFiling) -> str | None:
    """Return the one rule that a target breaks, the weightiest first."""
    if completion is None or not messages.says_something(completion):
        return NOT_FILLED
    done = completion.text or ""
    wanted_quantities, done_quantities = quantities(wanted), quantities(done)
    if satisfaction and not wanted_quantities and not done_quantities:
        return NO_SATISFACTION
    bare = _bare(done)
    if bare == _bare(wanted):
        return REPEATED
    # A quantity of the kind that the target asks for (100% for a target in %) says more than 'done'.
    only_done = bare in _bare_done_words(filing.pack)
    if wanted_quantities and only_done and set(wanted_quantities).isdisjoint(done_quantities):
        return NO_FIGURE
    return None


@cached_per_pack
def _bare_done_words(pack: Pack) -> frozenset[str]:
    return frozenset(map(_bare, pack.checks.targets.done_words if pack.checks.targets else ()))


def quantities(text: str) -> tuple[str, ...]:
    """Return the units (`%` or none) of the quantities in a text: no numbering, years, dates, periods, document numbers."""
    if _DIGIT.search(text) is None:
        return ()
    lines = (line for line in _lines(text) if _DIGIT.search(line))
    return tuple(match[1] for line in lines for match in _NUMBER.finditer(_NO_QUANTITY.sub(" ", line)))


def _bare(text: str) -> str:
    """Return a text without numbering, blanks and punctuation."""
    return _PUNCTUATION.sub("", "".join(_lines(text)))


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of a text without their numbering."""
    for line in to_half_width(text).splitlines():
        numbered = _NUMBERING.match(line)
        yield line[numbered.end() :] if numbered else line
