"""What the room says about itself."""

from __future__ import annotations

import numpy as np
import pytest

from sovereign.compute.trueno import Backend, active_backend, available_backends, selftest
from sovereign.shell.selftest import State


def test_every_backend_agrees_and_the_chosen_one_is_named():
    first, *others = selftest.run()
    assert first.check == "SIMD level"
    assert first.evidence.startswith(f"{active_backend()} in use, of ")
    assert [each.check for each in others] == [f"{backend} agrees with NumPy" for backend in available_backends()]
    assert {each.state for each in others} == {State.OK}
    assert all(0 < int(each.evidence.split()[2]) <= 100 for each in others)
    assert len({each.evidence.split()[-2] for each in others}) == 1, "every backend did the same work"


FAMILIES = [("vectors", name) for name in "add exp fma sum dot max argmax norm_l2 prefix_sum top_k quantize".split()]
FAMILIES += [("activations", name) for name in "tanh softmax layer_norm".split()]
FAMILIES += [("matrices", name) for name in "matmul matvec pairwise_l2_squared cholesky qr".split()]


@pytest.mark.parametrize(("room", "kernel"), FAMILIES)
def test_a_kernel_that_is_wrong_is_broken(monkeypatch, room, kernel):
    module = getattr(selftest, room)
    right = getattr(module, kernel)

    def wrong(*arguments, **options):
        result = right(*arguments, **options)
        return tuple(np.asarray(each) + 1 for each in result) if isinstance(result, tuple) else np.asarray(result) + 1

    monkeypatch.setattr(module, kernel, wrong)
    evidence = selftest.agreement(Backend.SCALAR)
    assert evidence.state is State.BROKEN
    assert f"`{kernel}`" in evidence.evidence
    assert evidence.fix
