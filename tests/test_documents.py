"""What the pages say holds: links resolve, and every command and option that they name exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from jixiao.cli.app import COMMANDS, group
from jixiao.writing.parquet.columns import BESIDE, TABLES
from jixiao.writing.wording import STATUS_WORDS

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
CALL = re.compile(r"(?:^|`|：)(?:\.venv/bin/)?jixiao ([a-z]+[^`\n#|]*)", re.MULTILINE)


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that a call names, and what stands behind it."""
    context = click.Context(group)
    command: click.Command = group
    while words and isinstance(command, click.Group):
        found = command.get_command(context, words[0])
        if found is None:
            break
        command, words = found, words[1:]
    return command, words


def calls() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        for match in CALL.finditer(page.read_text(encoding="utf-8")):
            if match[1].split()[0] in COMMANDS:
                found.append((page.name, match[1].strip()))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    targets = (target.split("#")[0] for target in LINK.findall(page.read_text(encoding="utf-8")))
    lost = [target for target in targets if target and "://" not in target and not (page.parent / target).exists()]
    assert lost == []


def test_the_pages_name_every_command():
    named = {call.split()[0] for page, call in calls()}
    assert named == set(COMMANDS)


@pytest.mark.parametrize(("page", "call"), sorted(set(calls())))
def test_a_command_that_a_page_names_has_the_options_that_it_names(page, call):
    command, words = command_of(shlex.split(call))
    assert command is not group, call
    known = {name for param in command.params for name in param.opts} | {"--help", "-h"}
    asked = {re.split(r"[^a-z-]", word)[0] for word in words if re.match(r"--?[a-z]", word)}
    assert asked <= known, f"{page}: {sorted(asked - known)}"


def test_the_data_page_tells_every_column_and_status():
    page = (ROOT / "docs/data.zh-CN.md").read_text(encoding="utf-8")
    told = {}
    for part in [each for each in page.split("\n## ")[1:] if "| --- | --- |" in each]:
        rows = [row.split("|")[1].strip() for row in part.split("| --- | --- |\n")[1].split("\n\n")[0].splitlines()]
        told[part.split("：")[0]] = sorted(column for row in rows for column in row.split("、"))
    assert told == {table.name: sorted(table.columns) for table in (*TABLES, *BESIDE)}
    for status, word in STATUS_WORDS.items():
        assert f"| {status.value} | {word}" in page
