"""Every public class, function and method is documented as numpydoc says."""

import importlib
import inspect
import pkgutil

import pytest
from numpydoc.validate import validate
from public_estimators import ESTIMATORS, sample_of
from sklearn.base import clone

import skanon

#: Checks that do not suit every kind of thing: a method's class has the extended
#: summary, the "See Also" and the examples; so have the errors' and aliases' rooms.
OLD_STYLE = {"GL01"}  # releases before 1.11 want a line break before the summary
NOT_OF_METHODS = {"ES01", "SA01", "EX01"}
NOT_OF_ERRORS = {"ES01", "SA01", "EX01"}
NOT_OF_FUNCTIONS = {"ES01"}

ROOMS = [
    "skanon",
    *(
        module.name
        for module in pkgutil.walk_packages(skanon.__path__, "skanon.")
        if "._" not in module.name
    ),
]

#: The lines that Notes of an estimator must have, in this order.
PROMISES = ("**Protects against**", "**Does not protect against**", "**Remembers**")


def documented():
    """Yield the import path of each public thing, and the checks not made of it."""
    for room in ROOMS:
        module = importlib.import_module(room)
        for name in module.__all__:
            thing = getattr(module, name)
            if inspect.isfunction(thing):
                yield f"{room}.{name}", NOT_OF_FUNCTIONS
            elif inspect.isclass(thing) and issubclass(thing, BaseException):
                yield f"{room}.{name}", NOT_OF_ERRORS
            elif inspect.isclass(thing) and thing.__module__.startswith("skanon"):
                yield f"{room}.{name}", set()
                for method in methods_of(thing):
                    yield f"{room}.{name}.{method}", NOT_OF_METHODS


def methods_of(class_):
    """Return the public methods and properties that skanon itself writes."""
    for name in dir(class_):
        thing = inspect.getattr_static(class_, name)
        thing = getattr(thing, "__func__", getattr(thing, "fget", thing))
        thing = inspect.unwrap(thing) if callable(thing) else thing
        ours = (getattr(thing, "__module__", None) or "").startswith("skanon")
        if ours and inspect.isfunction(thing) and not name.startswith("_"):
            yield name


@pytest.mark.parametrize(("path", "left_out"), list(documented()))
def test_docstring_follows_numpydoc(path, left_out):
    errors = validate(path)["errors"]
    assert [error for error in errors if error[0] not in left_out | OLD_STYLE] == []


def test_docstrings_of_methods_are_looked_at():
    paths = {path for path, _ in documented()}
    assert "skanon.HashPseudonymizer.fit" in paths
    assert "skanon.HashPseudonymizer.transform" in paths
    assert "skanon.SecretKey.source" in paths


@pytest.mark.parametrize("module", ROOMS)
def test_every_room_has_a_docstring_of_one_sentence_first(module):
    first = (importlib.import_module(module).__doc__ or "").strip().splitlines()[0]
    assert first.endswith(".")


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda e: type(e).__name__)
def test_notes_say_what_is_protected_and_what_not(estimator):
    text = inspect.getdoc(type(estimator))
    notes = text.partition("\nNotes\n")[2].partition("\nExamples\n")[0]
    places = [notes.find(promise) for promise in PROMISES]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda e: type(e).__name__)
def test_fitted_attributes_are_documented(estimator):
    text = inspect.getdoc(type(estimator))
    attributes = text.partition("\nAttributes\n")[2].partition("\nSee Also\n")[0]
    fitted = vars(clone(estimator).fit(sample_of(estimator)))
    public = [n for n in fitted if n.endswith("_") and not n.startswith("_")]
    assert [name for name in public if f"\n{name} : " not in attributes] == []
