"""Fits the counterparts of the linear learners in scikit-learn and prints what came out as JSON.

    python learners.py TRAIN TEST

Files are `text;label` lines, or CSV with the columns `text` and `label`. The objective is that of Equipoise, computed here from the
fitted weights in float64: C * sum(loss) + |W|^2 / 2. With two labels LogisticRegression fits one weight vector; its objective at C equals
that of two vectors at C / 2. LinearSVC penalises the intercept as one more weight and is summed over labels; with two labels it
fits one of two mirrored vectors.
"""

import csv
import json
import os
import sys
import time
import warnings

# BLAS threads spin on these small products: with them lbfgs took several times as long on a busy machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from scipy.special import logsumexp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.naive_bayes import ComplementNB
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        if path.endswith(".csv"):
            pairs = [(row["text"], row["label"]) for row in csv.DictReader(file)]
        else:
            pairs = [line.rstrip("\r\n").rsplit(";", 1) for line in file if ";" in line]
    return [p[0] for p in pairs], [p[1] for p in pairs]


def words():
    return TfidfVectorizer(sublinear_tf=True)


def words_and_grams():
    grams = TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(3, 4), min_df=2)
    return FeatureUnion([("words", words()), ("grams", grams)])


def logistic_objective(model, features, labels):
    scores = features @ model.coef_.T + model.intercept_
    weights = model.coef_
    if len(model.classes_) == 2:
        scores = np.hstack([-scores / 2, scores / 2])
        weights = np.vstack([-weights / 2, weights / 2])
    own = scores[np.arange(len(labels)), np.searchsorted(model.classes_, labels)]
    cost = model.C / 2 if len(model.classes_) == 2 else model.C
    return cost * (logsumexp(scores, axis=1) - own).sum() + (weights**2).sum() / 2


def hinge_objective(model, features, labels):
    scores = features @ model.coef_.T + model.intercept_
    y = np.where(np.asarray(labels)[:, None] == model.classes_[None, :], 1.0, -1.0)
    mirrored = 1.0
    if len(model.classes_) == 2:
        y, mirrored = y[:, 1:], 2.0
    loss = np.maximum(0.0, 1.0 - y * scores) ** 2
    return mirrored * (model.C * loss.sum() + ((model.coef_**2).sum() + (model.intercept_**2).sum()) / 2)


LEARNERS = {
    "linear": (words, lambda: LogisticRegression(C=10, solver="newton-cg", tol=1e-6, max_iter=1000), logistic_objective),
    "linear_char": (
        words_and_grams,
        lambda: LogisticRegression(C=10, solver="newton-cg", tol=1e-6, max_iter=1000),
        logistic_objective,
    ),
    "linear_svm": (words, lambda: LinearSVC(C=1, tol=1e-6, max_iter=100_000), hinge_objective),
    "naive_bayes": (words, lambda: ComplementNB(alpha=1.0), None),
}


def main():
    train, test = rows(sys.argv[1]), rows(sys.argv[2])
    labels = np.array(train[1])
    supported = sorted(set(test[1]))
    result = {}
    for name, (vectoriser, make, objective) in LEARNERS.items():
        fitted = vectoriser()
        features, model = fitted.fit_transform(train[0]).tocsr(), make()
        start = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(features, labels)
        seconds = time.perf_counter() - start
        predicted = model.predict(fitted.transform(test[0]))
        result[name] = {
            "n_features": features.shape[1],
            "fit_seconds": seconds,
            "objective": float(objective(model, features, labels)) if objective else None,
            "macro_f1": float(f1_score(test[1], predicted, labels=supported, average="macro", zero_division=0)),
            "accuracy": float(accuracy_score(test[1], predicted)),
        }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
