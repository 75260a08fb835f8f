"""Values become what stands above them in a hierarchy."""

import pickle
import uuid

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.tree import DecisionTreeClassifier

from skanon import DateGeneralizer, HierarchyGeneralizer
from skanon.exceptions import ColumnError, ColumnTypeError, UnknownValueError
from skanon.hierarchies import Hierarchy

CITIES = Hierarchy.from_tree(
    {"Europe": {"Spain": ["Vigo"]}, "America": {"Peru": ["Lima", "Cusco"]}}
)
AGES = Hierarchy.intervals(width=10, levels=2)
ZIPS = Hierarchy.prefix([3, 2])
TABLE = {
    "city": ["Lima", "Vigo", None, "Rome"],
    "age": [34.0, 61.0, None, 8.0],
    "zip": ["02139", "02144", None, "90210"],
}
ALL = {"city": CITIES, "age": AGES, "zip": ZIPS}


def test_each_column_has_its_hierarchy_and_level(frame):
    X = frame(TABLE)
    generalizer = HierarchyGeneralizer(
        hierarchies=ALL, level={"zip": 1, "city": 2, "age": 2}
    )
    out = generalizer.fit_transform(X)
    assert frame.values(out, "city") == ["America", "Europe", None, None]
    assert frame.values(out, "age") == ["[20, 40)", "[60, 80)", None, "[0, 20)"]
    assert frame.values(out, "zip") == ["021", "021", None, "902"]
    assert generalizer.levels_ == [2, 2, 1]
    assert generalizer.hierarchies_ == [CITIES, AGES, ZIPS]


def test_columns_without_a_hierarchy_pass_through(frame):
    X = frame(TABLE)
    out = HierarchyGeneralizer(hierarchies={"zip": ZIPS}).fit_transform(X)
    assert frame.values(out, "city") == TABLE["city"]
    assert frame.values(out, "zip") == ["021", "021", None, "902"]


def test_an_array_has_positions():
    X = np.array([["a", "Lima"], ["b", "Vigo"]], object)
    for hierarchies in ({1: CITIES}, {"x1": CITIES}):
        out = HierarchyGeneralizer(hierarchies=hierarchies).fit_transform(X)
        assert out.tolist() == [["a", "Peru"], ["b", "Spain"]]


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("auto", ["[30, 40)", "[60, 70)", None, "[0, 10)"]),
        ("label", ["[30, 40)", "[60, 70)", None, "[0, 10)"]),
        ("ordinal", [3, 6, None, 0]),
        ("midpoint", [35, 65, None, 5]),
    ],
)
def test_numbers_in_intervals_have_every_output(frame, output, expected):
    X = frame({"age": TABLE["age"]})
    generalizer = HierarchyGeneralizer(hierarchies=AGES, output=output)
    assert frame.values(generalizer.fit_transform(X), "age") == expected


def test_a_hierarchy_that_is_given_gives_its_labels_to_values_of_any_type():
    codes = Hierarchy.from_dict({"39": "30-39", "50": "50-59"})
    X = pd.DataFrame({"age": [39, 50, 39]})
    out = HierarchyGeneralizer(hierarchies={"age": codes}).fit_transform(X)["age"]
    assert out.tolist() == codes.generalize(X["age"], 1).tolist()


def test_bounds_are_two_columns(frame):
    X = frame({"age": TABLE["age"]})
    generalizer = HierarchyGeneralizer(hierarchies=AGES, output="bounds")
    out = generalizer.fit_transform(X)
    assert frame.values(out, "age_lower") == [30, 60, None, 0]
    assert frame.values(out, "age_upper") == [40, 70, None, 10]
    names = ["age_lower", "age_upper"]
    assert list(generalizer.get_feature_names_out()) == names


@pytest.mark.parametrize("outputs", [("bounds", "midpoint"), ("label", "bounds")])
def test_an_output_that_is_set_later_counts_from_the_next_fit(outputs):
    X = pd.DataFrame({"age": TABLE["age"]})
    first, second = (HierarchyGeneralizer(hierarchies=AGES, output=o) for o in outputs)
    before = first.fit_transform(X)
    first.set_params(output=outputs[1])
    pd.testing.assert_frame_equal(first.transform(X), before)
    assert list(first.get_feature_names_out()) == list(before)
    pd.testing.assert_frame_equal(first.fit_transform(X), second.fit_transform(X))


