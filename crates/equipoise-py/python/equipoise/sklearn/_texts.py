"""Texts out of the containers that scikit-learn's callers use, and back into them."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._cells import listed


def strings(X: Any) -> list[str]:
    """Texts out of a list, an array, a series, or the one column of a frame or a 2-D array."""
    if hasattr(X, "columns"):
        if len(X.columns) != 1:
            raise ValueError(f"X has {len(X.columns)} columns; one column of texts is taken")
        X = X[X.columns[0]]
    elif getattr(X, "ndim", 1) == 2:
        if X.shape[1] != 1:
            raise ValueError(f"X has {X.shape[1]} features; one column of texts is taken")
        X = X[:, 0]
    if isinstance(X, (str, bytes)):
        raise ValueError(f"X is a single {type(X).__name__}; it takes a list of texts: [X]")
    cells = [cell[0] if isinstance(cell, (list, tuple)) and len(cell) == 1 else cell for cell in listed(X)]
    for at, cell in enumerate(cells):
        if not isinstance(cell, str):
            raise ValueError(f"X holds a {type(cell).__name__} at position {at}; it takes texts (str), before any vectoriser")
    return cells


def like(X: Any, texts: list[str]) -> Any:
    """The texts in the kind of container that `X` is."""
    if hasattr(X, "columns"):
        return type(X)({X.columns[0]: texts})
    if type(X).__module__.startswith("pandas"):
        return type(X)(texts, name=X.name)
    if type(X).__module__.startswith("polars"):
        return type(X)(X.name, texts)
    if isinstance(X, np.ndarray):
        cells = np.array(texts, dtype=object if X.dtype == object else None)
        return cells.reshape(-1, 1) if X.ndim == 2 else cells
    if isinstance(X, list) and X and isinstance(X[0], list):
        return [[text] for text in texts]
    return texts


def like_target(y: Any, values: Any) -> Any:
    """The labels in the kind of container that `y` is."""
    if type(y).__module__.startswith("pandas"):
        return type(y)(values, name=y.name) if hasattr(y, "name") else type(y)(values, columns=y.columns)
    return values.tolist() if isinstance(y, list) else values
