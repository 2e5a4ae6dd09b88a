"""What the room says about itself."""

from __future__ import annotations

import pytest

from sovereign.errors import IntegrityError
from sovereign.persistence.container import selftest
from sovereign.shell.selftest import State


def test_every_changed_bit_is_noticed_here_and_now():
    (evidence,) = selftest.run()
    assert evidence.state is State.OK
    assert evidence.evidence == "480 of 480 changed bits noticed"


@pytest.mark.parametrize("refuses", [True, False])
def test_a_reader_that_refuses_or_accepts_everything_is_broken(monkeypatch, refuses):
    def verify(file):
        if refuses:
            raise IntegrityError("container.checksum", "no")

    monkeypatch.setattr(selftest, "verify", verify)
    (evidence,) = selftest.run()
    assert evidence.state is State.BROKEN
    assert evidence.fix