def test_where_columns_are_named_by_integers_a_name_goes_before_a_position():
    X = pd.DataFrame({1: ["12"], 2: ["56"]})
    generalizer = HierarchyGeneralizer(
        hierarchies=Hierarchy.redaction(), level={1: 1, 2: 2}
    )
    assert generalizer.fit_transform(X).iloc[0].tolist() == ["1*", "**"]
    with pytest.raises(ColumnError, match=r"'level' .* lacks \[2\], but"):
        generalizer.set_params(level={1: 1}).fit(X)
    with pytest.raises(ColumnError, match=r"lacks \[1, 2\] and names \['edu'\]"):
        generalizer.set_params(level={"edu": 1}).fit(X)


@pytest.mark.parametrize(
    "level", [{"column 801": 1}, {f"col {i}": 1 for i in range(900)}]
)
def test_a_level_that_fits_no_column_is_told_in_short_however_many_there_are(level):
    X = pd.DataFrame(np.ones((1, 800)), columns=[f"column {i}" for i in range(800)])
    generalizer = HierarchyGeneralizer(hierarchies=Hierarchy.redaction(), level=level)
    message = (
        r"lacks \['column 0', .* and 788 more and names \['col.* and 788 more, and"
    )
    with pytest.raises(ColumnError, match=message) as caught:
        generalizer.fit(X)
    assert len(str(caught.value)) < 1000


LETTERS = HierarchyGeneralizer(
    hierarchies=Hierarchy.from_dict({"a": "x", "b": "x", "c": "y"})
)


@pytest.mark.parametrize("as_dtype", ["object", "category"])
@pytest.mark.parametrize(
    ("values", "n_unknown", "n_values"),
    [(["a", " a", " b", None], 2, 3), (["a", "b", *[" a"] * 8, None], 8, 10)],
    ids=["different values", "one value"],
)
def test_a_hierarchy_that_lacks_most_values_is_warned_of(
    as_dtype, values, n_unknown, n_values
):
    X = pd.DataFrame({"city": values}, dtype=as_dtype)
    message = f"'city' lacks {n_unknown} of its {n_values} values, which become missing"
    with pytest.warns(UserWarning, match=message) as caught:
        LETTERS.fit(X)
    assert [warning.filename for warning in caught] == [__file__]


def test_few_unknown_values_are_not_warned_of_however_many_differ():
    LETTERS.fit(pd.DataFrame({"city": ["a"] * 5 + [" a", " b", "z", None]}))
    LETTERS.fit(pd.DataFrame({"city": ["a", " a"]}))


def test_unknown_values_are_counted_by_their_weights():
    X = pd.DataFrame({"city": ["a", " a", None]})
    LETTERS.fit(X, sample_weight=[3, 2, 100])
    with pytest.warns(UserWarning, match="lacks 4 of its 7 values"):
        LETTERS.fit(X, sample_weight=[3, 4, 0])
    with pytest.warns(UserWarning, match="lacks 4 of its 7 values"):
        LETTERS.fit(X.loc[[0] * 3 + [1] * 4])


def test_a_policy_that_is_set_later_counts_from_the_next_fit():
    rows = pd.DataFrame({"city": ["Lima", "Rome"]})
    generalizer = HierarchyGeneralizer(hierarchies=CITIES).fit(rows)
    generalizer.set_params(handle_unknown="error")
    assert generalizer.transform(rows)["city"].isna().tolist() == [False, True]
    with pytest.raises(UnknownValueError, match="1 unknown value"):
        generalizer.fit(rows)


def test_an_interval_is_a_pandas_interval():
    X = pd.DataFrame({"age": TABLE["age"]})
    out = HierarchyGeneralizer(hierarchies=AGES, output="interval").fit_transform(X)
    assert out["age"][1] == pd.Interval(60, 70, closed="left")
    assert out["age"].isna().tolist() == [False, False, True, False]


PERIODS = Hierarchy.dates(["month", "year"])


