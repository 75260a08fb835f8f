import inspect
import re

import pytest

import skanon
from skanon import HashPseudonymizer, SecretKey
from skanon.cli._policy import TECHNIQUES
from skanon.cli._policy_file import read_policy
from skanon.cli._policy_objects import MAKERS
from skanon.exceptions import PolicyError
from skanon.hierarchies import Hierarchy

#: What must never be in a message.
MARKER = "base64:bm90IGEgc2VjcmV0IGF0IGFsbA=="


@pytest.fixture
def policy(tmp_path):
    """Return a function that reads a policy from text."""

    def read(text):
        path = tmp_path / "policy.toml"
        path.write_text(text, encoding="utf-8")
        return read_policy(path)

    return read


def test_every_transformer_of_skanon_can_be_named_and_nothing_else():
    public = [getattr(skanon, name) for name in skanon.__all__]
    assert set(TECHNIQUES.values()) == {
        thing for thing in public if hasattr(thing, "fit_transform")
    }


def test_a_policy_names_techniques_parameters_and_keys(policy, tmp_path):
    found = policy("""
        keep = ["diagnosis"]
        drop = ["ssn"]
        [key]
        env = "SKANON_KEY"
        [columns.name]
        technique = "HashPseudonymizer"
        length = 64
        [[groups]]
        columns = ["home", "work"]
        technique = "HashPseudonymizer"
        domain = "phone"
        key = { file = "phone.key" }
        [csv]
        delimiter = ";"
        numbers = ["income"]
    """)
    name, phones = found.steps
    assert (found.keep, found.drop) == (["diagnosis"], ["ssn"])
    assert (name.columns, phones.columns) == (["name"], ["home", "work"])
    assert name.technique is HashPseudonymizer
    assert name.parameters == {"length": 64}
    assert name.key == SecretKey.from_env("SKANON_KEY")
    assert phones.parameters == {"domain": "phone"}
    assert phones.key == SecretKey.from_file(tmp_path / "phone.key")
    assert (found.csv.delimiter, found.csv.numbers) == (";", ["income"])


def test_a_key_may_lie_in_the_home_folder(policy):
    text = "[columns.a]\ntechnique='HashPseudonymizer'\nkey = { file = '~/my.key' }"
    (step,) = policy(text).steps
    assert step.key == SecretKey.from_file("~/my.key")


def test_without_a_key_the_key_of_the_run_is_taken(policy):
    run_key = SecretKey.generate()
    (step,) = policy('[columns.a]\ntechnique = "HashPseudonymizer"').steps
    assert step.key is None
    assert step.make_estimator(run_key).key is run_key


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("keep = [", r"the file is not valid TOML; look at end of document\."),
        ("a = 1\nb = = 2", r"the file is not valid TOML; look at line 2, column 5\."),
        ("kep = []", r"the file has \['kep'\], but may only have \['keep', 'drop'"),
        ("keep = 'a'", r"keep must be a list of texts\."),
        ("keep = [1]", r"keep must be a list of texts\."),
        ("columns = 1", r"'columns' must be a table, written as \[columns\]\."),
        ("groups = 1", r"'groups' must be written as \[\[groups\]\]\."),
        ("", "no column would be left; name some under"),
        ("drop = ['a']", "no column would be left; name some under"),
        ("[columns.a]", r"\[columns.a\] must name a 'technique', one of \["),
        ("[columns.a.b]\ntechnique = 'T'", r"needs quotes: \[columns.\"a.b\"\]"),
        (
            "[columns.a]\ntechnique = 'Md5Hasher'",
            r"\[columns.a\]: there is no technique 'Md5Hasher'; there are \[.*'Hash",
        ),
        ("[columns.a]\ntechnique = 'SecretKey'", "there is no technique 'SecretKey'"),
        (
            "[columns.a]\ntechnique = 'HashPseudonymizer'\nlenght = 1",
            r"HashPseudonymizer has no parameters \['lenght'\]; it has \[.*'length'",
        ),
        (
            "[columns.a]\ntechnique = 'HashPseudonymizer'\nkeep = ['b']",
            r"Put \['keep'\] above the first table of the file\.",
        ),
        (
            "[columns.a]\ntechnique = 'HashPseudonymizer'\ncolumns = ['b']",
            r"is about one column and has no 'columns'. For some columns .*\[\[groups",
        ),
        ("[[groups]]\ntechnique = 'T'", r"\[\[groups\]\] number 1 must list its 'col"),
        (
            "keep = ['a']\n[columns.a]\ntechnique = 'HashPseudonymizer'",
            r"column 'a' is named 2 times: keep and \[columns.a\]\.",
        ),
        ("keep = ['a', 'a']", "column 'a' is named 2 times: keep and keep"),
        ("keep = ['a']\ndrop = ['a']", "column 'a' is named 2 times: keep and drop"),
        (
            "keep=['b']\n[key]\nenv = 'A'\nfile = 'B'",
            r"the key of \[key\] must be \{ env = \"NAME\" \} or \{ file = \"PATH\" \}",
        ),
        ("keep=['b']\n[key]\nenv = 1", r"'env' in the key of \[key\] must be text"),
        ("keep=['b']\n[csv]\ndelimiter = ';;'", "'delimiter' .* must be one character"),
        ("keep=['b']\n[csv]\ndelimiter = 1", "'delimiter' .* must be one character"),
        ("keep=['b']\n[csv]\ndelimiter = '→'", "'delimiter' .* must be one character"),
        ('keep=["b"]\n[csv]\ndelimiter = "\\u0000"', "'delimiter' .* must be one char"),
        ("keep=['b']\n[csv]\nencoding = 'klingon'", "'encoding' of .* is unknown"),
        ("keep=['b']\n[csv]\nencoding = 'base64'", "'encoding' of .* is unknown"),
        ("keep=['b']\n[csv]\nencoding = 8", "'encoding' of .* is unknown"),
        ('keep=["b"]\n[csv]\nencoding = "\\u0000"', "'encoding' of .* is unknown"),
        (
            "keep = " + "[" * 5000,
            "the file is not valid TOML; look at an unknown place",
        ),
        ("keep=['b']\n[csv]\nnumbers = 'b'", "'numbers' of .* must be a list of texts"),
        ("keep=['b']\n[csv]\nheader = 1", r"\[csv\] has \['header'\], but may only"),
    ],
)
def test_a_policy_that_is_wrong_says_where(policy, text, message):
    with pytest.raises(PolicyError, match=r"Policy '.*policy.toml': .*" + message):
        policy(text)


