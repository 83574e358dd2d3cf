"""Texts to predict, out of the containers that callers have."""

from __future__ import annotations

from typing import Any

from ._cells import listed
from ._errors import UsageError


def texts_of(texts: Any) -> list[str]:
    """The texts of a list, an array, a series, or of the column `text` (or the only one) of a table."""
    found = [_alone(cell) for cell in listed(_column(texts))]
    for at, text in enumerate(found):
        if not isinstance(text, str):
            raise UsageError(f"a {type(text).__name__} stands where a text is taken, at position {at}", "give a list of texts (str)")
    return found


def _column(texts: Any) -> Any:
    if isinstance(texts, (str, bytes, dict)) or not hasattr(texts, "__iter__") and not hasattr(texts, "column"):
        hint = "give a list: [text]" if isinstance(texts, str) else "give a list of texts (str)"
        raise UsageError(f"a {type(texts).__name__} stands where a list of texts is taken", hint)
    if getattr(texts, "ndim", 1) == 2 and not hasattr(texts, "columns"):
        if texts.shape[1] != 1:
            raise UsageError(f"an array of {texts.shape[1]} columns stands where texts are taken", "give the column of the texts")
        return texts[:, 0]
    names = getattr(texts, "column_names", getattr(texts, "columns", None))
    return texts if names is None else _of_table(texts, [str(name) for name in names])


def _of_table(table: Any, names: list[str]) -> Any:
    at = names.index("text") if names.count("text") == 1 else 0 if len(names) == 1 else None
    if at is None:
        raise UsageError(f"which column has the texts? There are {', '.join(f'`{name}`' for name in names)}", 'give one column, such as table["body"]')
    if hasattr(table, "iloc"):
        return table.iloc[:, at]
    return table[names[at]] if hasattr(table, "__getitem__") else table.column(names[at])


def _alone(cell: Any) -> Any:
    """The text of a row that is a list of it alone, as those of a table of one column."""
    return cell[0] if isinstance(cell, (list, tuple)) and len(cell) == 1 else cell
