"""The broker within this process: what the actor of `equipoise.ray` drives, without Ray."""

import json
import os
import subprocess
import sys
import threading

import pytest
from conftest import ledger

import equipoise
from equipoise._equipoise import Broker

SAMPLING = (50, None, None)


def options(url, **more):
    return json.dumps({"model": "openai-compatible/m-1", "base_url": url + "/v1", "price": [1.0, 1.0], **more})


def prompts(numbers):
    return [("Write.", f"one text #{n}") for n in numbers]


def test_blocks_of_two_threads_share_answers_and_a_restart_knows_them(server, tmp_path):
    broker = Broker(tmp_path / "kept", options(server))
    answers = {}
    blocks = {"a": range(0, 30), "b": range(10, 40)}
    threads = [
        threading.Thread(target=lambda name=name: answers.update({name: broker.ask(prompts(blocks[name]), SAMPLING)}))
        for name in blocks
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {name: [f"answer to {n}" for n in numbers] for name, numbers in blocks.items()}
    assert ledger(server)["n_asked"] == 40
    told = json.loads(broker.told())
    assert (told["requests"]["n_asked"], told["requests"]["n_answered"], told["spent"]["n_answered"]) == (60, 40, 40)
    broker.close()
    assert json.loads((tmp_path / "kept/spent.json").read_text())["n_answered"] == 40
    del broker
    again = Broker(tmp_path / "kept", options(server))
    assert again.ask(prompts([3, 39]), SAMPLING) == ["answer to 3", "answer to 39"]
    assert ledger(server)["n_asked"] == 40
    # Another seed is another request.
    assert again.ask(prompts([3]), (50, None, 8)) == ["answer to 3"]
    assert json.loads(again.told())["spent"]["n_answered"] == 41


def test_a_used_up_budget_is_raised_and_a_closed_broker_says_so(server, tmp_path):
    broker = Broker(tmp_path / "kept", options(server, budget=0.0005))
    with pytest.raises(equipoise.Stopped, match="the budget is used up") as stopped:
        broker.ask(prompts(range(100)), SAMPLING)
    assert "ask again" in stopped.value.hint
    assert json.loads(broker.told())["spent"]["usd"] <= 0.0005
    assert broker.ask(prompts([0]), SAMPLING) == ["answer to 0"]
    broker.close()
    with pytest.raises(equipoise.UsageError, match="being stopped"):
        broker.ask(prompts([0]), SAMPLING)


def test_what_could_never_be_asked_is_refused_at_once(tmp_path):
    with pytest.raises(equipoise.UsageError, match="asks a model over HTTP"):
        Broker(tmp_path / "kept", "{}")
    with pytest.raises(equipoise.UsageError, match="the price of openai-compatible/m is not known"):
        Broker(tmp_path / "kept", json.dumps({"model": "openai-compatible/m", "base_url": "http://127.0.0.1:9/v1"}))
    assert not (tmp_path / "kept").exists()


def test_ray_is_imported_by_nobody_who_does_not_ask_for_it():
    code = """
import sys
import equipoise
assert "ray" not in sys.modules
sys.modules["ray"] = None
try:
    import equipoise.ray
except ImportError as e:
    print(e)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ)
    assert ran.stdout.strip() == "equipoise.ray needs Ray: pip install 'equipoise[ray]'", ran.stderr
