"""Discrete cosine transforms."""

from __future__ import annotations

import math
from typing import Any

import reflow as tf
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import float32, float64
from reflow.core.lazy import jnp, lax
from reflow.core.op import op
from reflow.core.rules import same_shape

__all__ = ["dct", "idct"]

INVERSE = {1: 1, 2: 3, 3: 2}


@op("DCT", types=frozenset((float32, float64)), rule=same_shape, reads=())
def _dct(x, *, type, ortho):
    n = x.shape[-1]
    if x.size == 0:
        return x
    if type == 1:
        mirrored = jnp.concatenate([x, x[..., -2:0:-1]], -1)
        return jnp.fft.rfft(mirrored).real
    angle = jnp.arange(n, dtype=x.dtype) * (math.pi / (2 * n))
    cosine, sine = 2 * jnp.cos(angle), 2 * jnp.sin(angle)
    first = jnp.arange(n) == 0
    if type == 2:
        y = (jnp.fft.rfft(x, 2 * n)[..., :n] * lax.complex(cosine, -sine)).real
        if ortho:
            y = y * jnp.where(first, 0.5 / math.sqrt(n), math.sqrt(0.5 / n)).astype(x.dtype)
        return y
    if ortho:
        x = x * jnp.where(first, math.sqrt(n), math.sqrt(0.5 * n)).astype(x.dtype)
    else:
        x = x * n
    return jnp.fft.irfft(lax.complex(cosine * x, sine * x), 2 * n)[..., :n]


def dct(input, type=2, n=None, axis=-1, norm=None, name=None):
    """The discrete cosine transform over the last axis.

    Args:
      input: a float32 or float64 tensor ``(..., samples)``.
      type: 1, 2 or 3.
      n: the length to which the signal is cut or padded with zeros first.
      axis: -1.
      norm: None, or ``"ortho"`` for an orthonormal transform (types 2 and 3).
      name: unused in eager code.

    Returns:
      A tensor ``(..., n)``.

    Raises:
      ValueError: if an argument is not one of these.
      NotImplementedError: if ``axis`` is not -1.
    """
    input = convert_to_tensor(input)
    _check(input, type, n, axis, norm)
    samples = input.shape[-1]
    if n is not None and n < samples:
        input = input[..., :n]
    elif n is not None and n > samples:
        input = tf.pad(input, [*[[0, 0]] * (input.ndim - 1), [0, n - samples]])
    return _dct(input, type=int(type), ortho=norm == "ortho")


def idct(input, type=2, n=None, axis=-1, norm=None, name=None):
    """The inverse of the cosine transform of a type, up to a factor unless ``norm="ortho"``.

    Args:
      input: a float32 or float64 tensor ``(..., samples)``.
      type: the type that is to be inverted: 1, 2 or 3.
      n: None.
      axis: -1.
      norm: None, or ``"ortho"`` for an orthonormal transform (types 2 and 3).
      name: unused in eager code.

    Returns:
      A tensor like ``input``.

    Raises:
      ValueError: if an argument is not one of these.
      NotImplementedError: if ``axis`` is not -1.
    """
    input = convert_to_tensor(input)
    _check(input, type, n, axis, norm)
    return dct(input, INVERSE[type], n, axis, norm)


def _check(input: Any, type: Any, n: Any, axis: Any, norm: Any) -> None:
    if axis != -1:
        raise NotImplementedError(f"axis must be -1. Got: {axis}")
    if n is not None and n < 1:
        raise ValueError("n should be a positive integer or None")
    if type not in INVERSE:
        raise ValueError("Only Types I, II and III (I)DCT are supported.")
    if type == 1:
        if norm == "ortho":
            raise ValueError("Normalization is not supported for the Type-I DCT.")
        if input.ndim and input.shape[-1] < 2:
            raise ValueError("Type-I DCT requires the dimension to be greater than one.")
    if norm not in (None, "ortho"):
        raise ValueError(f"Unknown normalization. Expected None or 'ortho', got: {norm}")
