"""Which words of a filing are personal, as its form declares it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from jixiao.model.fact import Facts
from jixiao.model.privacy import personal_words
from jixiao.model.result import Result
from jixiao.pack.pack import Pack


def personal_words_of(pack: Pack, facts: Facts, public: Iterable[str] = ()) -> frozenset[str]:
    """The contact's and evaluators' names and telephones in a filing, as `masked` wants them.

    A word that stands in a `public` text (the department's own name) is none.
    """
    names = _pattern(pack.names.contact_names)
    telephones = _pattern(pack.names.telephones)
    name_texts, telephone_texts = [], []
    for fact in facts:
        texts = [text for text in {fact.text, fact.raw} if text]
        if texts and names.fullmatch(fact.concept):
            name_texts += texts
        elif texts and telephones.fullmatch(fact.concept):
            telephone_texts += texts
    return personal_words(name_texts, telephone_texts, public)


def personal_words_by_result(pack: Pack, results: Sequence[Result]) -> list[frozenset[str]]:
    """The personal words of each result, those of the department's other files among them.

    An older or unreadable file has no facts of its own, yet its name may hold what a newer one says.
    """
    shared: dict[str, frozenset[str]] = {}
    for result in results:
        words = personal_words_of(pack, result.facts, (result.department,))
        shared[_subject(result)] = shared.get(_subject(result), frozenset()) | words
    return [shared[_subject(result)] for result in results]


def _subject(result: Result) -> str:
    return result.budget_code or result.department or result.submission_id


@lru_cache(maxsize=64)
def _pattern(concepts: tuple[str, ...]) -> re.Pattern[str]:
    """What matches these concept ids, each row of a record concept with them; nothing where there are none."""
    return re.compile("|".join(re.escape(each).replace(r"\{n\}", r"\d+") for each in concepts) or r"(?!)")
