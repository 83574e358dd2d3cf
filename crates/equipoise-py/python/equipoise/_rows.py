"""Rows of whatever a user has, as the native half takes them. No data frame library is imported here unless the user's own object needs it."""

from __future__ import annotations

import os
import sys
from os import PathLike
from typing import Any, Protocol, TypeAlias, TypeGuard, runtime_checkable

from ._cells import asked_strings
from ._columns import Asked, table
from ._errors import InputError, UsageError
from ._frames import of_pandas


@runtime_checkable
class ArrowTable(Protocol):
    """pandas, polars, pyarrow, DuckDB relations, Ibis, Daft and `Table` have it."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...


Rows: TypeAlias = (
    "ArrowTable | tuple[Any, Any] | list[dict[str, Any]] | list[tuple[Any, Any]] | dict[str, Any] | str | PathLike[str] | Any"
)

_HINT = "give a data frame, a path, a list of dicts, a dict of columns, or a tuple (texts, labels) of lists"


def opened(train: Rows, test: Rows | None) -> tuple[Any, Any]:
    """Training and test rows, with generators read. A Hugging Face `DatasetDict` has both."""
    if test is None and _is_dataset_dict(train):
        train, test = _splits(train)
    return read(train), read(test)


def given(train: Rows, test: Rows | None, unlabelled: Rows | None = None, asked: Asked = Asked()) -> tuple[Any, Any, Any]:
    """Training, test and unlabelled rows as the native half takes them."""
    train, test = opened(train, test)
    return (rows(train, asked, "train"), rows(test, asked, "test"), rows(unlabelled, asked, "unlabelled"))


def several(synthetic: Rows | list[Rows] | None, asked: Asked = Asked()) -> list[Any]:
    """One source of synthetic rows, or a list of them."""
    if synthetic is None:
        return []
    synthetic = read(synthetic)
    if isinstance(synthetic, list) and not _is_list_of(synthetic, _is_dict) and not _is_list_of(synthetic, _is_pair):
        names = [f"synthetic {at + 1}" if len(synthetic) > 1 else "synthetic" for at in range(len(synthetic))]
        return [rows(_of_run(one), asked, name) for one, name in zip(synthetic, names)]
    return [rows(_of_run(synthetic), asked, "synthetic")]


def rows(source: Rows | None, asked: Asked = Asked(), name: str = "rows") -> Any:
    """What the native half takes: an Arrow stream, a path, or a tuple of lists. Messages call it `name`.

    >>> rows([{"text": "good day", "label": 1}, {"text": "bad day"}])
    Table(2 rows: text, label)
    >>> rows([("good day", True), ("bad day", False)])
    (['good day', 'bad day'], ['true', 'false'])
    """
    source = read(source)
    if source is None or isinstance(source, (str, PathLike)):
        return source
    if isinstance(source, tuple):
        return _of_tuple(source, name)
    if isinstance(source, list):
        return _of_list(source, asked, name)
    if _is_dataset(source):
        return _of_dataset(source)
    if isinstance(source, dict) and not _is_dataset_dict(source):
        return _of_dict(source, asked, name)
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(source, pandas.DataFrame):
        return of_pandas(source, asked, name)
    polars = sys.modules.get("polars")
    if polars is not None and isinstance(source, polars.DataFrame):
        # Its columns of nulls alone are handed over with a buffer that Arrow's own have not, and are refused for it.
        return source.cast({polars.Null: polars.String})
    if hasattr(source, "dtype") or (hasattr(source, "to_pylist") and not hasattr(source, "schema")):
        raise InputError(
            f"{name}: a {type(source).__name__} is an array of values and no table of texts and labels",
            "give a tuple (texts, labels) of two columns, or a data frame that has both",
        )
    return source


def read(source: Any) -> Any:
    """What a generator gives, as a list; anything else as it is."""
    if isinstance(source, tuple):
        return tuple(list(cells) if _is_iterator(cells) else cells for cells in source)
    return list(source) if _is_iterator(source) else source


def _of_tuple(source: tuple[Any, ...], name: str) -> tuple[list[str | None], ...]:
    if source and all(isinstance(part, dict) for part in source):
        raise UsageError(f"{name}: a tuple of dicts is no table", "give a list of dicts")
    if source and all(hasattr(part, "columns") or isinstance(part, PathLike) for part in source):
        raise UsageError(f"{name}: a tuple of tables is no table", "give them one by one, the held-out rows as test=")
    if len(source) not in (1, 2):
        raise UsageError(
            f"{name}: a tuple of {len(source)} stands where (texts, labels) is taken",
            "give (texts, labels), a list of (text, label) tuples, or a dict of columns",
        )
    parts = zip(("texts", "labels"), source)
    return tuple(asked_strings(cells, f"{name}, {part}", part == "texts") for part, cells in parts)


def _of_list(source: list[Any], asked: Asked, name: str) -> Any:
    if not source:
        raise InputError(f"{name}: the list has no rows", "give at least one row with a text and a label")
    if _is_list_of(source, _is_dict):
        names = dict.fromkeys(column for row in source for column in row)
        return table(((column, [row.get(column) for row in source]) for column in names), asked, name)
    if _is_list_of(source, _is_pair):
        return _of_tuple(([text for text, _ in source], [label for _, label in source]), name)
    if _is_list_of(source, lambda one: isinstance(one, str)):
        raise UsageError(f"{name}: a list of texts has no labels", "give (texts, labels); texts without labels are (texts,)")
    raise UsageError(f"{name}: a list of {type(source[0]).__name__} is no table of texts", _HINT)


def _of_dict(source: dict[Any, Any], asked: Asked, name: str) -> Any:
    if source and all(hasattr(cells, "columns") for cells in source.values()):
        raise UsageError(f"{name}: a dict of tables is no table", "give them one by one, the held-out rows as test=")
    return table(source.items(), asked, name)


def _of_run(source: Any) -> Any:
    """The synthetic rows of a run, where it is one or the folder of one."""
    from ._run import Run

    if isinstance(source, (str, PathLike)) and os.path.isfile(os.path.join(source, "run.json")):
        source = Run(source)
    return source.synthetic if isinstance(source, Run) else source


def _is_iterator(source: Any) -> bool:
    # A reader of Arrow batches is one too, and goes as it is.
    return hasattr(source, "__next__") and not hasattr(source, "__arrow_c_stream__")


def _is_dict(row: Any) -> bool:
    return isinstance(row, dict)


def _is_pair(row: Any) -> bool:
    """A text and its label. A tuple of lists is a source of rows."""
    return isinstance(row, tuple) and len(row) == 2 and isinstance(row[0], (str, type(None))) and not hasattr(row[1], "columns")


def _is_list_of(source: Any, is_one: Any) -> TypeGuard[list[Any]]:
    return isinstance(source, list) and bool(source) and all(is_one(row) for row in source)


def _is_dataset(source: Any) -> bool:
    datasets = sys.modules.get("datasets")
    return datasets is not None and isinstance(source, datasets.Dataset)


def _is_dataset_dict(source: Any) -> bool:
    datasets = sys.modules.get("datasets")
    return datasets is not None and isinstance(source, datasets.DatasetDict)


def _splits(found: Any) -> tuple[Any, Any]:
    if "train" not in found:
        raise UsageError(f"the data set has no split `train`; it has: {', '.join(found)}", "give the splits as train and test=")
    return found["train"], found.get("test")


def _of_dataset(dataset: Any) -> Any:
    """An Arrow table with its indices applied. The names of class labels stand in its metadata, where they are read."""
    table = dataset.with_format("arrow")[:]
    return table.replace_schema_metadata(dataset.features.arrow_schema.metadata)
