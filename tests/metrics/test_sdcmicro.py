"""Every number that sdcMicro computed on the reference data, or why it is not used."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from skanon.metrics import (
    class_frequencies,
    equivalence_classes,
    expected_reidentifications,
    global_risk,
    household_risk,
    il1,
    il1s,
    individual_risk,
    k_anonymity,
    l_diversity,
    prosecutor_risk,
    record_linkage_risk,
    risk_threshold,
    suda2,
)
from skanon.metrics._log_linear import fitted_means
from skanon.metrics._model_risk import chance_match, chance_unique

Case = dict[str, Any]

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "sdcmicro"

#: Cases that no test uses, by the beginning of their names, each with the reason.
NOT_USED = {
    "unit_modRisk.CE": (
        "offsets the model by the log of each cell's own count over its own weights, "
        "plus 0.1; model_risk fits the weighted counts instead, as Skinner and Shlomo"
    ),
    "unit_modRisk.weightedLLM": (
        "takes the weights of a cell, a multiple of the count that is modelled, for a "
        "predictor of it; no such model is offered"
    ),
    "testdata.localSuppression": (
        "gives only how many cells its heuristic suppressed, no table to measure; "
        "another heuristic may rightly suppress others"
    ),
}


def load() -> list[Case]:
    if not FOLDER.is_dir():
        return []
    cases: list[Case] = json.loads((FOLDER / "cases.json").read_text())["cases"]
    return cases


CASES = {case["id"]: case for case in load()}


def table_of(case: Case) -> pd.DataFrame:
    if "data_file" in case:
        return pd.read_csv(FOLDER / "data" / case["data_file"])
    return pd.DataFrame(case["data"])


def expected_columns(case: Case, *names: str) -> list[npt.NDArray[Any]]:
    """Return the expected values per row: from the case, or from its file."""
    path = FOLDER / "data" / f"expected_{case['id']}.csv"
    values = pd.read_csv(path) if path.exists() else case
    return [np.asarray(values[name], float) for name in names]


def qi_options(case: Case) -> dict[str, Any]:
    """Return the arguments of a measure of quasi-identifiers, as sdcMicro has them."""
    weight = table_of(case)[case["weight"]] if "weight" in case else None
    return {
        "quasi_identifiers": case["key_vars"],
        "sampling_weight": weight,
        "missing": "wildcard",
    }


def check_frequencies(case: Case) -> None:
    found = class_frequencies(table_of(case), alpha=case["alpha"], **qi_options(case))
    sample, population = expected_columns(case, "fk", "Fk")
    assert found.sample == pytest.approx(sample, 1e-12)
    assert found.population == pytest.approx(population, 1e-12)
    if case["alpha"] == 1:
        assert (found.sample == 1).sum() == case["n_sample_unique"]
        assert (found.sample == 2).sum() == case["n_fk_2"]


def check_individual_risk(case: Case) -> None:
    """The table is that of the frequencies of the same name."""
    name = case["id"].split(".indivRisk")[0]
    counted = next(
        CASES[i] for i in (f"{name}.freq", f"{name}.freq.weighted") if i in CASES
    )
    options = qi_options(counted)
    if not case["survey"]:
        options["sampling_weight"] = None
    risk = individual_risk(table_of(counted), method=case["method"], **options)
    assert risk == pytest.approx(np.array(case["rk"]), 1e-9)
    assert expected_reidentifications(risk) == pytest.approx(case["sum_rk"], 1e-9)


def check_global_risk(case: Case) -> None:
    options = qi_options(case)
    risk = individual_risk(table_of(case), **options)
    frequencies = class_frequencies(table_of(case), **options)
    risks, sample, population = expected_columns(case, "risk", "fk", "Fk")
    assert frequencies.sample == pytest.approx(sample, 1e-12)
    assert frequencies.population == pytest.approx(population, 1e-9)
    assert risk == pytest.approx(risks, 1e-9)
    assert global_risk(risk) == pytest.approx(case["global_risk"], 1e-9)
    total = expected_reidentifications(risk)
    assert total == pytest.approx(case["expected_reidentifications"], 1e-9)
    for k in (2, 3, 5):
        assert (frequencies.sample < k).sum() == case[f"k{k}_violations"]
    threshold = risk_threshold(risk, max_global_risk=case["max_global_risk"])
    if "threshold" in case:
        assert threshold == pytest.approx(case["threshold"], 1e-9)
    else:  # the promise holds as it is, so no record has to be treated
        assert threshold == risk.max()
        assert global_risk(risk) < case["max_global_risk"]
    if "household_id" in case:
        check_household_risk(case, risk)


def check_household_risk(case: Case, risk: npt.NDArray[np.float64]) -> None:
    found = household_risk(risk, table_of(case)[case["household_id"]])
    (expected,) = expected_columns(case, "hier_risk")
    assert found == pytest.approx(expected, 1e-9)
    assert global_risk(found) == pytest.approx(case["hier_risk"], 1e-9)
    total = expected_reidentifications(found)
    assert total == pytest.approx(case["hier_risk_ER"], 1e-9)


def check_violations(case: Case) -> None:
    frequencies = class_frequencies(
        table_of(case),
        quasi_identifiers=case["key_vars"],
        sampling_weight=table_of(case)["sampling_weight"],
        missing="wildcard",
    )
    counted = frequencies.population if case["weighted"] else frequencies.sample
    assert (counted < case["k"]).sum() == case["value"]


def check_suda2(case: Case) -> None:
    """The DIS score there is computed in single precision."""
    found = suda2(
        table_of(case),
        quasi_identifiers=case["variables"],
        sampling_fraction=case["DisFraction"],
        scoring="elliot" if case["original_scores"] else "ihsn",
    )
    score, dis_score = expected_columns(case, "score", "disScore")
    assert found.score == pytest.approx(score, 1e-9)
    assert found.dis_score == pytest.approx(dis_score, 1e-6)
    assert (found.score > 0).sum() == case["n_positive"]
    shares = [100 * share for share in found.column_contribution]
    expected = [entry["contribution"] for entry in case["attribute_contributions"]]
    assert shares == pytest.approx(expected, 1e-9)
    if "contribution_percent" in case:
        contribution = pd.DataFrame(case["contribution_percent"]).to_numpy()
        assert found.contribution == pytest.approx(contribution, 1e-9)


def check_masked_numbers(case: Case) -> None:
    """The measures of the masked table; how it is masked is tested elsewhere."""
    original = table_of(case)
    masked = pd.read_csv(FOLDER / "data" / case["output_file"])
    assert il1(original, masked) == pytest.approx(case["IL1"], 1e-9)
    assert il1s(original, masked) == pytest.approx(case["IL1s"], 1e-9)
    assert record_linkage_risk(original, masked) == pytest.approx(case["dRisk"], 1e-12)


def check_model_risk(case: Case) -> None:
    """The parts of model_risk, put together as sdcMicro does.

    It puts the means of the sample where the formulas of Skinner and Holmes have those
    of the population, and divides by the number of cells of at most ``bound`` records.
    """
    table = table_of(case)
    keys = [np.unique(table[f"Var{j}"], return_inverse=True) for j in (1, 2, 3)]
    codes, sizes = [code for _, code in keys], [len(values) for values, _ in keys]
    means = fitted_means(codes, sizes, np.ones(len(table)), max_size=1)
    classes = equivalence_classes(table, quasi_identifiers=["Var1", "Var2", "Var3"])
    n_cells = (classes.sizes <= float(case["bound"])).sum()
    alone = classes.sizes[classes.labels] == 1
    mean, fraction = means[alone], 1 / table["weights"].to_numpy(float)[alone]
    found = chance_unique(mean, fraction).sum() / n_cells
    assert found == pytest.approx(case["gr1"], 1e-9)
    found = chance_match(mean, fraction).sum() / n_cells
    assert found == pytest.approx(case["gr2"], 1e-9)


def check_suppressed_cells(case: Case) -> None:
    """The table it gives keeps its promise by our measure, too."""
    output = pd.DataFrame(case["output"])
    options: dict[str, Any] = {
        "quasi_identifiers": case["key_vars"],
        "missing": "wildcard",
    }
    assert class_frequencies(output, **options).sample.min() >= case["k"]
    assert k_anonymity(output, **options) >= case["k"]
    assert prosecutor_risk(output, **options).highest <= 1 / case["k"]


def check_l_diversity(case: Case) -> None:
    """The values of each class, which is measured as a table of its own.

    The columns of sdcMicro's Multi…_Ldiversity hold nothing but zeros.
    """
    table, c = table_of(case), case["l_recurs_c"]
    for sensitive in case["sensitive"]:
        for kind in ("distinct", "entropy", "recursive"):
            name = f"{sensitive}_{kind.title()}_Ldiversity"
            options: dict[str, Any] = {
                "quasi_identifiers": case["key_vars"],
                "sensitive": sensitive,
                "kind": kind,
                "c": c,
            }
            least = l_diversity(table, **options)
            assert least == pytest.approx(case["summary"][name]["min"], 1e-9)
            expected = pd.Series(ldiv_values(case)[name].to_numpy(), table.index)
            for _, part in table.groupby(case["key_vars"], dropna=False):
                reached = l_diversity(part, **options)
                assert (expected[part.index] - reached).abs().max() < 1e-9


def ldiv_values(case: Case) -> pd.DataFrame:
    if "values" in case:
        return pd.DataFrame(case["values"])
    return pd.read_csv(FOLDER / "data" / f"expected_{case['id']}.csv")


CHECKS: dict[str, Callable[[Case], None]] = {
    "freqCalc": check_frequencies,
    "indivRisk": check_individual_risk,
    "measure_risk": check_global_risk,
    "kAnon_violations": check_violations,
    "ldiversity": check_l_diversity,
    "suda2": check_suda2,
    "modRisk": check_model_risk,
    "microaggregation": check_masked_numbers,
    "localSuppression": check_suppressed_cells,
}


def reason_of(name: str) -> str | None:
    return next(
        (why for start, why in NOT_USED.items() if name.startswith(start)), None
    )


@pytest.mark.skipif(not CASES, reason="the reference data in ../shared/data is absent")
@pytest.mark.parametrize("name", [name for name in CASES if reason_of(name) is None])
def test_case_of_sdcmicro(name: str) -> None:
    CHECKS[CASES[name]["func"]](CASES[name])


@pytest.mark.skipif(not CASES, reason="the reference data in ../shared/data is absent")
def test_no_case_is_left_out_without_a_reason() -> None:
    assert len(CASES) == 79
    unused = [name for name in CASES if reason_of(name) is not None]
    assert all(any(name.startswith(start) for name in unused) for start in NOT_USED)
    used = [name for name in CASES if reason_of(name) is None]
    assert {CASES[name]["func"] for name in used} <= CHECKS.keys()
