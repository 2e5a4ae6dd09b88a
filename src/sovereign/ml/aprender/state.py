"""An estimator as plain data and an image, and made again from both.

Enters: a fitted estimator, or what a file says of one, which nobody vouches for. Leaves: a dict that JSON and
MessagePack can hold, with the estimator's name, parameters and learned attributes, beside the image of its arrays; or
an estimator.

| key             | holds |
|-----------------|-------|
| `estimator`     | the name, one of `registry.HOMES` |
| `params`        | the constructor's parameters |
| `learned`       | learned attributes that are not in the image |
| `classes`       | the classes in order, with their element type |
| `feature_names` | the names of the columns |
| `steps`         | of a pipeline: the same for each step, with its `name` |

What JSON has no word for stands in a dict with one key: `$float` for infinities and NaN, `$tuple`, `$array`, `$dict`,
`$dtype`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.errors import FormatError, InternalError, ParameterError, SovereignError
from sovereign.ml.aprender.image import LEARNED, Image
from sovereign.ml.aprender.model_selection import unfitted
from sovereign.ml.aprender.pipeline import Pipeline
from sovereign.ml.aprender.registry import HOMES, estimator_class

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from sovereign.ml.aprender.base import Estimator

__all__ = ["describe", "rebuild"]

_TEXTS = ("U", "O")
_NOWHERE = "memory"
# Element types that a file has arrays of; so few numbers stand in the metadata, where people see them.
_STORED = frozenset({"float32", "float64", "int32", "int64"})
_FEW = 16
# Letters that an array of texts may take room for.
_MOST_LETTERS = 1 << 24
# Set by `rebuild` itself, from the image and from keys of their own.
_APART = ("classes_", "feature_names_in_", "image_", "n_features_in_", "steps_")


def describe(estimator: Estimator) -> tuple[dict[str, Any], Image]:
    """The plain data and the image of a fitted estimator, from which `rebuild` makes an equal one.

    Errors    ParameterError  when a parameter or a learned attribute has no place in a file.
    """
    name = type(estimator).__name__
    if name not in HOMES:
        message = f"an estimator of this class has no place in a model file: `{name}`"
        raise ParameterError("aprender.unsupported", message, name="model", value=name, allowed=sorted(HOMES))
    if isinstance(estimator, Pipeline):
        return _describe_pipeline(estimator)
    described = _described(estimator)
    image = estimator._image()  # noqa: SLF001 - the room's own way into a file
    twin = rebuild(described, image, _NOWHERE)
    arrays, plain = _missing(estimator, twin)
    if plain:
        described["learned"] = plain
    image = image.with_arrays(**{f"{LEARNED}{attribute}": array for attribute, array in arrays.items()})
    _require_equal(estimator, rebuild(described, image, _NOWHERE))
    return described, image


def _describe_pipeline(pipeline: Pipeline) -> tuple[dict[str, Any], Image]:
    steps, images = [], []
    for name, step in pipeline.steps_:
        described, image = describe(step)
        steps.append({"name": name, **described})
        images.append(image)
    images[:-1] = [image.passing() for image in images[:-1]]
    outside = {name: array for name, array in pipeline._image().items() if "/" not in name}  # noqa: SLF001
    return {"estimator": "Pipeline", "steps": steps}, Image({**outside, **Image.nested(images)})


def _described(estimator: Estimator) -> dict[str, Any]:
    """Everything but what was learned beside the image."""
    label = type(estimator).__name__
    params = estimator.get_params(deep=False)
    described: dict[str, Any] = {
        "estimator": label,
        "params": {name: _plain(value, f"{label}.{name}") for name, value in params.items()},
    }
    classes, names = getattr(estimator, "classes_", None), getattr(estimator, "feature_names_in_", None)
    if classes is not None:
        described["classes"] = _plain_array(classes, f"{label}.classes_")
    if names is not None:
        described["feature_names"] = [str(name) for name in names]
    return described


def rebuild(described: Mapping[str, Any], image: Image, path: str) -> Estimator:
    """An estimator from plain data and an image.

    Errors    FormatError  `aprender.image` when they do not fit together; `path` is the file that they came from.
    """
    try:
        return _rebuilt(described, image, path)
    except SovereignError:
        raise
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        told = " ".join(f"{type(error).__name__} {error}".split())[:120]
        message = f"the arrays and the metadata of a model do not fit together, {told}: `{path}`"
        raise FormatError("aprender.image", message, path=path, field="custom", offset=0) from error


def _rebuilt(described: Mapping[str, Any], image: Image, path: str) -> Estimator:
    kind = estimator_class(described["estimator"], path)
    if issubclass(kind, Pipeline):
        return _rebuilt_pipeline(described["steps"], image, path)
    known = kind._defaults()  # noqa: SLF001 - the room's own contract
    params = {name: _from_plain(value) for name, value in described["params"].items()}
    unknown = sorted(set(params) - set(known))
    if unknown:
        message = f"{kind.__name__} of this version has no such parameter, the file has it: `{unknown[0]}`"
        raise FormatError("aprender.image", message, path=path, field=f"custom.params.{unknown[0]}", offset=0)
    estimator = kind(**params)
    if image.n_features:
        estimator.n_features_in_ = image.n_features
    if "classes" in described:
        estimator.classes_ = _from_plain(described["classes"])
    if "feature_names" in described:
        estimator.feature_names_in_ = np.array(described["feature_names"], dtype=object)
    estimator._restore(image)  # noqa: SLF001
    for name, array in image.learned().items():
        setattr(estimator, name, array)
    for name, value in described.get("learned", {}).items():
        _require_learned(name, path)
        setattr(estimator, name, _from_plain(value))
    return estimator


def _rebuilt_pipeline(steps: Any, image: Image, path: str) -> Pipeline:
    fitted = [(step["name"], rebuild(step, image.inner(place), path)) for place, step in enumerate(steps)]
    pipeline = Pipeline([(name, unfitted(step)) for name, step in fitted])
    pipeline.steps_ = fitted
    return pipeline


def _require_learned(name: str, path: str) -> None:
    """A file sets learned attributes and nothing else of an object."""
    if not name.endswith("_") or name.startswith("_") or not name.isidentifier():
        message = f"a file sets learned attributes alone, whose names end in `_`, it has: `{name}`"
        raise FormatError("aprender.image", message, path=path, field="custom.learned", offset=0)


# what the image does not hold


def _learned(estimator: Estimator) -> dict[str, Any]:
    return {
        name: value
        for name, value in vars(estimator).items()
        if name.endswith("_") and not name.startswith("_") and name not in _APART
    }


def _missing(estimator: Estimator, twin: Estimator) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Learned attributes that the image did not bring: numbers as arrays, the rest as plain data."""
    arrays, plain = {}, {}
    brought = vars(twin)
    for name, value in _learned(estimator).items():
        if name in brought and _equal(value, brought[name]):
            continue
        if isinstance(value, np.ndarray) and value.dtype.name in _STORED and value.size > _FEW and value.ndim:
            arrays[name] = value
        else:
            plain[name] = _plain(value, f"{type(estimator).__name__}.{name}")
    return arrays, plain


