"""The fitted classifier of a run, in scikit-learn's words and without scikit-learn."""

from __future__ import annotations

import json
from os import PathLike
from pathlib import Path
from typing import Any

from . import _equipoise as native
from ._errors import InputError
from ._folders import path
from ._texts import texts_of


class Model:
    """The fitted model of the arm that was chosen: `classes_`, `predict`, `predict_proba`. It pickles; NumPy is needed when it is called.

    `Model(folder)` reads the model of a finished run, `Model(data)` the bytes of its `model.bin`.
    """

    def __init__(self, fitted: bytes | str | PathLike[str]) -> None:
        self._native = native.Model(fitted if isinstance(fitted, bytes) else _read(path(fitted, "fitted")))

    @property
    def classes_(self) -> Any:
        """The labels, in the order of the columns of `predict_proba`."""
        import numpy as np

        return np.array(self._native.labels, dtype=object)

    def predict(self, texts: Any) -> Any:
        """The most probable label of each text; an array of shape (n_texts,)."""
        labels, _ = self._native.predict(texts_of(texts))
        return self.classes_[labels]

    def predict_proba(self, texts: Any) -> Any:
        """Calibrated probabilities; an array of shape (n_texts, n_labels) whose rows sum to 1."""
        import numpy as np

        _, p = self._native.predict(texts_of(texts))
        return np.frombuffer(p, dtype="<f8").reshape(-1, len(self._native.labels))

    def to_dict(self) -> dict[str, Any]:
        """What it was trained with: learner, arm, labels."""
        about: dict[str, Any] = json.loads(self._native.about)
        return about

    def to_bytes(self) -> bytes:
        """The model as the bytes of `model.bin`."""
        return self._native.to_bytes()

    def __reduce__(self) -> tuple[Any, tuple[bytes]]:
        return (Model, (self.to_bytes(),))

    def __repr__(self) -> str:
        about = self.to_dict()
        return f"Model(learner={about['learner']!r}, arm={about['arm']!r}, {len(about['labels'])} labels)"


def _read(found: Path) -> bytes:
    file = found / "model.bin" if found.is_dir() else found
    try:
        return file.read_bytes()
    except OSError as refused:
        raise InputError(f"{file}: it cannot be read: {refused.strerror}", "name the folder of a finished run, or its model.bin") from refused
