"""No key and no cell value leaves skanon but as the result of its own method.

A marker key is planted, then searched for in everything that an estimator shows or
writes, raw, in hexadecimal and in base64; and a marker cell likewise. To load what
``skops.io.dumps`` writes, the estimators' own classes have to be trusted, and
``skanon._secrets._secret_key.SecretKey``, which holds no key then.
"""

import base64
import datetime as dt
import io
import logging
import os
import pickle
import traceback
import warnings
import zipfile
from decimal import Decimal

import cloudpickle
import joblib
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import skops.io
from public_estimators import ESTIMATORS, N_ROWS, columns_of, same, sample_of
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.utils import estimator_html_repr
from sklearn.utils.validation import has_fit_parameter

from skanon import HashPseudonymizer, SecretKey
from skanon.exceptions import KeyPicklingError

KEY = bytes.fromhex("8f1d0b61e7a44c0fb1fc9a3d52d760ee5a3f8e1f04b94c77a2d60a9e3311cdef")
NAME = "SKANON_MARKER_KEY"

MARKER = "Qzmarkervaluexj"

#: More digits than a float holds.
MARKED_NUMBER = 4_611_686_018_427_387_905

#: Settings with which an estimator uses its key, where its defaults do not.
KEYED_SETTINGS = {"MaskingTransformer": {"strategy": "template"}}

KEYED = [
    clone(e).set_params(**KEYED_SETTINGS.get(type(e).__name__, {}))
    for e in ESTIMATORS
    if "key" in e.get_params()
]


def name_of(estimator):
    return type(estimator).__name__


class Odd:
    """An object whose text is the marker."""

    def __repr__(self):
        return MARKER


def provide():
    return KEY


@pytest.fixture(params=["env", "file", "provider"])
def reference(request, monkeypatch, tmp_path):
    """A marker key by each kind of reference."""
    if request.param == "env":
        monkeypatch.setenv(NAME, f"base64:{base64.b64encode(KEY).decode()}")
        return SecretKey.from_env(NAME)
    if request.param == "file":
        path = tmp_path / "key"
        path.write_text(f"hex:{KEY.hex()}")
        path.chmod(0o600)
        return SecretKey.from_file(path)
    return SecretKey.from_provider(provide)


@pytest.fixture(params=KEYED, ids=name_of)
def keyed(request):
    return clone(request.param)


@pytest.fixture(params=ESTIMATORS, ids=name_of)
def estimator(request):
    return clone(request.param)


def forms_of(secret):
    """Return the bytes that would give a secret away."""
    # Cut to whole groups of base64, as it may begin anywhere in a longer text.
    inner = [base64.b64encode(secret[i:])[: len(secret) - 8] for i in range(3)]
    forms = [secret, secret.hex().encode(), *inner]
    return [*forms, forms[1].upper(), *(i.translate(URL_SAFE) for i in inner)]


URL_SAFE = bytes.maketrans(b"+/", b"-_")


def holds(data, secret):
    data = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
    return any(form in data for form in forms_of(secret))


def test_the_search_finds_what_it_is_for():
    text = base64.b64encode(b"x" + KEY + b"yz")
    for data in (b"a" + KEY, KEY.hex(), f"..{KEY.hex().upper()}", text):
        assert holds(data, KEY)
    assert holds(base64.urlsafe_b64encode(KEY), KEY)
    assert holds(pickle.dumps({"key": KEY}), KEY)
    assert holds(skops_bytes({"key": KEY}), KEY)
    assert not holds(KEY[1:], KEY)


def skops_bytes(thing):
    """Return the files of a skops archive, unpacked."""
    with zipfile.ZipFile(io.BytesIO(skops.io.dumps(thing))) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def joblib_bytes(thing):
    buffer = io.BytesIO()
    joblib.dump(thing, buffer)
    return buffer.getvalue()


WRITERS = {
    **{
        f"pickle-{protocol}": lambda thing, protocol=protocol: pickle.dumps(
            thing, protocol
        )
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)
    },
    "cloudpickle": cloudpickle.dumps,
    "joblib": joblib_bytes,
    "skops": skops_bytes,
}


def shown(thing):
    """Return all that is shown of an estimator without being asked for a secret."""
    parameters = thing.get_params(deep=True)
    return "\n".join(
        [
            repr(thing),
            str(thing),
            f"{thing!r:.2000}",
            repr(thing.__repr__(N_CHAR_MAX=100_000)),
            estimator_html_repr(thing),
            repr(parameters),
            str({name: str(value) for name, value in parameters.items()}),
        ]
    )


def nested(keyed, X):
    """Return the estimator inside of scikit-learn's own meta-estimators."""
    columns = ColumnTransformer([("worked_on", keyed, list(X.columns))])
    steps = [("columns", columns), ("model", DummyClassifier())]
    return Pipeline(steps)


