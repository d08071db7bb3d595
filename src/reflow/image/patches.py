"""``tf.image.extract_patches``."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow.core.aval import Aval, aval
from reflow.core.errors import invalid
from reflow.core.lazy import jnp
from reflow.core.op import op
from reflow.core.rules import text
from reflow.core.static import static_array
from reflow.core.tensor import Tensor

__all__ = ["extract_patches"]

_OP = "ExtractImagePatches"


def _windows(length: int, size: int, stride: int, rate: int, padding: str) -> tuple[int, int]:
    """How many windows there are along an axis, and the pixels of padding before it."""
    reach = (size - 1) * rate + 1
    if padding == "VALID":
        count = (length - reach) // stride + 1
        if length < reach:
            raise invalid(
                f"Computed output size would be negative: {length - reach + 1} [input_size: "
                f"{length}, effective_filter_size: {reach}, stride: {stride}]"
            )
        return count, 0
    count = -(-length // stride)
    return count, max(0, (count - 1) * stride + reach - length) // 2


def _patches_rule(x: Aval, *, sizes: Any, strides: Any, rates: Any, padding: str) -> Aval:
    if len(x.shape) != 4:
        raise invalid(f"input must be 4-dimensional{text(x.shape)}")
    counts = [
        _windows(x.shape[axis], sizes[axis], strides[axis], rates[axis], padding)[0]
        for axis in (1, 2)
    ]
    return aval((x.shape[0], *counts, sizes[1] * sizes[2] * x.shape[3]), x.dtype)


@op(_OP, rule=_patches_rule, reads=())
def _extract(x: Any, *, sizes: Any, strides: Any, rates: Any, padding: str) -> Any:
    for axis, place in ((1, 1), (2, 3)):
        length = x.shape[place]
        size, stride, rate = sizes[axis], strides[axis], rates[axis]
        count, before = _windows(length, size, stride, rate, padding)
        at = np.arange(count)[:, None] * stride + np.arange(size) * rate - before
        inside = (at >= 0) & (at < length)
        taken = jnp.take(x, np.where(inside, at, 0).reshape(-1), axis=place)
        x = taken.reshape(*x.shape[:place], count, size, *x.shape[place + 1 :])
        mask = inside.reshape(count, size, *(1,) * (x.ndim - place - 2))
        x = jnp.where(mask, x, jnp.zeros((), x.dtype))
    batch, rows, height, columns, width, channels = x.shape
    ordered = jnp.transpose(x, (0, 1, 3, 2, 4, 5))
    return ordered.reshape(batch, rows, columns, height * width * channels)


def extract_patches(
    images: Any, sizes: Any, strides: Any, rates: Any, padding: str, name: str | None = None
) -> Tensor:
    """Cuts patches out of images, as a convolution would see them.

    Args:
      images: a tensor of shape ``[batch, height, width, channels]``.
      sizes: the patches' size, ``[1, rows, columns, 1]``.
      strides: the distance between patches, likewise.
      rates: the distance between a patch's pixels, likewise.
      padding: "VALID", only patches inside, or "SAME", with zeros around the image.
      name: unused in eager code.

    Returns:
      A tensor of shape ``[batch, rows of patches, columns of patches, rows * columns * channels]``.

    Raises:
      InvalidArgumentError: if a shape or an option is wrong.
    """
    options = {"sizes": sizes, "strides": strides, "rates": rates}
    for what, value in options.items():
        array = static_array(value, what)
        if array.shape != (4,):
            raise invalid(f"{what}: expected four ints, got {value} [Op:{_OP}]")
        if array[0] != 1 or array[3] != 1:
            raise invalid(
                f"Current implementation does not yet support {what} in the batch and depth "
                f"dimensions. [Op:{_OP}]"
            )
        options[what] = tuple(array.tolist())
    if padding not in ("VALID", "SAME"):
        raise invalid(
            f"Value for attr 'padding' of \"{padding}\" is not in the list of allowed values: "
            f'"SAME", "VALID" [Op:{_OP}]'
        )
    return _extract(images, **options, padding=padding)  # type: ignore[no-any-return]
