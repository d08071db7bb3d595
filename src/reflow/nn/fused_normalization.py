"""Batch normalization of images in one op, as ``tf.keras.layers.BatchNormalization`` uses it."""

from __future__ import annotations

from typing import Any

from reflow.core.aval import Aval, aval
from reflow.core.derivative import custom_vjp
from reflow.core.dtypes import bfloat16, float16, float32
from reflow.core.errors import invalid
from reflow.core.lazy import jnp, lax
from reflow.core.op import op


def _rule(x: Aval, scale: Aval, offset: Aval, *, axis: int, epsilon: float) -> Any:
    _check(x, axis, scale, offset)
    return x, aval(scale.shape, scale.dtype), aval(scale.shape, scale.dtype)


def _check(x: Aval, axis: int, *vectors: Aval) -> None:
    if len(x.shape) != 4:
        raise invalid(f"input must be 4-dimensional, got shape {x.shape}")
    for vector in vectors:
        if vector.shape != (x.shape[axis],):
            raise invalid(
                f"scale, offset, mean and variance must have as many elements as the input has "
                f"channels: {vector.shape} for input shape {x.shape}"
            )


@op(
    "FusedBatchNormV3",
    same=(0,),
    types=(bfloat16, float16, float32),
    kinds={1: (float32,), 2: (float32,)},
    rule=_rule,
)
def batch_norm_training(x, scale, offset, *, axis, epsilon):
    """Normalizes by the batch's own statistics, which are constants for derivatives of theirs.

    Returns:
      The normalized ``x``, the batch's mean, and its variance as estimated from a sample.
    """
    return _normalize(x, scale, offset, axis, epsilon)


def _along(vector, axis):
    """A vector that broadcasts along one axis of four."""
    return lax.broadcast_in_dim(
        vector, [vector.size if i == axis else 1 for i in range(4)], (axis,)
    )


def _others(axis):
    return tuple([i for i in range(4) if i != axis])


def _statistics(x, axis, epsilon):
    """Count, mean, variance, and one over the standard deviation; in float32."""
    wide = x.astype(jnp.float32)
    count = x.size // max(x.shape[axis], 1)
    # In two passes, which loses no digits where the mean is large.
    mean = jnp.mean(wide, _others(axis))
    variance = jnp.mean(jnp.square(wide - _along(mean, axis)), _others(axis))
    return count, mean, variance, lax.rsqrt(variance + jnp.float32(epsilon))


def _forward(x, scale, offset, axis, epsilon):
    count, mean, variance, factor = _statistics(x, axis, epsilon)
    wide = x.astype(jnp.float32) - _along(mean, axis)
    y = wide * _along(factor * scale, axis) + _along(offset, axis)
    sample_variance = variance * jnp.float32(count / max(count - 1, 1))
    return (y.astype(x.dtype), mean, sample_variance), (x, scale, mean, factor)


def _normalize_fn(x, scale, offset, axis, epsilon):
    return _forward(x, scale, offset, axis, epsilon)[0]


def _backward(axis, epsilon, kept, gradients):
    x, scale, mean, factor = kept
    g = gradients[0].astype(jnp.float32)
    count = max(x.size // max(x.shape[axis], 1), 1)
    normalized = (x.astype(jnp.float32) - _along(mean, axis)) * _along(factor, axis)
    by_offset = jnp.sum(g, _others(axis))
    by_scale = jnp.sum(g * normalized, _others(axis))
    inner = g - _along(by_offset / count, axis) - normalized * _along(by_scale / count, axis)
    by_x = inner * _along(scale * factor, axis)
    return by_x.astype(x.dtype), by_scale, by_offset


_normalize = custom_vjp(_normalize_fn, static=(3, 4))
_normalize.defvjp(_forward, _backward)


def _inference_rule(
    x: Aval, scale: Aval, offset: Aval, mean: Aval, variance: Aval, *, axis: int, epsilon: float
) -> Aval:
    _check(x, axis, scale, offset, mean, variance)
    return x


@op(
    "FusedBatchNormV3",
    same=(0,),
    types=(bfloat16, float16, float32),
    kinds=dict.fromkeys((1, 2, 3, 4), (float32,)),
    rule=_inference_rule,
)
def batch_norm_inference(x, scale, offset, mean, variance, *, axis, epsilon):
    """Normalizes by given statistics."""
    factor = lax.rsqrt(variance + jnp.float32(epsilon)) * scale
    wide = x.astype(jnp.float32) - _along(mean, axis)
    return (wide * _along(factor, axis) + _along(offset, axis)).astype(x.dtype)
