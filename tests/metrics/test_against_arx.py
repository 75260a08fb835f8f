"""Verdicts of the privacy models and losses, equal to those of the ARX software.

The reference is data beside the repository; every trusted case is looked at, or a
table below says why not.
"""

import csv
import itertools

import arx_reference as arx
import numpy as np
import pandas as pd
import pytest

from skanon import metrics
from skanon.hierarchies import Hierarchy
from skanon.metrics._losses import aggregate_values
from skanon.privacy import KAnonymity

#: What of the reference is not used, and why. The keys are privacy models or cases.
NOT_USED = {
    "ProfitabilityProsecutor": "a game-theoretic model that skanon has not",
    "ProfitabilityProsecutorNoAttack": "a game-theoretic model that skanon has not",
    "ProfitabilityJournalist": "a game-theoretic model that skanon has not",
    "ProfitabilityJournalistNoAttack": "a game-theoretic model that skanon has not",
    "TestAnonymizationRiskBased#5": (
        "ARX's own variant of the SNB estimator, which mostly has no answer; the "
        "notes on ARX call it no reference"
    ),
}

#: Nodes that keep to the limit but of which ARX says otherwise: where the metric does
#: not look at the records, its search never checked the top node.
NOT_CHECKED_BY_ARX = {"Height", "Precision"}

REL = 1e-12  # of optima; losses of nodes have the tolerance of ARX's own tests
ABS = 1e-8

LOSS_COLUMNS = {
    "height_sum": ("Height", {}, "sum"),
    "height_max": ("Height", {}, "max"),
    "precision_monotonic_mean": ("Precision", {"mono": True}, "arithmetic_mean"),
    "precision_mean": ("Precision", {}, "arithmetic_mean"),
    "precision_geometric": ("Precision", {}, "geometric_mean"),
    "loss_geometric": ("Loss", {}, "geometric_mean"),
    "loss_mean": ("Loss", {}, "arithmetic_mean"),
    "loss_sum": ("Loss", {}, "sum"),
    "loss_max": ("Loss", {}, "max"),
    "loss_rank": ("Loss", {}, "rank"),
    "loss_geometric_gs0.0": ("Loss", {"gs": 0.0}, "geometric_mean"),
    "loss_geometric_gs0.25": ("Loss", {"gs": 0.25}, "geometric_mean"),
    "loss_geometric_gs0.75": ("Loss", {"gs": 0.75}, "geometric_mean"),
    "loss_geometric_gs1.0": ("Loss", {"gs": 1.0}, "geometric_mean"),
    "discernability": ("Discernability", {}, None),
    "discernability_monotonic": ("Discernability", {"mono": True}, None),
    "aecs": ("Average equivalence class size", {}, None),
    "aecs_gs0.25": ("Average equivalence class size", {"gs": 0.25}, None),
    "entropy_monotonic_sum": ("Non-uniform entropy", {"mono": True}, "sum"),
    "entropy_sum": ("Non-uniform entropy", {}, "sum"),
    "entropy_geometric": ("Non-uniform entropy", {}, "geometric_mean"),
    "normalized_entropy_default": ("Normalized non-uniform entropy", {}, "sum"),
    "ambiguity": ("Ambiguity", {}, None),
    "kl_divergence": ("KL-Divergence", {}, None),
    "entropy_based_il": ("Entropy-based information loss", {}, None),
}

