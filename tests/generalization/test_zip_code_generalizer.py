"""ZIP codes keep the digits that the Safe Harbor rule allows."""

import datetime as dt
import re
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from skanon import ZipCodeGeneralizer
from skanon._arrow import text_of_bytes
from skanon.exceptions import ColumnTypeError, UnknownValueError
from skanon.generalization._zip_codes import UNKNOWN, area_numbers

ZIPS = ["02139", "03601", None, "94110-1234", "941101234", "2139", "501", "nowhere"]

RESTRICTED = (
    "036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893".split()
)


def test_three_digits_are_left_where_enough_people_live(frame):
    X = frame({"zip": ZIPS})
    out = ZipCodeGeneralizer().fit_transform(X)
    expected = ["021", "000", None, "941", "941", "021", "005", None]
    assert frame.values(out, "zip") == expected


@pytest.mark.parametrize("n_rows", [0, 1, 11, 100_000])
def test_texts_are_read_as_the_form_of_a_zip_code_says(n_rows):
    alphabet = 4 * "0123456789" + "-- A\t\xa0\u0663"
    characters = np.random.default_rng(0).choice(list(alphabet), (n_rows, 11))
    texts = ["".join(row[: i % 12]) for i, row in enumerate(characters)]
    texts = [None if i % 13 == 5 else text for i, text in enumerate(texts)]
    areas = area_numbers(pa.array(texts, pa.large_string()))
    assert areas.tolist() == [area_by_pattern(text) for text in texts]


@pytest.mark.parametrize("kind", [pa.int8(), pa.uint16(), pa.int64(), pa.uint64()])
def test_numbers_are_read_as_their_text(kind):
    limits = np.iinfo(kind.to_pandas_dtype())
    numbers = [0, 99, 100, 501, 9999, 99999, 10**5, 21394307, 10**8, 10**9 - 1, 10**9]
    numbers = [number for number in numbers if number <= limits.max]
    numbers += [limits.min, limits.max]
    areas = area_numbers(pa.array([*numbers, None], kind))
    expected = [area_by_pattern(str(number)) for number in numbers]
    assert areas.tolist() == [*expected, UNKNOWN]


def area_by_pattern(text):
    digits = r"(?:([0-9]{3,5})(?:-[0-9]{4})?|([0-9]{5})[0-9]{4})"
    match = re.fullmatch(rf"\s*{digits}\s*", text or "")
    return int((match[1] or match[2]).zfill(5)[:3]) if match else UNKNOWN


def test_numbers_with_a_fraction_are_no_zip_codes():
    numbers = pa.array([2139.0, 2139.5, np.inf, -np.inf, np.nan, 1e300, None])
    assert area_numbers(numbers).tolist() == [21] + 6 * [UNKNOWN]


def test_pieces_of_a_column_are_read_from_where_they_begin():
    texts = pa.array(["94110", None, "02139", "", "501"], pa.string())
    assert area_numbers(texts.slice(2, 3)).tolist() == [21, UNKNOWN, 5]
    assert area_numbers(texts.slice(0, 1)).tolist() == [941]


def test_what_stands_behind_a_missing_value_is_not_read():
    offsets, data = np.array([0, 5, 10]), np.frombuffer(b"9411002139", np.uint8)
    column = text_of_bytes(data, offsets, np.array([True, False]))
    assert area_numbers(column).tolist() == [UNKNOWN, 21]


def test_nan_of_a_table_is_missing_not_unknown():
    X = pa.table({"zip": [2139.0, float("nan")]})
    out = ZipCodeGeneralizer(handle_unknown="error").fit_transform(X)["zip"]
    assert out.to_pylist() == [21, None]


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
    strict = ZipCodeGeneralizer(handle_unknown="error").fit(X[:1])
    for method in (strict.transform, strict.fit):
        with pytest.raises(UnknownValueError, match=r"'zip' has 1 value\(s\) that are"):
            method(X)


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


@pytest.mark.parametrize(
    "text",
    ["zip3,population\n021,5\n036,7\n021,500000\n", "zip3\n036\n021\n036\n021\n"],
)
def test_a_table_that_lists_an_area_twice_is_refused(tmp_path, text):
    path = tmp_path / "zip3.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match="lists an area again in data row 3") as caught:
        ZipCodeGeneralizer(zip3_table=path).fit([["02139"]])
    assert "021" not in str(caught.value).replace(str(path), "")


def test_a_table_that_does_not_exist_is_refused():
    with pytest.raises(
        FileNotFoundError, match=r"a known table \('census2000'\) nor a"
    ):
        ZipCodeGeneralizer(zip3_table="census1900").fit([["02139"]])


@pytest.mark.parametrize(
    "values", [b"02139", dt.date(2024, 5, 6), dt.datetime(2024, 5, 6), True]
)
@pytest.mark.parametrize("dtype", [None, "category"])
def test_what_can_be_no_zip_code_is_refused(values, dtype):
    X = pd.DataFrame({"zip": pd.Series([values, None], dtype=dtype)})
    message = r"Column 'zip' has Arrow type .* needs text or numbers"
    with pytest.raises(ColumnTypeError, match=message):
        ZipCodeGeneralizer().fit(X)
    generalizer = ZipCodeGeneralizer().fit(pd.DataFrame({"zip": ["02139"]}))
    with pytest.raises(ColumnTypeError, match=message):
        generalizer.transform(X)


@pytest.mark.parametrize("dtype", ["str", "category", object])
def test_text_without_any_zip_code_is_refused(dtype):
    cities = pd.Series(["Lima", None, "Vigo"], dtype=dtype)
    X = pd.DataFrame({"city": cities})
    with pytest.raises(UnknownValueError, match="'city' holds no ZIP code, so that"):
        ZipCodeGeneralizer().fit(X)
    later = ZipCodeGeneralizer().fit(pd.DataFrame({"city": ["02139"]})).transform(X)
    assert later["city"].isna().all()


def test_a_category_that_no_row_has_is_no_zip_code_that_a_column_holds():
    cities = pd.Categorical(["Lima", None], categories=["Lima", "02139"])
    with pytest.raises(UnknownValueError, match="'city' holds no ZIP code"):
        ZipCodeGeneralizer().fit(pd.DataFrame({"city": cities}))


@pytest.mark.parametrize("ages", [[34, 61], [34.5, np.nan], [Decimal("3.5"), None]])
def test_numbers_without_any_zip_code_are_warned_of(ages):
    with pytest.warns(UserWarning, match="'age' holds no ZIP code, .* right column"):
        out = ZipCodeGeneralizer().fit_transform(pd.DataFrame({"age": ages}))
    assert out["age"].isna().all()


@pytest.mark.parametrize("dtype", ["str", "float64"])
def test_a_column_of_nothing_but_missing_values_is_fitted(dtype):
    X = pd.DataFrame({"zip": pd.Series([None, None], dtype=dtype)})
    assert ZipCodeGeneralizer().fit_transform(X)["zip"].isna().all()


def test_what_fit_settled_holds_until_the_next_fit():
    X = pd.DataFrame({"zip": ["02139", "x"]})
    generalizer = ZipCodeGeneralizer().fit(X)
    generalizer.set_params(handle_unknown="error", output="ordinal")
    assert generalizer.transform(X)["zip"].tolist()[0] == "021"
    with pytest.raises(UnknownValueError, match=r"1 value\(s\) that are no ZIP code"):
        generalizer.fit(X)
