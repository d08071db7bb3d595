"""``tf.DeviceSpec``: device names taken apart, such as ``/job:worker/task:1/device:GPU:0``."""

from __future__ import annotations

from typing import Any

__all__ = ["DeviceSpec"]

FIELDS = ("job", "replica", "task", "device_type", "device_index")


class DeviceSpec:
    """A device's name, possibly in part; immutable.

    Args:
      job: the job's name, such as ``"localhost"``.
      replica: the replica's number.
      task: the task's number.
      device_type: ``"CPU"``, ``"GPU"`` or another type.
      device_index: the device's number among those of its type.
    """

    __slots__ = ("_fields",)

    def __init__(
        self,
        job: Any = None,
        replica: Any = None,
        task: Any = None,
        device_type: Any = None,
        device_index: Any = None,
    ) -> None:
        self._fields = (
            None if job is None else str(job),
            None if replica is None else int(replica),
            None if task is None else int(task),
            None if device_type is None else _type_name(str(device_type)),
            None if device_index is None else int(device_index),
        )

    @classmethod
    def from_string(cls, spec: str) -> DeviceSpec:
        """Parses a name; every part may be missing, ``/gpu:0`` is short for ``/device:GPU:0``.

        Raises:
          ValueError: if a part is unknown or the device type is given twice.
        """
        found: dict[str, Any] = {}
        for part in filter(None, spec.split("/")):
            words = part.split(":")
            key = words[0].lower()
            if key in ("job", "replica", "task") and len(words) == 2:
                found[key] = words[1]
            elif key in ("cpu", "gpu") and len(words) <= 2:
                _set_type(found, spec, words)
            elif key == "device" and len(words) == 3:
                _set_type(found, spec, words[1:])
            else:
                raise ValueError(f"Unknown attribute: '{words[0]}' in '{spec}'")
        return cls(**found)

    def parse_from_string(self, spec: str) -> DeviceSpec:
        """The same as ``from_string``."""
        return self.from_string(spec)

    def to_string(self) -> str:
        """The name; ``/device:GPU:*`` where only the type is known."""
        job, replica, task, device_type, index = self._fields
        parts = [("job", job), ("replica", replica), ("task", task)]
        text = "".join(f"/{key}:{value}" for key, value in parts if value is not None)
        if device_type is not None:
            text += f"/device:{device_type}:{'*' if index is None else index}"
        return text

    def make_merged_spec(self, dev: DeviceSpec) -> DeviceSpec:
        """This name with the parts that ``dev`` knows replaced by ``dev``'s."""
        pairs = zip(self._fields, dev._fields, strict=True)
        return DeviceSpec(*[mine if theirs is None else theirs for mine, theirs in pairs])

    def replace(self, **kwargs: Any) -> DeviceSpec:
        """This name with some parts replaced."""
        return DeviceSpec(**dict(zip(FIELDS, self._fields, strict=True), **kwargs))

    @property
    def job(self) -> str | None:
        """The job's name."""
        return self._fields[0]

    @property
    def replica(self) -> int | None:
        """The replica's number."""
        return self._fields[1]

    @property
    def task(self) -> int | None:
        """The task's number."""
        return self._fields[2]

    @property
    def device_type(self) -> str | None:
        """The type, ``"GPU"`` for instance."""
        return self._fields[3]

    @property
    def device_index(self) -> int | None:
        """The number among the devices of that type."""
        return self._fields[4]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DeviceSpec) and self.to_string() == other.to_string()

    def __hash__(self) -> int:
        return hash(self.to_string())


def _type_name(text: str) -> str:
    return text.upper() if text.lower() in ("cpu", "gpu") else text


def _set_type(found: dict[str, Any], spec: str, words: list[str]) -> None:
    if "device_type" in found:
        raise ValueError(f"Cannot specify multiple device types: {spec}")
    found["device_type"] = words[0]
    if len(words) == 2 and words[1] != "*":
        found["device_index"] = words[1]
