"""Reading checkpoints tensor by tensor, without objects to restore to."""

from __future__ import annotations

import os
from typing import Any

from reflow.core.dtypes import DType
from reflow.core.scalars import numpy_scalar
from reflow.io._checkpoint.bundle import BundleReader, exists
from reflow.train.checkpoint_management import latest_checkpoint

__all__ = ["list_variables", "load_checkpoint", "load_variable"]


class CheckpointReader:
    """Reads the tensors of a checkpoint by their keys; made by ``tf.train.load_checkpoint``."""

    def __init__(self, filename: str) -> None:
        self._bundle = BundleReader(filename)

    def get_variable_to_shape_map(self) -> dict[str, list[int]]:
        """The tensors' shapes, as lists, by key."""
        return {key: self._bundle.shape(key) for key in self._bundle.keys()}  # noqa: SIM118

    def get_variable_to_dtype_map(self) -> dict[str, DType]:
        """The tensors' dtypes by key."""
        return {key: self._bundle.dtype(key) for key in self._bundle.keys()}  # noqa: SIM118

    def has_tensor(self, tensor_str: str) -> bool:
        """Whether there is a tensor of this key."""
        return tensor_str in self._bundle

    def get_tensor(self, tensor_str: str) -> Any:
        """The tensor of this key, as a NumPy value.

        Raises:
          NotFoundError: there is none.
          DataLossError: its bytes are damaged.
        """
        array = self._bundle.read(tensor_str)
        return array if array.ndim else numpy_scalar(array)

    def debug_string(self) -> bytes:
        """A line for each tensor: key, dtype and shape."""
        lines = []
        for key in self._bundle.keys():  # noqa: SIM118
            kind = self._bundle.dtype(key).label.upper()
            shape = ",".join(map(str, self._bundle.shape(key)))
            lines.append(f"{key} (DT_{kind}) [{shape}]\n")
        return "".join(lines).encode()


def load_checkpoint(ckpt_dir_or_file: Any) -> CheckpointReader:
    """Opens a checkpoint for reading.

    Args:
      ckpt_dir_or_file: a checkpoint's prefix, or a folder whose latest is meant.

    Returns:
      A reader with ``get_tensor``, ``has_tensor``, ``get_variable_to_shape_map`` and
      ``get_variable_to_dtype_map``.

    Raises:
      ValueError: the folder has no checkpoint.
      NotFoundError: there is no such checkpoint.
      DataLossError: its index is damaged.
    """
    name = os.fspath(ckpt_dir_or_file)
    if os.path.isdir(name) and not exists(name):
        found = latest_checkpoint(name)
        if found is None:
            raise ValueError(
                f"Couldn't find 'checkpoint' file or checkpoints in given directory {name}"
            )
        name = found
    return CheckpointReader(name)


def load_variable(ckpt_dir_or_file: Any, name: str) -> Any:
    """The value of a tensor of a checkpoint, as a NumPy value.

    Args:
      ckpt_dir_or_file: a checkpoint's prefix, or a folder whose latest is meant.
      name: the tensor's key; ``":0"`` at its end does no harm.
    """
    return load_checkpoint(ckpt_dir_or_file).get_tensor(name.removesuffix(":0"))


def list_variables(ckpt_dir_or_file: Any) -> list[tuple[str, list[int]]]:
    """The keys and shapes of a checkpoint's tensors, sorted by key.

    Args:
      ckpt_dir_or_file: a checkpoint's prefix, or a folder whose latest is meant.
    """
    return sorted(load_checkpoint(ckpt_dir_or_file).get_variable_to_shape_map().items())
