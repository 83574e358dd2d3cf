"""Keywords that make no sense are refused by name, and `help` lists those that there are."""

import inspect
import re
from pathlib import Path
from typing import get_type_hints

import pytest

import equipoise
from equipoise._options import Options, types_of

np = pytest.importorskip("numpy")

ROWS = (["good day", "bad day", "fine film", "poor film"] * 3, ["+", "-", "+", "-"] * 3)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"budget": float("nan")}, "`budget` cannot be nan"),
        ({"budget": np.float64("inf")}, "`budget` cannot be inf"),
        ({"label_to": {"+": float("nan")}}, "`label_to` cannot be nan"),
        ({"seed": np.array([3, 4])}, "`seed` cannot be a ndarray"),
        ({"only": {"+"}}, "`only` cannot be a set"),
        ({"text": b"text"}, "`text` cannot be a bytes"),
        ({"recipe": {"a": 1}}, "`recipe` takes a path"),
        ({"progress": 5}, "`progress` cannot be a int"),
    ],
)
def test_what_is_no_option_is_refused_by_its_name(options, message):
    with pytest.raises(equipoise.UsageError, match=message) as caught:
        equipoise.plan(ROWS, **options)
    assert caught.value.hint


@pytest.mark.parametrize("name, hint", [("api_key", "key_env="), ("random_state", "`seed`"), ("n_jobs", "RAYON_NUM_THREADS"), ("target", "label_to=")])
def test_a_keyword_of_other_packages_is_told_by_its_name_here(name, hint):
    with pytest.raises(equipoise.UsageError, match=f"there is no option `{name}`") as caught:
        equipoise.plan(ROWS, **{name: 3})
    assert hint in caught.value.hint


def test_scalars_of_numpy_are_their_values():
    assert equipoise.plan(ROWS, seed=np.int64(3), label_to={np.str_("+"): np.array(8)}).to_dict() == equipoise.plan(ROWS, seed=3, label_to={"+": 8}).to_dict()


def test_paths_and_names_that_are_none_are_refused():
    for call in (
        lambda: equipoise.run(ROWS, out=True), lambda: equipoise.evaluate(ROWS, out=3), lambda: equipoise.resume(None),
        lambda: equipoise.Run(None), lambda: equipoise.Model(3), lambda: equipoise.items(3),
    ):
        with pytest.raises(equipoise.UsageError) as caught:
            call()
        assert caught.value.hint
    with pytest.raises(equipoise.InputError, match="nothere: it cannot be read"):
        equipoise.Model("nothere")


@pytest.mark.parametrize("job", [equipoise.profile, equipoise.plan, equipoise.run, equipoise.check, equipoise.evaluate])
def test_help_lists_every_option_with_its_type(job):
    for name in Options.__annotations__:
        assert f"\n    {name}: " in inspect.getdoc(job)
    assert "\n    budget: float\n" in inspect.getdoc(job)


def test_the_page_lists_every_option_with_its_type():
    page = (Path(__file__).parents[3] / "docs/python.md").read_text("utf-8")
    listed = re.findall(r"^\| `(\w+)` \| `(.*)` \|$", page, re.MULTILINE)
    assert [(name, kind.replace("\\|", "|")) for name, kind in listed] == list(types_of(Options).items())


def test_targets_of_labels_that_are_numbers_or_booleans_are_typed():
    hints = get_type_hints(Options)
    for name in ("label_to", "prior"):
        assert {kind.__args__[0] for kind in hints[name].__args__ if kind is not type(None)} == {str, int, bool}


def test_a_profile_shows_leaks_and_near_duplicates():
    words = [f"w{i}" for i in range(400)]
    texts = [" ".join(words[i * 20 : i * 20 + 20]) for i in range(20)]
    near = [texts[0] + " indeed", *texts]
    profile = equipoise.profile((near, ["x", "y", "x"] * 7), test=(texts[:5], ["y"] * 5))
    assert profile.to_dict()["n_also_held_out"] == 5 and profile.to_dict()["n_near_duplicates"] == 2
    for shown in (repr(profile), profile._repr_html_()):
        assert "5 rows are also among the 5 test rows" in shown and "2 more have a near-duplicate" in shown
    assert "near" not in repr(equipoise.profile(ROWS)) and "test rows" not in repr(equipoise.profile(ROWS))
