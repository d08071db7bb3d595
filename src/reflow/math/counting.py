"""Counting: histograms of integers and confusion matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow.core.aval import aval
from reflow.core.convert import convert_to_tensor, tensor_from_numpy
from reflow.core.dtypes import COMPLEXES, FLOATS, INTEGERS, as_dtype, float32, float64, int32, int64
from reflow.core.errors import invalid
from reflow.core.lazy import jnp
from reflow.core.op import Check, Primitive
from reflow.core.rules import text
from reflow.core.static import static_array, static_int
from reflow.math.segments import unsorted_segment_sum

__all__ = ["bincount", "confusion_matrix"]


def bincount(arr, weights=None, minlength=None, maxlength=None, dtype=int32, name=None):
    """Counts how often each number occurs.

    Args:
      arr: an int32 tensor of numbers that are not negative, of any shape.
      weights: what each element counts, of the shape of ``arr``; 1 by default.
      minlength: the least length of the result, filled with zeros.
      maxlength: the greatest length of the result; larger numbers are not counted.
      dtype: the dtype of the result without weights: int32, int64, float32 or float64.
      name: unused in eager code.

    Returns:
      A vector whose element i says how often i occurs (or the sum of its weights).

    Raises:
      InvalidArgumentError: a number is negative, or too large for weights.
    """
    values = convert_to_tensor(arr, int32)
    host = static_array(values, "the length of tf.math.bincount's result").reshape(-1)
    length = int(host.max()) + 1 if host.size else 0
    if minlength is not None:
        length = max(length, static_int(minlength, "minlength"))
    if maxlength is not None:
        length = min(length, static_int(maxlength, "maxlength"))
    if weights is not None:
        return unsorted_segment_sum(convert_to_tensor(weights), values, length)
    wanted = as_dtype(dtype)
    if wanted not in (int32, int64, float32, float64):
        raise invalid(
            f"Value for attr 'T' of {wanted.label} is not in the list of allowed values: int32, "
            "int64, float, double [Op:Bincount]"
        )
    if host.size and host.min() < 0:
        raise invalid("Input arr must be non-negative! [Op:Bincount]")
    counts = np.bincount(host[host < length], minlength=length)
    return tensor_from_numpy(counts.astype(wanted.np))


SHOWN = 3
"""How many elements an error shows."""


def _confusion_rule(labels, predictions, weights, *, classes):
    return aval((classes, classes), weights.dtype)


def _find_bad_class(xp, labels, predictions, *, classes):
    """``[kind, first elements]``: 0 and 1 for a negative label or prediction, 2 and 3 for one that
    is too large, -1 if all is well."""
    cases = [
        (labels, labels < 0),
        (predictions, predictions < 0),
        (labels, labels >= classes),
        (predictions, predictions >= classes),
    ]
    kind, shown = -1, labels
    for number in (3, 2, 1, 0):  # the first kind is reported
        values, bad = cases[number]
        found = xp.any(bad)
        kind = xp.where(found, number, kind)
        shown = xp.where(found, values, shown)
    head = [kind.reshape(1).astype(np.int64), shown.reshape(-1)[:SHOWN].astype(np.int64)]
    return xp.concatenate(head)


def _bad_class_message(found, labels, predictions, weights, *, classes):
    kind, shown = int(found[0]), [int(n) for n in found[1:]]
    what = "`predictions`" if kind % 2 else "`labels`"
    if kind < 2:
        more = ["..."] if labels.size > SHOWN else []
        return (
            f"{what} contains negative values\nCondition x >= 0 did not hold element-wise:\n"
            f"x (shape={labels.shape} dtype=int64) = \n{[*map(str, shown), *more]}"
        )
    return (
        f"{what} out of bound\nCondition x < y did not hold.\n"
        f"First {len(shown)} elements of x:\n[{' '.join(map(str, shown))}]\n"
        f"First 1 elements of y:\n[{classes}]"
    )


class _Confusion(Primitive):
    """TF's errors about the classes come from its assertions, which name no op."""

    def name_error(self, error):
        return error


def _confusion_fn(labels, predictions, weights, *, classes):
    return jnp.zeros((classes, classes), weights.dtype).at[labels, predictions].add(weights)


_confusion = _Confusion(
    _confusion_fn,
    "SparseTensorDenseAdd",
    same=(2,),
    types=FLOATS | COMPLEXES | INTEGERS,
    rule=_confusion_rule,
    reads=(0, 1),
    check=Check(_find_bad_class, _bad_class_message, reads=(0, 1)),
)


def confusion_matrix(labels, predictions, num_classes=None, weights=None, dtype=int32, name=None):
    """Counts how often each class was predicted for each class.

    Args:
      labels: the true classes, a vector of whole numbers from 0.
      predictions: the predicted classes, likewise.
      num_classes: the number of classes; one more than the greatest number by default.
      weights: what each prediction counts; 1 by default.
      dtype: the dtype of the result.
      name: unused in eager code.

    Returns:
      A matrix of shape ``(num_classes, num_classes)``: row = label, column = prediction.

    Raises:
      InvalidArgumentError: a class is negative or not less than ``num_classes``, or the shapes
        of labels and predictions differ.
      ValueError: the shapes of predictions and weights differ.
    """
    from reflow._arrays.casting import cast

    labels, predictions = _same_rank(convert_to_tensor(labels), convert_to_tensor(predictions))
    labels, predictions = cast(labels, int64), cast(predictions, int64)
    for tensor in (labels, predictions):
        if not tensor._is_symbolic():
            tensor._array()  # so that a bad class is an error here
    shape = predictions._aval.shape
    if labels._aval.shape != shape:
        raise invalid(
            "Shapes of all inputs must match: values[0].shape = "
            f"{text(labels._aval.shape)} != values[1].shape = {text(shape)} [Op:Pack] name: stack"
        )
    if len(shape) != 1:
        raise ValueError(f"Shape {(*shape, 2)} must have rank 2")
    if num_classes is None:
        what = "num_classes (it must be given here)"
        classes = 1 + max(static_array(t, what).max(initial=-1) for t in (labels, predictions))
    else:
        if not isinstance(num_classes, int):
            num_classes = cast(num_classes, int64)
        classes = static_array(num_classes, "num_classes")
    weights = _weights(weights, shape, dtype)
    return _confusion(labels, predictions, weights, classes=int(classes))


def _same_rank(labels: Any, predictions: Any) -> Any:
    """Removes a last axis of length 1 from the one that has an axis more than the other."""
    from reflow._arrays.shape import squeeze

    difference = len(predictions._aval.shape) - len(labels._aval.shape)
    if difference == 1 and predictions._aval.shape[-1] == 1:
        predictions = squeeze(predictions, [-1])
    elif difference == -1 and labels._aval.shape[-1] == 1:
        labels = squeeze(labels, [-1])
    return labels, predictions


def _weights(weights: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    from reflow._arrays.casting import cast

    dtype = as_dtype(dtype)
    if weights is None:
        return tensor_from_numpy(np.ones(shape, dtype.np))
    found = convert_to_tensor(weights)
    if found._aval.shape != shape:
        raise ValueError(f"Shapes {shape} and {found._aval.shape} are incompatible")
    return cast(found, dtype)
