"""The page of the commands, made from the commands themselves: `python -m jixiao.cli.command_pages docs`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from jixiao.cli.app import group

PAGE = "commands.md"


def commands_markdown() -> str:
    """Return the help of every command, as one page."""
    top = _context(group, "jixiao", None)
    return "\n".join(["# 命令", "", "Generated from the commands; do not edit.", "", *_help(top), *_subcommands(top, "##")]) + "\n"


def _context(command: click.Command, name: str, parent: click.Context | None) -> click.Context:
    names = group.context_settings["help_option_names"]
    return click.Context(
        command, parent, info_name=name, max_content_width=100, terminal_width=100, help_option_names=names
    )  # fmt: skip


def _subcommands(context: click.Context, mark: str) -> Iterator[str]:
    """Yield the lines of the commands of a group, headings beginning with a mark, and of the groups among them."""
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            command = context.command.get_command(context, name)
            if command is not None and not command.hidden:
                inner = _context(command, name, context)
                yield from ("", f"{mark} {inner.command_path}", "", *_help(inner))
                yield from _subcommands(inner, f"{mark}#")


def _help(context: click.Context) -> list[str]:
    return ["```text", *(line.rstrip() for line in context.get_help().splitlines()), "```"]


if __name__ == "__main__":
    (Path(sys.argv[1]) / PAGE).write_text(commands_markdown(), encoding="utf-8")
