"""Memory of results: aligned, used again, and bounded."""

from __future__ import annotations

import numpy as np
import pytest

from sovereign.compute import trueno
from sovereign.compute.trueno import Vector, pool_facts, pool_limit, pool_trim


@pytest.fixture(autouse=True)
def _as_it_was():
    limit = pool_facts()["limit_bytes"]
    yield
    pool_limit(limit)


def address(array):
    return np.asarray(array).ctypes.data


def test_results_are_aligned_at_every_size():
    for length in (1, 3, 17, 1000, 1023, 70_000, 1_000_003):
        assert address(trueno.add(np.ones(length, np.float32), 1)) % 64 == 0


def test_memory_that_was_given_back_is_used_again():
    x = np.ones(300_000, np.float32)
    trueno.add(x, 1)
    before = pool_facts()
    for _ in range(10):
        trueno.add(x, 1)
    after = pool_facts()
    assert after["hits"] >= before["hits"] + 10
    assert after["misses"] == before["misses"]
    assert after["used_bytes"] == before["used_bytes"]


def test_a_living_result_counts_as_used_and_a_dead_one_as_kept():
    pool_trim()
    before = pool_facts()
    result = Vector.empty(500_000)
    during = pool_facts()
    assert during["used_bytes"] - before["used_bytes"] >= result.nbytes
    del result
    after = pool_facts()
    assert after["used_bytes"] == before["used_bytes"]
    assert after["kept_bytes"] - before["kept_bytes"] >= 2_000_000


def test_no_more_is_kept_than_the_limit_allows():
    pool_limit(0)
    assert pool_facts()["kept_bytes"] == pool_facts()["limit_bytes"] == 0
    del_me = Vector.empty(500_000)
    del del_me
    assert pool_facts()["kept_bytes"] == 0


def test_trimming_gives_everything_back():
    Vector.empty(500_000).close()
    assert pool_facts()["kept_bytes"] > 0
    pool_trim()
    assert pool_facts()["kept_bytes"] == 0
