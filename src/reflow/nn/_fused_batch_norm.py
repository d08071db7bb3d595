"""Batch normalization of images as one op with a derivative of its own, for Keras's layer.

In training, over batch and positions (of which there are n), for each channel:

    mean = sum(x) / n        variance = sum((x - mean)^2) / n
    x^ = (x - mean) / sqrt(variance + epsilon)        y = scale x^ + offset

    d offset = sum(dy)       d scale = sum(dy x^)
    dx = scale / sqrt(variance + epsilon) (dy - d offset / n - x^ d scale / n)

The variance is taken of differences from the mean, not as a mean of squares minus a squared mean,
which cancels. What is handed out for the moving average divides by n - 1, as TF's fused op does.
"""

from __future__ import annotations

from math import prod
from typing import Any

from reflow.core.aval import Aval, aval
from reflow.core.derivative import custom_vjp
from reflow.core.dtypes import bfloat16, float16, float32
from reflow.core.errors import invalid
from reflow.core.lazy import jnp, lax
from reflow.core.op import op
from reflow.core.rules import text
from reflow.core.tensor import Tensor
from reflow.nn.convolutions import one_format

LEAST_EPSILON = 1.001e-5
"""TF takes no smaller epsilon, because cuDNN did not."""


def _normalize(x: Any, scale: Any, offset: Any, axes: Any, epsilon: float) -> Any:
    return _forward(x, scale, offset, axes, epsilon)[0]


def _forward(x: Any, scale: Any, offset: Any, axes: Any, epsilon: float) -> Any:
    wide = x.astype(jnp.float32)
    count = prod(x.shape[axis] for axis in axes)
    mean = wide.mean(axes, keepdims=True)  # NaN for no elements, as in TF
    centred = wide - mean
    variance = jnp.square(centred).mean(axes, keepdims=True)
    deviation = lax.rsqrt(variance + epsilon)
    shape = mean.shape
    y = centred * (deviation * scale.reshape(shape)) + offset.reshape(shape)
    unbiased = variance * (count / max(count - 1, 1))
    outputs = (y.astype(x.dtype), mean.reshape(-1), unbiased.reshape(-1))
    return outputs, (x, scale, mean, deviation)


def _backward(axes: Any, epsilon: float, kept: Any, cotangents: Any) -> Any:
    x, scale, mean, deviation = kept
    dy = cotangents[0].astype(jnp.float32)  # TF gives the statistics no gradient
    count = max(prod(x.shape[axis] for axis in axes), 1)
    normal = (x.astype(jnp.float32) - mean) * deviation
    d_offset = dy.sum(axes, keepdims=True)
    d_scale = (dy * normal).sum(axes, keepdims=True)
    factor = scale.reshape(mean.shape) * deviation
    dx = factor * (dy - (d_offset + normal * d_scale) / count)
    return dx.astype(x.dtype), d_scale.reshape(-1), d_offset.reshape(-1)


_training = custom_vjp(_normalize, static=(3, 4))
_training.defvjp(_forward, _backward)


def _axes(rank: int, channels_first: bool) -> tuple[int, ...]:
    return (0, *range(2, rank)) if channels_first else tuple(range(rank - 1))


def _rule(x: Aval, scale: Aval, *others: Aval, channels_first: bool, **_: Any) -> Any:
    if len(x.shape) != 4:
        raise invalid(f"input must be 4-dimensional{text(x.shape)}")
    channels = x.shape[1] if channels_first else x.shape[-1]
    for what, value in zip(("scale", "offset", "mean", "variance"), (scale, *others), strict=False):
        if value.shape != (channels,):
            raise invalid(f"{what} must have shape [{channels}], got {text(value.shape)}")
    statistics = aval((channels,), float32)
    return x if len(others) > 1 else (x, statistics, statistics)


_TYPES = {
    "same": (0,),
    "types": (bfloat16, float16, float32),
    "rule": _rule,
}


@op("FusedBatchNormV3", **_TYPES, kinds={1: {float32}, 2: {float32}}, reads=(0, 1))
def _train(x: Any, scale: Any, offset: Any, *, epsilon: float, channels_first: bool) -> Any:
    return _training(x, scale, offset, _axes(x.ndim, channels_first), epsilon)


@op(
    "FusedBatchNormV3",
    **_TYPES,
    kinds={1: {float32}, 2: {float32}, 3: {float32}, 4: {float32}},
    reads=(0, 1, 3, 4),
)
def _infer(
    x: Any,
    scale: Any,
    offset: Any,
    mean: Any,
    variance: Any,
    *,
    epsilon: float,
    channels_first: bool,
) -> Any:
    shape = [1] * x.ndim
    shape[1 if channels_first else -1] = -1
    mean, variance = lax.stop_gradient(mean), lax.stop_gradient(variance)
    centred = x.astype(jnp.float32) - mean.reshape(shape)
    factor = (lax.rsqrt(variance + epsilon) * scale).reshape(shape)
    return (centred * factor + offset.reshape(shape)).astype(x.dtype)


def fused_batch_norm(
    x: Any,
    scale: Any,
    offset: Any,
    mean: Any = None,
    variance: Any = None,
    epsilon: float = 0.001,
    data_format: str = "NHWC",
    is_training: bool = True,
) -> tuple[Tensor, Tensor, Tensor]:
    """Normalizes images, by their own statistics or by given ones.

    Args:
      x: a tensor ``(batch, height, width, channels)`` of float32 or a half, or with the channels at
        axis 1 for "NCHW".
      scale: a float32 vector with an element per channel.
      offset: another one.
      mean: the mean to subtract; only used if ``is_training`` is False.
      variance: the variance to divide by; only used if ``is_training`` is False.
      epsilon: a small number that keeps the divisor from 0.
      data_format: "NHWC" or "NCHW".
      is_training: whether to use the statistics of ``x``.

    Returns:
      ``(y, mean, variance)``: in training the statistics of ``x``, whose variance divides by n - 1;
      else the given ones.

    Raises:
      InvalidArgumentError: if ``x`` has another rank or the vectors another length.
    """
    first = one_format(data_format, ("NHWC", "NCHW"), "FusedBatchNormV3") == "NCHW"
    static = {"epsilon": max(float(epsilon), LEAST_EPSILON), "channels_first": first}
    if is_training:
        return _train(x, scale, offset, **static)  # type: ignore[no-any-return]
    return _infer(x, scale, offset, mean, variance, **static), mean, variance
