"""The largest elements: ``top_k`` and ``in_top_k``."""

from __future__ import annotations

from typing import Any, NamedTuple

from reflow._arrays.arguments import int_scalar
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import FLOATS, INTEGERS, bool_, float32, int32, int64
from reflow.core.errors import invalid
from reflow.core.lazy import jnp, lax
from reflow.core.op import op
from reflow.core.tensor import Tensor

__all__ = ["in_top_k", "top_k"]


class TopKV2(NamedTuple):
    """What ``top_k`` returns."""

    values: Tensor
    indices: Tensor


def _top_k_rule(x: Aval, *, k: int) -> tuple[Aval, Aval]:
    if not x.shape:
        raise invalid("input must be >= 1-D, got shape []")
    if k < 0:
        raise invalid(f"Need k >= 0, got {k}")
    if x.shape[-1] < k:
        raise invalid(f"input must have at least k columns. Had {x.shape[-1]}, needed {k}")
    shape = (*x.shape[:-1], k)
    return aval(shape, x.dtype), aval(shape, int32)


@op("TopKV2", types=FLOATS | INTEGERS, rule=_top_k_rule, reads=(0,))
def _top_k(x: Any, *, k: int) -> Any:
    values, indices = lax.top_k(x, k)
    return values, indices.astype(jnp.int32)


def top_k(input: Any, k: Any = 1, sorted: bool = True, name: str | None = None) -> TopKV2:
    """The k largest elements along the last axis, and where they are.

    Args:
      input: a tensor of rank 1 at least.
      k: how many, an int.
      sorted: unused; they always come in descending order, of equal ones the first first.
      name: unused in eager code.

    Returns:
      A named tuple ``(values, indices)`` of tensors of shape ``input.shape[:-1] + [k]``.

    Raises:
      InvalidArgumentError: if the last axis is shorter than k.
    """
    count = int_scalar(k, "k", "TopKV2", "k must be scalar, got shape {}")
    return TopKV2(*_top_k(input, k=count))


def _in_top_k_rule(predictions: Aval, targets: Aval, *, k: int) -> Aval:
    p, t = predictions.shape, targets.shape
    if len(p) != 2:
        raise invalid("predictions must be 2-dimensional")
    if len(t) != 1:
        raise invalid("targets must be 1-dimensional")
    if p[0] != t[0]:
        raise invalid(f"First dimension of predictions {p[0]} must match length of targets {t[0]}")
    return aval(t, bool_)


@op(
    "InTopKV2",
    same=(0,),
    types={float32},
    kinds={1: {int32, int64}},
    rule=_in_top_k_rule,
    reads=(),
    differentiable=False,
)
def _in_top_k(predictions: Any, targets: Any, *, k: int) -> Any:
    classes = predictions.shape[1]
    known = (targets >= 0) & (targets < classes) & jnp.isfinite(predictions).all(axis=1)
    if not classes:
        return known
    places = jnp.clip(targets, 0, classes - 1)
    of_target = jnp.take_along_axis(predictions, places[:, None], axis=1)
    return known & ((predictions > of_target).sum(axis=1) < k)


def in_top_k(targets: Any, predictions: Any, k: Any, name: str | None = None) -> Tensor:
    """Whether each target is among the k classes of the largest predictions.

    Ties count in the target's favour; rows with an infinite or NaN prediction, and targets that are
    no class, give False.

    Args:
      targets: an int32 or int64 vector of class numbers.
      predictions: a float32 matrix, a row per target, a column per class.
      k: how many of the top classes count, an int.
      name: unused in eager code.

    Returns:
      A bool vector.
    """
    count = int_scalar(k, "k", "InTopKV2", "k must be 0-D, got shape {}")
    scores = convert_to_tensor(predictions, float32)
    return _in_top_k(scores, targets, k=count)  # type: ignore[no-any-return]
