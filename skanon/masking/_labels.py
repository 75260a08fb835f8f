"""Numbers written into labels, a whole column at a time."""

from string import Formatter

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["check_label", "write_labels"]

Mask = npt.NDArray[np.bool_]


def check_label(label: str) -> None:
    """Raise unless the label has one place for the number."""
    _pieces(label)


def write_labels(numbers: npt.NDArray[np.int64], missing: Mask, label: str) -> pa.Array:
    """Write each number into the label; missing where told."""
    before, width, after = _pieces(label)
    digits = pa.array(numbers, mask=missing).cast(pa.large_string())
    digits = pc.utf8_lpad(digits, width, "0")
    literals = [pa.scalar(text, pa.large_string()) for text in (before, after, "")]
    return pc.binary_join_element_wise(literals[0], digits, *literals[1:])


def _pieces(label: str) -> tuple[str, int, str]:
    """Return what stands before the number, its least width, and what follows."""
    try:
        pieces = list(Formatter().parse(label))
    except ValueError:
        pieces = []
    fields = [spec for _, field, spec, _ in pieces if field is not None]
    spec = (fields[0] or "").removesuffix("d") if len(fields) == 1 else "?"
    if not (spec == "" or (spec.isdigit() and spec.isascii() and spec[0] == "0")):
        raise ValueError(
            "The 'label' of MaskingTransformer must have one place for the number, "
            f"such as 'Person_{{:03d}}' or 'Person_{{}}'; got {label!r}."
        )
    texts = [text for text, *_ in pieces]
    return texts[0], int(spec or 0), "".join(texts[1:])
