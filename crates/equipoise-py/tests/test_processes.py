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


@pytest.mark.skipif(os.name == "nt", reason="signals are sent as POSIX has them")
def test_ctrl_c_leaves_an_evaluation_soon_and_is_no_exception():
    started = subprocess.Popen([sys.executable, "-c", LONG], stdout=subprocess.PIPE, text=True)
    assert any(line.startswith("evaluating") for line in started.stdout)
    time.sleep(0.5)
    os.kill(started.pid, signal.SIGINT)
    out, _ = started.communicate(timeout=120)
    assert out.startswith("interrupted Interrupted"), out
