"""Code as data: what functions, classes and modules are, by their name where a package brings them, and by what they do where not."""

from __future__ import annotations

import dis
import functools
import importlib
import importlib.util
import site
import sys
import sysconfig
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Untold(Exception):
    """What a value holds cannot be told; the message names its type."""


def namespace(value: Any) -> Iterator[str | bytes]:
    """The name of a function or class, and what the package that brings it is."""
    yield value.__qualname__
    if is_library(value):
        yield from _origin(sys.modules[value.__module__])


def is_library(value: Any) -> bool:
    """Whether a package brings it, so that its name and the version of the package say what it does."""
    module = sys.modules.get(getattr(value, "__module__", None) or "")
    if module is None or not _is_installed(module):
        return False
    found: Any = module
    for name in value.__qualname__.split("."):
        found = getattr(found, name, None)
    # Another may be called the same: what is made within a function, or stands in the place of what it wraps.
    return found is value


def module_parts(module: types.ModuleType) -> Iterator[str | bytes]:
    """A module that a function names: a package by its version, a file of the user's own as it stands."""
    if _is_installed(module):
        yield from _origin(module)
        return
    for name, own in sorted(_reached(module).items()):
        path = getattr(own, "__file__", None)
        if not path or not Path(path).is_file():
            raise Untold(f"module {name}")
        yield name
        yield Path(path).read_bytes()


def _reached(module: types.ModuleType) -> dict[str, types.ModuleType]:
    """The user's own modules that this one uses, itself among them, and the loaded parts of a package."""
    found: dict[str, types.ModuleType] = {}
    open_ = [module]
    while open_:
        one = open_.pop()
        if one.__name__ in found or _is_installed(one):
            continue
        found[one.__name__] = one
        held = {v.__name__ if isinstance(v, types.ModuleType) else getattr(v, "__module__", None) for v in vars(one).values()}
        # A number that one part takes from another does not say where it is from.
        top = one.__name__.partition(".")[0]
        parts = {name for name in sys.modules if name.startswith(top + ".")}
        names = {name for name in held | parts if isinstance(name, str)} - found.keys()
        open_.extend(own for name in names if (own := sys.modules.get(name)) is not None)
    return found


def imported(function: Any) -> list[types.ModuleType]:
    """The modules that a function imports while it runs, also in the functions within it."""
    package = function.__globals__.get("__package__")
    return [_module(name, level, package) for name, level in sorted(_imports(function.__code__))]


def _imports(code: types.CodeType) -> set[tuple[str, int]]:
    steps = list(dis.get_instructions(code))
    found = {(step.argval, _level(steps[at - 2])) for at, step in enumerate(steps) if step.opname == "IMPORT_NAME"}
    return found.union(*(_imports(constant) for constant in code.co_consts if isinstance(constant, types.CodeType)))


def _level(step: dis.Instruction) -> int:
    """How many folders up a relative import begins: the first of the two values that stand before it."""
    return step.argval if isinstance(step.argval, int) else 0


def _module(name: str, level: int, package: str | None) -> types.ModuleType:
    try:
        whole = importlib.util.resolve_name("." * level + name, package) if level else name
        return importlib.import_module(whole)
    except Exception as refused:
        raise Untold(f"module {name}") from refused


def code_parts(code: types.CodeType) -> Iterator[str | bytes]:
    """What a piece of code does, but for its constants. Where it stands is no part of it."""
    yield from (code.co_name, code.co_code, code.co_exceptiontable)
    yield f"{code.co_argcount} {code.co_posonlyargcount} {code.co_kwonlyargcount} {code.co_flags}"
    yield from (" ".join(names) for names in (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars))


def reads(code: types.CodeType) -> set[str]:
    """The global names that a piece of code reads, also in the functions within it."""
    found = {step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    within = (reads(constant) for constant in code.co_consts if isinstance(constant, types.CodeType))
    return found.union(*within)


def _origin(module: types.ModuleType) -> Iterator[str | bytes]:
    """A module of a package: the version, and its file, since a package of one's own changes without another version."""
    yield module.__name__
    top = module.__name__.partition(".")[0]
    if top in sys.stdlib_module_names:
        return
    version = getattr(sys.modules.get(top), "__version__", None)
    yield version if isinstance(version, str) else ""
    path = Path(getattr(module, "__file__", None) or "")
    if path.suffix == ".py" and path.is_file():
        yield path.read_bytes()


def _is_installed(module: types.ModuleType) -> bool:
    if module.__name__.partition(".")[0] in sys.stdlib_module_names:
        return True
    path = getattr(module, "__file__", None) or ""
    return any(Path(path).is_relative_to(folder) for folder in _folders())


@functools.cache
def _folders() -> list[str]:
    paths = sysconfig.get_paths()
    known = {paths[name] for name in ("purelib", "platlib", "stdlib", "platstdlib")}
    # Where systems and `pip install --user` put packages.
    return sorted(known.union(site.getsitepackages(), [site.getusersitepackages()]))
