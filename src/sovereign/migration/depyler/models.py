"""Models of a program: files of fitted estimators, and what the program must know of them.

Enters: the path that a program loads, and the file that stands for it. Leaves: an `EmbeddedModel`: the image of each
step, what the step takes, and what each method answers, tried against Python's own answers on rows made for it. The
file is verified here: checksum, and signature where it is signed. Read `library/models.py` next.
"""

from __future__ import annotations

import ast
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sovereign.errors import ParameterError, SovereignError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sovereign.migration.depyler.sources import Sources

__all__ = ["EmbeddedModel", "ModelAnswer", "ModelStep", "models_of", "read_model"]

_PROBES = 24
_SINGLE, _TAKES_NAN, _POSITIVE = 1, 2, 4
_FEATURES = {"gaussian_nb": "naive_bayes"}
"""The features of the crate `predict` whose name is not that of the family."""
_SAME_BY_ROW = {"scaling", "forest", "imputing", "row_norm"}
"""Families whose rows have the same bits without the kernels: they compare, count and scale."""
_PLAIN_LINKS = {"IDENTITY", "DECISION", "LOGISTIC"}
_DTYPES = {"float64": "float64", "float32": "float32", "int64": "int64", "int32": "int32", "bool": "bool"}
METHODS = ("predict", "predict_proba", "decision_function", "transform")


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What a method gives: what is asked of the last step, the type of an item, and how many axes."""

    ask: str
    dtype: str
    axes: int


@dataclass(frozen=True, slots=True)
class ModelStep:
    """One estimator: its class, what it takes, its image, and the part of the crate `predict` that runs it."""

    name: str
    n_features: int
    columns: tuple[int, int]
    flags: int
    image: bytes
    feature: str
    is_single: bool
    needs_kernels: bool


@dataclass(frozen=True, slots=True)
class EmbeddedModel:
    """A model that a program loads by `path`.

    `answers` are those of the methods that it has, `refused` why a method is not translated, `classes` what labels
    stand for. `is_embedded` says whether its bytes were asked to be part of the program; else the program requires at
    run time that the file at `path` is the one that it was translated with.
    """

    path: str
    steps: tuple[ModelStep, ...]
    answers: Mapping[str, ModelAnswer]
    refused: Mapping[str, str]
    classes: tuple[object, ...] = ()
    width: int = 0
    is_embedded: bool = True
    size_bytes: int = 0
    digest: str = ""
    features: frozenset[str] = field(default_factory=frozenset)
    needs_kernels: bool = False


def models_of(sources: Sources, embed: Mapping[str, Path]) -> dict[str, EmbeddedModel]:
    """The models that a program loads, by the paths that it names.

    Errors    ParameterError depyler.embed   when the program loads no model by a path that `embed` names.
              FormatError, IntegrityError, SignatureError, NotFound   as of `sovereign.load`.
    """
    texts = [sources.text, *(text for _, text in sources.modules.values())]
    wanted = dict.fromkeys(path for text in texts for path in _loaded(text))
    for path in embed:
        if path not in wanted:
            listed = ", ".join(wanted) or "none"
            text = f"the program loads no model by that path, it loads `{listed}`: `{path}`"
            raise ParameterError("depyler.embed", text, name="embed", value=path, allowed=sorted(wanted))
    found = {}
    for path in wanted:
        if path in embed:
            found[path] = read_model(path, embed[path])
        elif Path(path).is_file():
            found[path] = read_model(path, Path(path), is_embedded=False)
    return found


def _loaded(text: str) -> Iterable[str]:
    """Texts that are the only argument of a call of something named `load`."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="load") | ast.Name(), args=[ast.Constant(value=str(path))], keywords=[]
            ) if path.endswith(".apr"):
                yield path


def read_model(path: str, file: Path, *, is_embedded: bool = True) -> EmbeddedModel:
    """Read and verify a model file, and find out what its methods answer.

    Errors    ParameterError depyler.model   when the model is none that a program can hold.
              and those of `sovereign.load`.
    """
    from sovereign.ml.aprender import load
    from sovereign.persistence import container

    with container.open_file(file) as opened:
        opened.verify()
    estimator = load(file)
    data = file.read_bytes()
    steps = _steps(estimator, file)
    answers, refused = _answers(estimator, steps)
    last = _estimators(estimator)[-1]
    classes: tuple[object, ...] = ()
    width = 0
    if getattr(last, "_estimator_type", None) == "classifier":
        classes = tuple(last.classes_.tolist())
        width = max((len(each) for each in classes if isinstance(each, str)), default=0)
    return EmbeddedModel(
        path,
        tuple(steps),
        answers,
        refused,
        classes,
        width,
        is_embedded,
        len(data),
        hashlib.sha256(data).hexdigest(),
        frozenset(step.feature for step in steps),
        any(step.needs_kernels for step in steps),
    )


def _estimators(estimator: Any) -> list[Any]:
    return [step for _, step in estimator.steps_] if type(estimator).__name__ == "Pipeline" else [estimator]


def _refuse(file: Path, reason: str) -> ParameterError:
    text = f"the model cannot be part of a program because {reason}: `{file}`"
    return ParameterError("depyler.model", text, name="embed", value=str(file), allowed=[])


