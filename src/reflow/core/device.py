"""Devices: which there are, which one ops run on, and where a tensor lives.

TF tells *physical* devices (what the machine has) from *logical* ones (what programs see: the
visible physical ones, each possibly split). The first visible GPU is where ops run by default, as
in TF; without one it is the CPU. JAX is imported only if an accelerator may be there.
"""

from __future__ import annotations

import importlib.util
import os
import threading
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

from reflow.core import lazy
from reflow.core.device_spec import DeviceSpec
from reflow.core.lazy import jax
from reflow.core.tensor import Tensor, tensor_from_value

__all__ = ["device"]

HERE = DeviceSpec("localhost", 0, 0)
DEFAULT = DeviceSpec("localhost", 0, 0, "CPU", 0)


class PhysicalDevice(NamedTuple):
    """A device that the machine has: ``/physical_device:GPU:0`` and its type."""

    name: str
    device_type: str


class LogicalDevice(NamedTuple):
    """A device that programs can use: ``/device:GPU:0`` and its type."""

    name: str
    device_type: str


# ------------------------------------------------------------------------ what the machine has


class Devices:
    """The devices of this process and what ``tf.config`` said about them."""

    def __init__(self) -> None:
        self.soft_placement = True
        self.visible: dict[str, list[PhysicalDevice]] = {}  # by type, where it was restricted
        self.virtual_cpus = 1
        self._accelerators: list[tuple[str, Any]] | None = None

    def accelerators(self) -> list[tuple[str, Any]]:
        """``("GPU", JAX's device)`` of every accelerator, in JAX's order."""
        if self._accelerators is None:
            found = []
            if may_have_accelerator():
                # Memory is taken as it is needed, which is what set_memory_growth asks for.
                os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
                found = [(type_of(d), d) for d in jax.devices() if type_of(d) != "CPU"]
            self._accelerators = found
        return self._accelerators

    def physical(self) -> list[tuple[PhysicalDevice, Any]]:
        """Every physical device with JAX's device (None for the CPU): the CPU, then the others."""
        devices: list[tuple[PhysicalDevice, Any]] = [
            (PhysicalDevice("/physical_device:CPU:0", "CPU"), None)
        ]
        counts: dict[str, int] = {}
        for kind, found in self.accelerators():
            number = counts[kind] = counts.get(kind, -1) + 1
            devices.append((PhysicalDevice(f"/physical_device:{kind}:{number}", kind), found))
        return devices

    def visible_devices(self) -> list[tuple[PhysicalDevice, Any]]:
        """The physical devices that programs may use."""
        return [
            (physical, found)
            for physical, found in self.physical()
            if physical in self.visible.get(physical.device_type, [physical])
        ]

    def logical(self) -> list[tuple[LogicalDevice, Any]]:
        """Every logical device with JAX's device (None for CPU 0)."""
        devices: list[tuple[LogicalDevice, Any]] = []
        counts: dict[str, int] = {}
        for physical, found in self.visible_devices():
            kind = physical.device_type
            for part in range(self.virtual_cpus if kind == "CPU" else 1):
                number = counts[kind] = counts.get(kind, -1) + 1
                known = jax.devices("cpu")[part] if part else found
                devices.append((LogicalDevice(f"/device:{kind}:{number}", kind), known))
        return devices

    def set_visible(self, kind: str, devices: list[PhysicalDevice]) -> None:
        """Restricts the devices of a type; ops move to the first one that is left."""
        self.visible[kind] = devices
        if self.accelerators():
            from reflow.core.record import flush

            flush()
            jax.config.update("jax_default_device", jax_device(default_name()))

    def split_cpu(self, count: int) -> None:
        """Makes ``count`` logical CPUs.

        Raises:
          RuntimeError: if JAX has made its devices already.
        """
        if count == self.virtual_cpus:
            return
        if lazy.is_loaded():
            jax.config.update("jax_num_cpu_devices", count)  # raises once there are devices
        else:
            os.environ["JAX_NUM_CPU_DEVICES"] = str(count)
        self.virtual_cpus = count


devices = Devices()


def may_have_accelerator() -> bool:
    """False if JAX can only have the CPU, as far as one can tell without importing it."""
    platforms = os.environ.get("JAX_PLATFORMS", "")
    if platforms:
        return platforms != "cpu"
    return any(importlib.util.find_spec(name) is not None for name in ("jax_plugins", "libtpu"))


def type_of(found: Any) -> str:
    """TF's name for the type of JAX's device."""
    platform = found.platform.lower()
    return "GPU" if platform in ("gpu", "cuda", "rocm") else platform.upper()


# ---------------------------------------------------------------------------- the current device


class _Scopes(threading.local):
    """The ``with tf.device(...)`` blocks that the thread is in: what they ask for together."""

    def __init__(self) -> None:
        self.stack: list[DeviceSpec] = []


_scopes = _Scopes()


