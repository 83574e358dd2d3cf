"""The keywords of every job: what the command calls `--label-to`, Python calls `label_to=`. A test compares them with the native list."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from os import PathLike, fspath
from typing import Any, TypedDict, TypeVar

from ._errors import UsageError
from ._folders import path
from ._labels import name_of

_Job = TypeVar("_Job", bound=Callable[..., Any])


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
    label_to: Mapping[str, int | str] | Mapping[int, int | str] | Mapping[bool, int | str] | None
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
    prior: Mapping[str, float] | Mapping[int, float] | Mapping[bool, float] | None
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


_ELSEWHERE = {
    "api_key": 'keys are read from the environment: set OPENAI_API_KEY or what the provider calls it, or name the variable with key_env="NAME"',
    "random_state": "`seed` takes a whole number",
    "n_jobs": "all processors are used; the variable RAYON_NUM_THREADS sets another number",
    "target": '`label_to` takes the wanted rows of each label: label_to={"LABEL": 600}',
    "sampling_strategy": '`label_to` takes the wanted rows of each label: label_to={"LABEL": 600}; `balance` those of all',
    "estimator": "`learner` takes it",
}
"""What other packages call a keyword, and where it is here."""


def settings(options: Mapping[str, Any], recipe: str | PathLike[str] | None) -> tuple[str, str | None]:
    """The keywords as JSON, and the path of a recipe file."""
    for name in options:
        if name in _ELSEWHERE:
            raise UsageError(f"there is no option `{name}`", _ELSEWHERE[name])
    keys = {name: _plain(value, name) for name, value in options.items()}
    return json.dumps(keys), None if recipe is None else fspath(path(recipe, "recipe"))


def _plain(value: Any, option: str) -> Any:
    """What JSON has: NumPy's numbers and paths are no part of it by themselves."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, PathLike):
        return fspath(value)
    if isinstance(value, Mapping):
        return {name_of(key): _plain(held, option) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one, option) for one in value]
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        return _plain(value.item(), option)
    if isinstance(value, float) and isfinite(value):
        return value
    found = f"{value}" if isinstance(value, float) else f"a {type(value).__name__}"
    raise UsageError(f"`{option}` cannot be {found}", "options take texts, finite numbers, lists and dicts")


def listing() -> str:
    """Every option with its type, for `help`."""
    lines = (f"        {name}: {kind}" for name, kind in types_of(Options).items())
    return "Options are keywords; one that is omitted, or `None`, has the command's default:\n\n" + "\n".join(lines) + "\n    "


def documented(job: _Job) -> _Job:
    """The job with the options behind its description."""
    job.__doc__ = f"{job.__doc__ or ''}\n    {_LISTING}"
    return job


def types_of(of: Any) -> dict[str, str]:
    """The types as they are written above, without the `None` that each has."""
    return {name: getattr(kind, "__forward_arg__", str(kind)).removesuffix(" | None") for name, kind in of.__annotations__.items()}


_LISTING = listing()
