"""The record of a translation is read where it lies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sovereign.errors import FormatError, NotFound
from sovereign.orchestration.batuta.transpilation import RECORD, read_translation

if TYPE_CHECKING:
    from pathlib import Path


def test_a_translation_that_was_written_from_another_folder_is_found_where_it_is_read(tmp_path: Path) -> None:
    record = {"programs": [{"name": "main"}], "optimize": "none", "output": "elsewhere/rust"}
    (tmp_path / RECORD).write_text(json.dumps(record))
    assert read_translation(tmp_path)["output"] == str(tmp_path)


def test_what_is_no_translation_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as absent:
        read_translation(tmp_path)
    assert absent.value.code == "batuta.no_translation"
    (tmp_path / RECORD).write_text("{}")
    with pytest.raises(FormatError) as broken:
        read_translation(tmp_path)
    assert broken.value.code == "batuta.state"
