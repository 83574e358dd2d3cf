"""Your own learner as the judge."""

import pytest

import equipoise

pytest.importorskip("sklearn")

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

MADE = (["wow a sudden letter today", "stunned by the odd twist", "an unexpected reveal at home"] * 4, ["surprise"] * 12)


def linear():
    return make_pipeline(TfidfVectorizer(sublinear_tf=True), LogisticRegression(C=5, max_iter=500))


def test_a_pipeline_over_raw_texts_judges_with_the_same_arms_and_words(rows):
    train, test = rows
    events = []
    own = equipoise.evaluate(train, MADE, test=test, learner=linear(), resamples=100, progress=events.append)
    built_in = equipoise.evaluate(train, MADE, test=test, resamples=100)
    assert {arm["learner"] for arm in own.to_dict()["arms"]} == {"own"}
    assert set(own.arms) < set(built_in.arms) and {"none", "class_weight", "synthetic_weighted", "auto"} <= set(own.arms)
    assert own.verdict["reason"] and own.model is None
    assert any("models of the learner `Pipeline " in note for note in own.notes)
    f1 = lambda evaluation: evaluation.arms["none"]["macro_f1"]["value"]
    assert abs(f1(own) - f1(built_in)) < 0.1
    fits = [event["data"] for event in events if event["event"] == "advanced" and event["data"]["phase"] == "evaluate"]
    assert fits[0]["done"] == 0 and fits[0]["total"] == 14, "they are counted before they begin"
    told = [event["data"] for event in events if event["event"] == "note"]
    assert "14 models to fit for the learner `own`" in told


def test_every_way_of_training_that_reads_texts_can_be_asked_for(rows):
    train, test = rows
    own = equipoise.evaluate(train, MADE, test=test, learner=linear(), fits="all", resamples=100)
    built_in = equipoise.evaluate(train, MADE, test=test, resamples=100)
    assert set(built_in.arms) - set(own.arms) <= {name for name in built_in.arms if name.startswith("smote")}


def counted(path):
    """Notes a fit in a file: a list that a learner reads is a part of what it is."""
    with open(path, "a") as made:
        made.write("fit\n")


def n_made(path):
    return len(path.read_text().splitlines()) if path.exists() else 0


def test_fits_are_kept_and_made_once(rows, tmp_path):
    train, test = rows
    made = tmp_path / "made"

    class Counted(LogisticRegression):
        def fit(self, X, y, sample_weight=None):
            counted(made)
            return super().fit(X, y, sample_weight)

    def judged(**settings):
        learner = make_pipeline(TfidfVectorizer(), Counted(max_iter=500, **settings))
        return equipoise.evaluate(train, MADE, test=test, learner=learner, resamples=100, out=tmp_path / "out").to_dict()

    first = judged()
    assert n_made(made) == 14 and judged() == first and n_made(made) == 14, "everything was there"
    judged(C=0.5)
    assert n_made(made) == 28, "another learner gives other models"


def test_a_run_is_judged_by_it_resumed_with_it_and_replayed_without(rows, tmp_path):
    train, test = rows
    made, out_of_order, out = tmp_path / "made", tmp_path / "3", tmp_path / "run"
    out_of_order.touch()

    def fit(texts, labels, weights):
        if n_made(made) == 3 and out_of_order.exists():
            raise InterruptedError("the card is gone")
        counted(made)
        return linear().fit(texts, labels, logisticregression__sample_weight=weights)

    with pytest.raises(InterruptedError, match="the card is gone"):
        equipoise.run(train, test=test, label_to={"surprise": 40}, resamples=100, out=out, learner=fit)
    with pytest.raises(equipoise.UsageError, match="models to fit") as caught:
        equipoise.resume(out)
    assert "learner=LEARNER" in caught.value.hint
    with pytest.raises(equipoise.UsageError, match="judges this run, and not"):
        equipoise.resume(out, learner=linear())
    assert n_made(made) == 3 and equipoise.Run(out).evaluation is None
    out_of_order.unlink()
    run = equipoise.resume(out, learner=fit)
    assert n_made(made) == 14, "what was fitted is not fitted again"
    assert run.verdict["reason"] and {arm["learner"] for arm in run.evaluation.to_dict()["arms"]} == {"own"}
    assert "evaluation.json" in run.replay(check=True) and equipoise.resume(out).verdict == run.verdict
    assert n_made(made) == 14


@pytest.mark.parametrize("last", [KNeighborsClassifier(3), LinearSVC()])
def test_estimators_without_weights_or_probabilities_judge_too(rows, last):
    train, test = rows
    evaluation = equipoise.evaluate(train, test=test, learner=make_pipeline(TfidfVectorizer(), last), resamples=100)
    assert evaluation.arms["none"]["macro_f1"]["value"] > 0.5


def test_a_function_judges_and_is_given_names_and_weights(rows):
    train, test = rows
    seen = []

    def fit(texts, labels, weights):
        seen.append((len(texts), set(labels), set(weights)))
        return linear().fit(texts, labels, logisticregression__sample_weight=weights)

    evaluation = equipoise.evaluate(train, test=test, learner=fit, resamples=100)
    assert {"joy", "anger", "surprise"} in [labels for _, labels, _ in seen] and len({w for *_, w in map(lambda s: (s[0], len(s[2])), seen)}) > 1
    assert evaluation.arms["class_weight"]["learner"] == "own"


def test_what_a_learner_raises_comes_out_as_it_is(rows):
    train, test = rows

    def fit(texts, labels, weights):
        raise LookupError("no such model")

    with pytest.raises(LookupError, match="no such model"):
        equipoise.evaluate(train, test=test, learner=fit)
    with pytest.raises(ValueError, match="probabilities"):
        equipoise.evaluate(train, test=test, learner=lambda *_: lambda texts: [[0.0, 0.0, 0.0] for _ in texts])
    with pytest.raises(equipoise.UsageError, match="no learner"):
        equipoise.evaluate(train, test=test, learner=17)
    with pytest.raises(equipoise.UsageError, match="both fit"):
        equipoise.evaluate(train, test=test, learner=linear(), learner_command="python fit.py")


def test_an_estimator_of_numbers_is_told_to_be_given_a_step_before_it(rows):
    train, test = rows
    with pytest.raises(ValueError) as caught:
        equipoise.evaluate(train, test=test, learner=LogisticRegression(), fits="few")
    assert any("make_pipeline(TfidfVectorizer(), LogisticRegression(…))" in note for note in caught.value.__notes__)