def _steps(estimator: Any, file: Path) -> list[ModelStep]:
    """The steps, with the element type in which rows reach each of them."""
    import numpy as np

    steps = []
    each = _estimators(estimator)
    rows = np.ones((1, int(getattr(estimator, "n_features_in_", 1))))
    for place, step in enumerate(each):
        name = type(step).__name__
        accepts = getattr(step, "_accepts", "")
        if name.startswith("Frozen") or accepts != "numbers" or name == "Pipeline":
            what = {"texts": "reads texts", "categories": "reads categories"}.get(accepts, "was imported")
            raise _refuse(file, f"`{name}` {what}")
        if place == 0 and hasattr(step, "feature_names_in_"):
            raise _refuse(file, f"`{name}` was fitted with names of features, for which Python gives a warning")
        steps.append(_step(step, rows.dtype, file))
        if place + 1 < len(each):
            passed = np.asarray(step.transform(rows))
            given = np.asarray(step.predictor().predict(step._check_rows(rows)))  # noqa: SLF001 - as above
            if not np.array_equal(passed, given.reshape(passed.shape)):
                raise _refuse(file, f"`{name}` transforms by more than its native model")
            rows = passed
    return steps


def _step(step: Any, dtype: Any, file: Path) -> ModelStep:
    import numpy as np

    name, known = type(step).__name__, step._dtypes  # noqa: SLF001 - what an estimator takes is told nowhere else
    taken = np.dtype(dtype if dtype in known else known[0])
    predictor, image = step.predictor(), step._image()  # noqa: SLF001 - the one form of an estimator outside of it
    family = image.family.name.lower()
    if family in {"text", "ngram", "categories", "clusters"}:
        raise _refuse(file, f"`{name}` predicts by the family `{family}`")
    is_single = taken == np.float32
    computes_single = is_single and predictor.dtype == "float32"
    exact = family in _SAME_BY_ROW and image.link.name in _PLAIN_LINKS and not computes_single
    flags = _SINGLE * is_single + _TAKES_NAN * step._allows_nan + _POSITIVE * step._positive_only  # noqa: SLF001
    return ModelStep(
        name,
        int(image.n_features),
        (int(image.n_outputs), int(predictor.n_scores)),
        flags,
        bytes(image.to_bytes()),
        _FEATURES.get(family, family),
        computes_single,
        not exact,
    )


# what the methods answer


def _answers(estimator: Any, steps: list[ModelStep]) -> tuple[dict[str, ModelAnswer], dict[str, str]]:
    """Each method of the model, as something that is asked of its last step; what is more than that is refused."""
    probes = _probe_rows(steps[0])
    answers, refused = {}, {}
    for method in METHODS:
        if not hasattr(estimator, method):
            continue
        try:
            answers[method] = _answer(estimator, method, probes)
        except (SovereignError, ValueError) as error:
            refused[method] = str(error)
    return answers, refused


def _probe_rows(step: ModelStep) -> list[list[float]]:
    """Rows to try a model with, of any size and sign where it takes them."""
    import numpy as np

    drawn = np.random.default_rng(7).normal(size=(_PROBES, step.n_features))
    scales = np.array([0.01, 0.3, 1.0, 5.0, 40.0, 900.0])
    rows = drawn * np.resize(scales, _PROBES)[:, None]
    rows[0] = 0.0
    found: list[list[float]] = (np.abs(rows) if step.flags & _POSITIVE else rows).tolist()
    return found


def _answer(estimator: Any, method: str, probes: list[list[float]]) -> ModelAnswer:
    import numpy as np

    expected = np.asarray(getattr(estimator, method)(probes))
    kind = expected.dtype.name if expected.dtype.kind != "U" else "text"
    if kind not in _DTYPES and kind != "text":
        message = f"it answers with items of type `{kind}`"
        raise ValueError(message)
    last, rows = _estimators(estimator)[-1], _last_rows(estimator, probes)
    for ask in ("labels", "values", "scores"):
        found = _asked(last, ask, rows, expected)
        if found is not None and found.dtype == expected.dtype and np.array_equal(found, expected):
            return ModelAnswer(ask, kind, expected.ndim)
    message = "it does more than the native model"
    raise ValueError(message)


def _last_rows(estimator: Any, probes: list[list[float]]) -> Any:
    """What reaches the native model of the last step."""
    passed: Any = probes
    each = _estimators(estimator)
    for step in each[:-1]:
        passed = step.transform(passed)
    return each[-1]._check_rows(passed)  # noqa: SLF001 - the way into the native model


def _asked(last: Any, ask: str, rows: Any, expected: Any) -> Any:
    """What the native model gives, in the shape of what is expected; None where it gives no such thing."""
    import numpy as np

    predictor = last.predictor()
    if ask != "labels":
        given = np.asarray(predictor.predict(rows) if ask == "values" else predictor.scores(rows))
        return given.reshape(expected.shape) if given.size == expected.size else None
    is_classifier = getattr(last, "_estimator_type", None) == "classifier"
    if not is_classifier and getattr(last, "_estimator_type", None) != "clusterer":
        return None
    labels = np.asarray(predictor.labels(rows))
    return last.classes_[labels] if is_classifier else labels
