"""Coarser dates in every kind of table, against Python's own calendar."""

import datetime as dt
import pickle
from collections import defaultdict

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.compose import make_column_transformer
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier

from conftest import as_values
from skanon import DateGeneralizer, NumericGeneralizer
from skanon.exceptions import ColumnError, ColumnTypeError, DateParseError

LEVELS = ["day", "week", "month", "quarter", "half", "year", "5years", "decade"]
LEVELS += ["century", "*"]

OUTPUTS = ["ordinal", "timestamp", "label", "interval", "midpoint", "bounds"]

FIRST, LAST = dt.datetime.min, dt.datetime(9999, 12, 31, 23, 59, 59)

#: Dates before 1677 and after 2262 are among them: nanoseconds cannot hold those.
DATES = ["1990-05-03", "0001-01-01", "9999-12-31", "1969-12-31", "2024-02-29"]
DATES += ["1676-07-04", "2263-10-10", "2021-01-03"]


def python_start(date, level):
    """Return the first day of the period, in plain Python."""
    if level == "week":
        return date - dt.timedelta(days=date.weekday())
    month = {"day": 1, "month": 1, "quarter": 3, "half": 6}.get(level, 12)
    year = {"5years": 5, "decade": 10, "century": 100}.get(level, 1)
    return dt.date(
        max(date.year - date.year % year, 1),
        date.month - (date.month - 1) % month,
        date.day if level == "day" else 1,
    )


def python_end(date, level):
    """Return the first moment after the period, cut to what Python can write."""
    try:
        end = python_start(date, level)
        while python_start(end, level) == python_start(date, level):
            end += dt.timedelta(days=1 if level in ("day", "week") else 28)
        return dt.datetime.combine(python_start(end, level), dt.time())
    except OverflowError:
        return LAST


def python_label(date, level):
    start = python_start(date, level)
    year = date.year
    return {
        "day": f"{start}",
        "week": "{:04}-W{:02}".format(*date.isocalendar()),
        "month": f"{start}"[:7],
        "quarter": f"{year:04}-Q{(date.month + 2) // 3}",
        "half": f"{year:04}-H{(date.month + 5) // 6}",
        "year": f"{year:04}",
        "5years": f"{year // 5 * 5:04}-{year // 5 * 5 + 4:04}",
        "decade": f"{year // 10:03}0s",
        "century": f"{year // 100:02}00-{year // 100:02}99",
        "*": "*",
    }[level]


def python_period(date, level, output):
    """Return the period of a date, in plain Python."""
    if output == "label":
        return python_label(date, level)
    if output == "ordinal":
        label = python_label(date, level).replace("s", "").replace("*", "0")
        if level in ("5years", "century"):
            label = label[:4]
        return int(label.translate(str.maketrans("", "", "-WQH")))
    start = FIRST if level == "*" else python_start(date, level)
    start = dt.datetime(start.year, start.month, start.day)
    if output == "timestamp":
        return start
    return start, LAST if level == "*" else python_end(date, level)


def plain(value):
    """Return a cell of any container as plain Python."""
    if isinstance(value, pd.Interval):
        assert value.closed == "left"
        value = {"left": value.left, "right": value.right}
    if isinstance(value, dict):
        return plain(value["left"]), plain(value["right"])
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value


def generalized(X, column="born", **parameters):
    """Return the values that the column becomes."""
    out = DateGeneralizer(**parameters).fit_transform(X)
    return [plain(value) for value in as_values(out[column])]


@pytest.mark.parametrize("output", ["ordinal", "timestamp", "label", "interval"])
@pytest.mark.parametrize("level", LEVELS)
def test_periods_are_those_of_python(frame, level, output):
    dates = [dt.date.fromisoformat(text) for text in DATES]
    expected = [python_period(date, level, output) for date in dates]
    table = frame({"born": [*DATES[:2], None, *DATES[2:]]})
    out = generalized(table, level=level, output=output)
    assert out == [*expected[:2], None, *expected[2:]]


