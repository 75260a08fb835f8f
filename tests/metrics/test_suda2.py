"""SUDA2 against a search that looks at each record and each set of columns."""

from itertools import combinations
from math import comb, prod
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skanon.exceptions import ColumnError
from skanon.metrics import suda2

NAMES = ["a", "b", "c", "d"]

cells = st.one_of(st.none(), st.integers(0, 2))
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.tuples(*[cells] * width), min_size=1, max_size=14)
)


def is_match(one: Any, other: Any, columns: tuple[int, ...], missing: str) -> bool:
    pairs = [(one[j], other[j]) for j in columns]
    wild = missing == "wildcard"
    return all(a == b or (wild and (a is None or b is None)) for a, b in pairs)


def minimal_uniques(
    rows: list[Any], i: int, max_size: int, missing: str
) -> list[tuple[int, ...]]:
    """Return a record's minimal unique sets, by their definition."""
    others = [
        row
        for j, row in enumerate(rows)
        if j != i and any(cell is not None for cell in row)
    ]
    found: list[tuple[int, ...]] = []
    for size in range(1, max_size + 1):
        for columns in combinations(range(len(rows[i])), size):
            if any(set(part) <= set(columns) for part in found):
                continue
            if not any(is_match(rows[i], row, columns, missing) for row in others):
                found.append(columns)
    return found


@given(
    rows=tables,
    max_size=st.one_of(st.none(), st.integers(1, 5)),
    missing=st.sampled_from(["own_category", "wildcard"]),
    scoring=st.sampled_from(["elliot", "ihsn"]),
)
def test_scores_are_those_of_a_search_by_definition(
    rows: list[Any], max_size: int | None, missing: str, scoring: str
) -> None:
    m = len(rows[0])
    top = min(max_size or m, m)
    weight = {
        "elliot": lambda s: prod(m - j for j in range(s, min(top, m - 1) + 1)),
        "ihsn": lambda s: (2 ** (m - s) - 1) / comb(m, s),
    }[scoring]
    found = suda2(
        pd.DataFrame(rows, columns=NAMES[:m], dtype="Int64"),
        quasi_identifiers=NAMES[:m],
        max_size=max_size,
        missing=missing,
        scoring=scoring,
    )
    for i, row in enumerate(rows):
        suppressed = all(cell is None for cell in row)
        sets = [] if suppressed else minimal_uniques(rows, i, top, missing)
        assert found.score[i] == pytest.approx(sum(weight(len(s)) for s in sets))
        sizes = [sum(len(s) == size for s in sets) for size in range(1, top + 1)]
        assert found.n_uniques[i].tolist() == sizes
        for j in range(m):
            share = sum(weight(len(s)) for s in sets if j in s)
            total = sum(weight(len(s)) for s in sets)
            expected = share / total if total else 0
            assert found.contribution[i, j] == pytest.approx(expected)


def test_score_of_the_practice_guide() -> None:
    """A record with two unique columns among four, and none else: 3! + 3! = 12."""
    X = pd.DataFrame({"a": [0, 0, 1], "b": [0, 0, 1], "c": [0, 0, 0], "d": [0, 0, 0]})
    found = suda2(X, quasi_identifiers=list(X))
    assert found.score.tolist() == [0, 0, 12]
    assert found.n_uniques.tolist() == [[0] * 4, [0] * 4, [2, 0, 0, 0]]
    assert found.contribution[2].tolist() == [0.5, 0.5, 0, 0]
    assert found.column_contribution.tolist() == [0.5, 0.5, 0, 0]


def test_dis_score_is_its_formula() -> None:
    X = pd.DataFrame({"a": [0, 0, 1, 1, 2, 3], "b": [0, 0, 0, 1, 1, 0]})
    found = suda2(X, quasi_identifiers=["a", "b"], sampling_fraction=0.1)
    scores = found.score[found.score > 0]
    q, in_pairs = 1 + (8 - 2) / 20, 2
    a = sum(scores**-q)
    expected = 1 / (1 + in_pairs * 0.9 / (0.1 * found.score[2:] ** q * a))
    assert found.dis_score[:2].tolist() == [0, 0]
    assert found.dis_score[2:] == pytest.approx(expected)


