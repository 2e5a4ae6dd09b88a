"""Models of files answer through the native core: two files by what they predict, and images for small machines."""

from __future__ import annotations

import numpy as np
import pytest

import models
import sovereign
from estimators import OURS, data, fitted, ours
from sovereign.errors import FormatError, GateFailed, ParameterError
from sovereign.ml.apr import compare
from sovereign.ml.apr.conversion import embedded as convert_embedded
from sovereign.ml.apr.running import answers
from sovereign.ml.aprender import (
    GradientBoostingRegressor,
    Predictor,
    RandomForestClassifier,
    Ridge,
    embedded_image,
    from_sklearn,
)
from sovereign.persistence.container import embedded, open_file


def write(path, model, rows):
    """A file with rows to try the model on."""
    provenance = embedded.Provenance(source="made up", created_at="2026-11-27T00:00:00Z")
    sovereign.save(path, model, test_data=embedded.EmbeddedData(X=rows.astype(np.float32), provenance=provenance))


def test_models_are_compared_by_what_they_answer(tmp_path):
    X, y = data("target")
    for name, alpha in (("old", 1.0), ("same", 1.0), ("new", 2.0)):
        write(tmp_path / f"{name}.apr", Ridge(alpha=alpha).fit(X, y), X[:9])
    assert compare(tmp_path / "old.apr", tmp_path / "same.apr")["predictions"]["state"] == "equal"
    found = compare(tmp_path / "old.apr", tmp_path / "new.apr")["predictions"]
    assert (found["state"], found["samples"], found["differing"]) == ("different", 9, 9)
    old, new = (sovereign.load(tmp_path / f"{name}.apr").predict(X[:9].astype("f4")) for name in ("old", "new"))
    assert found["max_absolute"] == pytest.approx(float(np.abs(old - new).max()))


def test_what_is_no_model_of_ours_or_takes_other_rows_has_no_answers(tmp_path):
    (tmp_path / "layers.apr").write_bytes(models.tensor_model())
    X, y = data("target")
    sovereign.save(tmp_path / "ridge.apr", Ridge().fit(X, y))
    for name, columns in (("layers", 5), ("ridge", 4)):
        with open_file(tmp_path / f"{name}.apr") as file:
            assert answers(file, np.zeros((2, columns), np.float32)) is None


@pytest.mark.parametrize("case", [case for case in OURS if case.data not in {"texts", "categories"}], ids=str)
def test_the_embedded_image_answers_in_single_precision(case, tmp_path):
    if case.name == "DBSCAN":
        return
    model = fitted(ours(case), case.data)
    rows = data(case.data)[0].astype(np.float32)
    sovereign.save(tmp_path / "m.apr", model)
    told = convert_embedded(str(tmp_path / "m.apr"), str(tmp_path / "small.apr"))
    assert told["size_bytes"] == (tmp_path / "small.apr").stat().st_size
    small = Predictor((tmp_path / "small.apr").read_bytes())
    assert small.dtype == "float32"
    found, wanted = np.asarray(small.predict(rows)), np.asarray(model.predictor().predict(rows))
    np.testing.assert_allclose(found, wanted, rtol=2e-4, atol=2e-4 * np.abs(wanted).max())
    with open_file(tmp_path / "small.apr") as file:
        assert not [name for name in file if name.startswith("learned.") or file[name].dtype == np.float64]


def test_thresholds_of_double_precision_decide_as_before():
    from sklearn.ensemble import HistGradientBoostingRegressor

    X, y = data("target")
    wide = from_sklearn(HistGradientBoostingRegressor(max_iter=9, min_samples_leaf=3).fit(X, y))
    narrow = embedded_image(wide._image())
    assert wide.image_["nodes"].shape[1] == 2 * narrow["nodes"].shape[1]
    rows = np.random.default_rng(1).normal(size=(2000, X.shape[1])).astype(np.float32)
    np.testing.assert_allclose(Predictor(narrow).predict(rows), wide.predict(rows), rtol=1e-5, atol=1e-5)


def test_embedding_refuses_what_it_cannot_do(tmp_path):
    (tmp_path / "layers.apr").write_bytes(models.tensor_model())
    with pytest.raises(FormatError, match="no fitted estimator"):
        convert_embedded(str(tmp_path / "layers.apr"), str(tmp_path / "small.apr"))
    X, y = data("target")
    sovereign.save(tmp_path / "m.apr", GradientBoostingRegressor(n_estimators=2).fit(X, y))
    with pytest.raises(GateFailed, match="would lose all metadata"):
        convert_embedded(str(tmp_path / "m.apr"), str(tmp_path / "strict.apr"), strict=True)
    assert not (tmp_path / "strict.apr").exists()
    (tmp_path / "there.apr").write_bytes(b"kept")
    with pytest.raises(ParameterError, match="already"):
        convert_embedded(str(tmp_path / "m.apr"), str(tmp_path / "there.apr"))
    assert (tmp_path / "there.apr").read_bytes() == b"kept"


def test_inspect_says_what_a_model_is_made_of(tmp_path):
    from sovereign.ml.apr.inspection import boxes, inspect

    X, y = data("two")
    sovereign.save(tmp_path / "m.apr", RandomForestClassifier(n_estimators=3, random_state=0).fit(X, y))
    title, facts = boxes(inspect(tmp_path / "m.apr"))[-1]
    assert title == "MODEL, as its metadata say"
    told = dict(facts)
    assert told["Estimator"] == "RandomForestClassifier"
    assert told["Classes"] == "2 (no, yes)"
    assert (told["Features"], told["Trees"]) == ("5", "3")
