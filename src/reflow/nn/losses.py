"""Losses on logits and their helpers: ``tf.nn.softmax_cross_entropy_with_logits`` and its kin."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import reflow as tf
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.derivative import custom_jvp
from reflow.core.dtypes import COMPLEXES, FLOATS, INTEGERS, bool_, float32, int32, int64
from reflow.core.errors import invalid
from reflow.core.lazy import jnp, lax
from reflow.core.op import Check, op
from reflow.core.rules import broadcast_all, text
from reflow.core.static import static_int
from reflow.core.tensor import Tensor
from reflow.math._common import scoped

__all__ = [
    "compute_average_loss",
    "l2_loss",
    "log_poisson_loss",
    "scale_regularization_loss",
    "sigmoid_cross_entropy_with_logits",
    "softmax_cross_entropy_with_logits",
    "sparse_softmax_cross_entropy_with_logits",
    "weighted_cross_entropy_with_logits",
]


# ------------------------------------------------------------------------ softmax, dense labels


def _shifted(logits):
    """``logits - max`` and ``log(sum(exp(logits - max)))``, along the last axis."""
    shifted = logits - jnp.max(logits, -1, keepdims=True, initial=-jnp.inf)
    return shifted, jnp.log(jnp.sum(jnp.exp(shifted), -1, keepdims=True))


def _softmax(logits):
    e = jnp.exp(logits - jnp.max(logits, -1, keepdims=True, initial=-jnp.inf))
    return e / jnp.sum(e, -1, keepdims=True)


def _precise(dtype):
    """The dtype to compute in: float32 for halves."""
    return jnp.float32 if dtype.itemsize < 4 else dtype


@custom_jvp
def _cross_entropy(labels, logits):
    shifted, log_sum = _shifted(logits)
    return jnp.sum(labels * (log_sum - shifted), -1)


@_cross_entropy.defjvp
def _cross_entropy_jvp(primals, tangents):
    # As TF has it: labels are taken to sum to 1, and to be constant in the logits' derivative.
    (labels, logits), (d_labels, d_logits) = primals, tangents
    shifted, log_sum = _shifted(logits)
    slope = _softmax(logits) - lax.stop_gradient(labels)
    tangent = jnp.sum(d_logits * slope, -1) + jnp.sum(d_labels * (log_sum - shifted), -1)
    return _cross_entropy(labels, logits), tangent


def _rows(shape: tuple[int, ...], axis: int) -> tuple[int, int]:
    """A shape with its class axis moved last and all others flattened."""
    classes = shape[axis]
    return math.prod(shape) // classes if classes else math.prod(shape[:axis]), classes


def _cross_entropy_rule(labels: Aval, logits: Aval, *, axis: int) -> Aval:
    for shape in (logits.shape, labels.shape):
        if not -len(shape) <= axis < len(shape):
            raise invalid(
                f"axis {axis} is out of range for logits of shape {text(logits.shape)} and "
                f"labels of shape {text(labels.shape)}"
            )
    out = logits.shape[:axis] + logits.shape[axis:][1:]
    if labels.shape != logits.shape:
        x, y = _rows(logits.shape, axis), _rows(labels.shape, axis)
        if any(a != b and 1 not in (a, b) for a, b in zip(x, y, strict=True)):
            raise invalid(
                "logits and labels must be broadcastable: "
                f"logits_size={text(x)} labels_size={text(y)}"
            )
        if math.prod(out) != max(x[0], y[0]):
            raise invalid(
                f"Input to reshape is a tensor with {max(x[0], y[0])} values, but the requested "
                f"shape has {math.prod(out)} [Op:Reshape]"
            )
    return aval(out, logits.dtype)


@op(
    "SoftmaxCrossEntropyWithLogits",
    types=FLOATS,
    same=(1,),
    kinds={0: FLOATS | INTEGERS | COMPLEXES | {bool_}},
    rule=_cross_entropy_rule,
)
def _softmax_cross_entropy(labels, logits, *, axis):
    dtype = logits.dtype
    precise = _precise(dtype)
    if jnp.iscomplexobj(labels):
        labels = labels.real
    labels = jnp.moveaxis(labels.astype(precise), axis, -1)
    logits = jnp.moveaxis(logits.astype(precise), axis, -1)
    shape = logits.shape
    if labels.shape != shape:
        labels = labels.reshape(-1, labels.shape[-1])
        logits = logits.reshape(-1, shape[-1])
        rows = jnp.broadcast_shapes(labels.shape, logits.shape)
        labels, logits = jnp.broadcast_to(labels, rows), jnp.broadcast_to(logits, rows)
    return _cross_entropy(labels, logits).reshape(shape[:-1]).astype(dtype)


def softmax_cross_entropy_with_logits(labels, logits, axis=-1, name=None):
    """Cross entropy between ``labels`` and ``softmax(logits)``: ``-sum(labels * log_softmax)``.

    Gradients flow into both; the one of ``logits`` takes each row of labels to sum to 1.

    Args:
      labels: probabilities of the classes, of any numeric dtype, shaped like ``logits``.
      logits: a floating tensor ``(..., classes)``.
      axis: the dimension of the classes.
      name: unused in eager code.

    Returns:
      The loss of each row: ``logits``' dtype, and its shape without ``axis``.

    Raises:
      InvalidArgumentError: if the shapes do not fit or ``axis`` is out of range.
    """
    labels = convert_to_tensor(labels)
    return _softmax_cross_entropy(labels, logits, axis=static_int(axis, "axis"))


# ----------------------------------------------------------------------- softmax, class numbers


@custom_jvp
def _sparse_cross_entropy(labels, logits):
    shifted, log_sum = _shifted(logits)
    picked = jnp.take_along_axis(shifted, labels[..., None], -1, mode="clip")
    return (log_sum - picked)[..., 0]


@_sparse_cross_entropy.defjvp
def _sparse_cross_entropy_jvp(primals, tangents):
    (labels, logits), (_, d_logits) = primals, tangents
    hot = jnp.arange(logits.shape[-1], dtype=labels.dtype) == labels[..., None]
    tangent = jnp.sum(d_logits * (_softmax(logits) - hot.astype(logits.dtype)), -1)
    return _sparse_cross_entropy(labels, logits), tangent


def _find_bad_label(xp, labels, *, classes):
    """[-1] if all is well, else [0, the label that TF reports, all labels]."""
    if labels.size == 0 or (xp is np and labels.min() >= 0 and labels.max() < classes):
        return xp.full((1,), -1, np.int64)
    labels = xp.ravel(labels).astype(np.int64)
    low, high = xp.min(labels), xp.max(labels)
    fine = (low >= 0) & (high < classes)
    head = xp.stack([xp.where(fine, -1, 0), xp.where(low < 0, low, high)])
    return xp.concatenate([head.astype(np.int64), labels])


def _bad_label_message(found, *avals, classes):
    values = " ".join(map(str, found[2:].tolist()))
    return (
        f"Received a label value of {found[1]} which is outside the valid range of "
        f"[0, {classes}).  Label values: {values}"
    )


@op(
    "SparseSoftmaxCrossEntropyWithLogits",
    types=FLOATS,
    same=(1,),
    rule=lambda labels, logits, *, classes: aval(labels.shape, logits.dtype),
    check=Check(_find_bad_label, _bad_label_message, reads=(0,)),
)
def _sparse_softmax_cross_entropy(labels, logits, *, classes):
    dtype = logits.dtype
    precise = _precise(dtype)
    return _sparse_cross_entropy(labels, logits.astype(precise)).astype(dtype)


def sparse_softmax_cross_entropy_with_logits(labels, logits, name=None):
    """Cross entropy between the classes ``labels`` and ``softmax(logits)``: ``-log p(label)``.

    Args:
      labels: class numbers, int32 or int64, of ``logits``' shape without its last dimension.
      logits: a floating tensor ``(..., classes)``.
      name: unused in eager code.

    Returns:
      The loss of each row: shaped like ``labels``, of ``logits``' dtype.

    Raises:
      ValueError: if an argument is missing or the shapes do not fit.
      InvalidArgumentError: if a label is not in ``[0, classes)``.
      NotFoundError: if ``labels`` are not int32 or int64.
    """
    if labels is None or logits is None:
        raise ValueError("Both labels and logits must be provided.")
    labels, logits = convert_to_tensor(labels), convert_to_tensor(logits)
    if logits.ndim == 0:
        raise ValueError(f"Logits cannot be scalars - received shape {logits.shape}.")
    if labels.ndim != logits.ndim - 1:
        raise ValueError(
            f"Rank mismatch: Rank of labels (received {labels.ndim}) should equal rank of "
            f"logits minus 1 (received {logits.ndim})."
        )
    shape = tuple(logits.shape)
    if tuple(labels.shape) != shape[:-1]:
        raise ValueError(
            f"Shape mismatch: The shape of labels (received {labels.shape}) should equal the "
            f"shape of logits except for the last dimension (received {logits.shape})."
        )
    primitive = _sparse_softmax_cross_entropy
    if labels.dtype not in (int32, int64):
        raise primitive.no_kernel(labels.dtype)
    if logits.dtype not in FLOATS:
        raise primitive.no_kernel(logits.dtype)
    if shape[-1] == 0:
        flat = [math.prod(shape[:-1]), 0]
        raise invalid(
            f"Must have at least one class, but got logits shape {text(flat)} [Op:{primitive.name}]"
        )
    return primitive(labels, logits, classes=shape[-1])


# ------------------------------------------------------------------------------------- sigmoid
# TF makes these losses of simpler ops; its messages name the product of logits and labels.


@scoped("Mul", "logistic_loss/mul", types=FLOATS, rule=broadcast_all)
def _sigmoid_cross_entropy(logits, labels):
    # x - x * z + log(1 + exp(-x)), written so that exp can't overflow for negative x.
    positive = logits >= 0
    rectified = jnp.where(positive, logits, 0)
    minus_abs = jnp.where(positive, -logits, logits)
    return rectified - logits * labels + jnp.log1p(jnp.exp(minus_abs))


def sigmoid_cross_entropy_with_logits(labels=None, logits=None, name=None):
    """Cross entropy of independent yes/no classes whose probabilities are ``sigmoid(logits)``.

    Args:
      labels: a floating tensor of numbers between 0 and 1.
      logits: a tensor of the same shape and dtype.
      name: unused in eager code.

    Returns:
      The loss of each element: a tensor like ``logits``.

    Raises:
      ValueError: if an argument is missing or the shapes differ.
    """
    if labels is None or logits is None:
        raise ValueError("Both labels and logits must be provided.")
    labels, logits = _same_shapes(labels, logits)
    return _sigmoid_cross_entropy(logits, labels)


@scoped("Mul", "logistic_loss/mul", types=FLOATS, rule=broadcast_all)
def _weighted_cross_entropy(logits, labels, pos_weight):
    weight = 1 + (pos_weight - 1) * labels
    # max(-x, 0) and -abs(x) with TF's derivatives, which are 0 at 0.
    rectified = jnp.where(logits < 0, -logits, jnp.maximum(-lax.stop_gradient(logits), 0))
    minus_abs = -logits * lax.stop_gradient(jnp.sign(logits))
    softplus = jnp.log1p(jnp.exp(minus_abs)) + rectified
    return (1 - labels) * logits + weight * softplus


def weighted_cross_entropy_with_logits(labels, logits, pos_weight, name=None):
    """``sigmoid_cross_entropy_with_logits`` with the positive class's error weighted.

    The loss is ``pos_weight * labels * -log(p) + (1 - labels) * -log(1 - p)``, with
    ``p = sigmoid(logits)``: a weight above 1 trades precision for recall.

    Args:
      labels: a floating tensor of numbers between 0 and 1.
      logits: a tensor of the same shape and dtype.
      pos_weight: a number or a tensor that broadcasts with them.
      name: unused in eager code.

    Returns:
      The loss of each element, of ``logits``' dtype.

    Raises:
      ValueError: if the shapes of labels and logits differ.
    """
    labels, logits = _same_shapes(labels, logits)
    return _weighted_cross_entropy(logits, labels, pos_weight)


def _same_shapes(labels: Any, logits: Any) -> tuple[Tensor, Tensor]:
    logits = convert_to_tensor(logits)
    labels = convert_to_tensor(labels)
    if labels.shape != logits.shape:
        raise ValueError(
            f"logits and labels must have the same shape ({logits.shape} vs {labels.shape})"
        )
    return labels, logits


# ------------------------------------------------------------------------------- other losses


@scoped("Mul", "log_poisson_loss/mul", types=FLOATS, rule=broadcast_all)
def _log_poisson_loss(log_input, targets, *, full):
    loss = jnp.exp(log_input) - log_input * targets
    if full:
        # Stirling's approximation of log(targets!), which is 0 for 0 and 1.
        stirling = targets * jnp.log(targets) - targets + 0.5 * jnp.log((2 * math.pi) * targets)
        small = (targets >= 0) & (targets <= 1)
        loss = loss + jnp.where(small, jnp.zeros_like(targets), stirling)
    return loss


def log_poisson_loss(targets, log_input, compute_full_loss=False, name=None):
    """The log-likelihood loss of a Poisson distribution: ``exp(log_input) - log_input * targets``.

    Args:
      targets: a floating tensor of counts.
      log_input: a tensor of the same shape and dtype, the logarithm of the predicted rates.
      compute_full_loss: whether to add Stirling's approximation of ``log(targets!)``, a term that
        does not depend on the prediction.
      name: unused in eager code.

    Returns:
      The loss of each element: a tensor like ``log_input``.

    Raises:
      ValueError: if the shapes differ.
    """
    log_input = convert_to_tensor(log_input)
    targets = convert_to_tensor(targets)
    if targets.shape != log_input.shape:
        raise ValueError(
            f"log_input and targets must have the same shape ({log_input.shape} vs {targets.shape})"
        )
    return _log_poisson_loss(log_input, targets, full=bool(compute_full_loss))


@op("L2Loss", types=FLOATS, rule=lambda x: aval((), x.dtype), reads=(0,))
def _l2_loss(x):
    return jnp.sum(jnp.square(x)) / 2


def l2_loss(t, name=None):
    """Half the sum of the squares: ``sum(t ** 2) / 2``.

    Args:
      t: a floating tensor, of any shape.
      name: unused in eager code.

    Returns:
      A scalar of ``t``'s dtype.
    """
    return _l2_loss(t)


# ----------------------------------------------------------- averages over a distributed batch


def compute_average_loss(per_example_loss, sample_weight=None, global_batch_size=None):
    """The sum of the examples' losses, divided by the number of examples in the whole batch.

    Args:
      per_example_loss: a tensor of rank 1 or more.
      sample_weight: weights of the examples: a number, or a tensor that broadcasts with the losses
        once a last dimension of 1 is added or dropped.
      global_batch_size: the number to divide by; the first dimension's size by default.

    Returns:
      A scalar.

    Raises:
      ValueError: if the losses are a scalar or the weights do not fit.
    """
    losses = convert_to_tensor(per_example_loss)
    if losses.ndim == 0:
        raise ValueError(
            "Invalid value passed for `per_example_loss`. Expected a tensor with at least rank "
            f"1, received: {losses.numpy()}"
        )
    if sample_weight is not None:
        dtype = losses.dtype
        losses, weights = fit_weights(tf.cast(losses, float32), sample_weight)
        losses = tf.cast(losses * weights, dtype)
    if global_batch_size is None:
        global_batch_size = losses.shape[0]
    return tf.reduce_sum(losses) / global_batch_size


def fit_weights(losses: Tensor, sample_weight: Any) -> tuple[Tensor, Tensor]:
    """Losses and weights of one rank (or a scalar weight), as float32."""
    weights = tf.cast(convert_to_tensor(sample_weight), float32)
    if weights.ndim == 0:
        return losses, weights
    if weights.ndim == losses.ndim + 1:
        weights = tf.squeeze(weights, [-1])
    elif weights.ndim == losses.ndim - 1:
        weights = tf.expand_dims(weights, -1)
    values, given = tuple(losses.shape), tuple(weights.shape)
    problem = "weights can not be broadcast to values."
    if len(values) != len(given):
        raise ValueError(
            f"{problem} values.rank={len(values)}. weights.rank={len(given)}. "
            f"values.shape={losses.shape}. weights.shape={weights.shape}."
        )
    for i, (value, weight) in enumerate(zip(values, given, strict=True)):
        if weight not in (1, value):
            raise ValueError(
                f"{problem} Mismatch at dim {i}. values.shape={np.array(values)} "
                f"weights.shape={np.array(given)}."
            )
    return losses, weights


def scale_regularization_loss(regularization_loss):
    """The sum of the regularization losses, divided by the number of replicas (1 here).

    Args:
      regularization_loss: a tensor or a list of tensors.

    Returns:
      A scalar.
    """
    return tf.reduce_sum(regularization_loss) / 1
