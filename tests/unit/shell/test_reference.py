"""The documentation pages of a command."""

from __future__ import annotations

from atelier import TREE
from sovereign.orchestration.batuta.cli import GROUP
from sovereign.shell.reference import pages


def test_every_node_has_a_page_and_links_reach_one() -> None:
    found = pages(TREE)
    assert list(found) == [
        "atelier.md",
        "atelier-wall.md",
        "atelier-wall-paint.md",
        "atelier-judge.md",
        "atelier-completion.md",
        "atelier-man.md",
    ]
    links = [part.split(")")[0] for page in found.values() for part in page.split("](")[1:]]
    assert links
    assert set(links) <= set(found)


def test_a_page_holds_usage_arguments_options_and_exit_codes() -> None:
    page = pages(TREE)["atelier-wall-paint.md"]
    assert page.startswith(
        "# `atelier wall paint`\n\nPaint `sources` onto a target.\n\nThe colour is mixed first. It dries"
    )
    for line in ("| `SOURCE` | what to take |", "| `--layers N` | how many (default 1) |", "| `1` | the wall is wet |"):
        assert line in page


def test_pages_are_the_same_each_time_whatever_is_installed() -> None:
    assert pages(GROUP) == pages(GROUP)
    assert "sovereign.commands" in pages(GROUP)["batuta.md"]
