"""Runs from tables: kept, resumed, replayed, predicted from."""

import pickle

import pytest

import equipoise


@pytest.fixture(scope="module")
def run(rows, tmp_path_factory):
    (texts, labels), test = rows
    events = []
    out = tmp_path_factory.mktemp("runs") / "run"
    made = equipoise.run(
        (texts, labels), test=test, label_to={"surprise": 40}, resamples=100, out=out, progress=events.append
    )
    phases = {event["data"] for event in events if event["event"] == "started"}
    assert {"read", "profile", "check", "evaluate", "write"} <= phases
    return made


def test_a_run_says_what_it_did(run):
    assert run.verdict["reason"] and run.verdict == run.evaluation.verdict
    assert "macro-F1" in repr(run) and "<table" in run._repr_html_() and run.report.exists()
    assert {"run", "plan", "selection", "evaluation"} <= set(run.to_dict())
    assert "none" in run.evaluation.arms and run.evaluation.contrasts and run.notes
    assert pickle.loads(pickle.dumps(run)).verdict == run.verdict


def test_its_rows_are_tables(run, rows):
    (texts, labels), _ = rows
    synthetic, augmented = run.synthetic, run.augmented
    assert 0 < len(synthetic) <= 20 and set(synthetic.column("label")) == {"surprise"}
    assert augmented.column("text") == texts + synthetic.column("text")
    assert augmented.column("label") == labels + synthetic.column("label")
    ids = set(equipoise._equipoise.row_ids(texts, labels))
    assert all(set(source.split()) <= ids for source in synthetic.column("source_id"))


def test_it_is_replayed_to_the_byte_and_resumed(run):
    assert "augmented.arrow" in run.replay(check=True)
    assert equipoise.resume(run.folder).verdict == run.verdict
    assert equipoise.Run(run.folder).verdict == run.verdict
    with pytest.raises(equipoise.UsageError, match="no run"):
        equipoise.Run(run.folder.parent)


def test_a_folder_that_holds_a_run_is_refused_and_force_and_fork_go_beside_it(run, rows):
    (texts, labels), _ = rows
    options = {"label_to": {"surprise": 22}, "evaluate": False}
    with pytest.raises(equipoise.EquipoiseError) as caught:
        equipoise.run((texts, labels), out=run.folder, **options)
    assert "equipoise.resume(" in caught.value.hint and "force=True" in caught.value.hint
    forced = equipoise.run((texts, labels), out=run.folder, force=True, **options)
    forked = equipoise.run((texts, labels), out=run.folder, fork=True, **options)
    assert len({run.folder, forced.folder, forked.folder}) == 3 and forced.evaluation is None


def test_its_model_speaks_scikit_learns_words(run, rows):
    np = pytest.importorskip("numpy")
    _, (held, truth) = rows
    model = run.model
    p = model.predict_proba(held)
    assert p.shape == (len(held), 3) and np.allclose(p.sum(axis=1), 1) and list(model.classes_) == sorted(model.classes_)
    assert (model.predict(held) == np.array(truth)).mean() > 0.8
    assert (pickle.loads(pickle.dumps(model)).predict_proba(held) == p).all()


def test_its_model_takes_texts_or_the_column_of_texts(run, rows):
    pd, pl, pa = pytest.importorskip("pandas"), pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    _, (held, truth) = rows
    wanted = run.model.predict(held).tolist()
    columns = {"label": truth, "text": held}
    series = pd.Series(held, index=range(7, 7 + len(held)))
    table = pa.table(columns)
    tables = [pd.DataFrame(columns), pd.DataFrame({"body": held}), pl.DataFrame(columns), table, equipoise.Table.from_columns(list(columns.items()))]
    for texts in (series, table["text"], series.to_numpy(), series.to_numpy().reshape(-1, 1), [[text] for text in held], *tables):
        assert run.model.predict(texts).tolist() == wanted
    assert run.model.predict_proba([]).shape == (0, 3)
    for wrong in ("one text", b"one", [None], ["a", 3], [["a", "b"]], {"text": held}, 3, pd.DataFrame({"a": held, "b": held})):
        with pytest.raises(equipoise.UsageError) as caught:
            run.model.predict(wrong)
        assert caught.value.hint


def test_a_run_stands_for_its_synthetic_rows(run, rows):
    train, test = rows
    assert len(equipoise.check(train, run).kept) == len(equipoise.check(train, run.synthetic).kept) > 0
    assert len(equipoise.check(train, [run, (["wow an odd letter"], ["surprise"])]).kept) > len(equipoise.check(train, run).kept)
    assert len(equipoise.check(train, str(run.folder)).kept) == len(equipoise.check(train, [run.folder]).kept) == len(equipoise.check(train, run).kept)
    by_run = equipoise.evaluate(train, run, test=test, resamples=100, fits="few").to_dict()
    assert by_run == equipoise.evaluate(train, run.synthetic, test=test, resamples=100, fits="few").to_dict()