def _require_equal(estimator: Estimator, twin: Estimator) -> None:
    for name, value in _learned(estimator).items():
        if not _equal(value, vars(twin).get(name)):
            message = f"an estimator should come back from its file as it was, this attribute differs: `{name}`"
            raise InternalError("aprender.roundtrip", message, where=f"{type(estimator).__name__}.{name}")


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and one.dtype == other.dtype and _same_numbers(one, other)
    if isinstance(one, list | tuple):
        return type(one) is type(other) and len(one) == len(other) and all(map(_equal, one, other))
    if isinstance(one, dict):
        return isinstance(other, dict) and list(one) == list(other) and all(_equal(one[key], other[key]) for key in one)
    if isinstance(one, float | np.floating) and math.isnan(one):
        return isinstance(other, float | np.floating) and math.isnan(other)
    return bool(one == other)


def _same_numbers(one: NDArray[Any], other: NDArray[Any]) -> bool:
    return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


# plain data


def _plain(value: Any, where: str) -> Any:
    """The value in words that JSON has."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"$float": repr(value)}
    if isinstance(value, list):
        return [_plain(each, where) for each in value]
    return _in_words_of_ours(value, where)


def _in_words_of_ours(value: Any, where: str) -> dict[str, Any]:
    """What JSON has no word for."""
    if isinstance(value, np.ndarray):
        return {"$array": _plain_array(value, where)}
    if isinstance(value, np.dtype) or (isinstance(value, type) and issubclass(value, np.generic | float | int)):
        return {"$dtype": np.dtype(value).name}
    if isinstance(value, tuple):
        return {"$tuple": [_plain(each, where) for each in value]}
    if isinstance(value, dict):
        return {"$dict": [[_plain(key, where), _plain(each, where)] for key, each in value.items()]}
    message = f"a value of this kind has no place in a model file, `{where}` is: `{type(value).__name__}`"
    raise ParameterError("aprender.unsupported", message, name=where, value=type(value).__name__, allowed="plain data")


def _plain_array(array: NDArray[Any], where: str) -> dict[str, Any]:
    if array.dtype.kind not in "biufUO":
        message = f"an array of this type has no place in a model file, `{where}` is of: `{array.dtype}`"
        raise ParameterError("aprender.unsupported", message, name=where, value=str(array.dtype), allowed="plain data")
    kind = "text" if array.dtype.kind == "U" else "object" if array.dtype.kind == "O" else array.dtype.name
    values = [_plain(each, where) for each in array.ravel().tolist()]
    return {"dtype": kind, "shape": list(array.shape), "values": values}


def _from_plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_from_plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "dtype" in value:
        return _array_from(value)
    (kind, inside), *rest = value.items()
    makers: dict[str, Callable[[Any], Any]] = {
        "$float": float,
        "$tuple": lambda each: tuple(_from_plain(each)),
        "$array": _array_from,
        "$dtype": lambda name: np.dtype(name).type,
        "$dict": lambda pairs: {_from_plain(key): _from_plain(each) for key, each in pairs},
    }
    if rest or kind not in makers:
        message = f"a value of the metadata is of no kind that is known: `{kind}`"
        raise ValueError(message)
    return makers[kind](inside)


def _array_from(facts: Mapping[str, Any]) -> NDArray[Any]:
    values = [_from_plain(each) for each in facts["values"]]
    shape = tuple(int(length) for length in facts["shape"])
    if facts["dtype"] == "text":
        # One long text among many short ones makes room for as long a text in each place.
        if len(values) * max(map(len, values), default=0) > _MOST_LETTERS:
            message = f"an array of texts takes too much room, its longest has: `{max(map(len, values))}` letters"
            raise ValueError(message)
        return np.array(values, dtype=str).reshape(shape)
    array = np.empty(len(values), dtype=np.dtype(facts["dtype"]))
    array[:] = values
    return array.reshape(shape)
