"""What the demo prints."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from shlex import quote
from textwrap import fill
from typing import Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as PrintedTable
from rich.text import Text

from skanon.cli._demo_checks import Check
from skanon.cli._demo_pipeline import FOLDS, LEVELS, QUASI_IDENTIFIERS
from skanon.typing import Table

__all__ = [
    "tell_checks",
    "tell_columns",
    "tell_files",
    "tell_levels",
    "tell_limits",
    "tell_patients",
    "tell_use",
]

LIMITS = (
    "This is pseudonymised personal data, not anonymous data: rows of one person can "
    "be linked by their tokens, and whoever has the key can test guesses.",
    "k-anonymity counts the people that look alike to somebody who knows "
    f"{', '.join(QUASI_IDENTIFIERS)}. It does not hide what they have in common, such "
    "as a diagnosis, and is not differential privacy.",
)


def tell_patients(X: Table) -> None:
    """Say what the table is."""
    typer.echo(
        f"{len(X):,} patients who do not exist, with {X.shape[1]} columns. They are "
        "only in memory."
    )


def tell_levels(search: Any, smallest: Sequence[int], *, k: int) -> None:
    """Print score and smallest class by level, and which level was taken."""
    typer.echo(
        f"\nHow coarse must the birth date be? ({FOLDS}-fold cross-validation of "
        "'readmitted')"
    )
    table = PrintedTable(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("Level")
    table.add_column("ROC AUC", justify="right")
    table.add_column("Smallest class", justify="right")
    table.add_column()
    scores = search.cv_results_
    for i, level in enumerate(LEVELS):
        mean, sd = scores["mean_test_score"][i], scores["std_test_score"][i]
        taken = "<- taken" if i == search.best_index_ else ""
        table.add_row(level, f"{mean:.3f} ± {sd:.3f}", f"{smallest[i]:,}", taken)
    _print(table)
    if smallest[search.best_index_] >= k:
        reason = f"the most accurate whose classes all have at least {k} people"
    else:
        reason = f"the coarsest, although not even its classes all have {k} people"
    _print_lines([f"Taken: {reason}, who are equal in {', '.join(QUASI_IDENTIFIERS)}."])


def tell_columns(X: Table, table: Table, anonymize: Any) -> None:
    """Show the first patient before and after, and what did it."""
    typer.echo("\nThe first patient, before and after:\n")
    printed = PrintedTable(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("Column", "Before", "After"):
        printed.add_column(heading, overflow="fold")
    for name in X.columns:
        after = str(table[name].iloc[0]) if name in table.columns else "(dropped)"
        printed.add_row(name, Text(str(X[name].iloc[0])), Text(after))
    _print(printed)
    typer.echo()
    for _, transformer, columns in anonymize.transformers:
        if transformer != "passthrough":
            typer.echo(f"{type(transformer).__name__}: {', '.join(columns)}")
    typer.echo()


def tell_files(table: Path, pipeline: Path, key: Path, variable: str) -> None:
    """Say what was written, and where the key is."""
    for path, what in ((table, "the treated table"), (pipeline, "the pipeline")):
        typer.echo(f"Wrote {path} ({what}, {path.stat().st_size / 1e6:,.1f} MB)")
    typer.echo(f"Key   {key} (beside the folder, for you alone)")
    _print_lines(
        [
            f"The pipeline holds no key but the name of the variable, {variable}, in "
            "which to look for it."
        ]
    )


def tell_checks(checks: Iterable[Check]) -> None:
    """Print what was checked, and how it came out."""
    typer.echo("\nChecked, in the bytes of the files and in uncompressed columns:")
    for check in checks:
        mark = "ok" if check.holds else "FAILED"
        _print_lines([f"{mark}: {check.text}."], indent="  ")


def tell_limits() -> None:
    """Say what all this does not promise."""
    typer.echo("\nNot promised:")
    for limit in LIMITS:
        _print_lines([limit], indent="  ")


def tell_use(pipeline: Path, key: Path, variable: str) -> None:
    """Say how to use the pipeline."""
    typer.echo(
        f"""
Use the pipeline:
  export {variable}="$(cat {quote(str(key))})"
  python
  >>> import pickle
  >>> from skanon.datasets import make_patients
  >>> pipeline = pickle.load(open({str(pipeline)!r}, "rb"))
  >>> pipeline.predict(make_patients(5)[0])
  >>> pipeline["anonymize"].transform(make_patients(5)[0])"""
    )


def _print(table: PrintedTable) -> None:
    Console(highlight=False).print(table)


def _print_lines(paragraphs: Iterable[str], indent: str = "") -> None:
    width = Console().width
    for text in paragraphs:
        hanging = indent + "  " if indent else ""
        typer.echo(fill(text, width, initial_indent=indent, subsequent_indent=hanging))
