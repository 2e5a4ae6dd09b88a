"""Run the native tests under AddressSanitizer: a read or write outside a buffer ends them.

Enters: a prepared clone and a Rust toolchain that ships the sanitizer's run-time (rustup's does, Debian's does not).
Leaves: the tests' own output. Status 2, "not measured", where the toolchain has no sanitizer.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from sovereign.shell.cache import cargo_target_folder  # noqa: E402

PACKAGES = ("trueno", "container", "predict", "sovereign-wasm")


def main() -> int:
    """Build the tests of the chosen crates with the sanitizer and run them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", action="append", choices=PACKAGES, help="this crate alone; repeatable")
    packages = parser.parse_args().package or PACKAGES
    rustc = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True)
    host = next(line.removeprefix("host: ") for line in rustc.stdout.splitlines() if line.startswith("host: "))
    if not any(runtime_folder(host).glob("librustc*_rt.asan.a")):
        print("not measured: this Rust toolchain ships no AddressSanitizer run-time", file=sys.stderr)
        return 2
    command = ["cargo", "test", "-q", "--locked", "--target", host]
    command += [word for package in packages for word in ("-p", package)]
    environment = {
        **os.environ,
        # The flag is unstable in name only; the run-time ships with the stable toolchain.
        "RUSTC_BOOTSTRAP": "1",
        "RUSTFLAGS": "-Zsanitizer=address",
        "CARGO_TARGET_DIR": str(cargo_target_folder(ROOT) / "sanitizer"),
    }
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def runtime_folder(host: str) -> Path:
    """Where the toolchain keeps its run-times."""
    sysroot = subprocess.run(["rustc", "--print", "sysroot"], capture_output=True, text=True, check=True)
    return Path(sysroot.stdout.strip()) / "lib" / "rustlib" / host / "lib"


if __name__ == "__main__":
    raise SystemExit(main())
