"""How commands are declared."""

from __future__ import annotations

from atelier import TREE
from sovereign.orchestration.batuta.cli import GROUP
from sovereign.shell.command import SHARED, Command, Group, argument, option, paragraphs, walk
from sovereign.shell.entry import complete_tree


def test_paragraphs_are_joined_lines() -> None:
    text = """First line.

    Two
    lines.

    Last.
    """
    assert paragraphs(text) == ["First line.", "Two lines.", "Last."]


def test_a_missing_text_is_one_empty_paragraph() -> None:
    assert paragraphs("") == [""]


def test_the_usage_of_each_kind_is_shown_in_its_brackets() -> None:
    assert argument("FILE", "").usage == "FILE"
    assert argument("FILE", "", many=True).usage == "FILE..."
    assert argument("FILE", "", many=True, optional=True).usage == "[FILE...]"
    assert option("-o", "--out", text="", value="FILE").usage == "[--out FILE]"
    assert option("--only", text="", value="NAME", many=True).usage == "[--only NAME] ..."
    assert option("--force", text="").usage == "[--force]"


def test_destinations_are_names_of_python() -> None:
    assert argument("SOURCE-FILE", "").destination == "source_file"
    assert option("-n", "--dry-run", text="").destination == "dry_run"


def test_walking_meets_parents_before_children() -> None:
    paths = [" ".join(path) for path, _ in walk(TREE)]
    assert paths == ["atelier", "atelier wall", "atelier wall paint", "atelier judge"]


def test_every_command_of_batuta_explains_itself_and_shadows_nothing() -> None:
    shared = {flag for each in SHARED for flag in each.flags}
    for path, node in walk(complete_tree(GROUP)):
        assert node.summary.endswith("."), path
        if isinstance(node, Group):
            assert len({each.name for each in node.commands}) == len(node.commands)
        if isinstance(node, Command):
            assert not shared & {flag for each in node.options for flag in each.flags}, path
            assert all(each.text for each in node.arguments), path
