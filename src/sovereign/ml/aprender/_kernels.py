"""The native types and functions of this room."""

from __future__ import annotations

from sovereign._native import Predictor

__all__ = ["Predictor"]
