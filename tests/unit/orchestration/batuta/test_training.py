"""The commands that make a model are those of the project, and their failures are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sovereign.errors import DeviceError
from sovereign.orchestration.batuta.line import Line
from sovereign.orchestration.batuta.settings import read_settings
from sovereign.orchestration.batuta.training import run_training

if TYPE_CHECKING:
    from pathlib import Path


def test_a_training_that_fails_says_its_last_words(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("raise SystemExit('no data today')\n")
    line = Line(tmp_path, tmp_path)
    with pytest.raises(DeviceError, match=r"no data today: `train.py`") as refused:
        run_training(line, read_settings(tmp_path))
    assert refused.value.code == "batuta.command"
    assert "no data today" in line.state.stages["train"].error
