"""Rules about the names of files and folders (house.md §3 and §7)."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from house import tree

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["folders_are_not_numbered", "names_bear_no_date", "names_say_what", "root_markdown_is_fixed"]

ROOT_MARKDOWN = {"ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "README.md", "SECURITY.md"}
SAY_WHEN = "sprint session wave part phase boost final complete status temp disabled".split()
SAY_NOTHING = "utils util helpers helper common manager misc".split()
BANNED = {*SAY_WHEN, *SAY_NOTHING}

# A field's own term may stand here: path, then the reason.
ALLOWED: dict[str, str] = {
    "docs/reference/commands/batuta-status.md": "the page of a command bears its name, which the specification gives",
}


def root_markdown_is_fixed(root: Path) -> list[str]:
    """The root holds the five Markdown files, all of them and no others."""
    found = {name for name in tree.files(root) if "/" not in name and name.endswith(".md")}
    surplus = [f"Markdown in the root belongs in `docs/`: `{name}`" for name in sorted(found - ROOT_MARKDOWN)]
    return surplus + [f"the root lacks a document: `{name}`" for name in sorted(ROOT_MARKDOWN - found)]


def names_say_what(root: Path) -> list[str]:
    """No name holds a word that says when it was made, or says nothing."""
    found = [name for name in tree.files(root) if BANNED & _words(name)]
    surplus = [f"a name says when, not what: `{name}`" for name in found if name not in ALLOWED]
    return surplus + [f"an allowed name is not in the tree: `{name}`" for name in ALLOWED if name not in found]


def _words(name: str) -> set[str]:
    """The whole words between `_`, `-`, `.` and `/`; a number at the end of a word does not hide it."""
    return {re.sub(r"\d+$", "", word) for word in re.split(r"[_\-./]", name.lower())}


def names_bear_no_date(root: Path) -> list[str]:
    """No name holds a date, but a measurement's raw results may: they are facts of one day."""
    date = re.compile(r"(?<!\d)(?:19|20)\d\d[-_]?(?:0[1-9]|1[0-2])[-_]?(?:0[1-9]|[12]\d|3[01])(?!\d)")
    names = [name for name in tree.files(root) if "results" not in PurePosixPath(name).parts]
    return [f"a name bears a date: `{name}`" for name in names if date.search(name)]


def folders_are_not_numbered(root: Path) -> list[str]:
    """No `tests_1`, `tests_2`: a test file is named after what it tests."""
    numbered = re.compile(r"(^|/)tests?_\d+(\.|/|$)")
    return [f"a number is not a name for tests: `{name}`" for name in tree.files(root) if numbered.search(name)]
