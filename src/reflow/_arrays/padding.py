"""``tf.pad``."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow._arrays.arguments import integers
from reflow._arrays.moving import moves
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.described import sized_by
from reflow.core.errors import invalid
from reflow.core.lazy import jnp, lax
from reflow.core.rules import text
from reflow.core.tensor import Tensor

__all__ = ["pad"]


def _pad_rule(x: Aval, *values: Aval, paddings: Any, mode: str) -> Aval:
    for value in values:
        if value.shape:
            raise invalid(f"constant_values must be a scalar. Found: {text(value.shape)}")
    sizes = []
    for n, (before, after) in zip(x.shape, paddings, strict=True):
        if before < 0 or after < 0:
            raise invalid(f"Paddings must be non-negative: {before} {after}")
        if mode == "REFLECT" and not (before < n and after < n) and (before or after):
            raise invalid(
                f"paddings must be less than the dimension size: {before}, {after} not less than "
                f"{n}"
            )
        if mode == "SYMMETRIC" and (before > n or after > n):
            raise invalid(
                f"paddings must be no greater than the dimension size: {before}, {after} greater "
                f"than {n}"
            )
        sizes.append(before + n + after)
    return aval(tuple(sizes), x.dtype)


def _pad_strings(x: Any, value: Any = b"", *, paddings: Any, mode: str) -> Any:
    out = np.full([b + n + a for n, (b, a) in zip(x.shape, paddings, strict=True)], value, object)
    out[tuple([np.s_[b : b + n] for n, (b, _) in zip(x.shape, paddings, strict=True)])] = x
    return out


@moves("Pad", numpy=_pad_strings, rule=_pad_rule, reads=())
def _pad(x: Any, *, paddings: Any, mode: str) -> Any:
    return _pad_with.fn(x, jnp.zeros((), x.dtype), paddings=paddings, mode=mode)


@moves("PadV2", numpy=_pad_strings, rule=_pad_rule, reads=())
def _pad_with(x: Any, value: Any, *, paddings: Any, mode: str) -> Any:
    # TF gives the value no gradient.
    return lax.pad(x, lax.stop_gradient(value), [(before, after, 0) for before, after in paddings])


@moves(
    "MirrorPad",
    numpy=lambda x, *, paddings, mode: np.pad(x, paddings, mode.lower()),
    rule=_pad_rule,
    reads=(),
)
def _mirror_pad(x: Any, *, paddings: Any, mode: str) -> Any:
    return jnp.pad(x, paddings, mode.lower())


@sized_by("paddings")
def pad(
    tensor: Any,
    paddings: Any,
    mode: str = "CONSTANT",
    constant_values: Any = 0,
    name: str | None = None,
) -> Tensor:
    """Pads a tensor.

    Args:
      tensor: a tensor of rank n.
      paddings: n pairs of ints: how many elements to add before and after, per axis.
      mode: "CONSTANT", "REFLECT" (mirrored without the edge) or "SYMMETRIC" (with it).
      constant_values: the scalar to pad with.
      name: unused in eager code.

    Raises:
      ValueError: another ``mode``.
      InvalidArgumentError: if the paddings do not fit the tensor.
    """
    kind = mode.upper()
    if kind not in ("CONSTANT", "REFLECT", "SYMMETRIC"):
        raise ValueError(f"Unknown padding mode: {kind}")
    zero = (
        not isinstance(constant_values, Tensor)
        and np.ndim(constant_values) == 0
        and (constant_values == 0)
    )
    op_name = "MirrorPad" if kind != "CONSTANT" else ("Pad" if zero else "PadV2")
    array = integers(paddings, "paddings", op_name)
    if array.ndim != 2 or array.shape[1] != 2:
        raise invalid(
            f"paddings must be a matrix with 2 columns: {text(array.shape)} [Op:{op_name}]"
        )
    x = convert_to_tensor(tensor)
    if len(array) != len(x._aval.shape):
        raise invalid(
            f"The first dimension of paddings must be the rank of inputs{text(array.shape)} "
            f"{text(x._aval.shape)} [Op:{op_name}]"
        )
    pairs = tuple([tuple(pair) for pair in array.tolist()])
    if kind != "CONSTANT":
        return _mirror_pad(x, paddings=pairs, mode=kind)  # type: ignore[no-any-return]
    if zero:
        return _pad(x, paddings=pairs, mode=kind)  # type: ignore[no-any-return]
    return _pad_with(x, constant_values, paddings=pairs, mode=kind)  # type: ignore[no-any-return]
