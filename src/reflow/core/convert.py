"""``tf.convert_to_tensor``: Python and NumPy values become tensors, by TF's rules.

Python floats become float32 and ints int32 (int64 if they need it); NumPy arrays keep their dtype.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from reflow.core.dtypes import (
    DType,
    as_dtype,
    bfloat16,
    bool_,
    complex128,
    float32,
    int32,
    int64,
    string,
)
from reflow.core.tensor import (
    StaticTensor,
    Tensor,
    static_tensor,
    tensor_from_numpy,
    tensor_from_value,
)
from reflow.core.tensor_shape import TensorShape

_converters: list[tuple[int, Any, Callable[..., Any]]] = []


def register_converter(
    base_type: Any, conversion_func: Callable[..., Any], priority: int = 100
) -> None:
    """Registers ``conversion_func(value, dtype=None, name=None, as_ref=False)`` for a type."""
    if not callable(conversion_func):
        raise TypeError("conversion_func must be callable.")
    types = base_type if isinstance(base_type, tuple) else (base_type,)
    if not all(isinstance(t, type) for t in types):
        raise TypeError("base_type must be a type or a tuple of types.")
    _converters.append((priority, base_type, conversion_func))
    _converters.sort(key=lambda entry: entry[0])


def convert_to_tensor(
    value: Any, dtype: Any = None, dtype_hint: Any = None, name: str | None = None
) -> Tensor:
    """Converts ``value`` to a tensor.

    Args:
      value: a tensor, variable, number, string, NumPy array, or nested list of these.
      dtype: the element type wanted; by default it follows from the value.
      dtype_hint: used if ``dtype`` is None and the value can be converted to it.
      name: unused in eager code.

    Returns:
      A tensor; ``value`` itself if it is one already.

    Raises:
      TypeError: a value cannot be of ``dtype``.
      ValueError: a tensor has another dtype, or the value is no rectangular array.
    """
    wanted = None if dtype is None else as_dtype(dtype)
    if wanted is None and dtype_hint is not None:
        hint = as_dtype(dtype_hint)
        if value.__class__ is not Tensor:
            try:
                return _convert(value, hint)
            except (TypeError, ValueError):
                pass
    return _convert(value, wanted)


def convert_argument(value: Any, dtype: DType | None, forced: bool) -> Tensor:
    """An op's input: of the dtype its fellow inputs have, if it can be."""
    if forced or dtype is None:
        return _convert(value, dtype)
    return convert_to_tensor(value, dtype_hint=dtype)


def _convert(value: Any, dtype: DType | None) -> Tensor:
    if value.__class__ is Tensor:
        if dtype is not None and value._aval.dtype is not dtype:
            raise ValueError(
                f"Tensor conversion requested dtype {dtype.name} for Tensor with dtype "
                f"{value._aval.dtype.name}: {value!r}"
            )
        return value  # type: ignore[no-any-return]
    read = getattr(value, "_read_tensor", None)
    if read is not None:
        if dtype is not None and value.dtype is not dtype:
            raise ValueError(
                f"Incompatible type conversion requested to type {dtype.name!r} for variable of "
                f"type {value.dtype.name!r}"
            )
        return read()  # type: ignore[no-any-return]
    for _, base, function in _converters:
        if isinstance(value, base):
            made = function(value, dtype=dtype, name=None, as_ref=False)
            if made is not NotImplemented:
                return _convert(made, dtype)
    return (
        tensor_from_numpy(to_array(value, dtype))
        if not _holds_tensors(value)
        else _pack(value, dtype)
    )


def to_array(value: Any, dtype: DType | None = None) -> np.ndarray[Any, Any]:
    """A new NumPy array of TF's dtype from Python or NumPy values."""
    cls = value.__class__
    if cls is float:
        if (dtype is None or dtype is float32) and (
            abs(value) <= 3.4028235e38 or value - value != 0
        ):
            return np.array(value, np.float32)
    elif cls is int:
        if dtype is None and -0x80000000 <= value <= 0x7FFFFFFF:
            return np.array(value, np.int32)
    elif isinstance(value, (np.ndarray, np.generic)):
        return _from_numpy(value, dtype)
    elif isinstance(value, TensorShape):
        if not value.is_fully_defined():
            raise ValueError(f"Cannot convert a partially known TensorShape to a Tensor: {value}")
        return np.array(value.as_list(), (dtype or int32).np)
    elif isinstance(value, DType):
        raise ValueError(_unsupported(value))
    elif isinstance(value, range):
        value = list(value)
    elif not isinstance(value, (list, tuple, bool, complex, str, bytes, int, float)):
        array = _from_protocol(value)
        if array is not None:
            return _from_numpy(array, dtype)
        if not (hasattr(value, "__len__") and hasattr(value, "__getitem__")):
            raise ValueError(_unsupported(value))
        if isinstance(value, Mapping):
            raise ValueError(_unsupported(value))
        value = list(value)  # a deque, an array.array, bytes-like objects
    return _from_python(value, dtype)


