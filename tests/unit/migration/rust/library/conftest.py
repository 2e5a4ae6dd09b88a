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


@pytest.fixture(scope="session")
def library() -> Probe:
    return Library(Path(os.environ["PROBE"])) if "PROBE" in os.environ else build_library(ROOT)
