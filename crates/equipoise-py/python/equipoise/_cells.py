"""Cells of a column as texts, whatever holds them."""

from __future__ import annotations

from typing import Any

from ._errors import InputError, UsageError
from ._labels import name_of


def listed(cells: Any) -> list[Any]:
    """The cells of an array, a series, a column or any other sequence."""
    if hasattr(cells, "tolist"):
        found = cells.tolist()
        return found if isinstance(found, list) else [found]
    if hasattr(cells, "to_pylist"):
        return list(cells.to_pylist())
    return list(cells.to_list() if hasattr(cells, "to_list") else cells)


def strings(cells: Any) -> list[str | None]:
    """The cells as texts; `None` where there is no value."""
    return [string(cell) for cell in listed(cells)]


def asked_strings(cells: Any, where: str, is_text: bool) -> list[str | None]:
    """The same of a column that is read: what would be taken for texts or labels, and is none, is refused. `where` names it."""
    if isinstance(cells, (str, bytes)):
        raise UsageError(
            f"{where}: a single text stands where a list of texts is taken", "give (texts, labels) as lists of equal length"
        )
    if getattr(cells, "ndim", 1) != 1:
        raise InputError(
            f"{where}: a {type(cells).__name__} of {cells.ndim} dimensions stands where one column is taken",
            "give one column of it, such as table[:, 0] of an array or frame['text'] of a data frame",
        )
    if isinstance(cells, (dict, set, frozenset)) or not hasattr(cells, "__iter__"):
        raise InputError(
            f"{where}: a {type(cells).__name__} stands where a list is taken",
            "give lists of equal length; of a data frame give the frame itself, or frame.to_dict('list')",
        )
    found = listed(cells)
    for at, cell in enumerate(found):
        _refuse(cell, f"{where}, row {at + 1}", is_text)
    return [string(cell) for cell in found]


def _refuse(cell: Any, where: str, is_text: bool) -> None:
    if isinstance(cell, (bytes, bytearray)):
        raise InputError(f"{where}: bytes stand where a text is taken", "decode them: [cell.decode() for cell in cells]")
    # A row may have a list of labels.
    if isinstance(cell, dict) or (is_text and isinstance(cell, (list, tuple, set))):
        raise InputError(f"{where}: a {type(cell).__name__} stands where a text is taken", "give one text for each row")


def string(cell: Any) -> str | None:
    """A cell as the native half takes it."""
    if isinstance(cell, str):
        # Half of a surrogate pair is no character, and Arrow holds none.
        return cell.encode("utf-8", "replace").decode()
    if cell is None or type(cell).__name__ in ("NAType", "NaTType") or _is_nan(cell):
        return None
    return name_of(cell)


def _is_nan(cell: Any) -> bool:
    try:
        return bool(cell != cell)
    except (TypeError, ValueError):
        # An array compares cell by cell.
        return False
