"""The self-tests of the installed stack."""

from __future__ import annotations

import sys
import types
from typing import TYPE_CHECKING, Any

import pytest

from sovereign.errors import DeviceError, GateFailed, NotFound
from sovereign.orchestration.batuta import stack
from sovereign.shell.installed import EntryPoint
from sovereign.shell.selftest import Evidence, State

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD = Evidence("core", State.OK, "seen")
BAD = Evidence("lock", State.BROKEN, "differs", "mend it")
GONE = Evidence("target", State.ABSENT, "none", "add it")


@pytest.fixture(name="offer")
def _offer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    points: dict[str, EntryPoint] = {}
    monkeypatch.setattr(stack, "entry_points", lambda group: points if group == "sovereign.selftests" else {})

    def offer(name: str, run: Any) -> None:
        module = types.ModuleType(f"planted_{name}")
        module.run = run  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)
        points[name] = EntryPoint(name, module.__name__, "run", "planted")

    return offer


def test_every_self_test_is_run_in_the_order_of_names(offer: Callable[..., None]) -> None:
    offer("b", lambda: iter([GOOD, GONE]))
    offer("a", lambda: iter([BAD]))
    steps: list[int] = []
    found = stack.check(advance=lambda: steps.append(1))
    assert [(each.name, each.evidence) for each in found] == [("a", (BAD,)), ("b", (GOOD, GONE))]
    assert len(steps) == 2
    assert all(each.wall_ms >= 0 for each in found)


def test_only_the_named_ones_are_run(offer: Callable[..., None]) -> None:
    offer("a", lambda: iter([GOOD]))
    offer("b", lambda: pytest.fail("it was run"))
    assert [each.name for each in stack.check(["a"])] == ["a"]


def test_an_unknown_name_is_refused_before_anything_is_run(offer: Callable[..., None]) -> None:
    offer("native", lambda: pytest.fail("it was run"))
    with pytest.raises(NotFound) as caught:
        stack.check(["native", "natve"])
    assert caught.value.code == "stack.unknown"
    assert caught.value.detail["nearest"] == ["native"]
    with pytest.raises(NotFound) as caught:
        stack.check(["zzz"])
    assert caught.value.detail["nearest"] == ["native"]


def test_no_self_test_at_all_is_an_error(offer: Callable[..., None]) -> None:
    with pytest.raises(DeviceError) as caught:
        stack.check()
    assert caught.value.code == "stack.empty"


def test_an_error_of_ours_becomes_broken_evidence_with_its_fix(offer: Callable[..., None]) -> None:
    def run() -> Any:
        raise DeviceError("native.missing", "no core: `x`", backend="native", reason="r", fix="make demo")

    offer("a", run)
    assert stack.check()[0].evidence == (Evidence("a", State.BROKEN, "no core: `x`", "make demo"),)


def test_an_interrupt_is_not_swallowed(offer: Callable[..., None]) -> None:
    def run() -> Any:
        raise KeyboardInterrupt

    offer("a", run)
    with pytest.raises(KeyboardInterrupt):
        stack.check()


def checks(*evidence: Evidence) -> list[stack.Check]:
    return [stack.Check("one", evidence, 1.0)]


def test_a_stack_without_broken_evidence_passes() -> None:
    stack.require_whole(checks(GOOD, GONE))


def test_broken_evidence_fails_the_gate_and_is_named_once() -> None:
    with pytest.raises(GateFailed) as caught:
        stack.require_whole(checks(GOOD, BAD, BAD))
    assert str(caught.value) == "2 of 3 checks are broken: `lock`"
    assert caught.value.code == "stack.broken"
    assert (caught.value.detail["measured"], caught.value.detail["required"]) == (2, 0)


def test_a_check_is_an_object_for_programs() -> None:
    assert checks(GONE)[0].to_json() == {
        "name": "one",
        "evidence": [{"check": "target", "state": "absent", "evidence": "none", "fix": "add it"}],
        "wall_ms": 1.0,
    }
