"""Standard libraries compiled once per compiler and target, for targets that a toolchain does not bring.

Enters: a toolchain that has the sources of its standard library. Leaves: a folder of the shape that `rustc
--sysroot` expects, in the user's cache, so that a program for the target compiles in a fraction of a second instead
of compiling the standard library first. Nothing is downloaded: the sources bring the crates that they need.
`docs/decisions/0003-standard-libraries-built-once.md` has the reasons and times. Read `targets.py` next.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.errors import DeviceError
from sovereign.shell.cache import locked

if TYPE_CHECKING:
    from sovereign.migration.rust.toolchains import Toolchain

__all__ = ["build", "folder", "is_built"]

# Private crates of the library stay private, users can link with LTO, and equal names of other crates never clash.
FLAGS = ("-Zforce-unstable-if-unmarked", "-Cembed-bitcode=yes", "-Cmetadata=sovereign-sysroot")
MANIFEST = """[package]
name = "sysroot"
version = "0.0.0"
edition = "2021"
[lib]
path = "lib.rs"
[workspace]
"""


def folder(toolchain: Toolchain, triple: str, cache: Path) -> Path:
    """Where the library of this compiler and target lies or would lie."""
    return cache / "sysroots" / f"{toolchain.version}-{_digest(toolchain)}" / triple


def is_built(toolchain: Toolchain, triple: str, cache: Path) -> bool:
    """Whether the library is there; the folder appears in one step, when it is whole."""
    return folder(toolchain, triple, cache).is_dir()


def build(toolchain: Toolchain, triple: str, cache: Path, *, has_std: bool, jobs: int = 2) -> Path:
    """Compile the standard library for a target, unless that has been done.

    Errors    DeviceError targets.missing  when the sources are not installed or do not compile.
    Cost      30 to 100 s of one core and 1 GB of memory; 55 to 80 MB on disk.
    """
    sources = toolchain.sources
    if sources is None:
        raise DeviceError(
            "targets.missing",
            f"the sources of the standard library are not installed for the compiler: `{toolchain.rustc}`",
            backend=triple,
            reason="no sources",
        )
    target = folder(toolchain, triple, cache)
    with locked(cache / "locks" / f"sysroot-{target.parent.name}-{triple}.lock"):
        if not target.is_dir():
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".build-", dir=target.parent) as scratch:
                work = Path(scratch)
                _compile(toolchain, triple, sources, work, has_std=has_std, jobs=jobs)
                _harvest(work / "target" / triple / "release" / "deps", work / "sysroot", triple)
                (work / "sysroot").rename(target)
    return target


def _compile(toolchain: Toolchain, triple: str, sources: Path, work: Path, *, has_std: bool, jobs: int) -> None:
    """Let cargo build the library below an empty crate."""
    (work / "Cargo.toml").write_text(MANIFEST)
    (work / "lib.rs").write_text("#![feature(no_core)]\n#![no_core]\n")
    crates, features = ("std,panic_abort", "panic-unwind") if has_std else ("core,alloc", "compiler-builtins-mem")
    command = [str(toolchain.cargo), "build", "--release", "--offline", "--target", triple, "--jobs", str(jobs)]
    command += ["-Z", f"build-std={crates}", "-Z", f"build-std-features={features}"]
    command += ["--config", 'source.crates-io.replace-with="library"']
    command += ["--config", f"source.library.directory={json.dumps(str(sources / 'vendor'))}"]
    environment = {
        **os.environ,
        "RUSTC": str(toolchain.rustc),
        "RUSTC_BOOTSTRAP": "1",  # building the standard library is an unstable feature of a stable compiler
        "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(FLAGS),
        "CARGO_TARGET_DIR": str(work / "target"),
        "CARGO_PROFILE_RELEASE_DEBUG": "0",
    }
    finished = subprocess.run(
        command, cwd=work, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if finished.returncode:
        said = [line for line in finished.stdout.splitlines() if line.startswith("error")]
        reason = said[0] if said else f"cargo ended with status {finished.returncode}"
        raise DeviceError(
            "targets.missing",
            f"the standard library does not compile for {triple}: `{reason}`",
            backend=triple,
            reason=reason,
        )


def _harvest(built: Path, sysroot: Path, triple: str) -> None:
    """Move what cargo built into the shape that the compiler expects."""
    libraries = sysroot / "lib" / "rustlib" / triple / "lib"
    libraries.mkdir(parents=True)
    for library in built.glob("*.rlib"):
        if not library.name.startswith("libsysroot-"):
            shutil.move(library, libraries / library.name)


def _digest(toolchain: Toolchain) -> str:
    """What a library stands on: the compiler, the locked crates of its sources, and how we build it."""
    lock = toolchain.sources / "Cargo.lock" if toolchain.sources else None
    parts = [toolchain.fingerprint, lock.read_text() if lock and lock.is_file() else "", *FLAGS]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
