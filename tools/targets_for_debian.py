"""Bring the Rust targets for the browser, static Linux programs, ARM and microcontrollers on Debian.

Enters: a checkout, prepared or not. Leaves: every target ready, or the exact command to run and status 2. The work is
done by `sovereign.migration.rust.debian`, which an installed wheel has too; here it runs in the checkout's own
environment, where the linker package `ziglang` is.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv" / "bin" / "python"


def main() -> int:
    """Hand over to the package, in the environment that has the linker."""
    if PYTHON.exists() and Path(sys.prefix).resolve() != (ROOT / ".venv").resolve():
        os.execv(PYTHON, [str(PYTHON), __file__, *sys.argv[1:]])  # noqa: S606 - the same program, in the right environment
    sys.path.insert(0, str(ROOT / "src"))
    from sovereign.migration.rust.debian import main as bring

    return bring()


if __name__ == "__main__":
    raise SystemExit(main())
