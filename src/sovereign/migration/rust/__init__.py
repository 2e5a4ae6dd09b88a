"""Rust on this machine: which targets can be built, and how.

Enters: the name of a target. Leaves: a `Recipe` to build with, or `Missing` with the command that brings it. Files in
the order in which data passes them: `toolchains.py` asks the compilers, `sysroots.py` holds standard libraries built
once, `linkers.py` finds what links, `vendor.py` the crates of our lock, `targets.py` puts them together, `probe.py`
proves it and `debian.py` brings what is missing. Read `targets.py` first.
"""

from __future__ import annotations

from sovereign.migration.rust.targets import TARGETS, Missing, Recipe, Target, find, host, require

__all__ = ["TARGETS", "Missing", "Recipe", "Target", "find", "host", "require"]
