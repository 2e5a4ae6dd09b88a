"""What links a program for a target that the system's own compiler driver does not know.

Enters: a `Machine` and a target. Leaves: the path of a linker, or None. Linux targets are linked by zig, which
carries the C libraries of all of them; it is called through a three-line script in the cache folder, because rustc
takes a program for a linker, not a command with arguments. Targets without an operating system need LLVM's lld.

Zig builds its C library for a target at the first link, which takes from seconds to more than a minute, and keeps
it in the cache folder; `is_cold` says whether that is still to come. What it keeps is found again by the path of zig's
own library, so each version is given a path in the cache folder that all environments share. Read `targets.py` next.
"""

from __future__ import annotations

import hashlib
import os
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from sovereign.migration.rust.toolchains import Machine, Toolchain

__all__ = ["is_cold", "keep_warm", "lld_linker", "system_lld", "zig_linker"]

# The oldest C library that a wheel may meet: CentOS 7, the floor of manylinux2014.
GLIBC_FLOOR = "2.17"
ZIG_NAMES = {
    "aarch64-unknown-linux-gnu": f"aarch64-linux-gnu.{GLIBC_FLOOR}",
    "aarch64-unknown-linux-musl": "aarch64-linux-musl",
    "x86_64-unknown-linux-gnu": f"x86_64-linux-gnu.{GLIBC_FLOOR}",
    "x86_64-unknown-linux-musl": "x86_64-linux-musl",
}


def zig_linker(triple: str, machine: Machine) -> Path | None:
    """The script that links for a Linux target, written when it is not there yet; None without zig."""
    if machine.zig is None:
        return None
    script = _script_path(triple, machine.zig, machine.cache)
    text = _script(triple, machine.zig, machine.cache)
    _share_library(machine.zig, machine.cache)
    if not script.is_file() or script.read_text() != text:
        script.parent.mkdir(parents=True, exist_ok=True)
        fresh = script.with_suffix(".new")
        fresh.write_text(text)
        fresh.chmod(0o755)
        fresh.replace(script)
    return script


def _script_path(triple: str, zig: Path, cache: Path) -> Path:
    # One folder per zig, so that two environments never rewrite each other's scripts.
    return cache / "linkers" / _digest(zig) / triple


def _script(triple: str, zig: Path, cache: Path) -> str:
    # `-Os` makes zig build a small C library; without it the library carries debug checks and symbols.
    store = shlex.quote(str(cache / "zig"))
    library = shlex.quote(str(_library(zig, cache)))
    places = f"ZIG_GLOBAL_CACHE_DIR={store} ZIG_LOCAL_CACHE_DIR={store} ZIG_LIB_DIR={library}"
    return f'#!/bin/sh\n{places} exec {shlex.quote(str(zig))} cc -target {ZIG_NAMES[triple]} -Os "$@"\n'


def _library(zig: Path, cache: Path) -> Path:
    """The path under which every environment with this version of zig finds its library."""
    return cache / "zig-library" / _version(zig)


def _share_library(zig: Path, cache: Path) -> None:
    """Let the shared path lead to a library that exists: the one it led to before, else the one beside this zig."""
    shared = _library(zig, cache)
    if shared.is_dir():
        return
    shared.parent.mkdir(parents=True, exist_ok=True)
    fresh = shared.with_name(f"{shared.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(zig.parent / "lib", target_is_directory=True)
    fresh.replace(shared)


def _version(zig: Path) -> str:
    """The version of the package around this zig; without one, a name of its own, so that nothing is shared."""
    found = sorted(zig.parent.parent.glob("ziglang-*.dist-info"))
    return found[-1].name.removesuffix(".dist-info") if found else f"zig-{_digest(zig)}"


def _digest(zig: Path) -> str:
    return hashlib.sha256(str(zig).encode()).hexdigest()[:12]


def is_cold(linker: Path | None, triple: str, machine: Machine) -> bool:
    """Whether the next link would first build zig's C library for the target; never so with another linker."""
    mark = _mark(linker, triple, machine)
    return mark is not None and not mark.is_file()


def keep_warm(linker: Path | None, triple: str, machine: Machine) -> None:
    """Remember that zig has linked a program for the target."""
    if mark := _mark(linker, triple, machine):
        mark.touch()


def _mark(linker: Path | None, triple: str, machine: Machine) -> Path | None:
    """The file that stands for zig's C library of a target, one per version of zig; None for another linker."""
    if machine.zig is None or linker != _script_path(triple, machine.zig, machine.cache):
        return None
    library = _library(machine.zig, machine.cache)
    return library.with_name(f"{library.name}.{triple}.linked")


def lld_linker(flavor: str, toolchain: Toolchain, machine: Machine) -> Path | None:
    """LLVM's linker: the toolchain's own, else the system's."""
    return toolchain.lld or system_lld(flavor, machine)


def system_lld(flavor: str, machine: Machine) -> Path | None:
    """LLVM's newest linker, under the name by which rustc knows it: `rust-lld`, else `wasm-ld` or `ld.lld`."""
    found = sorted((machine.system / "lib").glob(f"llvm-*/bin/{flavor}"), key=_llvm_version)
    return machine.program("rust-lld") or (found[-1] if found else machine.program(flavor))


def _llvm_version(program: Path) -> int:
    number = program.parent.parent.name.removeprefix("llvm-")
    return int(number) if number.isdigit() else 0
