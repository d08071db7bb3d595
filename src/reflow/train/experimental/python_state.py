"""``tf.train.experimental.PythonState``: Python values in checkpoints."""

from __future__ import annotations

import abc
from typing import Any

__all__ = ["PythonState"]

_KEY = "py_state"


class PythonState(abc.ABC):
    """Base of objects that put a string of their own making into checkpoints.

    Example::

        class Numbers(tf.train.experimental.PythonState):
            def __init__(self):
                self.numbers = []

            def serialize(self):
                return json.dumps(self.numbers)

            def deserialize(self, string_value):
                self.numbers = json.loads(string_value)
    """

    @abc.abstractmethod
    def serialize(self) -> str:
        """The state as a string."""

    @abc.abstractmethod
    def deserialize(self, string_value: bytes) -> None:
        """Takes over the state that ``serialize`` returned, as bytes."""

    def _checkpoint_values(self) -> dict[str, Any]:
        return {_KEY: self.serialize()}

    def _restore_checkpoint_value(self, attribute: str, array: Any) -> None:
        self.deserialize(array.item())