def searched(pipeline, n_jobs=None):
    grid = {"model__strategy": ["prior", "most_frequent"]}
    return GridSearchCV(pipeline, grid, cv=2, n_jobs=n_jobs)


def target_of(X):
    return np.arange(len(X)) % 2


def test_no_key_is_written_or_shown(keyed, reference, caplog):
    caplog.set_level(logging.DEBUG)
    X = sample_of(keyed)
    keyed.set_params(key=reference)
    for thing in (
        reference,
        keyed,
        clone(keyed).fit(X),
        nested(clone(keyed), X),
        nested(clone(keyed), X).fit(X, target_of(X)),
        searched(nested(clone(keyed), X)).fit(X, target_of(X)),
    ):
        for write in WRITERS.values():
            assert not holds(write(thing), KEY)
        if thing is not reference:
            assert not holds(shown(thing), KEY)
    assert not holds(caplog.text, KEY)


def test_a_key_in_memory_is_shown_nowhere_and_written_nowhere(keyed):
    X = sample_of(keyed)
    keyed.set_params(key=SecretKey(KEY))
    pipeline = nested(clone(keyed), X).fit(X, target_of(X))
    search = searched(nested(clone(keyed), X)).fit(X, target_of(X))
    for thing in (keyed, clone(keyed).fit(X), pipeline, search):
        assert not holds(shown(thing), KEY)
        for write in WRITERS.values():
            with pytest.raises(KeyPicklingError) as caught:
                write(thing)
            assert not holds(text_of(caught.value), KEY)


def test_a_key_in_memory_does_not_go_to_other_processes():
    X = sample_of(HashPseudonymizer())
    search = searched(nested(HashPseudonymizer(key=SecretKey(KEY)), X), n_jobs=2)
    with pytest.raises((KeyPicklingError, pickle.PicklingError)) as caught:
        search.fit(X, target_of(X))
    assert not holds(text_of(caught.value), KEY)


def test_a_key_by_reference_goes_to_other_processes_as_reference(tmp_path):
    path = tmp_path / "key"
    path.write_text(f"hex:{KEY.hex()}")
    path.chmod(0o600)
    X = sample_of(HashPseudonymizer())
    pipeline = nested(HashPseudonymizer(key=SecretKey.from_file(path)), X)
    search = searched(pipeline, n_jobs=2).fit(X, target_of(X))
    best = search.best_estimator_.named_steps["columns"]
    alone = HashPseudonymizer(key=SecretKey(KEY)).fit(X)
    assert same(best.set_output(transform="pandas").transform(X), alone.transform(X))
    assert not holds(shown(search), KEY)
    for write in WRITERS.values():
        assert not holds(write(search), KEY)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_parallel_transforms_use_the_key_by_reference(n_jobs, tmp_path):
    path = tmp_path / "key"
    path.write_text(f"hex:{KEY.hex()}")
    path.chmod(0o600)
    X = sample_of(HashPseudonymizer())
    fitted = HashPseudonymizer(key=SecretKey.from_file(path)).fit(X)
    parts = joblib.Parallel(n_jobs)(
        joblib.delayed(fitted.transform)(X.iloc[i : i + 8]) for i in range(0, 24, 8)
    )
    assert same(pd.concat(parts), fitted.transform(X))


def test_a_drawn_key_is_not_shown(keyed, monkeypatch):
    """It is in the pickle, as documented, but nowhere else."""
    monkeypatch.setattr("skanon._secrets._parameter.draw_key", lambda seed: KEY)
    X = sample_of(keyed)
    fitted = keyed.set_params(key=None).fit(X)
    assert not holds(shown(fitted), KEY)
    assert not holds(shown(nested(fitted, X)), KEY)
    assert not holds(shown(searched(nested(keyed, X)).fit(X, target_of(X))), KEY)


def test_errors_about_keys_do_not_show_them(keyed, monkeypatch, tmp_path):
    X = sample_of(keyed)
    path = tmp_path / "key"
    path.touch(0o600)
    half = base64.b64encode(KEY).decode()
    for text in (f"base64:{half}!", f"base64:{half}A", f"hex:{KEY.hex()}f", half[:15]):
        path.write_text(text)
        monkeypatch.setenv(NAME, text)
        for key in (SecretKey.from_file(path), SecretKey.from_env(NAME)):
            with pytest.raises(ValueError, match="key") as caught:
                keyed.set_params(key=key).fit(X)
            assert not holds(text_of(caught.value), KEY)
            assert half[:15] not in text_of(caught.value)


