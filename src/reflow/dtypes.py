"""tf.dtypes: element types and conversions between them."""

from __future__ import annotations

from reflow._arrays.casting import cast, saturate_cast
from reflow._namespace import lazy_names
from reflow.core.dtypes import (
    QUANTIZED as QUANTIZED_DTYPES,
)
from reflow.core.dtypes import (
    DType,
    as_dtype,
    bfloat16,
    complex64,
    complex128,
    double,
    float16,
    float32,
    float64,
    half,
    int8,
    int16,
    int32,
    int64,
    qint8,
    qint16,
    qint32,
    quint8,
    quint16,
    resource,
    string,
    uint8,
    uint16,
    uint32,
    uint64,
    variant,
)
from reflow.core.dtypes import (
    bool_ as bool,  # noqa: A004 - TF's name
)

__all__ = [
    "QUANTIZED_DTYPES",
    "DType",
    "as_dtype",
    "bfloat16",
    "bool",
    "cast",
    "complex64",
    "complex128",
    "double",
    "float16",
    "float32",
    "float64",
    "half",
    "int8",
    "int16",
    "int32",
    "int64",
    "qint8",
    "qint16",
    "qint32",
    "quint8",
    "quint16",
    "resource",
    "saturate_cast",
    "string",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "variant",
]  # fmt: skip

__getattr__, __dir__ = lazy_names(__name__)
