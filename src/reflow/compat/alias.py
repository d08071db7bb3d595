"""``import tensorflow`` finds Reflow: the alias that runs programs unchanged.

``tensorflow.math`` *is* ``reflow.math``: the finder below puts the very module objects into
``sys.modules`` under their TensorFlow names. It stands first on ``sys.meta_path``, so that inside a
process that installed it the alias wins over a real TensorFlow; other processes see no change.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

from reflow import _era, _missing_names
from reflow.compat import python_names

# Editors completed `tensorflow_core`, the folder where TF 2.1's code lay, into many programs.
ROOTS = ("tensorflow", "tensorflow_core")


class AliasFinder:
    """A meta-path finder and loader that answers for ``tensorflow`` and everything below it."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Returns a spec for a TensorFlow module; raises where Reflow has no such module."""
        if name.partition(".")[0] not in ROOTS:
            return None
        return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Leaves the making of the (short-lived) module to the import system."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Replaces the new module by the one it stands for, as the import system allows."""
        sys.modules[module.__name__] = find_module(module.__name__)


def find_module(name: str) -> ModuleType:
    """Returns the Reflow module that ``name``, such as ``tensorflow.keras.layers``, stands for.

    Raises:
      ModuleNotFoundError: Reflow has no such module; the message says whether TF 2.1 has one.
    """
    below = name.partition(".")[2]
    below = below.removeprefix("compat.v2").lstrip(".")
    if below == "python" or below.startswith("python."):
        found = python_names.find(below.partition(".")[2])
        if found is not None:
            return found
        message = (
            f"No module named '{name}': tensorflow.python is TensorFlow's private part, and "
            "Reflow knows no public equal of this module"
        )
        raise ModuleNotFoundError(message, name=name)
    if not below:
        return importlib.import_module("reflow")
    if _missing_names.exists_in_tf(f"tf.{below}"):
        try:
            return importlib.import_module(f"reflow.{below}")
        except ModuleNotFoundError as error:
            if not (error.name or "").startswith("reflow"):
                raise
    raise ModuleNotFoundError(_no_module(name, below), name=name)


def _no_module(name: str, below: str) -> str:
    message = f"No module named '{name}'"
    if not _missing_names.exists_in_tf(f"tf.{below}"):
        first = below.partition(".")[0]
        if first in _missing_names.TF1_NAMES:
            return f"{message}; it belongs to TensorFlow 1, use {_missing_names.TF1_NAMES[first]}"
        return message
    parent, _, last = below.rpartition(".")
    if last[:1].isupper():
        source = f"tensorflow.{parent}".rstrip(".")
        return f"{message}: it is no module: write `from {source} import {last}`"
    return f"{message}: tf.{below} exists in TensorFlow 2.1, but Reflow does not have it yet"


_finder = AliasFinder()


def install() -> None:
    """Makes ``import tensorflow`` find Reflow in this process.

    Also prints NumPy's scalars as in 2020 and restores the NumPy names that its programs use (see
    ``reflow/_era.py``). Calling it again changes nothing.

    Raises:
      RuntimeError: TensorFlow itself is already imported.
    """
    importlib.import_module("reflow")
    for root in ROOTS:
        module = sys.modules.get(root)
        if module is not None and module.__name__ != "reflow":
            message = f"{root} itself is already imported; call reflow.install() before it"
            raise RuntimeError(message)
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
    _era.enter()


def uninstall() -> None:
    """Takes the alias away again: what was imported through it stays usable where it is bound."""
    if _finder in sys.meta_path:
        sys.meta_path.remove(_finder)
    for name in [name for name in sys.modules if name.partition(".")[0] in ROOTS]:
        del sys.modules[name]
    _era.leave()
