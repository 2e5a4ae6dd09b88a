"""Fixtures for all tests: a folder to run commands in, a planted plugin, and the `requires` marker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import abilities
from workdir import Plugin, Workdir

if TYPE_CHECKING:
    from pathlib import Path


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("requires"):
        abilities.enforce(*marker.args)


@pytest.fixture(name="workdir")
def _workdir(tmp_path: Path) -> Workdir:
    return Workdir(tmp_path)


@pytest.fixture(name="plugin")
def _plugin(workdir: Workdir) -> Plugin:
    return Plugin(workdir)
