"""What starting costs, counted in modules: a time would depend on the machine."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workdir import Plugin, Workdir

COSTLY = {
    "numpy",
    "rich",
    "importlib.metadata",
    "shtab",
    "argparse",
    "json",
    "pathlib",
    "logging",
    "dataclasses",
    "inspect",
}
LOADED = "import sys; before = set(sys.modules); {}; print(*sorted(set(sys.modules) - before))"
HELP = "from sovereign.orchestration.batuta.cli import main; main({!r})"


def loaded(workdir: Workdir, source: str) -> set[str]:
    """The modules that a fresh interpreter gets by running `source`; `-I` would hide the planted path."""
    finished = subprocess.run(
        [sys.executable, "-S", "-c", LOADED.format(source)],
        env={**workdir.environment, "PYTHONPATH": _path(workdir)},
        capture_output=True,
        check=True,
        text=True,
    )
    return set(finished.stdout.splitlines()[-1].split())


def _path(workdir: Workdir) -> str:
    # Without `site`, whose `.pth` files bring modules of development tools.
    planted = workdir.environment.get("PYTHONPATH", "")
    return ":".join([planted, *(each for each in sys.path if each)])


def test_the_front_door_costs_one_module_of_ours(workdir: Workdir) -> None:
    found = loaded(workdir, "import sovereign")
    assert {each for each in found if each.startswith("sovereign")} == {"sovereign"}
    assert len(found) <= 6


def test_help_imports_nothing_costly_and_no_room(workdir: Workdir, plugin: Plugin) -> None:
    plugin.command("hello")
    found = loaded(workdir, HELP.format(["--help"]))
    assert not COSTLY & found
    assert not {each for each in found if each.startswith("planted")}
    ours = {each for each in found if each.startswith("sovereign.") and not each.startswith("sovereign.shell")}
    assert ours == {
        "sovereign.errors",
        "sovereign.orchestration",
        "sovereign.orchestration.batuta",
        "sovereign.orchestration.batuta.cli",
        "sovereign.orchestration.batuta.commands",
    }
    assert len(found) <= 60


def test_a_refused_word_imports_nothing_costly_either(workdir: Workdir) -> None:
    assert not {"numpy", "rich", "importlib.metadata", "shtab"} & loaded(workdir, HELP.format(["stack", "chekc"]))
