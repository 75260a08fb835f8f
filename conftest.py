"""Which files are searched for doctests if optional packages are absent."""

import importlib.util

#: What the examples of a room or a file need.
NEEDED = {
    "skanon/cli": ("rich", "typer"),
    "skanon/hierarchies/_makers.py": ("h3",),
    "skanon/plotting": ("matplotlib",),
}

collect_ignore = [
    room
    for room, packages in NEEDED.items()
    if not all(importlib.util.find_spec(package) for package in packages)
]


def pytest_report_header() -> list[str]:
    """Say aloud what is left out."""
    return [f"packages are absent: {room} is not searched" for room in collect_ignore]
