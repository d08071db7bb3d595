"""Python functions in the configs of Lambda layers.

As in TF, a function of the program is described by its bytecode. Bytecode can do anything, so what
stands in a config is executed only if this process itself has made that description (the function
is then here anyway), or if the environment says ``REFLOW_LAMBDA_CODE=1``.
"""

from __future__ import annotations

import base64
import marshal
import os
import sys
import types
from typing import Any

VARIABLE = "REFLOW_LAMBDA_CODE"
_seen: dict[str, types.FunctionType] = {}
"""Descriptions made by this process -> the function."""


def dump(function: types.FunctionType) -> tuple[str, Any, Any]:
    """Describes a function: its bytecode as text, its defaults, and what its closure holds."""
    text = base64.encodebytes(marshal.dumps(function.__code__)).decode("ascii")
    _seen[text] = function
    cells = function.__closure__
    closure = tuple([cell.cell_contents for cell in cells]) if cells else None
    return text, function.__defaults__, closure


def load(description: Any, module: Any, custom_objects: Any, where: str) -> types.FunctionType:
    """Makes the function that ``dump`` described.

    Args:
      description: what ``dump`` gave; its parts may be lists.
      module: the name of the module that the function was defined in, or None.
      custom_objects: names that it may use.
      where: the layer's name, for messages.

    Raises:
      ValueError: if the code comes from somewhere else and nobody asked to run it.
    """
    parts = [description, None, None] if isinstance(description, str) else list(description)
    text, defaults, closure = parts
    known = _seen.get(text)
    if known is not None:
        code, names = known.__code__, known.__globals__
    else:
        code = _unmarshalled(text, where)
        names = dict(vars(sys.modules[module])) if module in sys.modules else {}
        names.setdefault("__builtins__", __builtins__)
    if custom_objects:
        names = {**names, **custom_objects}
    if isinstance(defaults, list):
        defaults = tuple(defaults)
    cells = tuple([types.CellType(value) for value in closure]) if closure else None
    return types.FunctionType(code, names, code.co_name, defaults, cells)


def _unmarshalled(text: str, where: str) -> types.CodeType:
    if os.environ.get(VARIABLE, "0") in ("", "0"):
        raise ValueError(
            f"The config of Lambda layer {where!r} holds Python bytecode, which could do anything "
            f"and is not run unless asked: set the environment variable {VARIABLE}=1 if you trust "
            f"where it comes from, or pass custom_objects={{{where!r}: function}}"
        )
    try:
        code = marshal.loads(base64.b64decode(text))
    except (ValueError, EOFError, TypeError) as error:
        code = error
    if not isinstance(code, types.CodeType):
        raise ValueError(
            f"The config of Lambda layer {where!r} holds bytecode that this Python "
            f"({sys.version.split()[0]}) can't read, most likely another version's; pass "
            f"custom_objects={{{where!r}: function}}"
        )
    return code
