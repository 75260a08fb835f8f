"""Load a pickled pipeline in a process of its own and apply it to new rows.

``python -m skanon.cli._predict PIPELINE`` reads rows from standard input and writes
the anonymized rows, with a column of probabilities, to standard output: both as
Arrow streams, so that no row touches the disk.
"""

import pickle
import sys
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from skanon.typing import Table

__all__ = ["read_stream", "treated_rows", "write_stream"]


def treated_rows(pipeline: Any, X: Table) -> pa.Table:
    """Return the rows as a fitted pipeline anonymizes them, and its predictions."""
    table = pa.Table.from_pandas(pipeline["anonymize"].transform(X))
    return table.append_column("probability", [pipeline.predict_proba(X)[:, 1]])


def read_stream(file: BinaryIO) -> pa.Table:
    """Read a table from an Arrow stream."""
    with pa.ipc.open_stream(file) as reader:
        return reader.read_all()


def write_stream(table: pa.Table, file: BinaryIO) -> None:
    """Write a table as an Arrow stream."""
    with pa.ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table)


if __name__ == "__main__":
    with Path(sys.argv[1]).open("rb") as file:
        pipeline = pickle.load(file)  # noqa: S301 - the caller has just written it
    rows = read_stream(sys.stdin.buffer).to_pandas()
    write_stream(treated_rows(pipeline, rows), sys.stdout.buffer)