def test_dis_score_is_one_in_a_census() -> None:
    X = pd.DataFrame({"a": [0, 0, 1], "b": [0, 0, 1]})
    found = suda2(X, quasi_identifiers=["a", "b"], sampling_fraction=1)
    assert found.dis_score.tolist() == [0, 0, 1]


@given(rows=tables, data=st.data())
def test_counts_are_records(rows: list[Any], data: st.DataObject) -> None:
    count = st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows))
    counts = data.draw(count.filter(any))
    X = pd.DataFrame(rows, columns=NAMES[: len(rows[0])], dtype="Int64")
    short = suda2(X, quasi_identifiers=list(X), sample_weight=counts)
    full = suda2(X.loc[X.index.repeat(counts)], quasi_identifiers=list(X))
    assert np.repeat(short.score, counts).tolist() == full.score.tolist()
    assert np.repeat(short.dis_score, counts).tolist() == full.dis_score.tolist()
    assert short.column_contribution.tolist() == full.column_contribution.tolist()


def test_all_kinds_of_table_give_the_same_scores(frame: Any) -> None:
    table = frame({"sex": ["f", "f", "m", "m"], "age": [30, 30, 30, 41]})
    found = suda2(table, quasi_identifiers=["sex", "age"])
    assert found.score.tolist() == [0, 0, 1, 1]
    array = np.array([["f", 30], ["f", 30], ["m", 30], ["m", 41]], dtype=object)
    assert suda2(array, quasi_identifiers=[0, 1]).score.tolist() == [0, 0, 1, 1]


def test_many_columns_with_a_small_max_size(rng: np.random.Generator) -> None:
    X = rng.integers(0, 3, (300, 25))
    found = suda2(X, quasi_identifiers=list(range(25)), max_size=3)
    row = found.score.argmax()
    same = (X[row] == X).all(axis=1).sum()
    assert same == 1
    assert found.n_uniques.shape == (300, 3)
    triples = [
        columns
        for columns in combinations(range(25), 3)
        if (X[:, columns] == X[row, columns]).all(axis=1).sum() == 1
    ]
    assert found.n_uniques[row, 2] == len(triples)


def test_result_as_a_table_and_as_text() -> None:
    X = pd.DataFrame({"sex": list("ffmm"), "job": list("aaab")})
    found = suda2(X, quasi_identifiers=["sex", "job"])
    assert list(found.to_frame()) == ["score", "dis_score", "sex", "job"]
    assert found.to_frame()["score"].tolist() == found.score.tolist()
    assert repr(found) == (
        "SudaScores(2 of 4 rows are unique; highest score 1, highest DIS-SUDA "
        "0.01; contributions sex: 50%, job: 100%)"
    )


class TestBadInput:
    X = pd.DataFrame({"sex": list("ffmm"), "job": list("aaab")})

    def test_no_quasi_identifiers_are_refused(self) -> None:
        with pytest.raises(ColumnError, match="suda2 needs quasi-identifiers"):
            suda2(self.X, quasi_identifiers=[])

    @pytest.mark.parametrize("max_size", [0, -1, 1.5, "2"])
    def test_a_size_that_is_no_whole_number_from_one_is_refused(
        self, max_size: Any
    ) -> None:
        with pytest.raises(ValueError, match="'max_size' of suda2 must be a whole"):
            suda2(self.X, quasi_identifiers=["sex"], max_size=max_size)

    @pytest.mark.parametrize("fraction", [0, 1.1, None])
    def test_a_sampling_fraction_outside_0_to_1_is_refused(self, fraction: Any) -> None:
        with pytest.raises(ValueError, match="'sampling_fraction' of suda2 must be"):
            suda2(self.X, quasi_identifiers=["sex"], sampling_fraction=fraction)

    def test_an_unknown_scoring_is_refused(self) -> None:
        with pytest.raises(ValueError, match="one of 'elliot', 'ihsn'; got 'x'"):
            suda2(self.X, quasi_identifiers=["sex"], scoring="x")

    def test_an_unknown_word_for_missing_is_refused(self) -> None:
        with pytest.raises(ValueError, match="'missing' of suda2 must be"):
            suda2(self.X, quasi_identifiers=["sex"], missing="x")

    def test_weights_of_another_length_are_refused(self) -> None:
        with pytest.raises(ValueError, match="one weight for each row"):
            suda2(self.X, quasi_identifiers=["sex"], sample_weight=[1, 2])
