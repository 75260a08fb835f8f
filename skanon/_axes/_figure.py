"""Axes to draw on, and colours that all can tell apart."""

from typing import Any

from skanon.exceptions import MissingExtraError

__all__ = ["BLUE", "GREY", "ORANGE", "axes_for"]

#: From the palette of Okabe and Ito, which people with colour blindness can tell
#: apart; the two differ in brightness too, so that a grey print keeps them apart.
ORANGE, BLUE = "#D55E00", "#56B4E9"

#: Lines and words that explain.
GREY = "#444444"


def axes_for(ax: Any, owner: str, *, height: float = 4.8, width: float = 6.4) -> Any:
    """Return the axes given, or new ones on a figure of that size in inches.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise MissingExtraError(
            f"{owner}.plot needs the package matplotlib, of the extra [plot]. Run: "
            "pip install matplotlib"
        ) from None
    if ax is None:
        _, ax = plt.subplots(figsize=(width, height), layout="constrained")
    return ax
