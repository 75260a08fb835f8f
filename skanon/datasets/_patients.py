"""Patients who do not exist, with a target that coarser data predict worse."""

import unicodedata
from collections.abc import Sequence
from numbers import Integral
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sklearn.utils import check_random_state

from skanon.datasets._names import FEMALE_NAMES, LAST_NAMES, MALE_NAMES
from skanon.typing import Table

__all__ = ["make_patients"]

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

FIRST_NAMES = FEMALE_NAMES + MALE_NAMES

#: Letters that no Unicode normal form takes apart.
UNDECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "ı": "i", "'": ""})  # noqa: RUF001

#: Domains that RFC 2606 keeps for examples.
DOMAINS = ("example.com", "example.net", "example.org")

#: Area 900-999, group 01-49, serial 0001-9999: issued neither to people (no area
#: above 899) nor to taxpayers without a number (groups 50-99). Bounds n_samples.
N_SSNS = 100 * 49 * 9_999

#: Nine digits, like the numbers that a hospital hands out.
FIRST_CLIENT_ID, N_CLIENT_IDS = 100_000_000, 900_000_000

#: Whole decades, and nobody born after being admitted.
FIRST_BIRTH, LAST_BIRTH = np.datetime64("1930-01-01"), np.datetime64("2019-12-31")
FIRST_ADMISSION, N_ADMISSION_DAYS = np.datetime64("2023-01-01"), 1_096
AGES_ON = np.datetime64("2026-01-01")

#: Four cities in each region. The first digit of a ZIP is the region, the second
#: the city, the other three the post office.
CITIES = tuple(
    """
    Altmere Brookfall Cedarport Dunwick Eastmoor Fernhaven Goldcliff Harrowgate
    Ironbridge Jadewater Kestrelton Larkspur Mapleford Nettlebay Oakhollow Pinecrest
    Quarrydale Ravenholm Silverlake Thornbury Umberfield Valewood Westerby
    Yarrowmouth Ashgrove Birchwater Coldspring Driftwood Elmstead Foxhollow
    Greyharbor Hazelton
    """.split()
)
CITY_SHARES = np.outer([20, 16, 14, 12, 11, 10, 9, 8], [40, 30, 20, 10]) / 10_000
N_POST_OFFICES = 60

#: Each diagnosis: how common it is, at which age most, how many years around that
#: age, and what it adds to the log-odds of being readmitted.
DIAGNOSES: dict[str, tuple[float, float, float, float]] = {
    "appendicitis": (0.0, 20, 25, -1.3),
    "asthma": (0.8, 8, 30, 0.2),
    "cancer": (0.7, 70, 28, 1.0),
    "depression": (0.6, 38, 26, 0.5),
    "diabetes": (0.7, 60, 30, 0.0),
    "fracture": (0.0, 45, 70, -1.0),
    "heart failure": (0.9, 84, 22, 1.3),
    "hypertension": (0.8, 65, 25, -0.5),
    "pneumonia": (0.0, 40, 80, 0.4),
    "stroke": (0.5, 78, 20, 0.8),
}

#: What each region adds to the log-odds of being readmitted, and each city in it.
REGION_EFFECTS = np.array([-0.6, 0.5, -0.2, 0.8, -0.9, 0.3, -0.4, 0.7])
CITY_EFFECTS = np.array([0.0, 0.3, -0.3, 0.4])

BASE_RATE_LOGIT = -1.2


