"""What the models of files answer, by the native core; the room `aprender` knows how.

Enters: an open file and rows. Leaves: predictions, or nothing where the file holds no model of a family that is run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sovereign.errors import FormatError, ParameterError
from sovereign.ml.aprender import Predictor, image_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sovereign.persistence.container import ModelFile

__all__ = ["answers"]


def answers(file: ModelFile, X: NDArray[np.float32]) -> NDArray[Any] | None:
    """What the model of a file predicts for rows (n, d); None where it is none that is run, or takes other rows."""
    try:
        image = image_of(file)
        if image.n_features != X.shape[1]:
            return None
        predicted: NDArray[Any] = Predictor(image).predict(X)
    except (FormatError, ParameterError):  # no model of ours, or one that cannot predict
        return None
    return predicted
