"""Functions that take classes, dates and objects of JSON are called with arguments made out of plain data."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from sovereign.migration.depyler import compile_calls
from sovereign.migration.equivalence import Command, Verdict, fuzz
from sovereign.orchestration.batuta.calling import known_objects, wrapped
from sovereign.orchestration.batuta.starting import SERVICE

if TYPE_CHECKING:
    from pathlib import Path

DRIVER = "sovereign.migration.equivalence.driver"
EVENTS = (SERVICE / "events.jsonl").read_bytes().splitlines()
PROGRAM = """
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple, Optional


class Kind(Enum):
    SMALL = 1
    LARGE = 2


class Point(NamedTuple):
    x: float
    y: float


@dataclass
class Box:
    corner: Point
    kind: Kind
    tags: list[str] = field(default_factory=list)
    note: Optional[str] = None

    def area(self, factor: float) -> float:
        return self.corner.x * self.corner.y * factor


class Plain:
    def __init__(self, size):
        self.size = size


def tell(box: Box) -> str:
    box.tags.append(box.note or "none")
    return f"{box.kind.name} {len(box.tags)}"


def later(moment: datetime, by: timedelta) -> datetime:
    return moment + by


def half(number):
    return number / 2


def shout(text: "str | None") -> str:
    return (text or "nothing").upper()


def boxes(found: list[Box]) -> int:
    return len(found)


def many(*numbers):
    return len(numbers)


def call(function: "Callable"):
    return function()


def plain(value: Plain):
    return value.size


def several(value: "int | str") -> str:
    return str(value)
"""


def module(folder: Path, text: str, wanted: list[str]) -> tuple[Path, dict[str, str]]:
    path = folder / "program.py"
    path.write_text(text)
    return path, dict.fromkeys(wanted, "asked")


def test_arguments_are_made_from_types_and_what_is_not_made_has_a_reason(tmp_path: Path) -> None:
    wanted = "tell later half shout boxes many call plain several".split()
    path, asked = module(tmp_path, PROGRAM, wanted)
    (tmp_path / "out").mkdir()
    found = wrapped(path, asked, tmp_path / "out")
    assert set(found.calls.values()) == {"tell", "later", "half", "shout", "boxes", "Box.area"}
    assert found.left_out == {
        "many": "it takes arguments by name alone, or any number of them",
        "call": "values of the type `Callable` are not made",
        "plain": "values of the class `Plain` are not made",
        "several": "values of several types, `int | str`, are not made",
    }
    assert found.path is not None
    text = found.path.read_text()
    assert text.index("def tell(") < text.index("def later(") < text.index("def half(")


def test_nothing_is_written_where_nothing_can_be_called(tmp_path: Path) -> None:
    path, asked = module(tmp_path, "def many(*numbers):\n    return len(numbers)\n", ["many"])
    (tmp_path / "out").mkdir()
    found = wrapped(path, asked, tmp_path / "out")
    assert (found.path, found.calls, set(found.left_out)) == (None, {}, {"many"})


def test_objects_of_events_are_known_inside_of_their_texts_too() -> None:
    found = known_objects(EVENTS)
    assert any("patient" in each for each in found)
    assert any("radius mean" in each for each in found)
    assert known_objects([b"torn", b"[1, {}]"]) == [{}]


@pytest.mark.timeout(120)
def test_a_difference_behind_a_class_and_a_date_is_found(tmp_path: Path) -> None:
    shutil.copy(SERVICE / "features.py", tmp_path)
    (tmp_path / "out").mkdir()
    wanted = ["working_day", "decide", "doubts", "read_number"]
    found = wrapped(tmp_path / "features.py", dict.fromkeys(wanted, ""), tmp_path / "out", known_objects(EVENTS))
    assert found.path is not None
    assert set(wanted) < set(found.calls.values())
    program = tmp_path / "calls"
    signatures = [each for each in compile_calls(found.path, program).signatures if each.name in wanted]
    sides = Command.of(sys.executable, "-m", DRIVER, found.path), Command.of(program)
    same = fuzz(*sides, signatures, inputs=200)
    assert [(each.verdict, each.compared) for each in same] == [(Verdict.SAME, 200)] * len(wanted)
    features = tmp_path / "out" / "features.py"
    text = features.read_text()
    changes = [(">= 5", "> 5"), ("malignant >= 0.8", "malignant > 0.8"), ("found = []", 'found = [""]'), ("1e6", "1e7")]
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    features.write_text(text)
    other = {each.signature.name: each for each in fuzz(*sides, signatures, inputs=200)}
    assert {name for name, each in other.items() if each.verdict is Verdict.DIFFERENT} >= {"working_day", "doubts"}
