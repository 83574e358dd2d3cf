"""Rows of whatever a user has, as the native half takes them. No data frame library is imported here unless the user's own object needs it."""

from __future__ import annotations

import sys
from os import PathLike
from typing import Any, Protocol, TypeAlias, runtime_checkable


@runtime_checkable
class ArrowTable(Protocol):
    """pandas, polars, pyarrow, DuckDB relations, Ibis, Daft and `Table` have it."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...


Rows: TypeAlias = "ArrowTable | tuple[Any, Any] | str | PathLike[str] | Any"


def given(train: Rows, test: Rows | None, unlabelled: Rows | None = None) -> tuple[Any, Any, Any]:
    """Training, test and unlabelled rows. A Hugging Face `DatasetDict` has both of the first."""
    if test is None and _is_dataset_dict(train):
        train, test = _splits(train)
    return (rows(train), rows(test), rows(unlabelled))


def several(synthetic: Rows | list[Rows] | None) -> list[Any]:
    """One source of synthetic rows, or a list of them."""
    if synthetic is None:
        return []
    if isinstance(synthetic, list):
        return [rows(one) for one in synthetic]
    return [rows(synthetic)]


def rows(source: Rows | None) -> Any:
    """What the native half takes: an Arrow stream, a path, or a tuple of lists."""
    if source is None or isinstance(source, (str, PathLike)):
        return source
    if isinstance(source, tuple) and len(source) in (1, 2):
        return tuple(_strings(cells) for cells in source)
    if _is_dataset(source):
        return _of_dataset(source)
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(source, pandas.DataFrame):
        if not _has_pyarrow():
            raise _no_pyarrow()
        # The index is no column of the rows.
        return source.reset_index(drop=True)
    return source


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
    # Not a number, and pandas' NA, are not equal to themselves.
    if cell is None or type(cell).__name__ in ("NAType", "NaTType") or cell != cell:
        return None
    return str(cell)


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


def _no_pyarrow() -> Exception:
    from ._errors import UsageError

    return UsageError(
        "pandas hands its frames over through pyarrow, which is not installed",
        "pip install pyarrow, or give (df['text'], df['label'])",
    )
