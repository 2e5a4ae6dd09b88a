"""`batuta compute` as a user meets it, and `python -m sovereign.compute.trueno`."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

from sovereign.compute.trueno import active_backend, available_backends
from sovereign.compute.trueno.calibration import _machine

if TYPE_CHECKING:
    from workdir import Workdir

COMMANDS = ["compute info", "compute calibrate"]
KEPT = {
    "taken": "2026-01-02T03:04:05+00:00",
    "machine": _machine(),
    "peak_gflops": 123.456,
    "levels": [
        {"name": "L1", "holds_bytes": 49_152, "buffer_bytes": 24_576, "read_gb_s": 321.0},
        {"name": "DRAM", "holds_bytes": None, "buffer_bytes": 1 << 30, "read_gb_s": 12.34},
    ],
}


@pytest.fixture(autouse=True)
def _cache(workdir: Workdir) -> None:
    workdir.environment["SOVEREIGN_CACHE"] = str(workdir.path / "cache")


def calibrated(workdir: Workdir, **changes: object) -> None:
    workdir.write("cache/compute/calibration.json", json.dumps({**KEPT, **changes}))


def test_info_shows_backends_and_pool_and_no_figure_that_was_not_measured(workdir: Workdir) -> None:
    answer = workdir.run("batuta compute info")
    assert (answer.status, answer.err) == (0, "")
    assert f"backend      {active_backend()}\n" in answer.out
    assert ", ".join(available_backends()) in answer.out
    assert "not calibrated, run `batuta compute calibrate`" in answer.out
    assert "GFLOP/s" not in answer.out
    assert "GB/s" not in answer.out
    assert "of at most 256 MiB kept" in answer.out
    assert workdir.files() == [], "nothing is measured and nothing is kept"


def test_info_shows_what_was_measured_with_its_day(workdir: Workdir) -> None:
    calibrated(workdir)
    answer = workdir.run("batuta compute info")
    assert "calibrated                 2026-01-02T03:04:05+00:00\n" in answer.out
    assert "peak, float32, one thread  123 GFLOP/s\n" in answer.out
    assert "read L1, one thread        321.0 GB/s of 24 KiB\n" in answer.out
    assert "read DRAM, one thread      12.3 GB/s of 1 GiB\n" in answer.out


def test_info_as_json_holds_the_same(workdir: Workdir) -> None:
    assert workdir.run("batuta compute info --json").json["calibration"] is None
    calibrated(workdir)
    found = workdir.run("batuta --json compute info").json
    assert found["backend"] == active_backend()
    assert found["available"] == list(available_backends())
    assert found["calibration"] == KEPT
    assert set(found["pool"]) == {"used_bytes", "kept_bytes", "limit_bytes", "hits", "misses"}


def test_a_calibration_of_another_machine_is_not_shown(workdir: Workdir) -> None:
    calibrated(workdir, machine={**_machine(), "processor": "another"})
    assert "not calibrated" in workdir.run("batuta compute info").out


def test_the_module_is_the_command_and_info_its_default(workdir: Workdir) -> None:
    module = [sys.executable, "-m", "sovereign.compute.trueno"]
    assert workdir.run(module).out == workdir.run([*module, "info"]).out == workdir.run("batuta compute info").out
    assert workdir.run([*module, "--json"]).json["backend"] == active_backend()
    assert "calibrate" in workdir.run([*module, "--help"]).out
    wrong = workdir.run([*module, "inof"])
    assert wrong.status == 2
    assert wrong.err.startswith("python -m sovereign.compute.trueno: error: ")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("word", ["--jsno", "surplus"])
def test_an_unknown_word_is_refused(workdir: Workdir, command: str, word: str) -> None:
    answer = workdir.run(f"batuta {command} {word}")
    assert (answer.status, answer.out) == (2, "")
    assert "[shell.usage]" in answer.err


@pytest.mark.parametrize("command", COMMANDS)
def test_an_argument_that_is_not_utf8_is_refused(workdir: Workdir, command: str) -> None:
    answer = workdir.run(["batuta", *command.split(), b"caf\xe9"])
    assert (answer.status, answer.out) == (2, "")
    assert "[shell.not_utf8]" in answer.err


@pytest.mark.requires("full-device")
def test_a_full_disk_behind_standard_output_is_told(workdir: Workdir) -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device, and its descriptor is what counts
        answer = workdir.run("batuta compute info", stdout=full)
    assert answer.status == 2
    assert "[shell.cannot_write]" in answer.err


def test_a_closed_standard_output_is_told_and_does_not_matter_to_a_quiet_command(workdir: Workdir) -> None:
    assert workdir.run("batuta compute info", preexec_fn=lambda: os.close(1)).status == 2
    answer = workdir.run("batuta compute info -q", preexec_fn=lambda: os.close(1))
    assert (answer.status, answer.out, answer.err) == (0, "", "")


def test_a_reader_that_went_away_is_no_failure(workdir: Workdir) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    answer = workdir.run("batuta compute info", stdout=writing)
    os.close(writing)
    assert (answer.status, answer.err) == (0, "")
