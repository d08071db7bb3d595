"""Element types: ``tf.DType`` and its instances."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np


class DType:
    """The type of a tensor's elements.

    There is one instance per type (``tf.float32``, ``tf.int64``, ...), so ``is`` and ``==`` agree;
    ``==`` also accepts whatever ``tf.as_dtype`` understands: ``tf.float32 == "float32"``.
    """

    __slots__ = ("_enum", "_label", "_name", "_np")
    _enum: int
    _name: str
    _np: np.dtype[Any] | None
    _label: str

    def __init__(self, type_enum: int) -> None:
        known = _BY_ENUM.get(type_enum)
        if known is None:
            raise TypeError(
                f"type_enum is not a valid types_pb2.DataType: {type_enum!r} "
                f"(use tf.float32 and its kin, or tf.as_dtype)"
            )
        self._enum, self._name, self._np = known._enum, known._name, known._np
        self._label = known._label

    @classmethod
    def _make(cls, enum: int, name: str, numpy: Any, label: str | None = None) -> DType:
        self = object.__new__(cls)
        self._enum = enum
        self._name = name
        self._np = None if numpy is None else np.dtype(numpy)
        self._label = label or name
        return self

    @property
    def name(self) -> str:
        """The type's name, such as ``"float32"``."""
        return self._name

    @property
    def np(self) -> np.dtype[Any]:
        """The NumPy dtype (``object`` for strings)."""
        if self._np is None:
            raise TypeError(f"dtype {self._name} has no NumPy equivalent")
        return self._np

    @property
    def as_numpy_dtype(self) -> Any:
        """The NumPy scalar type, such as ``numpy.float32``; Python's for bool and string."""
        return {"b": bool, "O": object}.get(self.np.kind, self.np.type)

    @property
    def as_datatype_enum(self) -> int:
        """The number of this type in TF's file formats."""
        return self._enum

    @property
    def label(self) -> str:
        """TF's C++ name, which its error messages use: ``float`` for float32."""
        return self._label

    @property
    def base_dtype(self) -> DType:
        """The type itself; TF 1's reference types do not exist here."""
        return self

    @property
    def real_dtype(self) -> DType:
        """float32 for complex64, float64 for complex128, else the type itself."""
        return {complex64: float32, complex128: float64}.get(self, self)

    @property
    def is_numpy_compatible(self) -> bool:
        return self._np is not None

    @property
    def is_bool(self) -> bool:
        return self is bool_

    @property
    def is_integer(self) -> bool:
        """True for the plain integer types (not the quantized ones)."""
        return self._np is not None and self._np.kind in "iu" and not self.is_quantized

    @property
    def is_floating(self) -> bool:
        return self in (float16, float32, float64, bfloat16)

    @property
    def is_complex(self) -> bool:
        return self in (complex64, complex128)

    @property
    def is_quantized(self) -> bool:
        return self._name.startswith("q")

    @property
    def is_unsigned(self) -> bool:
        return self._np is not None and self._np.kind == "u" and not self.is_quantized

    @property
    def min(self) -> Any:
        """The smallest value of the type.

        Raises:
          TypeError: if the type is neither floating nor integer.
        """
        return self._bounds("minimum")[0]

    @property
    def max(self) -> Any:
        """The largest value of the type.

        Raises:
          TypeError: if the type is neither floating nor integer.
        """
        return self._bounds("maximum")[1]

    def _bounds(self, which: str) -> tuple[Any, Any]:
        if self.is_floating:
            info: Any = ml_dtypes.finfo(self.np)
            return self.np.type(info.min), self.np.type(info.max)
        if self.is_integer:
            limits = np.iinfo(self.np)
            return limits.min, limits.max
        raise TypeError(f"Cannot find {which} value of {self}.")

    @property
    def limits(self) -> tuple[Any, Any]:
        """``(lowest, highest)`` intensity as TF's image functions use them; no negative ones.

        Raises:
          TypeError: if the type is neither floating nor integer.
        """
        return (0, 1) if self.is_floating else (0, self._bounds("maximum")[1])

    @property
    def size(self) -> int:
        """Bytes per element, as TF counts them: 8 for strings, 1 for resources and variants."""
        if self._np is None:
            return 1
        return 8 if self._np.kind == "O" else self._np.itemsize

    def is_compatible_with(self, other: Any) -> bool:
        """Whether a tensor of type ``other`` may stand where this type is asked for."""
        return self is as_dtype(other)

    def __eq__(self, other: object) -> bool:
        if other is self:
            return True
        if other is None:
            return False
        try:
            return as_dtype(other) is self
        except TypeError:
            return False

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return self._enum

    def __int__(self) -> int:
        return self._enum

    def __str__(self) -> str:
        return f"<dtype: {self._name!r}>"

    def __repr__(self) -> str:
        return "tf." + self._name

    def __reduce__(self) -> tuple[Any, ...]:
        return as_dtype, (self._name,)


