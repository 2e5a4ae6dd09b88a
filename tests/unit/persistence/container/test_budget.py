"""Estimates of loading time, and the largest size for a budget, which never has an estimate above it."""

from __future__ import annotations

import math
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

import specimens
from sovereign.errors import GateFailed, ParameterError
from sovereign.persistence.container import read_header
from sovereign.persistence.container.budget import (
    PLATFORMS,
    FileSizes,
    Platform,
    assert_time_budget,
    calibrate,
    max_size,
    ring_buffer_bytes,
    wcet,
)

RATE = st.floats(1e3, 1e12)
ANY = st.builds(
    Platform,
    name=st.just("any"),
    read_bytes_per_s=RATE,
    expand_bytes_per_s=RATE,
    checksum_bytes_per_s=RATE,
    hash_bytes_per_s=RATE,
    decode_bytes_per_s=RATE,
    signature_s=st.floats(1e-9, 1),
    header_s=st.floats(1e-9, 1e-3),
)
PLAIN = Platform(
    name="plain",
    read_bytes_per_s=100.0,
    expand_bytes_per_s=50.0,
    checksum_bytes_per_s=200.0,
    hash_bytes_per_s=400.0,
    decode_bytes_per_s=1000.0,
    signature_s=0.5,
    header_s=0.25,
)


def test_each_step_costs_what_the_table_says():
    base = 0.25 + 1000 / 100 + 1000 / 200
    assert wcet(FileSizes(1000, 4000, is_compressed=False), PLAIN) == pytest.approx(1.1 * (base + 4000 / 1000))
    assert wcet(FileSizes(1000, 4000), PLAIN) == pytest.approx(1.1 * (base + 4000 / 50 + 4000 / 1000))
    signed = wcet(FileSizes(1000, 4000, is_compressed=False, is_signed=True), PLAIN)
    assert signed == pytest.approx(1.1 * (base + 4 + 0.5 + 1000 / 400))


@given(st.floats(1e-6, 1e4), ANY, st.floats(0.01, 100), st.booleans(), st.booleans())
def test_the_largest_size_for_a_budget_is_within_it_and_one_byte_more_is_not(
    budget, platform, ratio, compressed, signed
):
    size = max_size(budget, platform, ratio=ratio, is_compressed=compressed, is_signed=signed)

    def estimate(size):
        return wcet(FileSizes(size, math.ceil(size * ratio), compressed, signed), platform)

    assert size == 0 or estimate(size) <= budget
    assert estimate(size + 1) > budget or (size + 1) >> 62


@given(st.floats(1e-6, 1e4), st.sampled_from(sorted(PLATFORMS)))
def test_a_larger_budget_never_takes_a_smaller_file(budget, name):
    assert max_size(budget, PLATFORMS[name]) <= max_size(2 * budget, PLATFORMS[name])


def test_a_budget_below_the_header_takes_no_file():
    assert max_size(0.1, PLAIN) == 0


def test_a_file_beyond_its_budget_is_refused_with_the_size_that_fits():
    sizes = FileSizes(50 << 20, 50 << 20, is_compressed=False)
    with pytest.raises(GateFailed) as caught:
        assert_time_budget(sizes, PLATFORMS["automotive-s32g"], 1.0)
    error = caught.value
    assert error.code == "container.budget"
    most = error.detail["max_size_bytes"]
    assert assert_time_budget(FileSizes(most, most, is_compressed=False), PLATFORMS["automotive-s32g"], 1.0) <= 1.0


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
def test_rates_and_budgets_are_above_nothing(value):
    for use in (
        lambda: max_size(value, PLAIN),
        lambda: max_size(1.0, PLAIN, ratio=value),
        lambda: Platform(**{**{f.name: getattr(PLAIN, f.name) for f in fields(PLAIN)}, "read_bytes_per_s": value}),
    ):
        with pytest.raises(ParameterError) as caught:
            use()
        assert caught.value.code == "container.parameter"


def test_sizes_are_taken_from_the_header():
    header = read_header(specimens.a1(payload=bytes(10), raw=99, compression=1, flags=2))
    assert FileSizes.of(header, 150) == FileSizes(150, 99, is_compressed=True, is_signed=True)


@pytest.mark.parametrize(
    ("expand", "consume", "window", "expected"),
    [(1e6, 2e6, 1.0, 65_536), (1e6, 0.0, 0.0, 65_536), (1e6, 0.0, 1.0, 1_003_520), (4e5, 1e5, 0.5, 151_552)],
)
def test_a_ring_buffer_takes_up_the_surplus_in_whole_pages(expand, consume, window, expected):
    assert ring_buffer_bytes(expand, consume, window) == expected


def test_a_window_that_is_none_is_refused():
    for window in (-1.0, math.nan):
        with pytest.raises(ParameterError):
            ring_buffer_bytes(1.0, 1.0, window)


def test_this_machine_is_measured():
    platform = calibrate(size_bytes=1 << 18, rounds=2)
    assert platform.is_measured
    assert all(1e6 < getattr(platform, f.name) < 1e13 for f in fields(platform) if f.name.endswith("per_s"))
    assert 1e-6 < platform.signature_s < 0.1
