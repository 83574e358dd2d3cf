"""A learner of your own: an estimator over raw texts, or a function, as the native half takes it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from ._labels import Kind, typed

Rows: TypeAlias = "tuple[list[str], list[int], list[float]]"
Fit: TypeAlias = "Callable[[list[str], Rows, list[str]], bytes]"
Own: TypeAlias = "tuple[str, Fit]"

_WANTS_NUMBERS = ("could not convert string to float", "Expected 2D array")
"""What scikit-learn says where an estimator of numbers is given texts."""


def judge(learner: Any, options: Mapping[str, Any], kind: Callable[[], Kind], kept: bool) -> tuple[Own | None, dict[str, Any]]:
    """A learner of the caller's own, and the options with the names of learners among them. Its fits are `kept` where there is a folder."""
    if not is_own(learner):
        return None, {**options, "learner": learner}
    if options.get("learner_command"):
        from ._errors import UsageError

        raise UsageError("`learner` and `learner_command` would both fit the models of the verdict", "give one of them")
    mine, untold = own(learner, kind())
    if untold and kept:
        warnings.warn(
            f"the learner `{mine[0]}` holds a {untold}, whose content cannot be told, so its fits are not found again: another call, or "
            "`resume`, fits its models anew",
            stacklevel=3,
        )
    return mine, {**options, "learner": None}


def is_own(learner: Any) -> bool:
    """Whether it is no name of a learner, and no list of such names."""
    names = isinstance(learner, (list, tuple)) and all(isinstance(name, str) for name in learner)
    return learner is not None and not isinstance(learner, str) and not names


def own(learner: Any, kind: Kind) -> tuple[Own, str | None]:
    """What the native half takes of a learner of the caller's own: what it is, and its fit, which is given the labels, the training
    rows (texts, positions of labels, weights) and the texts to predict. Beside it the type that keeps it from being told from others."""
    # What it needs of the standard library takes a while to load, and few calls need it.
    from ._identity import identity

    fit = _way(learner)
    # A model of numbers for labels is another than one of their names.
    name, untold = identity(learner, "" if kind == "text" else kind)
    return (name, lambda labels, train, asked: fit(learner, typed(labels, kind), train, asked)), untold


def _way(learner: Any) -> Callable[[Any, list[Any], Rows, list[str]], bytes]:
    is_class = isinstance(learner, type)
    if not is_class and all(hasattr(learner, name) for name in ("fit", "predict", "get_params")):
        return _of_estimator
    if callable(learner) and not (is_class and hasattr(learner, "fit")):
        return _of_function
    from ._errors import UsageError

    if is_class:
        raise UsageError(f"the class {learner.__name__} is no learner", f"give one of its kind: learner={learner.__name__}(…)")
    if hasattr(learner, "fit") and hasattr(learner, "predict"):
        raise UsageError(
            f"a {type(learner).__name__} has no get_params and cannot be cloned for each fit",
            "derive it from sklearn.base.BaseEstimator, or give a function fit(texts, labels, weights) that gives predict_proba",
        )
    raise UsageError(
        f"a {type(learner).__name__} is no learner",
        "give a scikit-learn estimator over raw texts, or a function fit(texts, labels, weights) that gives predict_proba",
    )


def _of_function(function: Callable[..., Any], labels: list[Any], train: Rows, asked: list[str]) -> bytes:
    from ._answers import Answers

    texts, codes, weights = train
    answers = Answers(_called(function), labels, len(asked))
    found = function(texts, [labels[code] for code in codes], weights)
    predict = getattr(found, "predict_proba", found)
    if not callable(predict):
        told = "nothing (`None`)" if found is None else f"a {type(found).__name__} without `predict_proba`"
        answers.refuse(told, "a function of texts, or an object with `predict_proba`", "return predict_proba from fit(texts, labels, weights)")
    return answers.packed(predict(asked), _classes(found, sorted(labels)))


def _of_estimator(estimator: Any, labels: list[Any], train: Rows, asked: list[str]) -> bytes:
    import numpy as np
    from sklearn.base import clone

    from ._answers import Answers

    texts, codes, weights = train
    answers = Answers(_called(estimator), labels, len(asked))
    seen = sorted(set(codes))
    if len(seen) == 1:
        # Most estimators refuse to fit one class; there is nothing to choose.
        return answers.packed(np.ones((len(asked), 1)), [labels[seen[0]]])
    fitted = clone(estimator)
    keyword = _weight_keyword(fitted)
    if keyword is None:
        texts, codes = _repeated(texts, codes, weights)
    named = {} if keyword is None else {keyword: np.array(weights)}
    try:
        fitted.fit(texts, np.array([labels[code] for code in codes]), **named)
    except ValueError as failed:
        if any(told in str(failed) for told in _WANTS_NUMBERS):
            failed.add_note(f"`learner` is given raw texts: give make_pipeline(TfidfVectorizer(), {_called(estimator)}(…)), or another step that makes numbers of them")
        raise
    known = sorted(labels[code] for code in seen)
    return answers.packed(_probabilities(fitted, asked, known), _classes(fitted, known))


def _called(learner: Any) -> str:
    return getattr(learner, "__qualname__", None) or type(learner).__qualname__


def _classes(fitted: Any, otherwise: list[Any]) -> list[Any]:
    """The classes in the order of the columns."""
    found = getattr(fitted, "classes_", None)
    return otherwise if found is None else list(found.tolist() if hasattr(found, "tolist") else found)


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


def _probabilities(fitted: Any, texts: list[str], seen: list[Any]) -> Any:
    import numpy as np

    if hasattr(fitted, "predict_proba"):
        return fitted.predict_proba(texts)
    if hasattr(fitted, "decision_function"):
        scores = np.asarray(fitted.decision_function(texts), dtype=float)
        scores = np.column_stack([-scores, scores]) if scores.ndim == 1 else scores
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        return scores / scores.sum(axis=1, keepdims=True)
    return np.asarray(fitted.predict(texts))[:, None] == np.asarray(_classes(fitted, seen))[None, :]
