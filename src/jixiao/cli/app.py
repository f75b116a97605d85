"""The group of commands and the exit statuses: 0 done, 1 findings at or above --fail-on, 2 usage, 130 interrupted."""

from __future__ import annotations

import importlib
import os
import re
import sys
import tempfile
import traceback
from pathlib import Path

import click

from jixiao import __version__
from jixiao.cli.chinese import ChineseGroup, explain
from jixiao.cli.interrupts import interrupted, leave, listen
from jixiao.errors import UsageError

COMMANDS = {
    "template": ("jixiao.cli.setup", "template"),
    "run": ("jixiao.cli.run", "run"),
    "check": ("jixiao.cli.filings", "check"),
    "convert": ("jixiao.cli.filings", "convert"),
    "rules": ("jixiao.cli.rubric", "rules"),
    "rubric": ("jixiao.cli.rubric", "rubric"),
    "demo": ("jixiao.cli.setup", "demo"),
    "pack": ("jixiao.cli.pack", "pack"),
    "doctor": ("jixiao.cli.setup", "doctor"),
    "drop": ("jixiao.cli.setup", "drop"),
}
"""Commands by name and where each is.

For a short start-up, a command is imported only when it is called, and what it needs is imported inside it.
"""

USAGE = 2


class LazyGroup(ChineseGroup):
    """A group that imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="jixiao", message="%(prog)s %(version)s", help="显示版本并退出。")
def group() -> None:
    """绩效（jixiao）：部门整体支出绩效自评的批量审核、测算与退回。"""


def main() -> None:
    """Run the command line and exit with its status; never a traceback, which goes to a file named in the line."""
    listen()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        status = group.main(prog_name="jixiao", standalone_mode=False)
    except click.exceptions.Exit as asked:
        status = asked.exit_code
    except (click.Abort, KeyboardInterrupt):
        leave()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except Exception as error:
        # A library that an interrupt met while it was loaded tells of an error of its own.
        if interrupted():
            leave()
        status = USAGE
        click.echo(_told(error), err=True)
    sys.exit(status if isinstance(status, int) else 0)


def _told(error: Exception) -> str:
    """Return the error line of a command that failed."""
    if isinstance(error, click.ClickException):
        return explain(error)
    return str(error) if isinstance(error, UsageError) else _crash_line(error)


_FRAME = re.compile(r'^\s*File ".*", line \d+, in \S+$', re.MULTILINE)


def _where(error: BaseException) -> str:
    """Return the kinds of an error and of its causes, and where each arose: without messages, which may quote a filing."""
    parts: list[str] = []
    at: BaseException | None = error
    while at is not None and len(parts) < 20:
        frames = "".join(traceback.format_exception(type(at), at, at.__traceback__, chain=False))
        parts.append("\n".join([*_FRAME.findall(frames), type(at).__name__]))
        at = at.__cause__ or at.__context__
    return "\n\n".join(parts) + "\n"


def _crash_line(error: Exception) -> str:
    log = Path(tempfile.gettempdir()) / f"jixiao-{os.getpid()}.log"
    try:
        log.write_text(_where(error), encoding="utf-8")
    except OSError:
        return f"程序内部错误：{type(error).__name__}，请联系维护人员。"
    return f"程序内部错误：{type(error).__name__}，详情已写入 {log}，请连同该文件联系维护人员。"
