"""Ctrl-C, fork, spawn and threads."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import equipoise

ROWS = ([f"text number {i} of many words {i % 7}" for i in range(600)], [str(i % 3) for i in range(600)])

LONG = """
import random, sys, time, equipoise
r = random.Random(1)
words = [f"w{i}" for i in range(500)]
texts = [" ".join(r.choice(words) for _ in range(8)) for _ in range(3000)]
labels = [r.choice("abcde") for _ in texts]
def hear(event):
    if event["event"] == "started" and event["data"] == "evaluate":
        print("evaluating", flush=True)
try:
    equipoise.evaluate((texts, labels), progress=hear)
except Exception as e:
    print("swallowed", type(e), flush=True)
except KeyboardInterrupt as e:
    print("interrupted", type(e).__name__, flush=True)
"""


def child(_):
    return equipoise.profile(ROWS).n


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_child_process_works_after_its_parent_did(method):
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"this platform cannot {method}")
    assert equipoise.profile(ROWS).n == 600
    with multiprocessing.get_context(method).Pool(1) as pool:
        assert pool.map_async(child, [1]).get(timeout=120) == [600]


def test_calls_from_several_threads_give_what_one_gives():
    wanted = equipoise.profile(ROWS).to_dict()
    for n in (2, 8):
        with ThreadPoolExecutor(n) as pool:
            assert all(found.to_dict() == wanted for found in pool.map(equipoise.profile, [ROWS] * n))


def test_the_number_of_threads_changes_no_figure(rows, tmp_path):
    (texts, labels), (held, truth) = rows
    code = (
        "import equipoise, json, sys; rows, test = json.load(open(sys.argv[1])); "
        "equipoise.evaluate(tuple(rows), test=tuple(test), resamples=100, out=sys.argv[2])"
    )
    import json

    (tmp_path / "rows.json").write_text(json.dumps([[texts, labels], [held, truth]]))
    for n in ("1", "2", "8"):
        env = {**os.environ, "RAYON_NUM_THREADS": n}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / "rows.json"), str(tmp_path / n)], env=env, check=True)
    assert len({(tmp_path / n / "evaluation.json").read_bytes() for n in ("1", "2", "8")}) == 1


OWN = """
import sys, equipoise
r = __import__("random").Random(1)
texts = [" ".join(r.choice("abcdefghij") for _ in range(8)) for _ in range(400)]
labels = [r.choice("xyz") for _ in texts]
def fit(texts, labels, weights):
    print("fitting", flush=True)
    import time
    for _ in range(10):
        time.sleep(0.1)
    return lambda asked: [[0.2, 0.3, 0.5] for _ in asked]
try:
    equipoise.run((texts, labels), label_to={"x": 160}, learner=fit, out=sys.argv[1])
except KeyboardInterrupt as e:
    print(type(e).__name__, getattr(e, "__notes__", None), flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are sent as POSIX has them")
def test_a_run_that_is_interrupted_says_that_it_needs_its_learner(tmp_path):
    started = subprocess.Popen([sys.executable, "-c", OWN, str(tmp_path / "run")], stdout=subprocess.PIPE, text=True)
    assert any(line.startswith("fitting") for line in started.stdout)
    os.kill(started.pid, signal.SIGINT)
    out, _ = started.communicate(timeout=120)
    assert "learner=LEARNER" in out, out


@pytest.mark.skipif(os.name == "nt", reason="signals are sent as POSIX has them")
def test_ctrl_c_leaves_an_evaluation_soon_and_is_no_exception():
    started = subprocess.Popen([sys.executable, "-c", LONG], stdout=subprocess.PIPE, text=True)
    assert any(line.startswith("evaluating") for line in started.stdout)
    time.sleep(0.5)
    os.kill(started.pid, signal.SIGINT)
    out, _ = started.communicate(timeout=120)
    assert out.startswith("interrupted Interrupted"), out


def test_runs_of_several_threads_have_a_folder_each(rows, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (texts, labels), _ = rows
    run = lambda _: equipoise.run((texts, labels), label_to={"surprise": 22}, evaluate=False, progress=False).folder
    with ThreadPoolExecutor(4) as pool:
        assert {str(folder) for folder in pool.map(run, range(4))} == {os.path.join("runs", f"table-{n}") for n in (1, 2, 3, 4)}


def test_a_run_that_is_refused_leaves_no_folder(rows, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(equipoise.UsageError):
        equipoise.run(rows[0], label_to={"unheard": 22})
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "my rows.csv").write_text("text,label\n" + "".join(f"{text},{label}\n" for text, label in zip(*rows[0])))
    options = {"label_to": {"surprise": 22}, "evaluate": False}
    assert equipoise.run("my rows.csv", **options).folder.name == "my_rows-1"
    (tmp_path / "file").touch()
    monkeypatch.setattr(equipoise._folders, "RUNS", tmp_path / "file")
    with pytest.raises(equipoise.OutputError, match="cannot be made"):
        equipoise.run(rows[0], **options)
