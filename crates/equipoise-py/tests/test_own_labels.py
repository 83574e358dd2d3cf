"""A learner of the caller's own sees the labels as the rows have them."""

import functools

import pytest

import equipoise
from equipoise._labels import kind_of

pytest.importorskip("sklearn")
np = pytest.importorskip("numpy")
pd = pytest.importorskip("pandas")

from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

NUMBERS = {"anger": 10, "joy": 0, "surprise": 2}
QUICK = {"resamples": 100, "fits": "few", "progress": False}


def weighted(weights):
    return make_pipeline(TfidfVectorizer(), LogisticRegression(class_weight=weights, max_iter=500))


def frames(rows, label):
    return [pd.DataFrame({"text": texts, "label": [label[name] for name in labels]}) for texts, labels in rows]


def recall(evaluation, label):
    return evaluation.arms["none"]["labels"][label]["recall"]["value"]


def test_settings_that_name_labels_are_about_these_labels(rows):
    train, test = rows
    heavy = weighted({"joy": 1, "anger": 1, "surprise": 1e6})
    assert recall(equipoise.evaluate(train, test=test, learner=heavy, **QUICK), "surprise") == 1
    constant = DummyClassifier(strategy="constant", constant="anger")
    assert recall(equipoise.evaluate(train, test=test, learner=constant, **QUICK), "anger") == 1


def test_whole_numbers_are_whole_numbers_in_their_own_order(rows):
    train, test = frames(rows, NUMBERS)
    heavy = weighted({0: 1, 2: 1e6, 10: 1})
    evaluation = equipoise.evaluate(train, test=test, learner=heavy, **QUICK)
    heavy.fit(train["text"], train["label"])
    found = heavy.predict(test["text"])
    for label in (0, 2, 10):
        assert recall(evaluation, str(label)) == pytest.approx((found[test["label"] == label] == label).mean())
    # A function gives its columns in the order of the sorted labels: 0, 2, 10 and not "0", "10", "2".
    alone = lambda texts, labels, weights: lambda asked: [[0.0, 1.0, 0.0] for _ in asked]
    assert recall(equipoise.evaluate(train, test=test, learner=alone, **QUICK), "2") == 1


def test_booleans_are_booleans(rows):
    train, test = frames(rows, {"anger": True, "joy": False, "surprise": False})
    heavy = weighted({False: 1, True: 1e6})
    assert recall(equipoise.evaluate(train, test=test, learner=heavy, **QUICK), "true") == 1
    lists = [(frame["text"].tolist(), frame["label"].tolist()) for frame in (train, test)]
    assert recall(equipoise.evaluate(lists[0], test=lists[1], learner=heavy, **QUICK), "true") == 1


def test_a_resumed_run_sees_them_as_the_run_did(rows, tmp_path):
    seen, stop = tmp_path / "seen", tmp_path / "stop"
    stop.touch()

    def fit(texts, labels, weights):
        with open(seen, "a") as file:
            file.write(f"{sorted(set(labels))}\n")
        if stop.exists():
            raise InterruptedError
        return weighted(None).fit(texts, labels)

    lists = [(texts, [NUMBERS[name] for name in labels]) for texts, labels in rows]
    with pytest.raises(InterruptedError):
        equipoise.run(lists[0], test=lists[1], label_to={2: 30}, learner=fit, out=tmp_path / "run", **QUICK)
    stop.unlink()
    assert equipoise.resume(tmp_path / "run", learner=fit).verdict["reason"]
    assert set(seen.read_text().splitlines()) == {"[0, 2, 10]"}


@pytest.mark.parametrize("cells, kind", [([1, 0], "int"), ([True, False], "bool"), (["a", "b"], "text"), ([1, "a"], "text"), ([1.0, 0.0], "text")])
def test_every_container_says_of_what_kind_its_labels_are(cells, kind):
    texts, named = ["a b", "c d"], lambda name: {"words": ["a b", "c d"], name: cells}
    assert kind_of((texts, cells), None) == kind
    assert kind_of((texts, np.array(cells, dtype=object)), None) == kind_of((texts, pd.Series(cells, dtype=object)), None) == kind
    assert kind_of(named("label"), None) == kind_of(pd.DataFrame(named("label")), None) == kind
    assert kind_of(pd.DataFrame(named("stars")), "stars") == kind_of(pd.DataFrame(named("stars")), None) == kind
    assert kind_of([{"words": text, "label": cell} for text, cell in zip(texts, cells)], None) == kind
    assert kind_of(pd.DataFrame({**named("label"), "features": cells, "types": cells}), None) == kind
    assert kind_of("rows.csv", None) == "text"
    if len({type(cell) for cell in cells}) == 1:
        pa, pl = pytest.importorskip("pyarrow"), pytest.importorskip("polars")
        table = pa.table(named("label"))
        assert kind_of(table, None) == kind_of(pl.DataFrame(named("label")), None) == kind_of(table.to_reader(), None) == kind
        assert kind_of(pd.DataFrame(named("label")).astype({"label": "category"}), None) == kind


def test_kept_fits_that_cannot_be_found_again_are_said_once(rows, tmp_path):
    import threading

    train, test = rows
    learner = functools.partial(lambda texts, labels, weights, lock: weighted(None).fit(texts, labels), lock=threading.Lock())
    with pytest.warns(UserWarning, match="lock.*cannot be told"):
        equipoise.evaluate(train, test=test, learner=learner, out=tmp_path / "out", **QUICK)
