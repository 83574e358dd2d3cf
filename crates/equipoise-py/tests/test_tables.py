"""Whatever holds the rows, the figures are the same."""

import importlib.util
import json
import pickle

import pytest

import equipoise

pa = pytest.importorskip("pyarrow")


def containers(texts, labels, folder):
    import pandas as pd
    import polars as pl

    yield "lists", (texts, labels)
    yield "pandas", pd.DataFrame({"text": texts, "label": labels}, index=range(5, 5 + len(texts)))
    yield "polars", pl.DataFrame({"text": texts, "label": labels})
    table = pa.table({"text": texts, "label": labels})
    yield "pyarrow", table
    yield "dicts", [{"text": text, "label": label} for text, label in zip(texts, labels)]
    yield "columns", {"text": texts, "label": labels}
    yield "pandas, categories", pd.DataFrame({"text": texts, "label": pd.Categorical(labels)})
    yield "polars, categories", pl.DataFrame({"text": texts, "label": pl.Series(labels, dtype=pl.Categorical)})
    yield "pyarrow, a reader", pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=7))
    pl.DataFrame({"text": texts, "label": labels}).write_csv(folder / "rows.csv")
    yield "a path", folder / "rows.csv"
    if is_here("duckdb"):
        import duckdb

        yield "duckdb", duckdb.from_arrow(table)
    if is_here("datasets"):
        import datasets

        yield "datasets", datasets.Dataset.from_dict({"text": texts, "label": labels})
        names = sorted(set(labels))
        features = datasets.Features({"text": datasets.Value("string"), "label": datasets.ClassLabel(names=names)})
        numbers = [names.index(label) for label in labels]
        yield "datasets, class labels", datasets.Dataset.from_dict({"text": texts, "label": numbers}, features=features)


def is_here(package):
    return importlib.util.find_spec(package) is not None


def test_a_profile_does_not_depend_on_the_container(rows, tmp_path):
    (texts, labels), _ = rows
    seen = {name: json.dumps(equipoise.profile(table).to_dict()) for name, table in containers(texts, labels, tmp_path)}
    assert len(set(seen.values())) == 1, {name: value[:200] for name, value in seen.items()}


def test_an_evaluation_of_frames_is_the_commands_to_the_byte(rows, tmp_path, command):
    import polars as pl

    (texts, labels), (held, truth) = rows
    pl.DataFrame({"text": texts, "label": labels}).write_csv(tmp_path / "train")
    pl.DataFrame({"text": held, "label": truth}).write_csv(tmp_path / "test")
    # The name of the held-out rows stands in the file; a table is called what its argument is called.
    args = ["--train", "train", "--test", "test", "--format", "csv", "--recipe", "recipe.toml", "--out", "by-command"]
    (tmp_path / "recipe.toml").write_text("[evaluate]\nresamples = 100\n")
    (tmp_path / "test").rename(tmp_path / "test.csv")
    args[3] = "test.csv"
    done = command(*args, first="evaluate", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    wanted = (tmp_path / "by-command/evaluation.json").read_text().replace('"test.csv"', '"test"')
    for name, table in list(containers(texts, labels, tmp_path))[1:5]:
        out = tmp_path / name
        equipoise.evaluate(table, test=(held, truth), resamples=100, out=out)
        assert (out / "evaluation.json").read_text() == wanted, name
        assert (out / "model.bin").read_bytes() == (tmp_path / "by-command/model.bin").read_bytes(), name


def test_tables_go_out_to_every_library(rows):
    import pandas as pd
    import polars as pl

    (texts, labels), _ = rows
    made = [texts[0], "wow an unexpected letter today", "suddenly the twist was odd again"]
    checked = equipoise.check((texts, labels), (made, ["joy", "surprise", "surprise"]))
    assert pa.table(checked.kept).column_names == ["text", "label", "candidate"] == checked.kept.column_names
    assert pl.DataFrame(checked.kept).height == len(checked.kept)
    assert pd.DataFrame.from_arrow(checked.kept)["text"].tolist() == checked.kept.column("text")
    findings = pl.DataFrame(checked.findings)
    assert {"check", "reason", "outcome"} <= set(findings.columns)
    assert findings.filter(pl.col("outcome") == "reject").height >= 1
    again = pickle.loads(pickle.dumps(checked))
    assert again.to_dict() == checked.to_dict() and again.kept.column("text") == checked.kept.column("text")


def test_several_sources_of_synthetic_rows_are_one_list(rows):
    (texts, labels), _ = rows
    one = (["wow an unexpected letter today"], ["surprise"])
    two = (["suddenly the twist was odd again"], ["surprise"])
    assert len(equipoise.check((texts, labels), [one, two]).kept) == 2


def test_a_dataset_dict_brings_its_own_test_rows(rows):
    datasets = pytest.importorskip("datasets")

    (texts, labels), (held, truth) = rows
    split = lambda t, y: datasets.Dataset.from_dict({"text": t, "label": y})
    both = datasets.DatasetDict(train=split(texts, labels), test=split([*held, texts[0]], [*truth, labels[0]]))
    profile = equipoise.profile(both)
    assert profile.n == len(texts)
    assert profile.to_dict() == equipoise.profile((texts, labels), test=([*held, texts[0]], [*truth, labels[0]])).to_dict()


def test_cells_without_a_value_are_left_out_and_bad_tables_are_input_errors(rows):
    (texts, labels), _ = rows
    assert equipoise.profile(([None, float("nan"), *texts], ["x", "x", *labels])).n == len(texts)
    for bad in ((["a"], ["x", "y"]), ([], []), (["a", "b"], ["x", "x"])):
        with pytest.raises(equipoise.InputError):
            equipoise.profile(bad)
    with pytest.raises(equipoise.InputError, match="length"):
        equipoise.profile({"text": ["a"], "label": ["x", "y"]})
    nested = pa.table({"text": [["a"], ["b"]], "label": ["x", "y"]})
    with pytest.raises(equipoise.InputError, match="text"):
        equipoise.profile(nested, text="text", label="label")


def test_pandas_hands_frames_over_without_pyarrow_too(rows, monkeypatch):
    import pandas as pd

    (texts, labels), _ = rows
    frame = pd.DataFrame({"text": [*texts, None], "label": [*labels, "joy"], "n": range(len(texts) + 1)})
    with_pyarrow = equipoise.profile(frame).to_dict()
    monkeypatch.setattr(equipoise._frames, "has_pyarrow", lambda: False)
    assert equipoise.profile(frame).to_dict() == with_pyarrow
