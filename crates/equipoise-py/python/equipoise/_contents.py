"""A digest of all that a value holds: equal for equal settings in every process, and never equal where something else would be fitted."""

from __future__ import annotations

import copyreg
import functools
import hashlib
import types
from collections.abc import Callable, Iterator
from typing import Any

from ._code import Untold, code_parts, imported, is_library, module_parts, namespace, reads

Part = bytes | str


class Contents:
    """Digests of values. `cloned` values are those of which scikit-learn's `clone` keeps the settings alone."""

    def __init__(self) -> None:
        # The values stay, so that no other gets their address meanwhile.
        self._told: dict[tuple[int, bool], tuple[bytes, Any]] = {}
        self._around: list[int] = []

    def of(self, value: Any, cloned: bool = False) -> bytes:
        """The digest of a value."""
        if value is None or type(value) in (bool, int, float, complex, str, bytes):
            return _hash([type(value).__name__, repr(value)])
        key = (id(value), cloned)
        if key in self._told:
            return self._told[key][0]
        if id(value) in self._around:
            # It holds itself: how many steps up says where.
            return _hash(["around", str(len(self._around) - self._around.index(id(value)))])
        self._around.append(id(value))
        try:
            digest = _hash(self._parts(value, cloned))
        finally:
            self._around.pop()
        self._told[key] = (digest, value)
        return digest

    def _parts(self, value: Any, cloned: bool) -> Iterator[Part]:
        yield type(value).__qualname__
        kind = type(value)
        if kind in (list, tuple):
            yield from (self.of(one, cloned) for one in value)
        elif kind in (set, frozenset):
            yield from sorted(self.of(one, cloned) for one in value)
        elif kind in (dict, types.MappingProxyType):
            yield from self._mapping(value)
        elif kind in _HANDLERS:
            yield from _HANDLERS[kind](self, value)
        elif isinstance(value, type):
            yield from self._class(value)
        elif kind.__module__ == "numpy" and hasattr(value, "tobytes"):
            yield from self._array(value)
        elif cloned and hasattr(value, "get_params") and _is_cloned_by_settings(kind):
            yield from self._estimator(value)
        else:
            yield from self._reduced(value)

    def _mapping(self, value: Any) -> Iterator[Part]:
        """Equal mappings may have been filled in any order."""
        yield from sorted(self.of(key) + self.of(held) for key, held in value.items())

    def _array(self, value: Any) -> Iterator[Part]:
        yield f"{value.dtype} {value.shape}"
        yield self.of(value.tolist()) if value.dtype.hasobject else value.tobytes()

    def _estimator(self, value: Any) -> Iterator[Part]:
        yield self.of(type(value))
        yield from (self.of(key) + self.of(held, cloned=True) for key, held in sorted(value.get_params(deep=False).items()))
        # `clone` hands these on beside the settings.
        yield from (self.of(getattr(value, name, None)) for name in ("_metadata_request", "_sklearn_output_config"))

    def _class(self, value: type) -> Iterator[Part]:
        yield from namespace(value)
        if is_library(value):
            return
        yield from (self.of(base) for base in value.__bases__)
        yield self.of({name: held for name, held in vars(value).items() if name not in _OF_EVERY_CLASS})

    def _function(self, value: Any) -> Iterator[Part]:
        yield from namespace(value)
        if is_library(value):
            return
        yield self.of(value.__code__)
        yield self.of((value.__defaults__, value.__kwdefaults__, value.__dict__))
        yield from (_cell(self, cell) for cell in value.__closure__ or ())
        known = value.__globals__
        yield self.of({name: known[name] for name in sorted(reads(value.__code__)) if name in known})
        yield from (self.of(module) for module in imported(value))

    def _code(self, value: types.CodeType) -> Iterator[Part]:
        yield from code_parts(value)
        yield from (self.of(constant) for constant in value.co_consts)

    def _method(self, value: Any) -> Iterator[Part]:
        yield self.of(value.__func__)
        yield self.of(value.__self__)

    def _builtin(self, value: Any) -> Iterator[Part]:
        yield value.__qualname__
        yield self.of(value.__self__)

    def _property(self, value: property) -> Iterator[Part]:
        yield self.of((value.fget, value.fset, value.fdel))

    def _reduced(self, value: Any) -> Iterator[Part]:
        """Whatever pickles, by what it is made of again."""
        found = _reduction(value)
        if isinstance(found, str):
            # One of its kind, which pickles as a name.
            yield from (found, self.of(type(value)), self.of(getattr(value, "__dict__", None)))
            return
        made, arguments, *rest = found
        state, items, pairs = (*rest, None, None, None)[:3]
        yield self.of((made, arguments, state, None if items is None else list(items)))
        yield self.of(None if pairs is None else dict(pairs))


def _hash(parts: Any) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        # Its length keeps apart what stands side by side.
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.digest()


def _cell(contents: Contents, cell: Any) -> bytes:
    try:
        held = cell.cell_contents
    except ValueError:
        return _hash(["empty"])
    return contents.of(held)


def _reduction(value: Any) -> Any:
    try:
        known = copyreg.dispatch_table.get(type(value))
        return known(value) if known is not None else value.__reduce_ex__(4)
    except Exception as refused:
        raise Untold(type(value).__qualname__) from refused


def _is_cloned_by_settings(kind: type) -> bool:
    """Not where a class says itself how it is cloned, as that of frozen estimators."""
    own = getattr(kind, "__sklearn_clone__", None)
    return own is None or getattr(own, "__qualname__", "") == "BaseEstimator.__sklearn_clone__"


_OF_EVERY_CLASS = frozenset(
    "__dict__ __weakref__ __module__ __qualname__ __doc__ __annotations__ __annotate_func__ __annotations_cache__ "
    "__abstractmethods__ _abc_impl __firstlineno__ __static_attributes__ __classcell__".split()
)

_HANDLERS: dict[type, Callable[[Contents, Any], Iterator[Part]]] = {
    types.FunctionType: Contents._function,
    types.CodeType: Contents._code,
    types.MethodType: Contents._method,
    types.BuiltinMethodType: Contents._builtin,
    types.MethodWrapperType: Contents._builtin,
    types.ModuleType: lambda contents, value: module_parts(value),
    property: Contents._property,
    staticmethod: lambda contents, value: iter([contents.of(value.__func__)]),
    classmethod: lambda contents, value: iter([contents.of(value.__func__)]),
    # A cache around a function pickles as its name alone.
    functools._lru_cache_wrapper: lambda contents, value: iter([contents.of(value.__wrapped__)]),
    functools.cached_property: lambda contents, value: iter([contents.of(value.func)]),
    types.MemberDescriptorType: lambda contents, value: iter([value.__name__]),
    types.GetSetDescriptorType: lambda contents, value: iter([value.__name__]),
    types.MethodDescriptorType: lambda contents, value: iter([value.__objclass__.__qualname__, value.__name__]),
    types.WrapperDescriptorType: lambda contents, value: iter([value.__objclass__.__qualname__, value.__name__]),
}
