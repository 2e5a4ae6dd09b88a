"""Files beside a program as modules: each way to import says the same in both engines."""

from __future__ import annotations

import pytest

import ruchy_engines
from sovereign.errors import SourceError
from sovereign.migration.ruchy import World, run_file

SHAPES = "let unit = 2\nfun area(w, h) { w * h * unit }\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "shapes.ruchy").write_text(SHAPES)
    return tmp_path


FORMS = {
    "use shapes::area": "area(2, 3)",
    "use shapes::area as size": "size(2, 3)",
    "use shapes::{area}": "area(2, 3)",
    "use shapes::*": "area(2, 3)",
    "from shapes import area": "area(2, 3)",
    "import shapes": "shapes::area(2, 3)",
    "use shapes": "shapes.area(2, 3)",
}


@pytest.mark.parametrize("form", FORMS)
def test_an_import_names_what_it_says(form, folder):
    path = folder / "main.ruchy"
    path.write_text(f"{form}\nprintln({FORMS[form]})\n")
    written: list[str] = []
    assert run_file(str(path), World(written.append)).message is None
    assert written == ["12\n"]
    assert not ruchy_engines.compiled(str(path), path.read_text()).is_refused


def test_a_name_that_a_module_does_not_have_is_named(folder):
    path = folder / "main.ruchy"
    path.write_text("use shapes::volume\nprintln(volume(1))\n")
    with pytest.raises(SourceError) as caught:
        run_file(str(path), World(lambda _text: None))
    assert "volume" in caught.value.diagnostics[0].message
