"""Build the browser's core, `crates/sovereign-wasm`, into one `.wasm` file.

Enters: a prepared clone and a machine that can build wasm32-unknown-unknown; where it cannot, the one command that
changes this is named, status 2. Leaves: `dist/sovereign.wasm` with SIMD128 kernels, or with `--plain` without, for
browsers older than 2021.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from sovereign.errors import DeviceError  # noqa: E402
from sovereign.migration.rust import require  # noqa: E402
from sovereign.shell.cache import cargo_target_folder  # noqa: E402

TRIPLE = "wasm32-unknown-unknown"
CRATE = "sovereign-wasm"


def main() -> int:
    """Build, copy and say what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plain", action="store_true", help="do without SIMD128")
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / "sovereign.wasm", help="the file to write")
    options = parser.parse_args()
    try:
        built = build(simd=not options.plain)
    except DeviceError as error:
        print(f"wasm: {error}", file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as error:
        return error.returncode
    options.out.parent.mkdir(parents=True, exist_ok=True)
    fresh = options.out.with_suffix(".new")
    shutil.copyfile(built, fresh)
    fresh.replace(options.out)
    print(f"{options.out}: {options.out.stat().st_size} bytes, {'plain' if options.plain else 'SIMD128'} kernels")
    return 0


def build(*, simd: bool) -> Path:
    """Build the module and return where cargo put it.

    Errors    DeviceError targets.missing  when this machine cannot build the target.
              CalledProcessError           when cargo fails; it has said why.
    """
    recipe = require(TRIPLE)
    folder = cargo_target_folder(ROOT) / ("wasm-simd" if simd else "wasm-plain")
    environment = {**os.environ, **recipe.environment}
    if simd:
        environment["CARGO_ENCODED_RUSTFLAGS"] += "\x1f-Ctarget-feature=+simd128"
    words = ("-q", "--release", "--locked", "-p", CRATE, "--target-dir", str(folder))
    subprocess.run(recipe.build_command(*words), cwd=ROOT, env=environment, check=True)
    return folder / TRIPLE / "release" / f"{CRATE.replace('-', '_')}.wasm"


if __name__ == "__main__":
    raise SystemExit(main())