@pytest.mark.parametrize("output", ["midpoint", "bounds", "interval"])
@pytest.mark.parametrize(
    ("level", "period"), [(0, "day"), (1, "month"), (2, "year"), (3, "*")]
)
def test_periods_of_dates_have_the_outputs_of_intervals(frame, level, period, output):
    X = frame({"born": ["1990-05-03", None, "1604-02-29", "9999-12-31"]})
    out = HierarchyGeneralizer(hierarchies=PERIODS, level=level, output=output)
    dates = DateGeneralizer(level=period, output=output)
    assert list(out.fit(X).get_feature_names_out()) == list(
        dates.fit(X).get_feature_names_out()
    )
    assert_same(out.transform(X), dates.transform(X))


def types_of(table):
    return list(table.schema if isinstance(table, pa.Table) else table.dtypes)


def assert_same(left, right):
    if isinstance(left, pd.DataFrame):
        pd.testing.assert_frame_equal(left, right)
    else:
        assert left.equals(right)


@pytest.mark.parametrize("output", ["midpoint", "bounds", "interval"])
def test_intervals_of_dates_have_the_dtype_of_others_in_any_part(frame, output):
    X = frame({"born": ["1990-05-03", None, "soon"]})
    generalizer = HierarchyGeneralizer(hierarchies=PERIODS, output=output).fit(X)
    whole = generalizer.transform(X)
    for rows in (slice(0, 0), slice(0, 1), slice(1, 2), slice(2, 3)):
        assert types_of(generalizer.transform(X[rows])) == types_of(whole)


def test_numbers_and_dates_have_their_bounds_side_by_side(frame):
    X = frame({"age": TABLE["age"][:3], "born": ["1990-05-03", None, "soon"]})
    generalizer = HierarchyGeneralizer(
        hierarchies={"age": AGES, "born": PERIODS}, output="bounds"
    )
    out = generalizer.fit_transform(X)
    assert frame.values(out, "age_upper") == [40, 70, None]
    assert list(map(str, frame.values(out, "born_upper"))) == [
        "1990-06-01 00:00:00",
        "None",
        "None",
    ]
    names = ["age_lower", "age_upper", "born_lower", "born_upper"]
    assert list(generalizer.get_feature_names_out()) == names


@pytest.mark.parametrize("output", ["midpoint", "bounds", "interval"])
def test_what_tells_no_date_can_be_an_error(output):
    generalizer = HierarchyGeneralizer(
        hierarchies=PERIODS, output=output, handle_unknown="error"
    ).fit([["1990-05-03"], [None]])
    with pytest.raises(UnknownValueError, match=r"'x0' has 1 unknown value"):
        generalizer.transform([["1990-05-03"], [None], ["soon"]])


def test_a_categorical_of_dates_has_midpoints():
    X = pd.DataFrame({"born": pd.Categorical(["1990-05-03", None, "1990-05-03"])})
    out = HierarchyGeneralizer(hierarchies=PERIODS, output="midpoint").fit_transform(X)
    assert out["born"].dtype == "datetime64[s]"
    assert out["born"].dropna().tolist() == [pd.Timestamp("1990-05-16 12:00")] * 2


def test_learned_periods_have_midpoints():
    X = pd.DataFrame({"born": pd.to_datetime(["1990-05-03", "1991-02-01"])})
    out = HierarchyGeneralizer(level=2, output="midpoint").fit_transform(X)["born"]
    assert out.dt.strftime("%Y-%m-%d %H").tolist() == ["1990-07-02 12", "1991-07-02 12"]


@pytest.mark.parametrize("output", ["ordinal", "midpoint", "bounds", "interval"])
@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_every_level_gives_numbers(level, output):
    X = pd.DataFrame({"age": [3.0, 44.0]})
    out = HierarchyGeneralizer(hierarchies=AGES, level=level, output=output)
    assert out.fit_transform(X).notna().all(axis=None)


def test_listed_labels_are_counted_in_the_order_of_the_list():
    X = pd.DataFrame({"city": TABLE["city"]})
    out = HierarchyGeneralizer(hierarchies=CITIES, output="ordinal").fit_transform(X)
    assert out["city"].tolist()[:2] == [1, 0]
    assert out["city"].isna().tolist() == [False, False, True, True]


