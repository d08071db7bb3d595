"""Arrays as TensorProtos and back."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from reflow.core.dtypes import as_dtype, string
from reflow.io._protos import message

# The field that holds a dtype's values one by one; the smaller integers share int_val.
_FIELDS = {
    "float32": "float_val", "float64": "double_val", "int64": "int64_val", "bool": "bool_val",
    "string": "string_val", "uint32": "uint32_val", "uint64": "uint64_val",
    "complex64": "scomplex_val", "complex128": "dcomplex_val", "float16": "half_val",
    "bfloat16": "half_val",
}  # fmt: skip


def to_proto(array: Any, packed: bool = False) -> Any:
    """An array as a TensorProto; single values are in the dtype's field unless ``packed``."""
    array = np.asarray(array, order="C")
    dtype = as_dtype(array.dtype)
    proto = message("TensorProto")(dtype=int(dtype))
    proto.tensor_shape.SetInParent()
    for size in array.shape:
        proto.tensor_shape.dim.add(size=size)
    if dtype is string:
        proto.string_val.extend(
            s.encode() if isinstance(s, str) else bytes(s) for s in array.reshape(-1)
        )
    elif array.size == 1 and not packed:
        getattr(proto, _FIELDS.get(dtype.name, "int_val")).extend(_one_by_one(array, dtype))
    else:
        proto.tensor_content = array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
    return proto


def _one_by_one(array: np.ndarray[Any, Any], dtype: Any) -> list[Any]:
    flat = array.reshape(-1)
    if dtype.is_complex:
        return [part for z in flat.tolist() for part in (z.real, z.imag)]
    if dtype.name in ("float16", "bfloat16"):
        return flat.view(np.uint16).tolist()  # type: ignore[no-any-return]
    return flat.tolist()  # type: ignore[no-any-return]


def from_proto(proto: Any) -> np.ndarray[Any, Any]:
    """The array of a TensorProto.

    Raises:
      ValueError: there are too many values, or too few.
      TypeError: there is no such dtype.
    """
    dtype = as_dtype(proto.dtype)
    shape = [dim.size for dim in proto.tensor_shape.dim]
    if proto.tensor_shape.unknown_rank or any(size < 0 for size in shape):
        raise ValueError(f"a tensor of shape {shape}")
    if not dtype.is_numpy_compatible:
        raise TypeError(f"Unsupported tensor type: {dtype.name}")
    size = math.prod(shape)
    if proto.tensor_content and dtype is not string:
        if len(proto.tensor_content) != size * dtype.np.itemsize:
            raise ValueError(f"{len(proto.tensor_content)} bytes for shape {shape}")
        flat = np.frombuffer(proto.tensor_content, dtype.np)
        return flat.reshape(shape).copy()
    stored = list(getattr(proto, _FIELDS.get(dtype.name, "int_val")))
    if dtype.is_complex:
        stored = [complex(*pair) for pair in zip(stored[::2], stored[1::2], strict=True)]
    flat = np.empty(len(stored), dtype.np)
    if dtype.name in ("float16", "bfloat16"):
        flat[:] = np.array(stored, np.uint16).view(dtype.np)
    elif stored:
        flat[:] = stored
    missing = size - len(flat)
    if missing < 0 or (missing and size > _LARGEST_REPEAT):
        raise ValueError(f"{len(flat)} values for shape {shape}")
    if missing:  # the last value stands for the rest
        last = flat[-1] if len(flat) else (b"" if dtype is string else dtype.np.type(0))
        flat = np.concatenate([flat, np.full(missing, last, dtype.np)])
    return flat.reshape(shape)


_LARGEST_REPEAT = 1 << 28
"""So that a forged shape cannot ask for all memory."""
