"""``variable[...].assign(value)``: replaces a part of a variable."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from reflow._arrays.scattering import tensor_scatter_nd_update
from reflow._arrays.shape import reshape
from reflow._arrays.slicing import getitem
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import int64
from reflow.core.errors import UnimplementedError
from reflow.core.rules import text
from reflow.core.tensor import tensor_from_numpy


def assign_slice(variable: Any, key: Any, value: Any, name: str | None = None) -> Any:
    """Replaces ``variable[key]`` by ``value``.

    Args:
      variable: a variable.
      key: what stood in the brackets.
      value: a tensor of the shape of ``variable[key]``, or what converts to one.
      name: unused.

    Returns:
      The variable.

    Raises:
      UnimplementedError: the shapes differ.
    """
    shape = variable._shape_tuple()
    places = np.arange(prod(shape), dtype=int64.np).reshape(shape)
    where = getitem(tensor_from_numpy(places), key)
    update = convert_to_tensor(value, variable.dtype)
    if update.shape != where.shape:
        raise UnimplementedError(
            None,
            None,
            f"sliced l-value shape {text(where._shape_tuple())} does not match r-value shape "
            f"{text(update._shape_tuple())}. Automatic broadcasting not yet implemented. "
            "[Op:ResourceStridedSliceAssign] name: strided_slice/_assign",
        )
    flat = tensor_scatter_nd_update(
        reshape(variable._current(), [-1]), reshape(where, [-1, 1]), reshape(update, [-1])
    )
    return variable.assign(reshape(flat, shape))