def test_labels_of_codes_are_counted_as_they_were_fitted():
    X = pd.DataFrame({"zip": TABLE["zip"]})
    generalizer = HierarchyGeneralizer(hierarchies=ZIPS, output="ordinal").fit(X)
    out = generalizer.transform(pd.DataFrame({"zip": ["90299", "02100", "55555"]}))
    assert out["zip"].tolist()[:2] == [1, 0]
    assert out["zip"].isna()[2]


@pytest.mark.parametrize("output", ["label", "ordinal"])
def test_an_unknown_value_can_be_an_error(output):
    fitted, later = (pd.DataFrame({"city": [city, None]}) for city in ("Lima", "Rome"))
    generalizer = HierarchyGeneralizer(
        hierarchies=CITIES, handle_unknown="error", output=output
    ).fit(fitted)
    with pytest.raises(
        UnknownValueError, match=r"'city' has 1 unknown value"
    ) as caught:
        generalizer.transform(later)
    assert "Rome" not in str(caught.value)
    with pytest.raises(UnknownValueError, match=r"'city' has 1 unknown value"):
        generalizer.fit(pd.concat([fitted, later]))


@pytest.mark.parametrize("output", ["midpoint", "ordinal", "label"])
def test_text_where_numbers_were_fitted_is_refused(output):
    generalizer = HierarchyGeneralizer(hierarchies=AGES, output=output)
    generalizer.fit(pd.DataFrame({"age": [1.0, 2.0]}))
    with pytest.raises(ColumnTypeError, match=r"Column 'age': .* needs numbers"):
        generalizer.transform(pd.DataFrame({"age": ["one"]}))


@pytest.mark.parametrize("handle_unknown", ["suppress", "error"])
@pytest.mark.parametrize("output", ["label", "ordinal"])
@pytest.mark.parametrize(
    "hierarchy", [Hierarchy.from_dict({"a1": "a", "b1": "b"}), Hierarchy.prefix([1])]
)
def test_unknown_values_do_not_change_the_dtype(hierarchy, output, handle_unknown):
    X = pd.DataFrame({"code": ["a1", "b1"]})
    generalizer = HierarchyGeneralizer(
        hierarchies=hierarchy, output=output, handle_unknown=handle_unknown
    ).fit(X)
    folds = [X, X[:1]]
    if handle_unknown == "suppress":
        folds.append(pd.DataFrame({"code": ["a1", "c1"]}))
    assert len({generalizer.transform(fold)["code"].dtype for fold in folds}) == 1


@pytest.mark.parametrize("handle_unknown", ["suppress", "error"])
def test_numbers_beyond_the_intervals_of_a_width_do_not_change_the_dtype(
    handle_unknown,
):
    generalizer = HierarchyGeneralizer(
        hierarchies=Hierarchy.intervals(width=1),
        output="ordinal",
        handle_unknown=handle_unknown,
    ).fit([[1.0]])
    assert generalizer.transform([[1.0]]).dtype == (
        "float64" if handle_unknown == "suppress" else "int32"
    )
    if handle_unknown == "suppress":
        assert generalizer.transform([[1e300]]).dtype == "float64"


def test_without_unknown_values_codes_are_integers():
    rows = pd.DataFrame({"age": [3.5, 41]})
    ages = Hierarchy.intervals(edges=[18, 65])
    generalizer = HierarchyGeneralizer(hierarchies=ages, output="ordinal")
    assert generalizer.fit_transform(rows)["age"].dtype == "int32"
    cities = Hierarchy.from_dict({"Bonn": "Europe", "Lima": "America"})
    generalizer = HierarchyGeneralizer(
        hierarchies=cities, output="ordinal", handle_unknown="error"
    )
    assert generalizer.fit_transform([["Bonn"], ["Lima"]]).dtype == "int32"


def test_a_hierarchy_of_another_column_is_noticed():
    with pytest.raises(UnknownValueError, match="'city' lacks every one of its values"):
        HierarchyGeneralizer(hierarchies=CITIES).fit(pd.DataFrame({"city": ["34"]}))


