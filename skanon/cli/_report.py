"""What a command says when something is wrong: one line, and no cell value.

Messages that skanon wrote are shown: they never quote a cell, a category or a key.
Those of other libraries may, and are shown with ``--debug`` only.
"""

import dis
import functools
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, ParamSpec

import typer

from skanon import exceptions
from skanon._compat import InvalidParameterError
from skanon.exceptions import OutputExistsError, PolicyError, PrivacyWarning

__all__ = ["FAILED", "Debug", "reported", "say_error", "say_notice"]

#: Exit codes: 2 as for a wrong option, if what the user wrote must be changed.
FAILED, MISUSED = 1, 2

OWN_ERRORS = (
    InvalidParameterError,
    *(getattr(exceptions, name) for name in exceptions.__all__),
)

Parameters = ParamSpec("Parameters")

#: The option that every command has.
Debug = Annotated[
    bool,
    typer.Option(
        "--debug", help="Show the traceback of an error; it may quote cell values."
    ),
]


def reported(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Make a command end with one line and an exit code instead of a traceback."""

    @functools.wraps(command)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        with _plain_warnings():
            try:
                command(*args, **kwargs)
            except (typer.Exit, typer.Abort, typer.BadParameter):
                raise
            except Exception as error:  # noqa: BLE001 - tracebacks quote messages
                if kwargs.get("debug"):
                    traceback.print_exception(error)
                else:
                    say_error(_one_line(error))
                misused = isinstance(error, PolicyError | OutputExistsError)
                raise typer.Exit(MISUSED if misused else FAILED) from None

    return run


def say_error(message: str) -> None:
    """Write why the command failed."""
    _say("Error", message, typer.colors.RED)


def say_notice(message: str) -> None:
    """Write what the user should know although the command goes on."""
    _say("Notice", message, typer.colors.YELLOW)


def _say(what: str, message: str, colour: str) -> None:
    typer.secho(f"{what}: ", fg=colour, bold=True, nl=False, err=True)
    typer.echo(message, err=True)


@contextmanager
def _plain_warnings() -> Iterator[None]:
    """Show each PrivacyWarning once, as a line without a place in the source."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", PrivacyWarning)
        show: Callable[..., None] = warnings.showwarning
        shown: set[str] = set()

        def show_plainly(message: Any, category: type[Warning], *place: Any) -> None:
            text = _joined(message)
            if not issubclass(category, PrivacyWarning):
                show(message, category, *place)
            elif text not in shown:
                shown.add(text)
                _say("Warning", text, typer.colors.YELLOW)

        warnings.showwarning = show_plainly  # type: ignore[assignment]
        yield


def _one_line(error: Exception) -> str:
    notes = "".join(f" ({note})" for note in getattr(error, "__notes__", ()))
    if _is_ours(error):
        return _joined(error) + notes
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{str(error.filename)!r}: {error.strerror}.{notes}"
    return (
        f"{type(error).__name__} was raised by {_origin(error)}. Its message may quote "
        f"cell values; to see it, run the command again with --debug.{notes}"
    )


def _joined(message: object) -> str:
    return " ".join(str(message).split())


def _is_ours(error: Exception) -> bool:
    """Return whether the message is one that skanon, or a check of it, wrote.

    A ValueError counts if a ``raise`` of skanon raised it: that of ``int("x")``, at a
    line of skanon, is Python's.
    """
    if isinstance(error, OWN_ERRORS):
        return True
    frame = list(traceback.walk_tb(error.__traceback__))[-1][0]
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None or _package(frame) != "skanon":
        return False
    return frame.f_code.co_code[last.tb_lasti] == dis.opmap["RAISE_VARARGS"]


def _origin(error: Exception) -> str:
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return _package(frames[-1])


def _package(frame: Any) -> str:
    name: str = frame.f_globals.get("__name__", "?")
    return name.partition(".")[0]
