"""Models inside of translated programs answer as they do in Python, bit by bit, and what cannot is refused."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from sovereign.errors import ParameterError, SovereignError
from sovereign.migration.depyler import translate
from sovereign.migration.depyler.models import models_of, read_model
from sovereign.migration.depyler.sources import Sources
from sovereign.migration.depyler.workflow import compile_native, emit_rust
from sovereign.migration.rust.model_crates import DEPENDENCIES, FAMILIES
from sovereign.ml.aprender import (
    PCA,
    CountVectorizer,
    GaussianNB,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    KMeans,
    KNeighborsClassifier,
    LinearRegression,
    LinearSVC,
    LogisticRegression,
    MinMaxScaler,
    MLPClassifier,
    MLPRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
    Ridge,
    StandardScaler,
    make_pipeline,
    save,
)

CRATES = Path(__file__).parents[4] / "crates"
ROWS = [[1.0, 2.0, 0.1, 3], [0.5, -20, 0.0, 1], [-1.25, 7.5, 0.31, -2.0], [0.1, 0.2, 0.3, 0.4]]
pytestmark = [pytest.mark.timeout(300), pytest.mark.filterwarnings("ignore")]


def _models():
    drawn = np.random.default_rng(3)
    X = drawn.normal(size=(120, 4)) * [1, 10, 0.1, 3]
    three = (X[:, 0] + X[:, 1] / 10 > 0.3).astype(int) + (X[:, 3] > 2)
    names = np.array(["benign", "malignant", "odd"])[three]
    two, amount = (three > 0).astype(int), X @ [1.0, 0.2, 3.0, -1.0] + drawn.normal(size=120) * 0.1
    forest = RandomForestClassifier(n_estimators=6, random_state=0)
    return {
        "forest": forest.fit(X, three),
        "named_forest": RandomForestClassifier(n_estimators=5, random_state=0).fit(X, names),
        "forest_of_numbers": RandomForestRegressor(n_estimators=7, random_state=0).fit(X, amount),
        "boosting": GradientBoostingClassifier(n_estimators=9, random_state=0).fit(X, two),
        "boosting_of_three": GradientBoostingClassifier(n_estimators=5, random_state=0).fit(X, three),
        "boosting_of_numbers": GradientBoostingRegressor(n_estimators=9, random_state=0).fit(X, amount),
        "logistic": LogisticRegression(max_iter=500).fit(X, two),
        "logistic_of_names": LogisticRegression(max_iter=2000).fit(X, names),
        "ridge": Ridge().fit(X, amount),
        "two_targets": LinearRegression().fit(X, np.stack([amount, -amount], 1)),
        "means": KMeans(3, random_state=0).fit(X),
        "scaled": make_pipeline(StandardScaler(), LogisticRegression()).fit(X, two == 1),
        "scaled_forest": make_pipeline(StandardScaler(), RandomForestClassifier(4, random_state=1)).fit(X, names),
        "scaler": StandardScaler().fit(X),
        "range": MinMaxScaler().fit(X),
        "components": PCA(2).fit(X),
        "bayes": GaussianNB().fit(X, three),
        "neighbors": KNeighborsClassifier(5).fit(X, three),
        "network": MLPClassifier((8,), random_state=0, max_iter=40).fit(X, three),
        "margin": LinearSVC().fit(X, two),
        "network_of_numbers": MLPRegressor((8,), random_state=0, max_iter=5).fit(X, amount),
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    found = tmp_path_factory.mktemp("models")
    for name, model in _models().items():
        save(found / f"{name}.apr", model)
    texts = CountVectorizer().fit(["a text", "another text"])
    save(found / "texts.apr", texts)
    return found


ERRORS = """
def attempt(rows, what):
    try:
        print(what, forest.predict(rows).tolist(), scaled.predict_proba(rows).tolist())
    except ValueError as error:
        print(what, "refused:", error)


attempt([[1.0, 2.0, 3.0]], "three")
attempt([[1.0, 2.0, 3.0, float("nan")]], "nan")
attempt([[1.0, 2.0, 3.0, 4.0], [1.0, float("inf"), 3.0, 4.0]], "inf")
attempt([[1.0, 2.0, 3.0, 1e300]], "large")
attempt([[1.0, 2.0, 3.0, 4.0], [1.0]], "ragged")
attempt([[]], "no column")
attempt([], "no row")
attempt([(1.0, 2, True, 0), (9007199254740993, 2, 3, 4)], "tuples")
label = forest.predict([[1, 2, 3, 4]])[0]
share = forest.predict_proba([[1, 2, 3, 4]])[0]
names = {0: "zero", 1: "one", 2: "two"}
print(names[int(label)], names[label], label in names, label in [2, 0], label == 2, [label])
print(f"{label:>4}|{share[1]:.3f}")
for row, each in zip([[1, 2, 3, 4]], named_forest.predict([[1, 2, 3, 4]])):
    print(row, each, [each], each.upper(), each == "odd", f"{each:>12}", each + "!")
