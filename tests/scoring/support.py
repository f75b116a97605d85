"""What the tests of scoring share: packs with other settings, and one score of a filing."""

from __future__ import annotations

from dataclasses import replace

from jixiao.model.score import Score
from jixiao.pack import Pack
from jixiao.scoring import Scored, score
from tests.support.filings import filing


def with_settings(pack: Pack, **settings: object) -> Pack:
    """The pack with these settings of its rubric."""
    changed = pack.rubric.settings.model_copy(update=settings)
    return replace(pack, rubric=pack.rubric.model_copy(update={"settings": changed}))


def scored(pack: Pack, figures: dict, **options: object) -> Scored:
    """A filing of these figures, scored; `reviews` may be among the options."""
    reviews = options.pop("reviews", None)
    return score(filing(pack, figures, **options), pack, reviews=reviews)


def one(pack: Pack, figures: dict, indicator: str, **options: object) -> Score:
    """The score of one indicator of a filing of these figures."""
    found = scored(pack, figures, **options).scorecard.of(indicator)
    assert found is not None
    return found


def codes(found: Scored, concept: str | None = None) -> list[str]:
    """The rules of the findings, of one concept where it is given."""
    return [each.rule for each in found.checked.findings if concept in (None, each.concept)]
