"""``tf.nn.embedding_lookup``: rows of a table by their numbers."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core.convert import convert_to_tensor
from reflow.core.errors import invalid

__all__ = ["embedding_lookup"]


def embedding_lookup(params, ids, max_norm=None, name=None):
    """Rows of an embedding table.

    Args:
      params: the table ``(rows, ...)``, a tensor or variable; or a list of tables that together
        hold its rows in order, the first ones one row more than the others if need be.
      ids: row numbers, int32 or int64, of any shape.
      max_norm: if given, each embedding longer than this is scaled down to it.
      name: unused in eager code.

    Returns:
      A tensor ``(*ids.shape, *params.shape[1:])``.

    Raises:
      ValueError: if there is no table.
      InvalidArgumentError: if an id is no row's number.
    """
    if params is None:
        raise ValueError("params must be specified")
    tables = list(params) if isinstance(params, (list, tuple)) else [params]
    if not tables:
        raise ValueError("Need at least one param")
    ids = convert_to_tensor(ids)
    rows = tf.gather(tables[0] if len(tables) == 1 else _joined(tables), ids)
    if max_norm is None:
        return rows
    return tf.clip_by_norm(rows, max_norm, axes=list(range(ids.ndim, rows.ndim)))


def _joined(tables: list[Any]) -> Any:
    """One table from its parts; their sizes must be those that TF splits a table into."""
    tables = [convert_to_tensor(table) for table in tables]
    sizes = [table.shape[0] for table in tables]
    rows, longer = divmod(sum(sizes), len(tables))
    expected = [rows + (i < longer) for i in range(len(tables))]
    if sizes != expected:
        raise invalid(
            f"embedding_lookup: {sum(sizes)} rows in {len(tables)} tables are split into "
            f"{expected}, but the tables have {sizes}"
        )
    return tf.concat(tables, 0)
