"""The rule about lock files: every package is pinned and carries the digest of what may be installed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from house import tree

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["locks_carry_digests", "rust_lock_carries_digests"]

PINNED = re.compile(r"^[A-Za-z0-9._-]+(?:\[[a-z0-9,._-]+\])?==\S+")
DIGEST = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")


def locks_carry_digests(root: Path) -> list[str]:
    """Each requirement has one exact version and at least one SHA-256 digest, and names no index."""
    found = []
    for name, source in tree.select(root, ".lock", under="requirements/"):
        lines = source.replace("\\\n", " ").splitlines()
        entries = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
        found += [] if entries else [f"a lock is empty: `{name}`"]
        for entry in entries:
            if not (PINNED.match(entry) and DIGEST.search(entry)):
                found.append(f"a package of `{name}` is not pinned by a digest: `{entry.split()[0]}`")
    return found


def rust_lock_carries_digests(root: Path) -> list[str]:
    """Each crate that comes from outside this tree has a checksum in `Cargo.lock`."""
    packages = tree.toml(root, "Cargo.lock").get("package", [])
    loose = [crate["name"] for crate in packages if "source" in crate and "checksum" not in crate]
    return [f"a crate has no checksum in `Cargo.lock`: `{name}`" for name in loose]
