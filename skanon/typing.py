"""The aliases that public signatures use."""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["ArrayLike", "Bytes1D", "Bytes2D", "Table"]

#: A pandas or polars DataFrame, a pyarrow Table, an ndarray or nested sequences.
Table: TypeAlias = Any

#: Anything that :func:`numpy.asarray` makes one-dimensional.
ArrayLike: TypeAlias = Any

#: A run of bytes, shape (n_bytes,).
Bytes1D: TypeAlias = npt.NDArray[np.uint8]

#: One row of bytes per value, shape (n_values, n_bytes).
Bytes2D: TypeAlias = npt.NDArray[np.uint8]
