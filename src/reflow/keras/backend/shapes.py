"""Shapes of tensors, and moving, repeating and joining their elements."""

from __future__ import annotations

import reflow as tf
from reflow.keras.backend.configuration import image_data_format

__all__ = [
    "arange", "batch_flatten", "cast", "concatenate", "dtype", "expand_dims", "flatten", "gather",
    "int_shape", "ndim", "one_hot", "permute_dimensions", "repeat", "repeat_elements", "reshape",
    "resize_images", "resize_volumes", "reverse", "shape", "spatial_2d_padding",
    "spatial_3d_padding", "squeeze", "stack", "temporal_padding", "tile", "transpose",
]  # fmt: skip


def format_of(data_format):
    """A data format, Keras's own by default.

    Raises:
      ValueError: if it is none.
    """
    if data_format is None:
        return image_data_format()
    if data_format not in ("channels_first", "channels_last"):
        raise ValueError(f"Unknown data_format: {data_format}")
    return data_format


# ------------------------------------------------------------------------- what is known of them


def shape(x):
    """The shape of a tensor, as an int32 tensor."""
    return tf.shape(x)


def int_shape(x):
    """The shape of a tensor, variable or array as a tuple; None stands for an unknown size."""
    known = x.shape
    return known if isinstance(known, tuple) else tuple(known.as_list())


def ndim(x):
    """The number of axes of a tensor or variable."""
    return len(x.shape)


def dtype(x):
    """The name of the element type of a tensor or variable."""
    return tf.as_dtype(x.dtype).name


# ------------------------------------------------------------------------------- other shapes


def cast(x, dtype):
    """The tensor with elements of another type.

    Args:
      x: a tensor, or what can be one.
      dtype: the type's name.
    """
    return tf.cast(x, dtype)


def reshape(x, shape):
    """The elements in another shape.

    Args:
      x: a tensor.
      shape: a tuple, in which one -1 stands for the size that fits.
    """
    return tf.reshape(x, shape)


def flatten(x):
    """The elements in one axis."""
    return tf.reshape(x, [-1])


def batch_flatten(x):
    """``(batch, ...)`` as ``(batch, elements)``."""
    sizes = int_shape(tf.convert_to_tensor(x))[1:]
    if None in sizes:
        return tf.reshape(x, tf.stack([-1, tf.reduce_prod(tf.shape(x)[1:])]))
    count = 1
    for size in sizes:
        count *= size
    return tf.reshape(x, [-1, count])


def expand_dims(x, axis=-1):
    """The tensor with a new axis of size 1."""
    return tf.expand_dims(x, axis)


def squeeze(x, axis):
    """The tensor without an axis of size 1."""
    return tf.squeeze(x, [axis])


def permute_dimensions(x, pattern):
    """The tensor with its axes in another order.

    Args:
      x: a tensor.
      pattern: the old axes in their new order, such as ``(0, 2, 1)``.
    """
    return tf.transpose(x, perm=pattern)


def transpose(x):
    """The tensor with its axes in reverse order."""
    return tf.transpose(x)


def reverse(x, axes):
    """The tensor with its elements in reverse order along some axes.

    Args:
      x: a tensor.
      axes: an int or a list of them.
    """
    return tf.reverse(x, [axes] if isinstance(axes, int) else axes)


# ------------------------------------------------------------------------- repeating and joining


def arange(start, stop=None, step=1, dtype="int32"):
    """The numbers ``start, start + step, ...`` below ``stop``.

    Args:
      start: the first; with ``stop`` left out, the end of numbers that start at 0.
      stop: the end, which is not among them.
      step: between two of them.
      dtype: the type's name.
    """
    if stop is None and start < 0:
        start = 0
    numbers = tf.range(start, limit=stop, delta=step) if stop is not None else tf.range(start)
    if stop is None and step != 1:
        numbers = tf.range(0, limit=start, delta=step)
    return numbers if dtype == "int32" else tf.cast(numbers, dtype)


def repeat(x, n):
    """``(batch, features)`` as ``(batch, n, features)``, each row ``n`` times.

    Raises:
      AssertionError: if ``x`` has another rank than 2.
    """
    if ndim(x) != 2:
        raise AssertionError(f"repeat: x must have rank 2, got shape {x.shape}")
    return tf.tile(tf.expand_dims(x, 1), [1, n, 1])


def repeat_elements(x, rep, axis):
    """The tensor with each element along an axis repeated, as ``np.repeat``.

    Args:
      x: a tensor.
      rep: how often each element comes, an int.
      axis: along which.
    """
    x = tf.convert_to_tensor(x)
    axis %= ndim(x)
    sizes = list(int_shape(x))
    if sizes.count(None) > 1 or sizes[axis] is None:
        return tf.repeat(x, rep, axis=axis)
    sizes[axis] *= rep
    repeated = tf.stack([x] * rep, axis=axis + 1)
    return tf.reshape(repeated, [-1 if size is None else size for size in sizes])


