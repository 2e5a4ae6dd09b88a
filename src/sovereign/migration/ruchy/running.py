"""Run programs with the first engine, from a file or a text to its end.

Enters: a path or a text, and a `World`. Leaves: how it ended: a status, a value, or the error with its place. This is
the door that commands, tests and later the second engine's driver go through. Read `cli.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy.compile_python import PythonCompiler
from sovereign.migration.ruchy.engine import Failure, execute
from sovereign.migration.ruchy.functions import World
from sovereign.migration.ruchy.lean import NamedTuple
from sovereign.migration.ruchy.program import check_file, check_text
from sovereign.migration.ruchy.stack import on_large_stack
from sovereign.migration.ruchy.values import Leave

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from sovereign.diagnostic import Span
    from sovereign.migration.ruchy.program import Checked

__all__ = ["Ending", "run_checked", "run_file", "run_text"]


class Ending(NamedTuple):
    """How a program ended."""

    status: int
    value: Any
    message: str | None
    span: Span | None
    """Where it failed."""
    hint: str | None = None


def run_checked(checked: Checked, world: World, *, gives_value: bool = False) -> Ending:
    """Run a program that was checked."""
    compiler = PythonCompiler(checked.names, checked.typed, checked.sources)
    code = compiler.program(checked.programs, gives_value=gives_value, calls_main=not gives_value)
    try:
        value = execute(code, world)
    except Failure as failure:
        span = checked.sources.line_span(failure.line) if failure.line is not None else None
        return Ending(1, None, f"Error: Evaluation error: {failure.kind}: {failure.text}", span, failure.hint)
    except Leave as leave:
        return Ending(leave.code, None, None, None)
    return Ending(0, value, None, None)


def _run(check: Callable[[], Checked], world: World, *, gives_value: bool) -> Ending:
    def action() -> Ending:
        return run_checked(check(), world, gives_value=gives_value)

    found = on_large_stack(action)
    assert isinstance(found, Ending)
    return found


def run_file(
    path: str, world: World | None = None, *, before: Callable[[Checked], None] = lambda _checked: None
) -> Ending:
    """Check and run a file; `before` is called in between.

    Errors    SourceError  when it is refused; those of reading a file.
    """

    def check() -> Checked:
        checked = check_file(path)
        before(checked)
        return checked

    return _run(check, world or World(), gives_value=False)


def run_text(text: str, world: World | None = None, *, path: str = "<text>", gives_value: bool = False) -> Ending:
    r"""Check and run a text.

    Errors    SourceError  when it is refused.

    >>> shown = []
    >>> run_text('println("a", 1 + 1)', World(shown.append)).status, shown
    (0, ['a 2\n'])
    """
    return _run(lambda: check_text(path, text), world or World(), gives_value=gives_value)