_make = DType._make
float32 = _make(1, "float32", np.float32, "float")
float64 = _make(2, "float64", np.float64, "double")
int32 = _make(3, "int32", np.int32)
uint8 = _make(4, "uint8", np.uint8)
int16 = _make(5, "int16", np.int16)
int8 = _make(6, "int8", np.int8)
string = _make(7, "string", np.object_)
complex64 = _make(8, "complex64", np.complex64)
int64 = _make(9, "int64", np.int64)
bool_ = _make(10, "bool", np.bool_)
qint8 = _make(11, "qint8", np.int8)
quint8 = _make(12, "quint8", np.uint8)
qint32 = _make(13, "qint32", np.int32)
bfloat16 = _make(14, "bfloat16", ml_dtypes.bfloat16)
qint16 = _make(15, "qint16", np.int16)
quint16 = _make(16, "quint16", np.uint16)
uint16 = _make(17, "uint16", np.uint16)
complex128 = _make(18, "complex128", np.complex128)
float16 = _make(19, "float16", np.float16, "half")
resource = _make(20, "resource", None)
variant = _make(21, "variant", None)
uint32 = _make(22, "uint32", np.uint32)
uint64 = _make(23, "uint64", np.uint64)
half, double = float16, float64

ALL = (
    float32, float64, int32, uint8, int16, int8, string, complex64, int64, bool_, qint8, quint8,
    qint32, bfloat16, qint16, quint16, uint16, complex128, float16, resource, variant, uint32,
    uint64,
)  # fmt: skip
FLOATS = frozenset((bfloat16, float16, float32, float64))
COMPLEXES = frozenset((complex64, complex128))
INTEGERS = frozenset((int8, int16, int32, int64, uint8, uint16, uint32, uint64))
NUMBERS = FLOATS | COMPLEXES | INTEGERS
QUANTIZED = frozenset((qint8, quint8, qint32, qint16, quint16))

_BY_ENUM = {dtype._enum: dtype for dtype in ALL}
_BY_NAME = {dtype._name: dtype for dtype in ALL} | {
    "half": float16,
    "double": float64,
    "float": float32,
}
_BY_NUMPY: dict[Any, DType] = {
    dtype._np: dtype for dtype in ALL if dtype._np is not None and not dtype.is_quantized
}
_CACHE: dict[Any, DType] = {
    float: float32,
    bool: bool_,
    object: string,
} | _BY_NUMPY


def as_dtype(type_value: Any) -> DType:
    """Converts a name, NumPy dtype, NumPy or Python type, or enum number to a ``DType``.

    Raises:
      TypeError: if there is no such type.
    """
    if type_value.__class__ is DType:
        return type_value  # type: ignore[no-any-return]
    try:
        found = _CACHE.get(type_value)
    except TypeError:
        found = None
    if found is not None:
        return found
    if isinstance(type_value, str):
        found = _BY_NAME.get(type_value.removesuffix("_ref"))
    elif isinstance(type_value, (int, np.integer)) and not isinstance(type_value, bool):
        return _by_enum(int(type_value))
    elif isinstance(type_value, DType):
        found = _BY_ENUM[type_value._enum]
    else:
        found = _from_numpy(type_value)
    if found is None:
        raise TypeError(f"Cannot convert value {type_value!r} to a TensorFlow DType.")
    return found


def _by_enum(number: int) -> DType:
    if number not in _BY_ENUM:
        raise TypeError(f"Cannot convert value {number!r} to a TensorFlow DType.")
    return _BY_ENUM[number]


def _from_numpy(value: Any) -> DType | None:
    if value is None or (isinstance(value, type) and value.__module__ == "builtins"):
        return None  # int could mean int32 or int64: TF takes neither
    try:
        dtype = np.dtype(value)
    except TypeError:
        dtype = getattr(value, "dtype", None)
        if dtype is None:
            return None
        return as_dtype(dtype)
    if dtype.kind in "SUO":
        return string
    found = _BY_NUMPY.get(dtype.newbyteorder("="))
    if found is not None:
        _CACHE[value] = found
    return found


def of_array(array: Any) -> DType:
    """The DType of a NumPy or JAX array."""
    found = _BY_NUMPY.get(array.dtype)
    return found if found is not None else as_dtype(array.dtype)
