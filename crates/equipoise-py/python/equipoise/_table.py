"""What the native table has in Python alone: rows as dicts, a data frame, and a look at it in notebooks."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from typing import Any

from ._equipoise import Table
from ._errors import UsageError
from ._show import Shown, html

SHOWN = 10
"""Rows that a notebook shows."""

WIDTH = 200
"""Characters of a cell that a notebook shows."""


def __iter__(self: Table) -> Iterator[dict[str, str | None]]:
    """The rows as dicts; their cells are texts, as those of `column`."""
    names = self.column_names
    return (dict(zip(names, cells)) for cells in zip(*(self.column(name) for name in names)))


def to_pandas(self: Table) -> Any:
    """The table as a data frame of pandas, with the types that its columns have."""
    if importlib.util.find_spec("pyarrow") is None:
        raise UsageError("pandas takes tables over through pyarrow, which is not installed", "pip install pyarrow")
    import pyarrow

    return pyarrow.table(self).to_pandas()


def _repr_html_(self: Table) -> str:
    """The first rows, for a notebook; cells are untrusted."""
    columns = [self.column(name)[:SHOWN] for name in self.column_names]
    rows = [["" if cell is None else _short(cell) for cell in cells] for cells in zip(*columns)]
    rest = f"and {len(self) - SHOWN} more" if len(self) > SHOWN else ""
    return html(Shown(f"{len(self)} rows", self.column_names, rows, rest))


def _short(cell: str) -> str:
    return cell if len(cell) <= WIDTH else cell[:WIDTH] + "…"


for _function in (__iter__, to_pandas, _repr_html_):
    setattr(Table, _function.__name__, _function)
