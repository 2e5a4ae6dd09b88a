"""Estimators in model files, and back: `save` and `load`.

Enters: a fitted estimator with facts about it, or the path of a file. Leaves: a file of layout A1 or A2, or an
estimator that predicts the same to the last bit, without pickle and without scikit-learn. What a file may make is
listed in `registry.py`; nothing of it is executed. In both layouts the arrays are those of the estimator's `Image`, and
metadata says the rest: `custom` how to make the estimator, and the facts under the keys that other readers know.

A file is proved when it is written: the estimator is made again from it, in memory, and must equal the one that came
in. Read `state.py` next.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sovereign.errors import FormatError, ParameterError
from sovereign.ml.aprender import reference_payload, state
from sovereign.ml.aprender.base import Estimator
from sovereign.ml.aprender.image import LEARNED, Family, Image
from sovereign.ml.aprender.peer import not_fitted
from sovereign.persistence import container
from sovereign.persistence.container import Compression, Layout, ModelContent
from sovereign.shell.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    from sovereign.persistence.container import LoadConfig, ModelFile

__all__ = ["Facts", "image_of", "load", "model_file", "save"]

_LAYOUTS = ("a1", "mapped")
_LARGEST_A1 = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a file says about its model beside the model.

    name, description    for people.
    metrics              numbers by name, as measured by whoever writes the file.
    source               where the training data comes from.
    split                how rows were kept back: `test_size`, `random_seed`.
    card                 the model card.
    license              the licence.
    test_data            rows to try the model on, with their provenance.
    """

    name: str | None = None
    description: str | None = None
    metrics: Mapping[str, float] | None = None
    source: str | None = None
    split: Mapping[str, Any] | None = None
    card: container.card.ModelCard | None = None
    license: container.licence.Licence | None = None
    test_data: container.embedded.EmbeddedData | None = None


def save(
    path: str | PathLike[str],
    model: Any,
    *,
    layout: Literal["a1", "mapped"] | None = None,
    compression: Compression = Compression.ZSTD,
    force: bool = False,
    **facts: Any,
) -> None:
    """Write a fitted estimator to a file.

    layout       "a1" is small and compressed, and holds up to 1 GiB; "mapped" is A2, whose arrays are used where they
                 lie. None takes "a1" where it fits.
    compression  of "a1".
    force        replace a file that is there.
    facts        the fields of `Facts`.

    A fitted pipeline or estimator of scikit-learn is taken as `from_sklearn` takes it. Named arrays and a
    `ModelContent` go to `container.save`, with `metadata` as their only fact.

    Errors    NotFittedError  when the model has learned nothing.
              ParameterError  `aprender.unsupported` when a parameter or an attribute has no place in a file,
                              `shell.exists` when a file is there and `force` is not given.

    >>> import tempfile
    >>> from sovereign.ml.aprender import LinearRegression, load
    >>> model = LinearRegression().fit([[0.0], [1.0]], [1.0, 3.0])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(f"{folder}/line.apr", model, name="line")
    ...     load(f"{folder}/line.apr").predict([[2.0]]).round(6).tolist()
    [5.0]
    """
    if isinstance(model, Mapping | ModelContent):
        metadata = facts.pop("metadata", None)
        _facts(facts)
        container.save(path, model, metadata=metadata, force=force)
        return
    pieces = model_file(model, layout=layout, compression=compression, **facts)
    write_atomically(os.fspath(path), pieces, force=force)


def model_file(
    model: Any,
    *,
    layout: Literal["a1", "mapped"] | None = None,
    compression: Compression = Compression.ZSTD,
    **facts: Any,
) -> Iterable[bytes]:
    """The bytes that `save` writes, in pieces.

    Errors    as of `save`, but for the file.
    """
    if layout is not None and layout not in _LAYOUTS:
        message = f"`layout` should be one of `{', '.join(_LAYOUTS)}`, it is: `{layout}`"
        raise ParameterError("aprender.parameter", message, name="layout", value=layout, allowed=_LAYOUTS)
    estimator = _estimator(model)
    described, image = state.describe(estimator)
    metadata = _metadata(estimator, described, image, _facts(facts))
    if layout is None:
        layout = "a1" if sum(array.nbytes for array in image.values()) < _LARGEST_A1 else "mapped"
    if layout == "mapped":
        known = {"model_type": described["estimator"], "name": metadata.get("model_name")}
        return container.tensor_pieces(image, metadata | {key: value for key, value in known.items() if value})
    content = reference_payload.content_of(estimator, image, metadata, compression)
    if content is not None:
        return [container.payload_file(content)]
    return [container.wrapped_file(image, metadata, compression=compression)]


