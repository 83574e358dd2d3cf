"""Data sets of the hub in, and runs out as the hub lays them out."""

import pytest

import equipoise

datasets = pytest.importorskip("datasets")
pa = pytest.importorskip("pyarrow")


@pytest.fixture(scope="module")
def run(rows, tmp_path_factory):
    (texts, labels), _ = rows
    names = sorted(set(labels))
    features = datasets.Features({"text": datasets.Value("string"), "label": datasets.ClassLabel(names=names)})
    numbers = [names.index(label) for label in labels]
    hub = datasets.Dataset.from_dict({"text": texts, "label": numbers}, features=features)
    return equipoise.run(hub, label_to={"surprise": 25}, evaluate=False, out=tmp_path_factory.mktemp("hub") / "run")


def test_class_labels_go_out_as_they_came_in(run, rows):
    (texts, _), _ = rows
    out = datasets.Dataset(pa.table(run.augmented))
    assert out.num_rows == len(texts) + len(run.synthetic) > len(texts)
    assert out.features["label"].names == ["anger", "joy", "surprise"]
    assert set(equipoise.profile(out).labels) == {"anger", "joy", "surprise"}
    assert set(run.synthetic.column("label")) == {"surprise"}


def test_a_run_is_written_as_the_hub_lays_data_sets_out(run):
    told = run.push(license="mit")
    assert told["url"] is None and (run.folder / "hub/README.md").read_text("utf-8").startswith("---\n")
    assert dict(told["splits"])["default/train"] == len(run.augmented)
