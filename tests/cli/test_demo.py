import os
import pickle
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from threadpoolctl import threadpool_limits

from skanon import SecretKey
from skanon.datasets import make_patients
from skanon.exceptions import KeyNotFoundError
from skanon.metrics import k_anonymity

pytest.importorskip("typer", reason="the command needs the extra [cli]")
pytest.importorskip("faker", reason="the demo needs the extra [fake]")

from skanon.cli import _demo_checks
from skanon.cli._demo_pipeline import (
    LEVELS,
    QUASI_IDENTIFIERS,
    make_pipeline,
    search_level,
    smallest_classes,
)

ROOT = Path(__file__).parents[2]

VARIABLE = "SKANON_DEMO_KEY"


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Keep tests that run side by side from waiting for each other's threads."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def done(folder):
    """Run the command once, in a process of its own."""
    where = ["--out", folder / "out", "--rows", "2000", "--random-state", "7"]
    environment = {k: v for k, v in os.environ.items() if k != VARIABLE}
    return subprocess.run(
        [sys.executable, "-m", "skanon.cli", "demo", *map(str, where)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment | {"OMP_NUM_THREADS": "1"},
    )


@pytest.fixture(scope="module")
def raw():
    return make_patients(2000, random_state=7)[0]


@pytest.fixture
def table(done, folder):
    return pd.read_parquet(folder / "out" / "patients.parquet")


@pytest.fixture
def pipeline_bytes(done, folder):
    return (folder / "out" / "pipeline.pkl").read_bytes()


def test_the_demo_ends_well_and_checks_itself(done):
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("  ok: ") == 6
    assert "FAILED" not in done.stdout
    assert "a new process loaded pipeline.pkl" in done.stdout
    assert "not anonymous data" in done.stdout


def test_the_demo_prints_score_and_class_size_of_every_level(done, raw):
    lines = done.stdout.splitlines()
    for level, smallest in zip(LEVELS, smallest_classes(raw), strict=True):
        (line,) = [line for line in lines if line.split()[:1] == [level]]
        _, mean, sign, sd, size = line.split()[:5]
        assert 0.6 < float(mean) < 0.9
        assert sign == "±"
        assert float(sd) < 0.1
        assert int(size) == smallest


def test_what_is_piped_is_plain_text_of_80_columns(done, folder):
    assert "\x1b" not in done.stdout
    text = done.stdout.replace(str(folder), "")
    assert [line for line in text.splitlines() if len(line) > 80] == []


def test_the_key_is_private_and_beside_the_folder(done, folder):
    assert sorted(path.name for path in folder.iterdir()) == ["out", "out.key"]
    assert stat.S_IMODE((folder / "out.key").stat().st_mode) == 0o600
    assert (folder / "out.key").read_text().strip() not in done.stdout


def test_no_identifier_survives(table, raw, pipeline_bytes):
    assert not {"phone", "zip_code", "admission_date"} & set(table.columns)
    for name in ("name", "email", "client_id", "ssn"):
        assert not set(table[name]) & set(raw[name])
    for name in ("name", "email", "phone", "ssn"):
        cells = {cell for column in table for cell in table[column].astype(str)}
        assert not cells & set(raw[name])
        assert not any(value.encode() in pipeline_bytes for value in raw[name])


def test_what_joins_rows_survives(table, raw):
    assert table["client_id"].nunique() == raw["client_id"].nunique()
    assert len(table.groupby([raw["name"], table["name"]])) == raw["name"].nunique()
    assert table["diagnosis"].tolist() == raw["diagnosis"].tolist()


def test_the_key_is_in_neither_file(done, folder, pipeline_bytes):
    key = SecretKey.from_file(folder / "out.key").resolve()
    text = (folder / "out.key").read_text().strip().removeprefix("base64:")
    parquet = (folder / "out" / "patients.parquet").read_bytes()
    for content in (pipeline_bytes, parquet):
        for form in (key, text.rstrip("=").encode(), key.hex().encode()):
            assert form not in content


def test_the_table_has_the_classes_that_were_announced(table, done, raw):
    k = k_anonymity(table, quasi_identifiers=QUASI_IDENTIFIERS)
    assert k in smallest_classes(raw)
    assert f"has {k} people" in " ".join(done.stdout.split())


def test_the_pipeline_works_with_the_key_and_not_without(
    folder, pipeline_bytes, table, raw, monkeypatch
):
    pipeline = pickle.loads(pipeline_bytes)
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(KeyNotFoundError, match=VARIABLE):
        pipeline.predict(raw)
    monkeypatch.setenv(VARIABLE, (folder / "out.key").read_text())
    assert set(pipeline.predict(raw)) == {0, 1}
    again = pipeline["anonymize"].transform(raw)
    assert again["name"].tolist() == table["name"].tolist()


def test_parquet_holds_no_metadata_of_pandas(done, folder):
    assert pq.read_schema(folder / "out" / "patients.parquet").metadata is None


def test_a_second_demo_is_refused(skanon, done, folder, pipeline_bytes):
    refused = skanon("demo", "--out", folder / "out", "--rows", 200)
    assert refused.exit_code == 2
    assert "patients.parquet' exists. Pass --force to replace it" in refused.stderr
    assert (folder / "out" / "pipeline.pkl").read_bytes() == pipeline_bytes


def test_a_forced_demo_keeps_the_key_and_fails_aloud_if_a_check_does(
    skanon, tmp_path, monkeypatch
):
    skanon("keygen", tmp_path / "out.key")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "pipeline.pkl").write_text("of an earlier demo")
    key = (tmp_path / "out.key").read_text()
    monkeypatch.setenv(VARIABLE, "the value before, long enough")
    monkeypatch.setattr(_demo_checks, "find_texts", lambda *arguments: {"Ada"})
    result = skanon("demo", "--out", tmp_path / "out", "--rows", 200, "--force")
    assert result.exit_code == 1
    assert result.stdout.count("FAILED: 1 of the ") == 2
    assert "Use the pipeline" not in result.stdout
    assert (tmp_path / "out.key").read_text() == key
    assert os.environ[VARIABLE] == "the value before, long enough"


@pytest.mark.parametrize("rows", ["99", "50000000", "many"])
def test_a_number_of_rows_out_of_range_is_refused(skanon, tmp_path, rows):
    result = skanon("demo", "--out", tmp_path / "out", "--rows", rows)
    assert result.exit_code == 2
    assert "Invalid value for '--rows'" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def search():
    """Return the patients and a function that searches the level."""
    X, y = make_patients(500, random_state=0)

    def run(smallest, k=5):
        pipeline = make_pipeline(SecretKey(bytes(range(32))))
        steps = []
        found = search_level(
            pipeline, X, y, smallest=smallest, k=k, step_done=lambda: steps.append(1)
        )
        assert len(steps) == 15
        return LEVELS[found.best_index_]

    return run


@pytest.mark.parametrize(
    ("smallest", "level"),
    [
        ([5, 5, 5, 5, 5], "year"),
        ([1, 1, 9, 9, 9], "decade"),
        ([1, 1, 1, 1, 4], "*"),
    ],
)
def test_the_most_accurate_of_the_private_levels_is_taken(search, smallest, level):
    assert search(smallest) == level


def test_coarser_levels_have_larger_classes_and_worse_scores():
    X, y = make_patients(5000, random_state=0)
    sizes = smallest_classes(X)
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]
    pipeline = make_pipeline(SecretKey(bytes(range(32))))
    found = search_level(pipeline, X, y, smallest=sizes, k=5)
    scores = found.cv_results_["mean_test_score"]
    assert (np.diff(scores) < 0).all()
