"""The jobs. Each takes rows and does what the command of its name does; its keywords are the command's options."""

from __future__ import annotations

import json
from contextlib import nullcontext
from os import PathLike
from typing import Any, Unpack

from . import _equipoise as native
from ._columns import Asked
from ._errors import UsageError
from ._folders import new_folder, path
from ._labels import kind_of
from ._learner import is_own, judge
from ._model import Model
from ._options import Options, Settings, documented, settings
from ._progress import Progress, listener
from ._results import Checked, Evaluation, Plan, Profile
from ._resumed import going_on, label_of, recognised
from ._rows import Rows, given, opened, several
from ._run import Run

Recipe = str | PathLike[str] | None


@documented
def profile(
    train: Rows,
    *,
    test: Rows | None = None,
    recipe: Recipe = None,
    progress: Progress = None,
    **options: Unpack[Options],
) -> Profile:
    """Label balance, lengths, duplicates, conflicting labels, and texts that also stand in `test`.

    >>> rows = (["good day", "bad day", "good film"], ["+", "-", "+"])
    >>> profile(rows).labels["+"]["n"]
    2
    """
    with listener(progress) as on_event:
        text = native.profile(given(train, test, None, Asked.of(options)), settings(options, recipe), on_event)
    return Profile(json.loads(text))


@documented
def plan(
    train: Rows,
    *,
    test: Rows | None = None,
    unlabelled: Rows | None = None,
    recipe: Recipe = None,
    progress: Progress = None,
    **options: Unpack[Options],
) -> Plan:
    """What a run would ask and cost. Sends nothing and needs no key."""
    with listener(progress) as on_event:
        rows = given(train, test, unlabelled, Asked.of(options))
        text, cost, is_free = native.plan(rows, settings(options, recipe), on_event)
    return Plan(json.loads(text), cost, is_free)


@documented
def run(
    train: Rows,
    *,
    test: Rows | None = None,
    unlabelled: Rows | None = None,
    out: str | PathLike[str] | None = None,
    yes: bool = False,
    force: bool = False,
    fork: bool = False,
    learner: Any = None,
    recipe: Recipe = None,
    progress: Progress = None,
    **options: Unpack[Settings],
) -> Run:
    """The whole job: profile, plan, generate, check, select, evaluate, in the folder `out` (else `runs/table-1`, …).

    Without `yes=True` nothing that costs is sent. Ctrl-C finishes what is in flight and raises `Interrupted`; `resume(folder)` goes on.
    Where `out` holds a run, `force=True` starts a new one beside it, and `fork=True` one that takes over its answers to equal requests.

    `learner` judges as in `evaluate`; give the same one to `resume`.
    """
    train, test = opened(train, test)
    mine, keywords = judge(learner, options, lambda: kind_of(train, label_of(options, recipe)), kept=True)
    place = new_folder(train) if out is None else nullcontext(path(out, "out"))
    with listener(progress) as on_event, going_on(mine is not None), place as folder:
        beside = out is not None
        terms = {"out": folder, "yes": yes, "force": force and beside, "fork": fork and beside, "learner": mine}
        rows = given(train, test, unlabelled, Asked.of(options))
        text = native.run(rows, settings(keywords, recipe), terms, on_event)
    return _finished(text)


def resume(
    folder: str | PathLike[str],
    *,
    base_url: str | None = None,
    key_env: str | None = None,
    reasoning: str | None = None,
    deadline: str | int | None = None,
    budget: float | None = None,
    max_concurrency: int | None = None,
    learner: Any = None,
    progress: Progress = None,
) -> Run:
    """Goes on with a run that was stopped; on a finished one it rebuilds the derived files and asks nothing.

    The keywords change how its endpoint is reached from now on, and what it may spend. A run that a learner of your own judges needs it for the models that
    are not fitted yet.
    """
    changes = {
        "base_url": base_url,
        "key_env": key_env,
        "reasoning": reasoning,
        "deadline": deadline,
        "budget": budget,
        "max_concurrency": max_concurrency,
    }
    with listener(progress) as on_event, going_on(is_own(learner)):
        here = path(folder, "folder")
        text = native.resume(here, settings(changes, None)[0], recognised(here, learner), on_event)
    return _finished(text)


@documented
def check(
    train: Rows,
    synthetic: Rows | list[Rows],
    *,
    test: Rows | None = None,
    recipe: Recipe = None,
    progress: Progress = None,
    **options: Unpack[Options],
) -> Checked:
    """The checks alone, on synthetic rows from anywhere; a list is several sources.

    >>> real = (["a sunny day", "a dull day", "a fine film", "a bad film"], ["+", "-", "+", "-"])
    >>> "copy" in check(real, (["a sunny day", "what a lovely morning"], ["+", "+"])).findings.column("check")
    True
    """
    asked = Asked.of(options)
    with listener(progress) as on_event:
        made = several(synthetic, asked)
        if not made:
            raise UsageError("there are no synthetic rows to check", "give them as the second argument: a table, a path, a run, or a list of these")
        rows = given(train, test, None, asked)
        text, kept, findings = native.check(rows, made, settings(options, recipe), on_event)
    return Checked(json.loads(text), kept, findings)


@documented
def evaluate(
    train: Rows,
    synthetic: Rows | list[Rows] | None = None,
    *,
    test: Rows | None = None,
    learner: Any = None,
    out: str | PathLike[str] | None = None,
    recipe: Recipe = None,
    progress: Progress = None,
    **options: Unpack[Settings],
) -> Evaluation:
    """What synthetic rows from anywhere do to a classifier on held-out real rows, beside what costs nothing.

    Without synthetic rows those rivals alone are compared. Without `test`, or with under 50 rows of a label in it, every real row is judged
    in turn, by models that did not see it. With `out` the folder gets `evaluation.json`, `report.html` and the fitted model.

    `learner` is the name of a learner (or several), or your own: a scikit-learn estimator or pipeline over raw texts, or a function
    `fit(texts, labels, weights)` that gives a function of texts that gives probabilities in the order of the sorted labels (or an
    object with `predict_proba` and `classes_`). The verdict is then about that model. Weights go to `sample_weight` where the
    estimator takes it, and are repeats of rows where not. Without `test` a quarter of the rows is held out for it, since to judge all in
    turn takes far more fits. With `out` its fits stay in the folder, and those that are there are not made again; but a learner that
    holds what does not pickle (a lock, an open file) cannot be told from others, and is fitted anew. It is given the labels as the rows
    have them: whole numbers and booleans as such, everything else by name.
    """
    folder = None if out is None else path(out, "out")
    asked = Asked.of(options)
    train, test = opened(train, test)
    mine, keywords = judge(learner, options, lambda: kind_of(train, label_of(options, recipe)), kept=folder is not None)
    with listener(progress) as on_event:
        rows = (given(train, test, None, asked), several(synthetic, asked))
        text, model = native.evaluate(rows, settings(keywords, recipe), (folder, mine), on_event)
    return Evaluation(json.loads(text), None if model is None else Model(model))


def items(kind: str) -> list[dict[str, Any]]:
    """What there is of `formats`, `generators`, `providers`, `checks`, `learners`, `arms` or `metrics`, with settings.

    >>> [arm["name"] for arm in items("arms")][:2]
    ['none', 'class_weight']
    """
    if not isinstance(kind, str):
        raise UsageError(f"a catalog is named by a text, and {kind!r} is none", 'give a name, such as items("arms")')
    found: list[dict[str, Any]] = json.loads(native.items(kind))
    return found


def _finished(text: str) -> Run:
    told = json.loads(text)
    return Run(told["dir"], told["notes"])
