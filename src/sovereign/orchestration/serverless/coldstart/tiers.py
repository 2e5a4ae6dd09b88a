"""Sizes of memory that a function may have, as control groups of the kernel.

Enters: sizes in MiB. Leaves: for each a file; who writes a process's number into it puts the process under the limit.
Only memory is limited: how much of a processor goes with a size is the service's own affair. Read `measurement.py`
next.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["HOME", "tiers"]

HOME = 0
"""The key of the file for no limit: the group that this process came from."""


@contextmanager
def tiers(sizes_mb: Sequence[int], root: Path = Path("/sys/fs/cgroup")) -> Iterator[dict[int, Path]]:
    """Groups for these sizes, gone afterwards; with none nothing is asked of the machine.

    Errors    DeviceError serverless.tiers   when this machine has no control group of memory that may be made.
    """
    if not sizes_mb:
        yield {}
        return
    made: list[Path] = []
    try:
        parent, limit, home = _place(root)
        found = {HOME: home / "cgroup.procs"}
        for size in sizes_mb:
            group = parent / f"bench-cold-{os.getpid()}-{size}"
            group.mkdir()
            made.append(group)
            (group / limit).write_text(str(size << 20))
            found[size] = group / "cgroup.procs"
        yield found
    except OSError as error:
        reason = error.strerror or str(error)
        text = (
            f"memory cannot be limited here: {reason} ({error.filename}); it takes root and a control group of memory"
        )
        raise DeviceError("serverless.tiers", text, backend="cgroup", reason=reason) from error
    finally:
        for group in made:
            with suppress(OSError):
                group.rmdir()


def _place(root: Path) -> tuple[Path, str, Path]:
    """Where groups are made, the name of the file for the limit, and the group of this process."""
    lines = [line.split(":", 2) for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()]
    if (root / "cgroup.controllers").is_file():
        home = root / next(path for _, controllers, path in lines if not controllers).lstrip("/")
        # A group with processes gives its children no controllers, so they stand beside it.
        parent = home.parent if home != root else root
        (parent / "cgroup.subtree_control").write_text("+memory")
        return parent, "memory.max", home
    path = next((path for _, controllers, path in lines if "memory" in controllers.split(",")), "/")
    return root / "memory", "memory.limit_in_bytes", root / "memory" / path.lstrip("/")
