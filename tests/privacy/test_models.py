"""Every privacy model: a plain parameter object, and the formula of its notes."""

import copy
import math
import pickle
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone

from skanon.hierarchies import Hierarchy
from skanon.metrics import equivalence_classes
from skanon.privacy import (
    AlphaKAnonymity,
    AverageRisk,
    BetaLikeness,
    DeltaDisclosure,
    DeltaPresence,
    DistinctLDiversity,
    EntropyLDiversity,
    KAnonymity,
    KMap,
    PopulationUniqueness,
    PSensitiveKAnonymity,
    RecursiveLDiversity,
    SampleUniqueness,
    TCloseness,
)

HIERARCHY = Hierarchy.from_tree({"a": ["u", "v"], "b": {"c": ["w", "x"], "d": ["y"]}})

#: Each model, whether it is monotone with generalization, and with suppression too.
MODELS = [
    (KAnonymity(5), True, True),
    (DistinctLDiversity(2), True, True),
    (EntropyLDiversity(1.5), True, False),
    (RecursiveLDiversity(3.0, 2), True, False),
    (TCloseness(0.2), True, False),
    (TCloseness(0.2, distance="ordered", order=("v", "u")), True, False),
    (TCloseness(0.2, distance="hierarchical", hierarchy=HIERARCHY), True, False),
    (DeltaDisclosure(1.0), False, False),
    (BetaLikeness(1.0, enhanced=True), True, False),
    (AlphaKAnonymity(0.5, 3), True, False),
    (PSensitiveKAnonymity(2, 3), True, True),
    (DeltaPresence(0.1, 0.5), True, False),
    (KMap(5), True, True),
    (KMap(5, population_size=10**6), True, True),
    (AverageRisk(0.1), True, True),
    (AverageRisk(0.1, 0.2, 0.05), True, True),
    (SampleUniqueness(0.1), True, True),
    (PopulationUniqueness(0.01, "zayatz", sampling_fraction=0.1), True, False),
    (PopulationUniqueness(0.01, population_size=10**6), False, False),
]
ONLY = [model for model, *_ in MODELS]

ROWS = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from("uvwxy")), min_size=1, max_size=60
)


def classes_of(rows):
    table = pd.DataFrame(rows, columns=["q", "s"])
    return equivalence_classes(table, quasi_identifiers=["q"], sensitive="s")


def counts_of(rows):
    """Return the counts of the whole table, and of each class in order."""
    by_class = {q: Counter() for q in sorted({q for q, _ in rows})}
    for q, s in rows:
        by_class[q][s] += 1
    return Counter(s for _, s in rows), list(by_class.values())


def shares(counts):
    total = sum(counts.values())
    return {value: count / total for value, count in counts.items()}


@pytest.mark.parametrize(("model", "with_generalization", "with_suppression"), MODELS)
def test_a_model_says_whether_it_is_monotone(
    model, with_generalization, with_suppression
):
    assert model.is_monotone is with_generalization
    assert model.is_monotone_with_suppression is with_suppression


@pytest.mark.parametrize("model", ONLY, ids=repr)
def test_a_model_is_its_parameters(model):
    same = type(model)(**model.get_params())
    assert same == model
    assert hash(same) == hash(model)
    assert clone(model) == model
    assert copy.deepcopy(model) == model
    assert pickle.loads(pickle.dumps(model)) == model
    assert len({*ONLY, model}) == len(ONLY)


@pytest.mark.parametrize("model", ONLY, ids=repr)
def test_the_representation_of_a_model_names_its_parameters(model):
    assert repr(model).startswith(type(model).__name__)
    assert all(f"{name}=" in repr(model) for name in model.get_params())


@pytest.mark.parametrize("model", ONLY, ids=repr)
def test_a_model_cannot_be_changed(model):
    with pytest.raises(AttributeError, match="cannot assign"):
        model.k = 1


@pytest.mark.parametrize("model", ONLY, ids=repr)
def test_a_model_judges_each_class(model):
    rows = [(q, s) for q in range(40) for s in "uv" for _ in range(q + 1)]
    table = pd.DataFrame(rows, columns=["q", "s"])
    classes = equivalence_classes(
        table, quasi_identifiers=["q"], sensitive="s", subset=table["q"] > 0
    )
    verdict = model.check(classes)
    assert verdict.shape == (40,)
    assert verdict.dtype == bool
    assert model.measure(classes).shape == (40,)


