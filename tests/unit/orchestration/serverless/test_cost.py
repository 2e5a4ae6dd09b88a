"""The formula of what invocations cost."""

from __future__ import annotations

import pytest

from sovereign.orchestration.serverless.cost import GB_SECOND, REQUEST, Load, bill


def test_a_million_short_events_cost_less_than_two_dollars() -> None:
    found = bill(Load(1_000_000, 1.0), gb_second=GB_SECOND["x86_64"])
    assert found.requests == pytest.approx(0.20)
    assert found.duration == pytest.approx(1e6 * 0.001 * 0.125 * 0.0000166667)
    assert found.total < 2


@pytest.mark.parametrize(("duration_ms", "billed_ms"), [(0.2, 1), (1.0, 1), (1.01, 2), (99.5, 100)])
def test_a_duration_is_billed_in_whole_milliseconds(duration_ms: float, billed_ms: int) -> None:
    found = bill(Load(1000, duration_ms, memory_mb=1024), gb_second=1.0, request=0.0)
    assert found.total == pytest.approx(billed_ms)


def test_cold_starts_are_billed_by_their_share() -> None:
    found = bill(Load(1000, 1, memory_mb=2048, init_ms=9.5, cold_share=0.1), gb_second=1.0)
    assert found.starts == pytest.approx(100 * 0.010 * 2)
    assert found.requests == pytest.approx(1000 * REQUEST)
