"""The rule about tests that do not run: each names an issue and the day by which it runs again (house.md §3)."""

from __future__ import annotations

import ast
import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from house import tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["skips_expire"]

MARKS = {"pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail", "unittest.skip", "unittest.expectedFailure"}
CALLS = {"pytest.skip", "pytest.xfail", "pytest.importorskip", "unittest.skipIf", "unittest.skipUnless"}
SKIPS = MARKS | CALLS
REASON = re.compile(r"#\d+ until (\d{4}-\d{2}-\d{2})\b")
IGNORE = re.compile(r"#\[\s*ignore\b([^\]]*)\]")

# The marker `requires(...)` is made of skips: there an ability of the machine is missing, not a test.
ABILITIES = {"tests/abilities.py", "tests/conftest.py"}


def skips_expire(root: Path) -> list[str]:
    """A skipped test says `#12 until 2027-01-31: why`, and the day has not passed."""
    return list(judged(root, datetime.now(UTC).date()))


def judged(root: Path, today: date) -> Iterator[str]:
    """The violations on a given day."""
    for place, reason in _skips(root):
        stated = REASON.search(reason or "")
        if not stated:
            yield f"a skipped test needs an issue and a day, `#12 until 2027-01-31: why`: `{place}`"
        elif date.fromisoformat(stated[1]) < today:
            yield f"a skipped test has expired: `{place}`"


def _skips(root: Path) -> Iterator[tuple[str, str | None]]:
    for name, module in tree.modules(root, "tests/"):
        if name not in ABILITIES:
            yield from ((f"{name}:{line}", reason) for line, reason in _python_skips(module))
    for name, source in tree.select(root, ".rs"):
        for found in IGNORE.finditer(source):
            yield f"{name}:{source.count(chr(10), 0, found.start()) + 1}", found[1]


def _python_skips(module: ast.Module) -> Iterator[tuple[int, str | None]]:
    called = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and tree.dotted(node.func) in SKIPS:
            called.add(node.func)
            yield node.lineno, " ".join(tree.strings(node))
        # The walk goes from the outside in, so a call is always met before its own name.
        elif isinstance(node, ast.Attribute) and node not in called and tree.dotted(node) in MARKS:
            yield node.lineno, None
