"""Missing values as wildcards: which classes match which.

Two classes match if they agree in every column in which both have a value.
"""

from collections.abc import Sequence

import numpy as np

from skanon._groups._keys import Integers
from skanon._groups._pair_matcher import PairMatcher
from skanon._groups._pattern_matcher import PatternMatcher

__all__ = ["make_matcher"]

#: How much more it takes to look a class up under a pattern than to compare two
#: classes in a column.
LOOK_UP = 5


def make_matcher(
    codes: Sequence[Integers],
    n_codes: Sequence[int],
    missing: Sequence[int | None],
) -> PatternMatcher | PairMatcher:
    """Choose the faster way to find the classes that match.

    Parameters
    ----------
    codes : sequence of ndarray of int of shape (n_classes,)
        The code of each class in each column.
    n_codes : sequence of int
        How many codes each column has.
    missing : sequence of (int or None)
        Each column's code for missing values.

    Returns
    -------
    PatternMatcher or PairMatcher
        What sums numbers and joins histograms over them.
    """
    gaps = [
        column == code
        for column, code in zip(codes, missing, strict=True)
        if code is not None
    ]
    n_patterns = len(np.unique(np.packbits(gaps, axis=0), axis=1).T) if gaps else 1
    # A pattern shares one of its subsets with others: 3**n pairs of these at most.
    n_overlaps = min(n_patterns**2, 3 ** len(gaps))
    if len(codes[0]) * len(codes) < LOOK_UP * n_overlaps:
        return PairMatcher(codes, missing)
    return PatternMatcher(codes, n_codes, missing)
