"""The native dot product beside NumPy's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sovereign.errors import GateFailed
from sovereign.orchestration.batuta import demo


def test_each_size_is_checked_and_timed() -> None:
    found = list(demo.compare(lambda a, b: float(np.dot(a, b)), (1, 384)))
    assert [each.size for each in found] == [1, 384]
    assert all(each.numpy_us > 0 and each.trueno_us > 0 for each in found)
    assert found[0].to_json()["ratio"] == found[0].numpy_us / found[0].trueno_us


def test_a_core_that_forgets_the_last_element_is_caught() -> None:
    def short(a: Any, b: Any) -> float:
        return float(np.dot(a[:-1], b[:-1])) if a[-1] * b[-1] else float(np.dot(a, b)) + 1

    with pytest.raises(GateFailed) as caught:
        list(demo.compare(short, (384,)))
    assert caught.value.code == "demo.disagrees"
    assert "the dot product of trueno differs" in str(caught.value)


def test_every_order_of_summation_is_exact_at_the_largest_size() -> None:
    worst = np.full(max(demo.SIZES), demo._LARGEST, np.float32)
    assert float(np.cumsum(worst * worst, dtype=np.float32)[-1]) == max(demo.SIZES) * demo._LARGEST**2


def test_calls_take_turns() -> None:
    order: list[str] = []
    times = demo.median_us(lambda: order.append("a"), lambda: order.append("b"))
    assert len(times) == 2
    turns = [each for place, each in enumerate(order) if place == 0 or order[place - 1] != each]
    assert len(turns) == 2 + 2 * demo._ROUNDS


def test_the_table_shows_time_and_ratio() -> None:
    columns, rows = demo.table([demo.Comparison(10_000, 4.0, 2.0)])
    assert columns[-1] == "numpy / trueno"
    assert rows == [["10_000", "4", "2", "2.00"]]
