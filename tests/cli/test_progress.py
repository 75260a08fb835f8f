import io
import time

import pytest

pytest.importorskip("typer", reason="the command needs the extra [cli]")

from rich.console import Console

from skanon.cli import _progress
from skanon.cli._progress import LateProgress
from skanon.exceptions import ColumnError


@pytest.fixture
def screen(monkeypatch):
    """Return what is drawn on standard error, as if that were a terminal."""
    drawn = io.StringIO()

    def console(*, stderr):
        assert stderr
        return Console(file=drawn, force_terminal=drawn.terminal, width=80)

    drawn.terminal = True
    monkeypatch.setattr(_progress, "Console", console)
    return drawn


def wait_for(screen, text):
    """Wait until the bar, which is drawn by a thread of its own, shows a text."""
    while text not in screen.getvalue():
        time.sleep(0.01)


def test_a_bar_appears_after_a_while(screen, monkeypatch):
    monkeypatch.setattr(_progress, "SECONDS", 0.01)
    with LateProgress("Counting", 3) as progress:
        wait_for(screen, "0/3")
        progress.advance()
        wait_for(screen, "1/3")
    assert "Counting" in screen.getvalue()


def test_no_bar_appears_before(screen, monkeypatch):
    monkeypatch.setattr(_progress, "SECONDS", 3600)
    with LateProgress("Counting", 3) as progress:
        progress.advance()
    assert screen.getvalue() == ""


def test_no_bar_appears_where_there_is_no_terminal(screen, monkeypatch):
    screen.terminal = False
    monkeypatch.setattr(_progress, "SECONDS", 0)
    with LateProgress("Counting", 3) as progress:
        progress.advance()
        time.sleep(0.05)
    assert screen.getvalue() == ""


def test_an_error_ends_the_bar_and_passes_through(screen, monkeypatch):
    monkeypatch.setattr(_progress, "SECONDS", 0)

    def fail():
        with LateProgress("Counting", 3):
            wait_for(screen, "0/3")
            raise ColumnError("something is wrong")

    with pytest.raises(ColumnError, match="something is wrong"):
        fail()
    size = len(screen.getvalue())
    time.sleep(0.2)
    assert len(screen.getvalue()) == size
