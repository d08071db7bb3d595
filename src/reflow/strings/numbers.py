"""Numbers from strings."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from reflow.core.dtypes import as_dtype, float32
from reflow.core.errors import invalid
from reflow.core.tensor import Tensor, tensor_from_numpy
from reflow.strings._texts import texts_of

__all__ = ["to_number"]

_FLOAT = re.compile(
    rb"[+-]?(\d+\.?\d*(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?|inf(inity)?|nan)", re.IGNORECASE
)
_WHOLE = re.compile(rb"-?\d+")


def to_number(input: Any, out_type: Any = float32, name: str | None = None) -> Tensor:
    """Strings as numbers.

    Args:
      input: a string tensor; white space around a number is ignored.
      out_type: float32, float64, int32 or int64.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if a string is no such number, or it is another type.
    """
    dtype = as_dtype(out_type)
    if dtype.name not in ("float32", "float64", "int32", "int64"):
        raise invalid(
            f"Value for attr 'out_type' of {dtype.label} is not in the list of allowed values: "
            "float, double, int32, int64 [Op:StringToNumber]"
        )
    array = texts_of(input, "StringToNumber")
    found = [_number(text, dtype) for text in array.reshape(-1)]
    return tensor_from_numpy(np.array(found, dtype.np).reshape(array.shape))


def _number(text: bytes, dtype: Any) -> Any:
    stripped = text.strip()
    pattern = _FLOAT if dtype.is_floating else _WHOLE
    if pattern.fullmatch(stripped):
        number = float(stripped) if dtype.is_floating else int(stripped)
        if dtype.is_floating or dtype.min <= number <= dtype.max:
            return number
    raise invalid(
        f"StringToNumberOp could not correctly convert string: {text.decode('utf-8', 'replace')} "
        "[Op:StringToNumber]"
    )
