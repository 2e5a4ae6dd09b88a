"""The book of house rules: every rule by its name, gathered from the files of `rules/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from house.rules import crates, errors, locks, names, readme, rooms, skips, texts

if TYPE_CHECKING:
    from house.tree import Rule

CHAPTERS = (names, texts, skips, errors, crates, rooms, readme, locks)
RULES: dict[str, Rule] = {name: getattr(chapter, name) for chapter in CHAPTERS for name in chapter.__all__}
