"""The broker on Ray: workers and the broker itself are killed while they work, and the server's ledger tells what was paid."""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

ray = pytest.importorskip("ray", reason="Ray is not installed; `target/py/bin/pip install 'ray[data]'` brings it")

from conftest import ledger  # noqa: E402

import equipoise  # noqa: E402
import equipoise.ray  # noqa: E402

SLOTS = 64
BLOCK = 25
WORKERS = 2


@pytest.fixture(scope="module")
def cluster():
    """Two workers on this machine, which find the package where this process does, and what this file defines within what is sent."""
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(equipoise.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    ray.init(num_cpus=WORKERS, include_dashboard=False, logging_level="ERROR", object_store_memory=200 << 20)
    yield
    ray.shutdown()


def block_of(name, numbers, pids):
    """What a worker does: it says who it is, and asks for a block of rows."""
    with open(pids, "a") as file:
        file.write(f"{os.getpid()}\n")
    return equipoise.ray.ask([("Write.", f"one text #{n}") for n in numbers], max_tokens=50, name=name)


def killer(kill, url, n, pids, broker):
    """Kills `kill` once a third is billed."""
    until = time.monotonic() + 60
    while ledger(url)["n_billed"] < n // 3 and time.monotonic() < until:
        time.sleep(0.05)
    pid = ray.get(broker.pid.remote()) if kill == "broker" else int(pids.read_text().split()[-1])
    os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("n", [300, pytest.param(2000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kill", ["nobody", "worker", "broker"])
def test_whoever_is_killed_no_answer_is_paid_twice(cluster, server, tmp_path, kill, n):
    name, pids = f"{kill}-{n}", tmp_path / "pids"
    pids.touch()
    options = {"base_url": server + "/v1", "price": (1.0, 1.0), "max_concurrency": SLOTS}
    broker = equipoise.ray.broker(tmp_path / "broker", "openai-compatible/m-1", name=name, **options)
    killing = threading.Thread(target=killer, args=(kill, server, n, pids, broker), daemon=True)
    if kill != "nobody":
        killing.start()
    began = time.monotonic()
    # A worker for each processor; one that dies has its block run again by another.
    work = ray.remote(block_of).options(num_cpus=1, max_retries=-1)
    blocks = [work.remote(name, list(range(at, at + BLOCK)), str(pids)) for at in range(0, n, BLOCK)]
    rows = [text for block in ray.get(blocks) for text in block]
    seconds = time.monotonic() - began
    assert rows == [f"answer to {i}" for i in range(n)]
    told, paid = ray.get(broker.told.remote()), ledger(server)
    twice, n_unknown = paid["billed_more_than_once"], told["spent"]["n_unknown"]
    print(f"\n{kill}: {len(rows)} rows, {paid['n_billed']} billed, {twice} twice, {n_unknown} unknown, {seconds:.1f} s")
    assert told["spent"]["n_answered"] == n
    most = WORKERS * BLOCK if kill == "broker" else 0
    assert twice <= n_unknown <= most, told
    ray.get(broker.close.remote())
    assert json.loads((tmp_path / "broker/spent.json").read_text())["n_unknown"] == n_unknown
    ray.kill(broker)


def test_a_budget_that_is_used_up_is_raised_where_it_is_asked(cluster, server, tmp_path):
    options = {"base_url": server + "/v1", "price": (1.0, 1.0), "budget": 0.0005}
    broker = equipoise.ray.broker(tmp_path / "broker", "openai-compatible/m-1", name="poor", **options)
    with pytest.raises(equipoise.Stopped, match="the budget is used up"):
        equipoise.ray.ask([f"one text #{n}" for n in range(100)], 50, name="poor")
    spent = ray.get(broker.told.remote())["spent"]
    assert 0 < spent["usd"] <= 0.0005 and spent["n_answered"] == ledger(server)["n_billed"]
    known = [f"one text #{n}" for n in range(1)]
    assert equipoise.ray.ask(known, 50, name="poor") == ["answer to 0"]
    ray.kill(broker)


def test_what_is_refused_is_heard_of_at_once(cluster, tmp_path):
    with pytest.raises(Exception, match="the price of openai-compatible/m-1 is not known"):
        equipoise.ray.broker(tmp_path / "b", "openai-compatible/m-1", name="unpriced", base_url="http://127.0.0.1:9/v1")


@pytest.mark.slow
def test_the_profile_of_blocks_is_that_of_one_process(cluster, rows):
    pa, data = pytest.importorskip("pyarrow"), pytest.importorskip("ray.data")
    (texts, labels), _ = rows
    texts, labels = [*texts, *texts[:20]], [*labels, *labels[-20:]]
    whole = equipoise.profile((texts, labels)).to_dict()
    blocks = data.from_arrow(pa.table({"said": texts, "about": labels})).repartition(5)
    found = equipoise.ray.profile(blocks, text="said", label="about").to_dict()
    assert found == {**whole, "n_near_duplicates": None, "conflicts": []} and found["n_conflicts"] > 0
