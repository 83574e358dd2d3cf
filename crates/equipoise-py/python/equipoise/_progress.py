"""What a job tells while it works: to the caller's function, to a line that is written over, and to the log."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from ._errors import UsageError

Event: TypeAlias = "dict[str, Any]"
Progress: TypeAlias = "Callable[[Event], None] | bool | None"

_log = logging.getLogger("equipoise")


@contextmanager
def listener(progress: Progress) -> Iterator[Callable[[str], None]]:
    """The callback for the native half. `None` shows a line where somebody watches: on a terminal or in a notebook."""
    if progress is not None and not isinstance(progress, bool) and not callable(progress):
        raise UsageError(f"`progress` cannot be a {type(progress).__name__}", "give a function of an event, True, False or None")
    line = _Line() if progress is True or (progress is None and _is_watched()) else None

    def hear(text: str) -> None:
        event: Event = json.loads(text)
        if event["event"] == "note":
            _log.info(event["data"])
        elif event["event"] == "omitted":
            # Rows that are left out are shown without anybody having set a log up: Python prints warnings of itself.
            _log.warning(event["data"])
        if callable(progress):
            progress(event)
        if line is not None:
            line.show(event)

    try:
        yield hear
    finally:
        if line is not None:
            line.clear()


def _is_watched() -> bool:
    return bool(getattr(sys.stderr, "isatty", lambda: False)()) or "ipykernel" in sys.modules


class _Line:
    """One line that is written over, with the time that is left where that can be told."""

    def __init__(self) -> None:
        self.width = 0
        self.phase = ""
        self.began = 0.0

    def show(self, event: Event) -> None:
        data = event["data"]
        if event["event"] == "advanced":
            self._write(f"{data['phase']}: {data['done']} of {data['total']}{self._left(data)} ({_shown(data['what'])})")
        elif event["event"] == "started":
            self._write(f"{data} …")
        elif event["event"] == "requests":
            usd = "" if data["usd"] is None else f", {data['usd']:.2f} USD"
            self._write(f"asking: {data['done']} of {data['total']}{usd}")
        elif event["event"] == "waiting":
            self._write(f"waiting {data['wait_s']:.0f} s: {_shown(data['reason'])}")

    def _left(self, data: dict[str, Any]) -> str:
        now = time.monotonic()
        if data["phase"] != self.phase:
            self.phase, self.began = data["phase"], now
        spent = now - self.began
        if spent < 2 or not data["done"]:
            return ""
        return f", about {spent / data['done'] * (data['total'] - data['done']):.0f} s left"

    def _write(self, text: str) -> None:
        sys.stderr.write("\r" + text.ljust(self.width))
        sys.stderr.flush()
        self.width = len(text)

    def clear(self) -> None:
        if self.width:
            sys.stderr.write("\r" + " " * self.width + "\r")
            sys.stderr.flush()


def _shown(text: str) -> str:
    """Untrusted text, safe for a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[:80])
