"""The gain of a training counts only what both functions answer alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sovereign.errors import DeviceError
from sovereign.orchestration.serverless.bundle import Order, Style
from sovereign.orchestration.serverless.gain import gain
from sovereign.orchestration.serverless.running import prepared

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sovereign.orchestration.serverless.running import Prepared

pytestmark = pytest.mark.timeout(120)
PLAIN = """import time

def handler(event, context):
    if event == "now":
        return time.monotonic_ns()
    return 1 // event
"""


def sides(folder: Path, monkeypatch: pytest.MonkeyPatch, trained: str) -> Order:
    """An order whose two functions are Python as it stands, which needs no compiler."""

    def either(_target: Path, order: Order) -> AbstractContextManager[Prepared]:
        path = folder / ("trained" if order.training else "plain") / "handler.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(trained if order.training else PLAIN)
        return prepared(path, Order(path, style=Style.PYTHON))

    monkeypatch.setattr("sovereign.orchestration.serverless.gain.prepared", either)
    return Order(folder / "handler.py", training=(b"1", b"2", b"0", b'"now"', b"1"))


def test_events_that_fail_or_are_never_answered_alike_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = gain(sides(tmp_path, monkeypatch, PLAIN))
    assert found.events == 2
    assert min(found.plain_us, found.trained_us) > 0
    assert found.ratio == found.plain_us / found.trained_us


def test_another_answer_is_an_error_and_no_gain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order = sides(tmp_path, monkeypatch, PLAIN.replace("1 // event", "2 // event"))
    with pytest.raises(DeviceError, match="does something else than the untrained one") as caught:
        gain(order)
    assert caught.value.code == "serverless.judge"
