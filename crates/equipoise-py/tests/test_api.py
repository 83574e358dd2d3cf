"""Errors, results, keywords, and what importing costs."""

import json
import logging
import pickle
import subprocess
import sys

import pytest

import equipoise
from equipoise import _equipoise as native
from equipoise._options import Options


def test_errors_have_a_kind_a_hint_in_pythons_words_and_are_ordinary_exceptions(rows, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-nothing")
    (texts, labels), _ = rows
    with pytest.raises(equipoise.UsageError) as caught:
        equipoise.profile(17)
    assert "data frame" in caught.value.hint and any("data frame" in note for note in caught.value.__notes__)
    with pytest.raises(equipoise.UsageError, match="did you mean `label`"):
        equipoise.profile((texts, labels), labl="x")
    with pytest.raises(equipoise.UsageError, match="`budget` takes a number"):
        equipoise.plan((texts, labels), budget="much")
    with pytest.raises(ValueError):
        equipoise.evaluate((texts, labels), test=(["a"], ["unheard"]))
    with pytest.raises(equipoise.InputError, match="no-such-file.csv"):
        equipoise.profile("no-such-file.csv")
    with pytest.raises(equipoise.UsageError) as caught:
        equipoise.run((texts, labels), model="openai/gpt-4.1-mini", label_to={"surprise": 30}, out="nowhere")
    assert "consent" in str(caught.value) and "yes=True" in caught.value.hint
    with pytest.raises(equipoise.EquipoiseError) as caught:
        equipoise.plan((texts, labels), model="openai-compatible/m", label_to={"surprise": 30})
    assert "base_url=" in caught.value.hint and "--" not in caught.value.hint
    with pytest.raises(equipoise.UsageError):
        equipoise.items("colours")
    assert not issubclass(equipoise.Interrupted, Exception) and issubclass(equipoise.OutputError, OSError)
    assert pickle.loads(pickle.dumps(caught.value)).args == caught.value.args


def test_every_keyword_is_an_option_of_the_native_list_and_typed():
    names = [name for name, _, _ in native.options()]
    assert sorted(names) == sorted(Options.__annotations__)


def test_keywords_say_what_the_command_says(rows, tmp_path, command):
    (texts, labels), _ = rows
    made = {"text": texts, "label": labels}
    (tmp_path / "rows.json").write_text(json.dumps([dict(zip(made, row)) for row in zip(*made.values())]))
    flags = ["rows.json", "--label-to", "surprise=2x", "--style-control", "0.1", "--seed", "3", "--json", "--quiet"]
    done = command(*flags, first="plan", cwd=tmp_path)
    plan = equipoise.plan((texts, labels), label_to={"surprise": "2x"}, style_control=0.1, seed=3)
    assert plan.to_dict() == json.loads(done.stdout)
    assert plan.is_free and "surprise" in repr(plan) and pickle.loads(pickle.dumps(plan)).cost == plan.cost


def test_a_notebook_shows_escaped_html_and_a_terminal_no_control_characters():
    hostile = "<b>\x1b[2J"
    rows = (["<script>x</script> a", "b c"] * 6, [hostile, "y"] * 6)
    profile = equipoise.profile(rows)
    html = profile._repr_html_()
    assert "&lt;b&gt;" in html and "<script" not in html and "<b>\x1b" not in html
    assert "\x1b" not in repr(profile)


def test_help_of_the_package_begins_with_its_jobs():
    told = equipoise.__doc__
    assert all(f"    {job}(" in told for job in ("profile", "plan", "run", "check", "evaluate", "items")) and "help(equipoise.run)" in told


def test_results_cannot_be_changed():
    profile = equipoise.profile((["a b", "c d", "e"], ["x", "y", "x"]))
    with pytest.raises(AttributeError):
        profile.n = 3
    profile.to_dict()["n"] = 7
    assert profile.n == 3 and pickle.loads(pickle.dumps(profile)).to_dict() == profile.to_dict()


def test_importing_loads_nothing_of_others_and_takes_little_time():
    code = (
        "import sys, time; before = set(sys.modules); start = time.process_time(); import equipoise; "
        "spent = time.process_time() - start; "
        "own = {m.split('.')[0] for m in set(sys.modules) - before}; "
        "print(spent, sorted(own - set(sys.stdlib_module_names) - {'equipoise'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    spent, others = done.stdout.split(" ", 1)
    assert others.strip() == "[]"
    # 60 ms for a stripped release build; a build with debug information is slower to load.
    assert float(spent) < 0.6


def test_the_command_comes_with_the_package_and_keeps_its_exit_codes(tmp_path, command):
    assert command(first="--version").stdout.startswith("equipoise ")
    assert command("no-such-file.csv", first="profile").returncode == 65
    assert command(first="frobnicate").returncode == 2


def test_an_exception_in_the_callback_stops_the_work(rows):
    (texts, labels), test = rows

    def fail(event):
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        equipoise.evaluate((texts, labels), test=test, progress=fail)


def test_rows_that_are_left_out_are_a_warning(caplog):
    rows = {"text": ["a b", "c d", "e f", "g h", "i j", "k l"], "label": ["x", "y", "x", "y", "x", None]}
    with caplog.at_level(logging.INFO, "equipoise"):
        equipoise.profile(rows)
    assert [(record.levelname, "1 row without a label omitted" in record.message) for record in caplog.records] == [("WARNING", True)]