@pytest.mark.parametrize("output", ["ordinal", "timestamp", "label", "interval"])
@pytest.mark.parametrize("level", LEVELS)
@given(dates=st.lists(st.dates() | st.none(), min_size=1, max_size=30))
def test_periods_of_any_dates_are_those_of_python(level, output, dates):
    table = pa.table({"born": pa.array(dates, pa.date32())})
    out = generalized(table, level=level, output=output)
    assert out == [d if d is None else python_period(d, level, output) for d in dates]


def python_midpoint(date, level):
    """Return the second halfway between the ends of the period."""
    start, end = python_period(date, level, "interval")
    return (start + (end - start) / 2).replace(microsecond=0)


@pytest.mark.parametrize("level", LEVELS)
def test_midpoints_lie_halfway_between_the_ends(frame, level):
    expected = [python_midpoint(dt.date.fromisoformat(d), level) for d in DATES]
    table = frame({"born": [*DATES[:2], None, *DATES[2:]]})
    out = generalized(table, level=level, output="midpoint")
    assert out == [*expected[:2], None, *expected[2:]]


@pytest.mark.parametrize("level", LEVELS)
def test_bounds_are_the_ends_as_two_columns(frame, level):
    table = frame({"born": [*DATES, None], "other": list("abcdefghi")})
    dates = DateGeneralizer(level=level, output="bounds", columns=["born"])
    out = dates.fit_transform(table)
    names = ["born_lower", "born_upper", "other"]
    assert list(dates.get_feature_names_out()) == names
    assert list(getattr(out, "column_names", out.columns)) == names
    ends = [map(plain, as_values(out[name])) for name in names[:2]]
    interval = generalized(table, level=level, output="interval", columns=["born"])
    expected = [(None, None) if pair is None else pair for pair in interval]
    assert list(zip(*ends, strict=True)) == expected


@pytest.mark.parametrize("output", ["midpoint", "bounds"])
def test_moments_of_an_array_are_an_array_of_moments(output):
    out = DateGeneralizer(output=output).fit_transform([["1990-05-03"], [None]])
    assert out.dtype == "datetime64[s]"
    assert (
        out[0].tolist()
        == {
            "midpoint": [dt.datetime(1990, 7, 2, 12)],
            "bounds": [dt.datetime(1990, 1, 1), dt.datetime(1991, 1, 1)],
        }[output]
    )
    assert np.isnat(out[1]).all()


def test_bounds_do_not_take_the_name_of_another_column():
    table = pd.DataFrame({"born": ["1990-05-03"], "born_lower": [1]})
    with pytest.raises(ColumnError, match="make a column of the name 'born_lower'"):
        DateGeneralizer(output="bounds", columns=["born"]).fit(table)


def as_text(dates):
    return pa.array([None if d is None else d.isoformat() for d in dates], pa.string())


def as_moments(unit, zone=None):
    def convert(dates):
        moments = [d and dt.datetime(d.year, d.month, d.day, 13, 30) for d in dates]
        return pa.array(moments, pa.timestamp("us")).cast(pa.timestamp(unit, zone))

    return convert


def as_numbers(unit):
    def convert(dates):
        return as_moments(unit)(dates).cast(pa.int64())

    return convert


INPUTS = {
    "text": (as_text, {}),
    "format": (
        lambda dates: pa.array([d and f"{d.day}.{d.month}.{d.year}" for d in dates]),
        {"format": "%d.%m.%Y"},
    ),
    "written": (
        lambda dates: pa.array(
            [d and d.year * 10_000 + d.month * 100 + d.day for d in dates]
        ),
        {"format": "%Y%m%d"},
    ),
    "date32": (lambda dates: pa.array(dates, pa.date32()), {}),
    "date64": (lambda dates: pa.array(dates, pa.date64()), {}),
    "s": (as_moments("s"), {}),
    "ms": (as_moments("ms"), {}),
    "us": (as_moments("us"), {}),
    "ns": (as_moments("ns"), {}),
    "utc": (as_moments("us", "UTC"), {}),
    "count-s": (as_numbers("s"), {"unit": "s"}),
    "count-ms": (as_numbers("ms"), {"unit": "ms"}),
    "count-us": (as_numbers("us"), {"unit": "us"}),
    "count-ns": (as_numbers("ns"), {"unit": "ns"}),
    "count-D": (lambda dates: pa.array(dates, pa.date32()).cast(pa.int32()), {}),
    "floats": (
        lambda dates: pa.array(dates, pa.date32()).cast(pa.int32()).cast(pa.float64()),
        {"unit": "D"},
    ),
}

