"""The probe program, compiled once a session."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from library_probe import Library, build_library

if TYPE_CHECKING:
    from library_probe import Library as Probe

ROOT = Path(__file__).resolve().parents[5]
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test compiles the probe, whichever it is."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.timeout(600))


@pytest.fixture(scope="session")
def library() -> Probe:
    return Library(Path(os.environ["PROBE"])) if "PROBE" in os.environ else build_library(ROOT)
