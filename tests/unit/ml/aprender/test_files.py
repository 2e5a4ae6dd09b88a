"""Estimators in files and back: the same to the last bit, without pickle, and nothing that a file should not do."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from sklearn import linear_model

import sovereign
from estimators import IMPORTED, OURS, data, fitted, ours, theirs
from sovereign.errors import FormatError, NotFittedError, ParameterError
from sovereign.ml.aprender import LinearRegression, LogisticRegression, StandardScaler, files, make_pipeline, state
from sovereign.ml.aprender.importing import from_sklearn
from sovereign.persistence import container
from sovereign.persistence.container import card, embedded, licence

METHODS = ("predict", "predict_proba", "decision_function", "transform")
LAYOUTS = ("a1", "mapped")


def same(found, expected, kind):
    """Parameters, learned attributes and every answer, bit by bit."""
    assert type(found) is type(expected)
    assert repr(found) == repr(expected)
    state._require_equal(expected, found)
    rows, _ = data(kind)
    for method in METHODS:
        if hasattr(expected, method):
            answer, wanted = getattr(found, method)(rows), getattr(expected, method)(rows)
            if hasattr(wanted, "toarray"):
                answer, wanted = answer.toarray(), wanted.toarray()
            np.testing.assert_array_equal(answer, wanted, err_msg=method)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("case", OURS, ids=str)
def test_an_estimator_comes_back_as_it_was(case, layout, tmp_path):
    model = fitted(ours(case), case.data)
    model.save(tmp_path / "m.apr", layout=layout)
    found = sovereign.load(tmp_path / "m.apr")
    same(found, model, case.data)
    with sovereign.open(tmp_path / "m.apr") as file:
        assert file.verify().is_proved
        assert file.metadata["training"]["samples"] == len(data(case.data)[0])


@pytest.mark.parametrize("case", IMPORTED, ids=str)
def test_an_imported_model_comes_back_as_it_was(case, tmp_path):
    model = from_sklearn(fitted(theirs(case), case.data))
    sovereign.save(tmp_path / "m.apr", model)
    same(sovereign.load(tmp_path / "m.apr"), model, case.data)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_pipeline_comes_back_as_it_was(layout, tmp_path):
    X, y = data("two")
    model = make_pipeline(StandardScaler(), LogisticRegression(C=2.0)).fit(X, y)
    model.save(tmp_path / "m.apr", layout=layout)
    found = sovereign.load(tmp_path / "m.apr")
    np.testing.assert_array_equal(found.predict_proba(X), model.predict_proba(X))
    assert found.get_params()["logisticregression__C"] == 2.0
    assert found.named_steps["standardscaler"].mean_.tolist() == model.steps_[0][1].mean_.tolist()


def test_a_model_of_scikit_learn_is_saved_as_it_is_imported(tmp_path):
    X, y = data("target")
    original = linear_model.Ridge().fit(X, y)
    sovereign.save(tmp_path / "m.apr", original)
    np.testing.assert_allclose(sovereign.load(tmp_path / "m.apr").predict(X), original.predict(X), rtol=1e-9)


def test_another_process_loads_it_without_scikit_learn_and_without_pickle(tmp_path):
    X, _ = data("two")
    case = next(each for each in OURS if each.name == "RandomForestClassifier" and each.data == "two")
    model = fitted(ours(case), "two")
    model.save(tmp_path / "m.apr")
    np.save(tmp_path / "rows.npy", X)
    np.save(tmp_path / "proba.npy", model.predict_proba(X))
    program = """if True:
        import sys
        for name in ("sklearn", "scipy", "joblib"):
            sys.modules[name] = None
        import numpy, pickle, sovereign
        pickle.load = pickle.loads = pickle.Unpickler = None
        model = sovereign.load("m.apr")
        rows, wanted = numpy.load("rows.npy"), numpy.load("proba.npy")
        assert numpy.array_equal(model.predict_proba(rows), wanted)
        print(model.predict(rows)[:2].tolist())
    """
    ran = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == str(model.predict(X)[:2].tolist())


def test_the_file_says_what_is_known_of_the_model(tmp_path):
    X, y = data("target")
    test_data = embedded.EmbeddedData(
        X=X[:5].astype(np.float32),
        y=y[:5].astype(np.float32),
        provenance=embedded.Provenance(source="made up", created_at="2026-11-27T00:00:00Z"),
    )
    model = LinearRegression().fit(X, y)
    sovereign.save(
        tmp_path / "m.apr",
        model,
        name="line",
        description="A line.",
        metrics={"r2": model.score(X, y)},
        source="made up",
        split={"test_size": 0.25, "random_seed": 3},
        card=card.ModelCard(name="line", limitations="It is straight."),
        license=licence.Licence(uuid="123e4567-e89b-42d3-a456-426614174000", hash="0" * 64),
        test_data=test_data,
    )
    with sovereign.open(tmp_path / "m.apr") as file:
        told = file.metadata
    assert told["model_name"] == "line"
    assert told["metrics"]["r2"] == pytest.approx(model.score(X, y))
    assert told["training"]["source"] == "made up"
    assert told["training"]["test_size"] == 0.25
    assert told["training"]["samples"] == 120
    assert told["training"]["duration_ms"] > 0
    assert told["hyperparameters"]["fit_intercept"] is True
    assert card.read_card(told).limitations == "It is straight."
    assert licence.read_licence(told) is not None
    np.testing.assert_array_equal(embedded.read_data(told["custom"]["test_data"]).X, test_data.X)


def test_the_same_training_gives_the_same_bytes_where_time_is_fixed(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    X, y = data("two")
    for layout in LAYOUTS:
        first, again = (b"".join(files.model_file(LogisticRegression().fit(X, y), layout=layout)) for _ in range(2))
        assert first == again


@pytest.mark.parametrize("name", ["LinearRegression", "LogisticRegression", "LinearSVC", "KMeans"])
def test_models_of_single_precision_are_written_for_other_readers_where_nothing_is_lost(name, tmp_path):
    kind = {"LinearRegression": "target", "KMeans": "rows"}.get(name, "binary")
    X, y = data(kind)
    X = X.astype(np.float32)
    case = next(each for each in OURS if each.name == name)
    model = ours(case)
    model.fit(X) if y is None else model.fit(X, y.astype(np.float32) if name == "LinearRegression" else y)
    content = files.reference_payload.content_of(model, model._image(), {}, container.Compression.NONE)
    assert content is not None
    assert content.model_type is not container.ModelType.CUSTOM
    # As another program would write it: no word of ours.
    plain = container.ModelContent(payload=content.payload, model_type=content.model_type, metadata={})
    container.save(tmp_path / "theirs.apr", plain)
    np.testing.assert_array_equal(sovereign.load(tmp_path / "theirs.apr").predict(X), model.predict(X))


def test_the_file_of_another_program_is_loaded_and_runs():
    model = sovereign.load("tests/data/peer/mnist_784x2.apr")
    assert isinstance(model, LogisticRegression)
    assert model.n_features_in_ == 784
    assert model.intercept_[0] == pytest.approx(0.01117, abs=1e-5)
    rows = np.random.default_rng(0).uniform(size=(4, 784)).astype(np.float32)
    expected = 1 / (1 + np.exp(-(rows @ model.coef_[0] + model.intercept_[0])))
    np.testing.assert_allclose(model.predict_proba(rows)[:, 1], expected, rtol=1e-4)


@pytest.mark.parametrize(
    ("make", "family", "said"),
    [
        (LinearRegression, NotFittedError, "not fitted yet"),
        (
            lambda: fitted(ours(OURS[0]), "target").set_params(fit_intercept=len),
            ParameterError,
            "has no place in a model file",
        ),
    ],
)
def test_what_cannot_be_saved_leaves_no_file(make, family, said, tmp_path):
    with pytest.raises(family, match=said):
        make().save(tmp_path / "m.apr")
    assert list(tmp_path.iterdir()) == []


def test_facts_that_nobody_knows_are_refused(tmp_path):
    model = fitted(ours(OURS[0]), "target")
    with pytest.raises(ParameterError, match="there is no fact: `autor`"):
        model.save(tmp_path / "m.apr", autor="me")
    with pytest.raises(ParameterError, match="`layout` should be one of"):
        model.save(tmp_path / "m.apr", layout="a3")
    model.save(tmp_path / "m.apr")
    with pytest.raises(ParameterError, match="already"):
        model.save(tmp_path / "m.apr")


def changed(tmp_path, **custom):
    """A file whose `custom` says something else."""
    model = fitted(ours(OURS[0]), "target")
    described, image = state.describe(model)
    path = tmp_path / "changed.apr"
    path.write_bytes(container.tensor_file(image, {"custom": {"family": "linear", **described, **custom}}))
    return path


@pytest.mark.parametrize(
    ("custom", "said"),
    [
        ({"estimator": "Popen"}, "does not have: `Popen`"),
        ({"estimator": 5}, "names none"),
        ({"params": {"alhpa": 1}}, "no such parameter"),
        ({"params": 5}, "do not fit together"),
        ({"learned": {"__class__": 5}}, "learned attributes alone"),
        ({"learned": {"predict": 5}}, "learned attributes alone"),
        ({"learned": {"note_": {"$eval": "1"}}}, "do not fit together"),
        ({"classes": {"dtype": "text", "shape": [30_000], "values": ["a" * 9000] + ["b"] * 29_999}}, "too much room"),
        ({"estimator": "RandomForestClassifier"}, "do not fit together|no such parameter"),
    ],
)
def test_a_file_makes_nothing_but_what_is_listed(custom, said, tmp_path):
    with pytest.raises(FormatError, match=said):
        sovereign.load(changed(tmp_path, **custom))


def test_arrays_without_an_estimator_are_no_model(tmp_path):
    sovereign.save(tmp_path / "a.apr", {"w": np.ones(3)}, metadata={"name": "w"})
    with pytest.raises(FormatError, match="holds no fitted estimator"):
        sovereign.load(tmp_path / "a.apr")
