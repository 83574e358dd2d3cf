"""Results for people: a table as text, and as escaped HTML for notebooks."""

from __future__ import annotations

from html import escape
from typing import Any, NamedTuple


class Shown(NamedTuple):
    """What stands above, in and under the table of a result."""

    title: str
    head: list[str]
    rows: list[list[str]]
    foot: str = ""


def html(shown: Shown) -> str:
    """The table as HTML; its cells are untrusted."""

    def cells(tag: str, values: list[str]) -> str:
        return "".join(f"<{tag}>{escape(value)}</{tag}>" for value in values)

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in shown.rows)
    foot = f"<p>{escape(shown.foot)}</p>" if shown.foot else ""
    table = f"<table><thead><tr>{cells('th', shown.head)}</tr></thead><tbody>{body}</tbody></table>"
    return f"<div><p><b>{escape(shown.title)}</b></p>{table}{foot}</div>"


def text(shown: Shown) -> str:
    """The table as lines; control characters of its cells are replaced."""
    rows = [[tame(cell) for cell in row] for row in [shown.head, *shown.rows]]
    widths = [max(len(row[at]) for row in rows) for at in range(len(shown.head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    return "\n".join([tame(shown.title), *lines, *([tame(shown.foot)] if shown.foot else [])])


def estimate(value: dict[str, Any] | None) -> str:
    """A figure with its interval."""
    if value is None or value.get("value") is None:
        return "–"
    return f"{value['value']:.3f} [{value['low']:.3f}, {value['high']:.3f}]"


def tame(cell: str) -> str:
    """Untrusted text, safe for a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in cell)
