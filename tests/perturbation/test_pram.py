"""PRAM: categories change with the probabilities that are told."""

import numpy as np
import pandas as pd
import pytest

from skanon import PRAM
from skanon.exceptions import ColumnTypeError, PrivacyWarning, UnknownValueError

N = 60_000
SHARES = [0.55, 0.25, 0.15, 0.05]


@pytest.fixture
def table(rng):
    return pd.DataFrame({"city": rng.choice(["A", "B", "C", "D"], N, p=SHARES)})


def frequencies(column):
    return column.value_counts(normalize=True).sort_index().to_numpy()


def by_the_book(shares, pd, alpha, invariant):
    """Fill the matrix one probability at a time, as the docstring says."""
    m = len(shares)
    first = [[pd if i == k else (1 - pd) / (m - 1) for k in range(m)] for i in range(m)]
    out = np.zeros((m, m))
    for i in range(m):
        for j in range(m):
            moved = first[i][j]
            if invariant:
                moved = 0.0
                for k in range(m):
                    to_k = sum(first[n][k] * shares[n] for n in range(m))
                    moved += first[i][k] * first[j][k] * shares[j] / to_k
            out[i, j] = alpha * moved + (1 - alpha) * (i == j)
    return out


@pytest.mark.parametrize("invariant", [True, False])
@pytest.mark.parametrize(("pd_", "alpha"), [(0.8, 0.5), (0.3, 1.0), (0.0, 0.9)])
def test_the_matrix_is_that_of_the_book(table, pd_, alpha, invariant):
    pram = PRAM(pd=pd_, alpha=alpha, invariant=invariant).fit(table)
    shares = frequencies(table["city"])
    matrix = pram.transition_matrices_[0]
    np.testing.assert_allclose(matrix, by_the_book(shares, pd_, alpha, invariant))
    np.testing.assert_allclose(matrix.sum(axis=1), 1)
    assert (matrix >= 0).all()


@pytest.mark.parametrize("pd_", [0.0, 0.4, 0.8, 0.99])
def test_the_invariant_matrix_keeps_the_frequencies_in_expectation(table, pd_):
    shares = frequencies(table["city"])
    matrix = PRAM(pd=pd_, alpha=0.7).fit(table).transition_matrices_[0]
    np.testing.assert_allclose(shares @ matrix, shares)
    plain = PRAM(pd=pd_, alpha=0.7, invariant=False).fit(table).transition_matrices_[0]
    assert np.abs(shares @ plain - shares).max() > 1e-3


def test_frequencies_are_kept_in_the_output(table):
    out = PRAM(alpha=1.0, random_state=0).fit_transform(table)["city"]
    shares = frequencies(table["city"])
    error = np.sqrt(shares * (1 - shares) / N)
    assert (np.abs(frequencies(out) - shares) < 4 * error).all()
    assert (out != table["city"]).mean() > 0.2


def test_categories_change_as_often_as_the_matrix_says(table):
    pram = PRAM(pd=0.5, alpha=1.0, random_state=3).fit(table)
    out = pram.transform(table)["city"]
    seen = pd.crosstab(table["city"], out, normalize="index").to_numpy()
    matrix = pram.transition_matrices_[0]
    rows = table["city"].value_counts().sort_index().to_numpy()[:, np.newaxis]
    assert (np.abs(seen - matrix) < 4 * np.sqrt(matrix * (1 - matrix) / rows)).all()


def test_draws_are_new_each_time_without_a_seed_and_the_same_with_one(table):
    pram = PRAM().fit(table)
    assert (pram.transform(table) != pram.transform(table)).any(axis=None)
    pram = PRAM(random_state=1).fit(table)
    pd.testing.assert_frame_equal(pram.transform(table), pram.transform(table))


def test_columns_are_drawn_independently(table):
    X = table.assign(twin=table["city"])
    out = PRAM(pd=0.1, alpha=1.0).fit_transform(X)
    assert (out["city"] != out["twin"]).mean() > 0.3


def test_weighted_rows_are_repeated_rows():
    X = pd.DataFrame({"a": ["x", "y", "z", None, "y"], "b": [1, 2, 2, 3, 1]})
    weights = [3, 0, 2, 1, 4]
    weighted = PRAM(random_state=0).fit(X, sample_weight=weights)
    repeated = PRAM(random_state=0).fit(X.loc[np.repeat(X.index, weights)])
    for first, second in zip(
        weighted.transition_matrices_, repeated.transition_matrices_, strict=True
    ):
        np.testing.assert_array_equal(first, second)
    pd.testing.assert_frame_equal(weighted.transform(X), repeated.transform(X))


