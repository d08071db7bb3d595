"""Arguments of image functions: ranks, values that the host has, scalars."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow.core import program, record
from reflow.core.convert import convert_to_tensor
from reflow.core.tensor import Tensor

Array = np.ndarray[Any, Any]


def image_tensor(image: Any, dtype: Any = None) -> Tensor:
    """An image argument as a tensor; variables are read."""
    return convert_to_tensor(image, dtype)  # type: ignore[no-any-return]


def at_least_3d(image: Any, what: str = "image") -> Tensor:
    """An image, or images along any number of leading axes.

    Raises:
      ValueError: if it has fewer than three axes, or one of the last three is empty.
    """
    tensor = image_tensor(image)
    shape = tensor._aval.shape
    if len(shape) < 3:
        raise ValueError(f"'{what}' must be at least three-dimensional.")
    if 0 in shape[-3:]:
        raise ValueError(f"inner 3 dims of 'image.shape' must be > 0: {tensor.shape}")
    return tensor


def one_or_batch(image: Any, what: str = "image") -> tuple[Tensor, bool]:
    """An image as a batch of one, or a batch; and whether it was a single one.

    Raises:
      ValueError: if it has other than three or four axes.
    """
    import reflow as tf

    tensor = image_tensor(image)
    rank = len(tensor._aval.shape)
    if rank not in (3, 4):
        raise ValueError(f"'{what}' must have either 3 or 4 dimensions.")
    return (tf.expand_dims(tensor, 0), True) if rank == 3 else (tensor, False)


def one_of_batch(images: Tensor, single: bool) -> Tensor:
    """Undoes :func:`one_or_batch`."""
    import reflow as tf

    return tf.squeeze(images, axis=[0]) if single else images  # type: ignore[no-any-return]


def on_host(*tensors: Tensor) -> list[Array] | None:
    """The tensors' values if an op on them may run at once with NumPy, else None.

    It may if the host has all of them (a decoded file, say), or NumPy computes them anyway, and no
    tape or traced function must see the op. Pictures come in ever new sizes, for each of which XLA
    would compile anew.
    """
    segment = record.state.segment
    if segment.tapes or segment.capture is not None:
        return None
    if program.is_with_numpy():
        return [tensor._host() for tensor in tensors]
    values = [record.host_value(tensor) for tensor in tensors]
    return None if any(value is None for value in values) else values  # type: ignore[return-value]


def traced() -> bool:
    """Whether a function is being traced, in which tensors have no values."""
    return record.state.segment.capture is not None
