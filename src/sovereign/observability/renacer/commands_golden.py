"""The commands about golden files: record, check, update, show, report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.shell.command import Command, Group, Options, argument, option
from sovereign.shell.exit import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sovereign.observability.renacer.checking import Difference
    from sovereign.observability.renacer.events import Event
    from sovereign.observability.renacer.golden import Golden
    from sovereign.shell.console import Console

__all__ = ["COMMANDS"]

_FEWEST = 5


def record(console: Console, options: Options) -> ExitCode:
    """Run a command several times and keep what it does to the world.

    The golden file holds one line for each file, stream, socket and process that the command touches, with what is
    done to it, and how often each call is made. What differs between the runs is kept as open and never judged again.
    With `--start FOLDER` each run starts in a fresh copy of that folder. One run more comes first, to fill caches.
    With `--portable` only what holds on every machine is kept: streams, sockets, signals, children, and paths in the
    working folder and the folder for temporary files, but not where programs lie, nor how often calls are made.
    """
    from pathlib import Path

    from sovereign.observability.renacer.keeping import Order, keep
    from sovereign.shell.files import require_free, write_atomically

    output = Path(options.output or f"{Path(options.command[0]).name}.golden")
    require_free(output, force=options.force)
    order = Order.of(
        options.command,
        stdin=options.stdin,
        start=options.start,
        variables=dict(options.env or []),
        is_portable=options.portable,
    )
    with console.progress("recording", steps=options.times) as progress:
        golden = keep(order, output.parent, times=options.times, told=lambda _: progress.advance())
    write_atomically(output, "".join(golden.lines()), force=options.force)
    console.emit({"output": str(output), **_facts(golden)})
    console.write(f"{output}: {_told(golden)}")
    return ExitCode.OK


def check(console: Console, options: Options) -> ExitCode:
    """See whether commands still do what their golden files say.

    Each is run once, as it was recorded. A difference is shown with the effect that it is about, as it was and as it
    is. With `--trace FILE` a recorded trace is held against one golden file instead of a new run.
    """
    from pathlib import Path

    from sovereign.observability.renacer.checking import check as differences
    from sovereign.observability.renacer.effects import form_of, portable
    from sovereign.observability.renacer.golden import require_whole
    from sovereign.observability.renacer.keeping import Order, recorded

    if options.trace is not None and len(options.file) > 1:
        from sovereign.shell.arguments import misuse

        raise misuse("one trace is held against one golden file", options.file[1], ("renacer", "golden", "check"))
    found: dict[str, list[Difference]] = {}
    with console.progress("checking", steps=len(options.file)) as progress:
        for name in options.file:
            golden = _read(Path(name))
            order = Order.of_golden(golden, Path(name).parent)
            if options.trace is None:
                form = recorded(order)[0]
            else:
                form = form_of(_events(options.trace), options.trace)
                require_whole(form)
                form = portable(form) if order.is_portable else form
            found[name] = differences(golden, form)
            progress.advance()
    return _show(console, found)


def update(console: Console, options: Options) -> ExitCode:
    """Record a command again, as its golden file says, and rewrite the file.

    What changed is shown as a difference of the two files; the review of it is the gate.
    """
    import difflib
    from pathlib import Path

    from sovereign.observability.renacer.keeping import Order, keep
    from sovereign.shell.files import write_atomically

    changed = []
    for name in options.file:
        path = Path(name)
        old = _read(path)
        with console.progress(f"recording {name}", steps=old.recordings) as progress:
            order = Order.of_golden(old, path.parent)
            new = keep(order, path.parent, times=max(old.recordings, _FEWEST), told=lambda _: progress.advance())
        before, after = (_reviewed(golden) for golden in (old, new))
        write_atomically(path, "".join(new.lines()), force=True)
        if before != after:
            changed.append(name)
            console.write("".join(difflib.unified_diff(before, after, name, name, n=1)))
    console.emit({"updated": list(options.file), "changed": changed})
    console.write(f"{len(changed)} of {len(options.file)} say something else now")
    return ExitCode.OK


def show(console: Console, options: Options) -> ExitCode:
    """Show what a golden file knows, for a person."""
    from pathlib import Path

    from sovereign.observability.renacer.checking import shown

    golden = _read(Path(options.file))
    console.emit({**_facts(golden), "lines": len(golden.lines())})
    if console.json or console.quiet:
        return ExitCode.OK
    console.write(f"{' '.join(golden.command)}: {_told(golden)}")
    rows = []
    for name, lines in golden.objects.items():
        for line in lines:
            does = line["does"]
            by = line["by"] if isinstance(line["by"], str) else "anyone"
            told = (
                [shown(each) for each in does] if isinstance(does, list) else ["at times: " + ", ".join(_verbs(line))]
            )
            rows += [[name if place == 0 else "", by if place == 0 else "", each] for place, each in enumerate(told)]
    console.table(["what", "by", "is done"], rows)
    bands = [[name, str(low), str(high)] for name, (low, high) in golden.calls.items()]
    console.table(["call", "fewest", "most"], bands, right=["fewest", "most"])
    return ExitCode.OK


def report(console: Console, options: Options) -> ExitCode:
    """Write a page about many golden files: times, calls, the most frequent calls, one mode beside the other.

    A file is named `PROGRAM.MODE.golden`; the rows of a program's modes stand together. The page is HTML, or Markdown
    where the output ends in `.md`.
    """
    from pathlib import Path

    from sovereign.observability.renacer.analysis import html, markdown, rows
    from sovereign.shell.files import write_atomically

    named = {Path(name): _read(Path(name)) for name in options.file}
    output = Path(options.output)
    text = markdown(named) if output.suffix == ".md" else html(named)
    write_atomically(output, text, force=options.force)
    console.emit({"output": str(output), "programs": rows(named)})
    console.write(f"{output}: {len(named)} golden files")
    return ExitCode.OK


def _read(path: Path) -> Golden:
    from sovereign.observability.renacer.golden import read_golden
    from sovereign.shell.files import read_text

    return read_golden(read_text(path).splitlines(), str(path))


def _events(path: str) -> Iterator[Event]:
    from sovereign.observability.renacer.events import read_events
    from sovereign.shell.files import read_bytes

    return read_events(read_bytes(path).splitlines(keepends=True), path)


def _show(console: Console, found: dict[str, list[Difference]]) -> ExitCode:
    from sovereign.observability.renacer.checking import diff_of

    console.emit(
        {
            "files": {
                name: {
                    "verdict": "differs" if differences else "equal",
                    "differences": [each.to_json() for each in differences],
                }
                for name, differences in found.items()
            }
        }
    )
    for name, differences in found.items():
        if not differences:
            console.write(f"{name}: equal")
            continue
        console.write(f"{name}: differs at {differences[0].sentence}")
        console.write(diff_of(differences))
    return ExitCode.NO if any(found.values()) else ExitCode.OK


def _reviewed(golden: Golden) -> list[str]:
    """The lines without what is another each time."""
    kept = golden.head.pop("took_ms", None)
    lines = golden.lines()
    if kept is not None:
        golden.head["took_ms"] = kept
    return lines


def _verbs(line: dict[str, object]) -> list[str]:
    return [str(verb) for name in ("always", "sometimes") for verb in _list(line[name])]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _facts(golden: Golden) -> dict[str, object]:
    return {
        "command": golden.command,
        "recordings": golden.recordings,
        "processes": len(golden.processes),
        "objects": len(golden.objects),
        "open": sum('{"*"' in line for line in golden.lines()),
        "calls": {name: list(band) for name, band in golden.calls.items()},
    }


def _told(golden: Golden) -> str:
    low, high = (sum(band[place] for band in golden.calls.values()) for place in (0, 1))
    calls = f"{low}" if low == high else f"{low} to {high}"
    return (
        f"{len(golden.objects)} things touched by {len(golden.processes)} processes with {calls} calls, "
        f"learned from {golden.recordings} recordings"
    )


def _variable(word: str) -> tuple[str, str]:
    """A variable of the environment.

    >>> _variable("TZ=UTC")
    ('TZ', 'UTC')
    """
    name, is_set, value = word.partition("=")
    if not is_set or not name:
        message = "not a variable as NAME=VALUE"
        raise ValueError(message)
    return name, value


def _times(word: str) -> int:
    """How often; fewer do not tell luck from behaviour.

    >>> _times("7")
    7
    """
    if not word.isdecimal() or int(word) < _FEWEST:
        message = f"not a whole number from {_FEWEST} on"
        raise ValueError(message)
    return int(word)


_FORCE = option("--force", text="write over files that are there")
_FILES = argument("FILE", "golden files", many=True, completes="file")
COMMANDS = (
    Group(
        "golden",
        """Keep what programs do to the world, and hold them to it.

        A golden file is learned from several runs, lies in version control, and is reviewed as a difference.
        """,
        (
            Command(
                "record",
                record,
                (
                    argument("COMMAND", "the program and its arguments, after `--`", many=True),
                    option("-o", "--output", text="where the golden file goes", value="FILE", completes="file"),
                    option(
                        "-n",
                        "--times",
                        text="how many runs are learned from",
                        value="N",
                        default=_FEWEST,
                        convert=_times,
                    ),
                    option(
                        "--start",
                        text="begin each run with a fresh copy of this folder",
                        value="FOLDER",
                        completes="folder",
                    ),
                    option(
                        "--env", text="set a variable, as NAME=VALUE", value="VARIABLE", many=True, convert=_variable
                    ),
                    option("--portable", text="keep only what holds on every machine"),
                    option("--stdin", text="what the program reads as standard input", value="FILE", completes="file"),
                    _FORCE,
                ),
            ),
            Command(
                "check",
                check,
                (
                    _FILES,
                    option("--trace", text="a recorded trace instead of a new run", value="FILE", completes="file"),
                ),
                no="a command does something else than its golden file says",
            ),
            Command("update", update, (_FILES,)),
            Command("show", show, (argument("FILE", "a golden file", completes="file"),)),
            Command(
                "report",
                report,
                (
                    _FILES,
                    option(
                        "-o",
                        "--output",
                        text="where the page goes",
                        value="FILE",
                        default="golden.html",
                        completes="file",
                    ),
                    _FORCE,
                ),
            ),
        ),
    ),
)
