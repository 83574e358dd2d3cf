"""The default learner as a scikit-learn pipeline gives the default learner's verdict, and the way there costs little beside the fits.

Needs the data sets of the folder that `EQUIPOISE_SHARED` names.
"""

import csv
import json
import os
import time
from pathlib import Path

import pytest

import equipoise

pytest.importorskip("sklearn")

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

DATA = Path(os.environ.get("EQUIPOISE_SHARED", Path(__file__).parents[4] / "shared")) / "data"

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not DATA.exists(), reason=f"{DATA} is not here; EQUIPOISE_SHARED names it")]


def sentiment():
    with (DATA / "sentiment/train.csv").open(newline="", encoding="utf-8") as file:
        rows = [(row["text"], row["label"]) for row in csv.DictReader(file)]
    return tuple(zip(*rows)), DATA / "sentiment/test.csv", made("sentiment/gpt-4.cassette.jsonl")


def emotion():
    with (DATA / "emotion/train.txt").open(encoding="utf-8") as file:
        rows = [line.rstrip("\n").rsplit(";", 1) for line in file if ";" in line]
    return tuple(zip(*rows)), DATA / "emotion/test.txt", made("emotion/surprise-same-topic.cassette.jsonl")


def made(name):
    with (DATA / name).open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [row["answers"][0] for row in rows], [row["label"] for row in rows]


ADAPTING = ("synthetic_adapted", "synthetic_mixture", "auto")


class Timed(Pipeline):
    """A pipeline that adds up what its fits and predictions take, in CPU seconds."""

    spent = [0.0]

    def timed(self, work, *args, **params):
        start = time.process_time()
        try:
            return work(*args, **params)
        finally:
            self.spent[0] += time.process_time() - start

    def fit(self, *args, **params):
        return self.timed(super().fit, *args, **params)

    def predict_proba(self, X):
        return self.timed(super().predict_proba, X)


@pytest.mark.parametrize("data", [sentiment, emotion])
def test_a_pipeline_gives_the_verdict_of_the_learner_that_it_repeats(data):
    train, test, rows = data()
    learner = Timed([("words", TfidfVectorizer(sublinear_tf=True)), ("linear", LogisticRegression(C=10, max_iter=1000))])
    marks = []

    def hear(event):
        told = event["data"]
        if event["event"] == "advanced" and told["phase"] == "evaluate" and told["what"] == "own":
            marks.append((told["done"] / told["total"], time.process_time()))

    Timed.spent[0] = 0.0
    own = equipoise.evaluate(train, rows, test=test, learner=learner, progress=hear)
    first, last = marks[0][1], next(at for share, at in marks if share == 1)
    overhead = (last - first) / Timed.spent[0] - 1
    built_in = equipoise.evaluate(train, rows, test=test, fits="auto", progress=False)
    gap = {name: abs(arm["macro_f1"]["value"] - built_in.arms[name]["macro_f1"]["value"]) for name, arm in own.arms.items()}
    print(data.__name__, {name: round(100 * points, 2) for name, points in gap.items()}, f"overhead {overhead:.1%}")
    print(own.verdict["headline"], "|", built_in.verdict["headline"])
    # The built-in learner can go on from a model that it has fitted; an estimator over texts begins anew.
    same = {name: points for name, points in gap.items() if not name.startswith(ADAPTING)}
    assert len(same) >= 5 and max(same.values()) < 0.003, gap
    assert own.verdict["use_synthetic"] == built_in.verdict["use_synthetic"]
    assert overhead < 0.1
