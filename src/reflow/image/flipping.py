"""Mirror images and quarter turns, fixed and random."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import int32
from reflow.core.static import static_int
from reflow.core.tensor import Tensor
from reflow.image._arguments import at_least_3d

__all__ = [
    "flip_left_right",
    "flip_up_down",
    "random_flip_left_right",
    "random_flip_up_down",
    "rot90",
    "transpose",
]


def _images(image: Any) -> Tensor:
    """One image or a batch.

    Raises:
      ValueError: for another rank.
    """
    tensor = at_least_3d(image)
    if len(tensor._aval.shape) > 4:
        raise ValueError(f"'image' (shape {tensor.shape}) must have either 3 or 4 dimensions.")
    return tensor


def flip_left_right(image: Any) -> Tensor:
    """Mirrors images: the first column becomes the last.

    Args:
      image: a tensor of shape ``[height, width, channels]`` or ``[batch, height, width,
        channels]``.

    Raises:
      ValueError: if the rank is wrong.
    """
    return tf.reverse(_images(image), [-2])  # type: ignore[no-any-return]


def flip_up_down(image: Any) -> Tensor:
    """Turns images upside down: the first row becomes the last.

    Args:
      image: a tensor of shape ``[height, width, channels]`` or ``[batch, height, width,
        channels]``.

    Raises:
      ValueError: if the rank is wrong.
    """
    return tf.reverse(_images(image), [-3])  # type: ignore[no-any-return]


def random_flip_left_right(image: Any, seed: Any = None) -> Tensor:
    """Mirrors each image with probability 1/2.

    Args:
      image: a tensor of shape ``[height, width, channels]`` or ``[batch, height, width,
        channels]``.
      seed: an int that, with the global seed, determines the choice.

    Raises:
      ValueError: if the rank is wrong.
    """
    return _random_flip(image, -2, seed)


def random_flip_up_down(image: Any, seed: Any = None) -> Tensor:
    """Turns each image upside down with probability 1/2.

    Args:
      image: a tensor of shape ``[height, width, channels]`` or ``[batch, height, width,
        channels]``.
      seed: an int that, with the global seed, determines the choice.

    Raises:
      ValueError: if the rank is wrong.
    """
    return _random_flip(image, -3, seed)


def _random_flip(image: Any, axis: int, seed: Any) -> Tensor:
    tensor = _images(image)
    flipped = tf.reverse(tensor, [axis])
    if len(tensor._aval.shape) == 3:
        # TF compares for one image and rounds for a batch; the chances are the same.
        return tf.where(tf.random.uniform([], 0, 1.0, seed=seed) < 0.5, flipped, tensor)  # type: ignore[no-any-return]
    drawn = tf.random.uniform([tensor._aval.shape[0]], seed=seed)
    chosen = tf.reshape(tf.round(drawn), [-1, 1, 1, 1]) == 1.0
    return tf.where(chosen, flipped, tensor)  # type: ignore[no-any-return]


def transpose(image: Any, name: str | None = None) -> Tensor:
    """Exchanges rows and columns of images.

    Args:
      image: a tensor of shape ``[height, width, channels]`` or ``[batch, height, width,
        channels]``.
      name: unused in eager code.

    Raises:
      ValueError: if the rank is wrong.
    """
    tensor = _images(image)
    order = [1, 0, 2] if len(tensor._aval.shape) == 3 else [0, 2, 1, 3]
    return tf.transpose(tensor, order)  # type: ignore[no-any-return]


def rot90(image: Any, k: Any = 1, name: str | None = None) -> Tensor:
    """Turns images counter-clockwise by k quarter turns.

    Args:
      image: a tensor of shape ``[height, width, channels]`` or ``[batch, height, width,
        channels]``.
      k: how often to turn, a scalar int.
      name: unused in eager code.

    Raises:
      ValueError: if the rank is wrong, or ``k`` is no scalar.
    """
    tensor = _images(image)
    turns = convert_to_tensor(k, int32)
    if turns.shape.rank != 0:
        raise ValueError(f"Shape {turns.shape} must have rank 0")
    rows, columns = -3, -2
    quarter = static_int(turns, "k") % 4
    if quarter == 1:
        return transpose(tf.reverse(tensor, [columns]))
    if quarter == 2:
        return tf.reverse(tensor, [rows, columns])  # type: ignore[no-any-return]
    if quarter == 3:
        return tf.reverse(transpose(tensor), [columns])  # type: ignore[no-any-return]
    return tensor
