"""What a table can do without another package, and with pandas."""

import pytest

from equipoise import Table


def test_rows_are_dicts_and_a_notebook_shows_the_first_escaped():
    table = Table.from_columns([("text", [f"<b>{i}</b>" for i in range(12)]), ("label", ["x", None] * 6)])
    assert len(table) == 12 and list(table)[1] == {"text": "<b>1</b>", "label": None}
    html = table._repr_html_()
    assert "&lt;b&gt;9&lt;/b&gt;" in html and "<b>9" not in html and "&gt;10&lt;" not in html and "2 more" in html
    assert list(Table.from_columns([])) == []


def test_a_data_frame_has_the_types_of_the_columns(rows, tmp_path):
    import equipoise

    pd, _ = pytest.importorskip("pandas"), pytest.importorskip("pyarrow")
    (texts, labels), _ = rows
    frame = pd.DataFrame({"text": texts, "label": [len(label) for label in labels]})
    run = equipoise.run(frame, label_to={8: 25}, evaluate=False, out=tmp_path / "run")
    augmented = run.augmented.to_pandas()
    assert augmented["label"].tolist()[: len(frame)] == frame["label"].tolist() and len(augmented) == len(run.augmented)
