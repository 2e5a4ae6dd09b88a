"""The command `renacer`: see what a program asks of the kernel, keep it, and hold it to that."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal

from sovereign.observability.renacer import commands_golden, commands_judge, commands_report
from sovereign.shell.command import Command, Group, Options, argument, option
from sovereign.shell.entry import entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sovereign.observability.renacer._kernels import TraceRequest
    from sovereign.shell.console import Console
    from sovereign.shell.exit import ExitCode

__all__ = ["GROUP", "main"]

_FORMATS = ("text", "json", "jsonl", "csv", "chrome", "perfetto", "otlp")
_FORMS: dict[str, Literal["text", "lines"]] = {"text": "text", "jsonl": "lines"}
_ORDERS = ("time", "calls", "errors", "name")


def trace(console: Console, options: Options) -> ExitCode:
    """Run a program and show what it asks of the kernel.

    The name of the command may be left out: `renacer -f -c -- make`. Lines go to standard error or a file, never
    between the program's own output; the exit code is the program's. With `-f -e openat,write` only these calls stop
    the program, so that it runs nearly as fast as alone; `-e` takes names, classes such as `%file`, `/regular
    expressions/`, and `!` before all of them for the others. A running process is followed with `-p`, and left unharmed
    by Ctrl-C.
    """
    from sovereign.observability.renacer.following import end_like, follow, opened
    from sovereign.observability.renacer.formats import writer

    wanted = _request(options)
    with opened(options.output) as number, writer(options.format, number, options.endpoint) as take:
        wanted["output"] = number
        outcome = follow(wanted, take)
    console.emit({**outcome})
    console.finish()
    end_like(outcome, is_started=bool(wanted["command"]))


def _request(options: Options) -> TraceRequest:
    import os

    from sovereign.observability.renacer.recording import request
    from sovereign.shell.arguments import misuse

    if bool(options.command) == bool(options.attach):
        raise misuse("either a command or `--attach` has to be given", " ".join(options.command), ("renacer",))
    wanted = request(limit_bytes=options.limit, chosen=options.expression, follow=options.follow, python=options.python)
    wanted["command"] = [os.fsencode(word) for word in options.command]
    wanted["pids"] = options.attach
    wanted["filter"] = not options.every_stop
    wanted["order"], wanted["hash"] = options.sort, options.hash
    wanted["durations"], wanted["times"] = options.durations, options.times
    wanted["numbers"], wanted["is_prompt"] = options.output is not None and options.follow, options.output is None
    wanted["form"] = "summary" if options.summary else _FORMS.get(options.format, "events")
    return wanted


def _bytes(word: str) -> int | None:
    if word == "all":
        return None
    number = int(word)
    if number < 0:
        message = "it is less than 0"
        raise ValueError(message)
    return number


def _choice(word: str) -> str:
    return word.removeprefix("trace=")


_TRACE = Command(
    "trace",
    trace,
    (
        argument("COMMAND", "a program and its arguments", many=True, optional=True),
        option("-f", "--follow", text="also follow the threads and processes that it makes"),
        option(
            "-e",
            "--expression",
            text="the calls to show: `trace=` names, %classes, /regex/",
            value="E",
            default="",
            convert=_choice,
        ),
        option("-c", "--summary", text="count calls, errors and times, and show a table at the end"),
        option("-S", "--sort", text="how the table is ordered", value="ORDER", default="time", choices=_ORDERS),
        option("-T", "--durations", text="show how long each call took"),
        option("-t", "--times", text="show when each call began"),
        option("-s", "--limit", text="bytes shown of a buffer, or `all`", value="N", default=32, convert=_bytes),
        option("--hash", text="give the SHA-256 of each whole buffer, in JSON"),
        option("-p", "--attach", text="follow a running process", value="PID", many=True, convert=int),
        option("-o", "--output", text="write the trace into a file", value="FILE", completes="file"),
        option("--format", text="how the trace is written", value="FORMAT", default="text", choices=_FORMATS),
        option(
            "--endpoint", text="the collector for `otlp`, else `$OTEL_EXPORTER_OTLP_ENDPOINT`", value="URL", default=""
        ),
        option("--python", text="show the line of Python that made each call"),
        option("--every-stop", text="stop at every call, though only some are shown"),
    ),
)
GROUP = Group(
    "renacer",
    """See what a program asks of the kernel, keep it, and hold it to that.

    Without the name of a command, `trace` is meant.
    """,
    (_TRACE, *commands_golden.COMMANDS, *commands_judge.COMMANDS, *commands_report.COMMANDS),
)
_main = entry(GROUP)
_OWN = frozenset(("completion", "man", *(each.name for each in GROUP.commands)))
_ENDS = frozenset(("-h", "--help", "--version"))


def main(argv: Sequence[str] | None = None, prog: str | None = None) -> int:
    """Run with these words, or with those of the shell, and return the exit code."""
    return _main(completed(sys.argv[1:] if argv is None else argv), prog)


def completed(words: Sequence[str]) -> list[str]:
    """The words with `trace` where it is meant, and with `--` before the program, whose options are its own.

    >>> completed(["-e", "trace=read", "ls", "-l"])
    ['trace', '-e', 'trace=read', '--', 'ls', '-l']
    """
    found = list(words)
    if not found or (len(found) == 1 and found[0] in _ENDS):
        return found
    valued = {flag for each in _TRACE.options if each.value for flag in each.flags}
    place = 0
    while place < len(found) and found[place].startswith("-") and found[place] != "--":
        place += 2 if found[place] in valued else 1
    if place < len(found) and found[place] in _OWN:
        if found[place] != "trace":
            return found
        return [*found[:place], *completed(found[place + 1 :])] if place + 1 < len(found) else found
    if place < len(found) and found[place] != "--":
        found.insert(place, "--")
    return ["trace", *found]
