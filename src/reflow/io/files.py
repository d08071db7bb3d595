"""Whole files: ``tf.io.read_file``, ``write_file``, ``matching_files``.

These ops work on the host at once. A function that uses them, in ``Dataset.map`` too, runs as plain
Python.
"""

from __future__ import annotations

import glob
import os
import re
from typing import Any

import numpy as np

from reflow.core import record
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import string
from reflow.core.errors import InvalidArgumentError, NeedsEagerError, NotFoundError
from reflow.core.rules import text
from reflow.core.tensor import Tensor, tensor_from_value
from reflow.io._atomic import as_tf_error
from reflow.io._atomic import write_file as write_whole

__all__ = ["matching_files", "read_file", "write_file"]


def _strings(value: Any, op: str, what: str) -> Any:
    """A string argument's bytes, an object array."""
    if record.state.segment.capture is not None:
        raise NeedsEagerError(
            f"{op} cannot be compiled, because it works on files; what uses it runs as plain Python"
        )
    tensor = convert_to_tensor(value, string)
    if tensor.dtype is not string:
        raise InvalidArgumentError(
            None,
            None,
            f"{what} must be a string tensor but is a {tensor.dtype.label} tensor [Op:{op}]",
        )
    return tensor._host()


def _scalar(value: Any, op: str, what: str) -> bytes:
    array = _strings(value, op, what)
    if array.shape:
        shape = text(array.shape)
        message = f"{what} tensor must be scalar, but had shape: {shape} [Op:{op}]"
        raise InvalidArgumentError(None, None, message)
    return array[()]  # type: ignore[no-any-return]


def read_file(filename: Any, name: str | None = None) -> Tensor:
    """Reads a whole file.

    Args:
      filename: a scalar string.
      name: unused in eager code.

    Returns:
      A scalar string tensor with the file's bytes.

    Raises:
      NotFoundError, PermissionDeniedError, FailedPreconditionError: if the file cannot be read.
      InvalidArgumentError: if ``filename`` is no scalar.
    """
    path = os.fsdecode(_scalar(filename, "ReadFile", "Input filename"))
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        failure = as_tf_error(error, path)
        raise failure.reworded(f"{failure.message} [Op:ReadFile]") from None
    array = np.empty((), object)
    array[()] = content
    return tensor_from_value(array)


def write_file(filename: Any, contents: Any, name: str | None = None) -> None:
    """Writes a file, whole or not at all, and makes its folder if there is none.

    Args:
      filename: a scalar string.
      contents: a scalar string.
      name: unused in eager code.

    Raises:
      PermissionDeniedError, FailedPreconditionError, UnknownError: if it cannot be written.
      InvalidArgumentError: if an argument is no scalar.
    """
    path = os.fsdecode(_scalar(filename, "WriteFile", "Input filename"))
    content = _scalar(contents, "WriteFile", "Contents")
    try:
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        failure = as_tf_error(error, path)
        raise failure.reworded(f"{failure.message} [Op:WriteFile]") from None


def _matching(pattern: bytes) -> list[bytes]:
    """The files of one pattern; the folder before its first wildcard must be there."""
    fixed = re.split(rb"[*?\\[\\\\]", pattern, maxsplit=1)[0]
    folder = os.path.dirname(fixed)
    if folder and not os.path.isdir(folder):
        raise NotFoundError(
            None, None, f"{os.fsdecode(folder)}; No such file or directory [Op:MatchingFiles]"
        )
    return glob.glob(pattern, include_hidden=True)


def matching_files(pattern: Any, name: str | None = None) -> Tensor:
    """The files whose names match shell patterns, sorted; those of each pattern.

    Args:
      pattern: a string or a vector of strings, in which ``*``, ``?`` and ``[...]`` stand for any
        characters but ``/``.
      name: unused in eager code.

    Returns:
      A string vector.

    Raises:
      InvalidArgumentError: if the rank of ``pattern`` is greater than 1.
      NotFoundError: if the folder before the first wildcard is not there.
    """
    array = _strings(pattern, "MatchingFiles", "pattern")
    if array.ndim > 1:
        raise InvalidArgumentError(
            None,
            None,
            "Input patterns tensor must be scalar or vector, but had shape: "
            f"{text(array.shape)} [Op:MatchingFiles]",
        )
    found = sorted(path for one in array.reshape(-1) for path in _matching(one))
    names = np.empty(len(found), object)
    names[:] = found
    return tensor_from_value(names)
