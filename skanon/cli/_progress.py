"""A progress bar that appears when something takes longer than a second."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

__all__ = ["LateProgress"]

#: Nobody needs a bar for less.
SECONDS = 1.0


class LateProgress:
    """Count finished steps; show a bar on a terminal once a second has passed.

    Parameters
    ----------
    description : str
        What is being done.
    total : int
        Number of steps.
    """

    def __init__(self, description: str, total: int) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task(description, total=total)
        self._begun = time.monotonic()
        self._shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        place: TracebackType | None,
    ) -> None:
        if self._shown:
            self._bar.stop()

    def advance(self) -> None:
        """Count one more step as done."""
        self._bar.advance(self._task)
        late = time.monotonic() - self._begun > SECONDS
        if late and not self._shown and self._bar.console.is_terminal:
            self._shown = True
            self._bar.start()