#: What makes a table of an Arrow column.
CONTAINERS = {
    "pyarrow": lambda column: pa.table({"born": column}),
    "pandas": lambda column: pa.table({"born": column}).to_pandas(),
    "pandas-object": lambda column: pd.DataFrame(
        {"born": pd.Series(column.to_pylist(), dtype=object)}
    ),
    "pandas-arrow": lambda column: pa.table({"born": column}).to_pandas(
        types_mapper=pd.ArrowDtype
    ),
    "polars": lambda column: pytest.importorskip("polars").from_arrow(
        pa.table({"born": column})
    ),
    "categorical": lambda column: pa.table({"born": column.dictionary_encode()}),
}


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("form", INPUTS)
def test_dates_of_every_form_in_every_container_are_read(form, container):
    dates = [dt.date(1990, 5, 3), None, dt.date(1969, 12, 31), dt.date(1904, 2, 29)]
    convert, parameters = INPUTS[form]
    table = CONTAINERS[container](convert(dates))
    expected = [None if date is None else f"{date}" for date in dates]
    out = generalized(table, level="day", output="label", **parameters)
    assert out == expected


@pytest.mark.parametrize("unit", ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns"])
def test_datetime64_of_every_unit_is_read(unit):
    moments = np.array([["1990-05-03", "NaT", "1911-11-11"]], f"datetime64[{unit}]").T
    out = DateGeneralizer(level="year").fit_transform(moments)
    np.testing.assert_array_equal(out, [[1990], [np.nan], [1911]])


def test_the_date_in_the_zone_of_the_column_counts():
    late = pd.to_datetime(["1990-01-01T04:59Z", "1990-01-01T05:00Z"])
    table = pd.DataFrame({"utc": late, "york": late.tz_convert("America/New_York")})
    assert generalized(table, "utc") == [1990, 1990]
    assert generalized(table, "york") == [1989, 1990]


def test_the_date_that_is_written_counts_whatever_the_zone():
    texts = ["1990-01-01T00:30:00+05:00", "1989-12-31 23:00:00-08:00", "1990-01-01Z"]
    assert generalized(pd.DataFrame({"born": texts})) == [1990, 1989, 1990]


@pytest.mark.parametrize("output", ["ordinal", "timestamp", "label", "interval"])
def test_no_output_keeps_the_time_of_day(output):
    days = ["1990-05-03", "1990-05-04"]
    times = [f"{day} {time}" for day in days for time in ("00:00:01", "23:59:59")]
    table = pd.DataFrame({"born": pd.to_datetime(times)})
    out = generalized(table, level="day", output=output)
    assert out[0] == out[1] != out[2] == out[3]


# -- ages ---------------------------------------------------------------------------


def python_age(birth, today):
    return (
        today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
    )


def python_band(age, level, top_age):
    """Return the lowest age and the first above the band, None if it has none."""
    if level == "*":
        return 0, None
    width = {"year": 1, "5years": 5, "decade": 10}[level]
    if top_age is not None and age >= top_age:
        return top_age, None
    low = age - age % width
    return low, min(low + width, top_age or low + width)


@pytest.mark.parametrize("top_age", [90, 18, 63, None])
@pytest.mark.parametrize("level", ["year", "5years", "decade", "*"])
@given(
    births=st.lists(st.dates(max_value=dt.date(2024, 2, 28)), min_size=1, max_size=30),
    reference=st.sampled_from([dt.date(2024, 2, 28), dt.date(2024, 2, 29)]),
)
def test_ages_are_those_of_python(level, top_age, births, reference):
    table = pa.table({"born": births})
    bands = [python_band(python_age(b, reference), level, top_age) for b in births]
    ages = {"reference_date": reference, "top_age": top_age, "level": level}
    assert generalized(table, **ages) == [low for low, _ in bands]
    out = generalized(table, output="interval", **ages)
    assert out == [(low, np.inf if end is None else end) for low, end in bands]
    labels = [
        f"{low}+" if end is None else f"{low}-{end - 1}" if end > low + 1 else f"{low}"
        for low, end in bands
    ]
    out = generalized(table, output="label", **ages)
    assert out == (["*"] * len(births) if level == "*" else labels)


@pytest.mark.parametrize(
    ("level", "top_age", "age", "lower", "upper"),
    [
        ("year", 90, 35, 35, 36),
        ("year", 90, 97, 90, 91),
        ("5years", 90, 89, 85, 90),
        ("5years", 90, 90, 90, 95),
        ("decade", 63, 62, 60, 63),
        ("decade", 63, 63, 63, 66),
        ("decade", 5, 40, 5, 10),
        ("decade", None, 104, 100, 110),
        ("*", 90, 35, 0, 0),
        ("*", None, 97, 0, 0),
    ],
)
def test_ages_have_bounds_that_a_model_can_read(
    frame, level, top_age, age, lower, upper
):
    """The oldest have a band as wide as its neighbour, and "*" is 0."""
    table = frame({"born": [f"{2025 - age}-06-01", None]})
    ages = {"reference_date": "2026-01-01", "top_age": top_age, "level": level}
    out = DateGeneralizer(output="bounds", **ages).fit_transform(table)
    assert as_values(out["born_lower"]) == [lower, None]
    assert as_values(out["born_upper"]) == [upper, None]
    middle = (lower + upper) / 2
    assert generalized(table, output="midpoint", **ages) == [middle, None]


def test_bounds_of_ages_are_those_of_numbers():
    ages = np.arange(110)
    births = pd.DataFrame({"born": [f"{2025 - age}-06-01" for age in ages]})
    bands = {"level": "decade", "reference_date": "2026-01-01"}
    for output in ("midpoint", "bounds", "interval"):
        out = DateGeneralizer(output=output, **bands).fit_transform(births)
        numbers = NumericGeneralizer(edges=range(0, 100, 10), output=output)
        expected = numbers.fit_transform(pd.DataFrame({"born": ages}))
        pd.testing.assert_frame_equal(out, expected)


AGES = [
    ("2026-01-01", 0),
    ("2025-01-02", 0),
    ("2025-01-01", 1),
    ("1936-01-02", 89),
    ("1936-01-01", 90),
    ("1900-01-01", 90),
    ("2008-02-29", 17),
    (None, None),
]


def test_ages_in_every_kind_of_table(frame):
    table = frame({"born": [birth for birth, _ in AGES]})
    out = generalized(table, reference_date="2026-01-01")
    assert out == [age for _, age in AGES]


@pytest.mark.parametrize(
    "reference",
    [
        "2026-01-31",
        "2026-01-31T23:00:00-05:00",
        dt.date(2026, 1, 31),
        dt.datetime(2026, 1, 31, 23, 59),
        dt.datetime(2026, 1, 31, 23, tzinfo=dt.timezone(dt.timedelta(hours=-5))),
        np.datetime64("2026-01-31"),
        np.datetime64("2026-01-31T12", "h"),
        pd.Timestamp("2026-01-31 10:00"),
    ],
    ids=repr,
)
def test_reference_date_can_be_given_in_many_ways(reference):
    ages = DateGeneralizer(reference_date=reference)
    X = pd.DataFrame({"born": ["1990-01-31", "1990-02-01"]})
    assert ages.fit_transform(X)["born"].tolist() == [36, 35]
    assert ages.reference_date_ == "2026-01-31"


@pytest.mark.parametrize(
    "reference", ["soon", "2026-02-30", "", np.datetime64("NaT"), pd.NaT]
)
def test_a_reference_date_that_is_none_is_refused(reference):
    ages = DateGeneralizer(reference_date=reference)
    message = "DateGeneralizer has reference_date=.*, which is no date. Write it as"
    with pytest.raises(ValueError, match=message):
        ages.fit(pd.DataFrame({"born": ["1990-01-31"]}))


@pytest.mark.parametrize("level", sorted({*LEVELS} - {"year", "5years", "decade", "*"}))
def test_ages_have_no_bands_finer_than_years(level):
    ages = DateGeneralizer(reference_date="2026-01-01", level=level)
    message = f"level='{level}', but ages .* Choose one of 'year', '5years', 'decade'"
    with pytest.raises(ValueError, match=message):
        ages.fit(pd.DataFrame({"born": ["1990-01-31"]}))


def test_ages_are_no_timestamps():
    ages = DateGeneralizer(reference_date="2026-01-01", output="timestamp")
    with pytest.raises(
        ValueError, match=r"output='timestamp', but ages .* are no dates"
    ):
        ages.fit(pd.DataFrame({"born": ["1990-01-31"]}))


def test_births_after_the_reference_date_are_counted_or_missing(frame):
    table = frame({"born": ["2026-01-02", "2026-01-01", None, "3000-01-01"]})
    message = "Column 'born': 2 of 3 births lie after reference_date='2026-01-01'"
    with pytest.raises(DateParseError, match=message):
        generalized(table, reference_date="2026-01-01")
    out = generalized(table, reference_date="2026-01-01", errors="coerce")
    assert out == [None, 0, None, None]


# -- what cannot be read ------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["1990-02-30", "1990/05/03", "", "1990-05", "03.05.90"]
)
def test_unreadable_text_is_counted_but_not_shown(frame, text):
    table = frame({"born": ["1990-05-03", text, None], "other": ["a", "b", "c"]})
    dates = DateGeneralizer(columns=["born"])
    message = "^Column 'born': 1 of 2 values are not ISO 8601 dates"
    with pytest.raises(DateParseError, match=message) as caught:
        dates.fit_transform(table)
    assert not text or text not in str(caught.value)
    out = dates.set_params(errors="coerce").fit_transform(table)
    assert frame.values(out, "born") == [1990, None, None]


