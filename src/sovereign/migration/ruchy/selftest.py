"""What `batuta stack check` says about Ruchy: programs run on this machine, now, and their output is compared."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sovereign.migration.ruchy.functions import World
from sovereign.migration.ruchy.running import run_text
from sovereign.shell.selftest import Evidence, State

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["run"]

_PROGRAMS = (
    ("arithmetic", "fun fib(n) { if n <= 1 { n } else { fib(n - 1) + fib(n - 2) } }\nprintln(fib(20))", 0, "6765\n"),
    ("values", "let mut a = [1]\nlet b = a\na.push(2)\nprintln(a, b)", 0, "[1, 2] [1]\n"),
    ("overflow", "let big = 9223372036854775807\nprintln(big + 1)", 1, ""),
    ("recursion", "fun deep(n) { if n == 0 { 0 } else { 1 + deep(n - 1) } }\nprintln(deep(10000))", 0, "10000\n"),
)


def run() -> Iterator[Evidence]:
    """Run a few programs and compare what they print and how they end."""
    for name, text, status, output in _PROGRAMS:
        written: list[str] = []
        start = time.perf_counter()
        ending = run_text(text, World(written.append))
        spent_ms = (time.perf_counter() - start) * 1000
        found = "".join(written)
        if (ending.status, found) == (status, output):
            yield Evidence(name, State.OK, f"printed what it should in {spent_ms:.1f} ms")
        else:
            yield Evidence(name, State.BROKEN, f"status {ending.status} and `{found.strip()}`")
