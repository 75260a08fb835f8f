"""Pools of fictional values, generated once by Faker and looked up afterwards.

A pool is the product of its parts: with the 1,000 first and 1,000 last names that
it holds, it knows a million full names and has written none of them. The parts are
plain arrays, so that a fitted pool is pickled without Faker or Arrow.
"""

import difflib
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from skanon.exceptions import MissingExtraError

__all__ = ["Pool", "make_pool"]

#: Pools are the same everywhere; what decides who gets which surrogate is the key.
POOL_SEED = 0

#: A pool of full names is enlarged until it holds this many.
MANY_NAMES = 1_000_000

#: A provider is asked in batches until one brings hardly anything new.
BATCH = 1_000
SATURATED = 0.02

#: Providers that Faker composes of parts, and where its pattern stands.
COMPOSED = {
    "name": "formats",
    "name_female": "formats_female",
    "name_male": "formats_male",
}

TOKEN = re.compile(r"{{\s*(\w+)\s*}}")

Numbers = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Pool:
    """Surrogates, numbered from 0 to ``size - 1``.

    Attributes
    ----------
    literals : list of str
        What stands before, between and after the parts.
    parts : list of dict
        The values of each part, as arrays: text as bytes and offsets.
    counts : ndarray of shape (n_patterns, n_parts), dtype int64
        How many consecutive values of each part a pattern uses; patterns follow
        each other in a part, so male first names meet male last names only.
    """

    literals: list[str]
    parts: list[dict[str, Any]]
    counts: npt.NDArray[np.int64]

    @classmethod
    def from_arrays(cls, state: Mapping[str, Any]) -> Self:
        """Rebuild a pool from :meth:`to_arrays`."""
        return cls(**state)

    def to_arrays(self) -> dict[str, Any]:
        """Return the pool as plain lists, dicts and arrays."""
        return vars(self).copy()

    @property
    def size(self) -> int:
        """The number of surrogates."""
        return sum(self._sizes)

    @property
    def _sizes(self) -> list[int]:
        return [int(np.prod(row, dtype=object)) for row in self.counts]

    def take(
        self, numbers: Numbers, missing: npt.NDArray[np.bool_] | None = None
    ) -> pa.Array:
        """Return the surrogates of some numbers below ``size``."""
        if self._is_plain:
            return _unpacked(self.parts[0]).take(pa.array(numbers, mask=missing))
        places = self._places(numbers)
        taken = [
            _unpacked(part).take(pa.array(place, mask=missing))
            for part, place in zip(self.parts, places, strict=True)
        ]
        return _joined(taken, self.literals)

    @property
    def _is_plain(self) -> bool:
        return len(self.parts) == 1 and not any(self.literals)

    def _places(self, numbers: Numbers) -> list[npt.NDArray[Any]]:
        """Return which value of each part the surrogates are made of."""
        # Processors divide 32 bits in half the time.
        kind = np.dtype(np.uint32 if self.size <= 2**32 else np.uint64)
        starts = np.cumsum([0, *self._sizes[:-1]]).astype(kind)
        rest: npt.NDArray[Any] = numbers.astype(kind)
        pattern = np.zeros(len(rest), np.intp)
        for start in starts[1:]:
            pattern += rest >= start
        rest -= starts.take(pattern)
        counts = self.counts.astype(kind)
        before = (np.cumsum(self.counts, axis=0) - self.counts).astype(kind)
        places = []
        for part in reversed(range(len(self.parts))):
            n = counts[:, part].take(pattern)
            quotient = rest // n
            places.append(rest - quotient * n + before[:, part].take(pattern))
            rest = quotient
        return places[::-1]