def _unsupported(value: Any) -> str:
    return (
        f"Attempt to convert a value ({value!r}) with an unsupported type ({type(value)!r}) "
        "to a Tensor."
    )


def _from_protocol(value: Any) -> np.ndarray[Any, Any] | None:
    """Arrays of other libraries: whatever offers ``__array__`` (JAX, pandas, PyTorch, PIL)."""
    if hasattr(value, "__array__") or hasattr(value, "__array_interface__"):
        return np.asarray(value)
    return None


def _from_numpy(value: Any, dtype: DType | None) -> np.ndarray[Any, Any]:
    kind = value.dtype.kind
    if kind in "SU" or (kind == "O" and (dtype is None or dtype is string)):
        if kind == "O" and not all(isinstance(s, (str, bytes)) for s in value.ravel()):
            first = next(s for s in value.ravel() if not isinstance(s, (str, bytes)))
            raise ValueError(
                f"Failed to convert a NumPy array to a Tensor (Unsupported object type "
                f"{type(first).__name__})."
            )
        if dtype is not None and dtype is not string:
            raise TypeError(f"Cannot convert {value!r} to EagerTensor of dtype {dtype.label}")
        return _strings(np.asarray(value))
    if dtype is None:
        if kind in _FOREIGN and value.dtype != bfloat16.np:
            raise ValueError(
                "Failed to convert a NumPy array to a Tensor (Unsupported numpy type: "
                f"{_FOREIGN[kind]})."
            )
        return np.array(value, as_dtype(value.dtype).np, order="C")
    if dtype is string:
        raise TypeError(f"Cannot convert {value!r} to EagerTensor of dtype {dtype.label}")
    with np.errstate(all="ignore"):
        return np.array(value, dtype.np, order="C")


_FOREIGN = {"M": "NPY_DATETIME", "m": "NPY_TIMEDELTA", "V": "NPY_VOID"}


