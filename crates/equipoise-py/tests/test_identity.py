"""What tells one learner from another."""

import subprocess
import sys

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
print(identity(make_pipeline(TfidfVectorizer(stop_words=["a", "b"], token_pattern=None), LogisticRegression(class_weight={"x": 1}))))
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
    assert identity(one).startswith("LogisticRegression ")
