"""`python -m sovereign.compute.trueno`: the command `compute`, and `info` where no command is named."""

from __future__ import annotations

import sys

from sovereign.compute.trueno.cli import main

if __name__ == "__main__":
    words = sys.argv[1:]
    has_command = any(not word.startswith("-") for word in words) or {"-h", "--help", "--version"} & set(words)
    raise SystemExit(main(words if has_command else ["info", *words], prog="python -m sovereign.compute.trueno"))
