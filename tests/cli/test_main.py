import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from skanon.cli import main

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("package", ["typer", "rich"])
def test_without_the_extra_the_command_says_what_to_install(package):
    if package == "rich":
        pytest.importorskip("typer", reason="typer is looked for first")
    code = f"""
import sys
sys.modules[{package!r}] = None
from skanon.cli import main
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 1
    assert done.stderr == (
        f"Error: The skanon command needs the package {package!r}, which is not "
        "installed, of the extra [cli]. Run: pip install typer rich\n"
    )


def test_an_import_error_of_our_own_is_not_taken_for_a_missing_extra(monkeypatch):
    pytest.importorskip("typer", reason="the command needs the extra [cli]")
    monkeypatch.delitem(sys.modules, "skanon.cli._app", raising=False)
    monkeypatch.setitem(sys.modules, "skanon.cli._keygen", None)
    with pytest.raises(ModuleNotFoundError, match=r"skanon\.cli\._keygen"):
        main()


def test_the_command_runs_as_a_module_in_a_process_of_its_own():
    pytest.importorskip("typer", reason="the command needs the extra [cli]")
    run = [sys.executable, "-m", "skanon.cli", "--help"]
    done = subprocess.run(run, capture_output=True, text=True, cwd=ROOT, check=True)
    assert "keygen" in done.stdout
    assert "anonymize" in done.stdout
    assert "\x1b" not in done.stdout


def test_version_is_that_of_the_package(skanon):
    import skanon as package

    assert skanon("--version").stdout == f"skanon {package.__version__}\n"


@pytest.mark.parametrize("command", ["keygen", "anonymize"])
def test_every_command_has_help(skanon, command):
    result = skanon(command, "--help")
    assert result.exit_code == 0
    assert "--debug" in result.stdout


def test_an_unknown_command_is_a_misuse(skanon):
    assert skanon("anonymise").exit_code == 2


WRITE_FOR_EVER = """
import time
from pathlib import Path
from skanon.cli import _main
from skanon.cli._files import new_file

def write():
    with new_file(Path("out.csv"), force=False) as temporary:
        temporary.write_text("half")
        print("writing", flush=True)
        time.sleep(600)

_main._loaded_app = lambda: write
_main.main()
"""


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has this signal")
def test_who_ends_the_command_finds_nothing_half_written(tmp_path):
    command = [sys.executable, "-c", WRITE_FOR_EVER]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"writing\n"
        process.terminate()
        process.wait()
    assert process.returncode == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []
