"""Ctrl-C in the middle of a run that is paid for: what is in flight is finished, and nothing is bought twice."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest
from conftest import ledger

import equipoise

SEEDS = [*range(2), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 100))]


CODE = """
import json, sys, equipoise
rows, url, out = json.load(open(sys.argv[1])), sys.argv[2], sys.argv[3]
def hear(event):
    if event["event"] == "started" and event["data"] == "generate":
        print("asking", flush=True)
try:
    equipoise.run(tuple(rows), label_to={"surprise": 160}, model="openai-compatible/m", base_url=url, price=(1, 1), yes=True,
                  chunk=2, max_concurrency=4, rounds=1, evaluate=False, out=out, progress=hear)
    print("finished", flush=True)
except KeyboardInterrupt as e:
    print(type(e).__name__, "|", getattr(e, "hint", ""), flush=True)
"""


@pytest.mark.parametrize("seed", SEEDS)
def test_a_run_that_is_interrupted_is_resumed_and_buys_nothing_twice(rows, tmp_path, server, seed):
    (texts, labels), _ = rows
    (tmp_path / "rows.json").write_text(json.dumps([texts, labels]))
    out = tmp_path / "run"
    arguments = [sys.executable, "-c", CODE, str(tmp_path / "rows.json"), server + "/v1", str(out)]
    child = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    assert any(line.startswith("asking") for line in child.stdout)
    time.sleep(random.Random(seed).uniform(0.05, 1.0))
    os.kill(child.pid, signal.SIGINT)
    said, _ = child.communicate(timeout=120)
    # Each round says that it asks.
    said = said.replace("asking\n", "")
    assert said.startswith(("Interrupted | ", "finished")), said
    if said.startswith("Interrupted"):
        assert "equipoise.resume(" in said
    resumed = equipoise.resume(out, progress=False)
    told = ledger(server)
    assert told["billed_more_than_once"] == 0, told
    assert resumed.to_dict()["selection"]["rows"]["planned"] > 0 and resumed.replay(check=True)