def test_categories_that_no_row_has_need_not_be_dates():
    born = pd.Categorical(["1990-05-03", "unknown"])[:1]
    assert generalized(pd.DataFrame({"born": born})) == [1990]


@pytest.mark.parametrize(
    ("values", "what", "format"),
    [
        ([1990, 1991, 1800], "years", "%Y"),
        ([1990.0, float("nan"), 2001.0], "years", "%Y"),
        ([199_005, 202_412], "written months", "%Y%m"),
    ],
)
def test_numbers_that_are_hardly_days_are_refused(values, what, format):
    X = pd.DataFrame({"born": values})
    message = f"Column 'born' has numbers that look like {what}.* Set format='{format}'"
    with pytest.raises(ColumnTypeError, match=message):
        DateGeneralizer().fit(X)
    expected = [None if v != v else int(f"{v:.0f}"[:4]) for v in values]
    assert generalized(X, format=format) == expected
    assert DateGeneralizer(unit="D").fit(X).transform(X).shape == X.shape


@pytest.mark.parametrize("number", [2**53 + 1, -(2**53) - 1, 2**63 - 1])
def test_numbers_of_more_digits_than_a_float_holds_are_no_days(number):
    with pytest.raises(DateParseError, match="1 of 1 values lie outside the years"):
        DateGeneralizer().fit_transform(np.array([[number]]))
    assert DateGeneralizer(unit="ns").fit_transform(np.array([[2**53 + 1]])) == 1970


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1990, 7], [1975, 1970]),
        ([1990.5, 1991.0], [1975, 1975]),
        ([199_013, 199_005], [2514, 2514]),
        ([None, None], [None, None]),
    ],
)
def test_other_numbers_are_days(values, expected):
    assert generalized(pd.DataFrame({"born": values}, dtype=float)) == expected


