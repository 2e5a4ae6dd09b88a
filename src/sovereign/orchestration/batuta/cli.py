"""Conduct the rooms: check the stack, show the main job, call the other commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.orchestration.batuta.commands import ANALYZE, BUILD, NEW, REPORT, RESET, STATUS, TRANSPILE
from sovereign.shell.command import Command, Group, Options, argument, option
from sovereign.shell.entry import entry
from sovereign.shell.exit import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

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


def demo(console: Console, options: Options) -> ExitCode:
    """Run the main job: a Python service becomes a native function, with proof at every step.

    The service is made in FOLDER when it is not there; change it and call this again, and only what depends on the
    change is done anew. The steps: look at it, train and sign its model, translate it, hold both sides together on
    events and random inputs, build it for x86-64 and arm64, bundle it, run it beside the same Python, compare a handler
    in Ruchy in both of its modes. What was found is in the table, in `report.html` in FOLDER, and under --json.
    """
    from pathlib import Path

    from sovereign.orchestration.batuta.demo import Demo, bars, require_whole
    from sovereign.orchestration.batuta.evidence import demo_page
    from sovereign.orchestration.batuta.showing import Steps
    from sovereign.shell.files import write_atomically

    steps = Steps(console)
    run = Demo(Path(options.folder or "triage-demo"), steps, is_fresh=options.fresh)
    try:
        found = run.run()
    except BaseException:
        console.emit(run.document(steps.seconds), is_kept=True)
        raise
    finally:
        steps.close()
    write_atomically(found["report"], demo_page(found), force=True)
    console.emit(found, is_kept=True)
    steps.summary(found, list(bars(found)))
    require_whole(found)
    return ExitCode.OK


def validate(console: Console, options: Options) -> ExitCode:
    """Run an original and its translation side by side and say whether they do the same.

    Compared are standard output byte by byte, the kind of error on standard error, the exit status, and the files
    that a run leaves. A side is a Python file, a program, for the original a file in Ruchy, which is interpreted, or,
    for the translation, a Rust file that is compiled first. Without cases both run once without arguments.

    Two folders, of a project and of its translation, are compared program by program: programs on the cases that
    `batuta.toml` names, a function on --events.

    With --fuzz each function is called with random arguments too, boundaries first; what differs is made as small as it
    gets. Arguments of classes of data, dates and objects of JSON are made from the types of the parameters; functions
    for which that does not work, as for those in Ruchy, are listed with the reason.
    The translated side of random inputs is made from the original anew, unless --calls names a program that answers.
    What could not be measured is never a pass: then the exit status is 2.
    """
    from pathlib import Path

    from sovereign.orchestration.batuta.validation import MARKS, Inputs, cases_of, two_sides, validated
    from sovereign.shell.files import require_free, write_atomically

    sides = two_sides(options.original, options.transpiled)
    if all(each.is_dir() for each in sides):
        from sovereign.orchestration.batuta.commands import validate_projects

        return validate_projects(console, options)
    output = Path(options.output or f"validation.{options.report}") if options.report else None
    if output is not None:
        require_free(output, force=options.force)
    cases = cases_of(options.case, _path(options.cases), _path(options.stdin))
    inputs = Inputs(options.inputs, options.seed, tuple(options.signature), _path(options.calls))
    with console.progress("comparing"):
        found = validated(
            *sides,
            cases,
            inputs=inputs if options.fuzz else None,
            repeats=options.repeats if options.benchmark else 0,
            timeout_s=options.timeout,
        )
    console.emit(found.to_json())
    if output is not None:
        write_atomically(output, found.document(options.report), force=options.force)
    for columns, rows, right in found.tables():
        console.table(columns, rows, right=right, styles=MARKS)
    console.write(found.sentence())
    return found.findings.exit_code


_LONGEST_S = 86_400


def _path(word: str | None) -> Path | None:
    from pathlib import Path

    return None if word is None else Path(word)


def _at_least_one(word: str) -> int:
    """A count.

    >>> _at_least_one("3")
    3
    """
    if not word.isdecimal() or int(word) < 1:
        message = "not a whole number from 1 on"
        raise ValueError(message)
    return int(word)


def _seed(word: str) -> int:
    try:
        return int(word)
    except ValueError as error:
        message = "not a whole number"
        raise ValueError(message) from error


def _seconds(word: str) -> float:
    """A time in seconds.

    >>> _seconds("2.5")
    2.5
    """
    try:
        value = float(word)
    except ValueError as error:
        message = "not a number of seconds"
        raise ValueError(message) from error
    if not 0 < value <= _LONGEST_S:
        message = f"not a time above 0 and up to {_LONGEST_S:,} seconds"
        raise ValueError(message)
    return value


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
_VALIDATE = Command(
    "validate",
    validate,
    (
        option(
            "--original",
            text="the program as it was: a file in Python or Ruchy, what can be run, or the folder of a project",
            value="FILE",
            completes="file",
        ),
        option(
            "--transpiled",
            text="its translation: what can be run, a Rust file, or the folder of a translated project",
            value="FILE",
            completes="file",
        ),
        option(
            "--case", text="run both with these arguments, as a shell would split them", value="ARGUMENTS", many=True
        ),
        option(
            "--cases",
            text="run both with the cases of a JSON list: arguments, stdin, files, environment, name",
            value="FILE",
            completes="file",
        ),
        option("--stdin", text="what each --case reads on standard input", value="FILE", completes="file"),
        option("--fuzz", text="call each function with random arguments too"),
        option(
            "--inputs", text="how many random inputs a function gets", value="N", default=1000, convert=_at_least_one
        ),
        option("--seed", text="what the random inputs begin from", value="N", default=0, convert=_seed),
        option("--signature", text="try this function only, such as `area(float, list[int])`", value="F", many=True),
        option("--calls", text="the translated side that answers calls", value="FILE", completes="file"),
        option("--benchmark", text="time each case on both sides too"),
        option("--repeats", text="how many times it is timed", value="N", default=5, convert=_at_least_one),
        option(
            "--events",
            text="what a function is compared on: a file with one in each line",
            value="FILE",
            completes="file",
        ),
        option("--trace-syscalls", text="compare what both sides do to files, network and processes"),
        option("--timeout", text="seconds that a run may take", value="S", default=10.0, convert=_seconds),
        option("--report", text="write what was found into a file", value="FORMAT", choices=("html", "json")),
        option(
            "-o", "--output", text="where the report goes; validation.FORMAT otherwise", value="FILE", completes="file"
        ),
        option("--force", text="write over a file that is there"),
    ),
    no="the sides differ",
)
_DEMO = Command(
    "demo",
    demo,
    (
        argument("FOLDER", "where the service is made; `triage-demo` when left out", optional=True, completes="folder"),
        option("--fresh", text="do every step anew, whatever is known from before"),
    ),
    no="a step did not do its thing",
)
GROUP = Group(
    "batuta",
    """Conduct the Sovereign stack.

    Every room's command can be called through here, as `batuta NAME ...`.
    """,
    (
        NEW,
        ANALYZE,
        TRANSPILE,
        _VALIDATE,
        BUILD,
        REPORT,
        STATUS,
        RESET,
        Group("stack", "Look at the installed stack.", (_CHECK,)),
        _DEMO,
    ),
    plugins="sovereign.commands",
)
main = entry(GROUP)