def _strings(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """An object array of bytes, TF's representation of strings."""
    out = np.empty(array.shape, object)
    flat, source = out.reshape(-1), array.reshape(-1)
    for i, text in enumerate(source):
        flat[i] = text.encode() if isinstance(text, str) else bytes(text)
    return out


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _from_python(value: Any, dtype: DType | None) -> np.ndarray[Any, Any]:
    kinds = {type(leaf) for leaf in _leaves(value)}
    shape = _rectangular(value)
    bad = [k for k in kinds if not issubclass(k, _ACCEPTED)]
    if bad:
        leaf = next(leaf for leaf in _leaves(value) if type(leaf) in bad)
        if hasattr(leaf, "__array__"):
            return _from_numpy(np.asarray(value), dtype)
        raise ValueError(_unsupported(leaf))
    texts = {k for k in kinds if issubclass(k, (str, bytes))}
    if texts:
        if dtype is not None and dtype is not string:
            raise TypeError(f"Cannot convert {value!r} to EagerTensor of dtype {dtype.label}")
        if texts != kinds:
            raise ValueError("Can't convert Python sequence with mixed types to Tensor.")
        out = np.empty(shape, object)
        out.reshape(-1)[:] = [
            leaf.encode() if isinstance(leaf, str) else leaf for leaf in _leaves(value)
        ]
        return out
    if any(issubclass(k, (np.ndarray, np.generic)) for k in kinds):
        return _from_numpy_items(value, dtype)
    natural = _natural_dtype(value, kinds, dtype)
    if dtype is None:
        dtype = natural
    elif kinds and (dtype is string or not _fits(natural, dtype)):
        raise TypeError(f"Cannot convert {value!r} to EagerTensor of dtype {dtype.label}")
    try:
        if dtype.is_integer and kinds <= {int, bool}:
            wide = np.array(value, np.int64 if dtype.np.kind == "i" else np.uint64).reshape(shape)
            return wide.astype(dtype.np)
        with np.errstate(over="ignore"):
            array = np.array(value, dtype.np).reshape(shape)
        if natural is dtype is float32 and np.isinf(array).any():
            _refuse_overflow(np.array(value, np.float64).reshape(shape), array)
        return array  # noqa: TRY300
    except OverflowError:
        if dtype.is_integer and dtype.is_unsigned and kinds <= {int, bool}:
            return np.array(value, np.int64).astype(dtype.np)
        raise ValueError(
            "Can't convert Python sequence with out-of-range integer to Tensor."
        ) from None


def _refuse_overflow(exact: np.ndarray[Any, Any], array: np.ndarray[Any, Any]) -> None:
    if not np.isinf(exact[np.isinf(array)]).all():
        raise ValueError(
            "Can't convert Python sequence with a value out of range for a double-precision float."
        )


def _from_numpy_items(value: Any, dtype: DType | None) -> np.ndarray[Any, Any]:
    """A list with NumPy values in it: TF treats their integers like Python's, not so float64."""
    array = np.asarray(value)
    if array.dtype.kind != "b" and any(
        isinstance(leaf, (bool, np.bool_)) for leaf in _leaves(value)
    ):
        raise ValueError("Can't convert Python sequence with mixed types to Tensor.")
    if dtype is not None and not _fits(as_dtype(array.dtype), dtype):
        raise TypeError(f"Cannot convert {value!r} to EagerTensor of dtype {dtype.label}")
    if dtype is None and array.dtype.kind == "c":
        return array.astype(np.complex128)
    if dtype is None and array.dtype.kind in "iu":
        small = array.size == 0 or (array.min() >= -0x80000000 and array.max() <= 0x7FFFFFFF)
        return array.astype(np.int32 if small else np.int64)
    if dtype is None and array.dtype.kind == "f":
        leading = getattr(next(_leaves(value)), "dtype", np.float32)
        return array.astype(leading if leading in (np.float16, np.float64) else np.float32)
    return _from_numpy(array, dtype)


_ACCEPTED = (bool, int, float, complex, str, bytes, np.generic, np.ndarray)


def _rectangular(value: Any) -> tuple[int, ...]:
    """The shape of a nested list.

    Raises:
      ValueError: if lists of one level differ in length.
    """
    if isinstance(value, (np.ndarray, np.generic)):
        return value.shape
    if not isinstance(value, (list, tuple)):
        return getattr(value, "shape", ()) if hasattr(value, "__array__") else ()
    if not value:
        return (0,)
    first = _rectangular(value[0])
    if (first or isinstance(value[0], (list, tuple))) or any(
        isinstance(item, (list, tuple)) for item in value
    ):
        for item in value[1:]:
            if _rectangular(item) != first:
                raise ValueError("Can't convert non-rectangular Python sequence to Tensor.")
    return (len(value), *first)


def _natural_dtype(value: Any, kinds: set[type], wanted: DType | None) -> DType:
    """The dtype that TF gives Python numbers: the first decides, later ones may widen it."""
    first = next(_leaves(value), None)
    if isinstance(first, bool) and kinds != {bool} and wanted is None:
        raise ValueError("Can't convert Python sequence with mixed types to Tensor.")
    if kinds == {bool}:
        return bool_
    if any(issubclass(k, complex) for k in kinds):
        if wanted is None and kinds != {complex}:
            raise ValueError("Can't convert Python sequence with mixed types to Tensor.")
        return complex128
    if any(issubclass(k, float) for k in kinds) or not kinds:
        return float32
    wide = any(not -0x80000000 <= leaf <= 0x7FFFFFFF for leaf in _leaves(value))
    if (
        wide
        and (wanted is None or not wanted.is_floating)
        and any(not -(1 << 63) <= leaf < 1 << 63 for leaf in _leaves(value))
    ):
        raise ValueError("Can't convert Python sequence with out-of-range integer to Tensor.")
    return int64 if wide else int32


def _fits(natural: DType, dtype: DType) -> bool:
    if natural is bool_:
        return dtype is bool_ or dtype.is_floating or (dtype.is_integer and not dtype.is_unsigned)
    if natural.is_integer:
        return dtype is not bool_
    if natural.is_floating:
        return dtype.is_floating or dtype.is_complex
    return dtype.is_complex


def _holds_tensors(value: Any) -> bool:
    if not isinstance(value, (list, tuple)):
        return False
    return any(
        item.__class__ is Tensor or hasattr(item, "_read_tensor") or _holds_tensors(item)
        for item in value
    )


def _pack(value: Any, dtype: DType | None) -> Tensor:
    """A nested list with tensors in it: stacked level by level, so that gradients flow."""
    from reflow.core.tensor import _hooks

    if dtype is None:
        dtype = next(
            leaf.dtype
            for leaf in _leaves(value)
            if leaf.__class__ is Tensor or hasattr(leaf, "_read_tensor")
        )
    if all(leaf.__class__ in (StaticTensor, int) for leaf in _leaves(value)):
        return static_tensor(np.array(_plain(value), dtype.np))  # still a fact about shapes
    return _hooks["pack"]([_convert(item, dtype) for item in value])  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    """A nested list of static tensors and ints as one of arrays and ints."""
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value._value if value.__class__ is StaticTensor else value


__all__ = [
    "convert_argument", "convert_to_tensor", "register_converter", "tensor_from_numpy",
    "tensor_from_value", "to_array",
]  # fmt: skip