def test_seconds_and_written_dates_are_not_mistaken_for_days():
    for number in (641_692_800, 19_900_503):
        with pytest.raises(DateParseError, match=r"1 of 1 values .* Set 'unit' if"):
            generalized(pd.DataFrame({"born": [number]}))


@pytest.mark.parametrize(
    ("fitted", "later", "message"),
    [
        (["1990-05-03"], [1990], "held text in fit and holds numbers now"),
        ([7000], ["1990-05-03"], "held numbers in fit and holds text now"),
        ([7000], [dt.date(1990, 5, 3)], "held numbers in fit and holds dates now"),
    ],
)
def test_numbers_do_not_replace_dates_after_fit(fitted, later, message):
    dates = DateGeneralizer().fit(pd.DataFrame({"born": fitted}))
    with pytest.raises(ColumnTypeError, match=f"Column 'born' {message}"):
        dates.transform(pd.DataFrame({"born": later}))


def test_text_and_dates_may_take_turns():
    dates = DateGeneralizer().fit(pd.DataFrame({"born": ["1990-05-03"]}))
    for later in ([dt.date(1991, 1, 1)], pd.to_datetime(["1991-01-01"])):
        assert dates.transform(pd.DataFrame({"born": later}))["born"].tolist() == [1991]


@pytest.mark.parametrize(
    "values", [[True, False], [[1], [2]], [b"1990-05-03"] * 2, [dt.timedelta(1)] * 2]
)
def test_columns_of_other_types_are_refused_in_fit(values):
    message = (
        "Column 'born' has Arrow type .*; DateGeneralizer (needs dates|works on single)"
    )
    with pytest.raises(ColumnTypeError, match=message):
        DateGeneralizer(errors="coerce").fit(pa.table({"born": values}))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"level": "fortnight"}, "The 'level' parameter of DateGeneralizer must be"),
        ({"output": "text"}, "The 'output' parameter of DateGeneralizer must be"),
        ({"unit": "h"}, "The 'unit' parameter of DateGeneralizer must be"),
        ({"errors": "ignore"}, "The 'errors' parameter of DateGeneralizer must be"),
        ({"top_age": 0}, "The 'top_age' parameter of DateGeneralizer must be"),
        ({"reference_date": 2026}, "The 'reference_date' parameter of DateGeneral"),
        ({"format": "%d.%m."}, "format='%d.%m.' must have one year"),
        ({"format": "%Y", "unit": "D"}, "has format='%Y' and unit='D', but numbers"),
    ],
)
def test_parameters_are_checked_in_fit(parameters, message):
    with pytest.raises(ValueError, match=message):
        DateGeneralizer(**parameters).fit(pd.DataFrame({"born": ["1990-05-03"]}))


