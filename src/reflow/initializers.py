"""``tf.initializers``: starting values of weights.

An initializer is called with a shape and a dtype. Without a seed it draws from the stream of
``tf.random``, one op seed a call; with one it gives the same numbers at every call, whatever the
global seed.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import reflow as tf
from reflow._namespace import lazy_names
from reflow.core import custom_objects as custom
from reflow.core.dtypes import DType, as_dtype, float32
from reflow.core.tensor import tensor_from_numpy

__all__ = [
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "Identity",
    "Initializer",
    "Ones",
    "Orthogonal",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "deserialize",
    "get",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
    "serialize",
]

_TRUNCATED_STDDEV = 0.87962566103423978
"""Standard deviation of a standard normal distribution truncated at 2."""


class Initializer:
    """Base of all initializers; override ``__call__`` and ``get_config``."""

    def __call__(self, shape, dtype=None):
        """Returns a tensor of starting values of this shape and dtype."""
        raise NotImplementedError

    def get_config(self):
        """Returns the arguments that make an equal initializer, as a dict for JSON."""
        return {}

    @classmethod
    def from_config(cls, config):
        """Makes an initializer from the result of ``get_config``."""
        config = dict(config)
        config.pop("dtype", None)  # configs of TensorFlow 1 have it
        return cls(**config)


class Zeros(Initializer):
    """All elements 0 (empty strings, False)."""

    def __call__(self, shape, dtype=float32):
        """Returns zeros.

        Args:
          shape: a vector of ints.
          dtype: any type.
        """
        return tf.zeros(shape, as_dtype(dtype))


class Ones(Initializer):
    """All elements 1 (True)."""

    def __call__(self, shape, dtype=float32):
        """Returns ones.

        Args:
          shape: a vector of ints.
          dtype: a numeric type or bool.

        Raises:
          ValueError: if ``dtype`` is another type.
        """
        dtype = as_dtype(dtype)
        if not dtype.is_numpy_compatible or dtype == tf.string:
            raise ValueError(f"Expected numeric or boolean dtype, got {dtype}.")
        return tf.ones(shape, dtype)


class Constant(Initializer):
    """A given value, or given elements.

    Args:
      value: a number or string for all elements; or a list or array with as many elements as the
        tensors to make, which take them in order.

    Raises:
      TypeError: if ``value`` is anything else.
    """

    def __init__(self, value=0):
        if not (np.isscalar(value) or isinstance(value, (list, tuple, np.ndarray))):
            raise TypeError(
                f"Invalid type for initial value: {type(value)} (expected Python scalar, list or "
                "tuple of values, or numpy.ndarray)."
            )
        self.value = value

    def __call__(self, shape, dtype=None):
        """Returns the constant.

        Args:
          shape: a vector of ints.
          dtype: the type; by default it follows from the value.
        """
        return tf.constant(
            self.value, dtype=None if dtype is None else as_dtype(dtype), shape=shape
        )

    def get_config(self):
        """Returns the arguments that make an equal initializer."""
        return {"value": self.value}


class RandomUniform(Initializer):
    """Numbers uniform in ``[minval, maxval)``.

    Args:
      minval, maxval: the bounds.
      seed: an int for the same numbers at every call.
    """

    def __init__(self, minval=-0.05, maxval=0.05, seed=None):
        self.minval = minval
        self.maxval = maxval
        self.seed = seed

    def __call__(self, shape, dtype=float32):
        """Returns random numbers.

        Args:
          shape: a vector of ints.
          dtype: a floating type, int32 or int64.

        Raises:
          ValueError: if ``dtype`` is another type.
        """
        dtype = as_dtype(dtype)
        if not dtype.is_floating and not dtype.is_integer:
            raise ValueError(f"Expected float or integer dtype, got {dtype}.")
        return _uniform(shape, self.minval, self.maxval, dtype, self.seed)

    def get_config(self):
        """Returns the arguments that make an equal initializer."""
        return {"minval": self.minval, "maxval": self.maxval, "seed": self.seed}


class RandomNormal(Initializer):
    """Normally distributed numbers.

    Args:
      mean, stddev: mean and standard deviation.
      seed: an int for the same numbers at every call.
    """

    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        self.mean = mean
        self.stddev = stddev
        self.seed = seed

    def __call__(self, shape, dtype=float32):
        """Returns random numbers.

        Args:
          shape: a vector of ints.
          dtype: a floating type.

        Raises:
          ValueError: if ``dtype`` is another type.
        """
        return _normal(shape, self.mean, self.stddev, _floating(dtype), self.seed)

    def get_config(self):
        """Returns the arguments that make an equal initializer."""
        return {"mean": self.mean, "stddev": self.stddev, "seed": self.seed}


class TruncatedNormal(Initializer):
    """Normally distributed numbers within two standard deviations.

    Args:
      mean, stddev: mean and standard deviation before truncation.
      seed: an int for the same numbers at every call.
    """

    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        self.mean = mean
        self.stddev = stddev
        self.seed = seed

    def __call__(self, shape, dtype=float32):
        """Returns random numbers.

        Args:
          shape: a vector of ints.
          dtype: a floating type.

        Raises:
          ValueError: if ``dtype`` is another type.
        """
        return _truncated_normal(shape, self.mean, self.stddev, _floating(dtype), self.seed)

    def get_config(self):
        """Returns the arguments that make an equal initializer."""
        return {"mean": self.mean, "stddev": self.stddev, "seed": self.seed}


class VarianceScaling(Initializer):
    """Random numbers of variance ``scale / n``, so that signals keep their size through layers.

    n is the number of inputs of a unit (``fan_in``), of its outputs (``fan_out``), or their mean
    (``fan_avg``).

    Args:
      scale: a positive number.
      mode: ``"fan_in"``, ``"fan_out"`` or ``"fan_avg"``.
      distribution: ``"truncated_normal"`` (or ``"normal"``), ``"untruncated_normal"`` or
        ``"uniform"``, which is in ``[-limit, limit)`` with ``limit = sqrt(3 scale / n)``.
      seed: an int for the same numbers at every call.

    Raises:
      ValueError: if an argument is none of these.
    """

    def __init__(self, scale=1.0, mode="fan_in", distribution="truncated_normal", seed=None):
        if scale <= 0.0:
            raise ValueError("`scale` must be positive float.")
        if mode not in ("fan_in", "fan_out", "fan_avg"):
            raise ValueError("Invalid `mode` argument:", mode)
        distribution = distribution.lower()
        if distribution == "normal":
            distribution = "truncated_normal"
        if distribution not in ("uniform", "truncated_normal", "untruncated_normal"):
            raise ValueError("Invalid `distribution` argument:", distribution)
        self.scale = scale
        self.mode = mode
        self.distribution = distribution
        self.seed = seed

    def __call__(self, shape, dtype=float32):
        """Returns random numbers.

        Args:
          shape: a vector of ints: ``[..., inputs, outputs]``, window sizes first.
          dtype: a floating type.

        Raises:
          ValueError: if ``dtype`` is another type.
        """
        dtype = _floating(dtype)
        fan_in, fan_out = _fans(shape)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
        variance = self.scale / max(1.0, fan[self.mode])
        if self.distribution == "uniform":
            limit = math.sqrt(3.0 * variance)
            return _uniform(shape, -limit, limit, dtype, self.seed)
        stddev = math.sqrt(variance)
        if self.distribution == "untruncated_normal":
            return _normal(shape, 0.0, stddev, dtype, self.seed)
        return _truncated_normal(shape, 0.0, stddev / _TRUNCATED_STDDEV, dtype, self.seed)

    def get_config(self):
        """Returns the arguments that make an equal initializer."""
        return {
            "scale": self.scale,
            "mode": self.mode,
            "distribution": self.distribution,
            "seed": self.seed,
        }


class GlorotUniform(VarianceScaling):
    """Uniform in ``[-limit, limit)``, ``limit = sqrt(6 / (inputs + outputs))`` (Glorot 2010).

    Args:
      seed: an int for the same numbers at every call.
    """

    def __init__(self, seed=None):
        super().__init__(1.0, "fan_avg", "uniform", seed)

    def get_config(self):
        """Returns the arguments that make an equal initializer."""
        return {"seed": self.seed}


class GlorotNormal(VarianceScaling):
    """Truncated normal of standard deviation ``sqrt(2 / (inputs + outputs))`` (Glorot 2010).

    Args:
      seed: an int for the same numbers at every call.
    """

    def __init__(self, seed=None):
        super().__init__(1.0, "fan_avg", "truncated_normal", seed)

    def get_config(self):
        """Returns the arguments that make an equal initializer."""
        return {"seed": self.seed}


def he_normal(seed=None):
    """Truncated normal of variance ``2 / inputs``, for relu layers (He 2015)."""
    return VarianceScaling(2.0, "fan_in", "truncated_normal", seed)


def he_uniform(seed=None):
    """Uniform of variance ``2 / inputs``, for relu layers (He 2015)."""
    return VarianceScaling(2.0, "fan_in", "uniform", seed)


def lecun_normal(seed=None):
    """Truncated normal of variance ``1 / inputs`` (LeCun 1998)."""
    return VarianceScaling(1.0, "fan_in", "truncated_normal", seed)


def lecun_uniform(seed=None):
    """Uniform of variance ``1 / inputs`` (LeCun 1998)."""
    return VarianceScaling(1.0, "fan_in", "uniform", seed)


class Orthogonal(Initializer):
    """A random orthogonal matrix: the Q of a normal matrix's QR factors, diag(R) made positive.

    Shapes of more than two axes are matrices with the last axis as columns. If there are more
    columns than rows, the rows are orthogonal, else the columns.

    Args:
      gain: what to multiply the matrix by.
      seed: an int for the same numbers at every call.
    """

    def __init__(self, gain=1.0, seed=None):
        self.gain = gain
        self.seed = seed

    def __call__(self, shape, dtype=float32):
        """Returns the matrix.

        Args:
          shape: a vector of at least two ints.
          dtype: a floating type.

        Raises:
          ValueError: if ``dtype`` is another type or ``shape`` is shorter.
        """
        dtype = _floating(dtype)
        if len(shape) < 2:
            raise ValueError("The tensor to initialize must be at least two-dimensional")
        columns = shape[-1]
        rows = math.prod(shape[:-1])
        normal = _normal((max(rows, columns), min(rows, columns)), 0.0, 1.0, dtype, self.seed)
        # LAPACK in double precision; TensorFlow's own QR rounds otherwise in the last places.
        q, r = np.linalg.qr(normal.numpy().astype(np.float64))
        q *= np.sign(np.diagonal(r))
        q = q.T if rows < columns else q
        matrix = tensor_from_numpy(np.ascontiguousarray(q.reshape(tuple(shape))).astype(dtype.np))
        return self.gain * matrix

    def get_config(self):
        """Returns the arguments that make an equal initializer."""
        return {"gain": self.gain, "seed": self.seed}


class Identity(Initializer):
    """A multiple of the identity matrix.

    Args:
      gain: the multiple.
    """

    def __init__(self, gain=1.0):
        self.gain = gain

    def __call__(self, shape, dtype=float32):
        """Returns the matrix.

        Args:
          shape: two ints.
          dtype: a floating type.

        Raises:
          ValueError: if ``dtype`` is another type or ``shape`` not of length 2.
        """
        dtype = _floating(dtype)
        if len(shape) != 2:
            raise ValueError("Identity matrix initializer can only be used for 2D matrices.")
        return self.gain * tf.eye(*shape, dtype=dtype)

    def get_config(self):
        """Returns the arguments that make an equal initializer."""
        return {"gain": self.gain}


# ---- drawing


def _uniform(shape: Any, low: Any, high: Any, dtype: DType, seed: Any) -> Any:
    if seed is None:
        return tf.random.uniform(shape, low, high, dtype)
    return tf.random.stateless_uniform(shape, [seed, 0], low, high, dtype)


def _normal(shape: Any, mean: Any, stddev: Any, dtype: DType, seed: Any) -> Any:
    if seed is None:
        return tf.random.normal(shape, mean, stddev, dtype)
    return tf.random.stateless_normal(shape, [seed, 0], mean, stddev, dtype)


def _truncated_normal(shape: Any, mean: Any, stddev: Any, dtype: DType, seed: Any) -> Any:
    if seed is None:
        return tf.random.truncated_normal(shape, mean, stddev, dtype)
    return tf.random.stateless_truncated_normal(shape, [seed, 0], mean, stddev, dtype)


def _floating(dtype: Any) -> DType:
    dtype = as_dtype(dtype)
    if not dtype.is_floating:
        raise ValueError(f"Expected floating point type, got {dtype}.")
    return dtype  # type: ignore[no-any-return]


def _fans(shape: Any) -> tuple[Any, Any]:
    """Inputs and outputs of a unit with weights of this shape."""
    if len(shape) < 1:
        return 1, 1
    if len(shape) <= 2:
        return shape[0], shape[-1]
    window = math.prod(shape[:-2])
    return shape[-2] * window, shape[-1] * window


# ---- by name

_BY_NAME: dict[str, Any] = {
    item.__name__: item
    for item in (
        Constant, GlorotNormal, GlorotUniform, Identity, Initializer, Ones, Orthogonal,
        RandomNormal, RandomUniform, TruncatedNormal, VarianceScaling, Zeros, he_normal,
        he_uniform, lecun_normal, lecun_uniform,
    )
} | {
    "constant": Constant,
    "constant_initializer": Constant,
    "glorot_normal": GlorotNormal,
    "glorot_normal_initializer": GlorotNormal,
    "glorot_uniform": GlorotUniform,
    "glorot_uniform_initializer": GlorotUniform,
    "identity": Identity,
    "identity_initializer": Identity,
    "normal": RandomNormal,
    "one": Ones,
    "ones": Ones,
    "ones_initializer": Ones,
    "orthogonal": Orthogonal,
    "orthogonal_initializer": Orthogonal,
    "random_normal": RandomNormal,
    "random_normal_initializer": RandomNormal,
    "random_uniform": RandomUniform,
    "random_uniform_initializer": RandomUniform,
    "truncated_normal": TruncatedNormal,
    "truncated_normal_initializer": TruncatedNormal,
    "uniform": RandomUniform,
    "variance_scaling_initializer": VarianceScaling,
    "zero": Zeros,
    "zeros": Zeros,
    "zeros_initializer": Zeros,
}  # fmt: skip


def get(identifier):
    """Returns an initializer by name, config or itself.

    Args:
      identifier: a name such as ``"glorot_uniform"``, a dict with ``class_name`` and ``config``,
        a callable, or None.

    Returns:
      An initializer, or None for None.

    Raises:
      ValueError: if there is no such initializer.
    """
    if identifier is None or callable(identifier):
        return identifier
    if isinstance(identifier, (dict, str)):
        return deserialize(identifier)
    raise ValueError(f"Could not interpret initializer identifier: {identifier}")


def serialize(initializer):
    """Returns a dict with ``class_name`` and ``config``, or the name of a function.

    Raises:
      ValueError: if it has neither a config nor a name.
    """
    if initializer is None:
        return None
    if hasattr(initializer, "get_config"):
        name = custom.registered_name(type(initializer))
        return {"class_name": name, "config": initializer.get_config()}
    if hasattr(initializer, "__name__"):
        return custom.registered_name(initializer)
    raise ValueError("Cannot serialize", initializer)


def deserialize(config, custom_objects=None):
    """Makes an initializer from the result of ``serialize``.

    Args:
      config: a dict with ``class_name`` and ``config``, or a name.
      custom_objects: names of the user's own initializers.

    Raises:
      ValueError: if there is no such initializer.
    """
    if config is None:
        return None
    if isinstance(config, str):
        found = custom.find(config, custom_objects, _BY_NAME)
        if found is None:
            raise ValueError(f"Unknown initializer:{config}")
        own = isinstance(found, type) or found is _BY_NAME.get(config)
        return found() if own else found
    if not isinstance(config, dict):
        raise ValueError(f"Could not interpret serialized initializer: {config}")
    if "class_name" not in config or "config" not in config:
        raise ValueError(f"Improper config format: {config}")
    found = custom.find(config["class_name"], custom_objects, _BY_NAME)
    if found is None:
        raise ValueError(f"Unknown initializer: {config['class_name']}")
    if hasattr(found, "from_config"):
        return found.from_config(config["config"])
    return found(**config["config"])


__getattr__, __dir__ = lazy_names(__name__)
