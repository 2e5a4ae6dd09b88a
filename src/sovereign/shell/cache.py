"""The user's cache folder, and the lock under which programs that share it take turns.

Enters: nothing but the environment. Leaves: paths, and `locked(path)`. Imports the standard library alone,
because `tools/prepare.py` uses it before anything is installed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["cache_folder", "cargo_target_folder", "locked"]


def cache_folder() -> Path:
    """The folder that may be deleted at any time: `$SOVEREIGN_CACHE`, else `sovereign` in the user's cache."""
    own = os.environ.get("SOVEREIGN_CACHE")
    if own:
        return Path(own).absolute()
    base = os.environ.get("XDG_CACHE_HOME", "")
    # Its specification says that a relative path counts as unset.
    return (Path(base) if base.startswith("/") else Path("~/.cache").expanduser()) / "sovereign"


def cargo_target_folder(project: Path) -> Path:
    """Where cargo builds `project`: one folder per path, so that two clones never rebuild each other's work."""
    digest = hashlib.sha256(os.fsencode(project.resolve())).hexdigest()[:12]
    return cache_folder() / "cargo" / f"{project.name}-{digest}"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file at `path`, waiting for its turn; the kernel gives it back if the process dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
