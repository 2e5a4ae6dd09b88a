"""Bring a clone to the point where it can work: virtual environment, locked packages, native core.

Enters: a fresh checkout on a machine with Python 3.11, its venv module, a C compiler, make and git. Leaves: a
`.venv` in which `sovereign` imports and `batuta` runs. Every step is skipped while what it stands on is
unchanged, so a second call takes a fraction of a second. Run by the Makefile; the standard library alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from sovereign.shell.cache import cache_folder, cargo_target_folder, locked  # noqa: E402

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "prepared.json"
LAUNCHER = ROOT / "build" / "wheel" / "scripts" / "ruchy"
OLDEST_PYTHON = (3, 11)
OLDEST_RUST = (1, 85)
STAGES = ("packages", "native", "linters", "companions", "peers")
LINTERS = ("cargo-clippy", "rustfmt")
DEBIAN_RUST = ("rustc-web", "cargo-web")
DEBIAN_LINTERS = ("rust-web-clippy", "rustfmt-web")
# Programs that tests run beside our own; the package bears the name. The targets bring node and qemu.
COMPANIONS = ("zsh", "fish", "groff", "strace")
# The sources of two crates lie where the wheel ships them, `docs/decisions/0019-models-in-programs.md` says why.
NATIVE_SOURCES = (
    *("Cargo.toml", "Cargo.lock", "pyproject.toml", "crates", "src/sovereign/_native/_core.pyi"),
    *("src/sovereign/migration/rust/predict", "src/sovereign/migration/rust/trueno"),
)


def main() -> int:
    """Prepare what the named stage needs and say what was done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage", nargs="?", choices=STAGES, default="native")
    parser.add_argument("--target-folder", action="store_true", help="print where cargo builds, and end")
    options = parser.parse_args()
    if options.target_folder:
        print(cargo_target_folder(ROOT))
        return 0
    stage = options.stage
    if sys.version_info < OLDEST_PYTHON:
        give_up(f"Python {'.'.join(map(str, OLDEST_PYTHON))} or newer is needed, this is", sys.version.split()[0])
    with locked(cache_folder() / "locks" / f"{cargo_target_folder(ROOT).name}.lock"):
        done = read_stamp()
        prepare_packages(done)
        if stage != "packages":
            prepare_rust(linters=stage == "linters")
            prepare_native(done)
            prepare_bytecode(done)
        if stage == "peers":
            prepare_peers(done)
        if stage == "companions":
            bring("to run every test", [tool for tool in COMPANIONS if not shutil.which(tool)])
    return 0


