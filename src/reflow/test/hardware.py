"""What hardware the program can use."""

from __future__ import annotations

import importlib.util
import pkgutil

from reflow.core.device import devices

__all__ = [
    "gpu_device_name",
    "is_built_with_cuda",
    "is_built_with_gpu_support",
    "is_built_with_rocm",
    "is_gpu_available",
]


def is_built_with_cuda():
    """Whether JAX's CUDA plugin is installed.

    Returns:
      A bool.
    """
    return _has_plugin("cuda")


def is_built_with_rocm():
    """Whether JAX's ROCm plugin is installed.

    Returns:
      A bool.
    """
    return _has_plugin("rocm")


def is_built_with_gpu_support():
    """Whether JAX's CUDA or ROCm plugin is installed.

    Returns:
      A bool.
    """
    return is_built_with_cuda() or is_built_with_rocm()


def _has_plugin(kind: str) -> bool:
    spec = importlib.util.find_spec("jax_plugins")
    if spec is None or spec.submodule_search_locations is None:
        return False
    return any(
        kind in plugin.name for plugin in pkgutil.iter_modules(spec.submodule_search_locations)
    )


def is_gpu_available(cuda_only=False, min_cuda_compute_capability=None):
    """Whether the program can use a GPU.

    Args:
      cuda_only: whether only CUDA GPUs count.
      min_cuda_compute_capability: the least compute capability ``(major, minor)`` that counts.

    Returns:
      A bool.
    """
    for logical, found in devices.logical():
        if logical.device_type != "GPU":
            continue
        capability = getattr(found, "compute_capability", None)
        if capability is None:
            if not cuda_only and min_cuda_compute_capability is None:
                return True
            continue
        version = tuple(int(part) for part in str(capability).split("."))
        if version >= tuple(min_cuda_compute_capability or (0, 0)):
            return True
    return False


def gpu_device_name():
    """The name of the first GPU.

    Returns:
      ``"/device:GPU:0"``, or an empty string if there is none.
    """
    names = (d.name for d, _ in devices.logical() if d.device_type == "GPU")
    return next(names, "")
