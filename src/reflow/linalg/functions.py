"""Functions of matrices: exponential, logarithm and square root."""

from __future__ import annotations

import numpy as np

from reflow.core.convert import convert_to_tensor
from reflow.core.derivative import custom_vjp
from reflow.core.dtypes import COMPLEXES, FLOATS
from reflow.core.lazy import jax, jnp
from reflow.core.op import op
from reflow.linalg._common import KERNELS, square

__all__ = ["expm", "logm", "sqrtm"]


@op("MatrixExponential", types=FLOATS | COMPLEXES, rule=square, reads=(0,))
def _expm(x):
    from jax.scipy.linalg import expm

    if x.size == 0:
        return x
    precise = jnp.float32 if x.dtype.itemsize < 4 else x.dtype  # halves
    return expm(x.astype(precise), max_squarings=64).astype(x.dtype)


def expm(input, name=None):
    """The matrix exponential ``sum(input ** k / k!)``.

    Args:
      input: floating or complex matrices ``(..., n, n)``.
      name: unused in eager code.

    Returns:
      A tensor like ``input``.

    Raises:
      ValueError: if ``input`` is neither floating nor complex.
      InvalidArgumentError: if the matrices are not square.
    """
    input = convert_to_tensor(input)
    if input.dtype not in FLOATS | COMPLEXES:
        raise ValueError(f"tf.linalg.expm does not support matrices of type {input.dtype}")
    return _expm(input)


# ------------------------------------------------- functions that SciPy computes, on the host


def _by_scipy(name, x):
    """A function of scipy.linalg on every matrix; NaN where a real one has no real result."""

    def on_host(matrices):
        import scipy.linalg

        function = getattr(scipy.linalg, name)
        matrices = np.asarray(matrices)
        is_real = np.isrealobj(matrices)
        precise = matrices.astype(np.float64 if is_real else np.complex128)
        out = np.empty_like(matrices)
        for index in np.ndindex(matrices.shape[:-2]):
            result = function(precise[index])
            if is_real:
                result = np.nan if np.any(np.imag(result)) else np.real(result)
            out[index] = result
        return out

    return jax.pure_callback(on_host, jax.ShapeDtypeStruct(x.shape, x.dtype), x)


@custom_vjp
def _logarithm(x):
    return _by_scipy("logm", x)


def _no_gradient(kept, g):
    raise LookupError("gradient registry has no entry for: MatrixLogarithm")


_logarithm.defvjp(lambda x: (_logarithm(x), ()), _no_gradient)


@op("MatrixLogarithm", types=COMPLEXES, rule=square, reads=())
def _logm(x):
    return _logarithm(x)


def logm(input, name=None):
    """The principal matrix logarithm, the inverse of ``expm``; it has no gradient.

    Args:
      input: complex matrices ``(..., n, n)``.
      name: unused in eager code.

    Returns:
      A tensor like ``input``.

    Raises:
      InvalidArgumentError: if the matrices are not square.
      NotFoundError: if ``input`` is not complex.
    """
    return _logm(input)


@custom_vjp
def _square_root(x):
    return _by_scipy("sqrtm", x)


def _square_root_forward(x):
    y = _square_root(x)
    return y, y


def _square_root_backward(y, g):
    # With y @ y = x the gradient h solves transpose(y) @ h + h @ transpose(y) = g; in terms of
    # the vector of h's rows that is one linear system.
    n = y.shape[-1]
    eye = jnp.eye(n, dtype=y.dtype)
    left = jnp.einsum("...ji,kl->...ikjl", y, eye)
    right = jnp.einsum("ij,...kl->...ikjl", eye, y)
    batch = y.shape[:-2]
    system = (left + right).reshape(*batch, n * n, n * n)
    h = jnp.linalg.solve(system, g.reshape(*batch, n * n, 1))
    return (h.reshape(g.shape),)


_square_root.defvjp(_square_root_forward, _square_root_backward)


@op("MatrixSquareRoot", types=KERNELS, rule=square, reads=(0,))
def _sqrtm(x):
    return _square_root(x)


def sqrtm(input, name=None):
    """The principal matrix square root: ``sqrtm(x) @ sqrtm(x) = x``.

    Args:
      input: matrices ``(..., n, n)``.
      name: unused in eager code.

    Returns:
      A tensor like ``input``; NaN for a real matrix without real square root.

    Raises:
      InvalidArgumentError: if the matrices are not square.
    """
    return _sqrtm(input)
