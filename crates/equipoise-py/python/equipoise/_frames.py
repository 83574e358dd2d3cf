"""pandas' data frames as the native half takes them: a column that nobody asked for never keeps the others out."""

from __future__ import annotations

import importlib.util
import warnings
from typing import Any

from ._cells import asked_strings, strings
from ._columns import Asked, table
from ._errors import InputError
from ._show import tame


def of_pandas(frame: Any, asked: Asked, name: str) -> Any:
    """The frame as an Arrow table, or as a table of texts where there is no pyarrow: pandas hands frames over through it alone."""
    if len(frame) == 0:
        raise InputError(f"{name}: the data frame has no rows", "give at least one row with a text and a label")
    # The index is no column of the rows.
    frame = _each_once(frame.reset_index(drop=True), asked, name)
    if not has_pyarrow():
        return table(((column, frame.iloc[:, at]) for at, column in enumerate(frame.columns)), asked, name)
    import pyarrow as pa

    try:
        return pa.Table.from_pandas(frame)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return pa.Table.from_pandas(_without_mixtures(frame, asked, name))


def has_pyarrow() -> bool:
    """Whether pyarrow is installed; it is not loaded for that."""
    return importlib.util.find_spec("pyarrow") is not None


def _each_once(frame: Any, asked: Asked, name: str) -> Any:
    """The frame without the later ones of columns that are called the same."""
    repeated = [str(column) for column in dict.fromkeys(frame.columns[frame.columns.duplicated()])]
    for column in repeated:
        if column in asked:
            raise InputError(
                f"{name}: several columns are called `{column}`", "rename them, or give frame.loc[:, ~frame.columns.duplicated()]"
            )
    if repeated:
        _say(f"{name}: of columns that are called the same the first is taken: {_named(repeated)}")
    return frame.loc[:, ~frame.columns.duplicated()]


def _without_mixtures(frame: Any, asked: Asked, name: str) -> Any:
    """The frame with columns of texts in the place of those that Arrow has no type for."""
    import pyarrow as pa

    mixed: dict[Any, list[str | None]] = {}
    for column in frame.columns:
        try:
            pa.Array.from_pandas(frame[column])
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            mixed[column] = _strings(frame[column], str(column), asked, name)
    _say(f"{name}: columns that Arrow has no type for are taken as texts: {_named([str(column) for column in mixed])}")
    frame = frame.copy(deep=False)
    for column, cells in mixed.items():
        frame[column] = cells
    return frame


def _strings(cells: Any, column: str, asked: Asked, name: str) -> list[str | None]:
    if column not in (asked.text, asked.label):
        return strings(cells)
    return asked_strings(cells, f"{name}, column `{column}`", column == asked.text)


def _named(columns: list[str]) -> str:
    return ", ".join(f"`{tame(column)}`" for column in columns)


def _say(what: str) -> None:
    # At the caller of the job: said, of_pandas, rows, given, job.
    warnings.warn(what, stacklevel=7)
