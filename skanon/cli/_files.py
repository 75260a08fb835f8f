"""Files that appear whole or not at all."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from skanon.exceptions import OutputExistsError

__all__ = ["check_output", "new_file"]

#: The permissions of an ordinary file, before the user's umask.
ORDINARY = 0o666


@contextmanager
def new_file(path: Path, *, force: bool, mode: int = ORDINARY) -> Iterator[Path]:
    """Give a temporary file in the folder of ``path`` that takes its place at the end.

    The file has its permissions from the first moment. If the body fails, it is
    deleted and what stood at ``path`` still stands there.

    Parameters
    ----------
    path : Path
        Where the file will be.
    force : bool
        Whether to replace a file that is there.
    mode : int, default=0o666
        Permissions of the file, less the user's umask.

    Yields
    ------
    Path
        The temporary file, empty.

    Raises
    ------
    OutputExistsError
        If there is a file at ``path``, be it only at the end, and not ``force``.
    """
    check_output(path, force=force)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
    try:
        yield temporary
        _take_place(temporary, path, force=force)
    finally:
        temporary.unlink(missing_ok=True)


def check_output(path: Path, *, force: bool) -> None:
    """Raise unless a file can be made at ``path``."""
    if path.is_dir():
        raise OutputExistsError(f"{str(path)!r} is a folder. Name a file in it.")
    if os.path.lexists(path) and not force:
        raise _exists(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(
            f"Folder {str(path.parent)!r}, in which {path.name!r} should be written, "
            "does not exist. Make it first."
        )


def _take_place(temporary: Path, path: Path, *, force: bool) -> None:
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    if force:
        temporary.replace(path)
        return
    try:
        # Unlike a renaming, a link never replaces a file.
        path.hardlink_to(temporary)
    except FileExistsError:
        raise _exists(path) from None
    except OSError:  # a file system without links
        check_output(path, force=force)
        temporary.replace(path)


def _exists(path: Path) -> OutputExistsError:
    return OutputExistsError(
        f"{str(path)!r} exists. Pass --force to replace it, or name another file."
    )