#: The same by the public functions, from the two tables that a user holds.
PUBLIC = {
    "height_sum": lambda before, after, **o: metrics.height(before, after, **o),
    "height_max": lambda before, after, **o: metrics.height(
        before, after, **o, aggregate="max"
    ),
    "precision_monotonic_mean": lambda before, after, **o: metrics.precision(
        before, after, **o, monotonic=True
    ),
    "precision_mean": lambda before, after, **o: metrics.precision(before, after, **o),
    "loss_geometric": lambda before, after, **o: metrics.loss(before, after, **o),
    "loss_rank": lambda before, after, **o: metrics.loss(
        before, after, **o, aggregate="rank"
    ),
    "loss_geometric_gs0.25": lambda before, after, **o: metrics.loss(
        before, after, **o, gs_factor=0.25
    ),
    "discernability": lambda before, after, hierarchies: metrics.discernibility(
        after, quasi_identifiers=list(hierarchies)
    ),
    "aecs": lambda before, after, hierarchies: metrics.average_class_size(
        after, quasi_identifiers=list(hierarchies)
    ),
    "entropy_sum": lambda before, after, **o: metrics.non_uniform_entropy(
        before, after, **o
    ),
    "entropy_monotonic_sum": lambda before, after, **o: metrics.non_uniform_entropy(
        before, after, **o, variant="monotonic"
    ),
    "normalized_entropy_default": lambda before, after, **o: (
        metrics.non_uniform_entropy(before, after, **o, variant="normalized")
    ),
    "ambiguity": lambda before, after, **o: metrics.ambiguity(before, after, **o),
    "kl_divergence": lambda before, after, **o: metrics.kl_divergence(
        before, after, **o
    ),
    "entropy_based_il": lambda before, after, **o: metrics.entropy_based_loss(
        before, after, **o
    ),
}


def reason_not_to_use(case):
    """Return why a case is not used; None if it is."""
    names = [case["id"], *(model["name"] for model in case["privacy_models"])]
    return next((NOT_USED[name] for name in names if name in NOT_USED), None)


def used(shared, kind):
    for case in arx.cases(shared)["cases"]:
        is_usable = case["data_available"] and case["trusted"]
        if case["kind"] == kind and is_usable and reason_not_to_use(case) is None:
            yield case


def node_of(case, levels, shared):
    table = arx.read_arx(shared, case["dataset"])
    is_loss = case["metric"]["name"] == "Loss"
    return arx.Node(
        table,
        case["quasi_identifiers"],
        levels,
        arx.models_of(case, table.hierarchies),
        sensitive=case["sensitive"],
        subset=arx.subset_of(case, shared, len(table.table)),
        aggregate=case["metric"]["aggregate"] if is_loss else None,
    )


def test_every_trusted_case_with_data_is_used_or_has_a_reason(shared):
    cases = arx.cases(shared)["cases"]
    usable = [case for case in cases if case["data_available"] and case["trusted"]]
    n_used = sum(len(list(used(shared, kind))) for kind in ("optimum", "node_losses"))
    not_used = [case for case in usable if reason_not_to_use(case)]
    assert (n_used, len(not_used)) == (len(usable) - 7, 7)


def test_expected_optima_have_the_expected_loss_and_satisfy_the_models(shared):
    wrong = []
    for case in used(shared, "optimum"):
        if not case["solution_exists"]:
            continue
        node = node_of(case, case["expected_levels"], shared)
        loss = arx.loss_of(node, case)
        is_equal = loss == pytest.approx(case["expected_loss"], rel=REL, abs=1e-12)
        n_suppressed = case["verified"]["suppressed_records"]
        if not (
            is_equal
            and node.is_anonymous(case["suppression_limit"])
            and node.verdict.n_violating == n_suppressed
        ):
            wrong.append((case["id"], loss, case["expected_loss"]))
    assert wrong == []


def test_where_no_transformation_is_a_solution_none_is_anonymous(shared):
    unsolvable = [c for c in used(shared, "optimum") if not c["solution_exists"]]
    assert len(unsolvable) == 1
    for case in unsolvable:
        for levels in itertools.product(
            *(range(top + 1) for top in case["max_levels"])
        ):
            node = node_of(case, levels, shared)
            assert not node.is_anonymous(case["suppression_limit"])
            assert node.verdict.n_violating == node.recoding.n_records


def test_nodes_have_the_expected_loss_and_verdict(shared):
    wrong, n_nodes = [], 0
    for case in used(shared, "node_losses"):
        for expected in case["expected_node_losses"]:
            n_nodes += 1
            node = node_of(case, expected["levels"], shared)
            loss = arx.loss_of(node, case)
            is_equal = loss == pytest.approx(expected["loss"], rel=REL, abs=ABS)
            verdict = node.is_anonymous(case["suppression_limit"])
            is_top = expected["levels"] == case["max_levels"]
            was_checked = not (is_top and case["metric"]["name"] in NOT_CHECKED_BY_ARX)
            if not is_equal or (
                was_checked and verdict != expected["anonymous_within_limit"]
            ):
                wrong.append((case["id"], expected["levels"], loss, expected["loss"]))
    assert n_nodes > 500
    assert wrong == []


