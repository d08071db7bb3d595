"""Fourier transforms over the last one, two or three axes."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import COMPLEXES, DType, complex64, complex128, float32, float64
from reflow.core.errors import invalid
from reflow.core.lazy import jnp
from reflow.core.op import Primitive, op
from reflow.core.rules import text
from reflow.core.static import static_ints
from reflow.core.tensor import Tensor

__all__ = [
    "fft",
    "fft2d",
    "fft3d",
    "fftshift",
    "ifft",
    "ifft2d",
    "ifft3d",
    "ifftshift",
    "irfft",
    "irfft2d",
    "irfft3d",
    "rfft",
    "rfft2d",
    "rfft3d",
]

_REALS = frozenset((float32, float64))
Sizes = tuple[int, ...]


def _require_rank(x: Aval, rank: int) -> None:
    if len(x.shape) < rank:
        raise invalid(f"Input must have rank of at least {rank} but got: {text(x.shape)}")


# ------------------------------------------------------------------------------ complex to complex


def _complex_rule(x: Aval, *, rank: int) -> Aval:
    _require_rank(x, rank)
    return x


def _complex_transform(name: str, function: str) -> Primitive:
    @op(name, same=(), kinds={0: COMPLEXES}, rule=_complex_rule, reads=())
    def transform(x, *, rank):
        if x.size == 0:
            return x
        return getattr(jnp.fft, function)(x, axes=tuple(range(-rank, 0)))

    return transform


_SUFFIXES = {1: "", 2: "2D", 3: "3D"}
_forward = {n: _complex_transform(f"FFT{suffix}", "fftn") for n, suffix in _SUFFIXES.items()}
_backward = {n: _complex_transform(f"IFFT{suffix}", "ifftn") for n, suffix in _SUFFIXES.items()}


def fft(input, name=None):
    """The discrete Fourier transform over the last axis.

    Args:
      input: a complex tensor.
      name: unused in eager code.

    Returns:
      A tensor like ``input``.
    """
    return _forward[1](input, rank=1)


def ifft(input, name=None):
    """The inverse of ``fft``, over the last axis.

    Args:
      input: a complex tensor.
      name: unused in eager code.

    Returns:
      A tensor like ``input``.
    """
    return _backward[1](input, rank=1)


def fft2d(input, name=None):
    """The discrete Fourier transform over the last two axes.

    Args:
      input: a complex tensor.
      name: unused in eager code.

    Returns:
      A tensor like ``input``.
    """
    return _forward[2](input, rank=2)


def ifft2d(input, name=None):
    """The inverse of ``fft2d``, over the last two axes.

    Args:
      input: a complex tensor.
      name: unused in eager code.

    Returns:
      A tensor like ``input``.
    """
    return _backward[2](input, rank=2)


def fft3d(input, name=None):
    """The discrete Fourier transform over the last three axes.

    Args:
      input: a complex tensor.
      name: unused in eager code.

    Returns:
      A tensor like ``input``.
    """
    return _forward[3](input, rank=3)


def ifft3d(input, name=None):
    """The inverse of ``fft3d``, over the last three axes.

    Args:
      input: a complex tensor.
      name: unused in eager code.

    Returns:
      A tensor like ``input``.
    """
    return _backward[3](input, rank=3)


# --------------------------------------------------------------------- real to complex, and back


def _partner(dtype: DType) -> DType:
    return {float32: complex64, float64: complex128, complex64: float32, complex128: float64}[dtype]


def _real_rule(x: Aval, *, sizes: Sizes) -> Aval:
    *outer, last = sizes
    return aval((*x.shape[: -len(sizes)], *outer, last // 2 + 1), _partner(x.dtype))


@op("RFFT", types=_REALS, rule=_real_rule, reads=())
def _rfft(x, *, sizes):
    if 0 in sizes or 0 in x.shape:
        kind = jnp.complex128 if x.dtype == jnp.float64 else jnp.complex64
        return jnp.zeros((*x.shape[: -len(sizes)], *sizes[:-1], sizes[-1] // 2 + 1), kind)
    return jnp.fft.rfftn(x, sizes, tuple(range(-len(sizes), 0)))


def _inverse_real_rule(x: Aval, *, sizes: Sizes) -> Aval:
    return aval((*x.shape[: -len(sizes)], *sizes), _partner(x.dtype))


@op("IRFFT", types=COMPLEXES, rule=_inverse_real_rule, reads=())
def _irfft(x, *, sizes):
    if 0 in sizes or 0 in x.shape:
        kind = jnp.float64 if x.dtype == jnp.complex128 else jnp.float32
        return jnp.zeros((*x.shape[: -len(sizes)], *sizes), kind)
    return jnp.fft.irfftn(x, sizes, tuple(range(-len(sizes), 0)))


def _sizes(x: Tensor, fft_length: Any, rank: int) -> Sizes | None:
    """The transform's size along each of the last axes, if it is given."""
    if x.ndim < rank:
        raise ValueError(f"Shape {x.shape} must have rank at least {rank}")
    if fft_length is None:
        return None
    given = static_ints(fft_length, "fft_length")
    if isinstance(given, int) or len(given) != rank:
        raise invalid(f"fft_length must have shape [{rank}]")
    return given


