"""Columns of a table → integer codes, several at once."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa

from skanon._frames import Frame
from skanon._groups._encoding import EncodedColumn, encode_column

__all__ = ["encode_columns"]

#: From so many rows on, encoding a column takes longer than starting a thread.
MANY_ROWS = 50_000

#: At most so many columns are held as Arrow arrays at once: memory stays below three
#: times that of the codes.
MAX_THREADS = 3


def encode_columns(
    frame: Frame, positions: Sequence[int], *, wide: bool = False
) -> list[EncodedColumn]:
    """Encode quasi-identifiers of a table.

    Parameters
    ----------
    frame : Frame
        The table.
    positions : sequence of int
        Which of its columns.
    wide : bool, default=False
        As for :func:`encode_column`.

    Returns
    -------
    list of EncodedColumn
        The codes of each column.

    Raises
    ------
    ColumnTypeError
        If the values of a column cannot be compared.
    """

    def encode(position: int) -> EncodedColumn:
        column = frame.categories(position)
        return encode_column(column, name=frame.names[position], wide=wide)

    # Arrow's own number heeds OMP_NUM_THREADS, which joblib sets in its workers.
    n_threads = min(pa.cpu_count(), len(positions), MAX_THREADS)
    if n_threads < 2 or len(frame) < MANY_ROWS:
        return [encode(position) for position in positions]
    with ThreadPoolExecutor(n_threads) as pool:
        return list(pool.map(encode, positions))
