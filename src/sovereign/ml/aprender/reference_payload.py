"""Payloads in the shapes that other programs read: the model types of layout A1 whose bytes are known.

Enters: a fitted estimator, or a file with one of those types. Leaves: content for a file that the reference reads too,
where decoding it gives every number of the image back, and nothing otherwise; or an estimator. These payloads hold
single precision alone, two classes called 0 and 1, and no more than a prediction needs: whoever wrote the file, what
`custom` says of parameters and names is used, and defaults stand in for what nobody says.

| type                | image |
|---------------------|-------|
| LinearRegression    | linear with one row |
| LogisticRegression  | linear with one row, two classes |
| LinearSVM           | linear with one row, two classes, decisions alone |
| KMeans              | k_means |
| Pca                 | projection without a scale |
| NaiveBayes          | gaussian_nb |
| DecisionTree        | forest of one tree whose leaves are of one class each |
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.errors import FormatError
from sovereign.ml.aprender import state
from sovereign.ml.aprender.image import Family, Image, Link
from sovereign.ml.aprender.nodes import LEAF, Plain, Trees
from sovereign.persistence import container
from sovereign.persistence.container import Compression, ModelType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from sovereign.ml.aprender.base import Estimator
    from sovereign.persistence.container import ModelContent, ModelFile

    Values = Mapping[str, Any]

__all__ = ["content_of", "estimator_of"]


class _Kind(NamedTuple):
    """How one model type is written and read."""

    estimator: str
    write: Callable[[Image, Mapping[str, Any]], bytes | None]
    read: Callable[[Values], Image]


def content_of(
    estimator: Estimator, image: Image, metadata: dict[str, Any], compression: Compression
) -> ModelContent | None:
    """Content of a file of a known model type; None where that would not bring every number back."""
    name = type(estimator).__name__
    found = next((each for each in _KINDS.items() if each[1].estimator == name), None)
    if found is None or not _has_plain_classes(estimator):
        return None
    model_type, kind = found
    payload = kind.write(image, estimator.get_params())
    if payload is None or not _is_same(image, kind.read(_decoded(model_type, payload))):
        return None
    return container.ModelContent(payload=payload, model_type=model_type, metadata=metadata, compression=compression)


def _decoded(model_type: ModelType, payload: bytes) -> Values:
    """The values as a reader finds them."""
    values: Values | None = container.decode_payload(model_type, payload)
    assert values is not None
    return values


def _has_plain_classes(estimator: Estimator) -> bool:
    classes = getattr(estimator, "classes_", None)
    return classes is None or (classes.dtype == np.int64 and classes.tolist() == list(range(len(classes))))


def _is_same(image: Image, other: Image) -> bool:
    return set(image) == set(other) and all(
        array.dtype == other[name].dtype and np.array_equal(array, other[name]) for name, array in image.items()
    )


def estimator_of(file: ModelFile) -> Estimator:
    """The estimator of a file of a known model type, ours or another program's.

    Errors    FormatError  `aprender.image` when the type is not one that is run, or the model was never fitted.
    """
    kind, image = _kind_of(file), image_of(file)
    custom = file.metadata.get("custom")
    if isinstance(custom, dict) and custom.get("estimator") == kind.estimator:
        return state.rebuild(custom, image, file.path)
    described: dict[str, Any] = {"estimator": kind.estimator, "params": {}}
    if image.n_classes:
        count = image.n_classes
        described["classes"] = {"dtype": "int64", "shape": [count], "values": list(range(count))}
    return state.rebuild(described, image, file.path)


def image_of(file: ModelFile) -> Image:
    """The image of a payload of a known model type.

    Errors    as of `estimator_of`.
    """
    kind = _kind_of(file)
    values = file.payload_values()
    try:
        return kind.read(values or {})
    except (KeyError, TypeError, ValueError, IndexError) as error:
        message = f"the payload holds no fitted model of its type: `{file.path}`"
        raise FormatError("aprender.image", message, path=file.path, field="payload", offset=32) from error


def _kind_of(file: ModelFile) -> _Kind:
    assert file.header is not None
    model_type = ModelType(file.header.model_type)
    kind = _KINDS.get(model_type)
    if kind is None:
        message = f"models of this type are not run yet, `{file.path}` holds: `{model_type.name}`"
        raise FormatError("aprender.image", message, path=file.path, field="model_type", offset=6)
    return kind


# bytes


def _u64(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}Q", *values)


def _f32(*values: float) -> bytes:
    return struct.pack(f"<{len(values)}f", *values)


def _list(array: NDArray[Any]) -> bytes:
    return _u64(array.size) + np.ascontiguousarray(array, dtype="<f4").tobytes()


def _some(data: bytes) -> bytes:
    return b"\x01" + data


_NONE = b"\x00"


def _singles(image: Image, *names: str) -> bool:
    return all(image[name].dtype == np.float32 for name in names)


def _vector(value: Any) -> NDArray[np.float32]:
    """A list of numbers of a payload, wherever the shape has it."""
    data = value["data"] if isinstance(value, dict) else value
    return np.frombuffer(data, dtype="<f4") if isinstance(data, memoryview) else np.asarray(data, dtype=np.float32)


# linear models


def _one_row(image: Image) -> bool:
    return image.family is Family.LINEAR and len(image["coef"]) == 1 and _singles(image, "coef", "intercept")


def _write_linear(image: Image, params: Mapping[str, Any]) -> bytes | None:
    if not _one_row(image):
        return None
    flag = b"\x01" if params["fit_intercept"] else _NONE
    return _some(_list(image["coef"])) + _f32(float(image["intercept"][0])) + flag


def _write_logistic(image: Image, params: Mapping[str, Any]) -> bytes | None:
    if not _one_row(image) or image.link is not Link.LOGISTIC:
        return None
    # The learning rate belongs to a solver that is not ours.
    rest = _f32(0.0) + _u64(params["max_iter"]) + _f32(params["tol"])
    return _some(_list(image["coef"])) + _f32(float(image["intercept"][0])) + rest


def _write_machine(image: Image, params: Mapping[str, Any]) -> bytes | None:
    if not _one_row(image) or image.link is not Link.DECISION or image.n_classes != 2:  # noqa: PLR2004
        return None
    rest = _f32(params["C"], 0.0) + _u64(params["max_iter"]) + _f32(params["tol"])
    return _some(_list(image["coef"])) + _f32(float(image["intercept"][0])) + rest


def _row(coef: Any, intercept: float, link: Link) -> Image:
    weights = _vector(coef)
    classes = 0 if link is Link.IDENTITY else 2
    return Image.describe(
        Family.LINEAR,
        n_features=weights.size,
        n_outputs=2 if link is Link.LOGISTIC else 1,
        link=link,
        n_classes=classes,
        arrays={"coef": weights.reshape(1, -1), "intercept": np.array([intercept], dtype=np.float32)},
    )


def _read_linear(values: Values) -> Image:
    return _row(values["coefficients"], values["intercept"], Link.IDENTITY)


def _read_logistic(values: Values) -> Image:
    return _row(values["coefficients"], values["intercept"], Link.LOGISTIC)


def _read_machine(values: Values) -> Image:
    return _row(values["weights"], values["bias"], Link.DECISION)


# groups, directions, Bayes


def _matrix(array: NDArray[Any]) -> bytes:
    return _list(array) + _u64(*array.shape)


def _read_matrix(value: Any) -> NDArray[np.float32]:
    return _vector(value["data"]).reshape(value["rows"], value["cols"])


def _write_groups(image: Image, params: Mapping[str, Any]) -> bytes | None:
    if not _singles(image, "centroids"):
        return None
    seed = params["random_state"]
    head = _u64(len(image["centroids"]), params["max_iter"]) + _f32(params["tol"])
    head += _some(_u64(seed)) if isinstance(seed, int) else _NONE
    return head + _some(_matrix(image["centroids"])) + _NONE + _f32(0.0) + _u64(0)


def _read_groups(values: Values) -> Image:
    centroids = _read_matrix(values["centroids"])
    return Image.describe(Family.K_MEANS, n_features=centroids.shape[1], n_outputs=1, arrays={"centroids": centroids})


def _read_directions(values: Values) -> Image:
    components = _read_matrix(values["components"])
    return Image.describe(
        Family.PROJECTION,
        n_features=components.shape[1],
        n_outputs=len(components),
        arrays={"mean": _vector(values["mean"]), "components": components},
    )


def _read_bayes(values: Values) -> Image:
    mean, variance = (np.array([_vector(row) for row in values[name]]) for name in ("means", "variances"))
    return Image.describe(
        Family.GAUSSIAN_NB,
        n_features=mean.shape[1],
        n_outputs=len(mean),
        link=Link.LOG_JOINT,
        n_classes=len(mean),
        arrays={"mean": mean, "variance": variance, "log_prior": np.log(_vector(values["class_priors"]))},
    )


def _nothing(_image: Image, _params: Mapping[str, Any]) -> None:
    """These are read and not written: what an estimator of ours learned is more than the shape holds."""
    return


# trees


def _read_tree(values: Values) -> Image:
    trees = Plain.joined([_plain_tree(values["tree"])])
    labels = _labels(values["tree"])
    return _forest(trees, [labels], values.get("n_features"))


def _read_forest(values: Values) -> Image:
    roots = [each["tree"] for each in values["trees"]]
    plain = Plain.joined([_plain_tree(root) for root in roots])
    return _forest(plain, [_labels(root) for root in roots], None)


def _forest(plain: Plain, labels: list[list[int]], width: int | None) -> Image:
    """Leaves that each vote for one class; the mean of votes is what the majority is taken from."""
    every = [label for each in labels for label in each]
    count = max(2, max(every) + 1)
    width = width or int(plain.feature.max(initial=0)) + 1
    value = np.eye(count, dtype=np.float64)[every]
    trees = Trees.packed(plain, value, n_features=width)
    return trees.image(n_features=width, n_outputs=count, n_classes=count, is_mean=True)


def _nodes(root: Any) -> list[Any]:
    """The nodes level by level, children side by side."""
    order, place = [root], 0
    while place < len(order):
        if "Node" in order[place]:
            order += [order[place]["Node"]["left"], order[place]["Node"]["right"]]
        place += 1
    return order


def _labels(root: Any) -> list[int]:
    return [node["Leaf"]["class_label"] for node in _nodes(root) if "Leaf" in node]


def _plain_tree(root: Any) -> Plain:
    nodes = _nodes(root)
    splits = [node.get("Node") for node in nodes]
    is_leaf = np.array([split is None for split in splits])
    # The pair of children of the i-th split follows those of the splits before it.
    left = np.where(is_leaf, np.cumsum(is_leaf) - 1, 2 * np.cumsum(~is_leaf) - 1)
    return Plain(
        feature=np.array([LEAF if split is None else split["feature_idx"] for split in splits], dtype=np.int64),
        threshold=np.array([0.0 if split is None else split["threshold"] for split in splits]),
        left=left.astype(np.int64),
        missing_left=np.zeros(len(nodes), dtype=bool),
        starts=np.zeros(1, dtype=np.int64),
    )


_KINDS: dict[ModelType, _Kind] = {
    ModelType.LINEAR_REGRESSION: _Kind("LinearRegression", _write_linear, _read_linear),
    ModelType.LOGISTIC_REGRESSION: _Kind("LogisticRegression", _write_logistic, _read_logistic),
    ModelType.SVM: _Kind("LinearSVC", _write_machine, _read_machine),
    ModelType.K_MEANS: _Kind("KMeans", _write_groups, _read_groups),
    ModelType.PCA: _Kind("PCA", _nothing, _read_directions),
    ModelType.NAIVE_BAYES: _Kind("GaussianNB", _nothing, _read_bayes),
    ModelType.DECISION_TREE: _Kind("DecisionTreeClassifier", _nothing, _read_tree),
    ModelType.RANDOM_FOREST: _Kind("RandomForestClassifier", _nothing, _read_forest),
}
