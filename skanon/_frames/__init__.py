"""The one door to dataframes: Arrow columns inside, the caller's table outside.

``read_frame`` looks at a pandas, polars or pyarrow table, at an ndarray or at
nested sequences. Its columns are read one at a time, as Arrow arrays in one
piece, without a copy where the container allows it; NaN and NaT count as
missing. ``Frame.replaced`` gives the same kind of table back, with some columns
replaced: same index, same column order, same flavour of dtype. Columns that it is
told to be nullable get the dtype for missing values also where none is missing.

========================  =====================================================
column comes as           column goes out as
========================  =====================================================
pandas object, ``str``    text in the same dtype
pandas nullable           nullable
pandas Arrow-backed       Arrow-backed
pandas numpy, ndarray     numpy; integers with missing values become float64 if
                          they have 32 bits; else, so that no digit is lost,
                          nullable ``Int64`` (pandas), and in an ndarray float64
                          where that holds them all, else long double or, where
                          that has no 64 digits, Python objects
categorical               categorical where the result is text; text in codes that
                          comes of any other column is text
polars, pyarrow           polars, pyarrow
========================  =====================================================
"""

from skanon._frames._columns import map_column, map_values, read_column
from skanon._frames._frame import Frame, OutputColumn, read_frame

__all__ = [
    "Frame",
    "OutputColumn",
    "map_column",
    "map_values",
    "read_column",
    "read_frame",
]