def test_a_column_that_does_not_exist_is_refused():
    with pytest.raises(ColumnError, match="column 'bron', which X does not have"):
        DateGeneralizer(columns=["bron"]).fit(pd.DataFrame({"born": ["1990-05-03"]}))


# -- in a model ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("output", "reference"),
    [
        *[(output, None) for output in OUTPUTS],
        *[(output, "2026-01-01") for output in OUTPUTS if output != "timestamp"],
    ],
)
def test_no_rows_and_rows_without_a_date_have_the_dtype_of_others(
    frame, output, reference
):
    table = frame({"born": ["1990-05-03", None, "1991-01-01"]})
    dates = DateGeneralizer(output=output, reference_date=reference).fit(table)
    whole = dates.transform(table)
    for rows, n_rows in ((slice(0, 0), 0), (slice(0, 1), 1), (slice(1, 2), 1)):
        batch = table[rows]
        part = dates.transform(batch)
        assert part.shape == (n_rows, whole.shape[1])
        assert types_of(part) == types_of(whole)


def types_of(table):
    return table.schema if isinstance(table, pa.Table) else list(table.dtypes)


def test_years_without_missing_values_are_integers():
    X = pd.DataFrame({"born": ["1990-05-03", "1991-01-01"]})
    dates = DateGeneralizer()
    assert dates.fit_transform(X).dtypes.tolist() == [np.int32]
    assert dates.fit_transform(X.to_numpy()).dtype == np.int32
    coerced = dates.set_params(errors="coerce").fit_transform(X)
    assert coerced.dtypes.tolist() == [np.float64]


