"""Scoring: every indicator by its method, four numbers for each, and how each came about.

`score` is a pure function of a submission, a pack and the reviewers' decisions; all arithmetic is exact.
"""

from jixiao.scoring.score import Scored, score

__all__ = ["Scored", "score"]
