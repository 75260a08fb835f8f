"""ZIP codes keep the digits that the Safe Harbor rule allows."""

import numpy as np
import pandas as pd
import pytest

from skanon import ZipCodeGeneralizer
from skanon.exceptions import ColumnTypeError, UnknownValueError

ZIPS = ["02139", "03601", None, "94110-1234", "941101234", "2139", "501", "nowhere"]

RESTRICTED = (
    "036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893".split()
)


def test_three_digits_are_left_where_enough_people_live(frame):
    X = frame({"zip": ZIPS})
    out = ZipCodeGeneralizer().fit_transform(X)
    expected = ["021", "000", None, "941", "941", "021", "005", None]
    assert frame.values(out, "zip") == expected


@pytest.mark.parametrize("dtype", ["int64", "float64", "Int64", "category"])
def test_numbers_become_numbers(dtype):
    X = pd.DataFrame({"zip": pd.Series([2139, 3601, 94110, 941101234], dtype=dtype)})
    out = ZipCodeGeneralizer().fit_transform(X)["zip"]
    assert out.tolist() == [21, 0, 941, 941]
    labels = ZipCodeGeneralizer(output="label").fit_transform(X)["zip"]
    assert labels.tolist() == ["021", "000", "941", "941"]


def test_what_is_no_zip_code_does_not_change_the_dtype():
    generalizer = ZipCodeGeneralizer().fit(pd.DataFrame({"zip": [2139, 94110]}))
    folds = ([2139], [94110, -1])
    dtypes = {
        generalizer.transform(pd.DataFrame({"zip": f}))["zip"].dtype for f in folds
    }
    assert dtypes == {np.dtype("float64")}


def test_the_restricted_areas_of_2000_are_the_17_of_the_guidance():
    areas = [f"{i:03d}" for i in range(1000)]
    X = pd.DataFrame({"zip": [f"{area}45" for area in areas]})
    generalizer = ZipCodeGeneralizer()
    out = generalizer.fit_transform(X)["zip"]
    changed = [a for a, b in zip(areas, out, strict=True) if a != b]
    assert changed == RESTRICTED
    assert set(out[np.isin(areas, RESTRICTED)]) == {"000"}
    assert generalizer.n_restricted_ == 17


@pytest.mark.parametrize(
    "text",
    ["12", "123456", "1234567", "021394", "02139-12", "O2139", "-2139", "", "2.5"],
)
def test_what_is_no_zip_code_becomes_missing_or_an_error(text):
    X = pd.DataFrame({"zip": ["02139", text]})
    assert ZipCodeGeneralizer().fit_transform(X)["zip"].isna().tolist() == [False, True]
    strict = ZipCodeGeneralizer(handle_unknown="error").fit(X)
    with pytest.raises(UnknownValueError, match=r"'zip' has 1 value\(s\) that are no"):
        strict.transform(X)


def test_a_table_of_people_restricts_small_areas_and_those_not_listed(tmp_path):
    path = tmp_path / "zip3.csv"
    path.write_text("zip3,population\n021,900000\n036,20001\n941,20000\n")
    X = pd.DataFrame({"zip": ["02139", "03601", "94110", "10001"]})
    for table in (path, str(path)):
        generalizer = ZipCodeGeneralizer(zip3_table=table)
        out = generalizer.fit_transform(X)["zip"].tolist()
        assert out == ["021", "036", "000", "000"]
        assert generalizer.n_restricted_ is None


def test_a_table_of_restricted_areas_replaces_the_one_of_2000(tmp_path):
    path = tmp_path / "zip3.csv"
    path.write_text("zip3\n021\n")
    X = pd.DataFrame({"zip": ["02139", "03601"]})
    generalizer = ZipCodeGeneralizer(zip3_table=path).fit(X)
    path.unlink()
    assert generalizer.transform(X)["zip"].tolist() == ["000", "036"]


@pytest.mark.parametrize(
    "text",
    [
        "area\n021\n",
        "zip3,people\n021,3\n",
        "zip3,population\n021,many\n",
        "zip3\n21\n",
        "zip3,population\n021\n",
        "",
    ],
)
def test_a_malformed_table_is_refused(tmp_path, text):
    path = tmp_path / "zip3.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"zip3\.csv' is not a CSV file with the head"):
        ZipCodeGeneralizer(zip3_table=path).fit([["02139"]])


def test_a_table_that_does_not_exist_is_refused():
    with pytest.raises(
        FileNotFoundError, match=r"a known table \('census2000'\) nor a"
    ):
        ZipCodeGeneralizer(zip3_table="census1900").fit([["02139"]])


def test_what_cannot_be_looked_up_is_refused():
    X = pd.DataFrame({"zip": [b"02139"]})
    with pytest.raises(ColumnTypeError, match=r"Column 'zip': values of Arrow type"):
        ZipCodeGeneralizer().fit(X)
