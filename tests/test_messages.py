"""What messages show, and which line a warning names."""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import make_pipeline

from skanon import (
    PRAM,
    NoiseAdder,
    RankSwapper,
    RareCategoryGrouper,
    Shuffler,
    TopBottomCoder,
    ZipCodeGeneralizer,
)
from skanon._messages import lacks_and_names, listed, shown
from skanon.exceptions import PrivacyWarning

WARNED = {
    "a group": lambda: RareCategoryGrouper().fit(pd.DataFrame({"a": ["x"]})),
    "a tail": lambda: TopBottomCoder(top=1, replacement="mean").fit(np.ones((1, 1))),
    "fit": lambda: PRAM(pd=1).fit(pd.DataFrame({"a": list("xxyy")})),
    "fit_transform": lambda: NoiseAdder().fit_transform(np.ones((5, 1))),
    "one row": lambda: RankSwapper().fit_transform(pd.DataFrame({"a": [1]})),
    "a pipeline": lambda: make_pipeline(Shuffler()).fit_transform(np.ones((1, 1))),
    "columns": lambda: ColumnTransformer(
        [("noise", NoiseAdder(), [0])], n_jobs=1
    ).fit_transform(np.ones((5, 1))),
}


@pytest.mark.parametrize("call", WARNED.values(), ids=WARNED)
def test_a_warning_names_the_line_that_called(call):
    with pytest.warns(PrivacyWarning) as caught:
        call()
    assert {warning.filename for warning in caught} == {__file__}


def test_a_warning_of_a_mistake_names_the_line_that_called():
    with pytest.warns(UserWarning, match="holds no ZIP code") as caught:
        ZipCodeGeneralizer().fit(np.ones((1, 1)))
    assert [warning.filename for warning in caught] == [__file__]


def test_a_warning_of_transform_names_the_line_that_called():
    swapper = RankSwapper().fit(pd.DataFrame({"a": [1, 2, 3]}))
    with pytest.warns(PrivacyWarning) as caught:
        swapper.transform(pd.DataFrame({"a": [1]}))
    assert [warning.filename for warning in caught] == [__file__]


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (None, "None"),
        ("words", "'words'"),
        (1.5, "1.5"),
        ([3, 2.5], "[3, 2.5]"),
        (list(range(11)), "list"),
        (["02139"], "list"),
        (pd.Series(["02139"]), "Series"),
        (pd.DataFrame({"a": [1]}), "DataFrame"),
        (b"02139", "bytes"),
    ],
)
def test_only_words_and_a_few_numbers_are_shown(given, text):
    assert shown(given) == text


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], "[]"),
        (("a", 1), "['a', 1]"),
        (range(12), f"{list(range(12))}"),
        (range(800), f"{list(range(12))} and 788 more"),
    ],
)
def test_names_are_listed_up_to_a_dozen(names, text):
    assert listed(names) == text


@pytest.mark.parametrize(
    ("lacking", "others", "text"),
    [
        (["a"], [], "lacks ['a']"),
        ([], ["b"], "names ['b']"),
        (["a"], ["b"], "lacks ['a'] and names ['b']"),
    ],
)
def test_a_mapping_of_the_wrong_columns_is_told_both_ways(lacking, others, text):
    assert lacks_and_names(lacking, others) == text
