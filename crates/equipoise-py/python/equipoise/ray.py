"""One model for a whole Ray cluster: `pip install equipoise[ray]`.

The broker is an actor that asks. Its process alone holds the rate limits, the budget and the journal, so a worker that is lost costs time
and nothing else: its block is run again, and what was answered comes out of the journal. A broker that is lost is started again by Ray on
the node that has the journal, where at most what was in flight is asked twice.

    import equipoise.ray

    equipoise.ray.broker("runs/broker", "openai/gpt-4.1-mini", budget=20)

    def label(batch):
        batch["answer"] = equipoise.ray.ask([f"Which language is this? {text}" for text in batch["text"]], max_tokens=5)
        return batch

    rows.map_batches(label, batch_size=50)
"""

from __future__ import annotations

import asyncio
import json
import os
import warnings
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from os import PathLike
from typing import Any

try:
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy
except ImportError as missing:
    raise ImportError("equipoise.ray needs Ray: pip install 'equipoise[ray]'") from missing

from . import _equipoise as native
from ._options import settings
from ._results import Profile
from ._rows import given

__all__ = ["Prompt", "ask", "broker", "profile"]

Prompt = str | tuple[str, str]
"""A message to the model, or instructions and a message."""

NAMESPACE = "equipoise"
"""Where the names of brokers are known, to every program of the cluster."""

CALLS = 256
"""Blocks of prompts that one broker takes at once; further ones wait in Ray's queue."""


class Broker:
    """The actor that `broker` makes; call its methods with `.remote(…)`."""

    def __init__(self, folder: str, options: dict[str, Any]) -> None:
        self._native = native.Broker(folder, json.dumps(options))
        # Threads that wait, started when they are needed.
        self._threads = ThreadPoolExecutor(max_workers=CALLS, thread_name_prefix="ask")

    async def ask(
        self, prompts: list[tuple[str, str]], sampling: tuple[int, float | None, int | None]
    ) -> list[str | None]:
        """The answers to prompts of instructions and message, in order."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._native.ask, prompts, sampling)

    async def told(self) -> dict[str, Any]:
        """`requests` since the broker was started, what the folder has `spent`, and `notes` that it had to say since the last call."""
        told: dict[str, Any] = json.loads(await asyncio.to_thread(self._native.told))
        return {**told, "notes": self._native.notes()}

    async def close(self) -> None:
        """Takes no more prompts, waits for what is in flight, and writes `spent.json`. `ray.kill` the actor then, to start another."""
        await asyncio.to_thread(self._native.close)

    async def pid(self) -> int:
        """The process of the actor."""
        return os.getpid()


def broker(
    folder: str | PathLike[str],
    model: str,
    *,
    name: str = "equipoise",
    base_url: str | None = None,
    key_env: str | None = None,
    price: tuple[float, float] | None = None,
    unpriced: bool | None = None,
    budget: float | None = None,
    max_concurrency: int | None = None,
    max_outage: str | int | None = None,
) -> Any:
    """The broker called `name`: the one that is there, else a new one on this node, with its journal in `folder` on this node's disk.

    The keywords are options of `equipoise broker`. The key is read from the environment of the actor's process, so it has to be set where
    the node's Ray was started; it is never an argument. Ray starts a broker that died again, and calls that waited are repeated. A broker
    outlives the program that made it; `ray.kill(broker(…))` ends it.
    """
    given = {
        "model": model,
        "base_url": base_url,
        "key_env": key_env,
        "price": price,
        "unpriced": unpriced,
        "budget": budget,
        "max_concurrency": max_concurrency,
        "max_outage": max_outage,
    }
    options = {keyword: value for keyword, value in given.items() if value is not None}
    here = ray.get_runtime_context().get_node_id()
    actor = ray.remote(Broker).options(
        name=name,
        namespace=NAMESPACE,
        get_if_exists=True,
        lifetime="detached",
        max_restarts=-1,
        max_task_retries=-1,
        max_concurrency=4 * CALLS,
        num_cpus=0,
        # Never on another node: the journal lies on the disk of this one.
        scheduling_strategy=NodeAffinitySchedulingStrategy(node_id=here, soft=False),
    )
    made = actor.remote(os.path.abspath(folder), options)
    # A folder or an option that is refused is heard of here, and not by the first worker.
    ray.get(made.pid.remote())
    return made


def ask(
    prompts: Iterable[Prompt],
    max_tokens: int = 256,
    *,
    temperature: float | None = None,
    seed: int | None = None,
    name: str = "equipoise",
) -> list[str | None]:
    """The answer to each prompt, in order, from the broker called `name`; for a block of rows in `map_batches`.

    `None` stands where there is no answer to this prompt: a filter refuses it, it is too long, or the provider failed on it again and
    again. Whatever any worker asked before is not asked again; to have several answers to one prompt, give each call another `seed`. What
    would befall all prompts is raised: the budget is used up, the key is refused, the provider is out.
    """
    actor = ray.get_actor(name, namespace=NAMESPACE)
    answers: list[str | None] = ray.get(actor.ask.remote([_pair(p) for p in prompts], (max_tokens, temperature, seed)))
    return answers


def profile(rows: Any, *, text: str = "text", label: str = "label") -> Profile:
    """The profile of a `ray.data.Dataset` with columns of these names. Each block is counted where it lies; counts and hashes travel, and no
    texts: 20 bytes or so for each different text.

    Counts, lengths, style, duplicates and the number of conflicts are those of `equipoise.profile`. Near-duplicates are not looked for,
    conflicts are counted and not shown, and labels that differ only in case or blanks are labels of their own.
    """
    options = settings({"text": text, "label": label}, None)

    def part(block: Any) -> dict[str, list[bytes]]:
        if block.num_rows == 0:
            return {"part": []}
        return {"part": [native.ProfilePart.of(given(block, None), options).to_bytes()]}

    merged: native.ProfilePart | None = None
    parts = rows.select_columns([text, label]).map_batches(part, batch_format="pyarrow", batch_size=None)
    for row in parts.iter_rows():
        came = native.ProfilePart.from_bytes(row["part"])
        merged = came if merged is None else merged.merge(came)
    if merged is None:
        raise ValueError("the data set has no rows")
    if merged.n_dropped:
        warnings.warn(f"{merged.n_dropped} rows have no text or no label and are not in the profile", stacklevel=2)
    return Profile(json.loads(merged.profile()))


def _pair(prompt: Prompt) -> tuple[str, str]:
    if isinstance(prompt, str):
        return "", str(prompt)
    system, user = prompt
    return str(system), str(user)
