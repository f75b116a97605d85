"""The page of the commands, made from the commands themselves: `python -m jixiao.cli.command_pages docs`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from jixiao.cli.app import group

PAGE = "commands.md"


def commands_markdown() -> str:
    """Return the help of every command, as one page."""
    names = group.context_settings["help_option_names"]
    top = click.Context(
        group, info_name="jixiao", max_content_width=100, terminal_width=100, help_option_names=names
    )
    lines = ["# 命令", "", "Generated from the commands; do not edit.", "", *_help(group, top)]
    for name in group.list_commands(top):
        command = group.get_command(top, name)
        if command is None or command.hidden:
            continue
        context = click.Context(command, info_name=name, parent=top, max_content_width=100, terminal_width=100)
        lines += ["", f"## jixiao {name}", "", *_help(command, context)]
        for sub in command.list_commands(context) if isinstance(command, click.Group) else ():
            inner_command = command.get_command(context, sub) if isinstance(command, click.Group) else None
            if inner_command is not None and not inner_command.hidden:
                inner = click.Context(inner_command, info_name=sub, parent=context, max_content_width=100, terminal_width=100)
                lines += ["", f"### jixiao {name} {sub}", "", *_help(inner_command, inner)]
    return "\n".join(lines) + "\n"


def _help(command: click.Command, context: click.Context) -> list[str]:
    return ["```text", *(line.rstrip() for line in command.get_help(context).splitlines()), "```"]


if __name__ == "__main__":
    (Path(sys.argv[1]) / PAGE).write_text(commands_markdown(), encoding="utf-8")
