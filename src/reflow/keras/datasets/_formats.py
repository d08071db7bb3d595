"""Readers of the files of data sets that believe nothing before they have checked it.

Some of these files hold pickles, which can run any code when they are loaded. Here they can make
NumPy arrays and plain Python values, and nothing else.
"""

from __future__ import annotations

import gzip
import json
import math
import pickle
import struct
import zipfile
import zlib

import numpy as np

from reflow.io._npz import read_array
from reflow.keras.datasets._sources import unusable

_IDX_TYPES = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}


def read_npz(path, names):
    """Reads arrays from an ``.npz`` file.

    Args:
      path: the file.
      names: of the arrays.

    Returns:
      A list of arrays.

    Raises:
      ValueError: if it is no such file or has no such arrays.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return [read_array(archive, name, _unpickled) for name in names]
    except Exception as error:  # what a broken pickle raises may be anything
        if isinstance(error, OSError) and error.filename is not None:
            raise
        raise unusable(path, f"as an .npz file with {', '.join(names)}: {error}") from error


def _unpickled(file):
    return _Unpickler(file, encoding="latin1").load()


def read_pickle(path):
    """Reads a pickled dict of arrays and plain values; strings of Python 2 come as bytes.

    Args:
      path: the file.

    Returns:
      A dict whose keys are strings.

    Raises:
      ValueError: if it holds something else.
    """
    try:
        with open(path, "rb") as file:
            found = _Unpickler(file, encoding="bytes").load()
        if not isinstance(found, dict):
            raise ValueError(f"it holds a {type(found).__name__}, not a dict")
        return {k.decode() if isinstance(k, bytes) else k: item for k, item in found.items()}
    except OSError:
        raise
    except Exception as error:  # what a broken pickle raises may be anything
        raise unusable(path, f"as a pickled dict: {error}") from error


def _encode(text, encoding):
    return text.encode("latin1")


_ALLOWED = {
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("_codecs", "encode"): _encode,  # Python 3 writes bytes so for Python 2
}
# NumPy's own names, in its first and second version, for what makes an array again.
for _core in ("numpy.core", "numpy._core"):
    _ALLOWED[f"{_core}.multiarray", "_reconstruct"] = np.empty(0).__reduce__()[0]
    _ALLOWED[f"{_core}.numeric", "_frombuffer"] = np.empty(0).__reduce_ex__(5)[0]


class _Unpickler(pickle.Unpickler):
    """Loads arrays and plain values; refuses every other class and function."""

    def find_class(self, module, name):
        """Returns the function of that name if it is one of the few that arrays need."""
        try:
            return _ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(
                f"it wants to use {module}.{name}, and may only hold arrays and plain values"
            ) from None


def read_idx(path):
    """Reads an array from a gzipped IDX file, the format of MNIST.

    The header is four bytes ``0, 0, type, rank`` and the shape as big-endian 32-bit numbers.

    Args:
      path: the file.

    Returns:
      An array.

    Raises:
      ValueError: if it is no such file, or shorter or longer than its shape says.
    """
    try:
        with gzip.open(path) as file:
            zeros, kind, rank = struct.unpack(">HBB", _read(file, 4))
            if zeros or kind not in _IDX_TYPES:
                raise ValueError("the header is another")
            shape = struct.unpack(f">{rank}I", _read(file, 4 * rank))
            dtype = np.dtype(_IDX_TYPES[kind])
            data = _read(file, math.prod(shape) * dtype.itemsize)
            if file.read(1):
                raise ValueError(f"it is longer than its shape {shape} says")
    except (
        EOFError,
        gzip.BadGzipFile,
        zlib.error,
        ValueError,
        MemoryError,
        OverflowError,
    ) as error:
        raise unusable(path, f"as a gzipped IDX file: {error}") from error
    return np.frombuffer(bytearray(data), dtype).reshape(shape)


def _read(file, count):
    data = file.read(count)
    if len(data) < count:
        raise ValueError(f"it ends after {len(data)} of {count} bytes")
    return data


def read_json(path):
    """Reads a JSON object.

    Args:
      path: the file.

    Returns:
      A dict.

    Raises:
      ValueError: if it is none.
    """
    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    except (ValueError, RecursionError) as error:
        raise unusable(path, f"as JSON: {error}") from error
    if not isinstance(found, dict):
        raise unusable(path, f"as JSON: it is a {type(found).__name__}, not an object")
    return found


def check_samples(path, x, y, shape):
    """Checks that arrays are samples of a shape and their labels.

    Args:
      path: the file they are from.
      x: samples.
      y: labels.
      shape: that of one sample.

    Raises:
      ValueError: if they are not.
    """
    expected = ("samples", *shape)
    if x.dtype.kind not in "uif" or x.shape[1:] != shape:
        raise unusable(path, f"it should hold numbers {expected}, and has {x.dtype} {x.shape}")
    if y.dtype.kind not in "uif" or y.shape != x.shape[:1]:
        raise unusable(path, f"its {len(x)} samples have labels {y.dtype} {y.shape}")
