"""What is installed: distributions and the entry points they offer, read from their files.

Enters: `sys.path`. Leaves: `Distribution` and `EntryPoint`, plain data; a room is imported by `EntryPoint.load`
and never before. `importlib.metadata` answers the same questions and costs several times the whole start-up
budget of a command (docs/decisions/0002-argparse-and-shtab.md); the files are those of the PyPA specifications
"Recording installed projects" and "Entry points". Read `entry.py` next.
"""

from __future__ import annotations

# Without pathlib, which every start would have to import for this alone.
# ruff: noqa: PTH118, PTH123, PTH208
import os
import re
import sys
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from sovereign.errors import DeviceError
from sovereign.shell.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Distribution", "EntryPoint", "distributions", "entry_points", "normalised"]

_SUFFIX = ".dist-info"
_DOCSTRING = re.compile(r'(?:\s*(?:#[^\n]*)?\n)*\s*[rR]?("""|\'\'\'|"|\')\s*(?P<line>.*?)\s*(?:\n|\1)')
_HEAD_CHARACTERS = 4096


class Distribution(NamedTuple):
    """An installed distribution: its name in normal form, its version and its `.dist-info` folder."""

    name: str
    version: str
    folder: str

    def read(self, name: str) -> str:
        """A file of the `.dist-info` folder, empty when there is none that can be read."""
        try:
            with open(os.path.join(self.folder, name), encoding="utf-8") as file:
                return file.read()
        except (OSError, UnicodeDecodeError):
            return ""


class EntryPoint(NamedTuple):
    """A name that a distribution offers in a group, and the object behind it."""

    name: str
    module: str
    attribute: str
    distribution: str

    def load(self) -> object:
        """Import the module and hand out the object.

        Errors    DeviceError  when the module or the object is not there or does not import; errors of ours
                               pass as they are.
        """
        try:
            found: object = import_module(self.module)
            for name in self.attribute.split("."):
                found = getattr(found, name)
        except (ImportError, AttributeError, SyntaxError) as error:
            message = f"`{self.name}` of `{self.distribution}` cannot be loaded: `{error}`"
            raise DeviceError("shell.plugin", message, backend=self.distribution, reason=str(error)) from error
        return found

    def summary(self, path: Sequence[str] | None = None) -> str:
        """The first line of the module's docstring, read from its file; empty when it cannot be had."""
        relative = os.path.join(*self.module.split(".")) + ".py"
        for folder in sys.path if path is None else path:
            try:
                with open(os.path.join(folder, relative), encoding="utf-8") as file:
                    head = file.read(_HEAD_CHARACTERS)
            except (OSError, UnicodeDecodeError):
                continue
            found = _DOCSTRING.match(head)
            return visible(found["line"]) if found else ""
        return ""


def normalised(name: str) -> str:
    """A distribution's name in normal form.

    >>> normalised("Sovereign_Stack")
    'sovereign-stack'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def distributions(path: Sequence[str] | None = None) -> Iterator[Distribution]:
    """Every distribution on the path; of two with one name, the first on the path counts, as for an import.

    Cost      one listing per folder of the path, no file is opened.
    """
    seen = set()
    for folder in dict.fromkeys(sys.path if path is None else path):
        try:
            names = sorted(name for name in os.listdir(folder or ".") if name.endswith(_SUFFIX))
        except OSError:  # an archive, or a folder that is gone: nothing can be listed there
            continue
        for name in names:
            raw, _, version = name.removesuffix(_SUFFIX).partition("-")
            if (short := normalised(raw)) not in seen:
                seen.add(short)
                yield Distribution(short, version, os.path.join(folder, name))


def entry_points(group: str, path: Sequence[str] | None = None) -> dict[str, EntryPoint]:
    """What the installed distributions offer in `group`, by name; the first of two with one name counts."""
    found: dict[str, EntryPoint] = {}
    for distribution in distributions(path):
        text = distribution.read("entry_points.txt")
        if f"[{group}]" not in text:
            continue
        for name, value in _lines(text, group):
            module, _, attribute = value.partition(":")
            point = EntryPoint(name, module.strip(), attribute.split("[")[0].strip(), distribution.name)
            found.setdefault(name, point)
    return found


def _lines(text: str, group: str) -> Iterator[tuple[str, str]]:
    inside = False
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            inside = line == f"[{group}]"
        elif inside and "=" in line and not line.startswith(("#", ";")):
            name, _, value = line.partition("=")
            yield name.strip(), value.strip()
