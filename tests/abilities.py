"""What a machine must be able to do for some tests, and whether this one can.

A test says `@pytest.mark.requires("node", "wasm32-unknown-unknown")`. Here every such ability has a probe that
answers with nothing, or with the reason why it is missing. Set-up promises some of them: where `CI` is set, a
promised ability that is missing fails the test instead of skipping it.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

TRIPLES = (
    "wasm32-unknown-unknown",
    "x86_64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-gnu",
    "aarch64-unknown-linux-musl",
    "thumbv7em-none-eabihf",
)


class Ability(NamedTuple):
    """One ability: whether set-up promises it, and a probe that says why it is missing."""

    promised: bool
    probe: Callable[[], str | None]


def program(*names: str) -> Callable[[], str | None]:
    """One of these programs can be started."""

    def probe() -> str | None:
        return None if any(map(shutil.which, names)) else f"none of these programs is on PATH: {', '.join(names)}"

    return probe


def target(triple: str) -> Callable[[], str | None]:
    """The Rust target can be built here."""

    def probe() -> str | None:
        from sovereign.migration.rust.targets import Missing, find

        found = find(triple)
        return f"{found.reason}; `{found.command}` brings it" if isinstance(found, Missing) else None

    return probe


def zig() -> str | None:
    """The `ziglang` package starts."""
    finished = subprocess.run([sys.executable, "-m", "ziglang", "version"], capture_output=True, check=False)
    return None if finished.returncode == 0 else "`python -m ziglang` does not start"


def profdata() -> str | None:
    """A tool of the toolchain or of the system can read what this rustc records."""
    told = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=False).stdout
    release = re.search(r"LLVM version: (\d+)", told)
    own = subprocess.run(["rustc", "--print", "sysroot"], capture_output=True, text=True, check=False).stdout.strip()
    places = [
        *Path(own).glob("lib/rustlib/*/bin/llvm-profdata"),
        *Path("/usr/lib").glob(f"llvm-{release and release[1]}/bin"),
    ]
    return None if places else "no `llvm-profdata` fits this rustc"


def root() -> str | None:
    """The tests run as root."""
    return None if os.geteuid() == 0 else "the tests do not run as root"


def full_device() -> str | None:
    """There is a device that is always full."""
    return None if Path("/dev/full").is_char_device() else "there is no /dev/full"


def x86_64() -> str | None:
    """The processor is an x86-64 one."""
    return None if platform.machine() == "x86_64" else f"the processor is {platform.machine()}"


def ptrace() -> str | None:
    """The kernel lets a process trace its children."""
    from sovereign.errors import TraceError
    from sovereign.observability.renacer import record

    try:
        return None if list(record(["true"])) else "a trace of `true` is empty"
    except TraceError as error:
        return str(error)


def package(name: str) -> Callable[[], str | None]:
    """The package can be imported."""

    def probe() -> str | None:
        return None if importlib.util.find_spec(name) else f"the package `{name}` is not installed"

    return probe


def i386() -> str | None:
    """The kernel takes calls of 32 bits."""
    return None if Path("/proc/sys/abi/vsyscall32").exists() else "the kernel takes no calls of 32 bits"


def speedscope() -> str | None:
    """`SOVEREIGN_SPEEDSCOPE` names the folder `dist/release` of the npm package."""
    named = os.environ.get("SOVEREIGN_SPEEDSCOPE", "")
    is_there = bool(named) and (Path(named) / "index.html").is_file()
    return None if is_there else "SOVEREIGN_SPEEDSCOPE does not name the folder `dist/release` of the npm package"


ABILITIES: dict[str, Ability] = {
    **{triple: Ability(promised=True, probe=target(triple)) for triple in TRIPLES},
    "chromium": Ability(promised=False, probe=program("chromium", "chromium-browser", "google-chrome")),
    "fish": Ability(promised=True, probe=program("fish")),
    "full-device": Ability(promised=True, probe=full_device),
    "gcc": Ability(promised=True, probe=program("gcc")),
    "groff": Ability(promised=True, probe=program("groff")),
    "llvm-profdata": Ability(promised=False, probe=profdata),
    "i386": Ability(promised=False, probe=i386),
    "node": Ability(promised=True, probe=program("node")),
    "openssl": Ability(promised=False, probe=program("openssl")),
    "opentelemetry": Ability(promised=True, probe=package("opentelemetry")),
    "perfetto": Ability(promised=True, probe=package("perfetto")),
    "ptrace": Ability(promised=True, probe=ptrace),
    "qemu-aarch64": Ability(promised=True, probe=program("qemu-aarch64-static", "qemu-aarch64")),
    "root": Ability(promised=False, probe=root),
    "rust": Ability(promised=True, probe=program("cargo")),
    "speedscope": Ability(promised=False, probe=speedscope),
    "strace": Ability(promised=False, probe=program("strace")),
    "x86_64": Ability(promised=False, probe=x86_64),
    "zig": Ability(promised=True, probe=zig),
    "zsh": Ability(promised=True, probe=program("zsh")),
}


@functools.cache
def missing(name: str) -> str | None:
    """Why this machine lacks an ability, or None when it has it; probed once."""
    return ABILITIES[name].probe()


def enforce(*names: str) -> None:
    """Let the running test go on, skip it, or fail it where set-up promised the ability and `CI` is set."""
    for name in names:
        if name not in ABILITIES:
            pytest.fail(f"tests/abilities.py knows no ability of that name: `{name}`", pytrace=False)
        reason = missing(name)
        if reason and ABILITIES[name].promised and os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(f"set-up promises the ability `{name}`: {reason}", pytrace=False)
        if reason:
            pytest.skip(f"needs the ability `{name}`: {reason}")
