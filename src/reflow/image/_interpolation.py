"""From the samples of one axis to the samples of another size: positions and weights.

Pixel i covers [i, i + 1) and its centre is i + 1/2. Output pixel i of ``out`` looks at input
coordinate ``(i + 1/2) * size / out``, in all methods but ``area``. Everything here is NumPy in
float32, as TF computes it; the sizes are known when a program is compiled.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Samples = tuple[Array, Array]
"""For each output pixel: the positions of input pixels (out, k) and their weights (out, k)."""

_ONE = np.float32(1)
_HALF = np.float32(0.5)


def centres(size: int, out: int) -> Array:
    """Where the output pixels' centres lie: ``(i + 1/2) * size / out``."""
    scale = np.float32(size) / np.float32(out)
    return (np.arange(out, dtype=np.float32) + _HALF) * scale


def nearest(size: int, out: int) -> Array:
    """The input pixel that holds each output pixel's centre."""
    return np.minimum(np.floor(centres(size, out)).astype(np.int64), size - 1)


def linear(size: int, out: int) -> tuple[Array, Array, Array]:
    """The two pixels around each centre, and the way from the first to the second, in [0, 1)."""
    at = centres(size, out) - _HALF
    below = np.floor(at)
    low = np.clip(below, 0, size - 1).astype(np.int64)
    high = np.clip(np.ceil(at), 0, size - 1).astype(np.int64)
    return low, high, at - below


# --------------------------------------------------------------------------------------- weights


def area(size: int, out: int) -> Samples:
    """Output pixel i is the mean of the input over ``[i * s, (i + 1) * s)``, s = size / out."""
    scale = np.float32(size) / np.float32(out)
    start = np.arange(out, dtype=np.float32) * scale
    end = np.arange(1, out + 1, dtype=np.float32) * scale
    first = np.floor(start).astype(np.int64)
    last = np.ceil(end).astype(np.int64)
    position = first[:, None] + np.arange(int((last - first).max()))
    covered = np.minimum(position + 1, end[:, None]) - np.maximum(position, start[:, None])
    weight = np.maximum(covered, 0).astype(np.float32) * (_ONE / scale)
    return np.minimum(position, size - 1), weight


_STEPS = 1024
"""TF takes bicubic weights from a table of this many steps between two pixels."""


def bicubic(size: int, out: int) -> Samples:
    """Keys' cubic convolution with a = -1/2 over the four nearest pixels.

    The distance is rounded to 1/1024; pixels outside have no weight, and the rest sums to one.
    """
    at = centres(size, out) - _HALF
    below = np.floor(at)
    steps = np.rint((at - below) * np.float32(_STEPS))
    t = (steps / _STEPS).astype(np.float32)[:, None]
    distance = np.abs(t - np.arange(-1, 3, dtype=np.float32))
    position = below.astype(np.int64)[:, None] + np.arange(-1, 3)
    return _inside(position, keys_cubic(distance), size)


def scaled_kernel(
    size: int, out: int, kernel: Callable[[Array], Array], radius: float, antialias: bool
) -> Samples:
    """Weights from a kernel around each centre; widened by ``size / out`` to smooth, if larger."""
    inverse = np.float32(1) / (np.float32(out) / np.float32(size))
    width = max(inverse, _ONE) if antialias else _ONE
    at = (np.arange(out, dtype=np.float32) + _HALF) * inverse
    reach = np.float32(radius) * width
    first = np.ceil(at - reach - _HALF)
    last = np.floor(at + reach - _HALF)
    first = np.clip(first, 0, size - 1).astype(np.int64)
    last = np.clip(last, 0, size - 1).astype(np.int64)
    position = first[:, None] + np.arange(int((last - first).max()) + 1)
    distance = np.abs((position.astype(np.float32) + _HALF - at[:, None]) / width)
    weight = np.where(position <= last[:, None], kernel(distance), np.float32(0))
    return _inside(position, weight, size)


def _inside(position: Array, weight: Array, size: int) -> Samples:
    """Takes the weight from positions outside, and makes each row's sum one."""
    weight = np.where((position >= 0) & (position < size), weight, 0).astype(np.float32)
    total = weight.sum(axis=1, keepdims=True)
    weight = np.divide(weight, total, out=weight, where=np.abs(total) > 1e-35)
    return np.clip(position, 0, size - 1), weight


# --------------------------------------------------------------------------------------- kernels


