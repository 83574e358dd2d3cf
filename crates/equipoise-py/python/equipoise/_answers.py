"""The probabilities that a learner of the caller's own gives, as the native half takes them."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from typing import Any, NoReturn

from ._errors import UsageError
from ._labels import name_of

_HINT = (
    "give a row for each text, and in it a probability for each label: in the order of `classes_`, "
    "where there are none in that of the sorted labels"
)


class Answers:
    """What is asked of a learner: a row for each text, a probability for each of the `labels`."""

    def __init__(self, learner: str, labels: Sequence[Any], n_texts: int) -> None:
        self.learner = learner
        self.labels = list(labels)
        # A function may name classes as the rows have them, or by their names.
        self.places = {**{name_of(label): at for at, label in enumerate(labels)}, **{label: at for at, label in enumerate(labels)}}
        self.n_texts = n_texts

    def packed(self, probabilities: Any, classes: Sequence[Any]) -> bytes:
        """Row-major doubles of all labels; a label that was not there to learn has 0."""
        places = [self._place(name) for name in classes]
        out = array("d")
        for given in self._rows(probabilities, len(places)):
            row = [0.0] * len(self.labels)
            for place, p in zip(places, given):
                row[place] = self._number(p)
            out.extend(row)
        if sys.byteorder == "big":
            out.byteswap()
        return out.tobytes()

    def refuse(self, found: str, wanted: str, hint: str = _HINT) -> NoReturn:
        """Says what a learner gave in the place of what."""
        raise UsageError(f"the learner `{self.learner}` gave {found}; expected {wanted}", hint)

    def _place(self, name: Any) -> int:
        place = self.places.get(name, self.places.get(name_of(name)))
        if place is None:
            known = ", ".join(f"`{label}`" for label in self.labels)
            self.refuse(f"the class `{name}` in `classes_`", f"labels of the rows: {known}", "name the classes as the rows name their labels")
        return place

    def _rows(self, probabilities: Any, n_classes: int) -> list[Any]:
        wanted = f"probabilities of shape ({self.n_texts}, {n_classes}), texts by labels"
        values = probabilities.to_numpy() if hasattr(probabilities, "columns") else probabilities
        rows = values.tolist() if hasattr(values, "tolist") else values
        if not isinstance(rows, (list, tuple)):
            self.refuse("nothing (`None`)" if rows is None else f"a {type(rows).__name__}", wanted)
        cells = [row.tolist() if hasattr(row, "tolist") else row for row in rows]
        widths = {len(row) if isinstance(row, (list, tuple)) else None for row in cells}
        if len(cells) != self.n_texts or widths - {n_classes}:
            self.refuse(_shape(cells, widths), wanted)
        return cells

    def _number(self, p: Any) -> float:
        if isinstance(p, str):
            self.refuse(f"the text {p[:40]!r} for a probability", "numbers")
        try:
            return float(p)
        except (TypeError, ValueError):
            self.refuse(f"a {type(p).__name__} for a probability", "numbers")


def _shape(rows: list[Any], widths: set[int | None]) -> str:
    if rows and all(isinstance(row, str) for row in rows):
        return f"{len(rows)} texts"
    if len(widths) > 1:
        return f"{len(rows)} rows of different lengths"
    width = next(iter(widths), None)
    return f"an array of shape ({len(rows)},)" if width is None else f"an array of shape ({len(rows)}, {width})"
