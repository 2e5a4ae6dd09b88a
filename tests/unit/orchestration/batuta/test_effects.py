"""The seam to the tracer says no in one sentence while the tracer is not there."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from sovereign.errors import DeviceError
from sovereign.orchestration.batuta import effects


def test_without_the_room_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effects, "ROOM", "sovereign.nowhere.renacer")
    assert not effects.is_traceable()
    with pytest.raises(DeviceError) as refused:
        effects.require_tracer()
    assert refused.value.code == "batuta.no_tracer"


def test_a_room_that_compares_nothing_yet_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("planted_room")
    module.__spec__ = type(sys.__spec__)("planted_room", None)
    monkeypatch.setitem(sys.modules, "planted_room", module)
    monkeypatch.setattr(effects, "ROOM", "planted_room")
    with pytest.raises(DeviceError):
        effects.require_tracer()
    module.compare = len  # type: ignore[attr-defined]
    assert effects.require_tracer() is module