print(ridge.predict([[1.0, 2.0]]))
"""


def _program(folder):
    """A program that loads all models and prints everything that their methods give."""
    lines = ["import sovereign as sv", "from sovereign import load", ""]
    shown = []
    for path in sorted(folder.glob("*.apr")):
        if path.stem == "texts":
            continue
        lines.append(f"{path.stem} = {'sv.load' if len(path.stem) % 2 else 'load'}('{path.name}')")
        for name, answer in read_model(path.name, path).answers.items():
            item = "v.hex()" if answer.dtype.startswith("float") else "v"
            rows = f"[{item} for v in r.tolist()]"
            listed = rows if answer.axes == 1 else rows.replace("r.tolist()", "row") + " for row in r.tolist()]"
            shown += [f"r = {path.stem}.{name}({ROWS})", f"print('{path.stem}.{name}', r.shape, len(r), r.ndim)"]
            shown += ["print(r)", "print(repr(r))", f"print({listed if answer.axes == 1 else '[' + listed})"]
            shown += ["print(r[0], [r[0]], r[-1])" if answer.axes == 1 else "print(r[0], r[1][0], r[2, 0], [r[2, 0]])"]
    return "\n".join([*lines, *shown, ERRORS])


def test_every_type_of_model_answers_with_the_bits_of_python(folder, tmp_path):
    (tmp_path / "app.py").write_text(_program(folder))
    embed = {path.name: path for path in folder.glob("*.apr") if path.stem != "texts"}
    compile_native(tmp_path / "app.py", tmp_path / "app", profile="debug", embed=embed)
    command = [sys.executable, tmp_path / "app.py"]
    expected = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    got = subprocess.run([tmp_path / "app"], capture_output=True, text=True, check=False)
    assert got.stdout == expected.stdout
    assert (got.returncode, expected.returncode) == (1, 1)
    last = "sovereign.errors.ShapeError: X has 2 features, but Ridge is expecting 4 features as input"
    assert got.stderr.splitlines()[-1] == expected.stderr.splitlines()[-1] == last


def test_a_model_without_a_map_must_be_the_same_file_at_run_time(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("m.apr").write_bytes((folder / "forest_of_numbers.apr").read_bytes())
    Path("app.py").write_text("import sovereign\n\nm = sovereign.load('m.apr')\nprint(m.predict([[1, 2, 3, 4]])[0])\n")
    compile_native(Path("app.py"), tmp_path / "app", profile="debug")
    expected = subprocess.run([sys.executable, "app.py"], capture_output=True, text=True, check=True)
    assert subprocess.run(["./app"], capture_output=True, text=True, check=True).stdout == expected.stdout
    Path("m.apr").write_bytes((folder / "forest.apr").read_bytes())
    changed = subprocess.run(["./app"], capture_output=True, text=True, check=False)
    assert (changed.returncode, changed.stdout) == (1, "")
    assert changed.stderr.splitlines()[-1].startswith("sovereign.errors.IntegrityError: the model has changed")
    Path("m.apr").unlink()
    python = subprocess.run([sys.executable, "app.py"], capture_output=True, text=True, check=False)
    gone = subprocess.run(["./app"], capture_output=True, text=True, check=False)
    kinds = [each.stderr.splitlines()[-1].partition(":")[0] for each in (python, gone)]
    assert kinds[0] == kinds[1] == "sovereign.errors.NotFound"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("m = sovereign.load('gone.apr')", "is not there while translating"),
        ("m = sovereign.load(path)", "no literal"),
        ("def f():\n    return sovereign.load('forest.apr')\nf()", "top of a module"),
        ("m = sovereign.load('forest.apr')\nm.transform([[1]])", "does not have"),
        ("m = sovereign.load('network_of_numbers.apr')\nm.predict([[1]])", "more than the native model"),
        ("m = sovereign.load('forest.apr')\nm.predict([['a']])", "a feature of type"),
        ("m = sovereign.load('forest.apr')\nm.predict(range(3))", "a list of lists of numbers is expected"),
        ("m = sovereign.load('forest.apr')\nm.score([[1]], [1])", "the method `score`"),
    ],
)
def test_what_is_not_translated_is_refused_by_name(folder, text, said):
    source = f"import sovereign\n\npath = 'a.apr'\n{text}\n"
    models = {f"{n}.apr": read_model(f"{n}.apr", folder / f"{n}.apr") for n in ("forest", "network_of_numbers")}
    found = translate(source, models=models).diagnostics
    assert any(said in each.message for each in found), found


def test_models_that_no_program_can_hold_are_refused(folder, tmp_path):
    with pytest.raises(ParameterError, match="reads texts") as raised:
        read_model("texts.apr", folder / "texts.apr")
    assert raised.value.code == "depyler.model"
    broken = tmp_path / "broken.apr"
    data = bytearray((folder / "forest.apr").read_bytes())
    data[len(data) // 2] ^= 1
    broken.write_bytes(data)
    with pytest.raises(SovereignError):
        read_model("broken.apr", broken)
    sources = Sources(Path("app.py"), "import sovereign\nm = sovereign.load('m.apr')\n")
    with pytest.raises(ParameterError, match=re.escape("it loads `m.apr`")) as raised:
        models_of(sources, {"other.apr": broken})
    assert raised.value.code == "depyler.embed"


def test_one_file_is_not_enough_for_a_model(folder, tmp_path):
    (tmp_path / "app.py").write_text(
        "import sovereign\n\nm = sovereign.load('m.apr')\nprint(m.predict([[1, 2, 3, 4]]))\n"
    )
    with pytest.raises(ParameterError, match="--project") as raised:
        emit_rust(tmp_path / "app.py", tmp_path / "app.rs", embed={"m.apr": folder / "forest.apr"})
    assert raised.value.code == "depyler.one_file"
    assert not (tmp_path / "app.rs").exists()


@pytest.mark.parametrize("crate", ["predict", "trueno"])
def test_the_manifests_of_written_crates_agree_with_those_of_the_workspace(crate):
    manifest = tomllib.loads((CRATES / crate / "Cargo.toml").read_text())
    written = tomllib.loads("\n".join(f"{name} = {wanted}" for name, wanted in DEPENDENCIES[crate].items()))
    own = {"container", "trueno"}
    known = {name: wanted for name, wanted in manifest["dependencies"].items() if name not in own}
    for wanted in known.values():
        if isinstance(wanted, dict):
            wanted.pop("optional", None)
    assert written == known
    if crate == "predict":
        assert set(manifest["features"]["families"]) == set(FAMILIES)
