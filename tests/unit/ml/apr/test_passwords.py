"""Passwords from a file, a variable or the person at the terminal."""

from __future__ import annotations

import getpass
import os

import pytest

from sovereign.errors import ParameterError
from sovereign.ml.apr import passwords
from sovereign.ml.apr.passwords import PasswordSource


@pytest.fixture(name="answers")
def _answers(monkeypatch):
    """A terminal at which these answers are typed, one after the other; what was asked is kept."""
    asked: list[str] = []

    def at_terminal(*typed):
        left = list(typed)

        def answer(question):
            asked.append(question)
            return left.pop(0)

        monkeypatch.setattr(getpass, "getpass", answer)
        monkeypatch.setattr(passwords.os, "open", lambda *_: os.dup(2))
        return asked

    return at_terminal


def test_the_first_line_of_a_file_counts_with_its_blanks(tmp_path):
    (tmp_path / "password").write_bytes(b" two words \r\nsecond line\n")
    source = PasswordSource(file=str(tmp_path / "password"))
    assert source.password("?") == b" two words "
    assert source.is_named


def test_a_variable_is_taken_byte_by_byte(monkeypatch):
    monkeypatch.setitem(os.environ, "OPENS", os.fsdecode(b"caf\xe9"))
    assert PasswordSource(variable="OPENS").password("?") == b"caf\xe9"


def test_a_new_password_is_asked_for_twice(answers):
    asked = answers("horse", "horse")
    assert PasswordSource().password("new password", is_new=True) == b"horse"
    assert asked == ["new password: ", "new password, again: "]
    assert not PasswordSource().is_named


@pytest.mark.parametrize("typed", [("horse", "house"), ("", "")])
def test_answers_that_differ_or_are_empty_are_refused(answers, typed):
    answers(*typed)
    with pytest.raises(ParameterError) as refused:
        PasswordSource().password("new password", is_new=True)
    assert refused.value.code == "container.key"


def test_an_old_password_is_asked_for_once(answers):
    asked = answers("häuser")
    assert PasswordSource().password("password") == "häuser".encode()
    assert len(asked) == 1
