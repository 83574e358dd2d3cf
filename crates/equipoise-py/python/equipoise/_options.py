"""The keywords of every job: what the command calls `--label-to`, Python calls `label_to=`. A test compares them with the native list."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from os import PathLike, fspath
from typing import Any, TypedDict


class Settings(TypedDict, total=False):
    """Settings of a job, but for its learner. One that is omitted, or `None`, has the command's default."""

    seed: int | None
    format: str | None
    text: str | None
    label: str | None
    embedding: str | None
    features: str | PathLike[str] | None
    encoding: str | None
    delimiter: str | None
    quote: str | None
    header: str | None
    columns: Sequence[str] | None
    split: str | None
    allow_dropped: bool | None
    similar_labels: str | None
    multi_label: str | None
    label_to: Mapping[str, int | str] | None
    balance: str | None
    only: str | Sequence[str] | None
    style_control: float | None
    model: str | None
    base_url: str | None
    key_env: str | None
    allow_host: str | Sequence[str] | None
    temperature: float | None
    reasoning: str | None
    deadline: str | int | None
    max_concurrency: int | None
    budget: float | None
    price: tuple[float, float] | str | None
    unpriced: bool | None
    max_outage: str | int | None
    batch: bool | None
    offline: bool | None
    prompt: str | PathLike[str] | None
    label_about: str | PathLike[str] | Mapping[str, Mapping[str, Any]] | None
    attribute: Mapping[str, str | Sequence[str] | Mapping[str, Any]] | None
    forbid: Sequence[Sequence[str]] | None
    texts: Mapping[str, Any] | None
    mask: str | None
    mask_names: str | PathLike[str] | None
    chunk: int | str | None
    rounds: int | None
    avoid_patterns: bool | None
    evaluate: bool | None
    learner_command: str | None
    fits: str | None
    tune: bool | None
    goal: str | None
    group: str | None
    prior: Mapping[str, float] | None
    repeats: int | None
    resamples: int | None
    held_out_share: float | None
    provenance: bool | None
    weights: bool | None
    all_verdicts: bool | None
    judge: str | None
    judge_base_url: str | None
    judge_key_env: str | None
    judge_price: tuple[float, float] | str | None
    judge_command: str | None
    check: Mapping[str, Mapping[str, Any]] | None
    learner_settings: Mapping[str, Mapping[str, Any]] | None
    arm: Mapping[str, Mapping[str, Any]] | None
    provider: Mapping[str, Mapping[str, Any]] | None


class Options(Settings, total=False):
    """Settings of a job."""

    learner: str | Sequence[str] | None


def settings(options: Mapping[str, Any], recipe: str | PathLike[str] | None) -> tuple[str, str | None]:
    """The keywords as JSON, and the path of a recipe file."""
    keys = dict(options)
    for name in ("label_to", "prior"):
        if isinstance(keys.get(name), Mapping):
            keys[name] = {str(label): to for label, to in keys[name].items()}
    return json.dumps(keys, default=_plain), None if recipe is None else fspath(recipe)


def _plain(value: Any) -> Any:
    """NumPy's numbers, paths and whatever else is not JSON by itself."""
    if isinstance(value, PathLike):
        return fspath(value)
    if hasattr(value, "item"):
        return value.item()
    if isinstance(value, Mapping):
        return dict(value)
    from ._errors import UsageError

    raise UsageError(f"an option cannot be a {type(value).__name__}", "options take texts, numbers, lists and dicts")
