"""What the demo looks for in what it wrote, and in another process."""

import base64
import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from skanon._secrets import SecretKey
from skanon.cli._demo_pipeline import QUASI_IDENTIFIERS
from skanon.cli._predict import read_stream, treated_rows, write_stream
from skanon.cli._scan import ENCODINGS, find_texts
from skanon.metrics import k_anonymity
from skanon.typing import Table

__all__ = ["Check", "make_checks"]

#: Columns of the raw table that must not be found again.
TEXTS = ("name", "email", "phone", "ssn")


@dataclass(frozen=True)
class Check:
    """What was looked at, and whether it is as it should be."""

    holds: bool
    text: str


def make_checks(
    pipeline: Any,
    X: Table,
    new: Table,
    *,
    table: Path,
    pickled: Path,
    key: SecretKey,
    smallest: int,
) -> list[Callable[[], Check]]:
    """Return the checks, to be called one after the other.

    Parameters
    ----------
    pipeline : Pipeline
        The fitted pipeline.
    X : DataFrame
        The raw patients that it was fitted on.
    new : DataFrame
        Others that it has not seen.
    table, pickled : Path
        The treated table and the pipeline, as they were written.
    key : SecretKey
        The key in use.
    smallest : int
        Size of the smallest class that was announced.

    Returns
    -------
    list of callable
        Each returns a :class:`Check`.
    """
    return [
        partial(_runs_elsewhere, pipeline, pickled, new),
        partial(_holds_no_key, (table, pickled), key),
        partial(_holds_no_text, table, X),
        partial(_holds_no_text, pickled, X),
        partial(_holds_no_id, table, X),
        partial(_has_classes_of, table, smallest),
    ]


def _runs_elsewhere(pipeline: Any, path: Path, new: Table) -> Check:
    """Send new rows through a pipe to a process that loads the pickle."""
    rows = io.BytesIO()
    write_stream(pa.Table.from_pandas(new), rows)
    done = subprocess.run(  # noqa: S603 - this Python, and a module of skanon
        [sys.executable, "-m", "skanon.cli._predict", str(path)],
        input=rows.getvalue(),
        stdout=subprocess.PIPE,
        check=True,
    )
    found = read_stream(io.BytesIO(done.stdout))
    return Check(
        bool(found.equals(treated_rows(pipeline, new))),
        f"a new process loaded {path.name}; predictions, surrogates and tokens of "
        f"{len(new):,} new patients are the same there",
    )


def _holds_no_key(paths: tuple[Path, ...], key: SecretKey) -> Check:
    secret = key.resolve()
    text = base64.b64encode(secret).rstrip(b"=")
    forms = (secret, text, secret.hex().encode())
    found = sum(_content(path).count(form) for path in paths for form in forms)
    names = " and ".join(path.name for path in paths)
    return Check(
        found == 0,
        f"the key, as bytes, base64 or hex, occurs {found} times in {names}",
    )


def _holds_no_text(path: Path, X: Table) -> Check:
    texts = pa.concat_arrays(
        [pa.array(X[name]).cast(pa.large_string()) for name in TEXTS]
    ).unique()
    # Arrow text is UTF-8; a pickle may also hold numpy's, which is not.
    encodings = ENCODINGS[:1] if path.suffix == ".parquet" else ENCODINGS
    found = find_texts(_content(path), texts, encodings)
    return Check(
        not found,
        f"{len(found):,} of the {len(texts):,} raw names, e-mail addresses, phone and "
        f"social security numbers are in {path.name}",
    )


def _holds_no_id(path: Path, X: Table) -> Check:
    ids = pa.array(X["client_id"])
    found = sum(
        pc.sum(pc.is_in(column.cast(pa.int64()), value_set=ids), min_count=0).as_py()
        for column in pq.read_table(path).columns
        if pa.types.is_integer(column.type)
    )
    return Check(
        found == 0,
        f"{found:,} of the {len(ids):,} raw client ids are a number in {path.name}",
    )


def _has_classes_of(path: Path, smallest: int) -> Check:
    k = k_anonymity(pq.read_table(path), quasi_identifiers=QUASI_IDENTIFIERS)
    return Check(
        k == smallest,
        f"the smallest class of equal {', '.join(QUASI_IDENTIFIERS)} in {path.name} "
        f"has {k:,} people",
    )


def _content(path: Path) -> bytes:
    """Return the bytes of a file; those of a Parquet file also uncompressed."""
    content = path.read_bytes()
    if path.suffix == ".parquet":
        columns = io.BytesIO()
        write_stream(pq.read_table(path), columns)
        content += columns.getvalue()
    return content