@pytest.mark.parametrize(
    "text",
    [
        f"keep=['b']\n[key]\nenv = '{MARKER}'",
        f"keep=['b']\nkey = '{MARKER}'",
        f"keep=['b']\n[key]\nbytes = '{MARKER}'",
        f"[columns.a]\ntechnique = 'HashPseudonymizer'\nkey = '{MARKER}'",
        f"[columns.a]\ntechnique = 'HashPseudonymizer'\nkey = {{ env = '{MARKER}' }}",
        f"keep=['b']\nkey = {MARKER}",
        f"[key]\n'{MARKER}' = 1\n'{MARKER}' = 2",
    ],
)
def test_a_key_in_a_policy_is_refused_and_not_shown(policy, text):
    with pytest.raises(PolicyError) as caught:
        policy(text)
    assert MARKER not in str(caught.value)
    assert re.search(r"the key of|env' in the key|not valid TOML", str(caught.value))


HIERARCHY = "[columns.a]\ntechnique = 'HierarchyGeneralizer'\nhierarchies = "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ prefix = { lengths = [3, 2] } }", Hierarchy.prefix([3, 2])),
        (
            "{ intervals = { width = 5, levels = 2 } }",
            Hierarchy.intervals(width=5, levels=2),
        ),
        ("{ dates = { levels = ['year'] } }", Hierarchy.dates(["year"])),
        (
            "{ from_csv = { path = 'sex.csv' } }",
            Hierarchy.from_dict({"f": "*", "m": "*"}),
        ),
        (
            "{ from_dict = { mapping = { Lima = 'Peru', Cusco = 'Peru' } } }",
            Hierarchy.from_dict({"Lima": "Peru", "Cusco": "Peru"}),
        ),
        (
            "{ a = { prefix = { lengths = [1] } } }",
            {"a": Hierarchy.prefix([1])},
        ),
    ],
)
def test_a_hierarchy_is_named_by_its_class_method(policy, tmp_path, text, expected):
    (tmp_path / "sex.csv").write_text("f;*\nm;*\n")
    (step,) = policy(HIERARCHY + text).steps
    assert step.parameters["hierarchies"] == expected


def test_a_table_that_is_no_object_stays_a_table(policy):
    text = "[columns.a]\ntechnique = 'HashPseudonymizer'\ndomain = { a = 'b' }"
    assert policy(text).steps[0].parameters == {"domain": {"a": "b"}}


@pytest.mark.parametrize("arguments", ["{}", "{ length = [1] }"])
def test_a_hierarchy_with_wrong_arguments_says_which_it_takes(policy, arguments):
    message = r"\[columns.a\]: 'prefix' is given \[.*\]; it takes \['lengths'\]"
    with pytest.raises(PolicyError, match=message):
        policy(HIERARCHY + f"{{ prefix = {arguments} }}")


