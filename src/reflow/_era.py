"""The NumPy of 2020, as far as a program of that year notices.

TF 2.1's programs were written for NumPy 1.18. Two things have changed since that they show at once:

- NumPy 2 prints a scalar inside a list as ``np.float64(0.5)``; published output says ``0.5``. The
  print option ``legacy="1.21"`` brings the old form back (it is also NumPy's own name for the style
  in which 1.14 to 1.21 print).
- ``np.float``, ``np.int`` and others, which were plain Python types or second names, are gone.

Both are changed only for a process that runs such a program through the ``tensorflow`` alias;
``import reflow`` alone leaves NumPy as it is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

# Only names that today's NumPy does not use for anything else: np.bool and np.long are taken.
OLD_NAMES: dict[str, Any] = {
    "Inf": np.inf,
    "NaN": np.nan,
    "NAN": np.nan,
    "alltrue": np.all,
    "complex": complex,
    "complex_": np.complex128,
    "cumproduct": np.cumprod,
    "float": float,
    "float_": np.float64,
    "infty": np.inf,
    "int": int,
    "object": object,
    "product": np.prod,
    "sometrue": np.any,
    "str": str,
    "string_": np.bytes_,
    "unicode": str,
    "unicode_": np.str_,
}

_added: list[str] = []
_print_options: dict[str, Any] | None = None


def enter() -> None:
    """Prints and names as in 2020, until :func:`leave`."""
    global _print_options
    if _print_options is None:
        _print_options = np.get_printoptions()
        np.set_printoptions(legacy="1.21")
    present = vars(np)
    for name, value in OLD_NAMES.items():
        if name not in present:
            setattr(np, name, value)
            _added.append(name)


def leave() -> None:
    """Undoes :func:`enter`."""
    global _print_options
    if _print_options is not None:
        np.set_printoptions(**_print_options)
        _print_options = None
    while _added:
        delattr(np, _added.pop())
