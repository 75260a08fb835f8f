"""``skanon keygen``: a new key in a file that only its owner can read."""

from pathlib import Path
from typing import Annotated

import typer

from skanon._secrets import SecretKey
from skanon.cli._files import new_file
from skanon.cli._report import Debug, reported

__all__ = ["keygen", "write_key"]

#: Readable and writable by the owner alone.
PRIVATE = 0o600


@reported
def keygen(
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="PATH", help="Where to write it: skanon.key by default."
        ),
    ] = None,
    *,
    n_bytes: Annotated[
        int, typer.Option("--bytes", min=16, max=1024, help="Length of the key.")
    ] = 32,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a key that is there.")
    ] = False,
    to_stdout: Annotated[
        bool,
        typer.Option(
            "--stdout", help="Write no file but the key itself to standard output."
        ),
    ] = False,
    debug: Debug = False,
) -> None:
    """Write a new random key to a file that only you can read.

    The key itself is never shown, only its fingerprint. Use the file by
    SecretKey.from_file(path), or by [key] file = "path" in a policy.
    """
    key = SecretKey.generate(n_bytes)
    if to_stdout:
        if path is not None:
            raise typer.BadParameter("give either PATH or --stdout, not both")
        typer.echo(key.to_text())
        return
    if path == Path("-"):
        raise typer.BadParameter("pass --stdout instead of -")
    path = Path("skanon.key") if path is None else path
    write_key(key, path, force=force)
    typer.echo(f"Wrote a new key of {n_bytes} bytes to {path} (readable by you alone).")
    typer.echo(f"Fingerprint: {key.fingerprint}")
    typer.echo("Keep it out of version control, and a copy of it in a safe place.")


def write_key(key: SecretKey, path: Path, *, force: bool) -> None:
    """Write a key as text to a file that never was readable by others."""
    with new_file(path, force=force, mode=PRIVATE) as temporary:
        temporary.write_text(key.to_text() + "\n", encoding="ascii")
