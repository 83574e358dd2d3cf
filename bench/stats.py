"""Computes metrics and tests anew with scikit-learn, scipy and statsmodels and prints the largest difference of each as JSON.

    python stats.py CASES.jsonl

A case holds its rows and the values to compare, as `parity_stats` prints them. `calibration_error` has no counterpart in
these libraries and is computed from its definition.
"""

import json
import sys
import warnings

import numpy as np
from scipy import stats
from sklearn import metrics as sk
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

warnings.filterwarnings("ignore")


def calibration(confidence, right, bins=15):
    at = np.clip(np.ceil(confidence * bins), 1, bins) - 1
    gaps = [abs(np.sum(confidence[at == b] - right[at == b])) for b in range(bins)]
    return sum(gaps) / len(confidence)


def reference(case):
    truth, predicted = np.array(case["truth"]), np.array(case["predicted"])
    n = case["n_labels"]
    labels = list(range(n))
    p = np.array(case["probabilities"]).reshape(-1, n)
    one = [(truth == label).astype(int) for label in labels]
    precision, recall, f1, _ = sk.precision_recall_fscore_support(truth, predicted, labels=labels, zero_division=np.nan)
    best = p.argmax(axis=1)
    same = len(set(predicted)) == 1
    return {
        "macro_f1": [sk.f1_score(truth, predicted, labels=labels, average="macro", zero_division=0)],
        "accuracy": [sk.accuracy_score(truth, predicted)],
        "f1": f1,
        "precision": precision,
        "recall": recall,
        "balanced_accuracy": [sk.balanced_accuracy_score(truth, predicted)],
        "matthews": [None if same else sk.matthews_corrcoef(truth, predicted)],
        "average_precision": [sk.average_precision_score(one[label], p[:, label]) for label in labels],
        "brier": [sk.brier_score_loss(truth, p, labels=labels, scale_by_half=False)],
        "log_loss": [sk.log_loss(truth, p, labels=labels)],
        "calibration_error": [calibration(p.max(axis=1), (best == truth).astype(float))],
    }


def tests(case):
    d, share = np.array(case["differences"]), case["test_share"]
    error = np.sqrt(d.var(ddof=1) * (1 / len(d) + share))
    t = stats.t(df=len(d) - 1)
    half = t.ppf(0.975) * error
    k, n = case["trials"]
    a, b = case["only"]
    few = case["fewest"]
    spread = np.sqrt(d.var(ddof=1) * few / (few - 1) + 0.5 / few**2)
    z = stats.norm.ppf(0.975) * spread
    return {
        "corrected_t": [d.mean(), d.mean() - half, d.mean() + half, 2 * t.sf(abs(d.mean() / error))],
        "holm": multipletests(case["p_values"], method="holm")[1],
        "mcnemar": [mcnemar([[0, a], [b, 0]], exact=True).pvalue],
        "wilson": proportion_confint(k, n, method="wilson"),
        "measured": [d[0] - z, d[0] + z, 2 * stats.norm.sf(abs(d[0]) / spread)],
    }


def gap(ours, theirs):
    theirs = None if theirs is None or np.isnan(theirs) else float(theirs)
    if ours is None or theirs is None:
        return 0.0 if ours is theirs else 1e9
    return abs(ours - theirs)


def main():
    worst = {}
    with open(sys.argv[1], encoding="utf-8") as file:
        for line in file:
            case = json.loads(line)
            for name, theirs in reference(case).items():
                gaps = [gap(o, t) for o, t in zip(case["metrics"][name], theirs, strict=True)]
                worst[name] = max(worst.get(name, 0.0), *gaps)
            for name, values in tests(case).items():
                ours = np.atleast_1d(np.array(case[name], dtype=float))
                gaps = [gap(o, t) for o, t in zip(ours.tolist(), values, strict=True)]
                worst[name] = max(worst.get(name, 0.0), *gaps)
    print(json.dumps(worst))


if __name__ == "__main__":
    main()
