"""Expected outputs as files: compared, or rewritten by `make golden`, where the review of the diff is the gate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).resolve().parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write the golden files instead of comparing with them")


@pytest.fixture(name="golden")
def _golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Hold `text` against the golden file of that name, `<room>/<construct>.<kind>`."""
    rewriting = request.config.getoption("--rewrite", default=False)

    def compare(name: str, text: str) -> None:
        path = HERE / name
        if rewriting:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"no golden file, `make golden` writes it: `{name}`"
        assert text == path.read_text(encoding="utf-8")

    return compare
