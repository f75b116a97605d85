"""Progress tells how fast it goes on and how long the rest takes, and counts no work of an earlier run."""

from __future__ import annotations

import pytest

from jixiao.cli.terminal import Pace, progress


@pytest.mark.parametrize(
    ("first", "seconds", "done", "total", "told"),
    [
        pytest.param(0, 10, 50, 200, ("每秒 5.0 份", "约剩 30 秒"), id="a quarter"),
        pytest.param(100, 10, 150, 1000, ("每秒 5.0 份", "约剩 2 分 50 秒"), id="what an earlier run did is no speed"),
        pytest.param(0, 4, 0, 200, ("", ""), id="nothing done yet"),
        pytest.param(0, 0, 8, 200, ("", ""), id="no time gone"),
        pytest.param(0, 20, 200, 200, ("每秒 10.0 份", ""), id="the end"),
    ],
)
def test_the_rate_and_the_time_left(first, seconds, done, total, told):
    now = iter([0.0, seconds, seconds])
    pace = Pace(first, clock=lambda: next(now))
    assert (pace.rate_words(done), pace.left_words(done, total)) == told


def test_elsewhere_than_on_a_terminal_a_stage_ends_with_a_plain_line(capsys):
    with progress() as report:
        for done in (0, 100, 200):
            report("审核", done, 200)
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1].startswith("审核 200/200，每秒 ") and lines[-1].endswith(" 份")
    assert all(line.startswith("审核 ") for line in lines)
