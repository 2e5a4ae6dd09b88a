"""Wheel and lock in step: what is installed is what was resolved and built.

Enters: the native core's build facts, the installed distributions, and in a clone its lock file. Leaves:
evidence. In a clone the installed packages are compared with `requirements/develop.lock`; a wheel's files are
compared with the wheel's own record. Whether the core was built from this `Cargo.lock` and these sources is told by
the native door's own self-test.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.shell.installed import Distribution, distributions, normalised
from sovereign.shell.selftest import Evidence, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["packages", "record", "run", "version"]

_NAME = "sovereign-stack"
_CLONE = Path(__file__).resolve().parents[4]
_LOCK_LINE = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)\s*(?P<marker>;)?")
_PREPARE = "make demo"
_REINSTALL = f"pip install --force-reinstall {_NAME}"
_SHOWN = 3


def run() -> Iterator[Evidence]:
    """Compare versions, packages and locks."""
    from sovereign.orchestration.batuta._kernels import build_facts  # opens the native door

    facts = build_facts()
    installed = {each.name: each for each in distributions()}
    lock = _CLONE / "requirements" / "develop.lock"
    in_clone = lock.is_file() and (_CLONE / "pyproject.toml").is_file()
    yield version(str(facts["version"]), installed.get(_NAME), _PREPARE if in_clone else _REINSTALL)
    if in_clone:
        yield packages(lock.read_text(encoding="utf-8"), installed)
    elif _NAME in installed:
        yield record(installed[_NAME])


def version(core: str, distribution: Distribution | None, fix: str) -> Evidence:
    """The core and the distribution around it are of one version."""
    check = "core and distribution"
    if distribution is None:
        return Evidence(check, State.BROKEN, f"core {core}, and no distribution `{_NAME}` is installed", fix)
    if core != distribution.version:
        return Evidence(check, State.BROKEN, f"core {core}, distribution {distribution.version}", fix)
    return Evidence(check, State.OK, f"both are {core}")


def packages(lock: str, installed: Mapping[str, Distribution]) -> Evidence:
    """The installed packages are those of the lock.

    A package whose every line carries an environment marker may be absent; one with several versions may have any
    of them, because the installer refuses those that do not fit the interpreter.
    """
    wanted: dict[str, set[str]] = {}
    needed = set()
    for found in _LOCK_LINE.finditer(_pins(lock)):
        name = normalised(found["name"])
        wanted.setdefault(name, set()).add(found["version"])
        if not found["marker"]:
            needed.add(name)
    wrong = [f"{name} is missing" for name in sorted(needed - installed.keys())]
    for name in sorted(wanted.keys() & installed.keys()):
        if installed[name].version not in wanted[name]:
            expected = " or ".join(sorted(wanted[name]))
            wrong.append(f"{name} is {installed[name].version} instead of {expected}")
    check = "packages and lock"
    if wrong or not wanted:
        return Evidence(check, State.BROKEN, _few(wrong) or "the lock names no package", _PREPARE)
    present = len(wanted.keys() & installed.keys())
    return Evidence(check, State.OK, f"{present} packages are as `requirements/develop.lock` names them")


def _pins(lock: str) -> str:
    return "\n".join(line for line in lock.splitlines() if line[:1].isalnum())


def record(distribution: Distribution) -> Evidence:
    """The installed files are those that the wheel recorded."""
    top = Path(distribution.folder).parent
    wrong, count = [], 0
    for path, digest, _size in csv.reader(distribution.read("RECORD").splitlines()):
        kind, _, value = digest.partition("=")
        if kind != "sha256" or path.startswith(".."):
            continue
        count += 1
        try:
            found = hashlib.sha256((top / path).read_bytes()).digest()
        except OSError:
            wrong.append(f"{path} is missing")
            continue
        if base64.urlsafe_b64encode(found).rstrip(b"=").decode() != value:
            wrong.append(f"{path} was changed")
    check = "files and wheel"
    if wrong or not count:
        return Evidence(check, State.BROKEN, _few(wrong) or "the record names no file", _REINSTALL)
    return Evidence(check, State.OK, f"{count} files are as the wheel recorded them")


def _few(wrong: Iterable[str]) -> str:
    said = list(wrong)
    more = f" and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    return ", ".join(said[:_SHOWN]) + more
