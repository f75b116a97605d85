"""The generated pages of the documentation are those that the pack and the commands would give now: `make docs`."""

from __future__ import annotations

from pathlib import Path

from jixiao.cli.command_pages import PAGE, commands_markdown
from jixiao.pack import load_pack
from jixiao.pack.docs.pages import rubric_markdown, rules_markdown
from jixiao.pack.load import default_pack

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_pages_of_rules_and_rubric_are_current() -> None:
    pack = load_pack(default_pack())
    assert (DOCS / "rules.md").read_text(encoding="utf-8") == rules_markdown(pack)
    assert (DOCS / "rubric.md").read_text(encoding="utf-8") == rubric_markdown(pack)


def test_the_page_of_the_commands_is_current() -> None:
    assert (DOCS / PAGE).read_text(encoding="utf-8") == commands_markdown()
