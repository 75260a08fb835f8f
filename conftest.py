"""Which files are searched for doctests if optional packages are absent."""

import importlib.util

#: What the extra [cli] installs.
HAS_CLI = all(importlib.util.find_spec(name) for name in ("rich", "typer"))

collect_ignore = [] if HAS_CLI else ["skanon/cli"]


def pytest_report_header() -> str:
    """Say aloud what is left out."""
    return "" if HAS_CLI else "extra [cli] is absent: skanon/cli is not searched"
