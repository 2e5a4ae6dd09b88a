"""Conduct the rooms: check the stack, show the main job, call the other commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.shell.command import Command, Group, Options, option
from sovereign.shell.entry import entry
from sovereign.shell.exit import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sovereign.orchestration.batuta.stack import Check
    from sovereign.shell.console import Console

__all__ = ["GROUP", "main"]


def stack_check(console: Console, options: Options) -> ExitCode:
    """Run the live self-tests of everything that is installed and print what each saw.

    Every room brings its own self-test; it does the thing on this machine, now. Each line says what was checked, how
    it ended, what was seen, and what mends it. An ability that is absent but optional does not fail the check.
    """
    from sovereign.orchestration.batuta.report import document
    from sovereign.orchestration.batuta.stack import require_whole
    from sovereign.shell.files import require_free, write_atomically

    if options.html is not None:
        require_free(options.html, force=options.force)
    checks = _checked(console, options.only)
    console.emit({"checks": checks})
    _show(console, checks)
    if options.html is not None:
        write_atomically(options.html, document(checks), force=options.force)
    require_whole(checks)
    return ExitCode.OK


def demo(console: Console, _options: Options) -> ExitCode:
    """Run the main job on this machine: the self-tests, then the native dot product beside NumPy's.

    Times are medians of calls that took turns, measured now; results are compared before the clock runs.
    """
    from sovereign.orchestration.batuta.demo import SIZES, compare, table
    from sovereign.orchestration.batuta.stack import broken, require_whole

    checks = _checked(console)
    _show(console, checks)
    if broken(checks):
        console.emit({"checks": checks, "dot": None})
        require_whole(checks)
    from sovereign.compute.trueno import active_backend, dot  # not before the self-tests said that it loads

    found = []
    with console.progress("measuring", steps=len(SIZES)) as progress:
        for comparison in compare(dot):
            found.append(comparison)
            progress.advance()
    console.emit({"checks": checks, "backend": active_backend().value, "dot": found})
    columns, rows = table(found)
    console.write(f"\nDot product of float32 vectors, {active_backend().value}:")
    console.table(columns, rows, right=columns)
    return ExitCode.OK


def _checked(console: Console, only: Sequence[str] = ()) -> list[Check]:
    from sovereign.orchestration.batuta.stack import check, chosen

    with console.progress("checking", steps=len(chosen(only))) as progress:
        return check(only, advance=progress.advance)


def _show(console: Console, checks: Sequence[Check]) -> None:
    from sovereign.orchestration.batuta.report import STYLES, table

    columns, rows = table(checks)
    console.table(columns, rows, styles=STYLES)


_CHECK = Command(
    "check",
    stack_check,
    (
        option("--only", text="run this self-test alone; may be repeated", value="NAME", many=True),
        option("--html", text="write the evidence as a page into this file", value="FILE", completes="file"),
        option("--force", text="write over a file that is there"),
    ),
    no="a self-test is broken",
)
GROUP = Group(
    "batuta",
    """Conduct the Sovereign stack.

    Every room's command can be called through here, as `batuta NAME ...`.
    """,
    (
        Group("stack", "Look at the installed stack.", (_CHECK,)),
        Command("demo", demo, no="a self-test is broken, or the core disagrees with NumPy"),
    ),
    plugins="sovereign.commands",
)
main = entry(GROUP)
