"""Ctrl-C in the middle of the demo: one sentence, nothing left behind, and the next call goes on from there."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdir import Workdir

pytestmark = pytest.mark.timeout(180)

SLOW = "import pathlib, time\npathlib.Path('begun').touch()\ntime.sleep(60)\n"
QUICK = """
import numpy as np

import sovereign
from sovereign.ml.aprender import RandomForestClassifier

X = np.random.default_rng(7).random((60, 30))
sovereign.save("model.apr", RandomForestClassifier(n_estimators=3, random_state=7).fit(X, X[:, 0] > 0.5), force=True)
print("accuracy on 0 rows: not measured")
"""


class Stopped(NamedTuple):
    """How a run ended: its status, the steps that it showed, what it said, and who is left of its session."""

    status: int
    steps: dict[str, str]
    err: str
    left: list[str]


def stopped(workdir: Workdir, is_time: Callable[[Path], bool]) -> Stopped:
    """Run the demo in a session of its own and send Ctrl-C to all of it, as a terminal does, when it is time."""
    shown = workdir.path / "shown.txt"
    with (
        shown.open("w") as out,
        subprocess.Popen(
            workdir.words("batuta demo demo"),
            cwd=workdir.path,
            env=workdir.environment,
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process,
    ):
        while process.poll() is None and not is_time(shown):
            time.sleep(0.05)
        assert process.poll() is None, "it was done before it could be stopped"
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=30)
    steps = {line.split()[0]: line.split()[1] for line in shown.read_text().splitlines() if line}
    return Stopped(process.returncode, steps, err, session(process.pid))


def session(number: int) -> list[str]:
    """The processes of a session that have not ended, by their command lines."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            state, *_, owner = path.joinpath("stat").read_text().rpartition(")")[2].split()[:4]
            if int(owner) == number and state != "Z":
                found.append(path.joinpath("cmdline").read_text().replace("\0", " "))
        except OSError:  # it ended meanwhile
            continue
    return found


def test_ctrl_c_is_one_sentence_and_the_next_call_goes_on(workdir: Workdir) -> None:
    assert workdir.run("batuta new demo").status == 0
    workdir.write("demo/train.py", SLOW)
    training = stopped(workdir, lambda _: (workdir.path / "demo" / "begun").exists())
    assert (training.status, training.left) == (2, [])
    assert (len(training.err.splitlines()), "Ctrl-C" in training.err) == (1, True)
    assert training.steps["analyze"] == "done"

    workdir.write("demo/train.py", QUICK)
    state = workdir.path / "demo" / ".batuta" / "state.json"
    comparing = stopped(workdir, lambda _: '"validate"' in state.read_text())
    assert (comparing.status, comparing.left, len(comparing.err.splitlines())) == (2, [], 1)
    stages = {each["stage"]: each["state"] for each in workdir.run("batuta status demo --json").json["stages"]}
    assert (stages["train"], stages["transpile"], stages["validate"]) == ("done", "done", "interrupted")

    again = stopped(workdir, lambda shown: "transpile" in shown.read_text())
    assert (again.steps["train"], again.steps["transpile"]) == ("kept", "kept")
