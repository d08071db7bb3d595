"""Complex numbers and their parts."""

from __future__ import annotations

from reflow.core.aval import aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import COMPLEXES, complex64, complex128, float32, float64
from reflow.core.lazy import lax
from reflow.core.op import op
from reflow.core.rules import broadcast_shapes, real_part, same_shape
from reflow.math._common import PRECISE, scoped, spread

__all__ = ["angle", "complex", "conj", "imag", "real"]


_OF_PARTS = {float32: complex64, float64: complex128}


def _complex_rule(real, imag):
    return aval(broadcast_shapes(real.shape, imag.shape), _OF_PARTS[real.dtype])


@scoped("Complex", "Complex", types=PRECISE, rule=_complex_rule, reads=())
def _complex(real, imag):
    return lax.complex(*spread(real, imag))


@op("Real", types=COMPLEXES, rule=real_part, reads=())
def _real(x):
    return lax.real(x)


@op("Imag", types=COMPLEXES, rule=real_part, reads=())
def _imag(x):
    return lax.imag(x)


@op("Conj", types=COMPLEXES, rule=same_shape, reads=())
def _conj(x):
    return lax.conj(x)


@op("Angle", types=COMPLEXES, rule=real_part)
def _angle(x):
    return lax.atan2(lax.imag(x), lax.real(x))


def complex(real, imag, name=None):
    """The complex numbers with the given parts, elementwise with broadcasting.

    Args:
      real: a tensor of float32 or float64.
      imag: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of complex64 or complex128.

    Raises:
      TypeError: if the parts are not both float32 or both float64.
    """
    real, imag = convert_to_tensor(real), convert_to_tensor(imag)
    if real.dtype is not imag.dtype or real.dtype not in _OF_PARTS:
        raise TypeError(f"real and imag have incorrect types: {real.dtype.name} {imag.dtype.name}")
    return _complex(real, imag)


def real(input, name=None):
    """The real part, elementwise.

    Args:
      input: a tensor; real ones are returned as they are.
      name: unused in eager code.

    Returns:
      A tensor of float32 for complex64, of float64 for complex128.
    """
    x = convert_to_tensor(input)
    return _real(x) if x.dtype.is_complex else x


def imag(input, name=None):
    """The imaginary part, elementwise.

    Args:
      input: a tensor; real ones give zeros.
      name: unused in eager code.

    Returns:
      A tensor of float32 for complex64, of float64 for complex128.
    """
    x = convert_to_tensor(input)
    return _imag(x) if x.dtype.is_complex else _zeros_like(x)


def angle(input, name=None):
    """The argument of complex numbers, in radians from -pi to pi, elementwise.

    Args:
      input: a tensor; real ones give zeros, negative ones too, as in TensorFlow 2.1.
      name: unused in eager code.

    Returns:
      A tensor of float32 for complex64, of float64 for complex128.
    """
    x = convert_to_tensor(input)
    return _angle(x) if x.dtype.is_complex else _zeros_like(x)


def conj(x, name=None):
    """The complex conjugate, elementwise.

    Args:
      x: a tensor of numbers; real ones are returned as they are.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.

    Raises:
      TypeError: if ``x`` is not numeric.
    """
    x = convert_to_tensor(x)
    if x.dtype.is_complex:
        return _conj(x)
    if x.dtype.is_floating or x.dtype.is_integer:
        return x
    raise TypeError(f"Expected numeric or variant tensor, got dtype {x.dtype!r}")


def _zeros_like(x):
    from reflow._arrays.creation import zeros_like

    return zeros_like(x)