@pytest.mark.parametrize(
    ("model", "size"),
    [
        (KAnonymity(5), 5),
        (DistinctLDiversity(2.5), 3),
        (EntropyLDiversity(2.5), 3),
        (RecursiveLDiversity(1, 2), 2),
        (AlphaKAnonymity(0.1, 3), 10),
        (AlphaKAnonymity(0.5, 3), 3),
        (PSensitiveKAnonymity(4, 3), 4),
        (TCloseness(0.1), 0),
        (KMap(5), 0),
    ],
)
def test_no_class_below_the_implied_size_satisfies_a_model(model, size):
    assert model.min_class_size == size


WRONG = [
    (lambda: DistinctLDiversity(math.inf), "'l' of DistinctLDiversity must be a numbe"),
    (lambda: EntropyLDiversity(math.inf), "'l' of EntropyLDiversity must be a number"),
    (lambda: RecursiveLDiversity(2, math.inf), "'l' of RecursiveLDiversity must be a"),
    (lambda: DistinctLDiversity(0), "'l' of DistinctLDiversity must be a number at l"),
    (lambda: EntropyLDiversity(0.5), "'l' of EntropyLDiversity"),
    (lambda: RecursiveLDiversity(0, 2), "'c' of RecursiveLDiversity .* greater than 0"),
    (lambda: TCloseness(1.5), "'t' of TCloseness must be a number at least 0 and at m"),
    (lambda: TCloseness(math.nan), "'t' of TCloseness"),
    (
        lambda: TCloseness(0.1, distance="far"),
        "'distance' of TCloseness must be one of",
    ),
    (lambda: TCloseness(0.1, distance="hierarchical"), "no hierarchy"),
    (lambda: TCloseness(0.1, hierarchy=HIERARCHY), "a hierarchy"),
    (lambda: TCloseness(0.1, order=["u"]), "'order' only with distance='ordered'"),
    (lambda: DeltaDisclosure(0), "'delta' of DeltaDisclosure"),
    (lambda: BetaLikeness(-1), "'beta' of BetaLikeness"),
    (lambda: AlphaKAnonymity(0, 2), "'alpha' of AlphaKAnonymity"),
    (lambda: PSensitiveKAnonymity(0, 2), "'p' of PSensitiveKAnonymity"),
    (lambda: DeltaPresence(0.5, 0.4), "'delta_max' of DeltaPresence .* least 0.5"),
    (lambda: KMap(0), "'k' of KMap"),
    (lambda: KMap(2, estimator="normal"), "'estimator' of KMap must be one of"),
    (lambda: KMap(2, population_size=0), "'population_size' of KMap"),
    (lambda: AverageRisk(0), "'threshold' of AverageRisk"),
    (lambda: SampleUniqueness(2), "'threshold' of SampleUniqueness"),
    (lambda: PopulationUniqueness(0.1), "needs either 'population_size' or"),
    (lambda: PopulationUniqueness(0.1, "normal"), "'model' of PopulationUniqueness"),
]


@pytest.mark.parametrize(("make", "message"), WRONG)
def test_a_parameter_that_makes_no_sense_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("kind", [list, tuple, np.array, pd.Series])
def test_an_order_is_its_values(kind):
    model = TCloseness(0.1, distance="ordered", order=kind(["lo", "hi"]))
    same = TCloseness(0.1, distance="ordered", order=("lo", "hi"))
    assert model == same
    assert hash(model) == hash(same)
    assert clone(model) == pickle.loads(pickle.dumps(model)) == same
    assert model != TCloseness(0.1, distance="ordered", order=kind(["hi", "lo"]))


def test_a_hierarchy_is_no_dict():
    with pytest.raises(TypeError, match="must be a Hierarchy; got dict"):
        TCloseness(0.1, distance="hierarchical", hierarchy={"u": "v"})


@given(ROWS)
def test_distinct_l_is_the_number_of_values(rows):
    _, by_class = counts_of(rows)
    expected = [len(counts) for counts in by_class]
    model = DistinctLDiversity(2.5)
    assert model.measure(classes_of(rows)).tolist() == expected
    assert model.check(classes_of(rows)).tolist() == [n >= 3 for n in expected]


@given(ROWS)
def test_entropy_l_is_the_exponential_of_the_entropy(rows):
    _, by_class = counts_of(rows)
    entropies = [-sum(p * math.log(p) for p in shares(c).values()) for c in by_class]
    model = EntropyLDiversity(2)
    assert model.measure(classes_of(rows)) == pytest.approx(np.exp(entropies))


def test_equally_frequent_values_satisfy_entropy_l_exactly():
    for n in range(1, 60):
        rows = [(0, str(i)) for i in range(n)]
        assert EntropyLDiversity(n).check(classes_of(rows)).all()


