"""What a project says about itself in `batuta.toml`; a project without the file is what its files look like.

Enters: a folder. Leaves: `Settings`. The table `[function]` is read by the room below, which bundles it.

    [project]
    name = "triage"
    keep = ["train.py"]             # these stay as they are and are copied

    [translation]
    output = "rust"
    optimize = "size"               # none, size, speed, aggressive

    [cases]                         # programs by their file: a list of cases, as `batuta validate --cases` takes it
    "main.py" = "cases.json"
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.errors import NotFound, ParameterError
from sovereign.orchestration.serverless import SETTINGS_FILE as FILE
from sovereign.orchestration.serverless import FunctionSettings, read_function, read_table
from sovereign.shell.files import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FILE", "Optimize", "Settings", "read_settings", "require_folder"]

_TABLES: dict[str, dict[str, type]] = {
    "project": {"name": str, "keep": list},
    "translation": {"output": str, "optimize": str},
}
_HANDLERS = {
    "handler.py": re.compile(r"^def handler\(\w+, \w+\)", re.MULTILINE),
    "handler.ruchy": re.compile(r"^fun handler\(\w+, \w+\)", re.MULTILINE),
}


class Optimize(StrEnum):
    """How the Rust of a project is to be compiled."""

    NONE = "none"
    SIZE = "size"
    SPEED = "speed"
    AGGRESSIVE = "aggressive"


@dataclass(frozen=True, slots=True)
class Settings:
    """A project: its folder, its name, what is kept, where its Rust goes and how that is compiled, its function."""

    folder: Path
    name: str
    keep: tuple[str, ...] = ()
    output: Path = Path("rust")
    optimize: Optimize = Optimize.SPEED
    function: FunctionSettings | None = None
    cases: Mapping[str, Path] = field(default_factory=dict)


def read_settings(folder: Path) -> Settings:
    """The settings of the project in a folder; a handler is found by its name where no settings name one.

    Errors    NotFound shell.not_found, ParameterError shell.not_a_folder   when there is no such folder.
              ParameterError batuta.settings   when the file is no TOML, or a key is unknown or of another kind.
    """
    require_folder(folder)
    path = folder / FILE
    tables = {name: read_table(path, name, keys) if path.is_file() else {} for name, keys in _TABLES.items()}
    cases = read_table(path, "cases", _AnyText()) if path.is_file() else {}
    function = read_function(folder) or _found(folder)
    optimize = tables["translation"].get("optimize", Optimize.SIZE if function else Optimize.SPEED)
    if optimize not in set(Optimize):
        text = f"`optimize` in `[translation]` is one of {', '.join(Optimize)}: `{optimize}`"
        raise ParameterError("batuta.settings", text, name="optimize", value=optimize, allowed=list(Optimize))
    return Settings(
        folder,
        tables["project"].get("name") or folder.resolve().name,
        tuple(tables["project"].get("keep", ())),
        folder / tables["translation"].get("output", "rust"),
        Optimize(optimize),
        function,
        {name: folder / each for name, each in cases.items()},
    )


class _AnyText(dict[str, type]):
    """Every key stands for a text."""

    def __missing__(self, _key: str) -> type:
        return str

    def __contains__(self, _key: object) -> bool:
        return True


def _found(folder: Path) -> FunctionSettings | None:
    for name, form in _HANDLERS.items():
        path = folder / name
        if path.is_file() and form.search(read_text(path)):
            events = folder / "events.jsonl"
            return FunctionSettings(path, events=events if events.is_file() else None)
    return None


def require_folder(folder: Path) -> None:
    """See that a folder is there.

    Errors    NotFound shell.not_found, ParameterError shell.not_a_folder   when it is not.
    """
    if folder.is_dir():
        return
    if folder.exists():
        text = f"a folder is needed and this is a file: `{folder}`"
        raise ParameterError("shell.not_a_folder", text, name="path", value=str(folder))
    raise NotFound("shell.not_found", f"there is no such folder: `{folder}`", name=str(folder), nearest=[])
