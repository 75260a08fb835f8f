"""Every notebook runs from top to bottom and shows what it showed when saved."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

#: What notebooks need beyond skanon. Matplotlib's list of fonts is made here, as
#: making it is something that a notebook would show.
PACKAGES = ("nbclient", "nbformat", "ipykernel", "faker", "matplotlib.font_manager")


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request):
    return request.param


def code_cells(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def kinds_of_output(cells):
    """Return what kinds of output each cell has: text, a picture, a stream's name."""
    return [
        sorted(
            kind
            for output in cell["outputs"]
            for kind in output.get("data", [output.get("name", output["output_type"])])
        )
        for cell in cells
    ]


def test_there_are_notebooks():
    assert NOTEBOOKS


def test_a_notebook_was_saved_after_a_run_from_top_to_bottom(path):
    cells = code_cells(json.loads(path.read_text(encoding="utf-8")))
    counts = [cell["execution_count"] for cell in cells]
    assert counts == list(range(1, len(cells) + 1))
    assert any("image/png" in kinds for kinds in kinds_of_output(cells))


def test_a_notebook_names_no_place_of_the_machine_that_saved_it(path):
    text = path.read_text(encoding="utf-8")
    assert str(Path.home()) not in text
    assert str(ROOT) not in text
    assert set(json.loads(text)["metadata"]) == {"kernelspec", "language_info"}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_notebook_runs_without_errors_and_warnings(path, monkeypatch):
    for package in PACKAGES:
        pytest.importorskip(package, reason=f"notebooks need {package}")
    import nbclient
    import nbformat

    # As if started from the checkout: it is what should be imported.
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("MPLBACKEND", raising=False)
    fresh = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(fresh, timeout=None, kernel_name="python3").execute()
    outputs = [output for cell in code_cells(fresh) for output in cell["outputs"]]
    assert [o["text"] for o in outputs if o.get("name") == "stderr"] == []
    kinds = kinds_of_output(code_cells(fresh))
    assert kinds == kinds_of_output(code_cells(json.loads(path.read_text())))