def test_a_categorical_column_is_generalized_by_its_categories():
    X = pd.DataFrame({"city": pd.Categorical(["Lima", "Cusco", None])})
    out = HierarchyGeneralizer(hierarchies=CITIES).fit_transform(X)["city"]
    assert list(out.cat.categories) == ["Spain", "Peru"]
    assert out.tolist()[:2] == ["Peru", "Peru"]
    assert out.isna().tolist() == [False, False, True]


@pytest.mark.parametrize("hierarchies", [CITIES, None], ids=["given", "learned"])
def test_values_as_they_are_bring_no_category_with_them(hierarchies):
    """Those that fit saw are none of the business of who gets a later table."""
    X = pd.DataFrame({"city": pd.Categorical(["Lima", "Lima", "Cusco"])})
    generalizer = HierarchyGeneralizer(hierarchies=hierarchies, level=0).fit(X)
    later = pd.DataFrame({"city": pd.Categorical(["Lima"])})
    assert list(generalizer.transform(later)["city"].cat.categories) == ["Lima"]


def test_categories_that_no_row_has_are_not_unknown():
    X = pd.DataFrame({"city": pd.Categorical(["Lima"], categories=["Rome", "Lima"])})
    generalizer = HierarchyGeneralizer(hierarchies=CITIES, handle_unknown="error")
    assert generalizer.fit_transform(X)["city"].tolist() == ["Peru"]


def test_a_hierarchy_is_learned_where_none_is_given():
    X = pd.DataFrame(
        {
            "n": np.arange(160.0),
            "t": ["a"] * 100 + ["b"] * 50 + ["c"] * 10,
            "d": pd.Timestamp("2020-05-17"),
            "b": [True, False] * 80,
        }
    )
    generalizer = HierarchyGeneralizer().fit(X)
    out = generalizer.transform(X)
    assert out["n"].nunique() == 16
    assert out["t"].value_counts().to_dict() == {"a": 100, "other": 60}
    assert out["d"].unique().tolist() == [202005]
    assert out["b"].nunique() == 1
    assert [h.height for h in generalizer.hierarchies_] == [5, 2, 4, 1]
    top = clone(generalizer).set_params(level=9, output="label").fit_transform(X)
    assert set(top.to_numpy().ravel()) == {"*"}


def test_columns_of_nothing_but_missing_values_are_learned():
    X = pd.DataFrame({"n": [np.nan, np.nan], "t": pd.Series([None, None], dtype="str")})
    out = HierarchyGeneralizer().fit_transform(X)
    assert out.isna().all(axis=None)


@pytest.mark.parametrize(
    "cells", [[uuid.UUID(int=2**127 + i) for i in range(3)], [b"\xff"] * 3]
)
@pytest.mark.parametrize("hierarchies", [CITIES, None], ids=["given", "learned"])
def test_values_that_have_no_text_are_refused(cells, hierarchies):
    X = pd.DataFrame({"a": cells})
    # Older versions of Arrow cannot read UUIDs at all.
    message = r"Column 'a'(: .*binary.* looked up| has values of type UUID)"
    with pytest.raises(ColumnTypeError, match=message):
        HierarchyGeneralizer(hierarchies=hierarchies).fit(X)


def test_the_group_of_rare_values_has_a_name_that_is_free():
    X = pd.DataFrame({"t": ["other"] * 3 + ["other_"] * 2 + ["x"]})
    out = HierarchyGeneralizer().fit_transform(X)["t"]
    assert out.tolist() == ["other"] * 3 + ["other__"] * 3


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.integers(-5, 5), st.integers(0, 4)),
        min_size=1,
        max_size=15,
    ).filter(lambda rows: any(count for *_, count in rows))
)
def test_counts_of_distinct_rows_learn_the_hierarchies_of_the_full_table(rows):
    *columns, counts = zip(*rows, strict=True)
    X = pd.DataFrame(dict(zip("tn", columns, strict=True)))
    full = X.loc[X.index.repeat(list(counts))]
    by_counts = HierarchyGeneralizer().fit(X, sample_weight=counts)
    assert by_counts.hierarchies_ == HierarchyGeneralizer().fit(full).hierarchies_


