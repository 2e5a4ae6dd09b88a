"""Bring the Rust targets that are missing: Debian's packages, standard libraries built once, a first link.

Enters: a Debian machine, root rights when packages are missing, the network when packages or crates are. Leaves:
every target of `targets.py` ready in the user's cache, and one line with its time for each step that was needed.
Run by `tools/targets_for_debian.py` in a checkout and by `python3 -m sovereign.migration.rust.debian` elsewhere; a
second call finds everything done.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.errors import DeviceError
from sovereign.migration.rust import linkers, sysroots, vendor
from sovereign.migration.rust.probe import compile_probe
from sovereign.migration.rust.targets import TARGETS, Missing, Target, find, target_named
from sovereign.migration.rust.toolchains import Machine, toolchains

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main", "packages_needed"]

TOOLCHAIN = ("rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm")
LLD = ("lld-22", "lld-19", "lld")
# What runs the results: programs for ARM and modules for the browser.
RUNNERS = {"qemu-aarch64-static": "qemu-user-static", "node": "nodejs"}
CANNOT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Bring what is missing; 0 when all chosen targets can be built, 2 when one cannot."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = [target.triple for target in TARGETS]
    parser.add_argument("--only", action="append", choices=names, metavar="TRIPLE", help="this target; repeatable")
    chosen = [target_named(triple) for triple in parser.parse_args(arguments).only or names]
    machine = Machine.here()
    try:
        _bring_packages(chosen, machine)
        _bring_crates(machine)
        todo = [target for target in chosen if _is_unready(target, machine)]
        with ThreadPoolExecutor(max_workers=_workers()) as pool:
            failures = [failure for failure in pool.map(lambda target: _bring(target, machine), todo) if failure]
    except DeviceError as error:
        failures = [str(error)]
    for failure in failures:
        sys.stderr.write(f"targets: {failure}\n")
    return CANNOT if failures else 0
