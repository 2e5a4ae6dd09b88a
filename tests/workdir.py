"""A folder in which commands run as a user runs them, and a distribution planted beside it."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

SCRIPTS = Path(sys.executable).parent
# What a developer's terminal sets must not change what a test sees.
_UNSET = frozenset({"NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONUNBUFFERED", "PYTHONWARNINGS", "SOVEREIGN_CACHE"})
# Nor may what a test runs leave work behind it.
_SET = {"RUCHY_BUILD": "off"}


@dataclass(frozen=True)
class Answer:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON document that it has to be."""
        return json.loads(self.out)


class Workdir:
    """A folder of its own in which commands run as a user runs them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.environment = {name: value for name, value in os.environ.items() if name not in _UNSET} | _SET

    def write(self, name: str, content: bytes | str = "") -> Path:
        """Put a file there, with the folders above it."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def files(self) -> list[str]:
        """Every file in the folder, by its path from there."""
        return sorted(str(each.relative_to(self.path)) for each in self.path.rglob("*") if each.is_file())

    def words(self, line: str | list[str | bytes]) -> list[str | bytes]:
        """The words of a command line with the program's own path in front."""
        words: list[str | bytes] = list(shlex.split(line)) if isinstance(line, str) else line
        name = os.fsdecode(words[0])
        program = shutil.which(name, path=f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}")
        if program is None:
            pytest.fail(f"the command is not installed, run `make demo`: `{name}`", pytrace=False)
        return [program, *words[1:]]

    def run(self, line: str | list[str | bytes], *, env: Mapping[str, str] | None = None, **how: Any) -> Answer:
        """Run a command line and wait; output is taken as UTF-8, standard input is empty."""
        how = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
        finished = subprocess.run(
            self.words(line), cwd=self.path, env={**self.environment, **(env or {})}, check=False, **how
        )
        out, err = finished.stdout or b"", finished.stderr or b""
        return Answer(finished.returncode, out.decode(), err.decode())


PLUGIN_COMMAND = '''"""Say hello from a plugin.

Further text that a list of commands does not show.
"""

import json
import sys


def main(argv=None, prog=None):
    print(json.dumps({"argv": list(argv), "prog": prog}))
    return 1 if "--no" in argv else 0
'''


class Plugin:
    """A planted distribution that offers a command and self-tests through its entry points."""

    def __init__(self, workdir: Workdir) -> None:
        self.workdir = workdir
        self.entries: dict[str, dict[str, str]] = {}
        workdir.environment["PYTHONPATH"] = os.pathsep.join(
            filter(None, [str(workdir.path / "site"), workdir.environment.get("PYTHONPATH", "")])
        )

    def offer(self, group: str, name: str, value: str) -> None:
        """Add a line to the planted `entry_points.txt`."""
        self.entries.setdefault(group, {})[name] = value
        lines = []
        for each, points in self.entries.items():
            lines += [f"[{each}]", *(f"{key} = {point}" for key, point in points.items()), ""]
        self.workdir.write("site/planted_rooms-1.0.dist-info/entry_points.txt", "\n".join(lines))

    def command(self, name: str, source: str = PLUGIN_COMMAND) -> None:
        """Offer a command whose module holds `source`."""
        self.workdir.write(f"site/planted/{name}/cli.py", source)
        self.offer("sovereign.commands", name, f"planted.{name}.cli:main")

    def selftest(self, name: str, body: str) -> None:
        """Offer a self-test whose `run` has this body."""
        head = "from sovereign.shell.selftest import Evidence, State\n\n\ndef run():\n"
        self.workdir.write(f"site/planted/{name}_selftest.py", head + f"    {body}\n")
        self.offer("sovereign.selftests", name, f"planted.{name}_selftest:run")
