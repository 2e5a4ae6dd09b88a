"""Fixtures for all tests: a folder to run commands in, a planted plugin, and the `requires` marker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

import abilities
from workdir import Plugin, Workdir

if TYPE_CHECKING:
    from pathlib import Path


# What `make sample` and `make soak` run with; more examples, and no limit on the time of one.
settings.register_profile("sample", max_examples=500, deadline=None)
settings.register_profile("soak", max_examples=20_000, deadline=None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("requires"):
        abilities.enforce(*marker.args)


@pytest.fixture(name="workdir")
def _workdir(tmp_path: Path) -> Workdir:
    return Workdir(tmp_path)


@pytest.fixture(name="plugin")
def _plugin(workdir: Workdir) -> Plugin:
    return Plugin(workdir)
