"""Which Rust toolchains are on this machine.

Enters: a `Machine`, which says where to look. Leaves: `Toolchain` values, the one on PATH first, then the system's
own. A compiler is asked once per process, on the first call. Read `sysroots.py` next.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sovereign.shell.cache import cache_folder

__all__ = ["Machine", "Origin", "Toolchain", "toolchains"]

Origin = Literal["rustup", "debian"]
OLDEST_RUST = (1, 85)


@dataclass(frozen=True, slots=True)
class Machine:
    """Where toolchains, linkers and caches are looked for; tests describe machines of their own with it."""

    search_path: str
    system: Path
    cache: Path
    zig: Path | None
    project: Path | None

    @classmethod
    def here(cls) -> Machine:
        """The machine that we run on, as its environment describes it now."""
        checkout = Path(__file__).resolve().parents[4]
        return cls(
            search_path=os.environ.get("PATH", os.defpath),
            system=Path("/usr"),
            cache=cache_folder(),
            zig=_zig_program(),
            project=checkout if (checkout / "Cargo.lock").is_file() else None,
        )

    def program(self, name: str) -> Path | None:
        """The program that a shell would start."""
        found = shutil.which(name, path=self.search_path)
        return Path(found) if found else None


def _zig_program() -> Path | None:
    """The compiler inside the `ziglang` package, which `python -m ziglang` starts."""
    package = importlib.util.find_spec("ziglang")
    if package is None or package.origin is None:
        return None
    program = Path(package.origin).parent / "zig"
    return program if program.is_file() else None


@dataclass(frozen=True, slots=True)
class Toolchain:
    """One compiler with its cargo, and where it keeps its libraries."""

    origin: Origin
    cargo: Path
    rustc: Path
    version: str
    host: str
    sysroot: Path
    fingerprint: str

    def libraries(self, triple: str) -> Path:
        """The folder that holds the compiled standard library of a target, when the toolchain brings one."""
        return self.sysroot / "lib" / "rustlib" / triple / "lib"

    @property
    def sources(self) -> Path | None:
        """The sources of the standard library with the crates that they need, or None when not installed."""
        library = self.sysroot / "lib" / "rustlib" / "src" / "rust" / "library"
        return library if (library / "std").is_dir() and (library / "vendor").is_dir() else None

    @property
    def lld(self) -> Path | None:
        """The linker that the toolchain itself ships for targets without an operating system."""
        program = self.sysroot / "lib" / "rustlib" / self.host / "bin" / "rust-lld"
        return program if program.is_file() else None


def toolchains(machine: Machine) -> list[Toolchain]:
    """The usable toolchains, the one on PATH first; one that is too old or does not start is left out."""
    system = (machine.system / "bin" / "cargo", machine.system / "bin" / "rustc")
    pairs = [(machine.program("cargo"), machine.program("rustc")), system]
    found: list[Toolchain] = []
    for cargo, rustc in pairs:
        toolchain = _ask(cargo, rustc, machine.system, _age(rustc)) if cargo and rustc else None
        if toolchain and toolchain.sysroot not in [earlier.sysroot for earlier in found]:
            found.append(toolchain)
    return found


def _age(program: Path) -> int:
    """When the program was last replaced, so that one installed meanwhile is asked anew."""
    return program.stat().st_mtime_ns if program.is_file() else 0


@functools.cache
def _ask(cargo: Path, rustc: Path, system: Path, age: int) -> Toolchain | None:  # noqa: ARG001 - a key of the cache
    """What the compiler says about itself."""
    facts, sysroot = _answer(rustc, "-vV"), _answer(rustc, "--print", "sysroot")
    release = re.search(r"^release: ((\d+)\.(\d+)\S*)$", facts, re.MULTILINE)
    host = re.search(r"^host: (\S+)$", facts, re.MULTILINE)
    if not (cargo.is_file() and release and host and sysroot):
        return None
    if (int(release[2]), int(release[3])) < OLDEST_RUST:
        return None
    home = Path(sysroot)
    return Toolchain(
        origin="debian" if home == system else "rustup",
        cargo=cargo,
        rustc=rustc,
        version=release[1],
        host=host[1],
        sysroot=home,
        fingerprint=hashlib.sha256(facts.encode()).hexdigest(),
    )


def _answer(rustc: Path, *question: str) -> str:
    """What the compiler prints, or nothing when it does not start."""
    try:
        finished = subprocess.run([rustc, *question], capture_output=True, text=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return finished.stdout.strip() if finished.returncode == 0 else ""