@given(ROWS, st.sampled_from([0.5, 1, 1.5, 3]), st.integers(1, 4))
def test_recursive_l_compares_the_first_value_with_the_tail(rows, c, rank):
    _, by_class = counts_of(rows)
    expected = []
    for counts in by_class:
        r = sorted(counts.values(), reverse=True)
        expected.append(r[0] < c * sum(r[rank - 1 :]))
    assert RecursiveLDiversity(c, rank).check(classes_of(rows)).tolist() == expected


def test_recursive_l_is_strict():
    """2.2 · 195 is 429, and a little more in floats."""
    rows = [(0, "u")] * 429 + [(0, "v")] * 195
    assert not RecursiveLDiversity(2.2, 2).check(classes_of(rows)).any()
    assert RecursiveLDiversity(2.2, 2).check(classes_of(rows[1:])).all()


@given(ROWS)
def test_equal_distance_is_half_the_sum_of_the_differences(rows):
    q, by_class = counts_of(rows)
    q = shares(q)
    expected = [sum(abs(shares(c).get(x, 0) - q[x]) for x in q) / 2 for c in by_class]
    assert TCloseness(1).measure(classes_of(rows)) == pytest.approx(expected)


@given(ROWS)
def test_ordered_distance_is_the_mean_difference_of_the_cumulative_shares(rows):
    q, by_class = counts_of(rows)
    q, order = shares(q), "xuywv"
    expected = []
    for counts in by_class:
        p, steps = shares(counts), [x for x in order if x in q]
        gaps = np.cumsum([p.get(x, 0) - q[x] for x in steps])
        expected.append(np.abs(gaps).sum() / max(len(steps) - 1, 1))
    model = TCloseness(1, distance="ordered", order=list(order))
    assert model.measure(classes_of(rows)) == pytest.approx(expected, abs=1e-12)


@given(ROWS)
def test_hierarchical_distance_moves_mass_through_the_lowest_common_node(rows):
    q, by_class = counts_of(rows)
    q, height = shares(q), HIERARCHY.height
    expected = []
    for counts in by_class:
        p, cost = shares(counts), 0.0
        extra = {x: q.get(x, 0) - p.get(x, 0) for x in "uvwxy"}
        values = {x: x for x in extra}  # a value below each node
        for level in range(1, height + 1):
            names = dict(
                zip(
                    extra,
                    HIERARCHY.generalize([values[x] for x in extra], level),
                    strict=True,
                )
            )
            above = dict.fromkeys(names.values(), 0.0)
            for node in above:
                below = [extra[x] for x in extra if names[x] == node]
                gain, loss = (sum(max(s * e, 0) for e in below) for s in (1, -1))
                cost += level / height * min(gain, loss)
                above[node] = gain - loss
            values = {names[x]: values[x] for x in extra}
            extra = above
        expected.append(cost)
    model = TCloseness(1, distance="hierarchical", hierarchy=HIERARCHY)
    assert model.measure(classes_of(rows)) == pytest.approx(expected, abs=1e-12)


@given(ROWS)
def test_disclosure_and_likeness_compare_shares(rows):
    q, by_class = counts_of(rows)
    q, p = shares(q), [shares(counts) for counts in by_class]
    delta = [max(abs(math.log2(c[x] / q[x])) for x in c) for c in p]
    beta = [max((c[x] - q[x]) / q[x] for x in c) for c in p]
    enhanced = [
        all((c[x] - q[x]) / q[x] <= min(1, -math.log(q[x])) + 1e-12 for x in c)
        for c in p
    ]
    classes = classes_of(rows)
    assert DeltaDisclosure(1).measure(classes) == pytest.approx(delta)
    assert BetaLikeness(1).measure(classes) == pytest.approx(beta)
    assert BetaLikeness(1, enhanced=True).check(classes).tolist() == enhanced


def test_delta_disclosure_is_strict():
    classes = classes_of([(0, "u"), (1, "u"), (1, "v"), (1, "v")])  # log2(1 / 0.5) = 1
    assert DeltaDisclosure(1).check(classes).tolist() == [False, True]


def test_alpha_k_and_p_sensitive_ask_for_both():
    classes = classes_of([(0, "u"), (0, "v"), (1, "u"), (1, "u"), (1, "v"), (2, "u")])
    assert AlphaKAnonymity(0.5, 2).check(classes).tolist() == [True, False, False]
    assert AlphaKAnonymity(1.0, 3).check(classes).tolist() == [False, True, False]
    assert PSensitiveKAnonymity(2, 2).check(classes).tolist() == [True, True, False]
    assert PSensitiveKAnonymity(2, 3).check(classes).tolist() == [False, True, False]


