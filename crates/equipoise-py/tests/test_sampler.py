"""The sampler among those of imbalanced-learn."""

import warnings

import numpy as np
import pytest
from imblearn.pipeline import make_pipeline
from imblearn.utils.estimator_checks import parametrize_with_checks
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score

import equipoise
from equipoise.sklearn import TextOverSampler

NUMBERS = "the check hands over numbers; this sampler takes raw texts and refuses anything else with a ValueError"
EXPECTED = {
    name: NUMBERS
    for name in (
        "check_samplers_fit", "check_samplers_fit_resample", "check_samplers_sampling_strategy_fit_resample", "check_samplers_list",
        "check_samplers_multiclass_ova", "check_samplers_preserve_dtype", "check_samplers_sample_indices", "check_samplers_2d_target",
    )
}


@parametrize_with_checks([TextOverSampler()], expected_failed_checks=lambda estimator: EXPECTED)
def test_as_imblearn_wants_it(estimator, check):
    check(estimator)


class Worded(TextOverSampler):
    """Takes the checks' numbers and makes texts of them, so that everything but the kind of X is under imblearn's own checks."""

    def fit_resample(self, X, y, **params):
        numbers = np.asarray(X)
        texts = [" ".join(f"t{j} v{int(v * 5) if v == v and abs(v) < 1e6 else 0}" for j, v in enumerate(np.atleast_1d(row))) + f" n{i % 17} m{i % 5}" for i, row in enumerate(numbers)]
        return super().fit_resample(texts, y, **params)


OTHER_NUMBERS = {
    "check_samplers_list": "compares X as numbers",
    "check_samplers_multiclass_ova": "compares X as numbers",
    "check_samplers_preserve_dtype": "numbers become texts",
    "check_samplers_string": "numbers are asked for",
}


@pytest.mark.slow
@parametrize_with_checks([Worded()], expected_failed_checks=lambda estimator: OTHER_NUMBERS)
def test_as_imblearn_wants_it_with_texts_for_numbers(estimator, check):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check(estimator)


def test_containers_come_back_as_they_went_in(rows):
    import pandas as pd
    import polars as pl

    (texts, labels), _ = rows
    sampler = TextOverSampler(sampling_strategy={"surprise": 40}, random_state=0)
    X, y = sampler.fit_resample(texts, labels)
    assert isinstance(X, list) and isinstance(y, list) and X[: len(texts)] == texts and y.count("surprise") == 40
    assert sampler.synthetic_.sum() == 20 and (sampler.sample_indices_[: len(texts)] == np.arange(len(texts))).all()
    assert all(y[i] == labels[s] for i, s in enumerate(sampler.sample_indices_) if s >= 0)
    for X_in in (np.array(texts, dtype=object), np.array(texts).reshape(-1, 1), pd.Series(texts, name="t"), pd.DataFrame({"t": texts}), pl.Series("t", texts), pl.DataFrame({"t": texts})):
        X, y = clone(sampler).fit_resample(X_in, np.array(labels))
        assert type(X) is type(X_in) and len(X) == len(y) == len(texts) + 20
    with pytest.raises(ValueError, match="takes texts"):
        sampler.fit_resample([[1.0]] * len(texts), labels)


def test_in_a_pipeline_the_sampler_is_at_work_in_fit_alone(rows):
    (texts, labels), (test, truth) = rows
    pipe = make_pipeline(TextOverSampler(random_state=1), TfidfVectorizer(), LogisticRegression(max_iter=500))
    pipe.fit(texts, labels)
    assert len(pipe.predict(test)) == len(test)
    assert cross_val_score(pipe, texts, labels, scoring="f1_macro", cv=2).mean() > 0.5
    search = GridSearchCV(pipe, {"textoversampler__sampling_strategy": ["minority", "not majority", {"surprise": 30}]}, cv=2, scoring="f1_macro")
    search.fit(texts, labels)
    assert search.best_params_


def test_a_pool_gives_each_fold_only_rows_made_from_its_own_rows(rows, tmp_path):
    (texts, labels), _ = rows
    run = equipoise.run((texts, labels), label_to={"surprise": 60}, out=tmp_path / "run", evaluate=False)
    half = [i for i in range(len(texts)) if i % 2]
    sampler = TextOverSampler(pool=run, sampling_strategy="minority")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        X, y = sampler.fit_resample([texts[i] for i in half], [labels[i] for i in half])
    assert sampler.synthetic_.sum() > 0 and (sampler.sample_indices_ >= 0).all()
    assert sampler.synthetic_.sum() + sum(sampler.shortfall_.values()) == sum(sampler.sampling_strategy_.values())


def test_a_pool_of_other_rows_says_why_it_gives_none(rows, tmp_path):
    (texts, labels), _ = rows
    run = equipoise.run((texts, labels), label_to={"surprise": 40}, out=tmp_path / "run", evaluate=False)
    sampler = TextOverSampler(pool=run, sampling_strategy="minority")
    with pytest.warns(UserWarning, match="None of the [0-9]+ rows of the pool was made from rows of this fit"):
        sampler.fit_resample([text.upper() for text in texts], labels)
    with pytest.warns(UserWarning, match="its labels are: surprise"):
        sampler.fit_resample(texts, [label.upper() for label in labels])


def test_a_pool_over_booleans_is_recognised(rows, tmp_path):
    import pandas as pd

    (texts, labels), _ = rows
    y = [label == "surprise" for label in labels]
    run = equipoise.run(pd.DataFrame({"text": texts, "label": y}), label_to={True: 30}, out=tmp_path / "run", evaluate=False)
    assert len(run.synthetic) and len(TextOverSampler(pool=run, sampling_strategy={True: 25}).fit_resample(texts, y)[0]) == len(texts) + 5


def test_what_is_wrong_is_refused_before_anything_is_asked(rows, monkeypatch):
    from equipoise.sklearn import _sampler

    def never(*_, **__):
        raise AssertionError("it was asked")

    monkeypatch.setattr(_sampler, "run", never)
    (texts, labels), _ = rows
    for cell in (None, float("nan"), 3):
        with pytest.raises(ValueError, match="at position 2"):
            TextOverSampler().fit_resample([*texts[:2], cell, *texts[3:]], labels)
    with pytest.raises(ValueError, match="single str"):
        TextOverSampler().fit_resample("a text", labels)
    for options in ({"label_to": {"joy": 100}}, {"out": "here"}, {"progress": True}, {"model": "offline"}, {"yes": True}):
        with pytest.raises(equipoise.UsageError, match=f"cannot have `{next(iter(options))}`"):
            TextOverSampler(options=options).fit_resample(texts, labels)