def make_patients(
    n_samples: int = 1000, *, random_state: Any = None
) -> tuple[Table, Integers]:
    """Make a table of invented hospital patients and whether they came back.

    Everybody in the table is invented: names are drawn at random from lists, and
    phone numbers, e-mail domains and social security numbers come from ranges that
    belong to nobody.

    Parameters
    ----------
    n_samples : int, default=1000
        Number of patients, from 1 to 48,995,100.
    random_state : int, RandomState instance or None, default=None
        Seed of the draws. Pass an int to get the same table at each call.

    Returns
    -------
    X : pandas.DataFrame of shape (n_samples, 11)
        Direct identifiers: ``name``, ``email``, ``phone``, ``client_id`` (int64,
        unique) and ``ssn`` (unique). Quasi-identifiers: ``birth_date`` (ISO text),
        ``zip_code`` (first digit the region, second the city), ``sex``, ``city``
        and ``admission_date`` (ISO text). Sensitive: ``diagnosis``.
    y : ndarray of shape (n_samples,)
        1 for patients readmitted within 30 days, else 0.

    See Also
    --------
    sklearn.datasets.make_classification : Make a classification problem of numbers.

    Notes
    -----
    The target depends on age, region, city and diagnosis. The risk rises with age
    and swings around that rise in waves of ten and of five years, which no hospital
    has ever seen: they make every step of coarsening a birth date (year, five
    years, decade, century, nothing) cost some accuracy.

    Examples
    --------
    >>> from skanon.datasets import make_patients
    >>> X, y = make_patients(500, random_state=0)
    >>> X.shape, y.shape
    ((500, 11), (500,))
    >>> list(X.columns[:5])
    ['name', 'email', 'phone', 'client_id', 'ssn']
    >>> list(X.columns[5:])
    ['birth_date', 'zip_code', 'sex', 'city', 'admission_date', 'diagnosis']
    """
    _check_n_samples(n_samples)
    rng = np.random.default_rng(check_random_state(random_state).randint(2**31 - 1))
    n = int(n_samples)
    male = rng.integers(2, size=n)
    birth = _draw_birth_dates(n, rng)
    city = rng.choice(len(CITIES), size=n, p=CITY_SHARES.ravel())
    age = (AGES_ON - birth).astype(np.float64) / 365.25
    diagnosis = _draw_diagnoses(age, rng)
    admission = FIRST_ADMISSION + rng.integers(N_ADMISSION_DAYS, size=n)
    table = pa.table(
        {
            **_identifiers(male, rng),
            "birth_date": pa.array(birth).cast(pa.string()),
            "zip_code": _zip_codes(city, rng),
            "sex": _take(("female", "male"), male),
            "city": _take(CITIES, city),
            "admission_date": pa.array(admission).cast(pa.string()),
            "diagnosis": _take(tuple(DIAGNOSES), diagnosis),
        }
    )
    return table.to_pandas(), _draw_target(age, city, diagnosis, rng)


def _check_n_samples(n_samples: object) -> None:
    is_int = isinstance(n_samples, Integral) and not isinstance(n_samples, bool)
    if not is_int or not 1 <= n_samples <= N_SSNS:  # type: ignore[operator]
        raise ValueError(
            f"'n_samples' of make_patients must be an int from 1 to {N_SSNS}; got "
            f"{n_samples!r}."
        )


def _draw_birth_dates(n: int, rng: np.random.Generator) -> npt.NDArray[Any]:
    """Return birth dates, of which three in four fall around 1962."""
    n_days = int((LAST_BIRTH - FIRST_BIRTH).astype(int)) + 1
    position = rng.random(n)
    common = rng.random(n) < 0.75
    position[common] = rng.triangular(0.0, 0.36, 1.0, size=int(common.sum()))
    return FIRST_BIRTH + (position * n_days).astype(np.int64)


def _draw_diagnoses(age: Floats, rng: np.random.Generator) -> Integers:
    """Return positions in DIAGNOSES, drawn with the probabilities at each age."""
    common, peak, width, _ = np.array(list(DIAGNOSES.values())).T
    years = np.arange(int(age.max()) + 1)[:, np.newaxis]
    weights = np.exp(common - ((years - peak) / width) ** 2)
    shares = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
    draw = rng.random(len(age))[:, np.newaxis]
    found: Integers = (draw > shares[age.astype(np.int64), :-1]).sum(axis=1)
    return found


