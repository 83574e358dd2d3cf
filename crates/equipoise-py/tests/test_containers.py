"""What people hold rows in, and what only looks like rows."""

import pytest

import equipoise

np = pytest.importorskip("numpy")
pd = pytest.importorskip("pandas")
pytest.importorskip("pyarrow")

T = ["good day", "bad day", "fine film", "poor film", "great show", "awful show"]
L = ["+", "-", "+", "-", "+", "-"]
FRAME = pd.DataFrame({"text": T, "label": L})
WANTED = equipoise.profile((T, L)).to_dict()


@pytest.mark.parametrize(
    "rows",
    [
        list(zip(T, L)),
        zip(T, L),
        ({"text": text, "label": label} for text, label in zip(T, L)),
        ((text for text in T), iter(L)),
        FRAME.assign(meta=[1, "a", None, {}, [], 2.0]),
        FRAME.assign(features=[2**70, object(), 1j, None, {1}, ()]),
        pd.concat([FRAME, FRAME[["label"]].rename(columns={"label": "x"}), FRAME[["label"]].rename(columns={"label": "x"})], axis=1),
        {**FRAME.to_dict("list"), "meta": [1, "a", None, {}, [], 2.0]},
        {"text": np.array(T), "label": pd.Series(L), "vectors": np.zeros((6, 3))},
    ],
)
@pytest.mark.filterwarnings("ignore:train:UserWarning")
def test_what_people_hold_rows_in_is_taken(rows):
    assert equipoise.profile(rows).to_dict() == WANTED


@pytest.mark.parametrize(
    "rows, message",
    [
        (FRAME.to_dict(), "a dict stands where a list"),
        ((T, L, L), "a tuple of 3"),
        (({"text": "a b", "label": "x"}, {"text": "c d", "label": "y"}), "tuple of dicts"),
        ((FRAME, FRAME), "tuple of tables"),
        ({"train": FRAME, "test": FRAME}, "dict of tables"),
        (([text.encode() for text in T], L), "texts, row 1: bytes"),
        ((np.array(T, dtype="S"), L), "texts, row 1: bytes"),
        ((T, [b"x", b"y"] * 3), "labels, row 1: bytes"),
        ((np.array([[text] for text in T]), L), "2 dimensions"),
        ((FRAME[["text"]], L), "2 dimensions"),
        ((np.array("a"), np.array("b")), "0 dimensions"),
        ((T[:1] + [{"a": 1}] + T[2:], L), "texts, row 2: a dict"),
        ((T[:1] + [["a", "b"]] + T[2:], L), "texts, row 2: a list"),
        ([{"text": {"a": 1}, "label": "b"}, {"text": "x", "label": "c"}], "column `text`, row 1: a dict"),
        (pd.DataFrame({"text": [*T[1:], {"a": 1}], "label": L}), "column `text`, row 6: a dict"),
        (np.array([T, L]).T, "array of values"),
        (pd.Series(T), "a Series is an array of values"),
        (T, "a list of texts has no labels"),
        ([T, L], "a list of list"),
        ([], "no rows"),
        (FRAME[:0], "no rows"),
        ({"text": T, "label": 1}, "a int stands where a list"),
        ({"text": T, "label": L, "x": 1}, "column `x`: a int"),
        (pd.DataFrame([[a, b, a] for a, b in zip(T, L)], columns=["text", "label", "text"]), "several columns are called `text`"),
    ],
)
def test_what_only_looks_like_rows_is_refused_with_what_to_do(rows, message):
    with pytest.raises((equipoise.InputError, equipoise.UsageError), match=message) as caught:
        equipoise.profile(rows)
    assert caught.value.hint and str(caught.value).startswith("train")


def test_columns_that_are_not_taken_as_they_are_are_said():
    with pytest.warns(UserWarning, match="no type for are taken as texts: `meta`"):
        equipoise.profile(FRAME.assign(meta=[1, "a", None, {}, [], 2.0]))
    with pytest.warns(UserWarning, match="the first is taken: `x`"):
        equipoise.profile(pd.concat([FRAME, FRAME[["label"]].set_axis(["x"], axis=1), FRAME[["label"]].set_axis(["x"], axis=1)], axis=1))
    with pytest.warns(UserWarning, match="`label`"):
        mixed = equipoise.profile(pd.DataFrame({"text": T, "label": [1, "a", 1, "a", True, None]}))
    assert set(mixed.labels) == {"1", "a", "true"}


def test_labels_are_spelt_alike_in_every_container():
    cells = [True, False] * 3
    boxes = [
        (T, cells), (T, np.array(cells)), (T, np.array(cells, dtype=object)), list(zip(T, cells)), {"text": T, "label": cells},
        [{"text": text, "label": cell} for text, cell in zip(T, cells)], pd.DataFrame({"text": T, "label": cells}),
    ]
    assert [set(equipoise.profile(box).labels) for box in boxes] == [{"false", "true"}] * len(boxes)


def test_a_target_names_a_label_as_the_rows_have_it(rows):
    (texts, labels), _ = rows
    for label in ([name == "surprise" for name in labels], [int(name == "surprise") for name in labels]):
        for key in (label[labels.index("surprise")], np.array(label)[labels.index("surprise")]):
            for box in ((texts, label), pd.DataFrame({"text": texts, "label": label})):
                wanted = {entry["label"]: entry["target"] for entry in equipoise.plan(box, label_to={key: 40}).to_dict()["labels"]}
                assert wanted[str(key).lower()] == 40


def test_vectors_come_in_every_container(rows):
    vectors = [np.random.default_rng(seed).random((len(texts), 4)) for seed, (texts, _) in enumerate(rows)]
    options = {"embedding": "emb", "learner": "linear_features", "resamples": 100, "fits": "few", "progress": False}
    columns = [{"text": texts, "label": labels, "emb": found} for (texts, labels), found in zip(rows, vectors)]
    lists = [{**held, "emb": held["emb"].tolist()} for held in columns]
    frames = [pd.DataFrame(held) for held in lists]
    records = [frame.to_dict("records") for frame in frames]
    told = [equipoise.evaluate(train, test=test, **options).to_dict() for train, test in (frames, columns, lists, records)]
    assert told[0] == told[1] == told[2] == told[3]
    with pytest.raises(equipoise.InputError, match="row 1: a str is no vector"):
        equipoise.evaluate({**columns[0], "emb": ["x"] * len(vectors[0])}, **options)
    with pytest.raises(equipoise.InputError, match="differ in length"):
        equipoise.evaluate({**columns[0], "emb": vectors[0][:3]}, **options)


def test_no_synthetic_rows_are_said_as_such(rows):
    for nothing in (None, []):
        with pytest.raises(equipoise.UsageError, match="no synthetic rows"):
            equipoise.check(rows[0], nothing)
    with pytest.raises(equipoise.InputError, match="synthetic: .* no rows"):
        equipoise.check(rows[0], FRAME[:0])


def test_a_polars_column_of_nulls_alone_keeps_no_table_out():
    pl = pytest.importorskip("polars")
    rows = {"text": ["good day", "bad day", "good film", "bad film"], "label": list("abab")}
    profile = equipoise.profile(pl.DataFrame({**rows, "x": [None] * 4}))
    assert profile.to_dict() == equipoise.profile(pl.DataFrame(rows)).to_dict()
