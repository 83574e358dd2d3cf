"""Embeddings that were computed before, as the first step of a pipeline over texts."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from ._texts import strings


class PrecomputedEmbeddings(TransformerMixin, BaseEstimator):
    """Looks the vector of each text up, so that an expensive encoder runs once and not in every fit.

    Parameters
    ----------
    texts : list of str
        Every text that will be asked for: training, held-out and synthetic ones.
    vectors : array of shape (n_texts, n_dimensions)
        Their vectors, in the same order.
    encode : callable, default=None
        Gives the vectors of further texts, `encode(list of str) -> array`; without it such a text is an error.

    Examples
    --------
    >>> PrecomputedEmbeddings(["a", "b"], [[1.0, 0.0], [0.0, 1.0]]).fit_transform(["b", "b", "a"]).tolist()
    [[0.0, 1.0], [0.0, 1.0], [1.0, 0.0]]
    """

    def __init__(self, texts: Any, vectors: Any, encode: Any = None) -> None:
        self.texts = texts
        self.vectors = vectors
        self.encode = encode

    def fit(self, X: Any, y: Any = None) -> PrecomputedEmbeddings:
        """Indexes the vectors."""
        known = strings(self.texts)
        vectors = np.asarray(self.vectors)
        if len(known) != len(vectors):
            raise ValueError(f"{len(known)} texts have {len(vectors)} vectors")
        self.places_ = {text: at for at, text in enumerate(known)}
        return self

    def transform(self, X: Any) -> Any:
        """The vectors of the texts, an array of shape (n_texts, n_dimensions)."""
        texts, vectors = strings(X), np.asarray(self.vectors)
        unknown = sorted({text for text in texts if text not in self.places_})
        if unknown and self.encode is None:
            raise ValueError(f"{len(unknown)} texts have no vector, the first is {unknown[0][:60]!r}; give them or `encode`")
        further = dict(zip(unknown, np.asarray(self.encode(unknown)))) if unknown else {}
        return np.array([further[text] if text in further else vectors[self.places_[text]] for text in texts])

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "places_")
