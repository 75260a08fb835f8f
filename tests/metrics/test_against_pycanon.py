"""Agreement with pycanon on Adult, by numbers that pycanon 1.3.6 computed.

Two of its numbers are not compared on the table as it is, since they are other than
their definitions. Recursive l-diversity sorts the counts upwards, so that its r_1 is
the *rarest* value; it is compared where all counts are equal. Enhanced β-likeness
returns the greatest of min(β, -ln q) over all values of the table, which bounds no
class; here the basic β stands.
"""

import math

import pandas as pd
import pytest

from skanon.metrics import (
    alpha_k_anonymity,
    beta_likeness,
    delta_disclosure,
    k_anonymity,
    l_diversity,
    t_closeness,
)

#: quasi-identifiers, sensitive column, then k, alpha, distinct l, entropy l (rounded
#: down), t (by the ordered distance for numbers), delta (natural logarithm), beta.
NUMBERS = [
    (
        ["sex"],
        "occupation",
        9782,
        0.2567982007769372,
        13,
        7,
        0.24764231983247664,
        2.491374262436157,
        1.9109195854237768,
    ),
    (
        ["sex", "race"],
        "education",
        87,
        0.45251396648044695,
        12,
        5,
        0.22324169396517815,
        2.231009524134255,
        8.309259259259258,
    ),
    (
        ["race"],
        "occupation",
        231,
        0.19664804469273742,
        13,
        9,
        0.20824526612028096,
        2.4611217447645584,
        10.717948717948717,
    ),
    (
        ["sex", "race", "salary-class"],
        "occupation",
        4,
        0.5,
        3,
        2,
        0.6239307738213645,
        3.0700402171866927,
        20.482905982905983,
    ),
    (
        ["sex", "race", "marital-status", "workclass"],
        "occupation",
        1,
        1.0,
        1,
        1,
        0.9786486307274054,
        6.507675643150311,
        669.2666666666667,
    ),
    (
        ["sex", "race"],
        "age",
        87,
        0.08045977011494253,
        33,
        27,
        0.09193571485872032,
        2.868920576218943,
        16.61799065420561,
    ),
    (
        ["workclass", "salary-class"],
        "age",
        14,
        0.14285714285714285,
        11,
        10,
        0.1644652077974111,
        4.564621677043177,
        52.86071428571428,
    ),
]

#: The same columns, then pycanon's (c, l) of the distinct rows.
RECURSIVE = [
    (["sex", "salary-class"], "occupation", 2, 13),
    (["sex", "race"], "education", 2, 12),
]


@pytest.fixture(scope="module")
def adult(shared):
    return pd.read_csv(shared / "arx" / "adult.csv", sep=";")


@pytest.mark.parametrize(
    ("columns", "sensitive", "k", "alpha", "distinct", "entropy", "t", "delta", "beta"),
    NUMBERS,
)
def test_all_metrics_agree(
    adult, columns, sensitive, k, alpha, distinct, entropy, t, delta, beta
):
    about = {"quasi_identifiers": columns, "sensitive": sensitive}
    distance = "ordered" if sensitive == "age" else "equal"
    assert k_anonymity(adult, quasi_identifiers=columns) == k
    assert alpha_k_anonymity(adult, **about) == (pytest.approx(alpha), k)
    assert l_diversity(adult, **about) == distinct
    assert math.floor(l_diversity(adult, **about, kind="entropy")) == entropy
    assert t_closeness(adult, **about, distance=distance) == pytest.approx(t, rel=1e-12)
    assert delta_disclosure(adult, **about) * math.log(2) == pytest.approx(delta)
    assert beta_likeness(adult, **about) == pytest.approx(beta)


@pytest.mark.parametrize(("columns", "sensitive", "c", "distinct"), RECURSIVE)
def test_recursive_diversity_agrees_where_all_counts_are_equal(
    adult, columns, sensitive, c, distinct
):
    table = adult[[*columns, sensitive]].drop_duplicates()
    about = {"quasi_identifiers": columns, "sensitive": sensitive, "kind": "recursive"}
    assert l_diversity(table, **about, c=c) == distinct
    assert l_diversity(table, **about, c=c - 1) < distinct
