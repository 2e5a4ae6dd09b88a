"""Which Rust targets can be built on this machine, and how.

Enters: the name of a target. Leaves: a `Recipe`, which is the compiler call as data, or `Missing`, which is the
reason and the one command that brings the target. Finding downloads nothing and builds nothing; its only trace is
the linker script in the cache folder. The order is: the toolchain on PATH when it brings the target's standard
library, then one whose library was built into the cache (`sysroots.py`), then the system's toolchain likewise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from sovereign.errors import DeviceError, NotFound
from sovereign.migration.rust import linkers, sysroots, vendor
from sovereign.migration.rust.toolchains import Machine, Toolchain, toolchains
from sovereign.shell.nearest import nearest

if TYPE_CHECKING:
    from pathlib import Path

    from sovereign.migration.rust.toolchains import Origin

__all__ = ["TARGETS", "Lack", "Missing", "Recipe", "Target", "find", "host", "require", "target_named"]


@dataclass(frozen=True, slots=True)
class Target:
    """A target that we build for; `lld` is LLVM's linker for it, None where an operating system needs more."""

    triple: str
    purpose: str
    has_std: bool = True
    lld: str | None = None
    flags: tuple[str, ...] = ()


# Zig brings C library and start files, so rustc must not add its own; musl programs are one static file.
_STATIC = ("-Clink-self-contained=no", "-Ctarget-feature=+crt-static")
TARGETS = (
    Target("x86_64-unknown-linux-gnu", "programs and wheels for x86-64 Linux"),
    Target("aarch64-unknown-linux-gnu", "programs and wheels for ARM Linux"),
    Target("x86_64-unknown-linux-musl", "static programs for x86-64 Linux", flags=_STATIC),
    Target("aarch64-unknown-linux-musl", "static programs for ARM Linux", flags=_STATIC),
    Target("wasm32-unknown-unknown", "the browser", lld="wasm-ld"),
    Target("thumbv7em-none-eabihf", "microcontrollers with a Cortex-M4F or M7F", has_std=False, lld="ld.lld"),
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to build for one target: which programs, which flags, which environment.

    `linker` and `sysroot` are None where the toolchain's own will do.
    """

    target: Target
    origin: Origin
    version: str
    cargo: Path
    rustc: Path
    linker: Path | None
    sysroot: Path | None
    offline: tuple[str, ...] = ("--offline",)

    @property
    def flags(self) -> tuple[str, ...]:
        """What rustc must be told beside `--target`."""
        where = ("--sysroot", str(self.sysroot)) if self.sysroot else ()
        by = (f"-Clinker={self.linker}",) if self.linker else ()
        return (*where, *by, *(self.target.flags if self.linker else ()))

    @property
    def arguments(self) -> tuple[str, ...]:
        """What `cargo build` must be told; it stays off the network."""
        return ("--target", self.target.triple, *self.offline)

    @property
    def environment(self) -> dict[str, str]:
        """What cargo must find in its environment.

        The encoded form of the flags takes paths with blanks, and outranks every other place for flags, so that the
        user's `RUSTFLAGS` cannot spoil the build. Cargo keeps the flags away from build scripts.
        """
        return {"RUSTC": str(self.rustc), "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(self.flags)}

    def compile_command(self, *words: str) -> list[str]:
        """The rustc call for a program without cargo; `words` are the source, `-o` and further options."""
        return [str(self.rustc), "--target", self.target.triple, *self.flags, *words]

    def build_command(self, *words: str) -> list[str]:
        """The `cargo build` call; run it with `environment` added to the process's own."""
        return [str(self.cargo), "build", *self.arguments, *words]

    def linked_by(self, linker: Path) -> Recipe:
        """The same recipe with another linker."""
        return replace(self, linker=linker)


class Lack(StrEnum):
    """What a target lacks here, as the end of a sentence that begins with "because"."""

    TOOLCHAIN = "no Rust toolchain of version 1.85 or newer was found"
    LIBRARY = "its standard library is not installed"
    BUILD = "its standard library has not been built from its sources"
    DRIVER = "no C compiler is there to link with"
    LLD = "LLVM's linker is not installed"
    ZIG = "the linker package ziglang is not installed"


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a target cannot be built here, and the one command that brings it."""

    target: Target
    lack: Lack
    command: str

    @property
    def reason(self) -> str:
        """The lack in words."""
        return str(self.lack)


def find(triple: str, machine: Machine | None = None) -> Recipe | Missing:
    """Find how a target can be built on this machine.

    Errors    NotFound targets.unknown  when the target is none of `TARGETS`; `nearest` holds similar names.
    Cost      four short compiler calls the first time in a process, a few file lookups after that.
    """
    target = target_named(triple)
    machine = machine or Machine.here()
    lack = Lack.TOOLCHAIN
    for toolchain in toolchains(machine):
        answer = _recipe(target, toolchain, machine)
        if isinstance(answer, Recipe):
            return answer
        lack = answer
    return Missing(target, lack, _remedy(target, lack, machine))


def require(triple: str, machine: Machine | None = None) -> Recipe:
    """Find how a target can be built, or refuse.

    Errors    NotFound targets.unknown     as `find`.
              DeviceError targets.missing  when the target cannot be built here; the text names the command.
    """
    answer = find(triple, machine)
    if isinstance(answer, Recipe):
        return answer
    raise DeviceError(
        "targets.missing",
        f"{triple} cannot be built here because {answer.reason}, bring it with: `{answer.command}`",
        backend=triple,
        reason=answer.reason,
        command=answer.command,
    )


def target_named(triple: str) -> Target:
    """The supported target of that name.

    >>> target_named("wasm32-unknown-unknown").purpose
    'the browser'
    """
    names = {target.triple: target for target in TARGETS}
    if triple in names:
        return names[triple]
    alike = nearest(triple, names)
    known = ", ".join(f"`{name}`" for name in names)
    hint = f", did you mean `{alike[0]}`" if alike else f", one of {known} is needed"
    raise NotFound(
        "targets.unknown", f"no Rust target of that name is supported{hint}: `{triple}`", name=triple, nearest=alike
    )


def host(machine: Machine | None = None) -> str | None:
    """The target that the first usable toolchain builds for by itself, or None without a toolchain."""
    found = toolchains(machine or Machine.here())
    return found[0].host if found else None


def _recipe(target: Target, toolchain: Toolchain, machine: Machine) -> Recipe | Lack:
    """The recipe with one toolchain, or the reason why there is none."""
    sysroot = None
    if not _brings(toolchain, target):
        sysroot = sysroots.folder(toolchain, target.triple, machine.cache)
        if toolchain.sources is None:
            return Lack.LIBRARY
        if not sysroot.is_dir():
            return Lack.BUILD
    linker = None
    if target.triple != toolchain.host or machine.program("cc") is None:
        linker = _linker(target, toolchain, machine)
        if linker is None:
            return _linker_lack(target, toolchain)
    offline = vendor.arguments(machine.project, machine.cache)
    return Recipe(
        target, toolchain.origin, toolchain.version, toolchain.cargo, toolchain.rustc, linker, sysroot, offline
    )


def _brings(toolchain: Toolchain, target: Target) -> bool:
    """Whether the toolchain itself has the target's library."""
    needed = "libstd-*.rlib" if target.has_std else "libcore-*.rlib"
    return any(toolchain.libraries(target.triple).glob(needed))


def _linker(target: Target, toolchain: Toolchain, machine: Machine) -> Path | None:
    if target.lld:
        return linkers.lld_linker(target.lld, toolchain, machine)
    return linkers.zig_linker(target.triple, machine)


def _linker_lack(target: Target, toolchain: Toolchain) -> Lack:
    if target.triple == toolchain.host:
        return Lack.DRIVER
    return Lack.LLD if target.lld else Lack.ZIG


def _remedy(target: Target, lack: Lack, machine: Machine) -> str:
    """The one command that mends it: rustup's where only rustup is used, ours where Debian's toolchain can serve."""
    if lack is Lack.ZIG:
        return "python3 -m pip install ziglang"
    if lack is Lack.DRIVER:
        return "apt-get install -y gcc libc6-dev"
    has_debian = any(toolchain.origin == "debian" for toolchain in toolchains(machine))
    if has_debian or (machine.program("apt-get") and not machine.program("rustup")):
        script = "tools/targets_for_debian.py"
        in_checkout = machine.project is not None and (machine.project / script).is_file()
        program = f"python3 {script}" if in_checkout else "python3 -m sovereign.migration.rust.debian"
        return f"{program} --only {target.triple}"
    return f"rustup target add {target.triple}"
