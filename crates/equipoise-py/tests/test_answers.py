"""What a learner of the caller's own gives in the place of probabilities is said in one sentence."""

import pytest

import equipoise

np = pytest.importorskip("numpy")
pd = pytest.importorskip("pandas")
pytest.importorskip("sklearn")


class Object:
    def __init__(self, classes=None, n=3):
        self.n = n
        if classes:
            self.classes_ = classes

    def predict_proba(self, texts):
        return np.full((len(texts), self.n), 1 / self.n)


class OnlyPredict:
    def predict(self, texts):
        return ["joy"] * len(texts)


def judged(rows, gives):
    train, test = rows

    def fit_mine(texts, labels, weights):
        return gives

    return equipoise.evaluate(train, test=test, learner=fit_mine, resamples=100, fits="few", progress=False)


@pytest.mark.parametrize(
    "gives, found",
    [
        (lambda texts: np.full((len(texts), 2), 0.5), r"shape \(165, 2\); expected .*\(165, 3\)"),
        (lambda texts: np.full((len(texts), 4), 0.25), r"shape \(165, 4\); expected .*\(165, 3\)"),
        (lambda texts: np.full(len(texts), 0.5), r"shape \(165,\); expected .*\(165, 3\)"),
        (lambda texts: np.full((len(texts) - 1, 3), 1 / 3), r"shape \(164, 3\); expected .*\(165, 3\)"),
        (lambda texts: [], r"shape \(0,\); expected"),
        (lambda texts: [[0.5], [0.5, 0.5]], "2 rows of different lengths"),
        (lambda texts: None, "nothing"),
        (lambda texts: ["joy"] * len(texts), "165 texts"),
        (lambda texts: [["a", "b", "c"]] * len(texts), "the text 'a' for a probability"),
        (None, r"nothing \(`None`\); expected a function"),
        (OnlyPredict(), "OnlyPredict without `predict_proba`"),
        (Object(["joy", "anger", "sorrow"]), "the class `sorrow`.*`anger`, `joy`, `surprise`"),
        (Object(["joy", "anger"]), r"shape \(165, 3\); expected .*\(165, 2\)"),
    ],
)
def test_what_is_no_row_of_probabilities_for_each_text_is_refused(rows, gives, found):
    with pytest.raises(equipoise.UsageError, match=found) as caught:
        judged(rows, gives)
    assert "fit_mine`" in str(caught.value) and caught.value.hint


def test_frames_lists_and_fewer_classes_are_taken(rows):
    wanted = judged(rows, Object()).to_dict()["verdict"]
    assert judged(rows, lambda texts: pd.DataFrame([[1 / 3] * 3] * len(texts))).to_dict()["verdict"] == wanted
    assert judged(rows, lambda texts: [[1 / 3] * 3] * len(texts)).to_dict()["verdict"] == wanted
    assert judged(rows, Object(["surprise", "joy"], 2)).verdict


def test_what_cannot_be_fitted_at_all_is_refused_before(rows):
    from sklearn.linear_model import LogisticRegression

    class NoSettings:
        def fit(self, X, y): ...

        def predict(self, X): ...

    train, test = rows
    for learner, found in ((LogisticRegression, "the class LogisticRegression"), (NoSettings(), "has no get_params")):
        with pytest.raises(equipoise.UsageError, match=found):
            equipoise.evaluate(train, test=test, learner=learner)
