"""A progress bar that appears when something takes longer than a second."""

import threading
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
        self._timer = threading.Timer(SECONDS, self._bar.start)

    def __enter__(self) -> Self:
        if self._bar.console.is_terminal:
            self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        place: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        if self._timer.is_alive():
            self._timer.join()
        if self._bar.live.is_started:
            self._bar.stop()

    def advance(self) -> None:
        """Count one more step as done."""
        self._bar.advance(self._task)
