"""Several models together, and models about the table as a whole."""

import numpy as np
import pytest

from skanon.metrics import equivalence_classes, prosecutor_risk, sample_uniqueness
from skanon.privacy import (
    AverageRisk,
    DeltaPresence,
    DistinctLDiversity,
    KAnonymity,
    PopulationUniqueness,
    SampleUniqueness,
    judge,
)


def classes_of_sizes(*sizes, **options):
    rows = [[label] for label, size in enumerate(sizes) for _ in range(size)]
    return equivalence_classes(rows, quasi_identifiers=[0], **options)


def test_all_models_must_hold():
    X = [[0, "u"], [0, "v"], [1, "u"], [1, "u"], [2, "u"]]
    classes = equivalence_classes(X, quasi_identifiers=[0], sensitive=1)
    verdict = judge([KAnonymity(2), DistinctLDiversity(2)], classes)
    assert verdict.satisfied.tolist() == [True, False, False]
    assert verdict.n_violating == 3
    assert verdict.is_repairable


def test_one_model_need_not_be_a_list():
    assert judge(KAnonymity(2), classes_of_sizes(1, 2)).n_violating == 1


def test_models_about_the_table_judge_what_the_others_leave():
    classes = classes_of_sizes(1, 2, 2, 4)
    alone = judge(SampleUniqueness(0.0), classes)
    assert alone.satisfied.tolist() == [False, True, True, True]
    both = judge([SampleUniqueness(0.0), KAnonymity(3)], classes)
    assert both.satisfied.tolist() == [False, False, False, True]


def test_as_few_classes_go_as_needed():
    classes = classes_of_sizes(1, 1, 1, 1, 16)  # 4, 3, 2, 1 of 20, 19, 18, 17 unique
    assert SampleUniqueness(0.2).check(classes).all()
    kept = SampleUniqueness(0.12).check(classes)
    assert kept.tolist() == [False, False, True, True, True]
    assert SampleUniqueness(0.12).reached(classes) == 0.2


def test_of_equally_large_classes_the_cheapest_goes_first():
    classes = classes_of_sizes(1, 1, 1, 1, 16)
    verdict = judge(SampleUniqueness(0.12), classes, costs=[4, 2, 1, 3, 0])
    assert verdict.satisfied.tolist() == [True, False, False, True, True]


@pytest.mark.parametrize("costs", [[1, 2], 5, [[1], [2], [3]]])
def test_a_cost_is_a_number_for_each_class(costs):
    with pytest.raises(
        ValueError, match="'costs' must be one number for each of the 3"
    ):
        judge(SampleUniqueness(0), classes_of_sizes(1, 1, 2), costs=costs)


def test_average_risk_is_classes_per_record():
    classes = classes_of_sizes(1, 3, 4)
    assert AverageRisk(0.5).reached(classes) == 3 / 8
    assert AverageRisk(3 / 8).check(classes).all()
    assert AverageRisk(0.3).check(classes).tolist() == [False, True, True]


def test_average_risk_may_bound_the_share_of_risky_records():
    classes = classes_of_sizes(1, 2, 2, 5)
    strict = AverageRisk(1.0, highest_risk=0.2)
    assert strict.check(classes).tolist() == [False, False, False, True]
    lenient = AverageRisk(1.0, highest_risk=0.2, records_at_risk=0.5)
    assert lenient.check(classes).all()
    rounded = AverageRisk(1.0, highest_risk=0.333)  # is meant to be a third
    assert rounded.check(classes_of_sizes(3, 2)).tolist() == [True, False]


def test_a_table_where_nothing_can_stay_loses_all():
    classes = classes_of_sizes(1, 1)
    assert not SampleUniqueness(0.5).check(classes).any()
    assert judge(SampleUniqueness(0.5), classes).n_violating == 2


def test_population_uniqueness_estimates_from_the_classes_that_stay():
    classes = classes_of_sizes(*[1] * 20, *[30] * 20)
    model = PopulationUniqueness(0.001, "zayatz", sampling_fraction=0.1)
    assert model.reached(classes) > 0.001
    kept = model.check(classes)
    assert kept[20:].all()
    assert not kept[:20].all()
    by_size = PopulationUniqueness(0.001, "zayatz", population_size=6200)
    assert by_size.reached(classes) == model.reached(classes)


def test_an_absent_class_cannot_be_suppressed():
    rows, subset = [[0], [0], [1], [2]], [True, False, False, True]
    classes = equivalence_classes(rows, quasi_identifiers=[0], subset=subset)
    presence = DeltaPresence(0.2, 0.6)
    alone = judge(presence, classes)
    assert alone.satisfied.tolist() == [True, False, False]
    assert (alone.n_violating, alone.is_repairable) == (1, False)
    assert judge([presence, KAnonymity(1)], classes).is_repairable


@pytest.mark.parametrize(
    ("models", "error", "message"),
    [
        ([], ValueError, "is empty"),
        (5, TypeError, "given as a list, such as"),
        ([5], TypeError, "objects such as KAnonymity.5.; got int"),
        ([KAnonymity], TypeError, "got KAnonymity in the list"),
    ],
)
def test_what_is_no_model_is_refused(models, error, message):
    with pytest.raises(error, match=message):
        judge(models, classes_of_sizes(1))


def test_weights_count_in_every_verdict():
    few = equivalence_classes(
        [[0], [1], [2]], quasi_identifiers=[0], sample_weight=[1, 3, 16]
    )
    many = classes_of_sizes(1, 3, 16)
    for model in (AverageRisk(0.14), SampleUniqueness(0.01), KAnonymity(4)):
        assert np.array_equal(model.check(few), model.check(many))


WILD = [[1, 1], [1, 1], [1, 2], [None, 1], [3, None]]


@pytest.mark.parametrize(
    ("model", "measure"),
    [
        (AverageRisk(0.5), lambda X, **o: prosecutor_risk(X, **o).average),
        (SampleUniqueness(0.2), sample_uniqueness),
    ],
)
@pytest.mark.parametrize("missing", ["own_category", "wildcard"])
def test_models_about_the_table_measure_what_the_metrics_do(model, measure, missing):
    options = {"quasi_identifiers": [0, 1], "missing": missing}
    classes = equivalence_classes(WILD, **options)
    value = measure(WILD, **options)
    assert model.reached(classes) == pytest.approx(value)
    exactly = type(model)(value)
    assert exactly.check(classes).all()
    assert judge(exactly, classes).satisfied.all()
    assert not type(model)(value - 0.01).check(classes).all()