def make_pool(
    provider: str, arguments: Mapping[str, Any], locale: str, pool_size: int
) -> Pool:
    """Generate the surrogates of a Faker provider.

    Parameters
    ----------
    provider : str
        Name of a Faker provider, such as "name" or "iban".
    arguments : mapping of str to object
        Its keyword arguments.
    locale : str
        A Faker locale, such as "en_US".
    pool_size : int
        How many values are generated of each part, at most.

    Raises
    ------
    MissingExtraError
        If Faker is not installed.
    ValueError
        If the locale, the provider or its arguments are unknown, or its values are
        of a type that no column holds.
    """
    if arguments:
        return _made(provider, arguments, locale, pool_size)
    return _made_once(provider, locale, pool_size)


@lru_cache(maxsize=16)
def _made_once(provider: str, locale: str, pool_size: int) -> Pool:
    """Keep the latest pools: a search over a pipeline fits the same one many times."""
    return _made(provider, {}, locale, pool_size)


def _made(
    provider: str, arguments: Mapping[str, Any], locale: str, pool_size: int
) -> Pool:
    faker = _faker(locale)
    _check_provider(faker, provider, locale)
    patterns = [] if arguments else _patterns(faker, provider)
    if not patterns:
        values = _values(faker, provider, arguments, pool_size)
        return Pool(["", ""], [_packed(values)], np.array([[len(values)]]))
    return _composed_pool(locale, patterns, pool_size)


def _faker(locale: str) -> Any:
    try:
        import faker
    except ImportError:
        raise MissingExtraError(
            "strategy='fake' needs the package Faker, of the extra [fake]. Run: "
            "pip install Faker"
        ) from None
    try:
        generator = faker.Faker(locale, use_weighting=False)
    except (AttributeError, ValueError):
        close = difflib.get_close_matches(locale, faker.config.AVAILABLE_LOCALES)
        raise ValueError(
            f"Faker has no locale {locale!r}.{_did_you_mean(close)} Locales are "
            "written like 'en_US' or 'de_DE'."
        ) from None
    generator.seed_instance(POOL_SEED)
    return generator


def _check_provider(faker: Any, provider: str, locale: str) -> None:
    known = {
        name
        for group in faker.get_providers()
        for name in dir(group)
        if not name.startswith("_") and callable(getattr(group, name, None))
    }
    if provider not in known:
        close = difflib.get_close_matches(provider, sorted(known))
        raise ValueError(
            f"Faker has no provider {provider!r} in locale {locale!r}."
            f"{_did_you_mean(close)} Providers are the methods of faker.Faker, such as "
            "'name' or 'iban'."
        )


def _did_you_mean(close: Sequence[str]) -> str:
    return f" Did you mean {' or '.join(map(repr, close))}?" if close else ""


def _values(
    faker: Any, provider: str, arguments: Mapping[str, Any], pool_size: int
) -> pa.Array:
    """Call a provider until it has given ``pool_size`` values or repeats itself."""
    values: dict[Any, None] = {}
    while len(values) < pool_size:
        before = len(values)
        n = min(BATCH, pool_size - before)
        try:
            values.update(dict.fromkeys(_call(faker, provider, arguments, n)))
        except Exception as error:  # noqa: BLE001 - a provider may raise anything
            raise ValueError(
                f"Faker's provider {provider!r} cannot be used with provider_args "
                f"{sorted(arguments)}: {error}."
            ) from None
        if len(values) - before < SATURATED * BATCH:
            break
    return _column(list(values), provider)


def _call(faker: Any, provider: str, arguments: Mapping[str, Any], n: int) -> list[Any]:
    method = getattr(faker, provider)
    return [method(**arguments) for _ in range(n)]


def _column(values: list[Any], provider: str) -> pa.Array:
    # A UUID or an IP address object is as good as its text.
    is_plain = isinstance(values[0], str | int | float) or hasattr(values[0], "year")
    if not is_plain or len(set(map(type, values))) > 1:
        values = [str(value) for value in values]
    column = pa.array(values)
    return column.cast(pa.large_string()) if pa.types.is_string(column.type) else column


# -- pools made of parts -----------------------------------------------------------


