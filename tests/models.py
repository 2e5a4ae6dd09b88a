"""Small model files of known content, made anew for each test that wants one."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

from sovereign.persistence.container import Compression, ModelContent, ModelType, payload_file, tensor_file

METADATA = {"model_name": "iris", "created_at": "2025-12-08T14:32:00Z", "metrics": {"accuracy": 0.9}}


def linear_payload(*coefficients: float, intercept: float = 0.25) -> bytes:
    """A linear regression as layout A1 stores it."""
    head = struct.pack("<BQ", 1, len(coefficients))
    return head + struct.pack(f"<{len(coefficients)}f", *coefficients) + struct.pack("<fB", intercept, 1)


def linear_model(
    *coefficients: float,
    metadata: dict[str, Any] | None = None,
    compression: Compression = Compression.ZSTD,
    intercept: float = 0.25,
) -> bytes:
    """A file of layout A1 with that linear regression."""
    content = ModelContent(
        payload=linear_payload(*(coefficients or (1.5, -2.0, 0.5)), intercept=intercept),
        model_type=ModelType.LINEAR_REGRESSION,
        metadata=METADATA if metadata is None else metadata,
        compression=compression,
    )
    return payload_file(content)


def tensor_model(**changes: Any) -> bytes:
    """A file of layout A2 with a matrix, a vector and a half-precision vector."""
    tensors = {
        "weight": np.arange(6, dtype=np.float32).reshape(2, 3),
        "bias": np.array([0.5, -0.5], np.float64),
        "scale": np.array([1.0, 2.0, 4.0], np.float16),
    }
    return tensor_file({**tensors, **changes}, {"name": "layer", "created_at": "2025-12-08T14:32:00Z"})


def layers_model() -> bytes:
    """A file of layout A5 with one layer of two numbers; the layout has no checksum."""

    def text(word: str) -> bytes:
        return struct.pack("<I", len(word)) + word.encode()

    tensor = text("w") + struct.pack("<IIIff", 0, 1, 2, 1.0, 2.0)
    layer = text("dense") + struct.pack("<I", 1) + tensor
    return b"APR\0" + struct.pack("<I", 1) + text("mlp") + struct.pack("<I", 1) + layer + text("by") + text("hand")