@pytest.fixture(scope="module")
def lattice(shared):
    path = shared / "arx" / "reference_lattice_adult_q5_k5.csv"
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def lattice_node(shared, row):
    table = arx.read_arx(shared, "adult")
    names = list(table.table.columns[:5])
    levels = [int(level) for level in row["levels"].split()]
    return (
        names,
        levels,
        arx.Node(table, names, levels, [KAnonymity(int(row["privacy"][1:]))]),
    )


def test_all_losses_of_a_whole_lattice(shared, lattice):
    assert len(lattice) == 480
    assert set(lattice[0]) - set(LOSS_COLUMNS) == {
        "privacy",
        "levels",
        "anonymous_at_limit_0",
        "suppressed_records",
    }
    ones, wrong = np.ones(5), []
    for row in lattice:
        _, _, node = lattice_node(shared, row)
        assert node.verdict.n_violating == int(row["suppressed_records"])
        assert node.is_anonymous(0) == (row["anonymous_at_limit_0"] == "1")
        for column, (name, options, aggregate) in LOSS_COLUMNS.items():
            metric = {
                "gs_factor": options.get("gs", 0.5),
                "monotonic_variant": options.get("mono", False),
            }
            got = arx.LOSSES[name](node, metric)
            if aggregate is not None:
                got = aggregate_values(got, ones, aggregate)
            expected = [float(value) for value in row[column].split()]
            if np.atleast_1d(got) != pytest.approx(expected, rel=1e-11, abs=1e-11):
                wrong.append((row["privacy"], row["levels"], column, got))
    assert wrong == []


@pytest.mark.parametrize("number", range(7, 480, 53))
def test_the_public_functions_find_the_losses_from_the_two_tables(
    shared, lattice, number
):
    row = lattice[number]
    names, levels, node = lattice_node(shared, row)
    table = arx.read_arx(shared, "adult")
    before = table.table[names]
    hierarchies = {name: table.hierarchies[name] for name in names}
    after = pd.DataFrame(
        {
            name: hierarchies[name].generalize(before[name], level)
            for name, level in zip(names, levels, strict=True)
        }
    )
    after.loc[node.recoding.suppressed, :] = None
    for column, function in PUBLIC.items():
        got = function(before, after, hierarchies=hierarchies)
        expected = [float(value) for value in row[column].split()]
        assert np.atleast_1d(got) == pytest.approx(expected, rel=1e-10), column


def test_small_tables_have_the_expected_optimum(shared):
    for case in arx.cases(shared)["small_table_cases"]:
        header = case["table"]["header"]
        rows = pd.DataFrame(case["table"]["rows"], columns=header)
        hierarchies = {
            name: Hierarchy.from_frame(pd.DataFrame(levels))
            for name, levels in case["hierarchies"].items()
        }
        table = arx.ArxTable(rows, hierarchies)
        subset = None
        if "subset_rows" in case:
            subset = np.isin(np.arange(len(rows)), case["subset_rows"])
        names = case["quasi_identifiers"]
        top = [len(case["hierarchies"][name][0]) for name in names]
        found = []
        for levels in itertools.product(*map(range, top)):
            node = arx.Node(
                table,
                names,
                levels,
                arx.models_of(case, hierarchies),
                sensitive=case["sensitive"],
                subset=subset,
            )
            if node.is_anonymous(case["suppression_limit"]):
                found.append((arx.loss_of(node, case), sum(levels), levels))
        assert bool(found) == (case["expected_output"] is not None), case["id"]
        if not found:
            continue
        expected = pd.DataFrame(case["expected_output"], columns=header)
        for name, level in zip(names, min(found)[2], strict=True):
            labels = hierarchies[name].generalize(rows[name], level)
            assert labels.tolist() == expected[name].str.replace("*****", "*").tolist()


def test_an_interval_hierarchy_costs_nothing_on_its_first_level(shared):
    """Three cases name a builder, but are on level 0: any hierarchy will do."""
    cases = [c for c in used(shared, "optimum") if c.get("hierarchy_builders")]
    assert [case["expected_levels"] for case in cases] == [[0]] * 3
