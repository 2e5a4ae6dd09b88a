"""Native builds of programs, kept so that the next run of an unchanged program starts at once.

Enters: a checked program in a file. Leaves: a program of the second engine in the user's cache, and a record of what it
was built from. `ruchy run` asks for it with `begin`, which starts this file as a process of its own, detached and of
the lowest priority, one at a time for each user; `RUCHY_BUILD` says `background`, `wait` or `off`. The command `ruchy`
(`crates/launcher`) reads the records and runs the builds without starting Python. Read `native.py` next.

A record is the line `ruchy build 1`, then entries, each a line and the bytes that it counts:

    source PATH CONTENT      lengths of both; the program itself comes first, then the files that it imports
    absent PATH              where an import was looked for before it was found
    state PATH SIZE TIME     the compiler and the translator's folders; the time in nanoseconds, a folder's size as `-`
    program PATH SIZE        the build; or `refused 0`, where the second engine does not take the program
    end
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sovereign.migration.ruchy.program import Checked

__all__ = ["MODES", "begin", "build", "find", "folder_path", "is_known", "main", "mode", "run_kept", "start_apart"]

MODES = ("background", "wait", "off")
_HEAD = b"ruchy build 1\n"
_KEPT = 256
"""So many builds are kept; the oldest go first."""
_OLD_S = 3600.0
"""A build without a record is somebody's work for so long."""


def run_kept(path: str, arguments: Sequence[str]) -> None:
    """Become the build of a program, where there is one and it is wanted; this comes back otherwise.

    Errors    ParameterError ruchy.build_mode   when `RUCHY_BUILD` says something else than it can.
    """
    program = find(os.path.realpath(path)) if mode() != "off" else None
    if program is not None:
        try:
            os.execv(program, [path, *arguments])  # noqa: S606 - what was built for this file
        except OSError:  # it was deleted a moment ago
            return


def begin(path: str, checked: Checked, arguments: Sequence[str] = ()) -> None:
    """See that a program has a native build, soon or, with `wait`, now; that then runs in place of this process.

    Errors    ParameterError ruchy.build_mode   when `RUCHY_BUILD` says something else than it can.
    """
    wanted = mode()
    if wanted == "off" or checked.takes_in_folder or not os.path.isfile(path) or not _has_compiler():  # noqa: PTH113 - pathlib costs the start its time
        return
    place = os.path.realpath(path)
    if is_known(place):
        return
    if wanted == "background":
        start_apart("builds", place)
    else:
        build(place)
        run_kept(path, arguments)


def mode() -> str:
    """What `RUCHY_BUILD` says.

    Errors    ParameterError ruchy.build_mode   when it says something else than it can.
    """
    found = os.environ.get("RUCHY_BUILD") or "background"
    if found not in MODES:
        from sovereign.errors import ParameterError

        text = f"`RUCHY_BUILD` is one of {', '.join(MODES)}; found: `{found}`"
        raise ParameterError("ruchy.build_mode", text, name="RUCHY_BUILD", value=found, allowed=list(MODES))
    return found


def find(path: str) -> str | None:
    """The build of a program, by the path of its file without symbolic links; None where no record of one holds."""
    found = _read(path)
    return found or None


def is_known(path: str) -> bool:
    """Whether nothing would come of building it: it is built, or was refused."""
    return _read(path) is not None


def _read(path: str) -> str | None:
    """The build that a record names, an empty text for a refusal, or None where no record holds."""
    try:
        with open(_record_path(path), "rb") as file:  # noqa: PTH123 - as above
            record = file.read()
        return _valid(record, os.fsencode(path))
    except (OSError, ValueError, IndexError):
        return None


def _valid(record: bytes, path: bytes) -> str | None:
    if not record.startswith(_HEAD):
        return None
    at = len(_HEAD)
    program: str | None = None
    is_first = True
    while True:
        end = record.index(b"\n", at)
        kind, *numbers = record[at:end].decode().split(" ")
        if kind == "end":
            return program if end + 1 == len(record) else None
        at = end + 1 + int(numbers[0])
        name = record[end + 1 : at]
        if is_first and (kind != "source" or name != path):
            return None
        is_first = False
        if kind == "source":
            content = record[at : at + int(numbers[1])]
            at += int(numbers[1])
            with open(name, "rb") as file:  # noqa: PTH123 - as above
                holds = file.read() == content
        elif kind == "absent":
            holds = not os.path.lexists(name)
        elif kind == "state":
            holds = _state(os.fsdecode(name)) == (numbers[1], numbers[2])
        else:
            program = os.fsdecode(name)
            holds = kind == "refused" or os.stat(name).st_size == int(numbers[1])  # noqa: PTH116 - as above
        if not holds:
            return None


def _state(path: str) -> tuple[str, str]:
    facts = os.stat(path)  # noqa: PTH116 - as above
    return "-" if os.path.isdir(path) else str(facts.st_size), str(facts.st_mtime_ns)  # noqa: PTH112 - as above


def folder_path() -> str:
    """Where builds are kept: `ruchy` in what `sovereign.shell.cache.cache_folder` gives, without what that imports."""
    own = os.environ.get("SOVEREIGN_CACHE")
    if own:
        return os.path.join(os.path.abspath(own), "ruchy")  # noqa: PTH100, PTH118 - as above
    base = os.environ.get("XDG_CACHE_HOME", "")
    return os.path.join(base if base.startswith("/") else os.path.expanduser("~/.cache"), "sovereign", "ruchy")  # noqa: PTH111, PTH118 - as above