@given(
    dates=st.lists(st.dates(), min_size=2, max_size=40),
    level=st.sampled_from(LEVELS),
    coarser=st.sampled_from(LEVELS),
)
def test_coarsening_never_splits_a_class(dates, level, coarser):
    """Who shares a period shares every coarser one; weeks do not nest in months."""
    if LEVELS.index(level) > LEVELS.index(coarser) or level == "week":
        return
    table = pa.table({"born": dates})
    classes = defaultdict(set)
    fine = generalized(table, level=level, output="label")
    coarse = generalized(table, level=coarser, output="label")
    for name, coarse_name in zip(fine, coarse, strict=True):
        classes[name].add(coarse_name)
    assert all(len(names) == 1 for names in classes.values())


@given(dates=st.lists(st.dates(), min_size=2, max_size=40))
def test_ordinals_and_labels_sort_as_the_dates_do(dates):
    table = pa.table({"born": sorted(dates)})
    for level in LEVELS:
        for output in ("ordinal", "label", "timestamp"):
            values = generalized(table, level=level, output=output)
            assert values == sorted(values)


def test_a_grid_search_chooses_the_level():
    days = np.arange("1950-01-01", "1990-01-01", 7, dtype="datetime64[D]")
    X = pd.DataFrame({"born": days.astype(str), "x": 0})
    y = days.astype("datetime64[M]").astype(int) // 3 % 2  # the quarters take turns
    model = make_pipeline(
        make_column_transformer((DateGeneralizer(), ["born"])),
        DecisionTreeClassifier(random_state=0),
    )
    step = "columntransformer__dategeneralizer__level"
    search = GridSearchCV(model, {step: ["century", "year", "quarter"]}, cv=3)
    search.fit(
        X.sample(frac=1, random_state=0), y[X.sample(frac=1, random_state=0).index]
    )
    assert search.best_params_ == {step: "quarter"}


def test_columns_that_are_not_chosen_pass_through(frame):
    table = frame({"born": ["1990-05-03"], "seen": ["2020-01-01"]})
    out = DateGeneralizer(columns=["born"]).fit_transform(table)
    assert frame.values(out, "born") == [1990]
    assert frame.values(out, "seen") == ["2020-01-01"]


def test_a_pickle_holds_no_date():
    X = pd.DataFrame({"born": ["1990-05-03", "1983-11-27"]})
    dates = DateGeneralizer(reference_date="2026-01-01").fit(X)
    data = pickle.dumps(dates)
    assert b"1990" not in data
    assert b"1983" not in data
    expected = dates.transform(X)
    pd.testing.assert_frame_equal(pickle.loads(data).transform(X), expected)


def test_skops_saves_it_without_trusting_anything(tmp_path):
    skops = pytest.importorskip("skops.io", reason="skops is not installed")
    X = pd.DataFrame({"born": ["1990-05-03"]})
    dates = DateGeneralizer(reference_date="2026-01-01").fit(X)
    skops.dump(dates, tmp_path / "dates.skops")
    unknown = skops.get_untrusted_types(file=tmp_path / "dates.skops")
    assert [name for name in unknown if not name.startswith("skanon.")] == []
    loaded = skops.load(tmp_path / "dates.skops", trusted=unknown)
    pd.testing.assert_frame_equal(loaded.transform(X), dates.transform(X))


@pytest.mark.parametrize(
    "later",
    [
        {"output": "bounds"},
        {"level": "decade"},
        {"unit": "s", "format": "%Y"},
        {"errors": "coerce"},
    ],
)
def test_a_parameter_that_is_set_later_counts_from_the_next_fit(later):
    X = pd.DataFrame({"born": ["1962-03-01", "1990-12-31"]})
    generalizer = DateGeneralizer().fit(X)
    before = generalizer.transform(X)
    generalizer.set_params(**later)
    pd.testing.assert_frame_equal(generalizer.transform(X), before)
    assert list(generalizer.get_feature_names_out()) == ["born"]


def test_bounds_that_were_fitted_stay_two_columns_until_the_next_fit():
    X = pd.DataFrame({"born": ["1962-03-01", "1990-12-31"]})
    for parameters in ({}, {"reference_date": "2024-01-01"}):
        generalizer = DateGeneralizer(output="bounds", **parameters).fit(X)
        before = generalizer.transform(X)
        generalizer.set_params(output="label", top_age=30)
        pd.testing.assert_frame_equal(generalizer.transform(X), before)
