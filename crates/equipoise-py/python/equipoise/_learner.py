"""A learner of your own: an estimator over raw texts, or a function, as the native half takes it."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

Rows: TypeAlias = "tuple[list[str], list[int], list[float]]"
Fit: TypeAlias = "Callable[[list[str], Rows, list[str]], bytes]"


def judge(learner: Any, options: Mapping[str, Any]) -> tuple[tuple[str, Fit] | None, dict[str, Any]]:
    """A learner of the caller's own, and the options with the names of learners among them."""
    mine = own(learner)
    if mine and options.get("learner_command"):
        from ._errors import UsageError

        raise UsageError("`learner` and `learner_command` would both fit the models of the verdict", "give one of them")
    return mine, {**options, "learner": None if mine else learner}


def own(learner: Any) -> tuple[str, Fit] | None:
    """What the native half takes of a learner of the caller's own: what it is, and its fit, which is given the labels, the training
    rows (texts, positions of labels, weights) and the texts to predict. `None` for names of learners."""
    names = isinstance(learner, (list, tuple)) and all(isinstance(name, str) for name in learner)
    if learner is None or isinstance(learner, str) or names:
        return None
    # What it needs of the standard library takes a while to load, and few calls need it.
    from ._identity import identity

    if hasattr(learner, "fit") and hasattr(learner, "predict"):
        return identity(learner), lambda labels, train, asked: _of_estimator(learner, labels, train, asked)
    if callable(learner):
        return identity(learner), lambda labels, train, asked: _of_function(learner, labels, train, asked)
    from ._errors import UsageError

    raise UsageError(
        f"a {type(learner).__name__} is no learner",
        "give a scikit-learn estimator over raw texts, or a function fit(texts, labels, weights) that gives predict_proba",
    )


def _of_function(function: Callable[..., Any], labels: list[str], train: Rows, asked: list[str]) -> bytes:
    texts, codes, weights = train
    found = function(texts, [labels[code] for code in codes], weights)
    predict = getattr(found, "predict_proba", found)
    classes = [str(name) for name in getattr(found, "classes_", labels)]
    return _bytes(predict(asked), [labels.index(name) for name in classes], len(labels))


def _of_estimator(estimator: Any, labels: list[str], train: Rows, asked: list[str]) -> bytes:
    import numpy as np
    from sklearn.base import clone

    texts, codes, weights = train
    seen = sorted(set(codes))
    if len(seen) == 1:
        # Most estimators refuse to fit one class; there is nothing to choose.
        return _bytes(np.ones((len(asked), 1)), seen, len(labels))
    fitted = clone(estimator)
    keyword = _weight_keyword(fitted)
    if keyword is None:
        texts, codes = _repeated(texts, codes, weights)
        fitted.fit(texts, np.array(codes))
    else:
        fitted.fit(texts, np.array(codes), **{keyword: np.array(weights)})
    return _bytes(_probabilities(fitted, asked), [int(code) for code in fitted.classes_], len(labels))


def _weight_keyword(estimator: Any) -> str | None:
    """The keyword by which `fit` takes weights; that of the last step of a pipeline."""
    from sklearn.utils.validation import has_fit_parameter

    steps = getattr(estimator, "steps", None)
    if steps:
        name, last = steps[-1]
        return f"{name}__sample_weight" if has_fit_parameter(last, "sample_weight") else None
    return "sample_weight" if has_fit_parameter(estimator, "sample_weight") else None


def _repeated(texts: Sequence[str], codes: Sequence[int], weights: Sequence[float]) -> tuple[list[str], list[int]]:
    """Rows as often as their weights say, where an estimator takes none: what is left of a weight goes to the rows after it.

    >>> _repeated(["a", "b", "c"], [0, 1, 1], [1.0, 0.5, 1.5])
    (['a', 'c', 'c'], [0, 1, 1])
    """
    left, repeated = 0.0, []
    for at, weight in enumerate(weights):
        left += weight
        n = int(left + 1e-9)
        left -= n
        repeated += [at] * n
    return [texts[at] for at in repeated], [codes[at] for at in repeated]


def _probabilities(fitted: Any, texts: list[str]) -> Any:
    import numpy as np

    if hasattr(fitted, "predict_proba"):
        return fitted.predict_proba(texts)
    if hasattr(fitted, "decision_function"):
        scores = np.asarray(fitted.decision_function(texts), dtype=float)
        scores = np.column_stack([-scores, scores]) if scores.ndim == 1 else scores
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        return scores / scores.sum(axis=1, keepdims=True)
    return np.asarray(fitted.predict(texts))[:, None] == np.asarray(fitted.classes_)[None, :]


def _bytes(probabilities: Any, places: Sequence[int], n_labels: int) -> bytes:
    """Row-major doubles of all labels; a label that was not there to learn has 0."""
    rows = probabilities.tolist() if hasattr(probabilities, "tolist") else probabilities
    out = array("d")
    for given in rows:
        row = [0.0] * n_labels
        for place, p in zip(places, given, strict=True):
            row[place] = float(p)
        out.extend(row)
    if sys.byteorder == "big":
        out.byteswap()
    return out.tobytes()
