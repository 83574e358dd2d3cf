"""What the labels are in the caller's own rows: the native half knows them by name, and a learner is to see them as they were."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Literal, TypeAlias

Kind: TypeAlias = Literal["text", "int", "bool"]
KINDS: tuple[Kind, ...] = ("text", "int", "bool")

# Those that the native half takes for the label without a look at the cells.
_NAMES = ("label", "class", "category", "target", "sentiment", "emotion", "intent", "topic", "tag")


def name_of(label: Any) -> str:
    """A label as the native half writes it, whatever held it.

    >>> name_of(True), name_of(1), name_of("True")
    ('true', '1', 'True')
    """
    if isinstance(label, bool) or type(label).__name__ in ("bool", "bool_"):
        return str(label).lower()
    return str(label)


def typed(names: Sequence[str], kind: Kind) -> list[Any]:
    """The labels as the rows have them; their names where they are of no such kind, as those of merged or listed labels.

    >>> typed(["0", "10"], "int"), typed(["false", "true"], "bool"), typed(["0", "x"], "int")
    ([0, 10], [False, True], ['0', 'x'])
    """
    if kind == "int" and all(re.fullmatch(r"0|-?[1-9]\d*", name, re.ASCII) for name in names):
        return [int(name) for name in names]
    if kind == "bool" and all(name in ("false", "true") for name in names):
        return [name == "true" for name in names]
    return list(names)


def kind_of(train: Any, label: str | None) -> Kind:
    """Of what kind the labels of training rows are; those of files are texts."""
    if isinstance(train, (str, PathLike)):
        return "text"
    if isinstance(train, tuple):
        return _of_cells(train[1]) if len(train) == 2 else "text"
    columns = _columns(train)
    at = _label_column(columns, label)
    return "text" if at is None else columns[at]


def _label_column(columns: Mapping[str, Kind], label: str | None) -> str | None:
    if label is not None:
        return label if label in columns else None
    lowered = {name.lower(): name for name in columns}
    named = [lowered[name] for name in _NAMES if name in lowered]
    others = [name for name in columns if columns[name] != "text"]
    return named[0] if named else others[0] if len(columns) == 2 and len(others) == 1 else None


def _columns(train: Any) -> dict[str, Kind]:
    """The kind of each column, by what the container itself says of its types."""
    if isinstance(train, dict):
        return {str(name): _of_cells(cells) for name, cells in train.items()}
    if isinstance(train, list) and train and isinstance(train[0], tuple):
        return {"text": "text", "label": _of_cells([row[1] for row in train if len(row) == 2])}
    if isinstance(train, list):
        names = dict.fromkeys(name for row in train if isinstance(row, dict) for name in row)
        return {str(name): _of_cells([row.get(name) for row in train]) for name in names}
    if hasattr(train, "iloc"):
        return {str(name): _of_series(train.iloc[:, at]) for at, name in enumerate(train.columns)}
    if hasattr(train, "get_columns"):
        return {column.name: _of_type(column.dtype) for column in train.get_columns()}
    features = getattr(train, "features", None)
    if isinstance(features, dict):
        return {name: _of_type(getattr(feature, "dtype", "")) for name, feature in features.items()}
    if hasattr(getattr(train, "schema", None), "field"):
        return {field.name: _of_type(field.type) for field in train.schema}
    if hasattr(train, "types") and hasattr(train, "columns"):
        return {name: _of_type(kind) for name, kind in zip(train.columns, train.types)}
    return {}


def _of_series(series: Any) -> Kind:
    categories = getattr(series.dtype, "categories", None)
    dtype = series.dtype if categories is None else categories.dtype
    return _of_cells(series.dropna()) if str(dtype) == "object" else _of_type(dtype)


def _of_type(dtype: Any) -> Kind:
    """By the name that a library gives the type: `Int64`, `bool[pyarrow]`, `BIGINT`, `dictionary<values=int64, indices=int8, …>`."""
    name = re.sub(r"^dictionary<values=", "", str(dtype).lower())
    if re.match(r"u?(big|small|tiny|huge)?int", name):
        return "int"
    return "bool" if name.startswith("bool") else "text"


def _of_cells(cells: Any) -> Kind:
    dtype = getattr(cells, "dtype", None)
    if dtype is not None and str(dtype) != "object":
        return _of_series(cells) if hasattr(cells, "dropna") else _of_type(dtype)
    if not isinstance(cells, (list, tuple)) and not hasattr(cells, "tolist"):
        return "text"
    kinds = {_of_cell(cell) for cell in cells if cell is not None and cell == cell}
    return kinds.pop() if len(kinds) == 1 else "text"


def _of_cell(cell: Any) -> Kind:
    if isinstance(cell, bool) or type(cell).__name__ in ("bool", "bool_"):
        return "bool"
    return "int" if hasattr(type(cell), "__index__") else "text"
