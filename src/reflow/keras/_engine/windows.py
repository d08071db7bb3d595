"""What layers with windows share: their sizes, paddings and the lengths that they give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflow as tf
from reflow.keras._engine.symbolic import dims_of

Dims = Sequence[int | None]

# ------------------------------------------------------------------------------------- arguments


def normalize_tuple(value: Any, count: int, name: str) -> tuple[Any, ...]:
    """An argument that is an int for all axes, or one for each.

    Args:
      value: the argument.
      count: the number of axes.
      name: the argument's name, for messages.

    Raises:
      ValueError: if it is neither.
    """
    if isinstance(value, int):
        return (value,) * count
    problem = f"The `{name}` argument must be a tuple of {count} integers. Received: {value}"
    try:
        values = tuple(value)
    except TypeError:
        raise ValueError(problem) from None
    if len(values) != count:
        raise ValueError(problem)
    for one in values:
        try:
            int(one)
        except (ValueError, TypeError):
            raise ValueError(f"{problem} including element {one} of type {type(one)}") from None
    return values


def normalize_padding(value: Any) -> Any:
    """A layer's ``padding`` argument in lower case.

    Raises:
      ValueError: if there is no such padding.
    """
    if isinstance(value, (list, tuple)):
        return value
    found = value.lower()
    if found not in ("valid", "same", "causal"):
        raise ValueError(
            'The `padding` argument must be a list/tuple or one of "valid", "same" (or "causal", '
            f"only for `Conv1D). Received: {value}"
        )
    return found


def normalize_pairs(value: Any, count: int, name: str) -> tuple[Any, ...]:
    """How much to add or to take away before and after, for each spatial axis.

    Args:
      value: an int, an int for each axis, or a pair of ints for each axis.
      count: the number of axes, 2 or 3.
      name: the argument's name, "padding" or "cropping".

    Raises:
      ValueError: if it is nothing of this.
    """
    if isinstance(value, int):
        return ((value, value),) * count
    if not hasattr(value, "__len__"):
        end = {"padding": "pad", "cropping": "crop"}[name]
        axes = ("height", "width") if count == 2 else ("dim1", "dim2", "dim3")
        sides = (("top", "bottom"), ("left", "right")) if count == 2 else (("left", "right"),) * 3
        one = ", ".join(f"symmetric_{axis}_{end}" for axis in axes)
        names = [
            [f"{side}_{end}" if count == 2 else f"{side}_{axis}_{end}" for side in pair]
            for axis, pair in zip(axes, sides, strict=True)
        ]
        pairs = ", ".join(f"({', '.join(pair)})" for pair in names)
        raise ValueError(
            f"`{name}` should be either an int, a tuple of {count} ints ({one}), or a tuple of "
            f"{count} tuples of 2 ints ({pairs}). Found: {value}"
        )
    if len(value) != count:
        number = "two" if count == 2 else count
        raise ValueError(f"`{name}` should have {number} elements. Found: {value}")
    return tuple(
        normalize_tuple(one, 2, f"{place} entry of {name}")
        for one, place in zip(value, ("1st", "2nd", "3rd"), strict=False)
    )


# ------------------------------------------------------------------------------------------ axes


def is_first(data_format: str) -> bool:
    """Whether the channels come before the spatial axes."""
    return data_format == "channels_first"


def op_format(data_format: str, rank: int) -> str:
    """The ops' name of a data format: "NHWC" for two spatial axes with the channels last."""
    axes = "DHW"[3 - rank :]
    return f"NC{axes}" if is_first(data_format) else f"N{axes}C"


def spatial(dims: Sequence[Any], data_format: str) -> Sequence[Any]:
    """The entries of the spatial axes, of a list with one for each axis."""
    return dims[2:] if is_first(data_format) else dims[1:-1]


def channels(dims: Sequence[Any], data_format: str) -> Any:
    """The entry of the channels' axis."""
    return dims[1] if is_first(data_format) else dims[-1]


def shape(batch: Any, places: Sequence[Any], depth: Any, data_format: str) -> tf.TensorShape:
    """A shape of these sizes."""
    sizes = [depth, *places] if is_first(data_format) else [*places, depth]
    return tf.TensorShape([batch, *sizes])


def full(values: Sequence[int], data_format: str) -> tuple[int, ...]:
    """Sizes of the spatial axes with ones for batch and channels."""
    return (1, 1, *values) if is_first(data_format) else (1, *values, 1)


# --------------------------------------------------------------------------------------- lengths


def output_length(
    length: int | None, window: int, padding: str, stride: int, dilation: int = 1
) -> int | None:
    """How many windows there are along an axis; None if its length is not known."""
    if length is None:
        return None
    reach = window + (window - 1) * (dilation - 1)
    usable = length if padding in ("same", "causal") else length - reach + 1
    return (usable + stride - 1) // stride


def output_lengths(
    lengths: Dims,
    window: Sequence[int],
    padding: str,
    strides: Sequence[int],
    dilations: Sequence[int] | None = None,
) -> list[int | None]:
    """``output_length`` for each axis."""
    rates = dilations or (1,) * len(window)
    axes = zip(lengths, window, strides, rates, strict=True)
    return [output_length(length, size, padding, by, rate) for length, size, by, rate in axes]


def transposed_length(
    length: int | None,
    window: int,
    padding: str,
    stride: int,
    dilation: int = 1,
    more: int | None = None,
) -> int | None:
    """The length that a transposed convolution gives.

    Args:
      length: the input's; None if it is not known.
      window, padding, stride, dilation: of the convolution.
      more: the output's padding; None for the shortest output that reaches each window whole.
    """
    if length is None:
        return None
    reach = window + (window - 1) * (dilation - 1)
    if more is not None:
        cut = 2 * (reach // 2) if padding == "same" else 0
        return (length - 1) * stride + reach - cut + more
    return length * stride + (0 if padding == "same" else max(reach - stride, 0))


def check_fit(
    inputs: Any,
    window: Sequence[int],
    dilations: Sequence[int],
    padding: str,
    data_format: str,
    label: str,
    *others: Any,
) -> None:
    """Refuses inputs smaller than a window where a model or a function is traced, as TF does.

    Args:
      inputs: a tensor.
      window, dilations, padding, data_format: the layer's.
      label: names the layer and its op.
      *others: the op's other inputs, for the message.

    Raises:
      ValueError: if an axis is shorter than the window.
    """
    if padding != "valid" or tf.executing_eagerly():
        return
    dims = inputs.shape.as_list()
    for length, size, rate in zip(spatial(dims, data_format), window, dilations, strict=True):
        reach = size + (size - 1) * (rate - 1)
        if length is not None and length < reach:
            shapes = [dims_of(one.shape.as_list()) for one in (inputs, *others)]
            listed = ", ".join(
                "[" + ",".join("?" if size is None else str(size) for size in one) + "]"
                for one in shapes
            )
            raise ValueError(
                f"Negative dimension size caused by subtracting {reach} from {length} for {label} "
                f"with input shapes: {listed}."
            )
