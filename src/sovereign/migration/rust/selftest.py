"""What `batuta stack check` says about Rust targets: each is compiled for, now, or named with what brings it."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.errors import DeviceError
from sovereign.migration.rust import linkers
from sovereign.migration.rust.probe import compile_probe
from sovereign.migration.rust.targets import TARGETS, Missing, Recipe, find
from sovereign.migration.rust.toolchains import Machine
from sovereign.shell.selftest import Evidence, State

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["run"]

PATIENCE_S = 60


def run(machine: Machine | None = None) -> Iterator[Evidence]:
    """Say of each target whether a three-line program compiles for it here."""
    machine = machine or Machine.here()
    with tempfile.TemporaryDirectory() as folder:
        for target in TARGETS:
            answer = find(target.triple, machine)
            if isinstance(answer, Missing):
                yield Evidence(target.triple, State.ABSENT, answer.reason, answer.command)
            else:
                yield _evidence(answer, machine, Path(folder))


def _evidence(recipe: Recipe, machine: Machine, folder: Path) -> Evidence:
    """Compile the probe, unless zig would first have to build its C library."""
    triple = recipe.target.triple
    by = f"rustc {recipe.version} of {recipe.origin}"
    if linkers.is_cold(recipe.linker, triple, machine):
        return Evidence(triple, State.ABSENT, f"{by}, not measured: nothing was linked yet", "make targets")
    started = time.monotonic()
    try:
        size = compile_probe(recipe, folder, timeout_s=PATIENCE_S).stat().st_size
    except DeviceError as error:
        return Evidence(triple, State.BROKEN, str(error), "make targets")
    wall_s = time.monotonic() - started
    return Evidence(triple, State.OK, f"{by}, compiled a program of {size:,} bytes in {wall_s:.2f} s")
