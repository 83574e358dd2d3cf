"""Balance labelled texts with generated rows, and see on held-out real rows what they did to every label.

Rows are a data frame, an Arrow table, a path, a list of dicts, or a tuple (texts, labels).

    profile(df, test=test)              what is wrong with the rows
    plan(df, label_to={"rare": 600})    what a run would ask and cost; sends nothing
    run(df, test=test, label_to=…)      the whole job, in a folder; `resume` goes on with it, `Run` opens it
    check(df, theirs)                   which of the rows from anywhere are sound
    evaluate(df, theirs, test=test)     what they do on held-out real rows
    items("learners")                   what there is of learners, arms, checks, providers …

`help(equipoise.run)` lists every option. `equipoise.sklearn` has a sampler and a classifier, `equipoise.ray` what runs on a cluster.

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
