"""Paths that a call names, and the folder of a run that nobody named one for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any

from ._errors import OutputError, UsageError

RUNS = Path("runs")
"""Where runs go that nobody named a folder for."""


def path(value: Any, keyword: str) -> Path:
    """A path that was given as `keyword`."""
    if not isinstance(value, (str, PathLike)):
        raise UsageError(f"`{keyword}` takes a path, and {value!r} is none", f'give it as text, such as {keyword}="PATH"')
    return Path(os.fspath(value))


@contextmanager
def new_folder(train: Any) -> Iterator[Path]:
    """A folder under `runs` that no other thread or process has, called after the training rows. It goes again where it stays empty."""
    name = Path(os.fspath(train)).stem if isinstance(train, (str, PathLike)) else "table"
    safe = "".join(c if c.isalnum() or c in "-_." else "_" for c in name).lstrip(".") or "run"
    is_first = not RUNS.exists()
    folder = _made(safe)
    try:
        yield folder
    finally:
        _remove_empty([folder, *([RUNS] if is_first else [])])


def _made(name: str) -> Path:
    number = 1
    while True:
        folder = RUNS / f"{name}-{number}"
        try:
            # Whoever makes it has it; to look first would leave a moment for another.
            folder.mkdir(parents=True)
            return folder
        except FileExistsError:
            number += 1
        except OSError as refused:
            raise OutputError(f"{folder}: it cannot be made: {refused.strerror}", 'name another folder with out="DIR"') from refused


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return