def test_the_level_can_be_searched():
    X = pd.DataFrame({"city": ["Lima", "Cusco", "Vigo"] * 20})
    y = X["city"] != "Vigo"
    pipeline = make_pipeline(
        HierarchyGeneralizer(hierarchies=CITIES),
        OneHotEncoder(handle_unknown="ignore"),
        DecisionTreeClassifier(),
    )
    search = GridSearchCV(pipeline, {"hierarchygeneralizer__level": [3, 2]}, cv=3)
    assert search.fit(X, y).best_params_ == {"hierarchygeneralizer__level": 2}


def test_a_pickle_transforms_alike():
    X = pd.DataFrame(TABLE)
    generalizer = HierarchyGeneralizer(hierarchies=ALL).fit(X)
    back = pickle.loads(pickle.dumps(generalizer))
    pd.testing.assert_frame_equal(back.transform(X), generalizer.transform(X))


def test_adult_becomes_coarser_by_the_hierarchies_of_arx(shared):
    folder = shared / "arx"
    adult = pd.read_csv(folder / "adult.csv", sep=";")
    hierarchies = {
        name: Hierarchy.from_csv(folder / f"adult_hierarchy_{name}.csv")
        for name in adult.columns
    }
    generalizer = HierarchyGeneralizer(
        hierarchies=hierarchies, handle_unknown="error", output="label"
    )
    out = generalizer.fit_transform(adult)
    sizes = {name: len(hierarchies[name].labels(1)) for name in adult.columns}
    assert all(out[name].nunique() <= sizes[name] for name in adult.columns)
    assert out["age"].str.startswith(("15-", "20-", "40-")).any()


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"hierarchies": {"town": CITIES}}, ColumnError, "'town', which X does not"),
        (
            {"hierarchies": {"city": CITIES}, "columns": ["city", "zip"]},
            ColumnError,
            r"'hierarchies' of HierarchyGeneralizer lacks \['zip'\]",
        ),
        (
            {"hierarchies": ALL, "columns": ["city"]},
            ColumnError,
            r"'hierarchies' of HierarchyGeneralizer names \['age', 'zip'\]",
        ),
        (
            {"hierarchies": {"city": CITIES}, "level": {"zip": 1}},
            ColumnError,
            r"'level' of HierarchyGeneralizer lacks \['city'\]",
        ),
        (
            {"hierarchies": {"city": CITIES}, "level": 4},
            ValueError,
            "Level 4 of column 'city' is not a level .* to its height, 3",
        ),
        (
            {"hierarchies": {"city": CITIES}, "level": {"city": "high"}},
            ValueError,
            "Level 'high' of column 'city' is not a level",
        ),
        (
            {"hierarchies": {"city": CITIES}, "level": {"city": True}},
            ValueError,
            "Level True of column 'city' is not a level",
        ),
        (
            {"hierarchies": {"city": CITIES}, "level": {"city": pd.Series(["Lima"])}},
            ValueError,
            "^Level Series of column 'city' is not a level",
        ),
        ({"level": True}, ValueError, "Level True of column 'city' is not a level"),
        (
            {"level": {"city": 1, "age": 1, "zip": "high"}},
            ValueError,
            "Level 'high' of column 'zip' is not a level",
        ),
        (
            {"hierarchies": {"city": {"Lima": "Peru"}}},
            TypeError,
            r"of column 'city' is of type dict. .* Hierarchy\.from_dict",
        ),
        (
            {"hierarchies": {"age": [18, 65]}},
            TypeError,
            r"of column 'age' is of type list. Make a Hierarchy of it",
        ),
        (
            {"hierarchies": {"city": CITIES}, "output": "midpoint"},
            ValueError,
            "needs a hierarchy of numbers or dates, .* of column 'city' is Hierarchy",
        ),
        (
            {"hierarchies": {"city": AGES}},
            ColumnTypeError,
            "Column 'city': The column has Arrow type .* needs numbers",
        ),
        ({"level": -1}, ValueError, "The 'level' parameter .* must be an int"),
    ],
)
def test_bad_parameters_are_refused(parameters, error, message):
    with pytest.raises(error, match=message):
        HierarchyGeneralizer(**parameters).fit(pd.DataFrame(TABLE))
