"""Rules of the declared targets: a completion that says what was done, with a figure where the target has one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from jixiao.checking import words
from jixiao.checking.score_sheet import record_numbers
from jixiao.checking.tally import Tally
from jixiao.model.fact import Fact, State
from jixiao.model.numerals import narrow
from jixiao.model.place import Place
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.pack.checks import Targets

NO_FIGURE, NO_SATISFACTION, NOT_FILLED, REPEATED, NONE_DECLARED = "TGT-01", "TGT-02", "TGT-03", "TGT-04", "TGT-05"
CODES = (NO_FIGURE, NO_SATISFACTION, NOT_FILLED, REPEATED, NONE_DECLARED)

_REMEMBERED = 4096
"""Texts of which it is remembered what they say: each is asked for by several rules, and many by several filings."""

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


def check_targets(submission: Submission, pack: Pack, tally: Tally) -> None:
    """Tell the tally what the rules about targets answered; one finding a target at most."""
    declared = pack.checks.targets
    if declared is None:
        for code in CODES:
            tally.not_asked(code, "表样没有定量目标")
        return
    facts, asked = submission.facts, 0
    for n in record_numbers(facts, declared.target):
        target = facts.get(declared.target.replace("{n}", n))
        if target is None or not words.says_something(target):
            continue
        asked += 1
        completion = facts.get(declared.actual.replace("{n}", n))
        kind = facts.text(declared.kind.replace("{n}", n)) or ""
        _check_target(target, completion, kind, declared, pack, tally)
    if asked:
        tally.passed(NONE_DECLARED)
    elif declared.block in submission.blocks:
        tally.failed(
            pack.rules.finding(
                NONE_DECLARED, place=_first_place(submission, declared), concept=declared.target.replace("{n}", "1")
            )
        )
    else:
        tally.undecided(NONE_DECLARED, f"缺少{pack.block_name(declared.block)}")
    for code in CODES:
        tally.not_asked(code, words.NOTHING_FILLED)


def _first_place(submission: Submission, declared: Targets) -> Place | None:
    stem, _, tail = declared.target.partition("{n}")
    blank = (fact for fact in submission.facts if fact.concept.startswith(stem) and fact.concept.endswith(tail))
    return next((fact.place for fact in blank), None)


def _check_target(
    target: Fact, completion: Fact | None, kind: str, declared: Targets, pack: Pack, tally: Tally
) -> None:
    wanted = target.text or target.raw or ""
    if completion is not None and completion.state is State.UNREADABLE:
        for code in CODES[:4]:
            tally.undecided(code, words.unreadable(pack, [completion]).replace("数字", "文字"))
        return
    satisfaction = kind in declared.satisfaction_kinds
    broken = _verdict(wanted, completion, satisfaction, declared)
    for other in (NOT_FILLED, REPEATED, NO_SATISFACTION if satisfaction else NO_FIGURE):
        if other != broken:
            tally.passed(other)
    if broken is None:
        return
    told = completion or target
    tally.failed(
        pack.rules.finding(
            broken,
            place=told.place,
            concept=told.concept,
            actual=words.quoted(completion.text) if completion and completion.text else words.NOT_FILLED,
            target=words.quoted(_NUMBERING.sub("", wanted, count=1)),
        )
    )


def _verdict(wanted: str, completion: Fact | None, satisfaction: bool, declared: Targets) -> str | None:
    """The one rule that a target breaks, the weightiest first."""
    if not words.says_something(completion) or completion is None:
        return NOT_FILLED
    done = completion.text or ""
    if satisfaction and not quantities(wanted) and not quantities(done):
        return NO_SATISFACTION
    if _bare(done) == _bare(wanted):
        return REPEATED
    if quantities(wanted) and only_says_done(done, declared) and not _same_unit(wanted, done):
        return NO_FIGURE
    return None


@lru_cache(maxsize=_REMEMBERED)
def quantities(text: str) -> tuple[str, ...]:
    """The units (`%` or none) of the quantities in a text: no numbering, years, dates, periods, numbers of documents."""
    if _DIGIT.search(text) is None:
        return ()
    lines = (line for line in _lines(text) if _DIGIT.search(line))
    return tuple(found[1] for line in lines for found in _NUMBER.finditer(_NO_QUANTITY.sub(" ", line)))


def only_says_done(text: str, declared: Targets) -> bool:
    """Whether a completion says no more than 'done'."""
    return _bare(text) in _bare_words(declared.done_words)


@lru_cache(maxsize=8)
def _bare_words(words_: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(_bare, words_))


def _same_unit(wanted: str, done: str) -> bool:
    """Whether the completion has a quantity of a kind that the target asks for (100% for a target in %)."""
    return bool(set(quantities(done)) & set(quantities(wanted)))


@lru_cache(maxsize=_REMEMBERED)
def _bare(text: str) -> str:
    return _PUNCTUATION.sub("", "".join(_lines(text)))


def _lines(text: str) -> Iterator[str]:
    """The lines of a text without their numbering."""
    for line in narrow(text).splitlines():
        numbered = _NUMBERING.match(line)
        yield line[numbered.end() :] if numbered else line
