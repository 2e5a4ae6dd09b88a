"""One run of one side: what it printed, how it ended, what it left in its working folder.

Enters: a `Command` and a `Case`. Leaves: an `Observation`. Both sides of a case run in a folder of the same path, with
the same environment, so that nothing around them makes them differ. What a program starts ends with it.
Read `compare.py` next.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import resource
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sovereign.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sovereign.migration.equivalence.cases import Case, Command

__all__ = ["Observation", "observe", "stderr_class"]

# A program that prints more than this has run away.
MOST_BYTES = 64 << 20
# Address space; a translated program alone reserves a gigabyte for its stack.
MOST_MEMORY = 8 << 30
_PAUSE_S = 0.0005
_LONGEST_PAUSE_S = 0.02


@dataclass(frozen=True, slots=True)
class Observation:
    """What a run did; `files` are digests by path of what the working folder held at the end."""

    stdout: bytes
    stderr: bytes
    exit_code: int
    files: Mapping[str, str]
    wall_s: float
    is_timed_out: bool = False

    @property
    def stderr_class(self) -> str:
        """The kind of what stands on standard error."""
        return stderr_class(self.stderr)


def stderr_class(stderr: bytes) -> str:
    r"""Empty, or what stands before the first colon of the last line.

    >>> stderr_class(b'Traceback (most recent call last):\n  ...\nValueError: no: 7\n'), stderr_class(b"")
    ('ValueError', '')
    """
    lines = [line for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1].partition(":")[0].strip() if lines else ""


def observe(command: Command, case: Case, folder: Path, *, timeout_s: float) -> Observation:
    """Run the case in `folder/work`, which is made anew.

    Errors    DeviceError equivalence.run   when the program cannot be started at all.
    """
    work = folder / "work"
    _lay_out(case, work)
    started = time.monotonic()
    with (folder / "stdout").open("w+b") as out, (folder / "stderr").open("w+b") as err, _input(case, folder) as stdin:
        try:
            process = subprocess.Popen(
                [*command.words, *case.arguments],
                cwd=work,
                env=_environment(case, work),
                stdin=stdin,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        except OSError as error:
            text = f"a side of the comparison does not start, {error.strerror}: `{command.words[0]}`"
            raise DeviceError("equivalence.run", text, backend=command.words[0], reason=str(error)) from error
        with contextlib.suppress(OSError):  # it may have ended already
            resource.prlimit(process.pid, resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        is_timed_out = _wait(process, (out.fileno(), err.fileno()), started + timeout_s)
        wall_s = time.monotonic() - started
        out.seek(0)
        err.seek(0)
        stdout, stderr = out.read(MOST_BYTES), err.read(MOST_BYTES)
    return Observation(stdout, stderr, process.returncode, _left(work), wall_s, is_timed_out)


def _lay_out(case: Case, work: Path) -> None:
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for name, content in case.files.items():
        path = work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _input(case: Case, folder: Path) -> BinaryIO:
    (folder / "stdin").write_bytes(case.stdin)
    return (folder / "stdin").open("rb")


def _environment(case: Case, work: Path) -> dict[str, str]:
    """Little, and the same everywhere: the machine's own variables would be an input that nobody wrote down."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(work),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        **case.environment,
    }


def _wait(process: subprocess.Popen[bytes], outputs: tuple[int, int], deadline: float) -> bool:
    """Wait for the end; returns whether it did not come by itself."""
    pause = _PAUSE_S
    while process.poll() is None:
        if time.monotonic() > deadline or any(os.fstat(output).st_size > MOST_BYTES for output in outputs):
            _end(process)
            return True
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE_S)
    _end(process)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program and all that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _left(work: Path) -> dict[str, str]:
    """What the folder holds, by path: digests of files, targets of links, and folders."""
    found: dict[str, str] = {}
    for place, folders, files in os.walk(work):
        if "__pycache__" in folders:
            folders.remove("__pycache__")
        for name in (*folders, *files):
            path = Path(place, name)
            found[str(path.relative_to(work))] = _digest(path)
    return dict(sorted(found.items()))


def _digest(path: Path) -> str:
    if path.is_symlink():
        return f"link to {path.readlink()}"
    if path.is_dir():
        return "folder"
    if not path.is_file():
        return "special"
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
