"""Random numbers, orders and cycles from one source of bits."""

import numpy as np
import numpy.typing as npt
from sklearn.utils import check_random_state

from skanon._draws._distributions import normal_numbers, uniform_numbers
from skanon._draws._keystream import open_keystream

__all__ = ["Draws"]


class Draws:
    """Random numbers whose every bit comes from one source.

    Parameters
    ----------
    random_state : int, RandomState or None
        None draws from a keystream whose key comes from the operating system: no state
        to guess, nothing to repeat. A seed makes the draws repeatable, also for
        whoever guesses it.
    """

    def __init__(self, random_state: int | np.random.RandomState | None) -> None:
        self._source = (
            open_keystream()
            if random_state is None
            else check_random_state(random_state).bytes
        )

    def bits(self, n: int) -> npt.NDArray[np.uint64]:
        """Draw ``n`` integers of 64 random bits each."""
        return np.frombuffer(self._source(8 * n), np.uint64)

    def uniform(self, n: int) -> npt.NDArray[np.float64]:
        """Draw ``n`` numbers uniformly from 0 to 1, neither included."""
        return uniform_numbers(self.bits, n)

    def normal(self, n: int) -> npt.NDArray[np.float64]:
        """Draw ``n`` numbers from the standard normal distribution."""
        return normal_numbers(self.bits, n)

    def integer(self, low: int, high: int) -> int:
        """Draw one integer uniformly from ``low`` to ``high``, both included."""
        return low + int(self.uniform(1)[0] * (high - low + 1))

    def order_within(self, groups: npt.NDArray[np.integer]) -> npt.NDArray[np.intp]:
        """Order rows by group, and at random within each group.

        Parameters
        ----------
        groups : ndarray of int of shape (n_rows,)
            The group of each row, from 0 on.

        Returns
        -------
        ndarray of int of shape (n_rows,)
            The rows in that order.
        """
        n_bits = np.uint64(int(groups.max(initial=0)).bit_length())
        keys = groups.astype(np.uint64) << (np.uint64(64) - n_bits) if n_bits else 0
        return np.argsort(keys | (self.bits(len(groups)) >> n_bits))

    def permute_within(self, groups: npt.NDArray[np.integer]) -> npt.NDArray[np.intp]:
        """Permute the rows of each group, all permutations as likely.

        Parameters
        ----------
        groups : ndarray of int of shape (n_rows,)
            The group of each row, from 0 on.

        Returns
        -------
        ndarray of int of shape (n_rows,)
            For each row the row of its group that it gets its value from.
        """
        sources = np.empty(len(groups), np.intp)
        sources[np.argsort(groups, kind="stable")] = self.order_within(groups)
        return sources

    def cycle_within(self, groups: npt.NDArray[np.integer]) -> npt.NDArray[np.intp]:
        """Send the rows of each group round in a random cycle.

        Parameters
        ----------
        groups : ndarray of int of shape (n_rows,)
            The group of each row, from 0 on.

        Returns
        -------
        ndarray of int of shape (n_rows,)
            For each row the row that it gets its value from: another one of its
            group, or itself if it is alone.
        """
        order = self.order_within(groups)
        ordered = groups[order]
        is_last = np.ones(len(order), bool)
        is_last[:-1] = ordered[1:] != ordered[:-1]
        first_of_group = np.flatnonzero(np.roll(is_last, 1))
        successors = np.roll(order, -1)
        successors[is_last] = order[first_of_group]
        sources = np.empty_like(order)
        sources[order] = successors
        return sources
