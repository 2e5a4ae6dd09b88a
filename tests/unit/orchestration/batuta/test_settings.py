"""What a project says about itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sovereign.errors import ParameterError
from sovereign.orchestration.batuta.settings import Optimize, read_settings

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """
[project]
name = "a"
keep = ["train.py"]
[translation]
output = "out"
optimize = "aggressive"
[function]
handler = "serve.py"
function = "answer"
models = ["m.apr"]
events = "e.jsonl"
arch = ["arm64"]
[cases]
"main.py" = "cases.json"
"""


def test_every_key_is_read(tmp_path: Path) -> None:
    (tmp_path / "batuta.toml").write_text(WHOLE)
    found = read_settings(tmp_path)
    assert (found.name, found.keep, found.output, found.optimize) == (
        "a",
        ("train.py",),
        tmp_path / "out",
        "aggressive",
    )
    assert found.cases == {"main.py": tmp_path / "cases.json"}
    function = found.function
    assert function is not None
    assert (function.handler, function.function) == (tmp_path / "serve.py", "answer")
    assert (function.embed, function.arch) == ((("m.apr", tmp_path / "m.apr"),), ("arm64",))


def test_a_project_without_settings_is_what_it_looks_like(tmp_path: Path) -> None:
    assert read_settings(tmp_path).optimize is Optimize.SPEED
    (tmp_path / "handler.py").write_text("def handler(event, context):\n    return event\n")
    (tmp_path / "events.jsonl").write_text("{}\n")
    found = read_settings(tmp_path)
    assert found.function is not None
    assert (found.optimize, found.function.events) == (Optimize.SIZE, tmp_path / "events.jsonl")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[project", "no TOML"),
        ("project = 1", "no table"),
        ("[project]\nkept = []", "no key `kept`"),
        ("[project]\nkeep = 'a'", "a list of texts"),
        ("[project]\nkeep = [1]", "a list of texts"),
        ("[cases]\na = 1", "a text"),
        ("[translation]\noptimize = 'fast'", "one of none, size, speed, aggressive"),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "batuta.toml").write_text(text)
    with pytest.raises(ParameterError, match=says) as refused:
        read_settings(tmp_path)
    assert refused.value.code == "batuta.settings"
