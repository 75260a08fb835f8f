"""``skanon anonymize``: a table in, a policy, a table out."""

from pathlib import Path
from typing import Annotated

import typer

from skanon.cli._apply import apply_policy
from skanon.cli._files import check_output, new_file
from skanon.cli._policy_file import read_policy
from skanon.cli._progress import LateProgress
from skanon.cli._report import Debug, reported, say_notice
from skanon.cli._summary import print_summary
from skanon.cli._tables import read_names, read_table, suffix_of, write_table
from skanon.exceptions import OutputExistsError

__all__ = ["ANONYMIZE_HELP", "anonymize"]

#: The command's help; Typer leaves the lines after a backspace as they are.
ANONYMIZE_HELP = """Apply a policy to a table.

A policy is a TOML file. It must name every column of the table:

\b
  keep = ["diagnosis"]            # stays as it is
  drop = ["ssn"]                  # is not even read
\b
  [key]                           # for all techniques that take one
  env = "SKANON_KEY"              # or: file = "skanon.key", beside the policy
\b
  [columns.name]
  technique = "MaskingTransformer"
  strategy = "fake"
\b
  [columns.city]
  technique = "HierarchyGeneralizer"
  hierarchies = { from_csv = { path = "cities.csv" } }
\b
  [[groups]]                      # some columns by one estimator
  columns = ["client_id", "insurance_id"]
  technique = "HashPseudonymizer"
\b
  [csv]                           # if it is not what is shown here
  delimiter = ","
  encoding = "utf-8"
  missing = [""]
  numbers = []                    # all columns not listed here are text

Techniques are skanon's estimators; the other lines are their parameters. With one key
tokens are the same in every run. What a technique learns, such as which categories
are rare, it learns from INPUT anew: to keep that for next year's table, pickle a
fitted pipeline from Python.
"""

DREW_KEY = (
    "the policy names no key, so a random one was used and forgotten. The tokens and "
    "surrogates of this file cannot be joined with those of another run. Make a key "
    "with 'skanon keygen' and name it under [key] if they should be."
)


@reported
def anonymize(
    source: Annotated[
        Path, typer.Argument(metavar="INPUT", help="A .csv or .parquet file.")
    ],
    target: Annotated[
        Path, typer.Argument(metavar="OUTPUT", help="A .csv or .parquet file.")
    ],
    *,
    policy_file: Annotated[
        Path, typer.Option("--policy", help="A TOML file: what happens to each column.")
    ],
    force: Annotated[
        bool, typer.Option("--force", help="Replace OUTPUT if it exists.")
    ] = False,
    debug: Debug = False,
) -> None:
    """Apply a policy to a table."""
    policy = read_policy(policy_file)
    suffix = suffix_of(target)
    _check_target(target, source, policy_file, force=force)
    names = read_names(source, policy.csv)
    policy.check_columns(names)
    left = [name for name in names if name not in policy.drop]
    table = read_table(source, left, policy.csv)
    with LateProgress("Columns", len(policy.steps)) as progress:
        result = apply_policy(policy, table, progress.advance)
    with new_file(target, force=force) as temporary:
        write_table(result.table, temporary, suffix, policy.csv)
    typer.echo(f"Wrote {len(table):,} rows to {target}.\n")
    print_summary(policy, result, names)
    if result.drew_key:
        say_notice(DREW_KEY)


def _check_target(target: Path, source: Path, policy: Path, *, force: bool) -> None:
    for path, what in ((source, "INPUT"), (policy, "the policy")):
        if target.exists() and path.exists() and target.samefile(path):
            raise OutputExistsError(
                f"OUTPUT {str(target)!r} is {what}. Name another file."
            )
    check_output(target, force=force)
