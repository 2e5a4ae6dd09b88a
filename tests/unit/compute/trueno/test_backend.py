"""The choice of instruction set."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from sovereign.compute.trueno import Backend, active_backend, available_backends


def test_the_one_in_use_is_the_fastest_that_is_here():
    assert active_backend() is available_backends()[-1]
    assert available_backends()[0] is Backend.SCALAR
    assert len(set(available_backends())) == len(available_backends())


def test_members_stand_in_the_order_of_speed():
    order = list(Backend)
    assert list(available_backends()) == sorted(available_backends(), key=order.index)


@pytest.mark.requires("x86_64")
def test_the_kernel_s_list_of_features_says_the_same():
    if platform.system() != "Linux":
        pytest.fail("this test reads Linux's list of features")
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    features = next(line for line in lines if line.startswith("flags")).split()
    assert (Backend.AVX2 in available_backends()) == {"avx2", "fma"}.issubset(features)
    assert (Backend.AVX512 in available_backends()) == ("avx512f" in features)
    assert Backend.NEON not in available_backends()
