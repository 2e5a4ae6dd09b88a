"""Connections that a test opened are closed when it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runtimes import Talker

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while Talker.all:
        Talker.all.pop().close()
