"""Activation functions: ``tf.nn.relu``, ``tf.nn.softmax``, ``tf.nn.sigmoid`` and their kin.

Where TF derives from the output or decides a kink its own way, so do we; and where the textbook has
several forms that differ in the last bit (``exp(x) - 1`` or ``expm1(x)``), the one here is TF's.
"""

from __future__ import annotations

import math
from functools import partial
from numbers import Real
from typing import Any

import numpy as np

from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.derivative import custom_jvp
from reflow.core.dtypes import COMPLEXES, FLOATS, INTEGERS, float32
from reflow.core.errors import invalid
from reflow.core.lazy import jnp, lax
from reflow.core.op import Primitive, op
from reflow.core.rules import same_shape
from reflow.core.static import static_int
from reflow.core.tensor import Tensor

__all__ = [
    "crelu",
    "elu",
    "leaky_relu",
    "log_softmax",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "softmax",
    "softplus",
    "softsign",
    "swish",
]

REALS = FLOATS | INTEGERS

SELU_SCALE = 1.0507009873554804934193349852946
SELU_SCALE_ALPHA = 1.7580993408473768599402175208123


# ---------------------------------------------------------------------------------- rectifiers


@op("Relu", types=REALS, rule=same_shape, reads=(0,))
def _relu(x):
    # The derivative at 0 is 0, and NaN stays NaN: hence neither max(x, 0) nor a plain select.
    return jnp.where(x > 0, x, jnp.maximum(lax.stop_gradient(x), 0))


def relu(features, name=None):
    """Rectified linear: ``max(features, 0)``; its derivative at 0 is 0.

    Args:
      features: a tensor of real numbers, of any shape.
      name: unused in eager code.

    Returns:
      A tensor like ``features``.
    """
    return _relu(features)


@op("Relu6", types=REALS, rule=same_shape, reads=(0,))
def _relu6(x):
    return jnp.where((x > 0) & (x < 6), x, jnp.clip(lax.stop_gradient(x), 0, 6))


def relu6(features, name=None):
    """Rectified linear, capped: ``min(max(features, 0), 6)``.

    Args:
      features: a tensor of real numbers, of any shape.
      name: unused in eager code.

    Returns:
      A tensor like ``features``.
    """
    return _relu6(features)


def _leaky_relu_rule(x: Aval, *, alpha: float) -> Aval:
    return aval(x.shape, float32 if x.dtype.is_integer else x.dtype)


@op("LeakyRelu", types=REALS, rule=_leaky_relu_rule, reads=(0,))
def _leaky_relu(x, *, alpha):
    if jnp.issubdtype(x.dtype, jnp.integer):
        x = x.astype(jnp.float32)
    return jnp.where(x > 0, x, x * jnp.asarray(alpha, x.dtype))


def leaky_relu(features, alpha=0.2, name=None):
    """Leaky rectified linear: ``features`` where positive, else ``alpha * features``.

    Args:
      features: a tensor of real numbers, of any shape; integers are taken as float32.
      alpha: a Python number, the slope on the negative side.
      name: unused in eager code.

    Returns:
      A tensor like ``features``.

    Raises:
      TypeError: if ``alpha`` is no number.
    """
    if not isinstance(alpha, Real):
        raise TypeError(f"Expected float for argument 'alpha' not {alpha!r}.")
    # TF keeps alpha as a float32, also for float64 features.
    return _leaky_relu(features, alpha=float(np.float32(alpha)))


def crelu(features, axis=-1, name=None):
    """Concatenated rectified linear: ``concat([relu(features), relu(-features)], axis)``.

    Args:
      features: a tensor of real numbers, of rank 1 or more.
      axis: the dimension that becomes twice as long.
      name: unused in eager code.

    Returns:
      A tensor of ``features``' dtype.
    """
    features = convert_to_tensor(features)
    axis = static_int(axis, "axis")
    rank = features.ndim
    if not -rank <= axis < rank:
        raise invalid(
            f"ConcatOp : Expected concatenating dimensions in the range [{-rank}, {rank}), "
            f"but got {axis} [Op:ConcatV2]"
        )
    return _crelu(features, axis=axis)


