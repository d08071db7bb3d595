"""``tf.nn.dropout``, with TF's random stream."""

from __future__ import annotations

from numbers import Real
from typing import Any

import reflow as tf
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import FLOATS
from reflow.core.logging import warn
from reflow.core.rules import broadcast_shapes
from reflow.core.static import static_shape
from reflow.core.tensor import Tensor
from reflow.math._common import scoped

__all__ = ["dropout"]

WARNINGS = 5
_warned: list[float] = []


def _rule(x: Aval, uniform: Aval, rate: Aval, scale: Aval) -> Aval:
    return aval(broadcast_shapes(x.shape, uniform.shape), x.dtype)


@scoped("Mul", "dropout/mul", types=FLOATS, rule=_rule)
def _dropout(x, uniform, rate, scale):
    return x * scale * (uniform >= rate).astype(x.dtype)


def dropout(x, rate, noise_shape=None, seed=None, name=None):
    """Sets elements to 0 with probability ``rate`` and multiplies the rest by ``1 / (1 - rate)``.

    Args:
      x: a floating tensor.
      rate: a number in ``[0, 1)`` or a scalar tensor; 0 returns ``x``.
      noise_shape: the shape of the random choices, which broadcasts with ``x``: where it has 1, a
        choice holds for the whole axis; None stands for ``x``'s size.
      seed: an int that, with the global seed, determines the choices.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.

    Raises:
      ValueError: if ``x`` is no floating tensor or ``rate`` is not in ``[0, 1)``.
      InvalidArgumentError: if the shapes do not broadcast.
    """
    if isinstance(rate, Real):
        _warn_of_large(float(rate))
    x = convert_to_tensor(x)
    if x.dtype not in FLOATS:
        raise ValueError(
            "x has to be a floating point tensor since it's going to be scaled. Got a "
            f"{x.dtype} tensor instead."
        )
    if isinstance(rate, Real):
        if not 0 <= rate < 1:
            raise ValueError(
                f"rate must be a scalar tensor or a float in the range [0, 1), got {rate:g}"
            )
        rate = float(rate)
        if rate == 0:
            return x
    else:
        rate = convert_to_tensor(rate, dtype_hint=x.dtype)
        if tf.get_static_value(rate) == 0:
            return x
    uniform = tf.random.uniform(_noise_shape(x, noise_shape), seed=seed, dtype=x.dtype)
    return _dropout(x, uniform, rate, 1 / (1 - rate))


def _noise_shape(x: Tensor, noise_shape: Any) -> Any:
    """The shape of the choices, with None replaced by the size of ``x`` there."""
    if noise_shape is None:
        return tf.shape(x)
    if isinstance(noise_shape, (list, tuple)) and len(noise_shape) == x.ndim:
        sizes = zip(noise_shape, x.shape, strict=True)
        return [size if given is None else given for given, size in sizes]
    return static_shape(noise_shape, "noise_shape")


def _warn_of_large(rate: float) -> None:
    if rate > 0.5 and len(_warned) < WARNINGS:
        _warned.append(rate)
        warn(
            f"Large dropout rate: {rate:g} (>0.5). In TensorFlow 2.x, dropout() uses dropout rate "
            "instead of keep_prob. Please ensure that this is intended."
        )
