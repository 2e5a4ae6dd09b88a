"""What the room says about itself."""

from __future__ import annotations

import pytest

from sovereign.compute.trueno import Backend, active_backend, available_backends, selftest
from sovereign.shell.selftest import State


def test_every_backend_agrees_and_the_chosen_one_is_named():
    first, *others = selftest.run()
    assert first.check == "SIMD level"
    assert first.evidence.startswith(f"{active_backend()} in use, of ")
    assert [each.check for each in others] == [f"{backend} agrees with NumPy" for backend in available_backends()]
    assert {each.state for each in others} == {State.OK}
    assert all(0 <= int(each.evidence.split()[2]) <= 100 for each in others)


@pytest.mark.parametrize("kernel", ["dot", "sum", "axpy"])
def test_a_kernel_that_is_wrong_is_broken(monkeypatch, kernel):
    right = getattr(selftest, kernel)

    def wrong(*arguments, **options):
        result = right(*arguments, **options)
        if result is None:
            arguments[2][0] += 1
        return result and result + 1

    monkeypatch.setattr(selftest, kernel, wrong)
    evidence = selftest.agreement(Backend.SCALAR)
    assert evidence.state is State.BROKEN
    assert evidence.fix
