"""The help text of a command."""

from __future__ import annotations

import pytest

from atelier import TREE
from sovereign.shell.command import Command, walk
from sovereign.shell.help import exits, help_text, rows, usage

NODES = {" ".join(path): node for path, node in walk(TREE)}
PAINT = NODES["atelier wall paint"]


def test_usage_shows_options_then_values() -> None:
    shown = usage(PAINT, "atelier wall paint")
    assert shown == "atelier wall paint [--colour NAME] [--layers N] [--tag TEXT] ... [--dry-run] SOURCE... TARGET"


def test_choices_and_defaults_stand_beside_the_text() -> None:
    assert isinstance(PAINT, Command)
    texts = dict(rows(PAINT.options))
    assert texts["-c, --colour NAME"] == "which one (one of red, blue; default red)"
    assert texts["--layers N"] == "how many (default 1)"
    assert texts["--dry-run"] == "only say it"


def test_exit_one_is_listed_where_it_means_something() -> None:
    assert [code for code, _ in exits(PAINT)] == [0, 1, 2]
    assert dict(exits(PAINT))[1] == "the wall is wet"
    assert [code for code, _ in exits(NODES["atelier judge"])] == [0, 2]


@pytest.mark.parametrize("name", NODES)
@pytest.mark.parametrize("width", [40, 80, 200])
def test_help_fits_its_width(name: str, width: int) -> None:
    text = help_text(NODES[name], name, width=width)
    assert all(len(line) <= width for line in text.splitlines())
    assert all(line == line.rstrip() for line in text.splitlines())


def test_help_holds_all_that_was_declared() -> None:
    text = help_text(PAINT, "atelier wall paint")
    for wanted in ("Paint 'sources' onto a target.", "It dries slowly.", "SOURCE ", "--tag TEXT", "--json", "is wet"):
        assert wanted in text


def test_a_group_lists_its_members_with_their_first_line() -> None:
    assert "  wall   Work on walls.\n  judge  Judge, and end as told." in help_text(TREE, "atelier")
