"""Watching out for NaN and infinity, and switches of TF's own debugger."""

from __future__ import annotations

from typing import Any

import numpy as np

import reflow as tf
from reflow.core.aval import aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import FLOATS, int32
from reflow.core.errors import invalid
from reflow.core.lazy import jnp
from reflow.core.logging import warn
from reflow.core.op import op
from reflow.core.record import check_later
from reflow.core.tensor import Tensor

__all__ = [
    "assert_all_finite",
    "check_numerics",
    "disable_check_numerics",
    "enable_check_numerics",
    "get_log_device_placement",
    "set_log_device_placement",
]


@op(
    "CheckNumerics",
    types=FLOATS,
    rule=lambda x: aval((2,), int32),
    reads=(),
    differentiable=False,
)
def _infinity_and_nan(x):
    """Whether there are infinite elements, and whether there are NaN."""
    return jnp.stack([jnp.any(jnp.isinf(x)), jnp.any(jnp.isnan(x))]).astype(jnp.int32)


def _verify(tensor: Tensor, message: str) -> None:
    """Raises if a tensor is not finite, or when the traced function has run."""

    def raiser(found: Any) -> None:
        names = [name for name, seen in zip(("Inf", "NaN"), found, strict=True) if seen]
        if names:
            values = " and ".join(names)
            raise invalid(f"{message} : Tensor had {values} values [Op:CheckNumerics]")

    found = _infinity_and_nan(tensor)
    if found._is_symbolic():
        check_later(found, lambda value: raiser(np.asarray(value)))
    else:
        raiser(found._host())


def check_numerics(tensor, message, name=None):
    """Returns a tensor after asserting that it is finite; its gradient is asserted to be, too.

    Args:
      tensor: a floating tensor.
      message: what to begin the error's message with.
      name: unused in eager code.

    Returns:
      ``tensor``.

    Raises:
      InvalidArgumentError: if there is NaN or infinity in it.
      NotFoundError: if it is no floating tensor.
      TypeError: if ``message`` is no string.
    """
    if not isinstance(message, str):
        raise TypeError(f"Expected string for argument 'message' not {message!r}.")
    tensor = convert_to_tensor(tensor)
    _verify(tensor, message)
    where = "Not a number (NaN) or infinity (Inf) values detected in gradient."

    @tf.custom_gradient
    def checked(x: Tensor) -> Any:
        def gradient(dy: Tensor) -> Tensor:
            _verify(dy, f"{where} {message.encode()!r}")
            return dy

        return tf.identity(x), gradient

    return checked(tensor)


def assert_all_finite(x, message, name=None):
    """Returns a tensor after asserting that it is finite; the same as ``check_numerics``.

    Args:
      x: a floating tensor.
      message: what to begin the error's message with.
      name: unused in eager code.

    Returns:
      ``x``.

    Raises:
      InvalidArgumentError: if there is NaN or infinity in it.
    """
    return check_numerics(x, message)


def enable_check_numerics(stack_height_limit=30, path_length_limit=50):
    """Not supported: Reflow runs many ops as one program and can't look at each one's output.

    Args:
      stack_height_limit: unused.
      path_length_limit: unused.

    Raises:
      NotImplementedError: always.
    """
    raise NotImplementedError(
        "Reflow compiles ops together and can't check the output of each; call "
        "tf.debugging.check_numerics(x, message) on the tensors in question"
    )


def disable_check_numerics():
    """Does nothing, since ``enable_check_numerics`` is not supported."""


# --------------------------------------------------------------------------- device placement

_log_placement = [False]


def get_log_device_placement():
    """Whether the devices that ops run on were asked to be logged.

    Returns:
      A bool; False unless it was set.
    """
    return _log_placement[0]


def set_log_device_placement(enabled):
    """Notes the wish to log where each op runs, which Reflow can't fulfil; it warns of that.

    Args:
      enabled: whether to log.
    """
    if enabled and not _log_placement[0]:
        warn(
            "device placement is not logged: Reflow compiles ops together; tensor.device tells "
            "where a tensor is"
        )
    _log_placement[0] = bool(enabled)
