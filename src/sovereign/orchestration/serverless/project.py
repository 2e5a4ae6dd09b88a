"""What `batuta.toml` says about the function of a project.

Enters: a folder. Leaves: the table `[function]`: the handler's file and function, its models, its events, the machines
that it is for. `bundle` and `invoke` read it where they are given no file; `batuta/settings.py` reads the rest.

    [function]
    handler = "handler.py"
    function = "handler"
    models = ["model.apr"]
    events = "events.jsonl"
    arch = ["x86_64", "arm64"]
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sovereign.errors import ParameterError
from sovereign.shell.files import read_text
from sovereign.shell.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["SETTINGS_FILE", "FunctionSettings", "read_function", "read_table"]

SETTINGS_FILE = "batuta.toml"
_FUNCTION_KEYS: Mapping[str, type] = {"handler": str, "function": str, "models": list, "events": str, "arch": list}


@dataclass(frozen=True, slots=True)
class FunctionSettings:
    """A function of a project; paths lie in the project's folder."""

    handler: Path
    function: str = "handler"
    models: tuple[Path, ...] = ()
    events: Path | None = None
    arch: tuple[str, ...] = ()

    @property
    def embed(self) -> tuple[tuple[str, Path], ...]:
        """The models by the names under which the handler loads them."""
        return tuple((each.name, each) for each in self.models)


def read_function(folder: Path) -> FunctionSettings | None:
    """The function that the project in a folder says it has.

    Errors    ParameterError batuta.settings   when the file is no TOML, or a key is unknown or of another kind.
    """
    path = folder / SETTINGS_FILE
    if not path.is_file():
        return None
    found = read_table(path, "function", _FUNCTION_KEYS)
    if "handler" not in found:
        return None
    return FunctionSettings(
        folder / found["handler"],
        found.get("function", "handler"),
        tuple(folder / each for each in found.get("models", ())),
        folder / found["events"] if "events" in found else None,
        tuple(found.get("arch", ())),
    )


def read_table(path: Path, table: str, keys: Mapping[str, type]) -> dict[str, Any]:
    """One table of a settings file, with these keys and kinds and no others; lists hold texts.

    Errors    ParameterError batuta.settings   when the file is no TOML, or a key is unknown or of another kind.
    """
    try:
        whole = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise _refusal(path, f"no TOML, {error}", table, []) from error
    found = whole.get(table, {})
    if not isinstance(found, dict):
        raise _refusal(path, f"`{table}` is no table", table, [])
    for name, value in found.items():
        if name not in keys:
            like = nearest(name, keys) or sorted(keys)
            raise _refusal(path, f"`[{table}]` has no key `{name}`", name, like)
        inner = value if isinstance(value, list) else [""]
        if not isinstance(value, keys[name]) or not all(isinstance(each, str) for each in inner):
            kind = "a text" if keys[name] is str else "a list of texts"
            raise _refusal(path, f"`{name}` in `[{table}]` has to be {kind}", name, [])
    return found


def _refusal(path: Path, problem: str, name: str, like: list[str]) -> ParameterError:
    text = f"the settings cannot be read, {problem}: `{path}`"
    return ParameterError("batuta.settings", text, name=name, value=str(path), allowed=like, nearest=like)
