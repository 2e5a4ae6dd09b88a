"""A machine made of folders and small scripts, on which toolchains, linkers and caches are found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sovereign.migration.rust.toolchains import Machine

if TYPE_CHECKING:
    from pathlib import Path

HOST = "x86_64-unknown-linux-gnu"


class Pretend:
    """Builds the machine step by step; `machine` is what the code under test gets."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in ("path", "usr/bin", "usr/lib", "cache"):
            (root / folder).mkdir(parents=True)
        self.machine = Machine(str(root / "path"), root / "usr", root / "cache", None, None)

    def program(self, name: str, text: str = "exit 0", *, folder: str = "path") -> Path:
        path = self.root / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return path

    def toolchain(
        self, folder: str, sysroot: Path, *, version: str = "1.96.0", host: str = HOST, cargo: str = "exit 0"
    ) -> None:
        facts = f"rustc {version}\\nhost: {host}\\nrelease: {version}\\n"
        answer = f'if [ "$1" = -vV ]; then printf "{facts}"; else echo "{sysroot}"; fi'
        self.program("rustc", answer, folder=folder)
        self.program("cargo", cargo, folder=folder)
        self.program("cc")
        self.library(host, sysroot)

    def rustup(self, **how: str) -> Path:
        sysroot = self.root / "rustup"
        self.program("rustup")
        self.toolchain("path", sysroot, **how)
        return sysroot

    def debian(self, *, sources: bool = True, **how: str) -> Path:
        sysroot = self.root / "usr"
        self.program("apt-get")
        self.toolchain("usr/bin", sysroot, **how)
        if sources:
            for folder in ("std", "vendor"):
                (sysroot / "lib/rustlib/src/rust/library" / folder).mkdir(parents=True)
        return sysroot

    def library(self, triple: str, sysroot: Path, *crates: str) -> None:
        folder = sysroot / "lib/rustlib" / triple / "lib"
        folder.mkdir(parents=True)
        for crate in crates or ("core", "std"):
            (folder / f"lib{crate}-0123.rlib").touch()

    def zig(self) -> None:
        self.machine = replace(self.machine, zig=self.program("zig", folder="ziglang"))

    def environment(self, name: str, version: str) -> Machine:
        """The machine as an environment of its own sees it, with zig's package inside."""
        zig = self.program("zig", folder=f"{name}/ziglang")
        (zig.parent / "lib").mkdir()
        (zig.parent.parent / f"ziglang-{version}.dist-info").mkdir()
        return replace(self.machine, zig=zig)

    def lld(self) -> Path:
        return self.program("rust-lld")

    def project(self, lock: str = "version = 4\n") -> Path:
        project = self.root / "project"
        (project / "tools").mkdir(parents=True)
        (project / "tools/targets_for_debian.py").touch()
        (project / "Cargo.lock").write_text(lock)
        self.machine = replace(self.machine, project=project)
        return project


@pytest.fixture(name="pretend")
def _pretend(tmp_path: Path) -> Pretend:
    return Pretend(tmp_path)