def _estimator(model: Any) -> Estimator:
    if not isinstance(model, Estimator):
        from sovereign.ml.aprender.importing import from_sklearn

        return from_sklearn(model)
    if not model.__sklearn_is_fitted__():
        raise not_fitted(model)
    return model


def _facts(facts: Mapping[str, Any]) -> Facts:
    unknown = sorted(set(facts) - set(Facts.__dataclass_fields__))
    if unknown:
        known = ", ".join(Facts.__dataclass_fields__)
        message = f"a file says of its model `{known}`, there is no fact: `{unknown[0]}`"
        raise ParameterError("aprender.parameter", message, name=unknown[0], value=facts[unknown[0]], allowed=known)
    return Facts(**facts)


def _metadata(estimator: Estimator, described: dict[str, Any], image: Image, facts: Facts) -> dict[str, Any]:
    """Everything that stands outside of the arrays, without what nobody said."""
    custom: dict[str, Any] = {"family": image.family.name.lower(), "structure": _structure(image), **described}
    if facts.test_data is not None:
        custom["test_data"] = container.embedded.to_metadata(facts.test_data)
    found: dict[str, Any] = {
        "model_name": facts.name,
        "description": facts.description,
        "training": _training(estimator, image, facts),
        "hyperparameters": _hyperparameters(estimator),
        "metrics": {name: float(value) for name, value in (facts.metrics or {}).items()},
        "license": facts.license.to_metadata() if facts.license else None,
        "model_card": facts.card.to_metadata() if facts.card else None,
    }
    return {name: value for name, value in found.items() if value} | {"custom": custom}


def _structure(image: Image) -> dict[str, int]:
    """What the model is made of, for people who look at the file and read no array."""
    numbers = sum(array.size for name, array in image.items() if not name.endswith("model") and LEARNED not in name)
    found = {"features": image.n_features, "outputs": image.n_outputs, "classes": image.n_classes, "numbers": numbers}
    if image.family is Family.FOREST:
        found |= {"trees": len(image["trees"]), "nodes": len(image["nodes"]), "depth": int(image["trees"][:, 3].max())}
    elif image.family is Family.MLP:
        found["layers"] = image.further(7)
    elif image.family is Family.PIPELINE:
        found["steps"] = image.further(7)
    elif image.family in {Family.TEXT, Family.NGRAM}:
        found["terms"] = len(image["term_offsets"]) - 1
    return {name: count for name, count in found.items() if count}


def _training(estimator: Estimator, image: Image, facts: Facts) -> dict[str, Any]:
    record = estimator.training_record()
    if os.environ.get("SOURCE_DATE_EPOCH"):
        # Who sets it wants the same file of the same training, and no two take the same time.
        record.pop("duration_ms", None)
    seed = estimator.get_params(deep=False).get("random_state")
    found = {
        **record,
        "n_features": image.n_features if record else None,
        "source": facts.source,
        "random_seed": seed if isinstance(seed, int) else None,
        **(facts.split or {}),
    }
    return {name: value for name, value in found.items() if value is not None}


def _hyperparameters(estimator: Estimator) -> dict[str, Any]:
    """The parameters that are plain values, for people and for other readers; `custom.params` has them all."""
    params = estimator.get_params()
    return {name: value for name, value in params.items() if isinstance(value, bool | int | float | str)}


def load(path: str | PathLike[str], config: LoadConfig | None = None) -> Any:
    """The fitted estimator of a file, whichever layout it has.

    A file of layout A2 is mapped: large arrays stay where they are, and pages of them are read when they are used.

    Errors    as `open_file`; FormatError `aprender.image` when the file holds no model of this package, or one that
              does not fit together.
    """
    with container.open_file(path, config) as file:
        if config is None and file.layout is Layout.A2:
            file.verify()
        return _estimator_of(file)


def _estimator_of(file: ModelFile) -> Estimator:
    if _is_known_type(file):
        return reference_payload.estimator_of(file)
    return state.rebuild(_custom(file), image_of(file), file.path)


def image_of(file: ModelFile) -> Image:
    """The image that an open file holds, whatever its layout.

    Errors    FormatError  `aprender.image` when it holds none.
    """
    if _is_known_type(file):
        return reference_payload.image_of(file)
    _custom(file)
    return Image({name: file[name] for name in file})


def _is_known_type(file: ModelFile) -> bool:
    return file.header is not None and file.header.model_type is not container.ModelType.CUSTOM


def _custom(file: ModelFile) -> dict[str, Any]:
    """What the metadata say of the estimator."""
    custom = file.metadata.get("custom")
    if not isinstance(custom, dict) or not isinstance(custom.get("estimator"), str):
        message = f"the file holds no fitted estimator, its metadata names none: `{file.path}`"
        raise FormatError("aprender.image", message, path=file.path, field="custom.estimator", offset=0)
    return custom
