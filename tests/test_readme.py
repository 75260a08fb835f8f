"""What README shows is what happens."""

import base64
import doctest
import re
import shlex
from pathlib import Path

import pyarrow.parquet as pq
import pytest

README = Path(__file__).parents[1] / "README.md"


class WithoutNames(doctest.OutputChecker):
    """Compare output whatever names Faker's current lists have."""

    def check_output(self, want, got, optionflags):
        hidden = (
            re.sub(r"(?m)^(\d) +[A-Z]\S+ \S+", r"\1 NAME", text) for text in (want, got)
        )
        return super().check_output(*hidden, optionflags)


def test_the_example_gives_the_output_that_is_shown(monkeypatch):
    pytest.importorskip("faker", reason="Faker is not installed")
    key = "base64:" + base64.b64encode(bytes(16)).decode()
    monkeypatch.setenv("SKANON_KEY", key)
    text = README.read_text(encoding="utf-8")
    test = doctest.DocTestParser().get_doctest(text, {}, "README", str(README), 0)
    runner = doctest.DocTestRunner(
        checker=WithoutNames(), optionflags=doctest.NORMALIZE_WHITESPACE
    )
    runner.run(test)
    assert runner.tries >= 10
    assert runner.failures == 0


def section(heading):
    text = README.read_text(encoding="utf-8")
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def block(text, language):
    """Return the one block of code in a language."""
    (found,) = re.findall(rf"^```{language}\n(.+?)^```$", text, flags=re.M | re.S)
    return found


def test_the_policy_treats_the_table_that_is_shown(tmp_path, monkeypatch):
    testing = pytest.importorskip("typer.testing", reason="typer is not installed")
    pytest.importorskip("faker", reason="Faker is not installed")
    from skanon.cli._app import app

    monkeypatch.chdir(tmp_path)
    text = section("Command line")
    Path("people.csv").write_text(block(text, "csv"))
    Path("policy.toml").write_text(block(text, "toml"))
    for line in block(text, "console").splitlines():
        program, *arguments = shlex.split(line)
        result = testing.CliRunner().invoke(app, arguments)
        assert (program, result.exit_code) == ("skanon", 0), result.output
    table = pq.read_table("out.parquet")
    assert table.column_names == ["name", "birth_date", "diagnosis"]
    assert table["birth_date"].to_pylist() == ["1990", "1931"]
    assert not set(table["name"].to_pylist()) & {"Ada Nobody", "Bob Nobody"}


def test_the_technique_table_names_every_estimator():
    import skanon

    named = set(re.findall(r"^\| `(\w+)`", section("Techniques"), flags=re.MULTILINE))
    public = {
        name for name in skanon.__all__ if name[0].isupper() and name != "SecretKey"
    }
    assert named == public
