"""``tf.config.experimental``: memory growth, and switches of TF's own runtime."""

from __future__ import annotations

from typing import Any

from reflow._namespace import lazy_names
from reflow.config.devices import list_physical_devices

__all__ = [
    "disable_mlir_bridge",
    "enable_mlir_bridge",
    "get_device_policy",
    "get_memory_growth",
    "get_synchronous_execution",
    "set_device_policy",
    "set_memory_growth",
    "set_synchronous_execution",
]

_POLICIES = ("silent", "silent_for_int32", "warn", "explicit")
_state: dict[str, Any] = {"policy": "silent", "synchronous": True, "mlir_bridge": False}
_growth: dict[Any, bool] = {}


def set_memory_growth(device, enable):
    """Asks that a GPU's memory be taken as it is needed, which Reflow does in any case.

    Args:
      device: a physical GPU.
      enable: whether memory should grow.

    Raises:
      ValueError: if there is no such device, or it is no GPU.
    """
    if device not in list_physical_devices():
        raise ValueError(f"Unrecognized device: {device!r}")
    if device.device_type != "GPU":
        raise ValueError("Cannot set memory growth on non-GPU devices")
    _growth[device] = bool(enable)


def get_memory_growth(device):
    """Whether memory growth was asked for.

    Args:
      device: a physical GPU.

    Returns:
      A bool; False unless it was set.

    Raises:
      ValueError: if there is no such device.
      KeyError: if it is no GPU.
    """
    if device not in list_physical_devices():
        raise ValueError(f"Unrecognized device: {device!r}")
    if device.device_type != "GPU":
        raise KeyError(device)
    return _growth.get(device, False)


def get_device_policy():
    """The policy for inputs on other devices: ``"silent"`` unless it was set.

    Returns:
      ``"silent"``, ``"silent_for_int32"``, ``"warn"`` or ``"explicit"``.
    """
    return _state["policy"]


def set_device_policy(device_policy):
    """Sets the policy for inputs on other devices; Reflow copies them silently in any case.

    Args:
      device_policy: None or ``"silent"``, ``"silent_for_int32"``, ``"warn"`` or ``"explicit"``.

    Raises:
      ValueError: if it is none of these.
    """
    policy = "silent" if device_policy is None else device_policy
    if policy not in _POLICIES:
        raise ValueError(f"Not a valid device policy: {device_policy!r}")
    _state["policy"] = policy


def get_synchronous_execution():
    """Whether ops were asked to run synchronously.

    Returns:
      A bool; True unless it was set.
    """
    return _state["synchronous"]


def set_synchronous_execution(enable):
    """Asks for synchronous or asynchronous execution; Reflow runs ops when their result is read.

    Args:
      enable: a bool, or None for the default.
    """
    _state["synchronous"] = True if enable is None else bool(enable)


def enable_mlir_bridge():
    """Has no effect: Reflow does not use TF's graph compiler."""
    _state["mlir_bridge"] = True


def disable_mlir_bridge():
    """Has no effect: Reflow does not use TF's graph compiler."""
    _state["mlir_bridge"] = False


__getattr__, __dir__ = lazy_names(__name__)
