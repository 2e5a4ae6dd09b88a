"""The names that a mistyped one may have meant."""

from __future__ import annotations

from sovereign.shell.nearest import nearest


def test_the_likest_name_comes_first() -> None:
    assert nearest("--htlm", ["--force", "--html", "--help"])[0] == "--html"


def test_nothing_is_offered_when_nothing_is_alike() -> None:
    assert nearest("xyz", ["check", "demo"]) == []


def test_no_more_are_offered_than_asked_for() -> None:
    assert len(nearest("aa", ["aab", "aac", "aad", "aae"], limit=2)) == 2
