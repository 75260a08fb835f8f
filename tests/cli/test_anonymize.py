import os
import stat
import warnings

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from skanon import HashPseudonymizer, SecretKey

#: Cells that no message may show.
MARKER = "Zaphod Beeblebrox"

PATIENTS = f"""\
name,zip,ssn,diagnosis
{MARKER},01234,900-01-0001,flu
Ada Lovelace,00001,900-01-0002,
{MARKER},01234,900-01-0003,cold
"""

POLICY = """\
keep = ["zip", "diagnosis"]
drop = ["ssn"]
[columns.name]
technique = "HashPseudonymizer"
"""

KEYED = POLICY + 'key = { env = "TEST_KEY" }\n'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder with a table, a policy, and a key in the environment."""
    (tmp_path / "in.csv").write_text(PATIENTS)
    (tmp_path / "policy.toml").write_text(POLICY)
    monkeypatch.setenv("TEST_KEY", SecretKey(bytes(32)).to_text())
    return tmp_path


@pytest.fixture
def anonymize(skanon, folder):
    """Return a function that runs the command in the folder."""

    def run(source="in.csv", target="out.csv", *options, policy=None):
        if policy is not None:
            (folder / "policy.toml").write_text(policy)
        where = ["--policy", folder / "policy.toml"]
        return skanon("anonymize", folder / source, folder / target, *where, *options)

    return run


def rows(path):
    """Return the columns of a CSV as text."""
    options = pa_csv.ConvertOptions(
        strings_can_be_null=True, quoted_strings_can_be_null=False
    )
    return pa_csv.read_csv(path, convert_options=options)


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_each_column_meets_the_fate_that_the_policy_names(anonymize, folder):
    result = anonymize(policy=KEYED)
    assert result.exit_code == 0
    tokens = HashPseudonymizer(key=SecretKey(bytes(32))).fit_transform(
        pa.table({"name": [MARKER, "Ada Lovelace", MARKER]})
    )["name"]
    token, other, _ = tokens.to_pylist()
    assert (folder / "out.csv").read_text() == (
        '"name","zip","diagnosis"\n'
        f'"{token}","01234","flu"\n'
        f'"{other}","00001",\n'
        f'"{token}","01234","cold"\n'
    )


def test_csv_and_parquet_give_equal_tables(anonymize, folder):
    anonymize(policy=KEYED)
    anonymize("in.csv", "out.parquet")
    pq.write_table(pa.table(rows(folder / "in.csv")), folder / "in.parquet")
    found = pq.read_table(folder / "out.parquet").to_pydict()
    assert found["zip"] == ["01234", "00001", "01234"]
    assert found["diagnosis"] == ["flu", None, "cold"]
    assert len(set(found["name"])) == 2


def test_parquet_columns_keep_their_types(anonymize, folder):
    table = pa.table(
        {
            "name": pa.array([7, None, 7], pa.int32()),
            "zip": pa.array([1, 2, 3], pa.int16()),
            "ssn": ["a", "b", "c"],
            "diagnosis": pa.array(["x", "y", "x"]).dictionary_encode(),
        }
    )
    pq.write_table(table, folder / "in.parquet")
    assert anonymize("in.parquet", "out.parquet").exit_code == 0
    found = pq.read_table(folder / "out.parquet")
    assert found.schema.field("zip").type == pa.int16()
    assert found.schema.field("diagnosis").type == table.schema.field("diagnosis").type
    assert found.schema.field("name").type == pa.int64()
    assert found["name"].null_count == 1


def test_the_summary_names_every_column_and_what_is_not_promised(anonymize):
    out = anonymize(policy=KEYED).stdout
    assert "Wrote 3 rows to" in out
    for line in ("name HashPseudonymizer()", "zip kept as it is", "ssn dropped"):
        assert line in " ".join(out.split())
    assert "Key env:TEST_KEY, fingerprint " in out
    assert "not anonymous data. Not promised:" in out
    assert "What is kept as it is (zip, diagnosis) tells all that it told" in out
    assert "HashPseudonymizer does not protect against linking the rows" in out
    assert MARKER not in out
    assert "\x1b" not in out
    assert max(len(line) for line in out.splitlines()[2:]) <= 80


def test_without_a_key_a_notice_says_that_tokens_cannot_be_joined(anonymize, folder):
    first = anonymize()
    again = anonymize("in.csv", "again.csv")
    assert "Notice: the policy names no key, so a random one" in first.stderr
    assert "Notice" not in anonymize("in.csv", "keyed.csv", policy=KEYED).stderr
    assert again.exit_code == 0
    tables = [rows(folder / name)["name"] for name in ("out.csv", "again.csv")]
    assert tables[0] != tables[1]


def test_without_a_key_columns_of_one_domain_can_still_be_joined(anonymize, folder):
    (folder / "in.csv").write_text("a,b\nAda,Bob\nBob,Ada\n")
    step = 'technique = "HashPseudonymizer"\ndomain = "person"\n'
    anonymize(policy=f"[columns.a]\n{step}[columns.b]\n{step}")
    found = rows(folder / "out.csv").to_pydict()
    assert found["a"] == found["b"][::-1]


def test_a_key_file_stands_beside_the_policy(anonymize, folder, skanon):
    skanon("keygen", folder / "my.key")
    policy = POLICY.replace("[columns", '[key]\nfile = "my.key"\n[columns')
    assert anonymize(policy=policy).exit_code == 0
    key = SecretKey.from_file(folder / "my.key")
    expected = HashPseudonymizer(key=key).fit_transform(
        pa.table({"name": [MARKER, "Ada Lovelace", MARKER]})
    )
    assert rows(folder / "out.csv")["name"].to_pylist() == expected["name"].to_pylist()


def test_a_key_file_that_others_can_read_is_warned_of(anonymize, folder, skanon):
    skanon("keygen", folder / "my.key")
    (folder / "my.key").chmod(0o644)
    policy = POLICY.replace("[columns", '[key]\nfile = "my.key"\n[columns')
    result = anonymize(policy=policy)
    assert result.exit_code == 0
    (once,) = result.stderr.splitlines()
    assert once.startswith("Warning: Key file ")
    assert once.endswith("(mode 0644). Run: chmod 600 on it.")


def test_an_unset_variable_is_named(anonymize, folder, monkeypatch):
    monkeypatch.delenv("TEST_KEY")
    result = anonymize(policy=KEYED)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: Environment variable 'TEST_KEY' is not set")
    assert "(in [columns.name] of the policy)" in result.stderr
    assert "out.csv" not in files(folder)


def test_a_key_too_short_is_refused_without_showing_it(anonymize, monkeypatch):
    monkeypatch.setenv("TEST_KEY", "sesame")
    result = anonymize(policy=KEYED)
    assert result.exit_code == 1
    assert "The key from env:TEST_KEY has 6 bytes; at least 16" in result.stderr
    assert "sesame" not in result.output


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (
            "keep = ['zip']\ndrop = ['ssn']",
            r"says nothing about columns ['name', 'diag",
        ),
        (POLICY.replace("ssn", "sn"), "names columns ['sn'], which the table does not"),
        ("keep = ['a', 'b']", "names 2 columns, of which none is among the 4 of the"),
        (POLICY.replace("Hash", "Trash"), "there is no technique 'TrashPseudonymizer'"),
        (
            POLICY + "algorithm = 'md5'",
            "'algorithm' parameter of HashPseudonymizer must",
        ),
        (POLICY + "[csv]\nnumbers = ['age']", "names columns ['age'], which the table"),
        ("keep = ", "is not valid TOML; look at end of document"),
    ],
)
def test_a_policy_that_does_not_fit_is_an_error(anonymize, folder, policy, message):
    before = files(folder)
    result = anonymize(policy=policy)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert len(result.stderr.splitlines()) == 1
    assert message in result.stderr
    assert MARKER not in result.output
    assert files(folder) == before


def test_a_wrong_value_of_a_parameter_names_the_column(anonymize):
    result = anonymize(policy=POLICY + "length = 17")
    assert result.exit_code == 1
    assert "must be a multiple of 8 from 64 to 128" in result.stderr
    assert "got 17. (in [columns.name] of the policy)" in result.stderr


def test_an_output_that_exists_is_refused_unless_forced(anonymize, folder):
    (folder / "out.csv").write_text("precious")
    result = anonymize()
    assert result.exit_code == 2
    assert result.stderr == (
        f"Error: {str(folder / 'out.csv')!r} exists. Pass --force to replace it, or "
        "name another file.\n"
    )
    assert (folder / "out.csv").read_text() == "precious"
    assert anonymize("in.csv", "out.csv", "--force").exit_code == 0
    assert (folder / "out.csv").read_text() != "precious"


@pytest.mark.parametrize("target", ["in.csv", "link.csv", "hard.csv"])
def test_the_input_is_never_the_output(anonymize, folder, target):
    (folder / "link.csv").symlink_to(folder / "in.csv")
    (folder / "hard.csv").hardlink_to(folder / "in.csv")
    result = anonymize("in.csv", target, "--force")
    assert result.exit_code == 2
    assert "is INPUT. Name another file." in result.stderr
    assert (folder / "in.csv").read_text() == PATIENTS


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ("missing.csv", "out.csv", "cannot be read: No such file or directory."),
        ("in.xlsx", "out.csv", "is neither a .csv nor a .parquet file"),
        ("in.csv", "out.xlsx", "is neither a .csv nor a .parquet file"),
        ("in.csv", "nowhere/out.csv", "in which 'out.csv' should be written, does not"),
    ],
)
def test_files_that_cannot_be_are_named(anonymize, source, target, message):
    result = anonymize(source, target)
    assert result.exit_code == 1
    assert message in result.stderr


def fail(*arguments, **options):
    raise RuntimeError(f"cannot treat {MARKER!r}")


@pytest.mark.parametrize("there_before", [False, True])
@pytest.mark.parametrize(
    "place",
    [
        "skanon.pseudonymization.HashPseudonymizer.transform",
        "skanon.cli._anonymize.write_table",
        "os.fsync",
    ],
)
def test_a_failure_leaves_nothing_half_written(
    anonymize, folder, monkeypatch, place, there_before
):
    if there_before:
        (folder / "out.csv").write_text("precious")
    before = files(folder)
    monkeypatch.setattr(place, fail)
    result = anonymize("in.csv", "out.csv", "--force")
    assert result.exit_code == 1
    assert files(folder) == before
    assert not there_before or (folder / "out.csv").read_text() == "precious"


def test_the_message_of_another_library_is_not_shown(anonymize, monkeypatch):
    monkeypatch.setattr("skanon.cli._anonymize.write_table", fail)
    result = anonymize()
    assert result.stderr.startswith("Error: RuntimeError was raised by tests. Its")
    assert "run the command again with --debug" in result.stderr
    assert MARKER not in result.output


def test_debug_shows_the_traceback(anonymize, monkeypatch):
    monkeypatch.setattr("skanon.cli._anonymize.write_table", fail)
    result = anonymize("in.csv", "out.csv", "--debug")
    assert result.exit_code == 1
    assert result.stderr.startswith("Traceback (most recent call last):")
    assert f"RuntimeError: cannot treat {MARKER!r}" in result.stderr


def test_a_file_that_appears_meanwhile_is_not_replaced(anonymize, folder, monkeypatch):
    from skanon.cli import _anonymize

    really_write = _anonymize.write_table

    def write_slowly(*arguments):
        really_write(*arguments)
        (folder / "out.csv").write_text("precious")

    monkeypatch.setattr(_anonymize, "write_table", write_slowly)
    assert anonymize().exit_code == 2
    assert (folder / "out.csv").read_text() == "precious"
    assert files(folder) == ["in.csv", "out.csv", "policy.toml"]


def test_the_output_has_the_permissions_of_an_ordinary_file(anonymize, folder):
    before = os.umask(0o027)
    try:
        anonymize()
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / "out.csv").stat().st_mode) == 0o640


def test_a_table_without_rows_or_columns_is_an_error(anonymize, folder):
    (folder / "in.csv").write_text("name,zip,ssn,diagnosis\n")
    result = anonymize()
    assert result.exit_code == 1
    assert "has no rows" in result.stderr


def test_a_warning_that_is_not_about_privacy_is_shown_as_python_does(
    anonymize, monkeypatch
):
    def write(*arguments):
        warnings.warn("something else", UserWarning, stacklevel=1)

    monkeypatch.setattr("skanon.cli._anonymize.write_table", write)
    with pytest.warns(UserWarning, match="something else"):
        assert anonymize().exit_code == 0


EVERYTHING = """\
keep = ["diagnosis"]
[key]
env = "TEST_KEY"
[columns.name]
technique = "MaskingTransformer"
strategy = "template"
[columns.zip]
technique = "MaskingTransformer"
keep_first = 2
[columns.income]
technique = "NumericGeneralizer"
width = 1000
output = "bounds"
[[groups]]
columns = ["born", "seen"]
technique = "DateGeneralizer"
level = "quarter"
output = "label"
[[groups]]
columns = ["height", "weight"]
technique = "Microaggregator"
k = 3
[csv]
delimiter = ";"
numbers = ["income", "height", "weight"]
"""

EVERYBODY = """\
name;zip;born;seen;income;height;weight;diagnosis
Ada;01234;1962-03-01;2024-02-29;1500;1.5;60;flu
Bob;12345;1962-09-30;;2999;1.5;70;
Eve;99999;;2024-12-31;;1.5;80;cold
"""


def test_techniques_of_every_kind_work_on_a_csv(anonymize, folder):
    (folder / "in.csv").write_text(EVERYBODY)
    assert anonymize(policy=EVERYTHING).exit_code == 0
    header, ada, bob, eve = (folder / "out.csv").read_text().splitlines()
    assert header == (
        '"name";"zip";"born";"seen";"income_lower";"income_upper";"height";"weight";'
        '"diagnosis"'
    )
    assert ada.split(";")[1:4] == ['"01***"', '"1962-Q1"', '"2024-Q1"']
    assert bob.split(";")[1:4] == ['"12***"', '"1962-Q3"', ""]
    assert ada.split(";")[6:] == ["1.5", "70", '"flu"']
    assert bob.split(";")[6:] == ["1.5", "70", ""]
    assert float(ada.split(";")[4]) <= 1500 < float(ada.split(";")[5])
    assert eve.split(";")[2:6] == ["", '"2024-Q4"', "", ""]


def test_numbers_that_were_read_as_text_are_explained(anonymize, folder):
    (folder / "in.csv").write_text(EVERYBODY)
    result = anonymize(policy=EVERYTHING.replace('"income", ', ""))
    assert result.exit_code == 1
    assert "NumericGeneralizer needs numbers" in result.stderr
    assert (
        "(in [columns.income] of the policy; a column of a CSV is text unless it is "
        "listed in numbers of [csv])"
    ) in result.stderr


def test_a_parquet_file_is_not_told_about_csv(anonymize, folder):
    pq.write_table(pa.table({"name": [[MARKER]]}), folder / "in.parquet")
    policy = '[columns.name]\ntechnique = "HashPseudonymizer"\n'
    result = anonymize("in.parquet", "out.parquet", policy=policy)
    assert result.exit_code == 1
    assert result.stderr.endswith("(in [columns.name] of the policy)\n")


def test_a_type_that_a_csv_cannot_hold_is_refused(anonymize, folder):
    (folder / "in.csv").write_text(EVERYBODY)
    policy = EVERYTHING.replace('output = "label"', 'output = "interval"')
    result = anonymize(policy=policy)
    assert result.exit_code == 1
    assert "Column 'born' is of type struct" in result.stderr
    assert files(folder) == ["in.csv", "policy.toml"]
    assert anonymize("in.csv", "out.parquet").exit_code == 0


def test_new_columns_must_not_have_the_name_of_another(anonymize, folder):
    (folder / "in.csv").write_text(EVERYBODY.replace("diagnosis", "income_upper"))
    result = anonymize(policy=EVERYTHING.replace("diagnosis", "income_upper"))
    assert result.exit_code == 2
    assert "would give more than one column named ['income_upper']" in result.stderr
