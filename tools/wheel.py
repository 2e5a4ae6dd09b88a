"""Build one wheel per processor architecture into `dist/`, and check what is inside.

Enters: a prepared clone, and for the other architecture the targets of `make targets`. Leaves: wheels that run on any
Linux of that architecture with glibc 2.17 or newer, one line each with size and what was checked. Nothing is
repaired afterwards: the linker is given the C library of 2.17, so newer symbols cannot get in. Status 1 when a wheel
is not what it should be, 2 when it could not be built.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

from prepare import LAUNCHER, place_launcher  # noqa: E402
from sovereign.errors import SovereignError  # noqa: E402
from sovereign.migration.rust import require  # noqa: E402
from sovereign.migration.rust.linkers import zig_linker  # noqa: E402
from sovereign.migration.rust.toolchains import Machine  # noqa: E402
from sovereign.shell.cache import cache_folder, cargo_target_folder, locked  # noqa: E402
from wheel_contents import problems  # noqa: E402

ARCHITECTURES = ("x86_64", "aarch64")
# 1980 is the oldest date a zip file can hold; a fixed one makes equal sources equal bytes.
EPOCH = "315532800"
PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
BROKEN, CANNOT = 1, 2


def main() -> int:
    """Build and check the chosen wheels."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arch", action="append", choices=ARCHITECTURES, help="this one alone; repeatable")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="the folder for the wheels")
    parser.add_argument("--twice", action="store_true", help="build again from nothing and compare the bytes")
    options = parser.parse_args()
    status = 0
    for architecture in options.arch or ARCHITECTURES:
        try:
            found = make(architecture, options.out, twice=options.twice)
        except (SovereignError, BuildError) as error:
            print(f"wheel: {error}", file=sys.stderr)
            return CANNOT
        for problem in found:
            print(f"wheel: {problem}", file=sys.stderr)
        status = BROKEN if found else status
    return status


class BuildError(Exception):
    """The wheel could not be built."""


def make(architecture: str, out: Path, *, twice: bool) -> list[str]:
    """Build one wheel, print its line, and return what is wrong with it."""
    started = time.monotonic()
    wheel = build(architecture, out, cargo_target_folder(ROOT))
    found = problems(wheel, architecture)
    if twice:
        with tempfile.TemporaryDirectory() as folder:
            again = build(architecture, Path(folder), Path(folder) / "target")
            if digest(again) != digest(wheel):
                found.append(f"two builds of the same sources differ: `{wheel.name}`")
    checked = "same bytes twice, " if twice else ""
    verdict = "BROKEN" if found else f"{checked}checked"
    seconds = time.monotonic() - started
    print(f"{wheel.name}  {wheel.stat().st_size:,} bytes, {verdict}, {seconds:.1f} s", flush=True)
    return found


def build(architecture: str, out: Path, target_folder: Path) -> Path:
    """Let maturin build the wheel for the oldest C library.

    The interpreter is named, not found: the stable ABI needs none of the target's own.
    """
    triple = f"{architecture}-unknown-linux-gnu"
    recipe = require(triple)
    linker = zig_linker(triple, Machine.here())
    if linker is None:
        message = "the linker package is missing, bring it with: `python3 -m pip install ziglang`"
        raise BuildError(message)
    # Paths of this machine would differ from clone to clone, and have no place in a wheel.
    places = {ROOT: "sovereign", cache_folder(): "cache", target_folder: "target"}
    places[Path(os.environ.get("CARGO_HOME", "~/.cargo")).expanduser()] = "cargo"
    remaps = [f"--remap-path-prefix={path}={name}" for path, name in places.items()]
    flags = [*recipe.linked_by(linker).flags, *remaps]
    command = [sys.executable, "-m", "maturin", "build", "--release", "--locked", "--quiet", "--strip", "true"]
    command += ["--target", triple, "--interpreter", PYTHON, "--compatibility", "manylinux2014"]
    command += ["--auditwheel", "check", "--out", str(out), *recipe.offline]
    environment = {
        **os.environ,
        **recipe.environment,
        "CARGO": str(recipe.cargo),
        "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(flags),
        "CARGO_TARGET_DIR": str(target_folder),
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", EPOCH),
    }
    with locked(target_folder.with_name(f"{target_folder.name}.wheel.lock")), tempfile.TemporaryDirectory() as folder:
        command[command.index(str(out))] = folder
        launcher = [str(recipe.cargo), "build", "-q", "--release", "--locked", "-p", "launcher", "--target", triple]
        finished = subprocess.run([*launcher, *recipe.offline], cwd=ROOT, env=environment, check=False)
        if finished.returncode:
            message = f"cargo ended with status {finished.returncode} for the launcher and the target: `{triple}`"
            raise BuildError(message)
        place_launcher(target_folder / triple / "release" / LAUNCHER.name)
        finished = subprocess.run(command, cwd=ROOT, env=environment, check=False)
        wheels = list(Path(folder).glob("*.whl"))
        if finished.returncode or len(wheels) != 1:
            message = f"maturin ended with status {finished.returncode} for the target: `{triple}`"
            raise BuildError(message)
        out.mkdir(parents=True, exist_ok=True)
        wheel = out / wheels[0].name
        wheel.write_bytes(wheels[0].read_bytes())
    return wheel


def digest(wheel: Path) -> str:
    """The wheel's bytes in short."""
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


if __name__ == "__main__":
    raise SystemExit(main())
