"""What runs where: threads, the lock of the interpreter, reasons, and calls that are refused before anything runs."""

from __future__ import annotations

import itertools
import os
import sys
import threading
import time

import numpy as np
import pytest

from sovereign import _native
from sovereign.errors import ParameterError

LARGE = np.ones((512, 512), np.float32)
SMALL = np.eye(4, dtype=np.float32)


def refused(call):
    with pytest.raises(ParameterError) as caught:
        call()
    return caught.value


@pytest.fixture(autouse=True)
def _as_it_was():
    before, interval = _native.threads(), sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    yield
    sys.setswitchinterval(interval)
    _native.set_threads(before)


def longest_pause(work):
    """How long another thread stood still at most while `work` ran, as a share of the whole."""
    ticks, is_through = [], threading.Event()

    def tick():
        while not is_through.is_set():
            ticks.append(time.perf_counter())
            time.sleep(1e-4)

    thread = threading.Thread(target=tick)
    thread.start()
    start = time.perf_counter()
    work()
    end = time.perf_counter()
    is_through.set()
    thread.join()
    inside = [start, *(each for each in ticks if start < each < end), end]
    return max(b - a for a, b in itertools.pairwise(inside)) / (end - start)


SIDES = (np.ones((4095, 1), np.float32), np.ones((1, 4095), np.float32))
LONG = {
    "matmul": lambda: _native.matmul(*SIDES, threads=1),
    "outer": lambda: _native.outer(SIDES[0][:, 0], SIDES[1][0]),
    "pairwise_l2_squared": lambda: _native.pairwise_l2_squared(SIDES[0], SIDES[0], threads=1),
}


@pytest.mark.parametrize("name", LONG)
def test_other_threads_run_while_short_arrays_of_numpy_make_a_large_one(name):
    LONG[name]()
    # One call takes some milliseconds; a busy machine may keep the other thread waiting through one, not through all.
    assert min(longest_pause(LONG[name]) for _ in range(20)) < 0.6


@pytest.mark.parametrize("wrong", [0, -1, -(1 << 80)])
def test_there_is_at_least_one_thread(wrong):
    for call in (lambda: _native.matmul(LARGE, LARGE, threads=wrong), lambda: _native.set_threads(wrong)):
        assert refused(call).detail["name"] == "threads"


@pytest.mark.parametrize("many", [5000, 1 << 40, 1 << 80])
def test_no_more_threads_than_a_machine_can_bear(many):
    _native.set_threads(many)
    most = min(1024, 4 * len(os.sched_getaffinity(0)))
    assert _native.threads() <= most
    result, chosen = _native.matmul(LARGE, LARGE, threads=many, explain=True)
    assert chosen_of(chosen)[1] <= most
    assert np.asarray(result)[0, 0] == 512
    _native.matmul(LARGE, LARGE)


def chosen_of(chosen):
    """Backend, threads and reason, be it a dict or what was registered."""
    if isinstance(chosen, dict):
        return chosen["backend"], chosen["threads"], chosen["reason"]
    return chosen.backend, chosen.threads, chosen.reason


def test_the_threads_that_took_part_are_told():
    _, threads, reason = chosen_of(_native.matmul(SMALL, SMALL, threads=3, explain=True)[1])
    assert threads == 1
    assert reason.endswith("1 of 3 took part, as more had too little to do or were busy")
    processors = len(os.sched_getaffinity(0))
    for _ in range(2):
        assert chosen_of(_native.matmul(LARGE, LARGE, threads=2, explain=True)[1])[1] == min(2, processors)
        assert chosen_of(_native.matmul(LARGE, LARGE, threads=1, explain=True)[1])[1] == 1
    _native.matmul(LARGE, LARGE, threads=2)
    assert chosen_of(_native.cholesky(SMALL, explain=True)[1])[1] == 1


@pytest.mark.parametrize("backend", _native.backends())
def test_a_packed_side_decides_and_the_reason_says_so(backend):
    packed = _native.pack(SMALL, backend=backend)
    found, _, reason = chosen_of(_native.matmul(SMALL, packed, explain=True)[1])
    assert found == backend
    assert reason.startswith("the backend for which the right side was packed; ")
    _, _, reason = chosen_of(_native.matmul(SMALL, packed, backend=backend, explain=True)[1])
    assert reason.startswith("the caller named the backend; ")


def test_a_reduction_has_no_output():
    program = b"\1\1" + b"\1\0" + b"\0\0" + b"\1\0" + (32).to_bytes(2, "little") + b"\0\0" + b"\xff" * 4
    assert _native.evaluate(program, (LARGE[0],)) == 512
    error = refused(lambda: _native.evaluate(program, (LARGE[0],), out=np.zeros(512, np.float32)))
    assert (error.code, error.detail["name"], error.detail["value"]) == ("trueno.parameter", "out", "ndarray")


@pytest.mark.parametrize("n", [3, 200])
def test_a_factor_that_there_is_not_leaves_the_output_as_it_was(n):
    a = np.eye(n, dtype=np.float32)
    a[-1, -1] = -1
    for out in (np.full((n, n), 7, np.float32), np.full((n, 2 * n), 7, np.float32)[:, ::2]):
        error = refused(lambda out=out: _native.cholesky(a, out=out))
        assert (error.code, error.detail["pivot"]) == ("trueno.not_positive_definite", n - 1)
        assert (out == 7).all()
        assert np.array_equal(_native.cholesky(np.abs(a), out=out), np.eye(n))


IMAGES, FILTERS = np.ones((1, 1, 3, 3), np.float32), np.ones((1, 1, 2, 2), np.float32)


@pytest.mark.parametrize("padding", [1 << 31, 1 << 62, (1 << 63) - 1, 1 << 80, (0, 1 << 61), (1 << 32, 1 << 32)])
def test_a_padding_beyond_memory_is_refused(padding):
    error = refused(lambda: _native.conv2d(IMAGES, FILTERS, padding=padding))
    assert (error.code, error.detail["name"]) == ("trueno.parameter", "padding")


@pytest.mark.parametrize("name", ["stride", "groups"])
def test_strides_and_groups_are_at_least_1(name):
    error = refused(lambda: _native.conv2d(IMAGES, FILTERS, **{name: 0}))
    assert (error.code, error.detail["name"]) == ("trueno.parameter", name)


@pytest.mark.parametrize("stride", [4, 1 << 40, (1 << 63) - 1, 1 << 80])
def test_a_stride_beyond_the_image_leaves_one_place(stride):
    assert _native.conv2d(IMAGES, FILTERS, stride=stride).tolist() == [[4.0]]
    assert _native.conv2d(IMAGES, FILTERS, stride=stride, padding=1).tolist() == [[1.0]]
