"""The blocks of `docs/python.md` run as they stand, but for the model that costs."""

import importlib.util
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "docs/python.md"


def test_the_tasks_of_the_page_run(tmp_path, monkeypatch):
    pd = pytest.importorskip("pandas")
    for package in ("imblearn", "pyarrow"):
        pytest.importorskip(package)
    from conftest import made_texts

    frame = lambda seed, **counts: pd.DataFrame(dict(zip(("text", "label"), made_texts(seed, counts))))
    names = {
        "df": frame(1, delivery=60, refund=20),
        "test": frame(2, delivery=60, refund=50),
        "theirs": frame(3, refund=10),
    }
    monkeypatch.chdir(tmp_path)
    # Each evaluation of the page draws fewer resamples than a person would want.
    Path("recipe.toml").write_text("[evaluate]\nresamples = 100\n")
    page = re.sub(r"<!-- skip: .*? -->\n```python\n.*?^```$", "", PAGE.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    blocks = re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 8
    has_datasets = importlib.util.find_spec("datasets") is not None
    for block in (block for block in blocks if has_datasets or "import datasets" not in block):
        free = block.replace('model="openai/gpt-4.1-mini", budget=2, yes=True', 'recipe="recipe.toml"')
        exec(compile(free, str(PAGE), "exec"), names)
    assert len(names["scores"]) == 3 and names["run"].verdict["reason"]
    assert len(names["checked"].kept) > 0
    assert not has_datasets or names["balanced"].num_rows > 80
