"""What the jobs give: each is the JSON that the command prints, with names for what is read most, and a table for people."""

from __future__ import annotations

import json
from typing import Any

from ._equipoise import Table
from ._model import Model
from ._show import Shown, estimate, html, text


class Result:
    """A frozen result. `to_dict` is the whole of it, with the keys of the file of the same name in a run folder."""

    __slots__ = ("_data",)
    _data: dict[str, Any]

    def __init__(self, data: dict[str, Any]) -> None:
        object.__setattr__(self, "_data", data)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a {type(self).__name__} cannot be changed")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a {type(self).__name__} cannot be changed")

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return (type(self), (self._data,))

    def to_dict(self) -> dict[str, Any]:
        """A copy of everything, as plain data."""
        copy: dict[str, Any] = json.loads(json.dumps(self._data))
        return copy

    def _shown(self) -> Shown:
        raise NotImplementedError

    def __repr__(self) -> str:
        return text(self._shown())

    def _repr_html_(self) -> str:
        return html(self._shown())


class Profile(Result):
    """What labelled texts are like."""

    __slots__ = ()

    @property
    def n(self) -> int:
        """The number of rows."""
        return int(self._data["n"])

    @property
    def imbalance_ratio(self) -> float:
        """How many times as many rows the largest label has as the smallest."""
        return float(self._data["imbalance_ratio"])

    @property
    def labels(self) -> dict[str, dict[str, Any]]:
        """What is known of each label, by its name; the largest first."""
        return {entry["label"]: entry for entry in self._data["labels"]}

    @property
    def n_duplicates(self) -> int:
        """Rows that repeat an earlier one."""
        return int(self._data["n_duplicates"])

    @property
    def conflicts(self) -> list[dict[str, Any]]:
        """Texts that stand with several labels."""
        return list(self._data["conflicts"])

    def _shown(self) -> Shown:
        d = self._data
        rows = [
            [e["label"], str(e["n"]), f"{e['share']:.1%}", str(e["words"]["median"]), str(e["n_duplicates"])]
            for e in d["labels"]
        ]
        title = f"{self.n} rows, {len(rows)} labels; the largest has {self.imbalance_ratio:.1f} times the rows of the smallest"
        return Shown(title, ["label", "rows", "share", "words", "duplicates"], rows, self._foot())

    def _foot(self) -> str:
        d = self._data
        found = [f"{self.n_duplicates} duplicates", f"{len(self.conflicts)} texts with conflicting labels"]
        if d.get("n_near_duplicates"):
            found.append(f"{d['n_near_duplicates']} more have a near-duplicate")
        if d.get("n_also_held_out"):
            found.append(f"{d['n_also_held_out']} rows are also among the {d['n_held_out']} test rows")
        return "; ".join(found)


class Plan(Result):
    """What a run would ask and cost: `cost` is the sentence that a person consents to."""

    __slots__ = ("cost", "is_free")
    cost: str
    is_free: bool

    def __init__(self, data: dict[str, Any], cost: str, is_free: bool) -> None:
        super().__init__(data)
        object.__setattr__(self, "cost", cost)
        object.__setattr__(self, "is_free", is_free)

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return (Plan, (self._data, self.cost, self.is_free))

    def _shown(self) -> Shown:
        keys = ("label", "have", "target", "wanted", "n_requests")
        helps = {outlook["label"]: outlook["help"] or "too few rows to tell" for outlook in self._data.get("outlook", [])}
        rows = [[*(str(label[key]) for key in keys), helps.get(label["label"], "")] for label in self._data["labels"]]
        head = ["label", "have", "target", "to make", "requests", "texts help"]
        return Shown(f"plan for {self._data['model']}", head, rows, self.cost)


class Checked(Result):
    """What the checks say of synthetic rows: the rows that are kept, and a finding for each warning and rejection."""

    __slots__ = ("findings", "kept")
    kept: Table
    findings: Table

    def __init__(self, data: dict[str, Any], kept: Table, findings: Table) -> None:
        super().__init__(data)
        object.__setattr__(self, "kept", kept)
        object.__setattr__(self, "findings", findings)

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return (Checked, (self._data, self.kept, self.findings))

    def _shown(self) -> Shown:
        rows = [
            [e["label"], str(e["n_candidates"]), str(e["n_kept"]), ", ".join(f"{why} {n}" for why, n in dict(e["rejected_by"]).items())]
            for e in self._data["labels"]
        ]
        n = sum(e["n_candidates"] for e in self._data["labels"])
        return Shown(f"{len(self.kept)} of {n} rows kept", ["label", "rows", "kept", "rejected by"], rows)


class Evaluation(Result):
    """What each way of training does on held-out real rows."""

    __slots__ = ("model",)
    model: Model | None

    def __init__(self, data: dict[str, Any], model: Model | None = None) -> None:
        super().__init__(data)
        object.__setattr__(self, "model", model)

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return (Evaluation, (self._data, self.model))

    @property
    def verdict(self) -> dict[str, Any]:
        """Whether the synthetic rows are worth using: `arm`, `use_synthetic`, `headline` and `reason`, a sentence or two."""
        return dict(self._data["verdict"])

    @property
    def arms(self) -> dict[str, dict[str, Any]]:
        """Each way of training by its name; of several learners the first."""
        found: dict[str, dict[str, Any]] = {}
        for arm in self._data["arms"]:
            found.setdefault(arm["name"], arm)
        return found

    @property
    def contrasts(self) -> list[dict[str, Any]]:
        """Differences between arms, paired on the same held-out rows."""
        return list(self._data["contrasts"])

    @property
    def notes(self) -> list[str]:
        """What a reader has to know."""
        return list(self._data["notes"])

    def _shown(self) -> Shown:
        rows = [
            [
                ("→ " if arm["chosen"] else "") + arm["name"],
                arm["learner"],
                str(arm["n_synthetic"]),
                estimate(arm["macro_f1"]),
                estimate(arm["accuracy"]),
            ]
            for arm in self._data["arms"]
        ]
        n, verdict = self._data["held_out"]["n"], self._data["verdict"]
        in_turn = self._data["design"] == "cross_validation"
        rows_that_judge = f"all {n + self._data['train']['n']} real rows in turn" if in_turn else f"{n} held-out rows"
        title = f"{verdict['headline']} On {rows_that_judge}:"
        return Shown(title, ["arm", "learner", "synthetic", "macro-F1", "accuracy"], rows, verdict["reason"])
