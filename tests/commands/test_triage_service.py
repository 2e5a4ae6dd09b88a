"""The example of a whole service: its native bundle answers every event as the Python handler does."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from workdir import Workdir

SERVICE = Path(__file__).resolve().parents[2] / "examples" / "01_triage_service"
LIMIT_BYTES = 200 * 1024
pytestmark = pytest.mark.timeout(400)


def comparable(outcome: dict[str, Any]) -> dict[str, Any]:
    """An outcome without times, and without the trace that only Python has."""
    body = outcome["body"]
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if name not in {"stackTrace", "requestId"}}
    return {"kind": outcome["kind"], "error_type": outcome["error_type"], "body": body}


def test_native_service_answers_every_event_as_the_python_one(workdir: Workdir) -> None:
    for name in ("features.py", "handler.py", "train.py", "events.jsonl"):
        shutil.copy(SERVICE / name, workdir.path)
    trained = workdir.run("python train.py")
    assert trained.status == 0, trained.err
    ours, theirs = (float(word.strip(",")) for word in trained.out.split() if word.startswith("0."))
    assert abs(ours - theirs) < 0.03
    made = workdir.run("batuta bundle handler.py --model model.apr -o native.zip --json")
    assert made.status == 0, made.err
    assert made.json["packed_bytes"] <= LIMIT_BYTES
    native = workdir.run("batuta invoke native.zip --events events.jsonl --json --timeout 60")
    python = workdir.run(
        "batuta invoke handler.py --runtime python --model model.apr --events events.jsonl --json --timeout 60"
    )
    # Some events are no requests at all, so that both say no.
    assert native.status == python.status == 1
    found, wanted = native.json["outcomes"], python.json["outcomes"]
    assert len(found) == len(wanted) == len((SERVICE / "events.jsonl").read_text().splitlines()) >= 60
    assert [comparable(each) for each in found] == [comparable(each) for each in wanted]
    assert native.json["starts"] == python.json["starts"] == 1
    statuses = {each["body"].get("statusCode") for each in wanted}
    assert statuses == {200, 400, 404, 405, 422, None}
    urgencies = {json.loads(each["body"]["body"]).get("urgency") for each in wanted if "body" in each["body"]}
    assert {"urgent", "soon", "routine"} <= urgencies
