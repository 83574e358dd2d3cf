"""What tells one learner from another."""

import functools
import os
import re
import subprocess
import sys
import threading
import types

import pytest

from equipoise._identity import identity

pytest.importorskip("sklearn")

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

CODE = """
from equipoise._identity import identity
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
print(identity(make_pipeline(TfidfVectorizer(stop_words=["a", "b"], token_pattern=None), LogisticRegression(class_weight={"x": 1}))).name)
"""


def test_it_is_the_same_in_every_process():
    told = {subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True).stdout for _ in range(2)}
    assert len(told) == 1 and told.pop().startswith("Pipeline ")


def test_settings_steps_arrays_and_sources_make_it():
    import numpy as np

    pipeline = lambda **settings: make_pipeline(TfidfVectorizer(), LogisticRegression(**settings))
    assert identity(pipeline()) == identity(pipeline()) != identity(pipeline(C=2.0))
    vectors = lambda last: TfidfVectorizer(vocabulary={"a": 0}, dtype=np.dtype("f4")).set_params(stop_words=last)
    assert identity(vectors(["x"])) != identity(vectors(["y"]))
    hold = lambda cells: LogisticRegression(class_weight={"x": np.array(cells)})
    assert identity(hold([1.0])) == identity(hold([1.0])) != identity(hold([2.0]))
    assert identity(lambda t: t) != identity(lambda t: t + 1)


def test_what_holds_itself_has_an_end():
    one = LogisticRegression(class_weight={})
    one.class_weight["self"] = one
    assert identity(one).name.startswith("LogisticRegression ")


def fit(texts, labels, weights, C=1.0, *, tol=0.1):
    return LogisticRegression(C=C, tol=tol)


class Holder:
    def __init__(self, C):
        self.C = C

    def fit(self, texts, labels, weights):
        return fit(texts, labels, weights, self.C)


def closing_over(C):
    return lambda texts, labels, weights: fit(texts, labels, weights, C)


def with_defaults(C, tol):
    def fit_with(texts, labels, weights, C=C, *, tol=tol):
        return fit(texts, labels, weights, C)

    return fit_with


def of_pattern(pattern, flags=0):
    return make_pipeline(TfidfVectorizer(tokenizer=re.compile(pattern, flags).findall, token_pattern=None), LogisticRegression())


def reading_a_global(C):
    """A function that reads a global name, as cells of a notebook do."""
    return types.FunctionType(reads_setting.__code__, {"SETTING": C, "fit": fit})


def reads_setting(texts, labels, weights):
    return fit(texts, labels, weights, SETTING)  # noqa: F821


def made_by(source):
    """A function without a source file."""
    made = {}
    exec(source, made)
    return made["made"]


def random_state(seed):
    import numpy as np

    return LogisticRegression(random_state=np.random.RandomState(seed))


def generator(seed):
    import numpy as np

    return functools.partial(fit, rng=np.random.default_rng(seed))


def frame(cells):
    pandas = pytest.importorskip("pandas")
    return functools.partial(fit, known=pandas.DataFrame({"a": cells, "b": [str(cell) for cell in cells]}))


def frozen(C):
    frozen = pytest.importorskip("sklearn.frozen")
    return frozen.FrozenEstimator(LogisticRegression().fit([[0.0], [C]], [0, 1]))


def subclass(C):
    class Own(LogisticRegression):
        def fit(self, X, y):
            return super().fit(X * C, y)

    return Own()


@pytest.mark.parametrize(
    "make, one, other",
    [
        (lambda C: functools.partial(fit, C=C), 1.0, 100.0),
        (lambda C: functools.partial(fit, *C), (1, 2), (1, 3)),
        (lambda f: functools.partial(f, C=1.0), fit, with_defaults(1.0, 0.1)),
        (lambda C: Holder(C).fit, 1.0, 100.0),
        (closing_over, 1.0, 100.0),
        (lambda C: with_defaults(C, 0.1), 1.0, 100.0),
        (lambda tol: with_defaults(1.0, tol), 0.1, 0.2),
        (of_pattern, r"\w+", r"\w"),
        (lambda flags: of_pattern("a", flags), 0, re.IGNORECASE),
        (reading_a_global, 1.0, 100.0),
        (lambda C: made_by(f"made = lambda t, l, w: (lambda: {C})"), "1", "2"),
        (lambda C: made_by(f"made = lambda t, l, w: w.{C}()"), "min", "max"),
        (lambda C: functools.lru_cache(closing_over(C)), 1.0, 100.0),
        (lambda C: LogisticRegression(class_weight=C), {1: 2.0}, {"1": 2.0}),
        (random_state, 1, 2),
        (generator, 1, 2),
        (frame, [1, 2], [1, 3]),
        (frozen, 1.0, 2.0),
        (subclass, 1.0, 2.0),
    ],
)
def test_what_would_fit_otherwise_is_another_and_equal_settings_are_equal(make, one, other):
    assert identity(make(one)) == identity(make(one)) != identity(make(other))
    assert identity(make(one)).untold is None


def test_a_fitted_estimator_is_the_learner_that_it_was():
    one = LogisticRegression()
    before = identity(one)
    assert identity(one.fit([[0.0], [1.0]], [0, 1])) == before


def test_what_cannot_be_told_is_like_nothing_else():
    holding = functools.partial(fit, lock=threading.Lock())
    assert identity(holding).untold == "lock" and identity(holding).name != identity(holding).name
    # The order of sets and dicts says nothing.
    ordered = lambda *keys: LogisticRegression(class_weight={key: len(key) for key in keys})
    assert identity(ordered("a", "bb")) == identity(ordered("bb", "a"))


def test_functions_and_sets_are_the_same_in_every_process(tmp_path):
    (tmp_path / "learners.py").write_text(
        "import functools, re\n"
        "WORDS = {'the', 'a', 'of', 'and'}\n"
        "class Holder:\n"
        "    def __init__(self, words): self.words = words\n"
        "    def fit(self, texts, labels, weights, pattern=re.compile('a+')): return WORDS | self.words\n"
        "made = functools.partial(Holder({'x', 'y', 'z'}).fit, pattern=re.compile('b'))\n"
    )
    code = "import learners; from equipoise._identity import identity; print(*identity(learners.made))"
    run = lambda seed: subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path, env={**os.environ, "PYTHONHASHSEED": seed}
    )
    told = {run(seed).stdout for seed in "123"}
    assert len(told) == 1 and told.pop().endswith("None\n")


def test_what_a_function_imports_while_it_runs_is_a_part_of_it(tmp_path):
    (tmp_path / "mypkg").mkdir()
    (tmp_path / "mypkg" / "__init__.py").write_text("")
    (tmp_path / "mypkg" / "model.py").write_text("from .rate import RATE\ndef train(texts): return RATE\n")
    (tmp_path / "learners.py").write_text(
        "def fit(texts, labels, weights):\n    from mypkg.model import train\n    return train(texts)\n"
        "def clean(n): return refine(n)\ndef refine(n): return clean(n)\n"
        "def around(texts, labels, weights): return clean(1) + refine(2)\n"
    )
    code = "import learners; from equipoise._identity import identity; print(identity(learners.fit), identity(learners.around))"

    def told(rate, seed="1"):
        (tmp_path / "mypkg" / "rate.py").write_text(f"RATE = {rate}\n")
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONDONTWRITEBYTECODE": "1"}
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path, env=env)
        return ran.stdout

    assert told(10) != told(25)
    assert len({told(10, seed) for seed in "1234"}) == 1