def tile(x, n):
    """The tensor, repeated as a whole.

    Args:
      x: a tensor.
      n: how often along each axis, a list; an int for a vector.
    """
    return tf.tile(x, [n] if isinstance(n, int) else n)


def concatenate(tensors, axis=-1):
    """Joins a list of tensors along an axis."""
    if axis < 0:
        rank = ndim(tensors[0])
        axis = axis % rank if rank else 0
    return tf.concat(tensors, axis)


def stack(x, axis=0):
    """Joins a list of tensors along a new axis."""
    return tf.stack(x, axis=axis)


def gather(reference, indices):
    """The rows of a tensor with the given numbers.

    Args:
      reference: a tensor ``(rows, ...)``.
      indices: an integer tensor.

    Returns:
      A tensor of shape ``indices.shape + reference.shape[1:]``.
    """
    return tf.gather(reference, indices)


def one_hot(indices, num_classes):
    """Class numbers ``(...)`` as rows ``(..., num_classes)`` of zeros with a 1."""
    return tf.one_hot(indices, depth=num_classes, axis=-1)


# ------------------------------------------------------------------------------ padding, resizing


def _check_pairs(name, padding, count):
    pairs = padding if count > 1 else (padding,)
    if len(pairs) != count or {len(pair) for pair in pairs} != {2}:
        raise AssertionError(f"{name}: padding must have {count} pairs, got {padding}")


def temporal_padding(x, padding=(1, 1)):
    """``(batch, time, features)`` with zeros before and after.

    Args:
      x: a tensor.
      padding: how many steps before and after.

    Raises:
      AssertionError: if that is no pair.
    """
    _check_pairs("temporal_padding", padding, 1)
    return tf.pad(x, [[0, 0], list(padding), [0, 0]])


def spatial_2d_padding(x, padding=((1, 1), (1, 1)), data_format=None):
    """Images with zeros around.

    Args:
      x: a tensor of rank 4.
      padding: how many rows before and after, and how many columns.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.

    Raises:
      AssertionError: if the padding is no pair of pairs.
      ValueError: if there is no such data format.
    """
    _check_pairs("spatial_2d_padding", padding, 2)
    return _pad_space(x, padding, data_format)


def spatial_3d_padding(x, padding=((1, 1), (1, 1), (1, 1)), data_format=None):
    """Volumes with zeros around.

    Args:
      x: a tensor of rank 5.
      padding: how much before and after, along each of the three axes.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.

    Raises:
      AssertionError: if the padding is not three pairs.
      ValueError: if there is no such data format.
    """
    _check_pairs("spatial_3d_padding", padding, 3)
    return _pad_space(x, padding, data_format)


def _pad_space(x, padding, data_format):
    space = [list(pair) for pair in padding]
    if format_of(data_format) == "channels_first":
        return tf.pad(x, [[0, 0], [0, 0], *space])
    return tf.pad(x, [[0, 0], *space, [0, 0]])


def resize_images(x, height_factor, width_factor, data_format, interpolation="nearest"):
    """Images enlarged by whole factors.

    Args:
      x: a tensor of rank 4.
      height_factor, width_factor: positive ints.
      data_format: ``"channels_last"`` or ``"channels_first"``.
      interpolation: ``"nearest"`` or ``"bilinear"``.

    Raises:
      ValueError: if there is no such data format or interpolation.
    """
    if data_format not in ("channels_first", "channels_last"):
        raise ValueError(f"Invalid `data_format` argument: {data_format}")
    if interpolation not in ("nearest", "bilinear"):
        raise ValueError(
            f"interpolation should be one of 'nearest' or 'bilinear', got '{interpolation}'"
        )
    first = data_format == "channels_first"
    rows, columns = (2, 3) if first else (1, 2)
    if interpolation == "nearest":
        return repeat_elements(repeat_elements(x, height_factor, rows), width_factor, columns)
    sizes = tf.shape(x)
    size = [sizes[rows] * height_factor, sizes[columns] * width_factor]
    if not first:
        return tf.image.resize(x, size, method="bilinear")
    resized = tf.image.resize(tf.transpose(x, [0, 2, 3, 1]), size, method="bilinear")
    return tf.transpose(resized, [0, 3, 1, 2])


def resize_volumes(x, depth_factor, height_factor, width_factor, data_format):
    """Volumes enlarged by whole factors, each element repeated.

    Args:
      x: a tensor of rank 5.
      depth_factor, height_factor, width_factor: positive ints.
      data_format: ``"channels_last"`` or ``"channels_first"``.

    Raises:
      ValueError: if there is no such data format.
    """
    if data_format not in ("channels_first", "channels_last"):
        raise ValueError(f"Invalid data_format: {data_format}")
    start = 2 if data_format == "channels_first" else 1
    for axis, factor in enumerate((depth_factor, height_factor, width_factor), start):
        x = repeat_elements(x, factor, axis)
    return x
