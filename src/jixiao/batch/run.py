"""The run: an inbox processed into OUT. Little is loaded here: other processes start before what they do not need is."""

from __future__ import annotations

import os

from jixiao.batch.engine import open_engine
from jixiao.batch.errors import UsageError
from jixiao.batch.memory import collect_seldom
from jixiao.batch.options import Options
from jixiao.batch.outcome import Outcome, Progress
from jixiao.batch.workers import start_method

__all__ = ["Outcome", "Progress", "run"]


def run(options: Options, progress: Progress = lambda stage, done, total: None) -> Outcome:
    """Process an inbox into OUT; raises `UsageError` where it cannot be done as asked, before anything is written."""
    _check_places(options)
    start_method()
    with open_engine(options.engine, options.jobs, options.scheduler) as engine:
        from jixiao.batch.course import run_with

        collect_seldom()
        return run_with(options, engine, progress)


def _check_places(options: Options) -> None:
    inbox, out = options.inbox.resolve(), options.out.resolve()
    if out == inbox or out.is_relative_to(inbox):
        raise UsageError("输出文件夹不能在收件文件夹之内，请另选一个位置。")
    if options.out.exists() and not options.out.is_dir():
        raise UsageError(f"“{options.out}”不是文件夹，请另选一个位置。")
    if options.out.exists() and not os.access(options.out, os.W_OK):
        raise UsageError(f"无法写入输出文件夹“{options.out}”，请检查权限。")
