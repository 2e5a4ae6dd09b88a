"""What people read of model files: boxes, tables, trees and dumps of files of known bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import layers_model, linear_model, tensor_model
from sovereign.ml.apr import compare, inspect
from sovereign.ml.apr.difference import boxes as difference_boxes
from sovereign.ml.apr.dump import COLUMNS, dump, rows
from sovereign.ml.apr.inspection import boxes
from sovereign.ml.apr.sections import lines, tree
from sovereign.persistence.container import Compression, bundle
from sovereign.shell.box import drawn_box, plain_box
from sovereign.shell.table import aligned

HERE = Path(__file__).resolve().parent
METADATA = {
    "model_name": "iris",
    "description": "Species of a flower",
    "created_at": "2025-12-08T14:32:00Z",
    "aprender_version": "0.1.0",
    "hyperparameters": {"alpha": 0.5, "fit_intercept": True},
    "metrics": {"r2": 0.9667},
}


@pytest.fixture(autouse=True)
def _files(tmp_path, monkeypatch):
    """The files, named without the folder, which is another one each time."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1765204320")
    files = {
        "linear": linear_model(metadata=METADATA, compression=Compression.NONE),
        "better": linear_model(
            1.5, -2.5, 0.5, metadata={**METADATA, "metrics": {"r2": 0.98}}, compression=Compression.NONE
        ),
        "tensors": tensor_model(),
        "layers": layers_model(),
    }
    files["bundle"] = bundle.bundled({name: files[name] for name in ("linear", "tensors")})
    for name, data in files.items():
        (tmp_path / f"{name}.apr").write_bytes(data)


@pytest.mark.parametrize("name", ["linear", "tensors", "layers", "bundle"])
def test_inspect(golden, name):
    golden(f"apr/inspect_{name}.txt", "".join(plain_box(*box) for box in boxes(inspect(f"{name}.apr"))))


@pytest.mark.parametrize("width", [80, 40])
def test_inspect_on_a_terminal(golden, width):
    shown = "".join(drawn_box(*box, width=width) for box in boxes(inspect("linear.apr")))
    golden(f"apr/inspect_linear_{width}.txt", shown)


def test_tree(golden):
    golden("apr/tree_bundle.txt", "\n".join(lines(tree("bundle.apr"))) + "\n")


@pytest.mark.parametrize("name", ["linear", "tensors"])
def test_hex(golden, name):
    golden(f"apr/hex_{name}.txt", aligned(COLUMNS, rows(dump(f"{name}.apr"))))


def test_diff(golden):
    found = difference_boxes(compare("linear.apr", "better.apr"))
    golden("apr/diff_linear.txt", "".join(plain_box(*box) for box in found))


def test_every_golden_file_has_its_test():
    named = Path(__file__).read_text(encoding="utf-8")
    for path in sorted((HERE / "apr").iterdir()):
        assert path.name.split("_")[0] in named, f"no test writes `{path.name}`"
