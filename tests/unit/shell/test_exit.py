"""How a command ends."""

from __future__ import annotations

from sovereign.shell.exit import ExitCode


def test_the_codes_are_those_of_the_manners() -> None:
    assert [(each.name, each.value) for each in ExitCode] == [("OK", 0), ("NO", 1), ("CANNOT", 2)]
