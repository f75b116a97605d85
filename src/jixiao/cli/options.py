"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from jixiao.model.finding import Severity

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_PACK = "yunxi_2022"

pack_option = click.option(
    "--pack", default=DEFAULT_PACK, show_default="yunxi_2022", metavar="P", help="表样包的名称或文件夹。"
)

FAIL_ON = ("error", "warning", "never")


def fail_on_option(default: str) -> Callable[[F], F]:
    """The option --fail-on with its default."""
    return click.option(
        "--fail-on", type=click.Choice(FAIL_ON), default=default, show_default=default, metavar="级别",
        help="出现该级别（error 必改、warning 需说明）以上的问题时退出码为 1；never 为不计。",
    )  # fmt: skip


def fails(counts: dict[Severity, int], fail_on: str) -> bool:
    """Whether there are findings at or above the asked severity."""
    if fail_on == "never":
        return False
    return any(count and severity.weight <= Severity(fail_on).weight for severity, count in counts.items())


def parent_ready(path: Path) -> None:
    """Make the folder that a file is to be written to; `UsageError` where that is refused."""
    from jixiao.batch.errors import UsageError

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"无法写入“{path.parent}”，请检查权限。") from error
