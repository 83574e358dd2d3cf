"""The classifier and the embeddings for scikit-learn."""

import pickle

import numpy as np
import pytest

import equipoise

pytest.importorskip("imblearn")

from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks
from sklearn.utils.validation import check_is_fitted, validate_data

from equipoise import _equipoise as native
from equipoise.sklearn import EquipoiseClassifier, PrecomputedEmbeddings
from equipoise.sklearn._classifier import _of_these


def test_a_classifier_is_the_model_of_the_way_that_was_chosen(rows):
    (texts, labels), (held, truth) = rows
    numbers = {"anger": 3, "joy": 1, "surprise": 2}
    y, wanted = [numbers[label] for label in labels], [numbers[label] for label in truth]
    classifier = clone(EquipoiseClassifier(held_out_share=0.25, random_state=0)).fit(np.array(texts, dtype=object), y)
    assert classifier.classes_.tolist() == [1, 2, 3] and classifier.score(held, wanted) > 0.8
    p = classifier.predict_proba(held)
    assert p.shape == (len(held), 3) and np.allclose(p.sum(axis=1), 1)
    assert classifier.evaluation_.verdict["arm"] in classifier.evaluation_.arms
    assert (pickle.loads(pickle.dumps(classifier)).predict_proba(held) == p).all()
    with pytest.raises(NotFittedError):
        EquipoiseClassifier().predict(held)
    with pytest.raises(ValueError, match="takes texts"):
        EquipoiseClassifier().fit([[1.0], [2.0]], [0, 1])


def test_what_is_wrong_is_refused_before_the_fits(rows, monkeypatch):
    from sklearn.dummy import DummyClassifier

    from equipoise.sklearn import _classifier

    def never(*_, **__):
        raise AssertionError("it was fitted")

    monkeypatch.setattr(_classifier, "evaluate", never)
    (texts, labels), _ = rows
    with pytest.raises(equipoise.UsageError, match="a DummyClassifier is none"):
        EquipoiseClassifier(learner=DummyClassifier()).fit(texts, labels)
    with pytest.raises(ValueError, match="NoneType at position 1"):
        EquipoiseClassifier().fit([texts[0], None, *texts[2:]], labels)
    with pytest.raises(ValueError, match="class 'empty' are empty"):
        EquipoiseClassifier().fit([*texts, "", " "], [*labels, "empty", "empty"])


def test_it_is_asked_about_texts_alone_trains_with_a_run_and_knows_booleans(rows, tmp_path):
    (texts, labels), (held, _) = rows
    y = [label == "surprise" for label in labels]
    run = equipoise.run((texts, y), label_to={True: 30}, evaluate=False, out=tmp_path / "run")
    classifier = EquipoiseClassifier(synthetic=run, held_out_share=0.25, random_state=0).fit(texts, y)
    assert set(classifier.predict(held).tolist()) == {False, True} and "synthetic_weighted" in classifier.evaluation_.arms
    for wrong in ("a single text", [None], [3]):
        with pytest.raises(ValueError):
            classifier.predict(wrong)
        with pytest.raises(ValueError):
            classifier.predict_proba(wrong)


def test_a_classifier_is_cross_validated(rows):
    (texts, labels), _ = rows
    assert cross_val_score(EquipoiseClassifier(held_out_share=0.25, random_state=0), texts, labels, cv=2).mean() > 0.6


def test_embeddings_that_were_computed_before_judge(rows):
    (texts, labels), (held, truth) = rows
    encoded = []

    def encode(asked):
        encoded.extend(asked)
        return np.array([[float("w" in t.split()[0]), len(t), t.count("e"), hash_of(t)] for t in asked])

    def hash_of(text):
        return sum(map(ord, text)) % 17

    known = PrecomputedEmbeddings(texts, encode(texts), encode)
    evaluation = equipoise.evaluate((texts, labels), test=(held, truth), learner=make_pipeline(known, LogisticRegression()), resamples=100)
    assert evaluation.arms["none"]["learner"] == "own"
    assert set(encoded[: len(texts)]) == set(texts) and not set(encoded[len(texts) :]) & set(texts)
    with pytest.raises(ValueError, match="have no vector"):
        PrecomputedEmbeddings(["a"], [[1.0]]).fit(None).transform(["b"])



def test_of_a_run_only_rows_made_from_the_rows_of_the_fit_are_trained_with(rows, tmp_path):
    (texts, labels), _ = rows
    run = equipoise.run((texts, labels), label_to={"surprise": 40}, evaluate=False, out=tmp_path / "run")
    every = set(native.row_ids(texts, labels))
    ids = every - {run.synthetic.column("source_id")[0].split()[0]}
    taken, whole = _of_these(run, ids), _of_these(run, every)
    assert 0 < len(taken) < len(whole) == len(run.synthetic)
    assert all(ids.issuperset(sources.split()) for sources in taken.column("source_id"))
    theirs = (["wow an odd letter"], ["surprise"])
    assert _of_these(theirs, ids) is theirs and _of_these([run, theirs], ids)[1] is theirs
    with pytest.warns(UserWarning, match="no row of the run"):
        assert _of_these(run, set()) is None

class Worded(EquipoiseClassifier):
    """Takes the checks' numbers and makes texts of them, so that everything but the kind of X is under scikit-learn's own checks."""

    def fit(self, X, y):
        X, y = validate_data(self, X, y)
        return super().fit(words_of(X), y)

    def predict_proba(self, X):
        check_is_fitted(self)
        return super().predict_proba(words_of(validate_data(self, X, reset=False)))

    def predict(self, X):
        check_is_fitted(self)
        return super().predict(words_of(validate_data(self, X, reset=False)))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.one_d_array, tags.input_tags.two_d_array, tags.input_tags.string = False, True, False
        return tags


def words_of(X):
    """A word for each number and its place, on a coarse and on a fine scale."""
    words = lambda row: " ".join(f"c{j}n{int(np.clip(v, -1e6, 1e6))} f{j}n{int(np.clip(v * 4, -1e6, 1e6))}" for j, v in enumerate(row))
    return [words(row) for row in X]


@pytest.mark.slow
@parametrize_with_checks([Worded(held_out_share=0.25, random_state=0)])
def test_as_scikit_learn_wants_it_with_words_for_numbers(estimator, check):
    check(estimator)