def _crelu_rule(x: Aval, *, axis: int) -> Aval:
    shape = list(x.shape)
    shape[axis] *= 2
    return aval(tuple(shape), x.dtype)


@op("CRelu", types=REALS, rule=_crelu_rule, reads=(0,))
def _crelu(x, *, axis):
    return jnp.concatenate([_relu.fn(x), _relu.fn(-x)], axis)


# ------------------------------------------------------------------------- exponential units


@custom_jvp
def _elu_formula(x):
    return jnp.where(x < 0, jnp.exp(jnp.minimum(x, 0)) - 1, x)


@_elu_formula.defjvp
def _elu_jvp(primals, tangents):
    (x,), (dx,) = primals, tangents
    y = _elu_formula(x)
    return y, jnp.where(y < 0, y + 1, 1) * dx


@op("Elu", types=FLOATS, rule=same_shape, reads=(0,))
def _elu(x):
    return _elu_formula(x)


def elu(features, name=None):
    """Exponential linear: ``features`` where not negative, else ``exp(features) - 1``.

    Args:
      features: a floating tensor, of any shape.
      name: unused in eager code.

    Returns:
      A tensor like ``features``.
    """
    return _elu(features)


@custom_jvp
def _selu_formula(x):
    return jnp.where(x < 0, SELU_SCALE_ALPHA * (jnp.exp(jnp.minimum(x, 0)) - 1), SELU_SCALE * x)


@_selu_formula.defjvp
def _selu_jvp(primals, tangents):
    (x,), (dx,) = primals, tangents
    y = _selu_formula(x)
    return y, jnp.where(y < 0, y + SELU_SCALE_ALPHA, SELU_SCALE) * dx


@op("Selu", types=FLOATS, rule=same_shape, reads=(0,))
def _selu(x):
    return _selu_formula(x)


def selu(features, name=None):
    """Scaled exponential linear: ``scale * features`` or ``scale * alpha * (exp(features) - 1)``.

    ``scale`` is about 1.0507 and ``alpha`` about 1.6733, so that activations keep mean 0 and
    variance 1 from layer to layer (with ``lecun_normal`` weights).

    Args:
      features: a floating tensor, of any shape.
      name: unused in eager code.

    Returns:
      A tensor like ``features``.
    """
    return _selu(features)


# -------------------------------------------------------------------------- smooth functions


@op("Sigmoid", types=FLOATS | COMPLEXES, rule=same_shape, reads=(0,))
def _sigmoid(x):
    return lax.logistic(x)