def triangle(x: Array) -> Array:
    """``1 - x``, for 0 <= x < 1."""
    return np.maximum(_ONE - x, 0)


def keys_cubic(x: Array) -> Array:
    """``(3x/2 - 5/2) x^2 + 1`` up to 1, ``((-x/2 + 5/2) x - 4) x + 2`` up to 2."""
    near = (1.5 * x - 2.5) * x * x + 1
    far = ((-0.5 * x + 2.5) * x - 4) * x + 2
    return _piecewise(x, near, far)


def mitchell_cubic(x: Array) -> Array:
    """Mitchell and Netravali's cubic with B = C = 1/3.

    ``(7x/6 - 2) x^2 + 8/9`` up to 1, ``((-7x/18 + 2) x - 10/3) x + 16/9`` up to 2.
    """
    near = (7 / 6 * x - 2) * x * x + 8 / 9
    far = ((-7 / 18 * x + 2) * x - 10 / 3) * x + 16 / 9
    return _piecewise(x, near, far)


def _piecewise(x: Array, near: Array, far: Array) -> Array:
    return np.where(x < 1, near, np.where(x < 2, far, 0)).astype(np.float32)


def gaussian(x: Array, radius: float = 1.5) -> Array:
    """``exp(-x^2 / (2 s^2))`` with s a third of the radius."""
    sigma = radius / 3
    return np.where(x < radius, np.exp(-x * x / (2 * sigma * sigma)), 0).astype(np.float32)


def lanczos(radius: float) -> Callable[[Array], Array]:
    """``sinc(x) sinc(x / radius)``, sinc(x) = sin(pi x) / (pi x)."""

    def kernel(x: Array) -> Array:
        return np.where(x <= radius, np.sinc(x) * np.sinc(x / radius), 0).astype(np.float32)

    return kernel


KERNELS: dict[str, tuple[Callable[[Array], Array], float]] = {
    "triangle": (triangle, 1.0),
    "keyscubic": (keys_cubic, 2.0),
    "mitchellcubic": (mitchell_cubic, 2.0),
    "gaussian": (gaussian, 1.5),
    "lanczos3": (lanczos(3.0), 3.0),
    "lanczos5": (lanczos(5.0), 5.0),
}


def samples(kind: str, size: int, out: int, antialias: bool) -> Samples:
    """Positions and weights of a method that weighs its samples."""
    if kind == "area":
        return area(size, out)
    if kind == "bicubic":
        return bicubic(size, out)
    kernel, radius = KERNELS[kind]
    return scaled_kernel(size, out, kernel, radius, antialias)


# ----------------------------------------------------------------------------------- application


def resized_nearest(xp: Any, x: Any, height: int, width: int) -> Any:
    """Images (batch, h, w, channels) by the nearest pixel; ``xp`` is NumPy or jax.numpy."""
    rows, columns = nearest(x.shape[1], height), nearest(x.shape[2], width)
    return xp.take(xp.take(x, rows, axis=1), columns, axis=2)


def resized_linear(xp: Any, x: Any, height: int, width: int) -> Any:
    """Images by ``low + (high - low) * way``, along the width, then the height; float32."""
    x = x.astype(np.float32)
    for axis, out in ((2, width), (1, height)):
        low, high, way = linear(x.shape[axis], out)
        first = xp.take(x, low, axis=axis)
        x = first + (xp.take(x, high, axis=axis) - first) * _along(way, axis)
    return x


def resized_weighted(xp: Any, x: Any, kind: str, height: int, width: int, antialias: bool) -> Any:
    """Images by a method of weights, along the height, then the width; float32."""
    x = x.astype(np.float32)
    for axis, out in ((1, height), (2, width)):
        position, weight = samples(kind, x.shape[axis], out, antialias)
        if math.prod(x.shape) == 0:
            shape = list(x.shape)
            shape[axis] = out
            x = xp.zeros(shape, np.float32)
            continue
        taken = xp.take(x, position.reshape(-1), axis=axis)
        shape = (*x.shape[:axis], *position.shape, *x.shape[axis + 1 :])
        ending = (1,) * (x.ndim - 1 - axis)
        x = xp.sum(taken.reshape(shape) * weight.reshape(*weight.shape, *ending), axis=axis + 1)
    return x


def _along(values: Array, axis: int) -> Array:
    """A vector shaped to multiply along an axis of (batch, height, width, channels)."""
    return values.reshape(-1, *(1,) * (3 - axis))
