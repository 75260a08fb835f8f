"""``skanon demo``: the main job on invented patients, from raw table to new process."""

import os
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

import pyarrow as pa
import pyarrow.parquet as pq
import typer
from sklearn.pipeline import Pipeline

from skanon._secrets import SecretKey
from skanon.cli import _demo_story as story
from skanon.cli._demo_checks import Check, make_checks
from skanon.cli._demo_pipeline import (
    FOLDS,
    LEVELS,
    make_pipeline,
    search_level,
    smallest_classes,
)
from skanon.cli._files import check_output, new_file
from skanon.cli._keygen import write_key
from skanon.cli._progress import LateProgress
from skanon.cli._report import FAILED, Debug, reported
from skanon.datasets import make_patients
from skanon.typing import ArrayLike, Table

__all__ = ["demo"]

#: Where the pipeline finds its key.
VARIABLE = "SKANON_DEMO_KEY"

#: Fewest patients that may share birth date, sex and city.
K = 5

#: Rows on which a new process must agree with this one.
N_NEW_ROWS = 1_000


@dataclass(frozen=True)
class Outputs:
    """Where the demo writes.

    Attributes
    ----------
    table, pipeline : Path
        The treated table and the pickled pipeline, in one folder.
    key : Path
        The key, beside the folder: who gets the folder does not get the key.
    """

    table: Path
    pipeline: Path
    key: Path

    @classmethod
    def in_folder(cls, folder: Path, *, force: bool) -> Self:
        """Make the folder, and a key if there is none yet."""
        folder.mkdir(parents=True, exist_ok=True)
        whole = folder if folder.name not in ("", "..") else folder.resolve()
        key = whole.with_name(f"{whole.name}.key")
        outputs = cls(folder / "patients.parquet", folder / "pipeline.pkl", key)
        for path in (outputs.table, outputs.pipeline):
            check_output(path, force=force)
        if not key.exists():
            write_key(SecretKey.generate(), key, force=False)
        return outputs


@reported
def demo(
    *,
    rows: Annotated[
        int, typer.Option(min=100, max=40_000_000, help="How many patients to invent.")
    ] = 100_000,
    out: Annotated[
        Path, typer.Option(help="Folder for the table and the pipeline.")
    ] = Path("skanon-demo"),
    random_state: Annotated[
        int, typer.Option(min=0, max=2**31 - 1, help="Seed of the invented patients.")
    ] = 0,
    force: Annotated[
        bool, typer.Option("--force", help="Replace what an earlier demo wrote.")
    ] = False,
    debug: Debug = False,
) -> None:
    """Show the main job on invented patients.

    Compare levels of the birth date by what a model can still learn and by how few
    people look alike. Write the treated table and the fitted pipeline into a folder,
    and their key beside it. Check the files, and use the pipeline in a new process.
    """
    outputs = Outputs.in_folder(out, force=force)
    X, y = make_patients(rows, random_state=random_state)
    new, _ = make_patients(N_NEW_ROWS, random_state=random_state + 1)
    story.tell_patients(X)
    with _environment(VARIABLE, SecretKey.from_file(outputs.key).to_text()):
        pipeline, smallest = _choose(X, y, SecretKey.from_env(VARIABLE))
        table = pipeline["anonymize"].transform(X)
        story.tell_columns(X, table, pipeline["anonymize"])
        _write(table, y, pipeline, outputs, force=force)
        story.tell_files(outputs.table, outputs.pipeline, outputs.key, VARIABLE)
        checks = _check(pipeline, X, new, outputs, smallest)
    story.tell_checks(checks)
    story.tell_limits()
    if not all(check.holds for check in checks):
        raise typer.Exit(FAILED)
    story.tell_use(outputs.pipeline, outputs.key, VARIABLE)


def _choose(X: Table, y: ArrayLike, key: SecretKey) -> tuple[Pipeline, int]:
    """Search the level of the birth date; return the best and its smallest class."""
    smallest = smallest_classes(X)
    n_fits = FOLDS * len(LEVELS)
    with LateProgress(f"{FOLDS}-fold cross-validation", n_fits) as progress:
        search = search_level(
            make_pipeline(key),
            X,
            y,
            smallest=smallest,
            k=K,
            step_done=progress.advance,
        )
    story.tell_levels(search, smallest, k=K)
    return search.best_estimator_, smallest[search.best_index_]


def _write(
    table: Table, y: ArrayLike, pipeline: Pipeline, outputs: Outputs, *, force: bool
) -> None:
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    arrow = arrow.append_column("readmitted", [y]).replace_schema_metadata()
    with new_file(outputs.table, force=force) as temporary:
        pq.write_table(arrow, temporary)
    with new_file(outputs.pipeline, force=force) as temporary:
        temporary.write_bytes(pickle.dumps(pipeline))


def _check(
    pipeline: Pipeline, X: Table, new: Table, outputs: Outputs, smallest: int
) -> list[Check]:
    checks = make_checks(
        pipeline,
        X,
        new,
        table=outputs.table,
        pickled=outputs.pipeline,
        key=SecretKey.from_env(VARIABLE),
        smallest=smallest,
    )
    with LateProgress("Checking the files", len(checks)) as progress:
        results = []
        for check in checks:
            results.append(check())
            progress.advance()
    return results


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """Set a variable for this process and those that it starts."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