def test_every_kind_of_column_gets_its_own_categories_and_gaps_stay(frame):
    X = frame(
        {
            "city": ["A", "B", None, "A", "C"],
            "children": [0, 1, 2, None, 1],
            "smokes": [True, False, True, False, True],
            "kept": [1, 2, 3, 4, 5],
        }
    )
    pram = PRAM(pd=0.2, columns=["city", "children", "smokes"])
    out = pram.fit_transform(X)
    assert type(out) is type(X)
    for column in ("city", "children", "smokes"):
        before, after = frame.values(X, column), frame.values(out, column)
        assert [v is None for v in after] == [v is None for v in before]
        assert set(after) <= set(before)
    assert frame.values(out, "kept") == [1, 2, 3, 4, 5]


def test_categories_stay_categories():
    sizes = pd.Categorical(["S", "L", "M", "L"], ["S", "M", "L", "XL"], ordered=True)
    out = PRAM(pd=0.1).fit_transform(pd.DataFrame({"size": sizes}))["size"]
    assert out.dtype.ordered
    assert out.isin(["S", "M", "L"]).all()
    assert [*out.cat.categories] == ["S", "M", "L", "XL"]


def test_categories_that_no_row_has_stay_in_their_order():
    kind = pd.CategoricalDtype(["low", "unused", "high"], ordered=True)
    X = pd.DataFrame({"a": pd.Series(["low", "high"] * 5, dtype=kind)})
    pram = PRAM(random_state=0).fit(X)
    assert pram.transform(X)["a"].dtype == kind
    later = X.astype(pd.CategoricalDtype(["high", "low", "new"], ordered=True))
    assert pram.transform(later)["a"].dtype == kind


def test_numbers_are_known_whatever_their_type():
    pram = PRAM(pd=0.5).fit(pd.DataFrame({"a": [1, 2, 3]}))
    out = pram.transform(pd.DataFrame({"a": [1.0, np.nan, 3.0]}))["a"]
    assert out.isna().tolist() == [False, True, False]


def test_an_unknown_category_becomes_missing_or_an_error():
    X, new = pd.DataFrame({"a": ["x", "y"]}), pd.DataFrame({"a": ["x", "marker"]})
    out = PRAM().fit(X).transform(new)["a"]
    assert out.isna().tolist() == [False, True]
    with pytest.raises(UnknownValueError, match="1 values of column 'a'") as info:
        PRAM(handle_unknown="error").fit(X).transform(new)
    assert "marker" not in str(info.value)


def test_a_column_of_one_category_or_none_stays_so():
    X = pd.DataFrame({"a": ["x"] * 3, "b": [None] * 3, "c": [1, 2, 3]})
    pram = PRAM(pd=0.1, alpha=1.0)
    with pytest.warns(PrivacyWarning, match=r"\['a'\] have one category") as caught:
        out = pram.fit_transform(X)
    assert len(caught) == 1
    assert out["a"].tolist() == ["x"] * 3
    assert out["b"].isna().all()


def test_too_many_categories_are_refused():
    with pytest.raises(ValueError, match="'x0' has 1001 categories"):
        PRAM().fit(np.arange(1001)[:, np.newaxis])


def test_another_type_than_in_fit_is_refused():
    pram = PRAM().fit(pd.DataFrame({"a": ["x", "y"]}))
    with pytest.raises(ColumnTypeError, match="'a' has Arrow type int64"):
        pram.transform(pd.DataFrame({"a": [1, 2]}))


@pytest.mark.parametrize("parameters", [{"pd": 1.0}, {"alpha": 0.0}])
def test_parameters_that_change_nothing_are_warned_of(parameters):
    with pytest.warns(PrivacyWarning, match="keeps every value"):
        PRAM(**parameters).fit([["x"], ["y"]])


@pytest.mark.parametrize("name", ["pd", "alpha"])
@pytest.mark.parametrize("value", [-0.1, 1.1, "0.5"])
def test_probabilities_outside_0_to_1_are_refused(name, value):
    with pytest.raises(ValueError, match=f"'{name}' parameter"):
        PRAM(**{name: value}).fit([["x"], ["y"]])


@pytest.mark.parametrize(
    ("policy", "dtype"), [("suppress", "Int64"), ("error", "int64")]
)
def test_integers_have_one_dtype_whether_a_category_is_unknown_or_not(policy, dtype):
    X = pd.DataFrame({"code": [1, 2, 3] * 20})
    pram = PRAM(handle_unknown=policy, random_state=0).fit(X)
    tables = [X, X[:1], X + 1] if policy == "suppress" else [X, X[:1]]
    assert [str(pram.transform(t)["code"].dtype) for t in tables] == [dtype] * len(
        tables
    )
