"""Columns as a table. Texts alone need no other package; a column of vectors is built by one that has Arrow's lists."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ._cells import asked_strings, listed, strings
from ._equipoise import Table
from ._errors import InputError, UsageError


class Asked(NamedTuple):
    """The columns that a call names, or that are taken without being named."""

    text: str = "text"
    label: str = "label"
    embedding: str | None = None

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Asked:
        """Those of the options of a call."""
        embedding = options.get("embedding")
        return cls(str(options.get("text") or "text"), str(options.get("label") or "label"), embedding)


def table(columns: Iterable[tuple[Any, Any]], asked: Asked, name: str) -> Any:
    """A table of the columns, each a list of cells or what is like one."""
    named = [(str(column), cells) for column, cells in columns]
    texts = [(column, _texts(cells, column, asked, name)) for column, cells in named if column != asked.embedding]
    vectors = [(column, _vectors(cells, column, name)) for column, cells in named if column == asked.embedding]
    lengths = {len(cells) for _, cells in texts + vectors}
    if len(lengths) > 1:
        told = ", ".join(f"`{column}` {len(cells)}" for column, cells in texts + vectors)
        raise InputError(f"{name}: the columns differ in length: {told}", "give columns of one length")
    return _with_vectors(texts, vectors) if vectors else Table.from_columns(texts)


def _texts(cells: Any, column: str, asked: Asked, name: str) -> list[str | None]:
    if column in (asked.text, asked.label):
        return asked_strings(cells, f"{name}, column `{column}`", column == asked.text)
    # Nobody asked for it, so that whatever it holds is no fault.
    is_column = hasattr(cells, "__iter__") and not isinstance(cells, (str, bytes, dict))
    if not is_column:
        raise InputError(
            f"{name}, column `{column}`: a {type(cells).__name__} stands where a list is taken", "give columns of one length, as lists"
        )
    return strings(cells)


def _vectors(cells: Any, column: str, name: str) -> list[Any]:
    found = [listed(cell) if hasattr(cell, "tolist") else cell for cell in listed(cells)]
    for at, cell in enumerate(found):
        if cell is not None and not isinstance(cell, (list, tuple)):
            raise InputError(
                f"{name}, column `{column}`, row {at + 1}: a {type(cell).__name__} is no vector", "give a list of numbers for each row"
            )
    return found


def _with_vectors(texts: list[tuple[str, list[str | None]]], vectors: list[tuple[str, list[Any]]]) -> Any:
    if importlib.util.find_spec("pyarrow") is not None:
        import pyarrow as pa

        numbers = pa.list_(pa.float32())
        return pa.table(
            {**{name: pa.array(cells, pa.large_string()) for name, cells in texts}, **{name: pa.array(cells, numbers) for name, cells in vectors}}
        )
    if importlib.util.find_spec("polars") is not None:
        import polars as pl

        columns = [pl.Series(name, cells, pl.String) for name, cells in texts]
        return pl.DataFrame(columns + [pl.Series(name, cells, pl.List(pl.Float32)) for name, cells in vectors])
    raise UsageError("a column of vectors in lists needs pyarrow or polars", "pip install pyarrow")