@pytest.mark.parametrize("codec", ["latin-1", "utf-16", "utf-32"])
def test_the_error_of_an_undecodable_key_does_not_hold_it(codec, monkeypatch, tmp_path):
    text = "këy that is not UTF-8, 0123456789"
    path = tmp_path / "key"
    path.touch(0o600)
    path.write_bytes(text.encode(codec))
    monkeypatch.setitem(os.environ, NAME, f"{text}\udcff")
    for key in (SecretKey.from_file(path), SecretKey.from_env(NAME)):
        with pytest.raises(ValueError, match="not valid UTF-8") as caught:
            key.resolve()
        assert "0123456789" not in text_of(caught.value).replace("\\x00", "")


def test_the_warning_of_a_readable_key_file_does_not_show_the_key(tmp_path):
    path = tmp_path / "key"
    path.write_text(f"hex:{KEY.hex()}")
    path.chmod(0o644)
    with pytest.warns(UserWarning, match="chmod 600") as caught:
        SecretKey.from_file(path).resolve()
    assert not any(holds(str(w.message), KEY) for w in caught)


def test_the_error_of_a_wrong_key_shows_neither(keyed, monkeypatch):
    X = sample_of(keyed)
    other = bytes(32)
    monkeypatch.setenv(NAME, f"hex:{KEY.hex()}")
    fitted = keyed.set_params(key=SecretKey.from_env(NAME)).fit(X)
    loaded = pickle.loads(pickle.dumps(fitted))
    monkeypatch.setenv(NAME, f"hex:{other.hex()}")
    for thing in (fitted, loaded):
        with pytest.raises(ValueError, match="fingerprint") as caught:
            thing.transform(X)
        assert not holds(text_of(caught.value), KEY)
        assert not holds(text_of(caught.value), other)


def test_skops_loads_what_it_wrote_if_our_classes_are_trusted(estimator, monkeypatch):
    monkeypatch.setenv(NAME, f"hex:{KEY.hex()}")
    if "key" in estimator.get_params():
        estimator.set_params(key=SecretKey.from_env(NAME))
    X = sample_of(estimator)
    written = skops.io.dumps(estimator.fit(X))
    ours = skops.io.get_untrusted_types(data=written)
    assert all(name.startswith("skanon.") for name in ours)
    loaded = skops.io.loads(written, trusted=ours)
    assert repr(loaded) == repr(estimator)
    assert loaded.transform(X).shape == estimator.transform(X).shape
    if "key" in estimator.get_params():
        assert same(loaded.transform(X), estimator.transform(X))


# -- cells ------------------------------------------------------------------------


def text_of(error):
    """Return what Python prints of an error, and all that hangs on it.

    That an error was raised ``from None`` hides the one before from Python's own
    tracebacks, but not from what collects errors elsewhere.
    """
    said = "".join(traceback.format_exception(error))
    for other in chain_of(error):
        said += f"{other!r} {other} {vars(other)} {getattr(other, 'object', '')}"
    return said


def chain_of(error):
    """Return an error and all errors that led to it."""
    found = []
    errors = [error]
    while errors:
        error = errors.pop()
        if error is not None and error not in found:
            found.append(error)
            errors += [error.__cause__, error.__context__]
    return found


def planted(columns, change):
    """Return a table with the marker in it, each column changed in one way."""
    table = {name: change(list(values)) for name, values in columns.items()}
    return pd.DataFrame({n: pd.Series(v, dtype=object) for n, v in table.items()})


def _first(value):
    return lambda values: [value, *values[1:]]


#: Parameters that take lists and arrays of columns' names, which messages show.
COLUMN_LISTS = {"columns", "strata"}

#: Ways to put the marker where it does not belong.
PLANTS = {
    "text": _first(MARKER),
    "text beside a number": lambda values: [MARKER, 1.5, *values[2:]],
    "bytes": _first(MARKER.encode()),
    "list": _first([MARKER]),
    "dict": _first({MARKER: MARKER}),
    "dicts": lambda values: [{MARKER: 1}] * len(values),
    "lists of dicts": lambda values: [[{MARKER: 1}]] * len(values),
    "object": _first(Odd()),
    "half a surrogate": _first(MARKER + "\ud800"),
    "date-like": _first(f"2024-13-45 {MARKER}"),
    "long integer": lambda values: [MARKED_NUMBER] * len(values),
    "longer integer": lambda values: [2**60 * MARKED_NUMBER] * len(values),
    "decimal": lambda values: [Decimal(f"{MARKED_NUMBER}.25")] * len(values),
}


def said_by(action, *args, **kwargs):
    """Return what is said in an error, in warnings and in logs, and if it failed."""
    stream, failed = io.StringIO(), False
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            action(*args, **kwargs)
        except Exception as error:  # noqa: BLE001  # any error might say too much
            failed = True
            stream.write(text_of(error))
    logging.getLogger().removeHandler(handler)
    stream.writelines(str(warning.message) for warning in caught)
    return stream.getvalue(), failed


