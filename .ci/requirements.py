"""Print the requirements of a test run that pip's choice of versions does not cover.

``lowest``: every package that pyproject.toml names for users and tests, in the
lowest version that it allows. ``bare``: the test tools alone, without any extra.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

#: What runs notebooks, which need the extras.
NOT_BARE = {"nbclient", "nbformat", "ipykernel"}

#: What neither users nor tests need.
TOOLS = {"bench", "lint"}

REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)(?P<extras>\[[\w,-]+\])?(?P<bounds>.*)")
LOWER_BOUND = re.compile(r">=\s*([\w.]+)")


def lowest(project: dict) -> Iterator[str]:
    """Yield the lower bound of each requirement of users and of tests."""
    extras = project["optional-dependencies"]
    groups = [extra for name, extra in extras.items() if name not in TOOLS]
    texts = [*project["dependencies"], *(text for group in groups for text in group)]
    for text in dict.fromkeys(texts):
        name, own_extras, bounds = REQUIREMENT.fullmatch(text).groups()
        if name == project["name"]:
            continue
        bound = LOWER_BOUND.search(bounds)
        if bound is None:
            raise SystemExit(f"pyproject.toml gives no lower bound for {text!r}.")
        yield f"{name}{own_extras or ''}=={bound[1]}"


def bare(project: dict) -> Iterator[str]:
    """Yield the test tools that are not extras."""
    for text in project["optional-dependencies"]["test"]:
        name = REQUIREMENT.fullmatch(text)["name"]
        if name != project["name"] and name not in NOT_BARE:
            yield text


if __name__ == "__main__":
    path = Path(__file__).parents[1] / "pyproject.toml"
    metadata = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    choice = {"lowest": lowest, "bare": bare}[sys.argv[1]]
    print("\n".join(choice(metadata)))
