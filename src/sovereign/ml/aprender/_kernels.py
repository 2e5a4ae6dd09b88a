"""The native types and functions of this room."""

from __future__ import annotations

from sovereign._native import Predictor, boost_trees, grow_forest

__all__ = ["Predictor", "boost_trees", "grow_forest"]
