"""What the update rules share: the type rules of their ops, and how sparse gradients are applied.

An update is one op on arrays: it gets the variable, its slots, the hyper-parameters and the
gradient, in the order of TF's op of that name, and returns the new variable and slots. All numbers
are run-time inputs, so nothing is compiled anew when they change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reflow.core.aval import Aval
from reflow.core.dtypes import COMPLEXES, FLOATS, int32, int64
from reflow.core.errors import invalid
from reflow.core.lazy import jnp
from reflow.core.op import Check, Primitive, op
from reflow.core.rules import broadcast_shapes, text

TYPES = frozenset(FLOATS) | frozenset(COMPLEXES)


def power(base: Any, exponent: Any) -> Any:
    """``base ** exponent``, rounded once.

    Updates divide by ``1 - 0.999 ** step``: an error in the last bit of the power would be one in
    the fourth digit of the first steps.
    """
    wide = jnp.complex128 if jnp.iscomplexobj(base) else jnp.float64
    return jnp.power(base.astype(wide), exponent.astype(wide)).astype(base.dtype)


def update_op(
    name: str, *, tensors: int, grad: int, label: str = "grad", types: Any = TYPES
) -> Callable[[Callable[..., Any]], Primitive]:
    """Makes a function an update op.

    Args:
      name: TF's name of the op.
      tensors: how many of the first inputs are updated: the variable and its slots.
      grad: the gradient's position.
      label: what TF's message about its shape calls the gradient.
      types: the dtypes that the variable may have.
    """

    def rule(*avals: Aval, **static: Any) -> Any:
        var = avals[0]
        if avals[grad].shape != var.shape:
            raise invalid(
                f"var and {label} do not have the same shape{text(var.shape)} "
                f"{text(avals[grad].shape)}"
            )
        return avals[:tensors] if tensors > 1 else var

    return op(name, types=types, rule=rule, reads=(), differentiable=False)


def broadcasting_op(
    name: str, *, tensors: int, grad: int
) -> Callable[[Callable[..., Any]], Primitive]:
    """The same for what TF composes of elementwise ops, where a smaller gradient is spread."""

    def rule(*avals: Aval, **static: Any) -> Any:
        var = avals[0].shape
        if broadcast_shapes(var, avals[grad].shape) != var:
            raise invalid(f"Incompatible shapes: {text(var)} vs. {text(avals[grad].shape)}")
        return avals[:tensors]

    return op(name, types=TYPES, rule=rule, reads=(), differentiable=False)


# ---- sparse gradients: rows of the variable, and where they stand


def takes_duplicates(method: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a ``_resource_apply_sparse`` that sums the gradients of repeated indices itself."""
    method.takes_duplicates = True  # type: ignore[attr-defined]
    return method


def _outside(xp: Any, var: Any, indices: Any, **static: Any) -> Any:
    bad = (indices < 0) | (indices >= var.shape[0])
    if not indices.shape[0]:
        return xp.full(2, -1, np.int64)
    where = xp.argmax(bad).astype(np.int64)
    found = xp.where(bad[where], where, xp.full_like(where, -1))
    return xp.stack([found, indices[where].astype(np.int64)])


def _not_in(found: Any, var: Aval, *rest: Aval, **static: Any) -> str:
    return f"indices[{found[0]}] = {found[1]} is not in [0, {var.shape[0]})"


def _out_of_range(found: Any, *avals: Aval, **static: Any) -> str:
    return f"Index {found[1]} at offset {found[0]} in indices is out of range"


def _sparse_rule(tensors: int, grad: int) -> Callable[..., Any]:
    def rule(*avals: Aval, **static: Any) -> Any:
        var, rows, indices = avals[0], avals[grad], avals[-1]
        if len(indices.shape) != 1 or not var.shape or len(rows.shape) != len(var.shape):
            raise invalid(
                f"a sparse gradient of values {text(rows.shape)} and indices "
                f"{text(indices.shape)} does not fit a variable of shape {text(var.shape)}"
            )
        if rows.shape[0] != indices.shape[0]:
            raise invalid("grad must be the same size as indices in the first dimension.")
        for axis in range(1, len(var.shape)):
            if rows.shape[axis] != var.shape[axis]:
                raise invalid(f"var and grad must match in dimension {axis}")
        return avals[:tensors] if tensors > 1 else var

    return rule


def sparse_op(
    name: str, *, inputs: int, tensors: int, grad: int, message: Any = _not_in
) -> Callable[[Callable[..., Any]], Primitive]:
    """Makes a function of ``inputs`` inputs, of which the last is the indices, a sparse update."""
    return op(
        name,
        types=TYPES,
        same=tuple(range(inputs - 1)),
        kinds={inputs - 1: {int32, int64}},
        rule=_sparse_rule(tensors, grad),
        reads=(),
        differentiable=False,
        check=Check(_outside, message, reads=(0, -1)),
    )


def rows_op(
    name: str, update: Primitive, *, inputs: int, tensors: int, grad: int, kernel: bool = True
) -> Primitive:
    """The sparse form of an update that leaves alone the rows without a gradient.

    Args:
      name: TF's name of the op.
      update: the dense op; the sparse one takes the same inputs, then the indices.
      inputs: how many inputs the dense op has.
      tensors, grad: as for ``update_op``.
      kernel: chooses TF's words for an index out of range: those of its update kernels or those of
        its scatter ops.
    """
    dense = update.fn

    def rows(*given: Any, **static: Any) -> Any:
        arguments = list(given[:-1])
        arguments[grad], places = sum_duplicates(given[grad], given[-1], given[0].shape[0])
        for i in range(tensors):
            arguments[i] = given[i].at[places].get(mode="clip")
        updated = dense(*arguments, **static)
        return tuple(
            t.at[places].set(row, mode="drop")
            for t, row in zip(given[:tensors], updated, strict=True)
        )

    message = _out_of_range if kernel else _not_in
    return sparse_op(name, inputs=inputs + 1, tensors=tensors, grad=grad, message=message)(rows)


def sum_duplicates(values: Any, indices: Any, rows: int) -> tuple[Any, Any]:
    """Adds up the values of equal indices, in their order.

    Returns:
      The sums and their indices. There are as many as values, because shapes may not depend on
      data: what is left over has the index ``rows``, where nothing is.
    """
    order = jnp.argsort(indices, stable=True)
    ordered = indices[order]
    group = jnp.cumsum(jnp.diff(ordered, prepend=-1) != 0) - 1
    sums = jnp.zeros_like(values).at[group].add(values[order])
    return sums, jnp.full_like(indices, rows).at[group].set(ordered)


@sparse_op("ResourceScatterAdd", inputs=3, tensors=1, grad=1)
def dense_gradient(var: Any, values: Any, indices: Any) -> Any:
    """A sparse gradient as a tensor of the variable's shape."""
    return jnp.zeros_like(var).at[indices].add(values)
