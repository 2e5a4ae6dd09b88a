"""The native types and functions of this room."""

from __future__ import annotations

from sovereign._native import (
    Predictor,
    assign_means,
    boost_trees,
    column_moments,
    column_products,
    descend_by_columns,
    descend_by_products,
    fit_margin,
    grow_forest,
    logistic_loss,
    residual_products,
    seed_potentials,
    train_mlp,
)

__all__ = [
    "Predictor",
    "assign_means",
    "boost_trees",
    "column_moments",
    "column_products",
    "descend_by_columns",
    "descend_by_products",
    "fit_margin",
    "grow_forest",
    "logistic_loss",
    "residual_products",
    "seed_potentials",
    "train_mlp",
]
