"""Gradients checked against differences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import reflow as tf
from reflow.core.tensor import Tensor

__all__ = ["compute_gradient"]


def compute_gradient(f, x, delta=0.001):
    """The Jacobians of a function, by differentiation and by central differences.

    Args:
      f: a function of as many tensors as ``x`` holds, which returns one tensor.
      x: a list of floating or complex tensors.
      delta: the step of the differences.

    Returns:
      ``(theoretical, numerical)``, each with one matrix per argument: a row for each of its
      elements, a column for each element of the result (two of each, real and imaginary, for
      complex ones).

    Raises:
      ValueError: if ``x`` is no list.
      TypeError: if an argument is neither floating nor complex.
    """
    if not isinstance(x, list):
        raise ValueError(f"`x` must be a list of Tensors (arguments to `f`), not a {type(x)}")
    arguments = [tf.convert_to_tensor(argument) for argument in x]
    for i, argument in enumerate(arguments):
        if not (argument.dtype.is_floating or argument.dtype.is_complex):
            kind = argument.dtype.name
            raise TypeError(f"Cannot compute gradient for unsupported type {kind} of argument {i}")
    pairs = [_jacobians(f, arguments, i, delta) for i in range(len(arguments))]
    return tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs)


def _jacobians(
    f: Callable[..., Any], arguments: list[Tensor], position: int, delta: float
) -> tuple[Any, Any]:
    x = arguments[position]

    def value(changed: Any) -> Tensor:
        inputs = [*arguments[:position], tf.constant(changed), *arguments[position + 1 :]]
        return f(*inputs)

    host = x.numpy()
    real = x.dtype.real_dtype.np
    numerical = []
    for index, step in _steps(host, delta):
        above, below = np.array(host), np.array(host)
        above[index] += step
        below[index] -= step
        difference = _parts(value(above).numpy()) - _parts(value(below).numpy())
        numerical.append(difference / (2 * delta))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = f(*arguments)
    columns = []
    for index, step in _steps(y.numpy(), 1.0):
        seed = np.zeros(y.shape, y.dtype.np)
        seed[index] = step
        gradient = tape.gradient(y, x, output_gradients=tf.constant(seed))
        columns.append(
            np.zeros(_parts(host).size) if gradient is None else _parts(gradient.numpy())
        )
    theoretical = np.stack(columns, 1) if columns else np.zeros((_parts(host).size, 0))
    rows = np.stack(numerical) if numerical else np.zeros((0, _parts(y.numpy()).size))
    return theoretical.astype(real), rows.astype(real)


def _steps(array: Any, size: float) -> Iterator[tuple[Any, Any]]:
    """Every element's index with a step along it; complex ones also along the imaginary axis."""
    for index in np.ndindex(np.shape(array)):
        yield index, size
        if np.iscomplexobj(array):
            yield index, 1j * size


def _parts(array: Any) -> Any:
    """The elements as a vector of real numbers."""
    flat = np.ravel(array)
    if np.iscomplexobj(flat):
        return np.stack([flat.real, flat.imag], 1).ravel()
    return flat
