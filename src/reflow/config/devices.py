"""Which devices there are and which of them a program may see."""

from __future__ import annotations

from typing import Any, NamedTuple

from reflow.core.device import LogicalDevice, PhysicalDevice, devices
from reflow.core.logging import warn

__all__ = [
    "LogicalDevice",
    "LogicalDeviceConfiguration",
    "PhysicalDevice",
    "get_logical_device_configuration",
    "get_soft_device_placement",
    "get_visible_devices",
    "list_logical_devices",
    "list_physical_devices",
    "set_logical_device_configuration",
    "set_soft_device_placement",
    "set_visible_devices",
]


class LogicalDeviceConfiguration(NamedTuple):
    """How to make a logical device from a physical one; ``memory_limit`` is in megabytes."""

    memory_limit: int | None = None


_configurations: dict[PhysicalDevice, list[LogicalDeviceConfiguration]] = {}


def list_physical_devices(device_type=None):
    """The devices that the machine has.

    Args:
      device_type: ``"CPU"``, ``"GPU"`` or another type; None for all.

    Returns:
      A list of ``PhysicalDevice(name, device_type)``.
    """
    return [d for d, _ in devices.physical() if device_type in (None, d.device_type)]


def list_logical_devices(device_type=None):
    """The devices that the program can use.

    Args:
      device_type: ``"CPU"``, ``"GPU"`` or another type; None for all.

    Returns:
      A list of ``LogicalDevice(name, device_type)``.
    """
    return [d for d, _ in devices.logical() if device_type in (None, d.device_type)]


def get_visible_devices(device_type=None):
    """The physical devices that the program may use.

    Args:
      device_type: ``"CPU"``, ``"GPU"`` or another type; None for all.

    Returns:
      A list of ``PhysicalDevice(name, device_type)``.
    """
    return [d for d, _ in devices.visible_devices() if device_type in (None, d.device_type)]


def set_visible_devices(devices, device_type=None):
    """Restricts the physical devices that the program may use.

    Args:
      devices: a physical device or a list of them; an empty list hides all.
      device_type: the type that the restriction is about; None for all types.

    Raises:
      ValueError: if a device is unknown or of another type.
    """
    from reflow.core.device import devices as known

    chosen = [devices] if isinstance(devices, PhysicalDevice) else list(devices)
    possible = list_physical_devices(device_type)
    for device in chosen:
        if device not in possible:
            raise _unrecognized(device)
    for kind in {d.device_type for d in possible}:
        known.set_visible(kind, [d for d in chosen if d.device_type == kind])


def get_logical_device_configuration(device):
    """How a physical device was split.

    Args:
      device: a physical device.

    Returns:
      A list of ``LogicalDeviceConfiguration``, or None if nothing was set.

    Raises:
      ValueError: if there is no such device.
    """
    _check(device)
    found = _configurations.get(device)
    return None if found is None else list(found)


def set_logical_device_configuration(device, logical_devices):
    """Splits a physical device into logical ones.

    The CPU can be split, to try code for several devices. A GPU stays whole; a limit of its memory
    is noted but not enforced (Reflow takes memory as it needs it).

    Args:
      device: a physical device.
      logical_devices: a list of ``LogicalDeviceConfiguration``, one per logical device.

    Raises:
      ValueError: if there is no such device, or a CPU is given a memory limit.
      RuntimeError: if the devices are in use already.
      NotImplementedError: if a GPU is to be split.
    """
    _check(device)
    wanted = list(logical_devices)
    limits = [one.memory_limit for one in wanted if one.memory_limit is not None]
    if device.device_type == "CPU":
        if limits:
            raise ValueError(
                "Setting memory limit on CPU virtual devices is currently not supported"
            )
        _split_cpu(max(1, len(wanted)))
    elif len(wanted) > 1:
        raise NotImplementedError(
            f"Reflow can't split {device.name} into {len(wanted)} logical devices; split the CPU "
            "to try code for several devices"
        )
    elif limits:
        warn(
            f"the memory limit of {limits[0]} MB for {device.name} is not enforced: Reflow takes "
            "GPU memory as it needs it"
        )
    _configurations[device] = wanted


def _split_cpu(count: int) -> None:
    try:
        devices.split_cpu(count)
    except RuntimeError:
        raise RuntimeError("Virtual devices cannot be modified after being initialized") from None


def get_soft_device_placement():
    """Whether soft placement was asked for.

    Returns:
      A bool; True unless it was set otherwise.
    """
    return devices.soft_placement


def set_soft_device_placement(enabled):
    """Notes whether ops may run on another device than the one asked for, as TF 2.1 does.

    Reflow runs every op on any device, so there is nothing to choose; a device that does not exist
    is an error in either case.

    Args:
      enabled: whether soft placement is wanted.
    """
    devices.soft_placement = bool(enabled)


def _check(device: Any) -> None:
    if device not in list_physical_devices():
        raise _unrecognized(device)


def _unrecognized(device: Any) -> ValueError:
    return ValueError(f"Unrecognized device: {device!r}")
