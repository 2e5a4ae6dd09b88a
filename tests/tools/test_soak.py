"""The long campaigns: turns rotate, failures count, and what cannot be measured is not a pass."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(name="soak")
def _soak(monkeypatch):
    spec = importlib.util.spec_from_file_location("soak", ROOT / "tools" / "soak.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "path", sys.path.copy())
    monkeypatch.setitem(sys.modules, "soak", module)
    spec.loader.exec_module(module)
    return module


def plan(soak, monkeypatch, *statuses):
    campaigns = tuple(
        soak.Campaign(
            f"c{index}", "?", ["sh", "-c", f"exit {status}"], ["sh", "-c", f"echo turn {index}; exit {status}"]
        )
        for index, status in enumerate(statuses)
    )
    monkeypatch.setattr(soak, "CAMPAIGNS", campaigns)


def test_each_campaign_has_its_turn(soak, monkeypatch, capsys):
    plan(soak, monkeypatch, 0, 0, 0)
    assert [soak.sample(day) for day in (3, 4, 5)] == [0, 0, 0]
    shown = capsys.readouterr().out
    assert [shown.count(f"turn {index}") for index in (0, 1, 2)] == [1, 1, 1]


def test_failed_sample_fails(soak, monkeypatch):
    plan(soak, monkeypatch, 1)
    assert soak.sample(0) == 1


def test_campaign_that_cannot_be_measured_hands_its_turn_on(soak, monkeypatch, capsys):
    plan(soak, monkeypatch, 2, 0)
    assert soak.sample(0) == 0
    assert "turn 1" in capsys.readouterr().out


def test_sample_is_not_a_pass_when_nothing_can_be_measured(soak, monkeypatch):
    plan(soak, monkeypatch, 2, 2)
    assert soak.sample(0) == 2


def test_result_is_written_with_date_and_machine(soak, monkeypatch, tmp_path):
    plan(soak, monkeypatch, 0)
    monkeypatch.setattr(soak, "RESULTS", tmp_path)
    monkeypatch.setattr(sys, "argv", ["soak.py"])
    assert soak.main() == 0
    result = json.loads((tmp_path / "c0.json").read_text())
    assert result["status"] == 0
    assert result["started"][:2] == "20"
    assert result["machine"]["processors"] >= 1


def test_failed_campaign_is_written_too_and_fails_the_run(soak, monkeypatch, tmp_path):
    plan(soak, monkeypatch, 0, 3)
    monkeypatch.setattr(soak, "RESULTS", tmp_path)
    monkeypatch.setattr(sys, "argv", ["soak.py"])
    assert soak.main() == 1
    assert (tmp_path / "c1.json").exists()


@pytest.mark.parametrize(("statuses", "verdict"), [([], 0), ([0, 0], 0), ([0, 2], 2), ([2, 1], 1), ([0, 3], 1)])
def test_what_was_not_measured_is_neither_pass_nor_failure(soak, statuses, verdict):
    assert soak.verdict(statuses) == verdict


def test_campaign_without_a_short_form_is_left_to_the_long_run(soak, monkeypatch, capsys):
    plan(soak, monkeypatch, 0, 0)
    monkeypatch.setattr(soak, "CAMPAIGNS", (replace(soak.CAMPAIGNS[0], sample=[]), soak.CAMPAIGNS[1]))
    assert [soak.sample(day) for day in (0, 1)] == [0, 0]
    assert capsys.readouterr().out.count("turn 1") == 2


def test_every_real_campaign_can_start(soak):
    for campaign in soak.CAMPAIGNS:
        for command in filter(None, (campaign.command, campaign.sample)):
            assert shutil.which(command[0])
            for word in command[1:]:
                assert not word.startswith(("tools/", "tests/")) or (ROOT / word).exists()
            if "--hypothesis-profile" in command:
                assert settings.get_profile(command[command.index("--hypothesis-profile") + 1])
