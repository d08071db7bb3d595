"""``tf.train.Checkpoint``: saves and restores what objects hold."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from reflow.core import trackable
from reflow.core.tracing import outside
from reflow.core.variable import Variable
from reflow.io import _checkpoint
from reflow.io._checkpoint.restoring import InitializationOnlyStatus
from reflow.io._checkpoint.state import write_state

__all__ = ["Checkpoint"]

_COUNTER = "_save_counter"


class Checkpoint(trackable.Tracker):
    """A group of objects whose variables are saved and restored together.

    Values are matched by the names of attributes that lead to them, not by the variables' names. So
    a checkpoint may be restored before its variables are made: they get their values when they are.

    Args:
      **kwargs: variables, ``tf.Module`` and Keras objects, by the names to save them under; they
        become attributes.

    Raises:
      ValueError: one of them holds no variables.

    Example::

        checkpoint = tf.train.Checkpoint(step=tf.Variable(1), net=net, optimizer=optimizer)
        path = checkpoint.save("folder/ckpt")
        checkpoint.restore(path).assert_consumed()
    """

    def __init__(self, **kwargs: Any) -> None:
        for name, value in sorted(kwargs.items()):
            if isinstance(value, (list, tuple, dict)) or not trackable.is_trackable(value):
                raise ValueError(
                    "`Checkpoint` was expecting a trackable object (an object derived from "
                    f"`TrackableBase`), got {value}. If you believe this object should be "
                    "trackable (i.e. it is part of the TensorFlow Python API and manages state), "
                    "please open an issue."
                )
            setattr(self, name, value)
        self._save_counter: Variable | None = None

    def _trackable_children(self) -> list[tuple[str, Any]]:
        children = trackable.attribute_children(self, ignored=(_COUNTER,))
        if self._save_counter is not None:
            children.append(("save_counter", self._save_counter))
        return children

    @property
    def save_counter(self) -> Variable:
        """How often ``save`` was called, an int64 variable; it is saved too."""
        return self._counter()

    def _counter(self) -> Variable:
        counter = self._save_counter
        if counter is None:
            with outside():
                counter = Variable(np.int64(0), trainable=False, name="save_counter")
                self._save_counter = counter
                trackable.restore_child(self, "save_counter", counter)
        return counter

    def write(self, file_prefix: Any) -> str:
        """Writes the checkpoint under exactly this name, and tells no ``checkpoint`` file.

        Args:
          file_prefix: the common prefix of the files, such as ``"folder/best"``.

        Returns:
          The prefix.

        Raises:
          OpError: if the files cannot be written; old ones are as they were.
        """
        return _checkpoint.save(os.fspath(file_prefix), self)

    def save(self, file_prefix: Any) -> str:
        """Writes a numbered checkpoint, and notes it as the latest in the file ``checkpoint``.

        Args:
          file_prefix: the prefix, to which a number is added: ``"folder/ckpt"``.

        Returns:
          The checkpoint's prefix: ``"folder/ckpt-1"``.

        Raises:
          OpError: if the files cannot be written.
        """
        counter = self._counter()
        counter.assign_add(1)
        path = self.write(f"{os.fspath(file_prefix)}-{int(counter)}")
        write_state(os.path.dirname(path), path)
        return path

    def restore(self, save_path: Any) -> Any:
        """Gives the variables the values of a checkpoint; those to come get theirs when made.

        Args:
          save_path: what ``save`` or ``tf.train.latest_checkpoint`` returned. With None, nothing is
            restored. Checkpoints of TensorFlow 1 are matched by the variables' names.

        Returns:
          A status object: ``assert_consumed()`` checks that everything was matched,
          ``assert_existing_objects_matched()`` that all variables here were, ``expect_partial()``
          silences the warnings about what was not.

        Raises:
          NotFoundError: there is no such checkpoint.
          DataLossError: a file is damaged.
          ValueError: a variable has another shape.
          InvalidArgumentError: a variable has another dtype.
        """
        if save_path is None:
            self._counter()
            return InitializationOnlyStatus()
        status = _checkpoint.restore(os.fspath(save_path), self)
        self._counter()
        return status
