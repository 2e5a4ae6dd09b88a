"""Abilities of the machine: named, probed, and never missed in silence where set-up promises them."""

from __future__ import annotations

import pytest

import abilities
from abilities import Ability


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(abilities, "missing", abilities.missing.__wrapped__)
    monkeypatch.setattr(
        abilities,
        "ABILITIES",
        {
            "there": Ability(promised=True, probe=lambda: None),
            "optional": Ability(promised=False, probe=lambda: "it is not here"),
            "promised": Ability(promised=True, probe=lambda: "it is not here"),
        },
    )


@pytest.mark.parametrize("ci", ["", "true"])
def test_a_test_whose_abilities_are_there_goes_on(monkeypatch: pytest.MonkeyPatch, ci: str) -> None:
    monkeypatch.setenv("CI", ci)
    abilities.enforce("there")


@pytest.mark.parametrize("ci", ["", "true"])
def test_an_optional_ability_that_is_missing_skips_and_is_named(monkeypatch: pytest.MonkeyPatch, ci: str) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(pytest.skip.Exception, match="needs the ability `optional`: it is not here"):
        abilities.enforce("there", "optional")


def test_a_promised_ability_that_is_missing_skips_here_and_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception):
        abilities.enforce("promised")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="set-up promises the ability `promised`"):
        abilities.enforce("promised")


def test_an_ability_that_nobody_declared_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match="knows no ability"):
        abilities.enforce("unheard-of")


def test_a_missing_program_is_named() -> None:
    assert abilities.program("no-such-program")() == "none of these programs is on PATH: no-such-program"
    assert abilities.program("no-such-program", "sh")() is None
