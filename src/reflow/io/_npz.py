"""Arrays in ``.npz`` files, of which nothing is believed before it is checked."""

from __future__ import annotations

import math
import tokenize
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np

_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def read_array(
    archive: zipfile.ZipFile, name: str, unpickle: Callable[[Any], Any] | None = None
) -> np.ndarray[Any, Any]:
    """An array of an open ``.npz`` file, which takes no more memory than the file has for it.

    Args:
      archive: the file.
      name: the array's.
      unpickle: reads the rest of a file that holds Python objects; None: they are refused.

    Raises:
      ValueError: there is no such array, or it is damaged.
      Whatever zipfile finds wrong.
    """
    try:
        entry = archive.getinfo(f"{name}.npy")
    except KeyError:
        raise ValueError(f"there is no array {name!r}") from None
    with archive.open(entry) as file:
        version = np.lib.format.read_magic(file)
        if version not in _HEADERS:
            raise ValueError(f"{name!r} is of an unknown version, {version}")
        try:
            shape, _, dtype = _HEADERS[version](file)
        except (tokenize.TokenError, SyntaxError, RecursionError) as error:
            raise ValueError(f"{name!r} has a damaged header: {error}") from None
        if dtype.hasobject:
            if unpickle is None:
                raise ValueError(f"{name!r} holds Python objects")
            array = unpickle(file)
            if not isinstance(array, np.ndarray) or array.shape != shape:
                raise ValueError(f"{name!r} is no array of shape {shape}")
            return array
        size = math.prod(shape) * dtype.itemsize
        if not 0 <= size <= entry.file_size or size > 1032 * entry.compress_size + (1 << 16):
            raise ValueError(f"{name!r} is shorter than its shape {shape} says")
    with archive.open(entry) as file:
        return np.lib.format.read_array(file, allow_pickle=False)
