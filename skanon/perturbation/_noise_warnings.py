"""What noise does not do, told when it is fitted or added."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._arrow import value_type
from skanon._messages import warn_of_mistake, warn_of_privacy
from skanon.perturbation._numbers import Floats, type_limits

__all__ = [
    "warn_of_constants",
    "warn_of_limits",
    "warn_of_new_values",
    "warn_of_rounding",
]

Mask = npt.NDArray[np.bool_]

#: A normal number is rounded to 0 as often as not if half a unit is so many standard
#: deviations.
QUARTILE = 0.6745

#: Nearly all values with noise lie within so many standard deviations of their mean.
USUAL = 3.0


def warn_of_constants(deviations: Floats, is_empty: Mask, names: list[Any]) -> None:
    """Warn of columns that get no noise."""
    is_constant = (deviations == 0) & ~is_empty
    constant = [name for name, flag in zip(names, is_constant, strict=True) if flag]
    if constant:
        warn_of_privacy(
            f"Columns {constant} have one value in all fitted rows; they get no noise."
        )


def warn_of_new_values(values: Floats, is_empty: Mask, names: list[Any]) -> None:
    """Warn of values in columns of which fit saw none, so that they get no noise."""
    has_values = is_empty & ~np.isnan(values).all(axis=0)
    new = [name for name, flag in zip(names, has_values, strict=True) if flag]
    if new:
        warn_of_privacy(
            f"Columns {new} had no value in fit; their values get no noise. Fit on a "
            "table that has some."
        )


def warn_of_rounding(
    kinds: list[pa.DataType], noise_scale: Floats, names: list[Any]
) -> None:
    """Warn of columns in which most values are rounded to what they were."""
    types = map(value_type, kinds)
    for kind, scale, name in zip(types, noise_scale, names, strict=True):
        is_whole = not pa.types.is_floating(kind) and not pa.types.is_decimal(kind)
        if is_whole and 0 < scale * QUARTILE < 0.5:
            warn_of_privacy(
                f"Column {name!r} has Arrow type {kind}, and the noise has a standard "
                f"deviation of {scale:.2g} units: rounding leaves most values as they "
                "are. Choose a larger 'scale', or convert the column to floats."
            )


def warn_of_limits(
    kinds: list[pa.DataType], means: Floats, widths: Floats, names: list[Any]
) -> None:
    """Warn of columns whose type ends where values with noise still go."""
    types = map(value_type, kinds)
    for kind, mean, width, name in zip(types, means, widths, names, strict=True):
        low, high = type_limits(kind)
        reach = USUAL * width
        if width > 0 and not low <= mean - reach <= mean + reach <= high:
            warn_of_mistake(
                f"Column {name!r} has Arrow type {kind}, whose numbers go "
                f"from {low:g} to {high:g}. What noise takes beyond becomes the last "
                "of them, so that mean and variance change. Convert the column to a "
                "wider type, such as float64, or choose a smaller 'scale'."
            )
