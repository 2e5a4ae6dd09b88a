"""From a bundle or a handler to a process that answers events.

Enters: a zip, or the file of a handler, which is bundled first. Leaves: `Prepared`: the command and the folder in which
it runs. Read `sandbox.py` for what starts it, `bundle.py` for what is in the zip.
"""

from __future__ import annotations

import os
import shutil
import signal
import stat
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.errors import NotFound, ParameterError
from sovereign.orchestration.serverless.archive import refusal, unpack
from sovereign.orchestration.serverless.bundle import BOOTSTRAP, CLIENT, Order, packed
from sovereign.orchestration.serverless.elf import read_program, this_machine
from sovereign.shell.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["Prepared", "events_of", "prepared", "wait_forever"]

_EMULATORS = {"arm64": "qemu-aarch64-static", "x86_64": "qemu-x86_64-static"}


@dataclass(frozen=True, slots=True)
class Prepared:
    """What to start where; `handler` is what `_HANDLER` holds, `environment` what it needs beside that of the service.

    Python files find the packages that are installed here, as those of a deployed function find those of its layers.
    """

    command: tuple[str, ...]
    folder: Path
    handler: str
    environment: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def prepared(target: Path, order: Order) -> Iterator[Prepared]:
    """Lay out a zip, or a handler bundled as `order` says, in a folder that is gone afterwards.

    Errors    as `bundle` and `unpack`; FormatError serverless.archive when nothing in the zip can be started;
              NotFound serverless.no_program when it is for another machine and nothing here stands in for that.
    """
    with tempfile.TemporaryDirectory(prefix="function") as name:
        folder = Path(name)
        if target.suffix == ".zip":
            read_bytes(target)
            unpack(target, folder)
        else:
            for each in packed(order)[0]:
                path = folder / each.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(each.content)
                path.chmod(each.mode)
        yield _command(target, folder, order)


def events_of(files: Sequence[str] | None, lines: str | None) -> list[bytes]:
    """The events that a user named: each a file or standard input, and those of a file with one in each line.

    Errors    ParameterError serverless.no_events   when there is none: nothing would be tried.
    """
    found = [read_bytes("/dev/stdin" if each == "-" else each) for each in files or []]
    if lines is not None:
        found += [line for line in read_bytes(lines).splitlines() if line.strip()]
    if not found:
        text = "an event is needed, by `--event FILE` or `--events FILE`; found none"
        raise ParameterError("serverless.no_events", text, name="event", value=None, allowed=["FILE"])
    return found


def wait_forever() -> None:
    """Wait until the process is told to end, which arrives as KeyboardInterrupt."""
    while True:
        signal.pause()


def _command(target: Path, folder: Path, order: Order) -> Prepared:
    bootstrap, client = folder / BOOTSTRAP, folder / CLIENT
    if bootstrap.is_file():
        if not bootstrap.stat().st_mode & stat.S_IXUSR:
            raise refusal(target, f"`{BOOTSTRAP}` with its run bit", "it without")
        head = bootstrap.read_bytes()
        before = () if head.startswith(b"#!") else _stand_in(read_program(head, f"{target}/{BOOTSTRAP}").machine)
        return Prepared((*before, str(bootstrap)), folder, BOOTSTRAP)
    if client.is_file():
        handler = order.handler_name if target.suffix != ".zip" else _python_handler(target, folder, order)
        packages = {"PYTHONPATH": os.pathsep.join(each for each in sys.path if Path(each).is_dir())}
        return Prepared((sys.executable, "-I", "-S", str(client), handler), folder, handler, packages)
    raise refusal(target, f"a program `{BOOTSTRAP}`, or `{CLIENT}` beside Python files", "neither")


def _stand_in(machine: str) -> tuple[str, ...]:
    """What runs a program of another machine here."""
    if machine == this_machine():
        return ()
    name = _EMULATORS.get(machine, "")
    found = shutil.which(name) if name else None
    if found is None:
        text = f"the program is for {machine}, and nothing here runs those; install qemu-user-static: `{name}`"
        raise NotFound("serverless.no_program", text, name=name, nearest=[])
    return (found,)


def _python_handler(target: Path, folder: Path, order: Order) -> str:
    """Which function of which file a zip of Python files is about: the one named, or the only file that has it."""
    words = order.function.rpartition(".")
    if words[0]:
        return order.function
    needle = f"def {order.function}("
    files = [each for each in sorted(folder.glob("*.py")) if each.name != CLIENT and needle in each.read_text("utf-8")]
    if len(files) == 1:
        return f"{files[0].stem}.{order.function}"
    found = ", ".join(each.name for each in files) or "none"
    raise refusal(target, f"one file with `{needle[:-1]}`, or name it: `--function FILE.NAME`", found)
