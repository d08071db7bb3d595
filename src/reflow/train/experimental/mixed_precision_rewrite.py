"""TF's graph rewrite to float16, which is for GPUs; what is left of it here is the loss's scale."""

from __future__ import annotations

import reflow as tf
from reflow.core.logging import warn
from reflow.keras.mixed_precision.experimental.policy import global_policy
from reflow.keras.optimizers.optimizer import Optimizer

__all__ = ["disable_mixed_precision_graph_rewrite", "enable_mixed_precision_graph_rewrite"]


def enable_mixed_precision_graph_rewrite(opt, loss_scale="dynamic"):
    """Wraps an optimizer so that it scales losses.

    TF would also compute parts of graphs in float16 on a GPU; on a CPU it changes nothing else,
    and neither does Reflow.

    Args:
      opt: a Keras optimizer.
      loss_scale: a ``LossScale``, a number, or ``"dynamic"``.

    Returns:
      A ``LossScaleOptimizer``.

    Raises:
      ValueError: if a mixed policy is set, or ``opt`` is no optimizer or such a one already.
    """
    kind = tf.keras.mixed_precision.experimental.LossScaleOptimizer
    if global_policy().should_cast_variables:
        raise ValueError(
            "The mixed precision graph rewrite cannot be enabled, because a keras mixed precision "
            "Policy has been set. At most, one of the following functions can be called:\n\n"
            "  1. tf.keras.mixed_precision.experimental.set_policy() (You called this first)\n"
            "  2. tf.train.experimental.enable_mixed_precision_graph_rewrite() (You called this "
            "second)\n\nYou called both functions, which is an error, because both functions "
            "enable you to use mixed precision."
        )
    if not isinstance(opt, Optimizer):
        raise ValueError(
            '"opt" must be an instance of a tf.train.Optimizer or a tf.keras.optimizers.Optimizer, '
            f"but got: {opt}"
        )
    if isinstance(opt, kind):
        raise ValueError(f'"opt" must not already be an instance of a LossScaleOptimizer: {opt}')
    wrapped = kind(opt, loss_scale)
    tf.config.optimizer.set_experimental_options({"auto_mixed_precision": True})
    return wrapped


def disable_mixed_precision_graph_rewrite():
    """Takes back what ``enable_mixed_precision_graph_rewrite`` set; optimizers stay wrapped."""
    options = tf.config.optimizer.get_experimental_options()
    if not options.get("auto_mixed_precision", False):
        warn(
            "disable_mixed_precision_graph_rewrite() called when mixed precision is already "
            "disabled."
        )
    tf.config.optimizer.set_experimental_options({"auto_mixed_precision": False})
