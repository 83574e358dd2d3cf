"""Fits scikit-learn's TF-IDF and logistic regression on `text;label` files and prints what came out as JSON.

    python baseline.py TRAIN TEST [REPEATS]

Three solvers stand beside the default learner: lbfgs as people run it, lbfgs run to the end, and newton-cg. The objective is
C * sum(loss) + |W|^2 / 2, computed here from the fitted weights in float64. With two labels scikit-learn fits one weight vector;
its objective at C equals ours at C / 2 on two vectors.
"""

import json
import sys
import time
import warnings

import numpy as np
from scipy.special import logsumexp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score

C = 10.0
SOLVERS = {
    "lbfgs": dict(solver="lbfgs", max_iter=1000),
    "lbfgs_exact": dict(solver="lbfgs", max_iter=10000, tol=1e-6),
    "newton_cg": dict(solver="newton-cg", max_iter=1000),
}


def rows(path):
    with open(path, encoding="utf-8") as file:
        pairs = [line.rstrip("\n").rsplit(";", 1) for line in file if ";" in line]
    return [p[0] for p in pairs], [p[1] for p in pairs]


def objective(model, features, labels):
    scores = features @ model.coef_.T + model.intercept_
    weights = model.coef_
    if len(model.classes_) == 2:
        scores = np.hstack([-scores / 2, scores / 2])
        weights = np.vstack([-weights / 2, weights / 2])
    own = scores[np.arange(len(labels)), np.searchsorted(model.classes_, labels)]
    cost = C / 2 if len(model.classes_) == 2 else C
    return cost * (logsumexp(scores, axis=1) - own).sum() + (weights**2).sum() / 2


def main():
    train, test = rows(sys.argv[1]), rows(sys.argv[2])
    repeats = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    start = time.perf_counter()
    vectoriser = TfidfVectorizer(sublinear_tf=True)
    features = vectoriser.fit_transform(train[0])
    result = {"vectorise_seconds": time.perf_counter() - start, "n_features": features.shape[1], "solvers": {}}
    asked = vectoriser.transform(test[0])
    labels = np.array(train[1])
    supported = sorted(set(test[1]))
    for name, settings in SOLVERS.items():
        seconds, cpu = [], []
        for _ in range(repeats):
            model = LogisticRegression(C=C, **settings)
            start, start_cpu = time.perf_counter(), time.process_time()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                model.fit(features, labels)
            seconds.append(time.perf_counter() - start)
            cpu.append(time.process_time() - start_cpu)
        predicted = model.predict(asked)
        result["solvers"][name] = {
            "fit_seconds": min(seconds),
            "fit_cpu_seconds": min(cpu),
            "objective": float(objective(model, features, labels)),
            "macro_f1": float(f1_score(test[1], predicted, labels=supported, average="macro", zero_division=0)),
            "accuracy": float(accuracy_score(test[1], predicted)),
        }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
