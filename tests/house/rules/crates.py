"""Rules about the Rust workspace: one crate knows Python, none knows bindgen, the core needs no std."""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from house import tree

__all__ = ["bindgen_is_nowhere", "core_crates_need_no_std", "pyo3_is_in_one_crate"]

DOOR = "crates/sovereign-python"
NO_STD = re.compile(r"^#!\[(?:no_std|cfg_attr\([^\n]*\bno_std\))\]", re.MULTILINE)

# Crates that stand on an operating system, with the reason; every other crate is core.
HOSTED = {
    "sovereign-python": "lives inside the Python process",
    "train": "fits models with threads",
    "hnsw": "builds its index with threads",
    "infer": "maps model files and runs threads",
    "trace": "calls the kernel",
    "launcher": "is a program",
}


def pyo3_is_in_one_crate(root: Path) -> list[str]:
    """Only the native door depends on pyo3, under whatever name."""
    return _dependents(root, "pyo3", allowed=DOOR)


def bindgen_is_nowhere(root: Path) -> list[str]:
    """The browser core exports plain C functions."""
    return _dependents(root, "wasm-bindgen", allowed=None)


def _dependents(root: Path, package: str, *, allowed: str | None) -> list[str]:
    found = []
    for crate in _packages(root):
        place = Path(crate["manifest_path"]).parent.relative_to(root.resolve()).as_posix()
        names = {needed["name"] for needed in crate["dependencies"]}
        if place != allowed and any(name == package or name.startswith(f"{package}-") for name in names):
            found.append(f"a crate may not depend on `{package}`: `{place}`")
    return found


def core_crates_need_no_std(root: Path) -> list[str]:
    """Each library crate but the hosted ones says `#![no_std]`."""
    found = []
    for crate in _packages(root):
        library = next((target for target in crate["targets"] if {"lib", "cdylib"} & set(target["kind"])), None)
        if library and crate["name"] not in HOSTED and not NO_STD.search(Path(library["src_path"]).read_text()):
            found.append(f"a core crate needs `#![no_std]`: `{crate['name']}`")
    return found


@cache
def _packages(root: Path) -> list[dict[str, Any]]:
    """Every crate of the tree as cargo sees it, members of the workspace or not."""
    manifests = [root / name for name in tree.files(root) if name.split("/")[-1] == "Cargo.toml"]
    known: dict[str, dict[str, Any]] = {}
    for manifest in sorted(manifests, key=lambda path: len(path.parts)):
        if str(manifest.resolve()) not in known:
            known.update({crate["manifest_path"]: crate for crate in _metadata(manifest)})
    return list(known.values())


def _metadata(manifest: Path) -> list[dict[str, Any]]:
    command = ["cargo", "metadata", "--no-deps", "--format-version", "1", "--offline", "--manifest-path", str(manifest)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, f"cargo cannot read `{manifest}`: {finished.stderr}"
    packages: list[dict[str, Any]] = json.loads(finished.stdout)["packages"]
    return packages
