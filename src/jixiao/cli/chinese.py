"""Click in Chinese: help headings, and one line for each way of calling a command wrongly."""

from __future__ import annotations

import re
from typing import Any

import click

_WORDS = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 [参数]..."}
_NOTES = (
    (re.compile(r"required"), "必填"),
    (re.compile(r"default: \(?(.*?)\)?"), r"不填则为 \1"),
    (re.compile(r"(\S+)<=x<=(\S+)"), r"\1 至 \2"),
    (re.compile(r"x>=(\S+)"), r"不小于 \1"),
)
"""What click writes in brackets behind an option, note by note, and how it is said in Chinese."""


def _in_chinese(text: str) -> str:
    match = re.fullmatch(r"(.*?)\s*\[([^\[\]]+)\]", text, re.DOTALL)
    if not match:
        return text
    notes = match[2].split("; ")
    for number, note in enumerate(notes):
        for pattern, chinese in _NOTES:
            if whole := pattern.fullmatch(note):
                notes[number] = whole.expand(chinese)
    return f"{match[1]}（{'，'.join(notes)}）"


class ChineseCommand(click.Command):
    """A command whose help is laid out under Chinese headings, and asked for with -h wherever it is called from."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.context_settings.setdefault("help_option_names", ["-h", "--help"])

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(_WORDS.get(piece, piece) for piece in self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        records = [record for option in options if (record := option.get_help_record(ctx)) is not None]
        if records:
            with formatter.section("选项"):
                formatter.write_dl([(names, _in_chinese(text)) for names, text in records])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示帮助并退出。"
        return option


class ChineseGroup(ChineseCommand, click.Group):
    """A group of commands with Chinese help."""

    command_class = ChineseCommand
    group_class = type

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        ChineseCommand.format_options(self, ctx, formatter)
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, command.get_short_help_str(limit=70)) for name, command in commands if command]
        if rows:
            with formatter.section("命令"):
                formatter.write_dl(rows)


def explain(error: click.ClickException) -> str:
    """Return one Chinese line for a call that click refused."""
    match error:
        case click.NoSuchOption():
            return f"没有选项 {error.option_name}，用 --help 查看可用的选项。"
        case click.MissingParameter():
            name = error.param.make_metavar(error.ctx or click.Context(click.Command("jixiao"))) if error.param else ""
            return f"缺少参数 {name or error.param_hint or ''}，用 --help 查看用法。"
        case click.BadParameter():
            name = error.param.opts[0] if error.param else ""
            return f"参数 {name} 不正确：{error.message}"
        case click.UsageError() if "No such command" in error.message:
            return f"没有这个命令：{error.message.split(chr(39))[1]}，用 --help 查看可用的命令。"
        case _:
            return f"用法不正确：{error.format_message()}"
