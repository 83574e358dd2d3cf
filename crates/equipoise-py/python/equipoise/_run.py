"""Runs: a folder with everything about one job."""

from __future__ import annotations

import json
from os import PathLike
from pathlib import Path
from typing import Any

from . import _equipoise as native
from ._equipoise import Table
from ._errors import UsageError
from ._folders import path
from ._model import Model
from ._progress import Progress, listener
from ._results import Evaluation, Result
from ._show import Shown


class Run(Result):
    """A run in its folder. `Run("runs/table-1")` opens one that was made before, also by the command."""

    __slots__ = ("folder", "notes")
    folder: Path
    notes: list[str]

    def __init__(self, folder: str | PathLike[str], notes: list[str] | None = None) -> None:
        super().__init__({})
        object.__setattr__(self, "folder", path(folder, "folder"))
        object.__setattr__(self, "notes", notes or [])
        if not (self.folder / "run.json").exists():
            raise UsageError(f"{self.folder} holds no run: it has no run.json", "name the folder that equipoise.run(…) gave")

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return (Run, (str(self.folder), self.notes))

    def to_dict(self) -> dict[str, Any]:
        """What the JSON files of the folder hold, by their names without the ending."""
        names = ("run", "plan", "profile", "selection", "spent", "evaluation")
        found = {name: self._file(f"{name}.json") for name in names}
        return {"dir": str(self.folder), **{name: data for name, data in found.items() if data is not None}}

    def _file(self, name: str) -> Any:
        file = self.folder / name
        return json.loads(file.read_text("utf-8")) if file.exists() else None

    @property
    def evaluation(self) -> Evaluation | None:
        """What the texts did on held-out rows; `None` where nothing was held out, or the run is not finished."""
        data = self._file("evaluation.json")
        return None if data is None else Evaluation(data, self.model)

    @property
    def verdict(self) -> dict[str, Any] | None:
        """The verdict of the evaluation."""
        data = self._file("evaluation.json")
        return None if data is None else dict(data["verdict"])

    @property
    def model(self) -> Model | None:
        """The fitted model of the arm that was chosen; `None` where nothing was evaluated or it cannot be saved."""
        return Model(self.folder) if (self.folder / "model.bin").exists() else None

    @property
    def synthetic(self) -> Table:
        """The texts that are used: `text`, `label`, `source_id`, `generator` and `candidate`."""
        return native.synthetic(self.folder)

    @property
    def augmented(self) -> Table:
        """The training rows with the synthetic rows behind them. Of files other than Arrow it has text and label; the file itself is
        `augmented.*` in the folder."""
        return native.augmented(self.folder)

    @property
    def report(self) -> Path:
        """The page that tells everything; rendered again where it is missing."""
        page = self.folder / "report.html"
        if not page.exists():
            native.report(self.folder)
        return page

    def replay(self, check: bool = False, *, progress: Progress = None) -> list[str]:
        """Rebuilds every derived file from the answers and asks nothing; with `check` compares them byte for byte. Gives their names."""
        with listener(progress) as on_event:
            return native.replay(self.folder, check, on_event)

    def review(self) -> None:
        """Serves the page on which people accept, reject, relabel or edit the texts, until Ctrl-C; `replay` applies what they decide."""
        import subprocess
        import sys

        subprocess.run([sys.executable, "-m", "equipoise", "review", str(self.folder)], check=False)

    def push(
        self,
        repo: str | None = None,
        *,
        to: str | PathLike[str] | None = None,
        public: bool = False,
        license: str | None = None,
        progress: Progress = None,
    ) -> dict[str, Any]:
        """Writes the data sets with card and splits as the Hugging Face hub has them into the folder `to` (else `hub` in the run), and
        sends them to the data set `repo` (`OWNER/NAME`), where one is named. The token stands in `HF_TOKEN`; a new data set is
        private unless `public`. Gives `folder`, `files`, `splits` and `url`.
        """
        folder = path(to, "to") if to is not None else self.folder / "hub"
        with listener(progress) as on_event:
            told: dict[str, Any] = json.loads(native.push(self.folder, folder, (repo, public, license), on_event))
        return told

    def _shown(self) -> Shown:
        found = self.evaluation
        if found is None:
            names = sorted(file.name for file in self.folder.iterdir() if not file.name.startswith("."))
            return Shown(f"run in {self.folder}", ["file"], [[name] for name in names], "; ".join(self.notes))
        shown = found._shown()
        return shown._replace(title=f"run in {self.folder}. {shown.title}")