def prepare_packages(done: dict[str, str]) -> None:
    """Create `.venv` and install exactly what the lock files name."""
    locks = [ROOT / "requirements" / "bootstrap.lock", ROOT / "requirements" / "develop.lock"]
    # The environment holds absolute paths of this clone and of its interpreter, so both are part of what it is.
    facts = f"{VENV} {sys.base_prefix} {sys.version_info[:3]}".encode()
    digest = hashlib.sha256(facts + b"".join(lock.read_bytes() for lock in locks)).hexdigest()
    if PYTHON.exists() and done.get("packages") == digest:
        return
    if not PYTHON.exists() or done.get("place") != str(VENV):
        say("creating .venv")
        try:
            venv.create(VENV, with_pip=True, clear=True)
        except (ImportError, subprocess.CalledProcessError):
            shutil.rmtree(VENV, ignore_errors=True)
            give_up("Python's venv module is missing, install it with", "apt-get install python3-venv")
    say("installing the locked Python packages")
    run([PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", locks[0]])
    run([PYTHON, "-m", "uv", "pip", "install", "-q", "--require-hashes", "-r", locks[1]])
    done.pop("native", None)
    done |= {"packages": digest, "place": str(VENV)}
    write_stamp(done)


def prepare_peers(done: dict[str, str]) -> None:
    """Install what benchmarks compare with; nothing else needs it."""
    lock = ROOT / "requirements" / "bench.lock"
    digest = f"{done['packages']} {hashlib.sha256(lock.read_bytes()).hexdigest()}"
    if done.get("peers") == digest:
        return
    say("installing the peers of the benchmarks")
    run([PYTHON, "-m", "uv", "pip", "install", "-q", "--require-hashes", "-r", lock])
    done["peers"] = digest
    write_stamp(done)


def prepare_rust(*, linters: bool) -> None:
    """See that a Rust toolchain is there, and bring Debian's when it is not and we may."""
    missing = [] if rust_version() >= OLDEST_RUST else list(DEBIAN_RUST)
    if linters and not all(shutil.which(tool) for tool in LINTERS):
        missing += DEBIAN_LINTERS
    bring(f"for Rust {'.'.join(map(str, OLDEST_RUST))} or newer", missing)


def bring(purpose: str, packages: list[str]) -> None:
    """Install Debian packages when we may, else say the exact command."""
    if not packages:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        give_up(f"{purpose}, packages are missing, install them with", "sudo " + " ".join(command))
    say("installing " + " ".join(packages))
    for step in (["apt-get", "update", "-q"], command):
        run(step, {"DEBIAN_FRONTEND": "noninteractive"}, quiet=True)


def rust_version() -> tuple[int, ...]:
    """The version of the rustc that cargo would call, or (0,) without one."""
    if not (shutil.which("cargo") and shutil.which("rustc")):
        return (0,)
    found = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=False)
    number = re.match(r"rustc (\d+)\.(\d+)", found.stdout)
    return tuple(map(int, number.groups())) if number else (0,)


def prepare_native(done: dict[str, str]) -> None:
    """Build the Rust core and install the package in place."""
    digest = native_digest()
    door = ROOT / "src" / "sovereign" / "_native" / "_core.abi3.so"
    if door.exists() and done.get("native") == digest:
        return
    say("building the native core")
    target = cargo_target_folder(ROOT)
    environment = {"CARGO_TARGET_DIR": str(target), "VIRTUAL_ENV": str(VENV)}
    run(["cargo", "build", "-q", "--release", "--locked", "-p", "launcher"], environment, quiet=True)
    place_launcher(target / "release" / LAUNCHER.name)
    run([VENV / "bin" / "maturin", "develop", "--release", "--uv"], environment, quiet=True)
    done["native"] = digest
    write_stamp(done)


def prepare_bytecode(done: dict[str, str]) -> None:
    """Compile what a start of `ruchy` reads, which under `PYTHONDONTWRITEBYTECODE` nobody else would keep."""
    package = ROOT / "src" / "sovereign"
    folders = (package, package / "shell", package / "migration", package / "migration" / "ruchy")
    files = [path for folder in folders for path in sorted(folder.glob("*.py"))]
    facts = [f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
    digest = hashlib.sha256("\n".join(facts).encode()).hexdigest()
    if done.get("bytecode") == digest:
        return
    run([PYTHON, "-m", "compileall", "-q", *files])
    done["bytecode"] = digest
    write_stamp(done)


def place_launcher(built: Path) -> None:
    """Put the native command where maturin takes the scripts of a wheel from."""
    LAUNCHER.parent.mkdir(parents=True, exist_ok=True)
    fresh = LAUNCHER.with_suffix(".new")
    shutil.copy(built, fresh)
    fresh.replace(LAUNCHER)


def native_digest() -> str:
    """What the native build stands on: names, sizes and times of its sources, and the compiler."""
    lines = [".".join(map(str, rust_version()))]
    for name in NATIVE_SOURCES:
        top = ROOT / name
        files = sorted(path for path in top.rglob("*") if path.is_file()) if top.is_dir() else [top]
        for path in files:
            facts = path.stat()
            lines.append(f"{path.relative_to(ROOT)} {facts.st_size} {facts.st_mtime_ns}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def run(command: Sequence[str | Path], environment: dict[str, str] | None = None, *, quiet: bool = False) -> None:
    """Run one step; its output is shown when it fails, or at once unless `quiet`."""
    finished = subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        check=False,
    )
    if finished.returncode:
        sys.stderr.write(finished.stdout or "")
        give_up(f"a set-up step ended with status {finished.returncode}", " ".join(map(str, command)))


def read_stamp() -> dict[str, str]:
    """What an earlier call finished, by stage."""
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp


def write_stamp(done: dict[str, str]) -> None:
    """Remember what is finished, in one step."""
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(json.dumps(done))
    fresh.replace(STAMP)


_STARTED = time.monotonic()


def say(what: str) -> None:
    """One line of progress on stderr, with the time since the start."""
    print(f"set-up {time.monotonic() - _STARTED:5.1f} s  {what}", file=sys.stderr, flush=True)


def give_up(problem: str, value: str) -> NoReturn:
    """Say in one sentence what is wrong and end with status 2."""
    print(f"set-up: {problem}: `{value}`", file=sys.stderr)
    raise SystemExit(2)


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except OSError as error:
        give_up("a file cannot be written or read", str(error))
