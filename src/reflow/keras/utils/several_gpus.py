"""``multi_gpu_model``, which copied a model to several GPUs."""

from __future__ import annotations

import reflow as tf

__all__ = ["multi_gpu_model"]


def multi_gpu_model(model, gpus, cpu_merge=True, cpu_relocation=False):
    """Is not there: programs that run on one device need not copy their model.

    Args:
      model: a model.
      gpus: the number of GPUs, or a list of their numbers.
      cpu_merge, cpu_relocation: where results and weights are kept.

    Raises:
      ValueError: if ``gpus`` is less than 2, or so many are not there.
      NotImplementedError: else.
    """
    wanted = list(gpus) if isinstance(gpus, (list, tuple)) else list(range(gpus))
    if len(wanted) <= 1:
        raise ValueError(
            "For multi-gpu usage to be effective, call `multi_gpu_model` with `gpus >= 2`. "
            f"Received: `gpus={gpus}`"
        )
    there = [f"/gpu:{i}" for i in range(len(tf.config.list_physical_devices("GPU")))]
    expected = ["/cpu:0", *[f"/gpu:{number}" for number in wanted]]
    if not set(expected[1:]) <= set(there):
        raise ValueError(
            f"To call `multi_gpu_model` with `gpus={gpus}`, we expect the following devices to be "
            f"available: {expected}. However this machine only has: {['/cpu:0', *there]}. Try "
            "reducing `gpus`."
        )
    raise NotImplementedError(
        "multi_gpu_model is not there, as in TF after 2.1: use the model itself, which runs on one "
        "device"
    )
