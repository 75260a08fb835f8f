"""What a policy did to a table, and what that does not promise."""

import inspect
import re
from collections.abc import Iterator, Sequence
from textwrap import fill
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from skanon.cli._apply import Result
from skanon.cli._policy import Policy, Step

__all__ = ["print_summary"]

HANGING: dict[str, Any] = {"initial_indent": "  - ", "subsequent_indent": "    "}


def print_summary(policy: Policy, result: Result, names: Sequence[str]) -> None:
    """Print what happened to each column, the keys, and what is not promised.

    Parameters
    ----------
    policy : Policy
        The policy that was applied.
    result : Result
        What came of it.
    names : sequence of str
        The columns of the table that was read.
    """
    console = Console(highlight=False)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("Column", overflow="fold")
    table.add_column("What was done", overflow="fold")
    done = _done(policy)
    for name in names:
        table.add_row(Text(name), Text(done[name]))
    console.print(table)
    console.print()
    for key in result.keys:
        console.print(Text(f"Key {key.source}, fingerprint {key.fingerprint}"))
    console.print(
        "The output is pseudonymised personal data, not anonymous data. Not promised:"
    )
    for limit in _limits(policy):
        console.print(Text(fill(limit, console.width, **HANGING)))


def _done(policy: Policy) -> dict[str, str]:
    done = dict.fromkeys(policy.keep, "kept as it is")
    done |= dict.fromkeys(policy.drop, "dropped")
    for step in policy.steps:
        done |= dict.fromkeys(step.columns, _described(step))
    return done


def _described(step: Step) -> str:
    settings = ", ".join(f"{name}={v!r}" for name, v in step.parameters.items())
    return f"{step.technique.__name__}({settings})"


def _limits(policy: Policy) -> Iterator[str]:
    if policy.keep:
        kept = ", ".join(policy.keep)
        yield f"What is kept as it is ({kept}) tells all that it told."
    for technique in dict.fromkeys(step.technique for step in policy.steps):
        yield f"{technique.__name__} does not protect against {_weakness(technique)}"
    yield (
        "Nobody counted how many people share a combination of values (k-anonymity); "
        "see skanon.metrics."
    )


def _weakness(technique: type[Any]) -> str:
    """Return what the technique's own documentation says that it does not do."""
    notes = inspect.getdoc(technique) or ""
    found = re.search(
        r"\*\*Does not protect against\*\*(.+?)(?=\*\*Remembers\*\*|\n\n)", notes, re.S
    )
    text = found[1] if found else "what its documentation says."
    text = re.sub(r":\w+:`~?(?:[\w.]*\.)?(\w+)`|``(.+?)``", r"\1\2", text)
    return " ".join(text.split())
