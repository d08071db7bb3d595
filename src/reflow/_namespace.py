"""Names of a ``tf`` namespace that are looked up only when a program asks for them.

Every public module ends with

    __getattr__, __dir__ = lazy_names(__name__)

which gives it the names that TensorFlow exports there but that are defined elsewhere (``tf.add`` is
``tf.math.add``), its submodules, and an error that tells a typing slip from a name that TF 2.1 has
and Reflow does not have yet.
"""

from __future__ import annotations

import builtins
import importlib
import sys
from collections.abc import Callable
from types import FrameType, ModuleType
from typing import Any

from reflow._names import NAMES

PACKAGE = "reflow"

# Give tensors their operators: the core knows no ops, so whatever loads tensors loads these too.
TENSOR_METHODS = ("reflow._operators", "reflow._arrays.hooks")


def lazy_names(module: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Returns the ``__getattr__`` and ``__dir__`` (PEP 562) of the namespace ``module``."""
    elsewhere = NAMES.get(module, {})

    def __getattr__(name: str) -> Any:
        here = sys.modules[module]
        if name in elsewhere:
            value = _resolve(elsewhere[name], name)
            _complete_tensors()
        elif name == "__all__":
            return _starred(here)
        elif not name.startswith("_") and (child := _submodule(here, name)) is not None:
            _complete_tensors()
            return child
        else:
            raise _missing(here, name)
        # Code in a namespace's own module may mean the builtin, so those are not kept there.
        if module == PACKAGE or not hasattr(builtins, name):
            setattr(here, name, value)
        return value

    def __dir__() -> list[str]:
        here = sys.modules[module]
        return sorted({*vars(here), *elsewhere})

    return __getattr__, __dir__


def _starred(module: ModuleType) -> list[str]:
    """What ``from module import *`` brings: the public names of TF's that are here."""
    from reflow import _missing_names

    names = _missing_names.public_names().get("tf" + module.__name__.removeprefix(PACKAGE), ())
    return sorted(name for name in names if hasattr(module, name))


def _resolve(target: str, name: str) -> Any:
    """Finds the object that a row of the table names: ``module`` or ``module:other_name``."""
    module, _, other_name = target.partition(":")
    return getattr(importlib.import_module(module), other_name or name)


def _submodule(parent: ModuleType, name: str) -> ModuleType | None:
    """Imports ``parent.name``; None where there is no such module."""
    if not hasattr(parent, "__path__"):
        return None
    full_name = f"{parent.__name__}.{name}"
    try:
        return importlib.import_module(full_name)
    except ModuleNotFoundError as error:
        if error.name != full_name:
            raise
        return None


def _complete_tensors() -> None:
    if "reflow.core.tensor" in sys.modules:
        for name in TENSOR_METHODS:
            importlib.import_module(name)


def _missing(module: ModuleType, name: str) -> AttributeError | ImportError:
    """The error for a name that ``module`` does not have."""
    public = "tensorflow" + module.__name__.removeprefix(PACKAGE)
    if name.startswith("_"):
        message = f"module '{public}' has no attribute '{name}'"
    else:
        from reflow import _missing_names

        message = _missing_names.explain(public, name, dir(module))
        if _is_from_import(sys._getframe(2)):
            return ImportError(message, name=public)
    return AttributeError(message, name=name, obj=module)


def _is_from_import(frame: FrameType) -> bool:
    """Whether a frame is at ``from module import name``.

    There Python replaces an AttributeError, and with it our explanation, by words of its own; an
    ImportError it lets pass.
    """
    import opcode

    at = frame.f_lasti
    return at >= 0 and frame.f_code.co_code[at] == opcode.opmap["IMPORT_FROM"]
