"""What a descriptor is, is shown as the kernel says it at that moment, however often it was asked for before."""

from __future__ import annotations

import itertools
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from sovereign.observability.renacer import record
from traced import program

pytestmark = [pytest.mark.requires("ptrace", "x86_64", "gcc"), pytest.mark.timeout(120)]
CHANGES = ["reopen", "replace", "threads", "copies", "processes", "start", "passed", "renamed", "ranges"]


@pytest.fixture(name="descriptors", scope="session")
def _descriptors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return program("descriptors", tmp_path_factory.mktemp("descriptors"))


def wrong_names(events: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What was shown and what was true, of each write that says what its descriptor is."""
    found = [each["args"] for each in events if each.get("name") == "write"]
    told = [(args["fd"]["is"], args["buf"]["text"][1:]) for args in found if args["buf"]["text"].startswith("=")]
    assert len(told) >= 80
    return sorted({(shown, true) for shown, true in told if shown != true})


@pytest.mark.parametrize("what", CHANGES)
def test_a_name_is_never_one_of_before(descriptors: Path, what: str, tmp_path: Path) -> None:
    events = list(record([descriptors, what], folder=tmp_path, python=False))
    assert events[-1]["status"] == 0
    assert wrong_names(events) == []


@pytest.mark.parametrize("names", [["a"] * 5, ["a", "a1", "a2", "a3", "a4"]])
def test_a_name_follows_a_file_that_somebody_else_moves(descriptors: Path, names: list[str], tmp_path: Path) -> None:
    (asked, told), (wait, go) = os.pipe(), os.pipe()
    work = tmp_path / "work"
    work.mkdir()

    def move() -> None:
        for before, after in itertools.pairwise(names):
            os.read(asked, 1)
            (work / before).rename(work / after)
            os.write(go, b"x")

    mover = threading.Thread(target=move)
    mover.start()
    events = list(record([descriptors, "moved"], folder=work, stdin=wait, stdout=told, python=False))
    mover.join()
    assert events[-1]["status"] == 0
    assert wrong_names(events) == []
    output = str(Path(f"/proc/self/fd/{told}").readlink())
    shown = {each["args"]["fd"]["is"] for each in events if each.get("name") == "write"} - {output}
    assert shown == {str(work / name) for name in names}
