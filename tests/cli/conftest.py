"""The command as a function of its arguments."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def skanon() -> Callable[..., Any]:
    """Return a function that runs the command in this process."""
    reason = "the command needs the extra [cli]"
    testing = pytest.importorskip("typer.testing", reason=reason)
    from skanon.cli._app import app

    def run(*arguments: object) -> Any:
        result = testing.CliRunner().invoke(app, [str(a) for a in arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run