@pytest.mark.parametrize(
    "text",
    [
        "'cities.csv'",
        "{ csv = 'cities.csv' }",
        "{ a = 'cities.csv' }",
        "{ from_csv = 'cities.csv' }",
        "{ a = { prefix = { lengths = [1] } }, b = 'cities.csv' }",
        "{}",
    ],
)
def test_what_is_no_hierarchy_says_how_one_is_written(policy, text):
    message = r"\[columns.a\]: 'hierarchies' must .* from_csv = \{ path = .* redaction"
    with pytest.raises(PolicyError, match=message):
        policy(HIERARCHY + text)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{ a = PREFIX }", r"lacks \['b'\]"),
        ("{ a = PREFIX, b = PREFIX, c = PREFIX }", r"names \['c'\]"),
        ("{ a = PREFIX, c = PREFIX }", r"lacks \['b'\] and names \['c'\]"),
    ],
)
def test_no_column_of_a_group_goes_without_its_hierarchy(policy, text, what):
    """It would stay as it is, and be listed as treated."""
    group = "[[groups]]\ncolumns = ['a', 'b']\ntechnique = 'HierarchyGeneralizer'\n"
    written = text.replace("PREFIX", "{ prefix = { lengths = [1] } }")
    message = rf"number 1: 'hierarchies' {what}, but .* the columns \['a', 'b'\]"
    with pytest.raises(PolicyError, match=message):
        policy(f"{group}hierarchies = {written}")
    (step,) = policy(f"{group}hierarchies = {{ prefix = {{ lengths = [1] }} }}").steps
    assert step.parameters == {"hierarchies": Hierarchy.prefix([1])}


def test_a_hierarchy_that_is_none_names_the_table(policy):
    with pytest.raises(ValueError, match="lengths") as caught:
        policy(HIERARCHY + "{ prefix = { lengths = [1, 2] } }")
    assert caught.value.__notes__ == ["in [columns.a] of the policy"]


def test_every_maker_of_a_hierarchy_can_be_named_unless_it_takes_a_table():
    makers = {
        name for name in dir(Hierarchy) if inspect.ismethod(getattr(Hierarchy, name))
    }
    public = {name for name in makers if not name.startswith("_")}
    assert public - set(MAKERS) == {"from_frame", "frequency"}


def test_a_file_that_cannot_be_read_says_why(tmp_path):
    with pytest.raises(PolicyError, match="cannot be read: No such file"):
        read_policy(tmp_path / "missing.toml")
    with pytest.raises(PolicyError, match="cannot be read: Is a directory"):
        read_policy(tmp_path)
    (tmp_path / "latin.toml").write_bytes("keep = ['größe']".encode("latin-1"))
    with pytest.raises(PolicyError, match="is not UTF-8 text"):
        read_policy(tmp_path / "latin.toml")


def test_a_byte_order_mark_is_no_part_of_a_policy(tmp_path):
    (tmp_path / "policy.toml").write_text("keep = ['größe']", encoding="utf-8-sig")
    assert read_policy(tmp_path / "policy.toml").keep == ["größe"]


def test_the_example_of_the_documentation_is_a_policy(policy):
    import skanon.cli._policy_file as module

    text = module.__doc__.partition("toml\n")[2].partition("A column")[0]
    assert [step.columns for step in policy(text).steps] == [
        ["birth_date"],
        ["zip_code"],
        ["home_phone", "work_phone"],
    ]


@pytest.mark.parametrize(
    ("missing", "names", "told"),
    [
        ("incom", ["age", "income"], r"\['income', 'age'\]\.$"),
        ("incom", [], r"which the table does not have\.$"),
        (
            "colum 500",
            [f"column {i}" for i in range(799)],
            r"\['column 500', 'column 0', .* and 787 more\.$",
        ),
    ],
)
def test_of_a_column_that_is_missing_the_policy_tells_which_may_be_meant(
    policy, missing, names, told
):
    found = policy(f"keep = ['sex', '{missing}']")
    with pytest.raises(PolicyError, match=told) as caught:
        found.check_columns(["sex", *names])
    assert len(str(caught.value)) < 600


def test_a_policy_tells_some_of_the_many_columns_that_it_does_not_name(policy):
    found = policy("keep = ['sex']")
    message = (
        r"nothing about columns \['column 0', .* 'column 11'\] and 788 more\. Give"
    )
    with pytest.raises(PolicyError, match=message):
        found.check_columns(["sex", *(f"column {i}" for i in range(800))])
