"""Click in Chinese: help headings, and one line for each way of calling a command wrongly."""

from __future__ import annotations

import click


class ChineseCommand(click.Command):
    """A command whose help is laid out under Chinese headings."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [record for param in self.get_params(ctx) if (record := param.get_help_record(ctx)) is not None]
        if records:
            with formatter.section("选项"):
                formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示帮助并退出。"
        return option


class ChineseGroup(ChineseCommand, click.Group):
    """A group of commands, likewise."""

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
    """One Chinese line for a call that click refused."""
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