def sigmoid(x, name=None):
    """The logistic function ``1 / (1 + exp(-x))``, element by element.

    Args:
      x: a floating or complex tensor, of any shape.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _sigmoid(x)


@op("Swish", types=FLOATS | COMPLEXES, rule=same_shape, reads=(0,))
def _swish(x):
    return x * lax.logistic(x)


def swish(features):
    """``features * sigmoid(features)``, also known as SiLU.

    Args:
      features: a floating or complex tensor, of any shape.

    Returns:
      A tensor like ``features``.
    """
    return _swish(features)


@custom_jvp
def _softplus_formula(x):
    # Beyond the threshold, log(1 + exp(x)) equals x (or exp(x)) to the last bit.
    threshold = -math.log(float(jnp.finfo(x.dtype).eps)) - 2
    middle = jnp.log(jnp.exp(jnp.minimum(x, threshold)) + 1)
    y = jnp.where(x > threshold, x, jnp.where(x < -threshold, jnp.exp(x), middle))
    return y.astype(x.dtype)


@_softplus_formula.defjvp
def _softplus_jvp(primals, tangents):
    (x,), (dx,) = primals, tangents
    return _softplus_formula(x), lax.logistic(x) * dx


@op("Softplus", types=FLOATS, rule=same_shape, reads=(0,))
def _softplus(x):
    return _softplus_formula(x)


def softplus(features, name=None):
    """``log(exp(features) + 1)``, a smooth rectifier.

    Args:
      features: a floating tensor, of any shape.
      name: unused in eager code.

    Returns:
      A tensor like ``features``.
    """
    return _softplus(features)


@custom_jvp
def _softsign_formula(x):
    return x / (jnp.abs(x) + 1)


@_softsign_formula.defjvp
def _softsign_jvp(primals, tangents):
    (x,), (dx,) = primals, tangents
    return _softsign_formula(x), dx / jnp.square(jnp.abs(x) + 1)


@op("Softsign", types=FLOATS, rule=same_shape, reads=(0,))
def _softsign(x):
    return _softsign_formula(x)


def softsign(features, name=None):
    """``features / (abs(features) + 1)``.

    Args:
      features: a floating tensor, of any shape.
      name: unused in eager code.

    Returns:
      A tensor like ``features``.
    """
    return _softsign(features)


# ------------------------------------------------------------------------------------ softmax


@partial(custom_jvp, static=(1,))
def _softmax_formula(x, axis):
    # Subtracting the maximum keeps exp from overflowing; TF multiplies by the sum's reciprocal.
    e = jnp.exp(x - jnp.max(x, axis, keepdims=True, initial=-jnp.inf))
    return e * (1 / jnp.sum(e, axis, keepdims=True))


@_softmax_formula.defjvp
def _softmax_jvp(axis, primals, tangents):
    (x,), (dx,) = primals, tangents
    y = _softmax_formula(x, axis)
    return y, (dx - jnp.sum(dx * y, axis, keepdims=True)) * y


@op("Softmax", types=FLOATS, rule=same_shape, reads=(0,))
def _softmax(x, *, axis):
    return _softmax_formula(x, axis)


def softmax(logits, axis=None, name=None):
    """``exp(logits) / sum(exp(logits), axis)``: numbers that are positive and sum to 1.

    Args:
      logits: a floating tensor of rank 1 or more.
      axis: the dimension to normalize over; the last one by default.
      name: unused in eager code.

    Returns:
      A tensor like ``logits``.

    Raises:
      InvalidArgumentError: if ``logits`` is a scalar or ``axis`` is out of range.
    """
    logits = convert_to_tensor(logits)
    return _softmax(logits, axis=_softmax_axis(_softmax, logits, axis))


@partial(custom_jvp, static=(1,))
def _log_softmax_formula(x, axis):
    shifted = x - jnp.max(x, axis, keepdims=True, initial=-jnp.inf)
    return shifted - jnp.log(jnp.sum(jnp.exp(shifted), axis, keepdims=True))


@_log_softmax_formula.defjvp
def _log_softmax_jvp(axis, primals, tangents):
    (x,), (dx,) = primals, tangents
    y = _log_softmax_formula(x, axis)
    return y, dx - jnp.sum(dx * jnp.exp(y), axis, keepdims=True)


@op("LogSoftmax", types=FLOATS, rule=same_shape, reads=(0,))
def _log_softmax(x, *, axis):
    return _log_softmax_formula(x, axis)


def log_softmax(logits, axis=None, name=None):
    """``logits - log(sum(exp(logits), axis))``, without the overflow of that formula.

    Args:
      logits: a floating tensor of rank 1 or more.
      axis: the dimension to normalize over; the last one by default.
      name: unused in eager code.

    Returns:
      A tensor like ``logits``.

    Raises:
      InvalidArgumentError: if ``logits`` is a scalar or ``axis`` is out of range.
    """
    logits = convert_to_tensor(logits)
    return _log_softmax(logits, axis=_softmax_axis(_log_softmax, logits, axis))


def _softmax_axis(primitive: Primitive, logits: Tensor, axis: Any) -> int:
    """The axis, counted from the end; raises TF's errors if there is no such axis."""
    rank = logits.ndim
    if logits.dtype not in FLOATS:
        raise primitive.no_kernel(logits.dtype)
    axis = -1 if axis is None else static_int(axis, "axis")
    if axis == -1:
        if rank == 0:
            raise invalid(f"logits must have >= 1 dimension, got [] [Op:{primitive.name}]")
        return axis
    if not -rank <= axis < rank:
        raise invalid(
            f"Dimension ({axis}) must be in the range [{-rank}, {rank}) where {rank} is the "
            "number of dimensions in the input."
        )
    return axis - rank if axis >= 0 else axis
