"""The crates of our lock as plain folders in the user's cache, so that no build for a target asks the network.

Enters: a checkout with its `Cargo.lock`. Leaves: a folder per lock, and the cargo arguments that make cargo read it.
The crates that the standard library needs stay in the folder that its sources bring. Read `targets.py` next.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from typing import TYPE_CHECKING

from sovereign.errors import DeviceError
from sovereign.shell.cache import locked

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["arguments", "bring", "folder"]


def folder(project: Path, cache: Path) -> Path:
    """Where the crates of the project's lock lie or would lie."""
    digest = hashlib.sha256((project / "Cargo.lock").read_bytes()).hexdigest()[:12]
    return cache / "vendor" / digest


def arguments(project: Path | None, cache: Path) -> tuple[str, ...]:
    """What cargo must be told to stay off the network and to read the crates from the folder, if it is there."""
    if project is None or not folder(project, cache).is_dir():
        return ("--offline",)
    crates = json.dumps(str(folder(project, cache)))
    replaced = 'source.crates-io.replace-with="vendor"'
    return ("--offline", "--config", replaced, "--config", f"source.vendor.directory={crates}")


def bring(project: Path, cache: Path, cargo: Path) -> Path:
    """Copy the crates of the lock into the folder, unless it is there; this is set-up and may ask the network.

    Errors    DeviceError targets.missing  when cargo cannot bring a crate.
    """
    target = folder(project, cache)
    with locked(cache / "locks" / f"vendor-{target.name}.lock"):
        if not target.is_dir():
            fresh = target.with_name(f"{target.name}.new")
            shutil.rmtree(fresh, ignore_errors=True)
            _vendor(project, cargo, fresh)
            fresh.mkdir(parents=True, exist_ok=True)  # cargo makes no folder for a lock without foreign crates
            fresh.rename(target)
    return target


def _vendor(project: Path, cargo: Path, target: Path) -> None:
    command = [str(cargo), "vendor", "--quiet", "--locked", "--versioned-dirs", str(target)]
    finished = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    if finished.returncode:
        said = finished.stderr.strip().splitlines() or [f"cargo ended with status {finished.returncode}"]
        raise DeviceError(
            "targets.missing",
            f"the crates of the lock could not be brought: `{said[-1]}`",
            backend="cargo",
            reason=said[-1],
        )
