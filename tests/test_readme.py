"""What README shows is what happens."""

import base64
import doctest
import re
from pathlib import Path

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


def test_the_technique_table_names_every_estimator():
    import skanon

    table = README.read_text(encoding="utf-8").partition("\n## Techniques\n")[2]
    table = table.partition("\n## ")[0]
    named = set(re.findall(r"^\| `(\w+)`", table, flags=re.MULTILINE))
    public = {
        name for name in skanon.__all__ if name[0].isupper() and name != "SecretKey"
    }
    assert named == public
