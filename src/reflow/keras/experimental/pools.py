"""``tf.keras.experimental.terminate_keras_multiprocessing_pools``."""

from __future__ import annotations

__all__ = ["terminate_keras_multiprocessing_pools"]


def terminate_keras_multiprocessing_pools(grace_period=0.1, use_sigkill=False):
    """Stops worker processes that were left over.

    Reflow's enqueuers end their workers when they stop, so there are none.

    Args:
      grace_period: seconds that TF gives workers to end by themselves.
      use_sigkill: whether TF ends them by force.

    Returns:
      A list of errors: an empty one.
    """
    return []
