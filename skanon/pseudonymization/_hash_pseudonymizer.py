"""Keyed one-way tokens: the same value gives the same token, and no way back."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from skanon._arrow import is_number
from skanon._base import ColumnwiseTransformer, Weights
from skanon._compat import StrOptions
from skanon._crypto import (
    MAC_BITS,
    SUB_KEY_BYTES,
    base32_text,
    column_mac,
    encode_canonical,
    fixed_width_text,
    hex_text,
    uuid_text,
)
from skanon._messages import shown, warn_of_privacy
from skanon._secrets import (
    KeyParameter,
    SecretKey,
    check_key,
    current_key,
    derive_key,
    fitted_key,
)
from skanon._validation import check_domains
from skanon.typing import Bytes2D

__all__ = ["HashPseudonymizer"]

#: A collision more likely than this for the rows seen is worth a warning.
ACCEPTED_COLLISION = 1e-6

#: Rows tokenized at a time, so that scratch memory does not grow with the table.
CHUNK = 16_384

MIN_BITS = 64

TEXT = {"hex": hex_text, "base32": base32_text, "uuid": uuid_text}


class HashPseudonymizer(ColumnwiseTransformer):
    r"""Replace each value by a keyed token that can be joined but not read back.

    Equal values get equal tokens in every table that is transformed with the
    same key and ``domain``, whatever the container or dtype: 123 from an int64
    column, from float64 beside a NaN and from polars gives one token.

    Parameters
    ----------
    key : SecretKey, default=None
        The secret, see :class:`~skanon.SecretKey`. With None a random key is
        drawn in each :meth:`fit` and kept in the fitted object: the tokens are
        then only as secret as the pickle of this object.
    algorithm : {"aes-cmac", "hmac-sha256", "blake2b"}, default="aes-cmac"
        The keyed one-way function: AES-128-CMAC, by far the fastest;
        HMAC-SHA256; or keyed BLAKE2b.
    output : {"auto", "hex", "base32", "uuid", "int64", "bytes"}, default="auto"
        The form of a token. "auto" gives int64 for numbers and booleans if there is
        no ``prefix``, hex for all else; what it is for a column is settled in
        :meth:`fit`. "uuid" is a UUID of version 8, of which 122 bits are token.
    length : int, default=128
        Bits of a token, a multiple of 8 from 64 to 128 ("aes-cmac"), 256
        ("hmac-sha256") or 512 ("blake2b"). An int64 token always has 64 bits, a
        uuid needs 128.
    prefix : str, default=""
        Text put before each token; not allowed with "int64" and "bytes".
    domain : str or dict of str to str, default=None
        What a token is for: equal values in different domains get unrelated
        tokens. None makes each column's name its domain; give two columns one
        domain to join them.
    columns : list of str or int, default=None
        The columns to work on; the others pass through. None takes all.
    random_state : int or RandomState, default=None
        Makes the key that is drawn for ``key=None`` repeatable. Whoever knows or
        guesses the seed can then rebuild every token: for tests only.

    Attributes
    ----------
    columns_ : list
        Names of the columns worked on.
    domains_ : list of str
        The domain of each of them.
    key_fingerprint_ : str
        The key-check value of the key seen in :meth:`fit`; another key is refused
        by :meth:`transform`.
    n_features_in_ : int
        Number of columns seen during :meth:`fit`.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, if X has names that are all text.

    See Also
    --------
    MaskingTransformer : Replace values by fictional or hidden ones.
    SecretKey : Where the key comes from.

    Notes
    -----
    A token is the first ``length`` bits of the MAC of the value's canonical
    encoding (see ``skanon._crypto.encode_canonical``) under the sub-key
    HKDF-SHA256(key, info="skanon/v1/hash/" + algorithm + "\0" + domain), of 16
    bytes for AES-CMAC and 32 else. The int64 is the first 8 bytes, big-endian. For
    BLAKE2b, whose length is a parameter of the hash, the MAC is one of that length.

    Two of n distinct values share a token with probability at most
    n (n - 1) / 2 ** (length + 1) (122 bits for a uuid); :meth:`fit` warns when
    that exceeds 1e-6, counting each row (or category) as a distinct value.

    **Protects against** reading identities off the table and, without the key,
    against testing guesses.
    **Does not protect against** linking the rows of one person, recognising a
    person by how often a token occurs or by other columns, or anyone who has the
    key. Tokens are pseudonymised personal data, not anonymous data.
    **Remembers** no value; a reference to the key and its fingerprint, or with
    ``key=None`` the key that was drawn.

    References
    ----------
    NIST SP 800-38B (CMAC), RFC 2104 (HMAC), RFC 7693 (BLAKE2), RFC 5869 (HKDF),
    RFC 9562 (UUID version 8).

    Examples
    --------
    >>> from skanon import HashPseudonymizer, SecretKey
    >>> pseudonymizer = HashPseudonymizer(key=SecretKey(bytes(16)), length=64)
    >>> pseudonymizer.fit_transform([["Ada"], ["Bob"], ["Ada"]])
    array([['34511993b71b009b'],
           ['c65cc35a14f6a921'],
           ['34511993b71b009b']], dtype=object)
    """

    key = KeyParameter()

    _makes_wide_integers: ClassVar[bool] = True

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        **ColumnwiseTransformer._parameter_constraints,
        "key": "no_validation",
        "algorithm": [StrOptions(set(MAC_BITS))],
        "output": [StrOptions({"auto", "hex", "base32", "uuid", "int64", "bytes"})],
        "length": "no_validation",
        "prefix": [str],
        "domain": [str, Mapping, None],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        *,
        key: SecretKey | None = None,
        algorithm: str = "aes-cmac",
        output: str = "auto",
        length: int = 128,
        prefix: str = "",
        domain: str | Mapping[str, str] | None = None,
        columns: Sequence[str | int] | None = None,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.key = key
        self.algorithm = algorithm
        self.output = output
        self.length = length
        self.prefix = prefix
        self.domain = domain
        self.columns = columns
        self.random_state = random_state

    def _start_fit(self, names: list[str]) -> None:
        owner = type(self).__name__
        check_key(self.key, owner=owner)
        _check_form(self.length, self.algorithm, self.output, self.prefix)
        self.domains_ = check_domains(self.domain, names, owner=owner)
        self._drawn_key, self.key_fingerprint_ = fitted_key(self.key, self.random_state)

    def _fit_column(
        self, column: pa.Array, name: str, weights: Weights
    ) -> dict[str, str]:
        values = column.dictionary if _is_categorical(column) else column
        # Only decimals depend on their values for whether they can be encoded.
        is_decimal = pa.types.is_decimal(values.type)
        encode_canonical(values if is_decimal else values.slice(0, 0), name=name)
        output = _resolved(self.output, self.prefix, values.type)
        n_distinct = min(len(column), len(values))
        _warn_of_collisions(n_distinct, _token_bits(output, self.length), name)
        return {"output": output}

    def _start_transform(self) -> list[dict[str, Any]]:
        key = current_key(self.key, self._drawn_key, self.key_fingerprint_)
        return [
            {**state, "key": self._sub_key(key, domain)}
            for state, domain in zip(self._states, self.domains_, strict=True)
        ]

    def _transform_column(
        self, column: pa.Array, name: str, state: dict[str, Any]
    ) -> pa.Array:
        output = _resolved(state["output"], self.prefix, column.type)
        n_bytes = 8 if output == "int64" else self.length // 8
        rows, missing = _tokens(
            column,
            name,
            state["key"],
            self.algorithm,
            n_bytes,
            self.prefix,
            TEXT.get(output),
        )
        return _as_column(rows, missing, output)

    def _sub_key(self, key: bytes, domain: str) -> bytes:
        return derive_key(
            key,
            purpose=f"hash/{self.algorithm}",
            domain=domain,
            n_bytes=SUB_KEY_BYTES[self.algorithm],
        )


def _check_form(length: object, algorithm: str, output: str, prefix: str) -> None:
    longest = MAC_BITS[algorithm]
    is_int = isinstance(length, int | np.integer) and not isinstance(length, bool)
    if not is_int or not MIN_BITS <= length <= longest or length % 8:  # type: ignore[operator]
        raise ValueError(
            f"The 'length' of HashPseudonymizer must be a multiple of 8 from "
            f"{MIN_BITS} to {longest} bits for algorithm {algorithm!r}; got "
            f"{shown(length)}."
        )
    if output == "uuid" and length != 128:
        raise ValueError(
            f"output='uuid' needs length=128, the size of a UUID; got length={length}."
        )
    if prefix and output in ("int64", "bytes"):
        raise ValueError(
            f"output={output!r} has no text to put a prefix before. Leave 'prefix' "
            "empty or choose output='hex'."
        )


def _is_categorical(column: pa.Array) -> bool:
    return bool(pa.types.is_dictionary(column.type))


def _resolved(output: str, prefix: str, kind: pa.DataType) -> str:
    """Return the form of the tokens of a column; a column of no values has none yet."""
    if output != "auto" or pa.types.is_null(kind):
        return output
    if prefix:
        return "hex"
    is_numeric = is_number(kind) or pa.types.is_decimal(kind)
    return "int64" if is_numeric or pa.types.is_boolean(kind) else "hex"


def _token_bits(output: str, length: int) -> int:
    return {"int64": 64, "uuid": 122}.get(output, int(length))


def _warn_of_collisions(n: int, bits: int, name: str) -> None:
    bound = n * (n - 1) / 2 ** (bits + 1)
    if bound > ACCEPTED_COLLISION:
        warn_of_privacy(
            f"Column {name!r}: with {n} rows, two different values share a {bits}-bit "
            f"token with probability up to {bound:.1g}. Choose a longer 'length' and "
            "output='hex' if that matters."
        )


def _tokens(
    column: pa.Array,
    name: str,
    key: bytes,
    algorithm: str,
    n_bytes: int,
    prefix: str,
    write: Any,
) -> tuple[Bytes2D, npt.NDArray[np.bool_] | None]:
    """Return the bytes (or, with ``write``, the characters) of each row's token."""
    before = np.frombuffer(prefix.encode("utf-8"), np.uint8)
    sample = np.zeros((1, n_bytes), np.uint8)
    width = write(sample).shape[1] + len(before) if write else n_bytes
    rows = np.empty((len(column), width), np.uint8)
    rows[:, : len(before)] = before
    missing = np.zeros(len(column), np.bool_)
    for start in range(0, len(column), CHUNK):
        encoded = encode_canonical(column.slice(start, CHUNK), name=name)
        macs = column_mac(encoded, key, algorithm, n_bytes)
        here = slice(start, start + len(encoded))
        rows[here, len(before) :] = write(macs) if write else macs
        if encoded.null_count:
            missing[here] = encoded.is_null().to_numpy(zero_copy_only=False)
    return rows, missing if missing.any() else None


def _as_column(
    rows: Bytes2D, missing: npt.NDArray[np.bool_] | None, output: str
) -> pa.Array:
    if output == "int64":
        numbers = rows.view(np.int64)[:, 0]
        if sys.byteorder == "little":
            numbers.byteswap(inplace=True)
        return pa.array(numbers, mask=missing)
    text = fixed_width_text(rows, missing)
    return text.view(pa.large_binary()) if output == "bytes" else text
