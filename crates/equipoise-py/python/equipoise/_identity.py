"""What a learner is, in a line: its kind and a hash of its settings, the same in every process."""

from __future__ import annotations

import secrets
from typing import Any, NamedTuple

from ._code import Untold
from ._contents import Contents


class Identity(NamedTuple):
    """What tells a learner from others, and the type that it holds and that keeps it from being told."""

    name: str
    untold: str | None


def identity(learner: Any, beside: str = "") -> Identity:
    """The name of a learner and a hash of whatever its fits depend on: settings of estimators and their steps, code, defaults and closures
    of functions, the globals that they read, what methods are bound to, the numbers of arrays; and what stands `beside`.

    A learner that holds what does not pickle (a lock, an open file) cannot be told from others. Its hash is drawn, so that it is never
    taken for one that was fitted before.

    >>> def fit(texts, labels, weights): ...
    >>> identity(fit) == identity(fit), identity(fit) == identity(identity)
    (True, False)
    """
    try:
        return Identity(f"{_name(learner)} {Contents().of((learner, beside), cloned=True)[:8].hex()}", None)
    except Untold as untold:
        return Identity(f"{_name(learner)} {secrets.token_hex(8)}", str(untold))
    except RecursionError:
        return Identity(f"{_name(learner)} {secrets.token_hex(8)}", "value of too many levels")


def _name(learner: Any) -> str:
    return getattr(learner, "__qualname__", None) or type(learner).__qualname__