def _draw_target(
    age: Floats, city: Integers, diagnosis: Integers, rng: np.random.Generator
) -> Integers:
    effects = np.array([effect for *_, effect in DIAGNOSES.values()])
    region, city_in_region = np.divmod(city, len(CITY_EFFECTS))
    logit = BASE_RATE_LOGIT + _age_effect(age) + effects[diagnosis]
    logit += REGION_EFFECTS[region] + CITY_EFFECTS[city_in_region]
    target: Integers = rng.random(len(age)) < 1 / (1 + np.exp(-logit))
    return target.astype(np.int64)


def _age_effect(age: Floats) -> Floats:
    """Return a step at adulthood, a rise, and waves that decades average out."""
    rise = 1.2 * ((age - 50) / 40) - 0.9 * (age < 26)
    return rise + 1.1 * np.sin(age * 2 * np.pi / 10) + np.sin(age * 2 * np.pi / 5)


def _identifiers(male: Integers, rng: np.random.Generator) -> dict[str, pa.Array]:
    n = len(male)
    first = np.where(
        male,
        rng.integers(len(FEMALE_NAMES), len(FIRST_NAMES), size=n),
        rng.integers(len(FEMALE_NAMES), size=n),
    )
    last = rng.integers(len(LAST_NAMES), size=n)
    ids = FIRST_CLIENT_ID + _draw_distinct(N_CLIENT_IDS, n, rng)
    return {
        "name": _join(_take(FIRST_NAMES, first), _take(LAST_NAMES, last), " "),
        "email": _emails(first, last, rng),
        "phone": _phones(n, rng),
        "client_id": pa.array(ids),
        "ssn": _ssns(n, rng),
    }


def _emails(first: Integers, last: Integers, rng: np.random.Generator) -> pa.Array:
    n = len(first)
    first_parts = _take([f"{_ascii(name)}." for name in FIRST_NAMES], first)
    last_parts = _take([_ascii(name) for name in LAST_NAMES], last)
    numbers = pa.array(rng.integers(1, 10_000, size=n)).cast(pa.string())
    domains = _take([f"@{name}" for name in DOMAINS], rng.integers(3, size=n))
    return _join(first_parts, last_parts, numbers, domains, "")


def _ascii(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.lower().translate(UNDECOMPOSED))
    return letters.encode("ascii", "ignore").decode()


def _phones(n: int, rng: np.random.Generator) -> pa.Array:
    """Return numbers from 555-0100 to 555-0199, which are kept for fiction."""
    areas = _take([f"({area})" for area in range(200, 1000)], rng.integers(800, size=n))
    lines = _take([f"555-{i:04}" for i in range(100, 200)], rng.integers(100, size=n))
    return _join(areas, lines, " ")


def _ssns(n: int, rng: np.random.Generator) -> pa.Array:
    rest, serial = np.divmod(_draw_distinct(N_SSNS, n, rng), 9_999)
    area, group = np.divmod(rest, 49)
    areas = _take([str(number) for number in range(900, 1000)], area)
    groups = _take([f"{number:02}" for number in range(1, 50)], group)
    serials = _take([f"{number:04}" for number in range(1, 10_000)], serial)
    return _join(areas, groups, serials, "-")


def _draw_distinct(n_values: int, n: int, rng: np.random.Generator) -> Integers:
    """Return n distinct integers below n_values in random order."""
    width = n_values // n
    return rng.permutation(n) * width + rng.integers(width, size=n)


def _zip_codes(city: Integers, rng: np.random.Generator) -> pa.Array:
    region, city_in_region = np.divmod(city, len(CITY_EFFECTS))
    office = 7 * rng.integers(N_POST_OFFICES, size=len(city))
    codes = 10_000 * (region + 1) + 1_000 * city_in_region + office
    return pa.array(codes).cast(pa.string())


def _take(values: Sequence[str], positions: Integers) -> pa.Array:
    return pa.array(values).take(pa.array(positions))


def _join(*parts: Any) -> pa.Array:
    """Return the texts of some columns joined by the last argument."""
    return pc.binary_join_element_wise(*parts)
