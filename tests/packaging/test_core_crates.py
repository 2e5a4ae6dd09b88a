"""The crates without standard library compile for every target: browser, ARM, microcontroller."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from sovereign.migration.rust import TARGETS, require
from sovereign.shell.cache import cargo_target_folder

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.timeout(300)
@pytest.mark.xdist_group("core crates")
@pytest.mark.parametrize(
    "triple", [pytest.param(t.triple, marks=pytest.mark.requires(t.triple)) for t in TARGETS], ids=lambda triple: triple
)
def test_the_core_crates_compile_for(triple):
    recipe = require(triple)
    words = ("-q", "--release", "--locked", "-p", "trueno", "-p", "container", "-p", "predict")
    folder = cargo_target_folder(ROOT) / "core-crates"
    environment = {**os.environ, **recipe.environment, "CARGO_TARGET_DIR": str(folder)}
    finished = subprocess.run(
        recipe.build_command(*words), cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    for crate in ("container", "predict", "trueno"):
        assert list((folder / triple / "release").glob(f"lib{crate}*.rlib"))
