"""Running TensorFlow programs unchanged, and what differs from TensorFlow 2.1.0.

``install()`` makes ``import tensorflow`` find Reflow; ``DIFFERENCES`` is the one table of known
differences. ``tf.compat``'s own helpers for text are here as well.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np

import reflow as v2
from reflow._namespace import lazy_names
from reflow.compat.alias import install, uninstall
from reflow.compat.differences import DIFFERENCES, Difference

bytes_or_text_types = (bytes, str)
complex_types = (complex, np.complexfloating)
integral_types = (int, np.integer)
real_types = (int, float, np.integer, np.floating)


def as_bytes(bytes_or_text: bytes | str, encoding: str = "utf-8") -> bytes:
    """Returns text encoded, bytes as they are.

    Raises:
      TypeError: the argument is neither.
    """
    if isinstance(bytes_or_text, str):
        return bytes_or_text.encode(encoding)
    if isinstance(bytes_or_text, bytes):
        return bytes_or_text
    raise TypeError(f"Expected binary or unicode string, got {bytes_or_text!r}")


def as_text(bytes_or_text: bytes | str, encoding: str = "utf-8") -> str:
    """Returns bytes decoded, text as it is.

    Raises:
      TypeError: the argument is neither.
    """
    if isinstance(bytes_or_text, str):
        return bytes_or_text
    if isinstance(bytes_or_text, bytes):
        return bytes_or_text.decode(encoding)
    raise TypeError(f"Expected binary or unicode string, got {bytes_or_text!r}")


as_str = as_text


def as_str_any(value: Any) -> str:
    """Returns ``str(value)``, with bytes decoded."""
    return as_text(value) if isinstance(value, bytes) else str(value)


def path_to_str(path: Any) -> Any:
    """Returns a path-like object as text; anything else as it is."""
    return as_str_any(os.fspath(path)) if hasattr(path, "__fspath__") else path


__all__ = [
    "DIFFERENCES",
    "Difference",
    "as_bytes",
    "as_str",
    "as_str_any",
    "as_text",
    "bytes_or_text_types",
    "complex_types",
    "install",
    "integral_types",
    "path_to_str",
    "real_types",
    "uninstall",
    "v2",
]

__getattr__, __dir__ = lazy_names(__name__)
