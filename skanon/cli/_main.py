"""The way into the command, which says what is missing if it cannot start."""

import signal
import sys
from collections.abc import Callable
from typing import NoReturn

from skanon.exceptions import MissingExtraError

__all__ = ["main"]

#: What the extra [cli] installs.
EXTRA = ("rich", "typer")


def main() -> None:
    """Run the ``skanon`` command with the arguments of the command line.

    See Also
    --------
    skanon.SecretKey : Use the key that ``skanon keygen`` writes.

    Examples
    --------
    >>> import sys
    >>> from skanon.cli import main
    >>> sys.argv = ["skanon", "--version"]
    >>> main()
    Traceback (most recent call last):
    ...
    SystemExit: 0
    """
    try:
        app = _loaded_app()
    except MissingExtraError as error:
        sys.exit(f"Error: {error}")
    signal.signal(signal.SIGTERM, _stop)
    app()


def _stop(number: int, _: object) -> NoReturn:
    """Leave by an exception, so that files that are half written are deleted."""
    sys.exit(128 + number)


def _loaded_app() -> Callable[[], None]:
    try:
        from skanon.cli._app import app
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in EXTRA:
            raise
        raise MissingExtraError(
            f"The skanon command needs the package {package!r}, which is not "
            "installed, of the extra [cli]. Run: pip install typer rich"
        ) from None
    return app