def _to_spectrum(x: Any, fft_length: Any, rank: int) -> Tensor:
    x = convert_to_tensor(x, dtype_hint=float32)
    sizes = _sizes(x, fft_length, rank)
    return _rfft(x, sizes=tuple(x.shape)[-rank:] if sizes is None else sizes)


def _from_spectrum(x: Any, fft_length: Any, rank: int) -> Tensor:
    x = convert_to_tensor(x, dtype_hint=complex64)
    sizes = _sizes(x, fft_length, rank)
    if sizes is None:
        *outer, last = tuple(x.shape)[-rank:]
        sizes = (*outer, max(0, 2 * (last - 1)))
    return _irfft(x, sizes=sizes)


def rfft(input_tensor, fft_length=None, name=None):
    """The Fourier transform of real signals over the last axis: the half that is not redundant.

    Args:
      input_tensor: a float32 or float64 tensor ``(..., n)``.
      fft_length: a list of one int, to which the signal is cut or padded with zeros.
      name: unused in eager code.

    Returns:
      A complex tensor ``(..., n // 2 + 1)``.

    Raises:
      ValueError: if the rank is too low.
    """
    return _to_spectrum(input_tensor, fft_length, 1)


def rfft2d(input_tensor, fft_length=None, name=None):
    """The Fourier transform of real signals over the last two axes; see ``rfft``.

    Args:
      input_tensor: a float32 or float64 tensor ``(..., m, n)``.
      fft_length: a list of two ints, to which the signal is cut or padded with zeros.
      name: unused in eager code.

    Returns:
      A complex tensor ``(..., m, n // 2 + 1)``.

    Raises:
      ValueError: if the rank is too low.
    """
    return _to_spectrum(input_tensor, fft_length, 2)


def rfft3d(input_tensor, fft_length=None, name=None):
    """The Fourier transform of real signals over the last three axes; see ``rfft``.

    Args:
      input_tensor: a float32 or float64 tensor ``(..., l, m, n)``.
      fft_length: a list of three ints, to which the signal is cut or padded with zeros.
      name: unused in eager code.

    Returns:
      A complex tensor ``(..., l, m, n // 2 + 1)``.

    Raises:
      ValueError: if the rank is too low.
    """
    return _to_spectrum(input_tensor, fft_length, 3)


def irfft(input_tensor, fft_length=None, name=None):
    """The inverse of ``rfft``, over the last axis.

    Args:
      input_tensor: a complex tensor ``(..., k)``.
      fft_length: a list of one int, the length of the result; ``2 * (k - 1)`` by default.
      name: unused in eager code.

    Returns:
      A real tensor.

    Raises:
      ValueError: if the rank is too low.
    """
    return _from_spectrum(input_tensor, fft_length, 1)


def irfft2d(input_tensor, fft_length=None, name=None):
    """The inverse of ``rfft2d``, over the last two axes.

    Args:
      input_tensor: a complex tensor ``(..., m, k)``.
      fft_length: a list of two ints, the sizes of the result; ``(m, 2 * (k - 1))`` by default.
      name: unused in eager code.

    Returns:
      A real tensor.

    Raises:
      ValueError: if the rank is too low.
    """
    return _from_spectrum(input_tensor, fft_length, 2)


def irfft3d(input_tensor, fft_length=None, name=None):
    """The inverse of ``rfft3d``, over the last three axes.

    Args:
      input_tensor: a complex tensor ``(..., l, m, k)``.
      fft_length: a list of three ints, the sizes of the result; ``(l, m, 2 * (k - 1))`` by default.
      name: unused in eager code.

    Returns:
      A real tensor.

    Raises:
      ValueError: if the rank is too low.
    """
    return _from_spectrum(input_tensor, fft_length, 3)


# -------------------------------------------------------------------------------------- shifts


def _shift(x: Any, axes: Any, direction: int) -> Tensor:
    x = convert_to_tensor(x)
    chosen = tuple(range(x.ndim)) if axes is None else static_ints(axes, "axes")
    chosen = (chosen,) if isinstance(chosen, int) else chosen
    for axis in chosen:
        if not -x.ndim <= axis < x.ndim:
            raise invalid(f"slice index {axis} of dimension 0 out of bounds.")
    halves = [direction * (x.shape[axis] // 2) for axis in chosen]
    return tf.roll(x, halves, chosen)


def fftshift(x, axes=None, name=None):
    """Moves the zero frequency to the middle.

    Args:
      x: a tensor.
      axes: the axis or axes to shift; all by default.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.

    Raises:
      InvalidArgumentError: if there is no such axis.
    """
    return _shift(x, axes, 1)


def ifftshift(x, axes=None, name=None):
    """The inverse of ``fftshift``.

    Args:
      x: a tensor.
      axes: the axis or axes to shift; all by default.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.

    Raises:
      InvalidArgumentError: if there is no such axis.
    """
    return _shift(x, axes, -1)
