"""What a learner is, in a line: its kind and a hash of its settings, the same in every process."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Iterator
from typing import Any


def identity(learner: Any) -> str:
    """The name of a learner and a hash of whatever its fits depend on: settings of estimators and their steps, the source of functions,
    the numbers of arrays. What a function reads from elsewhere is not seen.

    >>> def fit(texts, labels, weights): ...
    >>> identity(fit) == identity(fit), identity(fit) == identity(identity)
    (True, False)
    """
    digest = hashlib.blake2b(digest_size=8)
    for part in _parts(learner, ()):
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return f"{_name(learner)} {digest.hexdigest()}"


def _name(value: Any) -> str:
    return getattr(value, "__qualname__", None) or type(value).__qualname__


def _parts(value: Any, around: tuple[int, ...]) -> Iterator[bytes]:
    """The value as bytes that do not depend on addresses, on the order of sets or on the process."""
    yield f"{type(value).__module__}.{_name(value)}".encode()
    if id(value) in around:
        return
    around = (*around, id(value))
    if value is None or isinstance(value, (bool, int, float, complex, str, bytes)):
        yield repr(value).encode()
    elif isinstance(value, dict):
        for key in sorted(value, key=repr):
            yield repr(key).encode()
            yield from _parts(value[key], around)
    elif isinstance(value, (set, frozenset)):
        yield repr(sorted(map(repr, value))).encode()
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _parts(one, around)
    elif isinstance(value, type):
        yield _source(value)
    elif hasattr(value, "get_params"):
        yield _source(type(value))
        yield from _parts(value.get_params(deep=False), around)
    elif hasattr(value, "tobytes") and hasattr(value, "dtype"):
        yield f"{value.dtype} {value.shape}".encode()
        yield from _parts(value.tolist(), around) if value.dtype.hasobject else iter([value.tobytes()])
    elif callable(value):
        yield _source(value)
        yield from _parts(getattr(value, "__dict__", {}), around)
    else:
        yield from _parts(getattr(value, "__dict__", {}), around)


def _source(function: Any) -> bytes:
    code = getattr(function, "__code__", None)
    try:
        source = inspect.getsource(function).encode()
    except (OSError, TypeError):
        return b"" if code is None else code.co_code
    # A line of source may hold several lambdas.
    return source + code.co_code if code is not None and code.co_name == "<lambda>" else source
