"""The shop window: what is public can be imported, and nothing else is."""

import ast
import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import skanon

ROOT = Path(skanon.__file__).parent

MODULES = [
    module.name
    for module in pkgutil.walk_packages(skanon.__path__, "skanon.")
    if module.name != "skanon.__main__"
]

#: Modules that users may import from: no part of the name begins with "_".
PUBLIC = [name for name in MODULES if "._" not in name]

#: Optional packages, and pandas's optional ones; "import skanon" needs none of them.
OPTIONAL = ("faker", "h3", "matplotlib", "polars", "polars_hash", "rich", "typer")


def exported(module):
    return importlib.import_module(module).__all__


@pytest.mark.parametrize("module", ["skanon", *PUBLIC])
def test_every_public_name_is_there(module):
    for name in exported(module):
        assert hasattr(importlib.import_module(module), name)


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: path.stem)
def test_every_module_says_what_it_exports(path):
    names = {
        target.id
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert "__all__" in names or path.name == "__main__.py"


@pytest.mark.parametrize("module", ["skanon", *PUBLIC])
def test_what_a_module_defines_or_imports_from_skanon_is_public_or_private(module):
    """No name without an underscore is there by accident."""
    found = {
        name
        for name, thing in vars(importlib.import_module(module)).items()
        if not name.startswith("_")
        and (inspect.isclass(thing) or inspect.isfunction(thing))
        and thing.__module__.startswith("skanon")
    }
    assert found <= set(exported(module))


def test_public_estimators_are_exported_by_their_room_too():
    for name in skanon.__all__:
        thing = getattr(skanon, name)
        if inspect.isclass(thing) and "._" in thing.__module__:
            room = thing.__module__.rpartition("._")[0]
            assert room == "skanon" or name in exported(room)


def test_importing_skanon_imports_no_optional_package():
    code = f"""
import sys
import skanon
for name in {PUBLIC!r}:
    __import__(name)
print([name for name in {OPTIONAL!r} if name in sys.modules])
"""
    run = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_package_is_typed():
    assert (ROOT / "py.typed").is_file()


def test_readme_tells_where_every_name_is_imported_from():
    """Estimators from skanon itself, all else from a room that README names."""
    readme = (ROOT.parent / "README.md").read_text(encoding="utf-8")
    names = set(skanon.__all__) - {"__version__"}
    assert sorted(name for name in names if f"`{name}" not in readme) == []
    rooms = set(PUBLIC) - {"skanon.cli", "skanon.exceptions", "skanon.typing"}
    with_more = {room for room in rooms if not set(exported(room)) <= names}
    assert sorted(room for room in with_more if room not in readme) == []


@pytest.mark.parametrize("room", ["datasets", "metrics", "plotting", "privacy"])
def test_rooms_are_there_once_skanon_is_imported(room):
    code = (
        "import sys, skanon\n"
        f"assert 'skanon.{room}' not in sys.modules\n"
        f"assert {room!r} in dir(skanon)\n"
        f"assert skanon.{room}.__name__ == 'skanon.{room}'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_skanon_lacks_is_an_attribute_error():
    with pytest.raises(AttributeError, match="'skanon' has no attribute 'metric'"):
        skanon.metric  # noqa: B018
