"""The ``skanon`` command as a Typer application."""

from importlib.metadata import version
from typing import Annotated

import typer

from skanon.cli._anonymize import ANONYMIZE_HELP, anonymize
from skanon.cli._demo import demo
from skanon.cli._keygen import keygen

__all__ = ["app"]

#: Plain help, because square brackets are TOML here and not markup. Typer's own
#: tracebacks could show local variables, and so perhaps a key.
app = typer.Typer(
    name="skanon",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command()(demo)
app.command()(keygen)
app.command(help=ANONYMIZE_HELP)(anonymize)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"skanon {version('skanon')}")
        raise typer.Exit


@app.callback()
def _skanon(
    show_version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version."
        ),
    ] = False,
) -> None:
    """Anonymize tables of people: by scikit-learn estimators, from the command line.

    Exit codes: 0 done, 1 failed, 2 what you asked for must be changed first.
    """
