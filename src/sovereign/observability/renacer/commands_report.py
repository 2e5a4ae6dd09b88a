"""The command that shows a run on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.observability.renacer.commands_judge import TRACE, WHAT, events_of_options
from sovereign.shell.command import Command, Options, option
from sovereign.shell.exit import ExitCode

if TYPE_CHECKING:
    from sovereign.shell.console import Console

__all__ = ["COMMANDS"]


def report(console: Console, options: Options) -> ExitCode:
    """Show a run on a page: timeline, critical path, calls, files, sockets, processes, lines of Python.

    The page is one file that asks nothing of the network. The critical path is the chain of tasks that the end depended
    on, through pipes, locks and waits.
    """
    from pathlib import Path

    from sovereign.observability.renacer.report import page_of
    from sovereign.shell.files import require_free, write_atomically

    output = Path(options.output)
    require_free(output, force=options.force)
    events = events_of_options(console, options)
    write_atomically(output, page_of(events), force=options.force)
    console.emit({"output": str(output), "events": len(events)})
    console.write(f"{output}: {len(events):,} events")
    return ExitCode.OK


COMMANDS = (
    Command(
        "report",
        report,
        (
            WHAT,
            TRACE,
            option("-o", "--output", text="where it goes", value="FILE", default="report.html", completes="file"),
            option("--force", text="write over a file that is there"),
        ),
    ),
)
