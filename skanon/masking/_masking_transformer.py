"""Values hidden, or replaced by fictional ones that look alike."""

from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._arrow import is_number, is_text, missing_mask, value_type
from skanon._base import ColumnwiseTransformer, Weights
from skanon._compat import Interval, StrOptions, fit_context
from skanon._crypto import keyed_numbers
from skanon._secrets import (
    KeyParameter,
    SecretKey,
    check_key,
    current_key,
    derive_key,
    fitted_key,
)
from skanon._validation import check_domains
from skanon.exceptions import ColumnTypeError, PoolTooSmallError, UnknownValueError
from skanon.masking._assignment import assign_distinct, rank
from skanon.masking._characters import KeptCharacters, mask_text, replace_text
from skanon.masking._digits import mask_digits, replace_digits
from skanon.masking._labels import check_label, write_labels
from skanon.masking._pools import Pool, make_pool
from skanon.masking._surrogates import pick_surrogates, redact
from skanon.typing import ArrayLike, Table

__all__ = ["MaskingTransformer"]

#: Strategies whose result depends on a key.
KEYED = frozenset({"fake", "template", "label"})

#: Length of the sub-key, which is an AES key.
SUB_KEY_BYTES = 16

Numbers = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]


class MaskingTransformer(ColumnwiseTransformer):
    r"""Replace values by hidden ones, or by fictional ones that look alike.

    Equal values become equal surrogates in every column with the same ``domain``
    and in every table that is transformed with the same key.

    Parameters
    ----------
    strategy : {"partial", "fake", "template", "label", "redact"}, default="partial"
        "partial" hides characters; a number stays one, its hidden digits become 0
        and its fraction goes. "fake" picks a realistic value from a pool made by
        Faker. "template" replaces each letter by a letter of its case and each
        digit by a digit. "label" numbers the fitted values in an order that only
        the key knows. "redact" puts one constant in place of all values.
    keep_first, keep_last : int, default=0
        Number of leading and trailing characters that "partial" leaves readable;
        values that are not longer than both together are masked whole.
    keep_chars : str, default=""
        Characters that "partial" never hides, such as the separators "-. ".
    keep_email_domain : bool, default=False
        Whether "partial" leaves the "@" of an e-mail address and what follows it
        readable; ``keep_first`` and ``keep_last`` then speak of the part before
        it. Values without "@" are masked whole.
    mask_char : str, default="*"
        The one character that "partial" writes over hidden ones.
    provider : str, default="name"
        The Faker provider of "fake": "name", "first_name", "email", "iban", ….
    provider_args : dict, default=None
        Its keyword arguments.
    locale : str, default="en_US"
        The Faker locale. A pool of full names that holds less than a million also
        uses the first and last names of locales of the same language.
    pool_size : int, default=10000
        Number of values that "fake" generates, once, in :meth:`fit`. Full names
        are made of two such pools, of first and of last names.
    unique : bool, default=False
        Whether "fake" gives distinct surrogates to the distinct fitted values of a
        domain. Then values that were not fitted are unknown.
    label : str, default="Value_{:03d}"
        The text of "label", with one place for the number.
    replacement : str, int, float or None, default="[REDACTED]"
        The constant of "redact"; None makes all values missing.
    handle_unknown : {"suppress", "error"}, default="suppress"
        What becomes of a value that was not seen in :meth:`fit` with "label" or
        ``unique=True``: a missing value, or an error.
    key : SecretKey, default=None
        The secret behind "fake", "template" and "label", see
        :class:`~skanon.SecretKey`. With None a random key is drawn in each
        :meth:`fit` and kept in the fitted object.
    domain : str or dict of str to str, default=None
        Equal values in different domains get unrelated surrogates. None makes each
        column's name its domain; give two columns one domain to join them.
    columns : list of str or int, default=None
        The columns to work on; the others pass through. None takes all.
    random_state : int or RandomState, default=None
        Makes the key that is drawn for ``key=None`` repeatable. Whoever knows or
        guesses the seed can then test guesses of a value: for tests only.

    Attributes
    ----------
    columns_ : list
        Names of the columns worked on.
    domains_ : list of str
        The domain of each of them.
    pool_size_ : int
        Number of surrogates that "fake" picks from.
    key_fingerprint_ : str
        The key-check value of the key seen in :meth:`fit`, for keyed strategies.
    n_features_in_ : int
        Number of columns seen during :meth:`fit`.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, if X has names that are all text.

    See Also
    --------
    HashPseudonymizer : Replace values by stable tokens that can be joined.
    DateGeneralizer : Make dates coarser.

    Notes
    -----
    Keyed strategies start from m, the first 8 bytes of the AES-128-CMAC (SP 800-38B)
    of the value's canonical encoding (see ``skanon._crypto.encode_canonical``) under
    the sub-key HKDF-SHA256(key, info="skanon/v1/mask/" + strategy + "\0" + domain).
    The surrogate of "fake" is number m modulo ``pool_size_``, or the next one if that
    is the value itself. Another version of Faker may make another pool: keep the
    fitted object, which holds its pool, where surrogates must stay the same. With
    ``unique=False`` two of n values share a surrogate about n² / (2 ``pool_size_``)
    times.

    **Protects against** reading the hidden characters or the real value off the
    table and, without the key, against telling which surrogate stands for whom.
    **Does not protect against** linking the rows of one person, recognising a
    person by other columns or by how often a surrogate occurs, or whoever has the
    key. What "partial" keeps is as real as before; "template" shows the form of a
    value; lengths stay visible in both. The result is pseudonymised personal data.
    **Remembers** for "label" and ``unique=True`` a keyed MAC of each fitted value,
    else nothing of the data; with ``key=None`` also the key that was drawn, with
    which guesses of a value can be tested.

    References
    ----------
    NIST SP 800-38B, The CMAC Mode for Authentication, 2005.

    Examples
    --------
    >>> from skanon import MaskingTransformer
    >>> MaskingTransformer(keep_last=4).fit_transform([["4539 1488"]])
    array([['*****1488']], dtype=object)
    >>> MaskingTransformer(keep_first=1, keep_email_domain=True).fit_transform(
    ...     [["ada@example.com"]]
    ... )
    array([['a**@example.com']], dtype=object)
    """

    key = KeyParameter()

    _makes_wide_integers: ClassVar[bool] = True

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **ColumnwiseTransformer._parameter_constraints,
        "strategy": [StrOptions({"partial", "fake", "template", "label", "redact"})],
        "keep_first": [Interval(Integral, 0, None, closed="left")],
        "keep_last": [Interval(Integral, 0, None, closed="left")],
        "keep_chars": [str],
        "keep_email_domain": ["boolean"],
        "mask_char": [str],
        "provider": [str],
        "provider_args": [Mapping, None],
        "locale": [str],
        "pool_size": [Interval(Integral, 1, None, closed="left")],
        "unique": ["boolean"],
        "label": [str],
        "replacement": [str, Real, None],
        "handle_unknown": [StrOptions({"suppress", "error"})],
        "key": "no_validation",
        "domain": [str, Mapping, None],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        *,
        strategy: str = "partial",
        keep_first: int = 0,
        keep_last: int = 0,
        keep_chars: str = "",
        keep_email_domain: bool = False,
        mask_char: str = "*",
        provider: str = "name",
        provider_args: Mapping[str, Any] | None = None,
        locale: str = "en_US",
        pool_size: int = 10_000,
        unique: bool = False,
        label: str = "Value_{:03d}",
        replacement: str | float | None = "[REDACTED]",
        handle_unknown: str = "suppress",
        key: SecretKey | None = None,
        domain: str | Mapping[str, str] | None = None,
        columns: Sequence[str | int] | None = None,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.strategy = strategy
        self.keep_first = keep_first
        self.keep_last = keep_last
        self.keep_chars = keep_chars
        self.keep_email_domain = keep_email_domain
        self.mask_char = mask_char
        self.provider = provider
        self.provider_args = provider_args
        self.locale = locale
        self.pool_size = pool_size
        self.unique = unique
        self.label = label
        self.replacement = replacement
        self.handle_unknown = handle_unknown
        self.key = key
        self.domain = domain
        self.columns = columns
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=True)
    def fit(
        self, X: Table, y: ArrayLike = None, sample_weight: ArrayLike = None
    ) -> Self:
        """Generate the pool, and learn which values exist where that matters.

        Parameters
        ----------
        X : DataFrame, Table or array-like of shape (n_samples, n_features)
            The table. Missing values are allowed.
        y : None
            Ignored; present for scikit-learn's sake.
        sample_weight : array-like of shape (n_samples,), default=None
            How often each row counts; a row of weight 0 is not seen.

        Returns
        -------
        self
            The fitted transformer.

        Raises
        ------
        PoolTooSmallError
            If ``unique=True`` and a domain has more values than the pool surrogates.
        ColumnTypeError
            If a column has a type that the strategy cannot work on.
        ValueError
            If Faker does not know the provider or the locale.
        """
        return self._fit(X, sample_weight)

    def _start_fit(self, names: list[str]) -> None:
        owner = type(self).__name__
        check_key(self.key, owner=owner)
        _check_texts(self.mask_char, self.label)
        self.domains_ = check_domains(self.domain, names, owner=owner)
        self._domain_of = dict(zip(names, self.domains_, strict=True))
        self._drawn_key = None
        for learned in (
            "_pool",
            "pool_size_",
            "key_fingerprint_",
        ):  # by another strategy
            self.__dict__.pop(learned, None)
        if self.strategy in KEYED:
            self._drawn_key, self.key_fingerprint_ = fitted_key(
                self.key, self.random_state
            )
        if self.strategy == "fake":
            arguments = dict(self.provider_args or {})
            pool = make_pool(self.provider, arguments, self.locale, self.pool_size)
            self._pool, self.pool_size_ = pool.to_arrays(), pool.size

    def _fit_column(self, column: pa.Array, name: str, weights: Weights) -> Any:
        domain = self._domain_of[name]
        if not self._learns_values:
            _check_type(value_type(column.type), name, self.strategy)
            return {"domain": domain}
        values = _distinct(column)
        key = self._sub_key(self._current_key(), domain)
        macs = keyed_numbers(values, key, name=name, n_numbers=2)
        return {"domain": domain, "macs": macs, "values": _as_text(values)}

    def _finish_fit(self, states: list[Any]) -> list[Any]:
        """Learn by domain: columns of one domain share their surrogates."""
        del self._domain_of
        self._known: dict[str, dict[str, Numbers]] = {}
        if self._learns_values:
            for domain in dict.fromkeys(self.domains_):
                seen = [state for state in states if state["domain"] == domain]
                self._known[domain] = self._learn_domain(domain, seen)
        return [{"domain": state["domain"]} for state in states]

    def _learn_domain(self, domain: str, seen: list[Any]) -> dict[str, Numbers]:
        macs = np.concatenate([state["macs"] for state in seen])
        numbers, first = np.unique(macs[:, 0], return_index=True)
        if self.strategy == "label":
            return {"numbers": numbers}
        values = pa.concat_arrays([state["values"] for state in seen])
        pool = Pool.from_arrays(self._pool)
        slots = None
        if len(first) <= pool.size:
            values = values.take(pa.array(first))
            slots = assign_distinct(macs[first], values, pool.size, pool.take)
        if slots is None:
            raise PoolTooSmallError(
                f"Domain {domain!r} has {len(first)} distinct values, but provider "
                f"{self.provider!r} gave only {pool.size} surrogates with "
                f"pool_size={self.pool_size}. Raise pool_size, choose a provider with "
                "more values, or set unique=False."
            )
        return {"numbers": numbers, "slots": slots}

    def _start_transform(self) -> list[Any]:
        if self.strategy not in KEYED:
            return self._states
        key = self._current_key()
        return [
            {**state, "key": self._sub_key(key, state["domain"])}
            for state in self._states
        ]

    def _transform_column(
        self, column: pa.Array, name: str, state: dict[str, Any]
    ) -> pa.Array:
        if pa.types.is_null(column.type):
            return column.cast(pa.large_string())
        _check_type(column.type, name, self.strategy)
        if self.strategy == "redact":
            return redact(column, self.replacement)
        if self.strategy == "partial":
            return self._partial(column)
        if self.strategy == "template":
            replace = replace_text if is_text(column.type) else replace_digits
            return replace(column, state["key"], name=name)
        numbers = keyed_numbers(column, state["key"], name=name)
        missing = missing_mask(column)
        if self._learns_values:
            known = self._known[state["domain"]]
            places, found = rank(known["numbers"], numbers)
            self._check_known(found | missing, name)
            missing |= ~found
            if self.strategy == "label":
                return write_labels(places + 1, missing, self.label)
            numbers = known["slots"][places] if len(known["slots"]) else numbers
        own = None if self.unique else column
        return pick_surrogates(Pool.from_arrays(self._pool), numbers, missing, own)

    def _makes_missing(self, state: Any) -> bool:
        return self._learns_values and self.handle_unknown == "suppress"

    @property
    def _learns_values(self) -> bool:
        return self.strategy == "label" or (self.strategy == "fake" and self.unique)

    def _current_key(self) -> bytes:
        return current_key(self.key, self._drawn_key, self.key_fingerprint_)

    def _sub_key(self, key: bytes, domain: str) -> bytes:
        return derive_key(
            key,
            purpose=f"mask/{self.strategy}",
            domain=domain,
            n_bytes=SUB_KEY_BYTES,
        )

    def _partial(self, column: pa.Array) -> pa.Array:
        if not is_text(column.type):
            return mask_digits(column, self.keep_first, self.keep_last)
        kept = KeptCharacters(
            self.keep_first, self.keep_last, self.keep_chars, self.keep_email_domain
        )
        return mask_text(column, kept, self.mask_char)

    def _check_known(self, known: Mask, name: str) -> None:
        if self.handle_unknown == "error" and not known.all():
            raise UnknownValueError(
                f"Column {name!r} has {np.count_nonzero(~known)} values that were not "
                "seen in fit and have no surrogate. Fit on all values, or choose "
                "handle_unknown='suppress' or unique=False."
            )


def _check_texts(mask_char: str, label: str) -> None:
    if len(mask_char) != 1:
        raise ValueError(
            f"The 'mask_char' of MaskingTransformer must be one character; got "
            f"{mask_char!r}."
        )
    check_label(label)


def _check_type(kind: pa.DataType, name: str, strategy: str) -> None:
    if strategy in ("partial", "template") and not (
        is_text(kind) or is_number(kind) or pa.types.is_null(kind)
    ):
        raise ColumnTypeError(
            f"Column {name!r} has Arrow type {kind}; strategy={strategy!r} works on "
            "text and numbers. Convert the column to text, choose another strategy, or "
            "use DateGeneralizer for dates."
        )
    if strategy == "fake":
        keyed_numbers(pa.array([], kind), bytes(SUB_KEY_BYTES), name=name)


def _distinct(column: pa.Array) -> pa.Array:
    """Return the distinct values that are there; not the categories without rows."""
    values = column.unique()
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    return values.filter(pa.array(~missing_mask(values)))


def _as_text(values: pa.Array) -> pa.Array:
    if is_text(values.type):
        return values.cast(pa.large_string())
    return pa.nulls(len(values), pa.large_string())
