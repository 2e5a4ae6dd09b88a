"""Where an operation runs: refused where it cannot, explained where it can, and bounded in its threads."""

from __future__ import annotations

import os

import numpy as np
import pytest

from sovereign.compute import trueno
from sovereign.compute.trueno import Backend, Choice, calibration, threads
from sovereign.compute.trueno.calibration import Calibration, Level
from sovereign.compute.trueno.device import use_rates
from sovereign.errors import DeviceError, ParameterError

X = np.ones(8, np.float32)
M = np.ones((8, 8), np.float32)


@pytest.fixture(autouse=True)
def _as_it_was():
    before = threads()
    yield
    threads(before)


@pytest.mark.parametrize("call", [lambda how: trueno.sum(X, **how), lambda how: trueno.matmul(M, M, **how)])
def test_a_graphics_processor_is_refused_with_its_reason(call):
    with pytest.raises(DeviceError) as caught:
        call({"backend": Backend.GPU})
    assert caught.value.code == "trueno.backend"
    assert caught.value.detail["backend"] == "gpu"
    assert "graphics processors are not built yet" in str(caught.value)


def test_the_explanation_is_a_choice_with_its_reason():
    result, chosen = trueno.dot(X, X, explain=True)
    assert (result, type(chosen)) == (8.0, Choice)
    assert (chosen.backend, chosen.threads) == (trueno.active_backend(), 1)
    assert trueno.dot(X, X, explain=True, backend="scalar")[1].reason != chosen.reason


def test_threads_are_kept_and_at_least_one():
    assert threads() >= 1
    assert threads(1) == threads() == 1
    for wrong in (0, -1):
        with pytest.raises(ParameterError) as caught:
            threads(wrong)
        assert caught.value.code == "trueno.parameter"
        assert caught.value.detail["value"] == str(wrong)
    assert threads() == 1


def test_large_products_take_more_threads_where_they_may():
    large = np.ones((1024, 1024), np.float32)
    most = min(2, len(os.sched_getaffinity(0)))
    assert trueno.matmul(large, large, threads=2, explain=True)[1].threads == most
    assert trueno.matmul(large, large, threads=1, explain=True)[1].threads == 1
    threads(1)
    assert trueno.matmul(large, large, explain=True)[1].threads == 1


def test_measured_rates_change_the_reason():
    levels = (Level("DRAM", None, 1 << 20, 20.0),)
    try:
        threads(2)
        use_rates(None)
        assert "not calibrated" in trueno.matmul(M, M, explain=True)[1].reason
        use_rates(Calibration("2026-01-02", {}, 100.0, levels))
        assert "not calibrated" not in trueno.matmul(M, M, explain=True)[1].reason
    finally:
        use_rates(calibration.kept())
