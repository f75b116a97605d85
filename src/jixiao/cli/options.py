"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from jixiao.model.finding import Severity

F = TypeVar("F", bound=Callable[..., Any])

RECOGNISED = "auto"


def _default_pack() -> str:
    from jixiao.pack.load import default_pack

    return default_pack()


pack_option = click.option(
    "--pack", default=_default_pack, metavar="P", help="表样包的名称或文件夹；不填则用本程序的默认表样。"
)
recognising_pack_option = click.option(
    "--pack", default=RECOGNISED, show_default=RECOGNISED, metavar="P",
    help="表样包的名称或文件夹；auto 为按文件内容识别。",
)  # fmt: skip

password_option = click.option(
    "--password-file", "passwords", type=click.Path(path_type=Path), metavar="密码.txt",
    help="文本文件：每行“文件名或部门名 = 密码”，或单独一个密码，用来打开设有密码的工作簿。",
)  # fmt: skip
seconds_option = click.option(
    "--seconds", type=click.FloatRange(0.1, 3600), default=30.0, show_default="30", metavar="秒",
    help="一份文件最多读取多久，超过即停止这一份。",
)  # fmt: skip
memory_option = click.option(
    "--memory", "memory_mib", type=click.IntRange(64, 65536), default=900, show_default="900", metavar="MB",
    help="读取一份文件最多占用多少内存，超过即停止这一份。",
)  # fmt: skip


def reading_options(command: F) -> F:
    """Give a command the options of everything that reads filings: passwords, and the limits of reading one file."""
    return password_option(seconds_option(memory_option(command)))


FAIL_ON = ("error", "warning", "never")


def fail_on_option(default: str) -> Callable[[F], F]:
    """Return the option --fail-on with its default."""
    return click.option(
        "--fail-on", type=click.Choice(FAIL_ON), default=default, show_default=default, metavar="级别",
        help="出现该级别（error 必改、warning 需说明）以上的问题时退出码为 1；never 为不计。",
    )  # fmt: skip


def fails(counts: dict[Severity, int], fail_on: str) -> bool:
    """Return whether there are findings at or above the asked severity."""
    if fail_on == "never":
        return False
    return any(count and severity.weight <= Severity(fail_on).weight for severity, count in counts.items())


def parent_ready(path: Path) -> None:
    """Make the folder that a file is to be written to; `UsageError` where that is refused."""
    from jixiao.errors import UsageError

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"无法写入“{path.parent}”，请检查权限。") from error