def test_presence_and_k_map_know_the_population():
    classes = equivalence_classes(
        [[0], [0], [0], [1], [1], [2]],
        quasi_identifiers=[0],
        subset=[True, False, False, True, True, False],
    )
    assert DeltaPresence(0.1, 0.5).check(classes).tolist() == [True, False, False]
    assert DeltaPresence(0.0, 1.0).check(classes).all()
    assert KMap(3).check(classes).tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("estimator", "expected"), [("poisson", 3), ("zero_truncated_poisson", 3)]
)
def test_k_map_estimates_the_size_needed(estimator, expected):
    """λ = 0.095: P(X ≤ 1) = 0.9957; truncated at zero P(X ≤ 2) = 0.9989."""
    model = KMap(1000, 317238626, 0.01, estimator)
    assert model.estimated_k(30162) == expected
    assert model.estimated_k(2) == 2
    assert KMap(1, 10, 0.01, estimator).estimated_k(10) == 1
    huge = KMap(10**12, 10**13, 0.01, estimator)  # λ = 10: P(X ≤ 18) = 0.993
    assert huge.estimated_k(100) == {"poisson": 20}.get(estimator, 19)


def test_k_map_of_a_tiny_share_of_the_population_needs_two_records():
    for estimator in ("poisson", "zero_truncated_poisson"):
        assert KMap(50, 10**18, 0.05, estimator).estimated_k(2) == 2
        assert KMap(50, 10**18, 0.05, estimator).estimated_k(100) == 2


@pytest.mark.parametrize(
    "model",
    [
        KMap(2, population_size=2),
        PopulationUniqueness(0.1, "zayatz", population_size=2),
    ],
)
def test_a_population_holds_the_table(model):
    classes = equivalence_classes([[1], [1], [2]], quasi_identifiers=[0])
    with pytest.raises(ValueError, match="is 2, less than the 3 records of the table"):
        model.check(classes)


@pytest.mark.parametrize("estimator", ["poisson", "zero_truncated_poisson"])
@pytest.mark.parametrize("k", [2, 10, 300])
def test_k_map_adds_up_the_chances(estimator, k):
    model, chances, least = KMap(k, 1000, 0.05, estimator), 0.0, 0
    expected = k * 100 / 1000
    zero = math.exp(-expected)
    for count in range(1000):
        chance = math.exp(
            count * math.log(expected) - expected - math.lgamma(count + 1)
        )
        if estimator == "poisson":
            chances += chance
        elif count:
            chances += chance / (1 - zero)
        if chances >= 0.95:
            least = count
            break
    extra = 2 if estimator == "poisson" else 1
    assert model.estimated_k(100) == min(least + extra, k, 100)


def test_an_ordered_distance_needs_an_order():
    with pytest.raises(
        TypeError, match=r"Column 's' has Arrow type .*string.* has no order"
    ):
        TCloseness(0.1, distance="ordered").check(classes_of([(0, "u"), (1, "v")]))


def test_a_hierarchy_must_have_every_value():
    classes = classes_of([(0, "u"), (1, "secret")])
    model = TCloseness(0.1, distance="hierarchical", hierarchy=HIERARCHY)
    with pytest.raises(
        ValueError, match="lacks 1 of the values in column 's'"
    ) as error:
        model.check(classes)
    assert "secret" not in str(error.value)


def test_a_model_names_its_column_where_there_are_several():
    table = pd.DataFrame({"q": [0, 0], "s": ["u", "v"], "t": ["u", "u"]})
    classes = equivalence_classes(table, quasi_identifiers=["q"], sensitive=["s", "t"])
    assert DistinctLDiversity(2, sensitive="s").check(classes).all()
    assert not DistinctLDiversity(2, sensitive="t").check(classes).any()
    with pytest.raises(ValueError, match="say which one"):
        DistinctLDiversity(2).check(classes)


def test_suppressed_records_count_in_the_distribution_of_the_table():
    table = pd.DataFrame({"q": [0, 0, 1], "s": ["u", "v", "v"]})
    classes = equivalence_classes(
        table,
        quasi_identifiers=["q"],
        sensitive="s",
        suppressed=np.array([False, False, True]),
    )
    assert TCloseness(1).measure(classes) == pytest.approx([1 / 6])


def test_a_hierarchy_of_intervals_measures_numbers():
    table = pd.DataFrame({"q": [0, 0, 1, 1], "age": [31, 38, 42, 58]})
    classes = equivalence_classes(table, quasi_identifiers=["q"], sensitive="age")
    decades = Hierarchy.intervals(width=10)
    model = TCloseness(1, distance="hierarchical", hierarchy=decades)
    by_hand = TCloseness(
        1,
        distance="hierarchical",
        hierarchy=Hierarchy.from_dict({31: "30s", 38: "30s", 42: "40s", 58: "50s"}),
    )
    assert model.measure(classes) == pytest.approx(by_hand.measure(classes))
    assert model.measure(classes) == pytest.approx([0.5, 0.5])
