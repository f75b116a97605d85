"""Which words of a filing are personal, as its form declares it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from jixiao.model.fact import Facts
from jixiao.model.privacy import ordinary_apart, personal_words
from jixiao.model.result import Result
from jixiao.pack.lookup import row_facts
from jixiao.pack.memo import once_a_pack
from jixiao.pack.pack import Pack


def personal_words_of(pack: Pack, facts: Facts, public: Iterable[str] = ()) -> frozenset[str]:
    """The contact's and evaluators' names and telephones in a filing, as `masked` wants them.

    A word that stands in a `public` text (the department's own name) is none; one that the form itself prints is
    masked only where it stands by itself.
    """
    names, telephones = (
        [text for fact in row_facts(facts, patterns) for text in {fact.text, fact.raw} if text]
        for patterns in (pack.names.contact_names, pack.names.telephones)
    )
    words = personal_words(names, telephones, public)
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


@once_a_pack
def personal_concepts(pack: Pack) -> _PersonalConcepts:
    """Return whether each concept is personal, those of records by their pattern."""
    return _PersonalConcepts(pack)


class _PersonalConcepts(dict[str | None, bool]):
    """Whether a concept is personal; what the form does not declare may hold anything, a name too."""

    def __init__(self, pack: Pack) -> None:
        super().__init__({None: False} | {concept.id: concept.personal for concept in pack.concepts.values()})
        self._pack = pack

    def __missing__(self, concept: str) -> bool:
        # Not remembered: rows are numbered as a filing likes.
        try:
            return self._pack.concept(concept).personal
        except KeyError:
            return True


@once_a_pack
def printed_text(pack: Pack) -> str:
    """Everything that a form and its rules print, as one text: its words are ordinary words, whoever bears them."""
    declared = (pack.layout.model_dump(), pack.rubric.model_dump(), [rule.model_dump() for rule in pack.rules])
    return "\n".join(dict.fromkeys(_texts(declared)))


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