def _patterns(faker: Any, provider: str) -> list[list[str]]:
    """Return Faker's patterns of a full name, split into tokens and literals.

    Only the commonest form is kept (no titles), for each gender.
    """
    if provider not in COMPOSED:
        return []
    weights: dict[str, float] = {}
    for group in faker.get_providers():
        is_person = type(group).__module__.startswith("faker.providers.person")
        found = getattr(group, COMPOSED[provider], ()) if is_person else ()
        pairs = found.items() if isinstance(found, Mapping) else ((f, 1) for f in found)
        for pattern, weight in pairs:
            weights[pattern] = weights.get(pattern, 0) + weight
    split = [
        TOKEN.split(pattern) for pattern in sorted(weights, key=weights.__getitem__)
    ]
    split = [pieces for pieces in split[::-1] if len(pieces) > 3]
    form = _form(split[0]) if split else ""
    return [pieces for pieces in split if _form(pieces) == form]


def _form(pieces: list[str]) -> str:
    """Return a pattern without the genders of its tokens."""
    return re.sub(r"_(fe|non)?(male|binary)", "", "|".join(pieces))


def _locales(locale: str) -> list[str]:
    """Return the locales of one language: the one itself, then its relatives."""
    from faker.config import AVAILABLE_LOCALES

    language = locale.split("_")[0]
    others = [
        name
        for name in AVAILABLE_LOCALES
        if name.split("_")[0] == language and name != locale
    ]
    return [locale, *sorted(others)]


def _composed_pool(locale: str, patterns: list[list[str]], pool_size: int) -> Pool:
    """Use the names of the locale, and of its relatives while they are too few."""
    tables: list[list[dict[str, None]]] = [
        [{} for _ in pieces[1::2]] for pieces in patterns
    ]
    for name in _locales(locale):
        with warnings.catch_warnings():
            # Some relatives are deprecated names of locales that are listed too.
            warnings.simplefilter("ignore")
            faker = _faker(name)
        for pieces, table in zip(patterns, tables, strict=True):
            for token, values in zip(pieces[1::2], table, strict=True):
                _add_names(values, faker, token, pool_size)
        counts = np.array([[len(values) for values in table] for table in tables])
        if np.prod(counts, axis=1, dtype=object).sum() >= MANY_NAMES:
            break
    columns = zip(*tables, strict=True)
    parts = [
        pa.array([name for values in column for name in values], pa.large_string())
        for column in columns
    ]
    return Pool(patterns[0][::2], [_packed(part) for part in parts], counts)


def _add_names(values: dict[str, None], faker: Any, token: str, pool_size: int) -> None:
    if hasattr(faker, token):
        names = _values(faker, token, {}, pool_size).to_pylist()
        values.update(dict.fromkeys(names[: pool_size - len(values)]))


def _joined(columns: list[pa.Array], literals: list[str]) -> pa.Array:
    """Write the parts with the literals before, between and after them."""
    scalars = [pa.scalar(text, pa.large_string()) for text in literals]
    if len(set(literals[1:-1])) == 1 and not literals[0] + literals[-1]:
        return pc.binary_join_element_wise(*columns, scalars[1])
    pieces = [scalars[0]]
    for column, scalar in zip(columns, scalars[1:], strict=True):
        pieces += [column, scalar]
    return pc.binary_join_element_wise(*pieces, pa.scalar("", pa.large_string()))


# -- plain arrays ------------------------------------------------------------------


def _packed(column: pa.Array) -> dict[str, Any]:
    if pa.types.is_large_string(column.type):
        _, offsets, data = column.buffers()
        return {
            "offsets": np.frombuffer(offsets, np.int64)[: len(column) + 1].copy(),
            "data": np.frombuffer(data or b"", np.uint8).copy(),
        }
    return {"values": column.to_numpy(zero_copy_only=False).copy()}


def _unpacked(part: Mapping[str, Any]) -> pa.Array:
    if "values" in part:
        return pa.array(part["values"])
    offsets, data = part["offsets"], part["data"]
    return pa.LargeStringArray.from_buffers(
        len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(data)
    )