@pytest.mark.parametrize("plant", PLANTS)
def test_no_cell_is_quoted_about_bad_input(estimator, plant):
    good = sample_of(estimator)
    bad = planted(columns_of(estimator), PLANTS[plant])
    strict = [
        {name: value}
        for name, value in {"handle_unknown": "error", "errors": "raise"}.items()
        if name in estimator.get_params()
    ]
    for parameters in [{}, *strict]:
        unfitted = clone(estimator).set_params(**parameters)
        fitted = clone(unfitted).fit(good)
        for action in (unfitted.fit, fitted.transform):
            said, failed = said_by(action, bad)
            assert MARKER not in said
            assert str(MARKED_NUMBER)[:12] not in said
            assert failed or plant not in ("list", "dict", "object")


#: Estimators of numbers, and of ZIP codes.
TAKE_NO_TEXT = {
    "Microaggregator",
    "NoiseAdder",
    "NumericGeneralizer",
    "Rounder",
    "TopBottomCoder",
    "ZipCodeGeneralizer",
}

LATER = {
    "integers": [1, None, 2],
    "floats": [0.5, None, 1.5],
    "truths": [True, None, False],
    "bytes": [b"a", None, b"b"],
    "dates": [dt.date(2024, 1, 2), None, dt.date(2024, 1, 3)],
    "text": ["a", None, "b"],
    "nothing": [None, None, None],
}


@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize("fitted_on", [MARKER, MARKED_NUMBER, 2**63 + MARKED_NUMBER])
def test_no_fitted_cell_is_quoted_about_later_input(estimator, fitted_on, later):
    numbers = (str(MARKED_NUMBER)[:12], str(2**63 + MARKED_NUMBER)[:12])
    good = {name: [fitted_on] * N_ROWS for name in columns_of(estimator)}
    bad = pa.table(dict.fromkeys(good, LATER[later]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            fitted = estimator.fit(pd.DataFrame(good))
        except (TypeError, ValueError):
            assert fitted_on == MARKER
            assert name_of(estimator) in TAKE_NO_TEXT
            pytest.skip("it takes no such text")
    said, _ = said_by(fitted.transform, bad.to_pandas())
    assert not any(cell in said for cell in (MARKER, *numbers))
    said, _ = said_by(fitted.transform, pd.DataFrame(good).astype(object).map(str))
    assert not any(cell in said for cell in (MARKER, *numbers))


def test_no_cell_is_quoted_about_weights(estimator):
    if not has_fit_parameter(estimator, "sample_weight"):
        pytest.skip("it learns nothing from rows and takes no weights")
    X = planted(columns_of(estimator), lambda values: values)
    for weights in ([-1.0] * len(X), [1.0], [MARKER] * len(X), [np.nan] * len(X)):
        said, failed = said_by(estimator.fit, X, sample_weight=weights)
        assert failed
        assert MARKER not in said


def test_no_cell_is_quoted_where_a_column_is_given_for_a_parameter(estimator):
    X = sample_of(estimator)
    column = pd.Series([MARKER] * N_ROWS)
    for given in (column, column.to_frame(), column.to_numpy(), column.tolist()):
        for name in estimator.get_params():
            mistaken = clone(estimator)
            setattr(mistaken, name, given)
            said, _ = said_by(mistaken.fit_transform, X)
            if not (name in COLUMN_LISTS and not hasattr(given, "iloc")):
                assert MARKER not in said, name


def test_no_cell_is_quoted_about_columns(estimator):
    X = sample_of(estimator)
    fitted = clone(estimator).fit(X)
    bad = planted(columns_of(estimator), _first(MARKER))
    for wrong in (
        bad.iloc[:, ::-1],
        bad.iloc[:, :2],
        bad["column_0"],
        bad["column_0"].tolist(),
        bad["column_0"].to_numpy(),
        bad.to_dict("list"),
        bad.to_dict("records"),
        bad.set_axis(["a", "a", "b"], axis=1),
    ):
        said, failed = said_by(fitted.transform, wrong)
        assert failed
        assert MARKER not in said


def test_no_cell_is_shown_of_a_fitted_estimator(estimator):
    columns = columns_of(estimator)
    if isinstance(columns["column_0"][0], str):
        cells = {v for values in columns.values() for v in values if v is not None}
        X = sample_of(estimator)
    else:
        # No two cells are equal, so that no average of cells is a cell.
        X = sample_of(estimator)
        X = X + 977_531 + np.random.default_rng(0).random(X.shape).round(5)
        cells = {str(v) for v in X.to_numpy().ravel() if v == v}
    seen = shown(estimator.fit(X)) + shown(nested(estimator, X))
    plain = shown(clone(estimator)) + shown(nested(clone(estimator), X))
    assert [cell for cell in cells if seen.count(cell) > plain.count(cell)] == []
