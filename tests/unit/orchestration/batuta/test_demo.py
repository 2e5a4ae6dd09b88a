"""What the demo asks of its numbers, and what it shows of a run."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

from schemas import problems
from sovereign.errors import GateFailed, NotFound
from sovereign.orchestration.batuta import demo
from sovereign.orchestration.batuta.evidence import demo_page
from sovereign.orchestration.batuta.showing import Steps
from sovereign.shell.console import Console

if TYPE_CHECKING:
    from pathlib import Path

SIDE: dict[str, Any] = {
    "runtime": "",
    "size_bytes": 1,
    "first_next_ms": 1.0,
    "first_reply_ms": 1.0,
    "cold_ms": 1.0,
    "reply_us": 1.0,
    "processor_us": 1.0,
    "resident_kb": 10,
    "replies": 2,
    "errors": 0,
}


def run_of(folder: Path, **steps: str) -> Any:
    """The document of a run whose steps ended as said, all others well."""
    measured = {
        "events": 2,
        "different": 0,
        "cold_different": 0,
        "native": SIDE,
        "python": SIDE,
        "ratios": {"start": 60.0, "processor": 5.0, "memory": 70.0},
        "expected": demo.BARS,
        "load": 0.0,
    }
    bundle = {"packed_bytes": 10, "unpacked_bytes": 20, "parts": []}
    return {
        "project": str(folder),
        "is_whole": all(each == "done" for each in steps.values()),
        "seconds": 1.0,
        "steps": [
            {
                "step": name,
                "state": steps.get(name, "done"),
                "seconds": 1.0,
                "is_kept": False,
                "text": "a\n",
                "command": "c",
            }
            for name, _ in demo.STEPS
        ],
        "found": {"invoke": measured, "bundle": bundle},
        "facts": {"machine": "m", "processors": 2, "system": "s", "python": "3", "sovereign": "0"},
        "report": str(folder / "report.html"),
    }


def test_a_run_with_a_missing_step_is_not_whole(tmp_path: Path) -> None:
    demo.require_whole(run_of(tmp_path))
    with pytest.raises(GateFailed, match="1 of 9 steps did not do their thing") as failed:
        demo.require_whole(run_of(tmp_path, build="missing"))
    assert failed.value.code == "batuta.demo"


def test_the_document_is_what_its_schema_says(tmp_path: Path) -> None:
    assert problems(run_of(tmp_path), "batuta-demo") == []


def test_every_bar_is_shown_with_what_was_found(tmp_path: Path) -> None:
    found = {what: holds for what, _, _, holds in demo.bars(run_of(tmp_path))}
    assert found == {
        "replies that differ": True,
        "bundle with its model, bytes": True,
        "start, times sooner": True,
        "processor time, times less": False,
        "memory, times less": True,
    }


def test_the_page_names_the_command_of_each_step_and_asks_for_nothing(tmp_path: Path) -> None:
    page = demo_page(run_of(tmp_path))
    assert page.count("<td>c</td>") == len(demo.STEPS)
    assert "missed" in page
    assert not any(word in page for word in ("src=", "href=", "<script", "url("))


@pytest.mark.parametrize("width", [40, 100])
def test_a_step_is_one_line_or_two_where_it_is_narrow(tmp_path: Path, width: int) -> None:
    out = io.StringIO()
    steps = Steps(Console("demo", out=out, err=None, environment={"COLUMNS": str(width)}))
    steps.began(1, "look")
    steps.doing("more")
    document = run_of(tmp_path)
    steps.ended(document["steps"][0])
    assert len(out.getvalue().splitlines()) == (2 if width == 40 else 1)
    steps.summary(document, list(demo.bars(document)))
    assert "report: " in out.getvalue()


@pytest.mark.parametrize("width", [40, 80])
def test_a_long_text_is_broken_between_words_and_hangs_below_its_beginning(width: int) -> None:
    out = io.StringIO()
    steps = Steps(Console("demo", out=out, err=None, environment={"COLUMNS": str(width)}))
    text = "accuracy on 143 rows: 0.9510, scikit-learn 0.9510; 7,078 bytes, 8 checks hold, signed"
    steps.ended(
        {"step": "train", "state": "done", "seconds": 1.0, "is_kept": False, "text": text, "command": "python train.py"}
    )
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert " ".join(" ".join(lines).split()).endswith(text)
    assert {len(line) - len(line.lstrip()) for line in lines[1:]} == ({2} if width == 40 else {30})


def test_into_a_pipe_a_step_is_one_line() -> None:
    out = io.StringIO()
    steps = Steps(Console("demo", out=out, err=None, environment={}))
    steps.ended(
        {"step": "train", "state": "done", "seconds": 1.0, "is_kept": False, "text": "word " * 40, "command": "c"}
    )
    assert len(out.getvalue().splitlines()) == 1


def test_a_folder_without_a_function_is_no_demo(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("print(1)\n")
    with pytest.raises(NotFound) as refused:
        demo.Demo(tmp_path, Steps(Console("demo", out=None, err=None)))
    assert refused.value.code == "batuta.nothing"


@pytest.mark.parametrize(
    ("gate", "found"),
    [
        (demo._require_small, {"packed_bytes": demo.LIMIT_BYTES + 1}),
        (demo._require_same, {"different": 1, "cold_different": 0, "events": 2}),
        (demo._require_ruchy, {"different": 1, "events": 2}),
        (demo._require_ruchy, {"different": 0, "events": 0}),
        (demo._require_ruchy, {"different": 0, "events": 2, "traces": [{"mode": "run", "differences": ["`stdout`"]}]}),
    ],
)
def test_what_a_step_did_not_do_fails_it(gate: Any, found: dict[str, Any]) -> None:
    with pytest.raises(GateFailed) as failed:
        gate(found)
    assert failed.value.code == "batuta.demo"


def test_a_missing_client_of_the_service_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = demo.Demo(tmp_path / "new", Steps(Console("demo", out=None, err=None)))
    machine = str(demo.Arch.of_this_machine())
    run.found["build"] = {"programs": [{"target": machine, "path": "x", "sha256": "y"}]}
    monkeypatch.setattr("sovereign.orchestration.batuta.measuring.CLIENT", "no_such_client")
    with pytest.raises(NotFound) as refused:
        run._invoke()
    assert refused.value.code == "batuta.no_client"
