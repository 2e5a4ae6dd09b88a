"""Every example in a docstring of the package and its tools is run."""

from __future__ import annotations

import doctest
import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted([*ROOT.glob("src/sovereign/**/*.py"), *ROOT.glob("tools/*.py")])
WITH_EXAMPLES = [path for path in SOURCES if ">>> " in path.read_text(encoding="utf-8")]
NAMES = [path.relative_to(ROOT).as_posix() for path in WITH_EXAMPLES]


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=NAMES)
def test_examples_of_a_module_show_what_happens(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = doctest.testmod(_module(path, monkeypatch))
    assert found.attempted > 0
    assert found.failed == 0


def _module(path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    if path.is_relative_to(ROOT / "src"):
        words = path.relative_to(ROOT / "src").with_suffix("").parts
        return importlib.import_module(".".join(words).removesuffix(".__init__"))
    spec = importlib.util.spec_from_file_location(f"example_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, module.__name__, module)  # dataclasses look their module up
    monkeypatch.setattr(sys, "path", sys.path.copy())
    spec.loader.exec_module(module)
    return module
