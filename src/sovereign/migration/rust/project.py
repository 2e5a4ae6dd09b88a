"""A Cargo project for a translated program.

Enters: a name and the texts of its files. Leaves: a folder that cargo builds, with the profiles of `build.py` by their
names. The project is a workspace of its own, so that it can lie inside another. Read `build.py` for how it is built.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["RUNTIME", "manifest", "member", "runtime_files", "write_project"]

RUNTIME = Path(__file__).with_name("bootstrap")
"""The sources of the function runtime, with what a handler and it agree on."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_PROFILES = {
    "release": ("opt-level = 3", "codegen-units = 1", 'panic = "abort"', "strip = true"),
    "size": ('inherits = "release"', 'opt-level = "s"', 'lto = "fat"'),
    "release-ultra": ('inherits = "release"', 'opt-level = "z"', 'lto = "fat"', "incremental = false"),
}


def write_project(
    folder: Path, name: str, files: Mapping[str, str | bytes], *, dependencies: Mapping[str, str] | None = None
) -> None:
    """Write the project; `files` are texts and bytes by path inside it, such as `src/main.rs`.

    Errors    ParameterError rust.project   when the name is none that cargo takes, or a path leads out of the folder.
    """
    contents: dict[str, str | bytes] = {"Cargo.toml": manifest(name, dependencies or {}), **files}
    for place in contents:
        if place.startswith("/") or ".." in place.split("/"):
            text = f"a file of a project must lie inside of it: `{place}`"
            raise ParameterError("rust.project", text, name="files", value=place, allowed=[])
    for place, content in contents.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        # What is the same already keeps its time, by which cargo tells what to build again.
        if not path.is_file() or path.read_bytes() != data:
            path.write_bytes(data)


def manifest(name: str, dependencies: Mapping[str, str]) -> str:
    """The text of `Cargo.toml`; dependencies are versions, or tables as TOML, by name.

    >>> 'libm = "0.2"' in manifest("shapes", {"libm": "0.2"})
    True
    """
    if not _NAME.fullmatch(name):
        text = f"a project's name begins with a letter and holds letters, digits, `_` and `-`: `{name}`"
        raise ParameterError("rust.project", text, name="name", value=name, allowed=[_NAME.pattern])
    lines = [member(name), "[workspace]"]
    if dependencies:
        lines += ["", "[dependencies]"]
        lines += [f"{key} = {_wanted(value)}" for key, value in sorted(dependencies.items())]
    for profile, settings in _PROFILES.items():
        lines += ["", f"[profile.{profile}]", *settings]
    return "\n".join([*lines, ""])


def member(name: str) -> str:
    """The manifest of a library without dependencies that stands inside another project."""
    return "\n".join(["[package]", f'name = "{name}"', 'version = "0.1.0"', 'edition = "2021"', ""])


def runtime_files(folder: str) -> dict[str, str]:
    """The function runtime as a library of another project: texts by path, in a folder of it.

    >>> sorted(runtime_files("bootstrap"))[:2]
    ['bootstrap/Cargo.toml', 'bootstrap/src/address.rs']
    """
    texts = {f"{folder}/Cargo.toml": member("bootstrap")}
    for path in sorted(RUNTIME.rglob("*.rs")):
        texts[f"{folder}/src/{path.relative_to(RUNTIME).as_posix()}"] = path.read_text()
    return texts


def _wanted(value: str) -> str:
    return value if value.startswith("{") else f'"{value}"'
