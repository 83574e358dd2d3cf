"""Whatever a table holds and whatever holds it, the answer is a profile or an `InputError`."""

import random

import pytest

import equipoise

pa = pytest.importorskip("pyarrow")
pl = pytest.importorskip("polars")
pytest.importorskip("pandas")

WORDS = ["good day", "bad film", "", "  ", "\x00", "é\u200b", "NaN", "a" * 300, "x,y;z\t\n", "🙂", "-1", "null"]


def column(r, n, kinds=18):
    none = r.choice([0.0, 0.1, 0.9] if kinds == 18 else [0.0, 0.0, 0.0, 0.1])
    cells = lambda make: [None if r.random() < none else make() for _ in range(n)]
    kind = r.randrange(kinds)
    if kind < 6:
        return pa.array(cells(lambda: r.choice(WORDS) + (str(r.randrange(40)) if r.random() < 0.9 else "")), r.choice([pa.string(), pa.large_string(), pa.string_view()]))
    if kind < 8:
        return pa.array(cells(lambda: r.choice("abc"))).dictionary_encode()
    return [
        lambda: pa.array(cells(lambda: r.randrange(-3, 3)), r.choice([pa.int8(), pa.int64()])),
        lambda: pa.array(cells(lambda: r.choice([0.5, float("nan"), float("inf")]))),
        lambda: pa.array(cells(lambda: r.random() < 0.5)),
        lambda: pa.array(cells(lambda: bytes([r.randrange(256)] * 3)), r.choice([pa.binary(), pa.binary_view()])),
        lambda: pa.array(cells(lambda: [r.choice(WORDS)])),
        lambda: pa.array(cells(lambda: {"a": 1, "b": r.choice(WORDS)})),
        lambda: pa.nulls(n),
        lambda: pa.array(cells(lambda: r.randrange(10**9)), pa.timestamp("us", "UTC")),
        lambda: pa.array(cells(lambda: [("k", 1)]), pa.map_(pa.string(), pa.int64())),
        lambda: pa.array([r.randrange(3) for _ in range(n)]).dictionary_encode() if n else pa.nulls(0),
    ][kind - 8]()


def table(r):
    n = r.choice([0, 1, 2, 5, 40, 40, 40])
    names = r.sample(["text", "label", "TEXT", "Label", "source", "source_id", "x", "", "a b", "\x1b[2J"], r.randrange(0, 6))
    if r.random() < 0.1 and names:
        names.append(names[0])
    if r.random() < 0.5:
        # What somebody might mean: texts, labels that are texts or categories, and whatever else.
        names = ["text", "label", *(name for name in names if name not in ("text", "label"))]
        columns = [column(r, n, 6), column(r, n, 8), *(column(r, n) for _ in names[2:])]
    else:
        columns = [column(r, n) for _ in names]
    made = pa.table(columns, names=names) if names else pa.table({})
    if r.random() < 0.3 and names:
        made = pa.concat_tables([made, made.slice(n // 2)])
    if r.random() < 0.3:
        made = made.slice(r.randrange(3), r.randrange(40))
    return held(r, made)


def held(r, made):
    """The table in one of the things that people hold tables in."""
    kind = r.choice(["table", "table", "reader", "dicts", "pandas", "polars"])
    if kind == "reader":
        return pa.RecordBatchReader.from_batches(made.schema, made.to_batches(max_chunksize=3))
    if kind == "dicts" and made.num_rows:
        return made.to_pylist()
    if kind in ("pandas", "polars"):
        try:
            return made.to_pandas() if kind == "pandas" else pl.from_arrow(made)
        except Exception:
            # Not every library has every type, or takes a name twice.
            return made
    return made


@pytest.mark.filterwarnings("ignore:(train|test). (columns that|of columns):UserWarning")
@pytest.mark.parametrize("n", [200, pytest.param(2000, marks=pytest.mark.slow)])
def test_a_random_table_is_profiled_or_is_an_input_error(n):
    answers = errors = 0
    for seed in range(n):
        r = random.Random(seed)
        try:
            equipoise.profile(table(r), test=table(r) if r.random() < 0.2 else None, progress=False)
            answers += 1
        except equipoise.InputError as error:
            assert str(error) and error.hint, seed
            errors += 1
    print(f"{answers} profiles, {errors} input errors")
    assert answers > n / 10 and errors > n / 10, (answers, errors)