def requested() -> DeviceSpec:
    """What the enclosing ``tf.device`` blocks ask for together; empty outside of any."""
    return _scopes.stack[-1] if _scopes.stack else DeviceSpec()


def default_name() -> DeviceSpec:
    """Where ops run outside of any ``tf.device`` block: the first visible GPU, else the CPU."""
    for physical, _ in devices.visible_devices():
        if physical.device_type != "CPU":
            return HERE.replace(device_type=physical.device_type, device_index=0)
    return DEFAULT


def current_device() -> str:
    """The full name of the device that ops run on here."""
    return full_name(requested()).to_string()


def full_name(spec: DeviceSpec) -> DeviceSpec:
    """A name with its missing parts filled in."""
    if spec.device_type is None:
        return default_name().make_merged_spec(spec)
    return HERE.replace(device_index=0).make_merged_spec(spec)


def exists(spec: DeviceSpec) -> bool:
    """Whether there is a device of this full name."""
    return spec == DEFAULT or spec in _logical_by_name()


def jax_device(spec: DeviceSpec) -> Any:
    """JAX's device of a full name.

    Raises:
      RuntimeError: if there is no such device.
    """
    if spec == DEFAULT:
        return jax.devices("cpu")[0]
    known = _logical_by_name()
    if spec not in known:
        raise _unknown(spec)
    return known[spec]


def _logical_by_name() -> dict[DeviceSpec, Any]:
    return {
        HERE.make_merged_spec(DeviceSpec.from_string(logical.name)): found
        for logical, found in devices.logical()
    }


def _unknown(spec: DeviceSpec) -> RuntimeError:
    here = ", ".join(logical.name for logical, _ in devices.logical())
    return RuntimeError(f"{spec.to_string()} unknown device. (This machine has {here}.)")


class DeviceScope:
    """What ``tf.device`` returns: the ops recorded inside the block run on its device."""

    def __init__(self, spec: DeviceSpec | None) -> None:
        self._spec = spec
        self._jax_scopes: list[AbstractContextManager[Any] | None] = []

    def __enter__(self) -> None:
        outer = requested()
        spec = DeviceSpec() if self._spec is None else outer.make_merged_spec(self._spec)
        target = full_name(spec)
        if not exists(target):  # whatever soft placement says: so does TF 2.1 in eager code
            raise _unknown(target)
        self._jax_scopes.append(None if target == full_name(outer) else _switch(target))
        _scopes.stack.append(spec)

    def __exit__(self, *error: object) -> None:
        _scopes.stack.pop()
        scope = self._jax_scopes.pop()
        if scope is not None:
            from reflow.core.record import flush

            flush()
            scope.__exit__(None, None, None)


def _switch(target: DeviceSpec) -> AbstractContextManager[Any]:
    """Ends the pending segment, so that what follows runs on another device."""
    from reflow.core.record import flush

    flush()
    scope: AbstractContextManager[Any] = jax.default_device(jax_device(target))
    scope.__enter__()
    return scope


def device(device_name: Any) -> DeviceScope:
    """A context in which ops run on a given device.

    Args:
      device_name: a name such as ``"/GPU:0"`` or ``"/device:CPU:0"``, a ``tf.DeviceSpec``, a
        logical device, or None for the default device.

    Returns:
      A context manager.

    Raises:
      ValueError: if the name can't be parsed.
      RuntimeError: when the block is entered, if there is no such device.
    """
    if device_name is None or isinstance(device_name, DeviceSpec):
        return DeviceScope(device_name)
    if isinstance(device_name, LogicalDevice):
        device_name = device_name.name
    if callable(device_name):
        raise RuntimeError("tf.device does not support functions.")
    if not isinstance(device_name, str):
        got = f"{type(device_name)}({device_name})"
        raise ValueError(f"Expecting a string device name. Got {got}")
    return DeviceScope(DeviceSpec.from_string(device_name))


# ------------------------------------------------------------------------------- single tensors


def device_of(tensor: Tensor) -> str:
    """The full name of the device that a tensor is on, or will be computed on."""
    value = tensor._value
    if not hasattr(value, "devices"):  # pending, symbolic or on the host: where it will be used
        return current_device()
    (found, *_) = value.devices()
    names = (name for name, known in _logical_by_name().items() if known == found)
    return next(names, DEFAULT).to_string()


def copy_to(tensor: Tensor, name: str) -> Tensor:
    """A copy of a tensor on another device, such as ``"GPU:0"``.

    Raises:
      RuntimeError: if there is no such device.
    """
    target = full_name(DeviceSpec.from_string(name))
    if not exists(target):
        raise RuntimeError(f"{name} unknown device.")
    if device_of(tensor) == target.to_string():
        return tensor
    found = jax_device(target)
    # Under default_device the copy is not bound to its device: ops may mix it with other tensors.
    with jax.default_device(found):
        return tensor_from_value(jax.numpy.array(tensor._host()))
