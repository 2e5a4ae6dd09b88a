"""What `compute calibrate` does with what it measured; the command as a whole is tested as a black box."""

from __future__ import annotations

import io
import json

import pytest

from sovereign.compute.trueno import calibration, cli
from sovereign.shell.command import Options
from sovereign.shell.console import Console


@pytest.fixture(name="quick")
def _quick(monkeypatch, tmp_path):
    monkeypatch.setenv("SOVEREIGN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(calibration, "memory_levels", lambda: [("L1", 32_768, 16_384), ("DRAM", None, 1 << 20)])
    monkeypatch.setattr(calibration, "_ROUND_S", 1e-4)


def run(command, **how):
    console = Console("compute", out=io.StringIO(), err=io.StringIO(), environment={}, **how)
    assert command(console, Options()) == 0
    console.finish()
    return console.out.getvalue()


def test_calibrating_shows_and_keeps_what_info_then_tells(quick, tmp_path):
    assert "not calibrated" in run(cli.info)
    shown = run(cli.calibrate)
    path = tmp_path / "cache" / "compute" / "calibration.json"
    assert shown.endswith(f"kept in {path}\n")
    found = calibration.kept()
    assert json.loads(path.read_text())["peak_gflops"] == found.peak_gflops
    for line in (f"{found.peak_gflops:.0f} GFLOP/s", f"{found.levels[0].read_gb_s:.1f} GB/s of 16 KiB"):
        assert line in shown
        assert line in run(cli.info)


def test_calibrating_as_json_gives_the_measured_numbers(quick):
    found = json.loads(run(cli.calibrate, json=True))
    assert found["calibration"] == json.loads(json.dumps(calibration.kept().to_json()))
