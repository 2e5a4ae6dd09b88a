"""Native programs that are kept: which one stands for a file, whether it is still that file's, and who builds it.

Enters: the path of a program. Leaves: the path of its native program, or a build that goes on detached. What is kept
says which files it was made from, by their content, and which compiler and which of our own files made it; the small
native command of `crates/launcher` reads the same. A record is written last, in one step, so that what was built in
part is never run. Read `cli.py` next.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.shell.cache import cache_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["begin_build", "build", "build_alone", "find", "record_path", "wanted"]

_HEADER = "ruchy 1"
_MODES = frozenset({"background", "wait", "off"})
_SUPPORT = Path(__file__).parent.parent / "rust" / "support"


def wanted() -> str:
    """What `RUCHY_BUILD` asks for: `background`, `wait` or `off`."""
    found = os.environ.get("RUCHY_BUILD", "background")
    return found if found in _MODES else "background"


def record_path(program: str) -> Path:
    """Where it is written down what stands for a program."""
    key = hashlib.sha256(os.fsencode(os.path.realpath(program))).hexdigest()
    return cache_folder() / "ruchy" / "launch" / key


def find(program: str) -> tuple[bool, Path | None]:
    """Whether a program was looked at as it is now, and the native program that stands for it, if there is one."""
    try:
        lines = record_path(program).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return False, None
    if not lines or lines[0] != _HEADER or not all(map(_holds, lines[1:])):
        return False, None
    native = next((line.split(" ", 3)[3] for line in lines if line.startswith("binary ")), None)
    return True, Path(native) if native is not None else None


def _holds(line: str) -> bool:
    """Whether a line of a record is still true."""
    word, _, rest = line.partition(" ")
    if word == "none":
        return True
    try:
        if word == "file":
            digest, _, path = rest.partition(" ")
            return hashlib.sha256(Path(path).read_bytes()).hexdigest() == digest
        size, moment, path = rest.split(" ", 2)
        found = os.stat(path)  # noqa: PTH116 - a path as text
    except (OSError, ValueError):
        return False
    return word in {"binary", "stat"} and (str(found.st_size), str(found.st_mtime_ns)) == (size, moment)


def build(program: str) -> Path | None:
    """Build the native program of a file and write down what it stands for; None where it is not compiled.

    Errors    those of checking and compiling; what was kept before is left as it is then.
    """
    from sovereign.errors import SourceError
    from sovereign.migration.ruchy.compile_rust import compile_checked
    from sovereign.migration.ruchy.program import check_file
    from sovereign.migration.ruchy.stack import on_large_stack
    from sovereign.migration.rust import Job, Profile, compile_program, host, require

    def action() -> tuple[list[str], object]:
        checked = check_file(program)
        return [file.path for file in checked.sources.files], compile_checked(checked)

    digests = _digests([program])
    try:
        paths, compiled = on_large_stack(action)
    except SourceError:
        return None
    sources = {**_digests(paths), **digests}
    rustc = require(host() or "x86_64-unknown-linux-gnu").rustc
    makers = [_stat_line("stat", path) for path in (str(rustc), *_makers())]
    files = [f"file {digest} {path}" for path, digest in sources.items()]
    if compiled.is_refused:
        _write_down(program, [_HEADER, "none", *makers, *files])
        return None
    key = hashlib.sha256("\n".join([compiled.text, *makers]).encode("utf-8", "surrogatepass")).hexdigest()
    native = cache_folder() / "ruchy" / "native" / key
    if not native.is_file():
        native.parent.mkdir(parents=True, exist_ok=True)
        fresh = native.with_name(f"{key}.{os.getpid()}.new")
        try:
            compile_program(Job(compiled.text, fresh, Profile.RELEASE, unwinds=compiled.unwinds))
            _settle(fresh)
            fresh.replace(native)
        finally:
            fresh.unlink(missing_ok=True)
    _write_down(program, [_HEADER, _stat_line("binary", str(native)), *makers, *files])
    return native


def _digests(paths: Iterable[str]) -> dict[str, str]:
    return {os.path.realpath(path): hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in paths}


def _makers() -> list[str]:
    """The folders of ours on which the native program depends; their time changes when a file in them is replaced."""
    return [str(Path(__file__).parent), str(_SUPPORT)]


def _stat_line(word: str, path: str) -> str:
    found = os.stat(path)  # noqa: PTH116 - a path as text
    return f"{word} {found.st_size} {found.st_mtime_ns} {path}"


def _write_down(program: str, lines: list[str]) -> None:
    """Write a record, whole or not at all; a path over several lines has none."""
    if any("\n" in line for line in lines):
        return
    path = record_path(program)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.write_text("\n".join([*lines, ""]), encoding="utf-8")
    _settle(fresh)
    fresh.replace(path)


def _settle(path: Path) -> None:
    """Have the content of a file on the disk before its name is."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def begin_build(program: str) -> None:
    """Start a build that goes on when this process has ended, at the lowest priority; none where one is going on."""
    import subprocess

    code = "import sys; from sovereign.migration.ruchy.native_cache import build_alone; build_alone(sys.argv[1])"
    command = [sys.executable, "-c", code, os.path.realpath(program)]
    nothing = subprocess.DEVNULL
    try:
        subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True, cwd="/")
    except OSError:
        return  # no build is no error of the program


def build_alone(program: str) -> None:
    """The detached build: one at a time, quiet whatever happens."""
    import fcntl

    from sovereign.errors import SovereignError

    os.nice(19)
    place = cache_folder() / "ruchy" / "build.lock"
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return
        try:
            build(program)
        except (SovereignError, OSError):
            return
