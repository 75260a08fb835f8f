import pytest

pytest.importorskip("typer", reason="the command needs the extra [cli]")

from skanon.cli._report import reported, say_notice
from skanon.exceptions import ColumnError, PolicyError

MARKER = "Zaphod Beeblebrox"


def command_of(source, name="skanon.somewhere"):
    """Return a command that runs a line as if it stood in the module ``name``."""
    code = compile(source, "<line>", "exec")
    space = {"__name__": name, "ColumnError": ColumnError, "MARKER": MARKER}
    return reported(lambda debug=False: exec(code, space))  # noqa: S102


def outcome(command, capsys, **options):
    """Return the exit code and what stands on standard error."""
    import typer

    with pytest.raises(typer.Exit) as caught:
        command(**options)
    return caught.value.exit_code, capsys.readouterr().err


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("raise ColumnError('Column\\n 3')", "Error: Column 3\n"),
        ("raise ValueError('length is 3')", "Error: length is 3\n"),
        ("raise ValueError('length is 3') from None", "Error: length is 3\n"),
    ],
)
def test_what_skanon_raises_is_shown_as_one_line(capsys, source, line):
    assert outcome(command_of(source), capsys) == (1, line)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("int(MARKER)", "skanon.somewhere"),
        ("{}[MARKER]", "skanon.somewhere"),
        ("import pyarrow as pa\npa.array([MARKER]).cast(pa.int64())", "skanon.a"),
        ("raise ValueError(MARKER)", "pandas.somewhere"),
    ],
)
def test_what_others_raise_is_not_shown(capsys, source, name):
    code, text = outcome(command_of(source, name), capsys)
    assert code == 1
    assert MARKER not in text
    assert "was raised by" in text
    assert "run the command again with --debug." in text


def test_debug_shows_what_others_raise(capsys):
    code, text = outcome(command_of("int(MARKER)"), capsys, debug=True)
    assert code == 1
    assert text.startswith("Traceback")
    assert MARKER in text


def test_an_operating_system_error_names_the_file(capsys, tmp_path):
    code, text = outcome(command_of(f"open({str(tmp_path / 'x')!r})"), capsys)
    assert (code, text) == (
        1,
        f"Error: {str(tmp_path / 'x')!r}: No such file or directory.\n",
    )


def test_a_policy_to_be_changed_has_the_exit_code_of_a_misuse(capsys):
    @reported
    def command():
        raise PolicyError("it is wrong")

    assert outcome(command, capsys) == (2, "Error: it is wrong\n")


def test_notices_stand_on_standard_error(capsys):
    say_notice("look here")
    assert capsys.readouterr() == ("", "Notice: look here\n")
