"""Bring the Rust targets that are missing: Debian's packages, standard libraries built once, a first link.

Enters: a Debian machine, root rights when packages are missing, the network when packages or crates are. Leaves:
every target of `targets.py` ready in the user's cache, and one line with its time for each step that was needed.
Run by `tools/targets_for_debian.py` in a checkout and by `python3 -m sovereign.migration.rust.debian` elsewhere; a
second call finds everything done.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.errors import DeviceError
from sovereign.migration.rust import linkers, sysroots, vendor
from sovereign.migration.rust.probe import compile_probe
from sovereign.migration.rust.targets import TARGETS, Lack, Missing, Recipe, Target, find, target_named
from sovereign.migration.rust.toolchains import Machine, toolchains

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main", "packages_needed"]

TOOLCHAIN = ("rustc-web", "cargo-web", "rust-web-src")
# What runs the results: programs for ARM, and modules for the browser.
RUNNERS = (
    ("aarch64", "qemu-aarch64-static", "qemu-user-static"),
    ("wasm32", "node", "nodejs"),
)
CANNOT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Bring what is missing; 0 when all chosen targets can be built, 2 when one cannot."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [target.triple for target in TARGETS]
    parser.add_argument("--only", action="append", choices=names, metavar="TRIPLE", help="this target; repeatable")
    chosen = [target_named(triple) for triple in parser.parse_args(arguments).only or names]
    try:
        failures = _bring_all(chosen, Machine.here())
    except DeviceError as error:
        failures = [str(error)]
    for failure in failures:
        sys.stderr.write(f"targets: {failure}\n")
    return CANNOT if failures else 0


def packages_needed(chosen: Sequence[Target], machine: Machine) -> list[str]:
    """The packages of Debian without which the chosen targets cannot be built or their results not be run."""
    answers = {target: find(target.triple, machine) for target in chosen}
    lacks = [answer.lack for answer in answers.values() if isinstance(answer, Missing)]
    packages = list(TOOLCHAIN) if {Lack.TOOLCHAIN, Lack.LIBRARY} & set(lacks) else []
    without = [target for target, answer in answers.items() if target.lld and isinstance(answer, Missing)]
    if any(not linkers.system_lld(target.lld, machine) for target in without if target.lld):
        packages.append(_newest_lld())
    for family, program, package in RUNNERS:
        if any(target.triple.startswith(family) for target in chosen) and not machine.program(program):
            packages.append(package)
    return packages


def _newest_lld() -> str:
    """Debian names LLVM's linker after its version, and a compiler needs one that is not older than itself."""
    command = ["apt-cache", "search", "--names-only", r"^lld-[0-9]+$"]
    found = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    versions = [int(number) for number in re.findall(r"^lld-(\d+) ", found, re.MULTILINE)]
    return f"lld-{max(versions)}" if versions else "lld"


def _bring_all(chosen: Sequence[Target], machine: Machine) -> list[str]:
    """Do every step that is needed, and return what failed."""
    _bring_packages(chosen, machine)
    kits = toolchains(machine)
    if kits and machine.project and not vendor.folder(machine.project, machine.cache).is_dir():
        clock = _Clock()
        vendor.bring(machine.project, machine.cache, kits[0].cargo)
        clock.say("the crates of the lock were brought")
    todo = [target for target in chosen if not _is_ready(target, machine)]
    cores = os.cpu_count() or 1
    workers = min(cores, len(todo)) or 1
    with ThreadPoolExecutor(max_workers=workers) as pool:
        bring = partial(_bring, machine=machine, jobs=max(1, cores // workers))
        return [failure for failure in pool.map(bring, todo) if failure]


def _bring_packages(chosen: Sequence[Target], machine: Machine) -> None:
    packages = packages_needed(chosen, machine)
    if not packages:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() != 0 or not machine.program("apt-get"):
        text = f"packages are missing, install them on Debian with: `sudo {' '.join(command)}`"
        raise DeviceError("targets.missing", text, backend="debian", reason="packages", packages=packages)
    clock = _Clock()
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-q"], command):
        finished = subprocess.run(
            step, env=quiet, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if finished.returncode:
            sys.stderr.write(finished.stdout)
            text = f"a set-up step ended with status {finished.returncode}: `{' '.join(step)}`"
            raise DeviceError("targets.missing", text, backend="debian", reason="apt-get", packages=packages)
    clock.say(f"installed {' '.join(packages)}")


def _is_ready(target: Target, machine: Machine) -> bool:
    answer = find(target.triple, machine)
    return isinstance(answer, Recipe) and not linkers.is_cold(answer.linker, target.triple, machine)


def _bring(target: Target, *, machine: Machine, jobs: int) -> str | None:
    """Build the library of one target when it is missing, and link a first program; returns what failed."""
    try:
        answer = find(target.triple, machine)
        if isinstance(answer, Missing) and answer.lack is Lack.BUILD:
            clock = _Clock()
            toolchain = next(kit for kit in toolchains(machine) if kit.sources)
            sysroots.build(toolchain, target.triple, machine.cache, has_std=target.has_std, jobs=jobs)
            clock.say(f"{target.triple}: built the standard library of rustc {toolchain.version}")
            answer = find(target.triple, machine)
        if isinstance(answer, Missing):
            return f"{target.triple}: {answer.reason}, bring it with: `{answer.command}`"
        clock = _Clock()
        with tempfile.TemporaryDirectory() as folder:
            compile_probe(answer, Path(folder))
        linkers.keep_warm(answer.linker, target.triple, machine)
        clock.say(f"{target.triple}: linked a first program")
    except DeviceError as error:
        return f"{target.triple}: {error}"
    return None


class _Clock:
    """One line per step on stderr, with what the step took."""

    def __init__(self) -> None:
        self.started = time.monotonic()

    def say(self, what: str) -> None:
        sys.stderr.write(f"targets {time.monotonic() - self.started:6.1f} s  {what}\n")
        sys.stderr.flush()


if __name__ == "__main__":
    raise SystemExit(main())
