"""Which words of a filing are personal, as its form declares it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from jixiao.model.fact import Facts
from jixiao.model.privacy import ordinary_apart, personal_words
from jixiao.model.result import Result
from jixiao.pack.memo import once_a_pack
from jixiao.pack.pack import Pack


def personal_words_of(pack: Pack, facts: Facts, public: Iterable[str] = ()) -> frozenset[str]:
    """The contact's and evaluators' names and telephones in a filing, as `masked` wants them.

    A word that stands in a `public` text (the department's own name) is none; one that the form itself prints is
    masked only where it stands by itself.
    """
    names = concepts_like(pack.names.contact_names)
    telephones = concepts_like(pack.names.telephones)
    name_texts, telephone_texts = [], []
    for fact in facts:
        if names[fact.concept]:
            name_texts += [text for text in {fact.text, fact.raw} if text]
        elif telephones[fact.concept]:
            telephone_texts += [text for text in {fact.text, fact.raw} if text]
    words = personal_words(name_texts, telephone_texts, public)
    return ordinary_apart(words, printed_text(pack), _printed_characters(pack))


def personal_words_by_result(pack: Pack, results: Sequence[Result]) -> list[frozenset[str]]:
    """The personal words of each result, those of the department's other files among them.

    An older or unreadable file has no facts of its own, yet its name may hold what a newer one says.
    """
    shared: dict[str, frozenset[str]] = {}
    for result in results:
        words = personal_words_of(pack, result.facts, (result.department,)) if len(result.facts) else _NO_WORDS
        # Most have none: one set for all of these.
        shared[_subject(result)] = shared.get(_subject(result), _NO_WORDS) | words or _NO_WORDS
    return [shared[_subject(result)] for result in results]


_NO_WORDS: frozenset[str] = frozenset()


class _Personal(dict[str | None, bool]):
    """Whether a concept is personal; what the form does not declare may hold anything, a name too."""

    def __init__(self, pack: Pack) -> None:
        super().__init__({None: False})
        self._pack = pack

    def __missing__(self, concept: str) -> bool:
        try:
            found = self._pack.concept(concept).personal
        except KeyError:
            return True
        if len(self) < _MEMORY:
            self[concept] = found
        return found


_MEMORY = 10_000


@once_a_pack
def personal_concepts(pack: Pack) -> Mapping[str | None, bool]:
    """Whether each concept is personal, those of records by their pattern."""
    return _Personal(pack)


_PRINTED: dict[str, str] = {}


def printed_text(pack: Pack) -> str:
    """Everything that a form and its rules print, as one text: its words are ordinary words, whoever bears them."""
    key = f"{pack.id}/{pack.sha256}"
    if key not in _PRINTED:
        declared = (pack.layout.model_dump(), pack.rubric.model_dump(), [rule.model_dump() for rule in pack.rules])
        _PRINTED[key] = "\n".join(dict.fromkeys(_texts(declared)))
    return _PRINTED[key]


@once_a_pack
def _printed_characters(pack: Pack) -> frozenset[str]:
    return frozenset(printed_text(pack))


def _texts(declared: object) -> Iterator[str]:
    if isinstance(declared, str):
        yield declared
    elif isinstance(declared, dict):
        for each in declared.values():
            yield from _texts(each)
    elif isinstance(declared, list | tuple):
        for each in declared:
            yield from _texts(each)


def _subject(result: Result) -> str:
    return result.budget_code or result.department or result.submission_id


_MEMORY = 20_000


class ConceptsLike(dict[str, bool]):
    """Whether a concept is one of some, or one row of a record concept among them; what was asked once is remembered."""

    def __init__(self, concepts: tuple[str, ...]) -> None:
        super().__init__()
        self._pattern = re.compile("|".join(re.escape(each).replace(r"\{n\}", r"\d+") for each in concepts) or r"(?!)")

    def __missing__(self, concept: str) -> bool:
        found = self._pattern.fullmatch(concept) is not None
        if len(self) < _MEMORY:
            self[concept] = found
        return found


@lru_cache(maxsize=64)
def concepts_like(concepts: tuple[str, ...]) -> ConceptsLike:
    """The concepts of these ids, `{n}` standing for the number of any row."""
    return ConceptsLike(concepts)
