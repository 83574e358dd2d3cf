"""Balance labelled texts with generated rows, and see on held-out real rows what they did to every label.

>>> import equipoise
>>> rows = (["good", "bad", "fine", "poor"] * 3, ["+", "-", "+", "-"] * 3)
>>> equipoise.profile(rows).imbalance_ratio
1.0
"""

from . import _table as _table
from ._equipoise import Table, __version__
from ._errors import (
    ConfigError,
    EquipoiseError,
    InputError,
    InternalError,
    Interrupted,
    OutputError,
    ProviderError,
    Stopped,
    UsageError,
)
from ._jobs import check, evaluate, items, plan, profile, resume, run
from ._model import Model
from ._results import Checked, Evaluation, Plan, Profile
from ._run import Run

__all__ = [
    "Checked",
    "ConfigError",
    "EquipoiseError",
    "Evaluation",
    "InputError",
    "InternalError",
    "Interrupted",
    "Model",
    "OutputError",
    "Plan",
    "Profile",
    "ProviderError",
    "Run",
    "Stopped",
    "Table",
    "UsageError",
    "__version__",
    "check",
    "evaluate",
    "items",
    "plan",
    "profile",
    "resume",
    "run",
]
