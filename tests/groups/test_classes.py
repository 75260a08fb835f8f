"""Equivalence classes, against a count in plain Python."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skanon._groups import (
    as_counts,
    encode_sensitive,
    group_codes,
    group_columns,
)
from skanon.exceptions import ColumnError

VALUES = st.sampled_from(["a", "b", None])
ROWS = st.lists(
    st.tuples(VALUES, VALUES, VALUES, st.sampled_from(["x", "y", "z"])),
    min_size=1,
    max_size=30,
)


def arrays(rows):
    """Return the quasi-identifiers and the sensitive column of rows."""
    *columns, secret = zip(*rows, strict=True)
    return [pa.array(c, pa.string()) for c in columns], encode_sensitive(
        pa.array(secret)
    )


def dense(histogram):
    out = np.zeros((len(histogram.class_sizes), len(histogram.overall)), int)
    out[histogram.classes, histogram.values] = histogram.counts
    return out


@given(ROWS, st.sampled_from(["own_category", "wildcard"]), st.booleans())
def test_incomplete_records_are_counted(rows, missing, has_weights):
    """Rows in which all is missing are suppressed; of others, some lack a value."""
    weights = np.arange(len(rows)) % 3
    subset = np.arange(len(rows)) % 2 == 0
    classes = group_columns(
        arrays(rows)[0],
        missing=missing,
        weights=weights if has_weights else None,
        subset=subset if has_weights else None,
    )
    counts = weights * subset if has_weights else np.ones(len(rows), int)
    assert classes.n_incomplete == sum(
        count
        for row, count in zip(rows, counts, strict=True)
        if None in row[:3] and set(row[:3]) != {None}
    )


@given(ROWS)
def test_sizes_and_labels_agree_with_a_counter(rows):
    columns, secret = arrays(rows)
    classes = group_columns(
        columns, suppressed=np.zeros(len(rows), bool), sensitive={"s": secret}
    )
    counter = Counter(row[:3] for row in rows)
    assert sorted(classes.members) == sorted(counter.values())
    assert classes.n_classes == len(counter)
    assert classes.to_rows(classes.sizes, fill=0).tolist() == [
        counter[row[:3]] for row in rows
    ]
    assert len(set(zip(classes.labels, (r[:3] for r in rows), strict=True))) == len(
        counter
    )
    pairs = Counter(
        (label, row[3]) for label, row in zip(classes.labels, rows, strict=True)
    )
    values = secret.values.to_pylist()
    table = dense(classes.histogram())
    assert all(table[c, values.index(v)] == n for (c, v), n in pairs.items())
    assert table.sum() == len(rows)


@given(ROWS)
def test_wildcards_agree_with_a_comparison_of_all_pairs(rows):
    columns, secret = arrays(rows)
    classes = group_columns(
        columns,
        missing="wildcard",
        suppressed=np.zeros(len(rows), bool),
        sensitive={"s": secret},
    )

    def match(a, b):
        return all(x == y or None in (x, y) for x, y in zip(a[:3], b[:3], strict=True))

    expected = [sum(match(a, b) for b in rows) for a in rows]
    assert classes.to_rows(classes.sizes, fill=0).tolist() == expected
    table = dense(classes.histogram("s"))[classes.labels]
    for j, value in enumerate(secret.values.to_pylist()):
        assert table[:, j].tolist() == [
            sum(match(a, b) for b in rows if b[3] == value) for a in rows
        ]


@settings(deadline=None)
@given(ROWS, st.data(), st.sampled_from(["own_category", "wildcard"]))
def test_a_weight_is_a_number_of_copies(rows, data, missing):
    counts = data.draw(
        st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows)).filter(any)
    )
    subset = np.array(
        data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    )
    copies = np.repeat(np.arange(len(rows)), counts)
    columns, secret = arrays(rows)
    few = group_columns(
        columns,
        weights=as_counts(np.array(counts, float)),
        missing=missing,
        subset=subset,
        sensitive={"s": secret},
    )
    columns, secret = arrays([rows[i] for i in copies])
    many = group_columns(
        columns, missing=missing, subset=subset[copies], sensitive={"s": secret}
    )
    for name in ("n_records", "n_suppressed", "n_classes"):
        assert getattr(few, name) == getattr(many, name)
    for name in ("members", "sizes", "population_sizes"):
        of_rows = few.to_rows(getattr(few, name), fill=-1)[copies]
        assert of_rows.tolist() == many.to_rows(getattr(many, name), fill=-1).tolist()
    assert sorted(few.histogram().counts) == sorted(many.histogram().counts)
    assert few.histogram().overall.sum() == many.histogram().overall.sum()


def test_many_wide_columns_do_not_overflow():
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 2, (500, 3))
    wide = [codes[:, j % 3] * (2**30 - 1) for j in range(60)]
    classes = group_codes(wide, [2**30] * 60)
    _, expected = np.unique(codes, axis=0, return_counts=True)
    assert sorted(classes.members) == sorted(expected)


@pytest.mark.parametrize(
    ("low", "high", "kind"),
    [
        (0, 2**20, np.int64),
        (-(2**30), 2**30, np.int32),
        (0, 2**50, np.int64),
        (-(2**60), 2**60 - 1, np.int64),
        (-(2**63), 2**63 - 1, np.int64),
        (2**63, 2**64 - 1, np.uint64),
    ],
)
@pytest.mark.parametrize("n_columns", [1, 3])
@pytest.mark.parametrize("missing", [False, True])
def test_integers_that_are_nearly_all_different(low, high, kind, n_columns, missing):
    rng = np.random.default_rng(0)
    values = rng.integers(low, high, (2000, n_columns), dtype=kind, endpoint=True)
    values[0], values[1] = low, high
    values[2:500] = values[500:998]
    values[500:600, -1] = low  # these differ in the first columns alone
    values[600:700, :-1] = high
    values[600:700, -1] = values[1, -1] - np.arange(100, dtype=kind)
    is_missing = np.zeros(2000, bool)
    is_missing[2:300] = missing
    columns = [pa.array(values[:, j].copy(), mask=is_missing) for j in range(n_columns)]
    classes = group_columns(columns, suppressed=np.zeros(2000, bool))
    rows = [
        None if gone else tuple(row)
        for row, gone in zip(values, is_missing, strict=True)
    ]
    counts = Counter(rows)
    found = classes.to_rows(classes.members, fill=0)
    assert found.tolist() == [counts[row] for row in rows]
    assert classes.n_classes == len(counts)


@pytest.mark.parametrize("span", [1, 3, 10**6])  # one class, counters, a sort
def test_the_ways_of_counting_agree(span):
    rng = np.random.default_rng(0)
    codes = rng.integers(0, span, (1000, 2))
    classes = group_codes(codes.T, [span, span])
    uniques, expected = np.unique(codes, axis=0, return_counts=True)
    assert classes.members.tolist() == expected.tolist()
    weighted = group_codes(codes.T, [span, span], weights=np.full(1000, 2))
    assert weighted.members.tolist() == (2 * expected).tolist()
    assert (codes[classes.first_rows] == uniques).all()


def test_suppressed_records_are_in_no_class_but_in_the_table():
    mask = np.array([True, False, False])
    secret = encode_sensitive(pa.array(["x", "y", "y"]))
    classes = group_columns(
        [pa.array(["a", "a", "b"])], suppressed=mask, sensitive={"s": secret}
    )
    assert classes.labels.tolist() == [-1, 0, 1]
    assert classes.members.tolist() == [1, 1]
    assert (classes.n_records, classes.n_suppressed) == (3, 1)
    assert classes.histogram().overall.tolist() == [1, 2]


def test_a_record_without_any_quasi_identifier_is_suppressed_unless_told_otherwise():
    columns = [pa.array([None, None, "a"]), pa.array([None, 1, 1])]
    assert group_columns(columns).labels.tolist() == [-1, 1, 0]
    told = group_columns(columns, suppressed=np.zeros(3, bool))
    assert told.n_classes == 3


def test_a_subset_gives_two_sizes():
    classes = group_codes(
        [np.array([0, 0, 1, 2])], [3], subset=np.array([True, False, True, False])
    )
    assert classes.members.tolist() == [1, 1, 0]
    assert classes.population_sizes.tolist() == [2, 1, 1]
    assert classes.n_records == 2


def test_whole_weights_give_whole_sizes():
    codes = [np.array([0, 0, 1])]
    whole = group_codes(codes, [2], weights=as_counts(np.array([1.0, 2.0, 3.0])))
    assert whole.members.dtype.kind == "i"
    half = group_codes(codes, [2], weights=as_counts(np.array([0.5, 2.0, 3.0])))
    assert half.members.tolist() == [2.5, 3.0]
    for large in (1e300, 2.0**63, 2.0**53):
        huge = group_codes(codes, [2], weights=as_counts(np.array([large, 0, 3])))
        assert huge.members.tolist() == [large, 3]


def test_weights_whose_sum_no_integer_holds_are_floats():
    weights = as_counts(np.full(4096, 2.0**52))
    classes = group_codes([np.zeros(4096, int)], [1], weights=weights)
    assert classes.members.tolist() == [2.0**64]
    assert classes.n_records == 2.0**64
    assert classes.n_suppressed == 0


@pytest.mark.parametrize("weights", [None, np.array([1, 2]), np.array([0.5, 2])])
def test_numbers_of_records_are_python_numbers(weights):
    gone = np.array([True, False])
    classes = group_codes([np.zeros(2, int)], [1], weights=weights, suppressed=gone)
    kind = float if weights is not None and weights.dtype.kind == "f" else int
    assert type(classes.n_records) is type(classes.n_suppressed) is kind


def test_values_of_classes_may_be_rows():
    gone = np.array([False, False, True])
    classes = group_codes([np.array([1, 0, 1])], [2], suppressed=gone)
    pairs = np.array([[1, 2], [3, 4]])
    assert classes.to_rows(pairs, fill=0).tolist() == [[3, 4], [1, 2], [0, 0]]


def test_sum_adds_a_number_over_the_records_of_a_class():
    codes = [np.array([0, 0, 1])]
    assert group_codes(codes, [2]).sum(np.array([0.5, 1.0, 4.0])).tolist() == [1.5, 4]


def test_the_sensitive_column_meant_must_be_clear():
    secret = encode_sensitive(pa.array(["x"]))
    codes, one = ([np.zeros(1, int)], [1]), {"a": secret}
    assert group_codes(*codes, sensitive=one).sensitive_name() == "a"
    two = group_codes(*codes, sensitive={**one, "b": secret})
    assert two.sensitive_name("b") == "b"
    with pytest.raises(ColumnError, match="There are 2 sensitive columns"):
        two.histogram()
    with pytest.raises(ColumnError, match="'c' is not among the sensitive columns"):
        two.histogram("c")
    with pytest.raises(ColumnError, match="none is given"):
        group_codes(*codes).histogram()
