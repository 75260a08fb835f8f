"""Apply a policy to a table in memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from skanon._compat import InvalidParameterError
from skanon._secrets import SecretKey
from skanon.cli._policy import Policy, Step
from skanon.exceptions import ColumnTypeError, PolicyError

__all__ = ["Result", "apply_policy"]


TEXT_HINT = "; a column of a CSV is text unless it is listed in numbers of [csv]"


@dataclass(frozen=True)
class Result:
    """A treated table and which keys it took.

    Attributes
    ----------
    table : Table
        The columns in the order of the table given; none that the policy drops.
    keys : list of SecretKey
        The keys that were used, without the one drawn for the run.
    drew_key : bool
        Whether a key had to be drawn.
    """

    table: pa.Table
    keys: list[SecretKey]
    drew_key: bool


def apply_policy(
    policy: Policy, table: pa.Table, step_done: Callable[[], None] = lambda: None
) -> Result:
    """Fit each estimator of a policy on its columns and transform them.

    Parameters
    ----------
    policy : Policy
        A policy that names the columns of the table.
    table : Table
        The columns that the policy does not drop.
    step_done : callable
        Called after each estimator.

    Returns
    -------
    Result
        The treated table.
    """
    # One key for all steps, so that columns of one domain can be joined.
    run_key = SecretKey.generate()
    outputs: dict[str, pa.Table] = {}
    keys: list[SecretKey] = []
    for step in policy.steps:
        estimator = step.make_estimator(run_key)
        outputs.update(_placed(step, _transformed(estimator, step, table)))
        if hasattr(estimator, "key_fingerprint_"):
            keys.append(step.key or run_key)
        step_done()
    kept = {name: table.select([name]) for name in policy.keep}
    parts = [{**kept, **outputs}.get(name) for name in table.column_names]
    return Result(
        _side_by_side([part for part in parts if part is not None]),
        [key for key in dict.fromkeys(keys) if key is not run_key],
        run_key in keys,
    )


def _transformed(estimator: Any, step: Step, table: pa.Table) -> pa.Table:
    try:
        return estimator.fit_transform(table.select(step.columns))
    except InvalidParameterError as error:
        raise PolicyError(f"{step.where}: {error}") from error
    except Exception as error:
        is_text = any(
            map(pa.types.is_large_string, table.select(step.columns).schema.types)
        )
        hint = TEXT_HINT if is_text and isinstance(error, ColumnTypeError) else ""
        error.add_note(f"in {step.where} of the policy{hint}")
        raise


def _placed(step: Step, output: pa.Table) -> dict[str, pa.Table]:
    """Say which output columns stand in place of which input column."""
    if output.column_names == step.columns:
        return {name: output.select([name]) for name in step.columns}
    return {step.columns[0]: output}


def _side_by_side(parts: Sequence[pa.Table]) -> pa.Table:
    names = [name for part in parts for name in part.column_names]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise PolicyError(f"The policy would give more than one column named {twice}.")
    return pa.table([column for part in parts for column in part.columns], names=names)
