"""The commands that judge runs: assertions, two programs beside each other, calls that stand out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.shell.command import Command, Options, argument, option
from sovereign.shell.exit import ExitCode

if TYPE_CHECKING:
    from sovereign.observability.renacer.anomalies import Anomaly
    from sovereign.observability.renacer.events import Event
    from sovereign.shell.console import Console

__all__ = ["COMMANDS", "TRACE", "WHAT", "events_of_options"]


def assert_(console: Console, options: Options) -> ExitCode:
    """Hold a run to the assertions of `renacer.toml`.

    Types are `critical_path`, `span_count`, `memory_usage`, `anti_pattern` and `custom`. One that does not hold ends
    with status 1, unless it says `fail_on_violation = false`, which makes it a warning; one that could not be measured
    ends with status 2. The program's own output goes where it always goes.
    """
    from sovereign.observability.renacer.assertions import State, exit_code, judged, read_assertions
    from sovereign.observability.renacer.measures import Measures
    from sovereign.shell.files import read_text

    assertions = read_assertions(read_text(options.settings), options.settings)
    outcomes = judged(assertions, Measures(events_of_options(console, options)))
    console.emit({"assertions": [each.to_json() for each in outcomes]})
    columns = ["assertion", "type", "verdict", "measured"]
    rows = [[each.name, each.kind, str(each.state), each.what] for each in outcomes]
    styles = {str(State.HOLDS): "green", str(State.VIOLATED): "red", str(State.WARNING): "yellow"}
    console.table(columns, rows, styles=styles)
    return exit_code(outcomes)


def compare(console: Console, options: Options) -> ExitCode:
    """Say whether two traces show the same effects, as a program and its translation should.

    Traces are JSON lines of `renacer --format jsonl -f -s all`. The verdict is equal, or different at an effect, or not
    comparable for a reason, which ends with status 2. How often something was looked for, how bytes were cut, and what
    was read to start are not compared; what was written, started, sent and said is.
    """
    from sovereign.observability.renacer.checking import diff_of
    from sovereign.observability.renacer.comparing import Answer
    from sovereign.observability.renacer.comparing import compare as verdict_of

    verdict = verdict_of(options.first, options.second, tolerance=options.tolerance, leave_out=options.leave_out or ())
    console.emit(verdict.to_json())
    console.write(verdict.sentence)
    if verdict.differences:
        console.write(diff_of(verdict.differences))
    return {Answer.EQUAL: ExitCode.OK, Answer.DIFFERS: ExitCode.NO}.get(verdict.answer, ExitCode.CANNOT)


def anomalies(console: Console, options: Options) -> ExitCode:
    """Show the calls of a run that took longer than calls like them do.

    A call is held against the last ones of its kind. Calls that wait for somebody else are not judged. Severities are
    low from 3 deviations on, medium above 4, high above 5; any of them ends with status 1.
    """
    from sovereign.observability.renacer.anomalies import anomalies as found_in

    events = events_of_options(console, options)
    found = list(found_in(events, window=options.window, threshold=options.threshold))
    console.emit({"anomalies": [each.to_json() for each in found]})
    rows = [_row(each) for each in found]
    if rows:
        columns = ["call", "severity", "took us", "usual us", "deviations", "where"]
        console.table(columns, rows, right=["took us", "usual us", "deviations"])
    else:
        console.write("no call took longer than calls like it do")
    return ExitCode.NO if found else ExitCode.OK


def _row(each: Anomaly) -> list[str]:
    call = each.call
    where = ""
    if call is not None:
        where = f"{call.python.file}:{call.python.line}" if call.python is not None else f"process {call.pid}"
    numbers = [f"{each.duration_us:,.0f}", f"{each.usual_us:,.0f}", f"{each.deviations:.1f}"]
    return [each.kind, str(each.severity), *numbers, where]


def events_of_options(console: Console, options: Options) -> list[Event]:
    """The events of the trace that was named, or of the command that was given, run now.

    Errors    ParameterError shell.usage   when neither or both are given.
    """
    from sovereign.observability.renacer.events import events_of, read_events
    from sovereign.shell.arguments import misuse
    from sovereign.shell.files import read_bytes

    if (options.trace is None) == (not options.command):
        raise misuse("a command is needed, or `--trace` with a file", " ".join(options.command or []), (console.prog,))
    if options.trace is not None:
        return list(read_events(read_bytes(options.trace).splitlines(keepends=True), options.trace))
    from sovereign.observability.renacer.recording import record

    # What the program says must not come between our one document.
    stdout = 2 if console.json else None
    return list(events_of(record(options.command, stdout=stdout, limit_bytes=0), "-"))


def _positive(word: str) -> float:
    """A number above 0.

    >>> _positive("2.5")
    2.5
    """
    number = float(word)
    if not 0 < number < float("inf"):
        message = "not a number above 0"
        raise ValueError(message)
    return number


def _whole(word: str) -> int:
    if not word.isdecimal():
        message = "not a whole number"
        raise ValueError(message)
    return int(word)


WHAT = argument("COMMAND", "a program and its arguments, after `--`", many=True, optional=True)
TRACE = option("--trace", text="a recorded trace instead of a command", value="FILE", completes="file")
COMMANDS = (
    Command(
        "assert",
        assert_,
        (
            WHAT,
            TRACE,
            option("-a", "--settings", text="the assertions", value="FILE", default="renacer.toml", completes="file"),
        ),
        no="an assertion does not hold",
    ),
    Command(
        "compare",
        compare,
        (
            argument("FIRST", "a trace", completes="file"),
            argument("SECOND", "another", completes="file"),
            option("--leave-out", text="a pattern of things that are not compared", value="PATTERN", many=True),
            option("--tolerance", text="let numbers in texts differ by this share", value="SHARE", convert=_positive),
        ),
        no="the two programs did something else",
    ),
    Command(
        "anomalies",
        anomalies,
        (
            WHAT,
            TRACE,
            option("--window", text="so many calls of a kind are usual", value="N", default=100, convert=_whole),
            option(
                "--threshold",
                text="deviations from which on a call is shown",
                value="N",
                default=3.0,
                convert=_positive,
            ),
        ),
        no="a call took longer than calls like it do",
    ),
)
