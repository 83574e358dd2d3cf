"""A classifier that is trained in the way that helped."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_consistent_length, check_is_fitted

from .. import _equipoise as native
from .._errors import UsageError
from .._jobs import evaluate
from .._labels import name_of
from .._run import Run
from ._texts import strings


class EquipoiseClassifier(ClassifierMixin, BaseEstimator):
    """Compares ways of training on rows that their models did not see, and is the model of the one that cross-validation chose.

    Parameters
    ----------
    synthetic : rows, Run or list of these, default=None
        Synthetic rows that may be trained with; without them class weights, moved thresholds,
        duplication and the like are compared. Of a run only the rows whose sources are all among the rows of this fit are taken, so that
        cross-validation is honest; rows of which it is not known what they were made from are taken as they are.
    learner : str, default="linear"
        A built-in learner.
    goal : str, default="f1"
        What the choice tries to raise: `f1` (every label counts the same), `accuracy` or `recall:LABEL`
        (of booleans `recall:true`).
    held_out_share : float or None, default=None
        Share of each label's rows that is held out to judge on, and not trained with. By default every row is judged in turn by
        models that did not see it, and the model is fitted on all rows.
    random_state : int, RandomState or None, default=None
        Seed of everything random.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The classes.
    evaluation_ : Evaluation
        Every way of training on rows that it did not see, with intervals and a verdict.
    model_ : Model
        The fitted model; its probabilities are calibrated.
    """

    def __init__(
        self,
        *,
        synthetic: Any = None,
        learner: str = "linear",
        goal: str = "f1",
        held_out_share: float | None = None,
        random_state: Any = None,
    ) -> None:
        self.synthetic = synthetic
        self.learner = learner
        self.goal = goal
        self.held_out_share = held_out_share
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> EquipoiseClassifier:
        """Compares, and keeps the model of the way that was chosen."""
        if not isinstance(self.learner, str):
            raise UsageError(
                f"`learner` takes the name of a built-in learner, and a {type(self.learner).__name__} is none",
                "equipoise.evaluate(…, learner=…) gives the verdict about a learner of your own; fit that learner itself then",
            )
        check_classification_targets(y)
        texts, labels = strings(X), np.asarray(y)
        check_consistent_length(texts, labels)
        self.classes_ = np.unique(labels)
        if len(self.classes_) < 2:
            raise ValueError("all rows are of 1 class; a classifier needs two to tell apart")
        _refuse_without_texts(texts, labels, self.classes_)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        names = [name_of(label) for label in labels]
        self.evaluation_ = evaluate(
            (texts, names),
            _of_these(self.synthetic, set(native.row_ids(texts, names))),
            learner=self.learner,
            goal=self.goal,
            held_out_share=self.held_out_share,
            seed=seed,
            progress=False,
        )
        model = self.evaluation_.model
        if model is None:
            raise ValueError(f"the learner `{self.learner}` gives no model that can be kept; name another")
        self.model_ = model
        return self

    def predict_proba(self, X: Any) -> Any:
        """Calibrated probabilities, in the order of `classes_`."""
        check_is_fitted(self)
        names = list(self.model_.classes_)
        return self.model_.predict_proba(strings(X))[:, [names.index(name_of(label)) for label in self.classes_]]

    def predict(self, X: Any) -> Any:
        """The label of each text: the most probable one, with the thresholds of the way of training that was chosen."""
        check_is_fitted(self)
        places = {name_of(label): at for at, label in enumerate(self.classes_)}
        return self.classes_[[places[name] for name in self.model_.predict(strings(X))]]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        return tags


def _refuse_without_texts(texts: list[str], labels: Any, classes: Any) -> None:
    """Rows without a text are left out, and a class of nothing else could never be told."""
    left = {label for text, label in zip(texts, labels.tolist()) if text.strip()}
    for label in classes.tolist():
        if label not in left:
            raise ValueError(f"all texts of the class {label!r} are empty; leave the class out, or give it texts")


def _of_these(synthetic: Any, ids: set[str]) -> Any:
    """Of a run the rows that were made from rows with these ids alone; anything else as it is."""
    if isinstance(synthetic, list) and any(isinstance(one, Run) for one in synthetic):
        found = [_of_these(one, ids) for one in synthetic]
        return [one for one in found if one is not None] or None
    if not isinstance(synthetic, Run):
        return synthetic
    table = synthetic.synthetic
    columns = [(name, table.column(name)) for name in ("text", "label", "source_id")]
    kept = [at for at, sources in enumerate(columns[2][1]) if sources and ids.issuperset(sources.split())]
    if not kept:
        warnings.warn("no row of the run was made from rows of this fit alone, so the real rows alone are compared", stacklevel=3)
        return None
    return native.Table.from_columns([(name, [cells[at] for at in kept]) for name, cells in columns])
