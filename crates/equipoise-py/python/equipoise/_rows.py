"""Rows of whatever a user has, as the native half takes them. No data frame library is imported here unless the user's own object needs it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from os import PathLike
from typing import Any, Protocol, TypeAlias, TypeGuard, runtime_checkable

from ._equipoise import Table


@runtime_checkable
class ArrowTable(Protocol):
    """pandas, polars, pyarrow, DuckDB relations, Ibis, Daft and `Table` have it."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...


Rows: TypeAlias = "ArrowTable | tuple[Any, Any] | list[dict[str, Any]] | dict[str, Any] | str | PathLike[str] | Any"


def given(train: Rows, test: Rows | None, unlabelled: Rows | None = None) -> tuple[Any, Any, Any]:
    """Training, test and unlabelled rows. A Hugging Face `DatasetDict` has both of the first."""
    if test is None and _is_dataset_dict(train):
        train, test = _splits(train)
    return (rows(train), rows(test), rows(unlabelled))


def several(synthetic: Rows | list[Rows] | None) -> list[Any]:
    """One source of synthetic rows, or a list of them."""
    if synthetic is None:
        return []
    if isinstance(synthetic, list) and not _is_list_of_dicts(synthetic):
        return [rows(one) for one in synthetic]
    return [rows(synthetic)]


def rows(source: Rows | None) -> Any:
    """What the native half takes: an Arrow stream, a path, or a tuple of lists.

    >>> rows([{"text": "good day", "label": 1}, {"text": "bad day"}])
    Table(2 rows: text, label)
    """
    if source is None or isinstance(source, (str, PathLike)):
        return source
    if isinstance(source, tuple) and len(source) in (1, 2):
        return tuple(_strings(cells) for cells in source)
    if _is_dataset(source):
        return _of_dataset(source)
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(source, pandas.DataFrame):
        if _has_pyarrow():
            # The index is no column of the rows.
            return source.reset_index(drop=True)
        # pandas hands frames over through pyarrow alone.
        return _table((name, source.iloc[:, at]) for at, name in enumerate(source.columns))
    if _is_list_of_dicts(source):
        names = dict.fromkeys(name for row in source for name in row)
        return _table((name, [row.get(name) for row in source]) for name in names)
    if isinstance(source, dict) and not _is_dataset_dict(source):
        return _table(source.items())
    return source


def _table(columns: Iterable[tuple[Any, Any]]) -> Table:
    return Table.from_columns([(str(name), _strings(cells)) for name, cells in columns])


def _is_list_of_dicts(source: Any) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(source, list) and bool(source) and all(isinstance(row, dict) for row in source)


def listed(cells: Any) -> list[Any]:
    """The cells of an array, a series, a column or any other sequence."""
    if hasattr(cells, "tolist"):
        found = cells.tolist()
        return found if isinstance(found, list) else [found]
    if hasattr(cells, "to_pylist"):
        return list(cells.to_pylist())
    return list(cells.to_list() if hasattr(cells, "to_list") else cells)


def _strings(cells: Any) -> list[str | None]:
    if isinstance(cells, (str, bytes)):
        from ._errors import UsageError

        raise UsageError("a single text stands where a list of texts is taken", "give (texts, labels) as lists of equal length")
    return [_string(cell) for cell in listed(cells)]


def _string(cell: Any) -> str | None:
    if isinstance(cell, str):
        # Half of a surrogate pair is no character, and Arrow holds none.
        return cell.encode("utf-8", "replace").decode()
    if cell is None or type(cell).__name__ in ("NAType", "NaTType") or _is_nan(cell):
        return None
    return str(cell)


def _is_nan(cell: Any) -> bool:
    try:
        return bool(cell != cell)
    except (TypeError, ValueError):
        # An array compares cell by cell.
        return False


def _is_dataset(source: Any) -> bool:
    datasets = sys.modules.get("datasets")
    return datasets is not None and isinstance(source, datasets.Dataset)


def _is_dataset_dict(source: Any) -> bool:
    datasets = sys.modules.get("datasets")
    return datasets is not None and isinstance(source, datasets.DatasetDict)


def _splits(found: Any) -> tuple[Any, Any]:
    if "train" not in found:
        from ._errors import UsageError

        raise UsageError(f"the data set has no split `train`; it has: {', '.join(found)}", "give the splits as train and test=")
    return found["train"], found.get("test")


def _of_dataset(dataset: Any) -> Any:
    """An Arrow table with its indices applied. The names of class labels stand in its metadata, where they are read."""
    table = dataset.with_format("arrow")[:]
    return table.replace_schema_metadata(dataset.features.arrow_schema.metadata)


def _has_pyarrow() -> bool:
    import importlib.util

    return importlib.util.find_spec("pyarrow") is not None