def _record_path(path: str) -> str:
    """Where the record of a program lies: under FNV-1a of its path, which the launcher computes too."""
    number = 0xCBF29CE484222325
    for byte in os.fsencode(path):
        number = (number ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{folder_path()}/{number:016x}.build"


def _has_compiler() -> bool:
    """Whether a build could succeed at all; the process that builds finds out what exactly there is."""
    return any(os.access(f"{folder}/rustc", os.X_OK) for folder in os.environ.get("PATH", os.defpath).split(os.pathsep))


def start_apart(file: str, path: str) -> None:
    """Start a file of this room as a process that outlives this one and holds none of its streams."""
    command = [sys.executable, "-P", "-m", f"sovereign.migration.ruchy.{file}", path]
    quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
    os.posix_spawn(sys.executable, command, os.environ, file_actions=quiet, setsid=True)


# building


def main(arguments: Sequence[str] | None = None) -> int:
    """Build one program at the lowest priority, unless a build is under way."""
    import fcntl
    from pathlib import Path

    (path,) = sys.argv[1:] if arguments is None else arguments
    os.chdir("/")
    os.nice(19)
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    folder = Path(folder_path())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 1
        return 0 if build(path) else 1


def build(path: str) -> bool:
    """Build a program, write its record, and say whether there is a build now.

    Errors    SourceError  when the program is wrong in itself; a refusal of the second engine is no error.
              DeviceError  when there is no compiler, or it does not answer.
    """
    import hashlib
    import tempfile
    from pathlib import Path

    from sovereign.migration.ruchy.compile_rust import compile_checked
    from sovereign.migration.ruchy.program import check_file
    from sovereign.migration.ruchy.stack import on_large_stack
    from sovereign.migration.rust import Job, Profile, compile_program
    from sovereign.shell.files import write_atomically

    folder = Path(folder_path())
    programs = folder / "programs"
    programs.mkdir(mode=0o700, parents=True, exist_ok=True)
    # What is there before the work begins is what the record says, so that a change meanwhile makes it void.
    states = [_entry("state", state, *_state(state)) for state in (*_compilers(), *_translator())]
    checked = check_file(path)
    entries = [*_sources(path, checked), *states]
    compiled = on_large_stack(lambda: compile_checked(checked))
    if compiled.is_refused:
        entries.append(b"refused 0\n")
    else:
        program = programs / hashlib.sha256(b"".join(entries)).hexdigest()[:24]
        with tempfile.TemporaryDirectory(dir=programs) as name:
            fresh = Path(name) / "program"
            job = Job(compiled.text, fresh, Profile.RELEASE, unwinds=compiled.unwinds, uses_cache=False)
            compile_program(job)
            fresh.chmod(0o700)
            with fresh.open("rb") as file:
                os.fsync(file.fileno())
            fresh.replace(program)
        entries.append(_entry("program", str(program), str(program.stat().st_size)))
    write_atomically(_record_path(path), [_HEAD, *entries, b"end\n"], force=True)
    _tidy(folder)
    return not compiled.is_refused


def _sources(path: str, checked: Checked) -> Iterator[bytes]:
    """The files of a program as they were read, itself first, and the paths where none was."""
    files = {os.path.realpath(file.path): file.text for file in checked.sources.files}
    for place in (path, *(each for each in files if each != path)):
        content = files[place].encode()
        with open(place, "rb") as file:  # noqa: PTH123 - as above
            if file.read() == content:
                yield _entry("source", place, str(len(content))) + content
            else:
                # A text with a byte order mark, or one that changed a moment ago: its record will not hold.
                yield _entry("source", place, "0")
    for place in checked.absent:
        yield _entry("absent", os.path.join(os.path.realpath(os.path.dirname(place)), os.path.basename(place)))  # noqa: PTH118, PTH119, PTH120 - as above


def _compilers() -> list[str]:
    """The compiler that is called, and the one that it stands for where it only chooses among several."""
    import subprocess

    from sovereign.migration.rust import recipe_for

    rustc = str(recipe_for(None).rustc)
    found = subprocess.run([rustc, "--print", "sysroot"], capture_output=True, text=True, check=False).stdout.strip()
    inner = f"{found}/bin/rustc"
    return [rustc, inner] if os.path.isfile(inner) and not os.path.samefile(rustc, inner) else [rustc]  # noqa: PTH113, PTH121 - as above


def _translator() -> list[str]:
    """The folders whose files make the Rust of a program."""
    from sovereign.migration.rust import FOLDER

    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - as above
    return [here, str(FOLDER.parent), str(FOLDER)]


def _entry(kind: str, path: str, *numbers: str) -> bytes:
    name = os.fsencode(path)
    return " ".join([kind, str(len(name)), *numbers]).encode() + b"\n" + name


def _tidy(folder: Path) -> None:
    """Let go of the oldest records, and of builds that no record names."""
    import time

    records = sorted(folder.glob("*.build"), key=lambda record: record.stat().st_mtime)
    for record in records[:-_KEPT]:
        record.unlink(missing_ok=True)
    texts = b"".join(record.read_bytes() for record in records[-_KEPT:])
    for program in (folder / "programs").iterdir():
        if program.is_file() and program.name.encode() not in texts and time.time() - program.stat().st_mtime > _OLD_S:
            program.unlink(missing_ok=True)


if __name__ == "__main__":
    raise SystemExit(main())
