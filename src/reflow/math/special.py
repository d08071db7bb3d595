"""Special functions: gamma, beta and zeta functions, error functions, Bessel functions."""

from __future__ import annotations

import numpy as np

from reflow.core.aval import aval
from reflow.core.derivative import custom_jvp
from reflow.core.dtypes import FLOATS
from reflow.core.errors import invalid
from reflow.core.lazy import jax, jnp, lax
from reflow.core.op import op
from reflow.core.rules import broadcast, same_shape, text
from reflow.math import arithmetic
from reflow.math._common import PRECISE, constant, spread
from reflow.math.arithmetic import multiply, subtract
from reflow.math.powers import exp
from reflow.math.reductions import reduce_sum

__all__ = [
    "bessel_i0",
    "bessel_i0e",
    "bessel_i1",
    "bessel_i1e",
    "betainc",
    "digamma",
    "erf",
    "erfc",
    "erfinv",
    "igamma",
    "igammac",
    "lbeta",
    "lgamma",
    "ndtri",
    "polygamma",
    "zeta",
]


def _precisely(function):
    """Computes in float64: float32 series would lose the last digits that TF's have."""

    def compute(*arrays):
        wide = [a.astype(np.float64) for a in arrays]
        return function(*wide).astype(arrays[0].dtype)

    return compute


# --------------------------------------------------------------------------------- error functions


@op("Erf", types=FLOATS, rule=same_shape)
def _erf(x):
    return lax.erf(x)


@op("Erfc", types=FLOATS, rule=same_shape)
def _erfc(x):
    return lax.erfc(x)


@op("Erfinv", types=PRECISE, rule=same_shape)
def _erfinv(x):
    return _precisely(_inverse_erf)(x)


@custom_jvp
def _inverse_erf(x):
    beyond = lax.abs(x) >= 1
    return jnp.where(beyond, lax.sign(x) * constant(np.inf, x), lax.erf_inv(x))


@_inverse_erf.defjvp
def _inverse_erf_jvp(primals, tangents):
    y = _inverse_erf(*primals)
    return y, tangents[0] * (constant(np.sqrt(np.pi) / 2, y) * lax.exp(y * y))


@op("Ndtri", types=PRECISE, rule=same_shape)
def _ndtri(x):
    return _precisely(_normal_quantile)(x)


@custom_jvp
def _normal_quantile(p):
    inside = (p > 0) & (p < 1)
    quantile = jax.scipy.special.ndtri(jnp.where(inside, p, constant(0.5, p)))
    end = jnp.where(p <= 0, constant(-np.inf, p), jnp.where(p >= 1, constant(np.inf, p), p))
    return jnp.where(inside, quantile, end)


@_normal_quantile.defjvp
def _normal_quantile_jvp(primals, tangents):
    y = _normal_quantile(*primals)
    scale = constant(np.sqrt(2 * np.pi), y) * lax.exp(y * y * constant(0.5, y))
    return y, tangents[0] * scale


def erf(x, name=None):
    """The error function, elementwise.

    Args:
      x: a tensor of floating type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _erf(x)


def erfc(x, name=None):
    """The complementary error function ``1 - erf(x)``, elementwise.

    Args:
      x: a tensor of floating type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _erfc(x)


def erfinv(x, name=None):
    """The inverse of the error function, elementwise.

    Args:
      x: a tensor of float32 or float64.
      name: unused in eager code.

    Returns:
      A tensor like ``x``; infinite outside of (-1, 1).
    """
    return _erfinv(x)


def ndtri(x, name=None):
    """The quantile function of the standard normal distribution, elementwise.

    Args:
      x: probabilities, a tensor of float32 or float64.
      name: unused in eager code.

    Returns:
      A tensor like ``x``; infinite outside of (0, 1).
    """
    return _ndtri(x)


# ------------------------------------------------------------------------- gamma and zeta functions


@op("Lgamma", types=FLOATS, rule=same_shape)
def _lgamma(x):
    return _precisely(_log_gamma)(x)


@custom_jvp
def _log_gamma(x):
    return lax.lgamma(x)


@_log_gamma.defjvp
def _log_gamma_jvp(primals, tangents):
    return _log_gamma(*primals), tangents[0] * _psi(*primals)


@op("Digamma", types=FLOATS, rule=same_shape)
def _digamma(x):
    return _precisely(_psi)(x)


@custom_jvp
def _psi(x):
    pole = (x <= 0) & (x == lax.floor(x))
    return jnp.where(pole, constant(np.inf, x), lax.digamma(x))


@_psi.defjvp
def _psi_jvp(primals, tangents):
    (x,) = primals
    return _psi(x), tangents[0] * _hurwitz(jnp.full_like(x, 2), x)


@op("Igamma", types=PRECISE, rule=broadcast)
def _igamma(a, x):
    return _precisely(_lower_gamma)(*spread(a, x))


@op("Igammac", types=PRECISE, rule=broadcast)
def _igammac(a, x):
    return _precisely(_upper_gamma)(*spread(a, x))


def _lower_gamma(a, x):
    return jnp.where(a > 0, lax.igamma(a, x), constant(np.nan, x))


def _upper_gamma(a, x):
    return jnp.where(a > 0, lax.igammac(a, x), constant(np.nan, x))


@op("Zeta", types=PRECISE, rule=broadcast)
def _zeta(x, q):
    return _precisely(_hurwitz)(*spread(x, q))


@custom_jvp
def _hurwitz(x, q):
    return lax.zeta(x, q)


@_hurwitz.defjvp
def _hurwitz_jvp(primals, tangents):
    (x, q), (_, dq) = primals, tangents
    return _hurwitz(x, q), dq * (-x * _hurwitz(x + constant(1, x), q))


@op("Polygamma", types=PRECISE, rule=broadcast)
def _polygamma(a, x):
    return _precisely(_psi_of_order)(*spread(a, x))


@custom_jvp
def _psi_of_order(n, x):
    one = constant(1, n)
    sign = jnp.where(n % constant(2, n) == 0, -one, one)
    derivative = sign * lax.exp(lax.lgamma(n + one)) * _hurwitz(n + one, x)
    value = jnp.where(n == 0, _psi(x), derivative)
    return jnp.where((n == lax.floor(n)) & (n >= 0), value, constant(np.nan, x))


@_psi_of_order.defjvp
def _psi_of_order_jvp(primals, tangents):
    (n, x), (_, dx) = primals, tangents
    return _psi_of_order(n, x), dx * _psi_of_order(n + constant(1, n), x)


def lgamma(x, name=None):
    """The logarithm of the absolute value of the gamma function, elementwise.

    Args:
      x: a tensor of floating type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _lgamma(x)


def digamma(x, name=None):
    """The derivative of ``lgamma``, elementwise.

    Args:
      x: a tensor of floating type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``; infinite at 0 and the negative integers.
    """
    return _digamma(x)


def igamma(a, x, name=None):
    """The lower regularized incomplete gamma function ``P(a, x)``, elementwise with broadcasting.

    Args:
      a: a tensor of float32 or float64, positive.
      x: a tensor of the same dtype, not negative.
      name: unused in eager code.

    Returns:
      A tensor of the common shape.
    """
    return _igamma(a, x)


def igammac(a, x, name=None):
    """The upper regularized incomplete gamma function ``Q(a, x) = 1 - P(a, x)``.

    Args:
      a: a tensor of float32 or float64, positive.
      x: a tensor of the same dtype, not negative.
      name: unused in eager code.

    Returns:
      A tensor of the common shape.
    """
    return _igammac(a, x)


def zeta(x, q, name=None):
    """The Hurwitz zeta function: the sum of ``(n + q)^-x`` over all ``n >= 0``.

    Args:
      x: a tensor of float32 or float64, greater than 1. It gets no gradient.
      q: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape.
    """
    return _zeta(_without_gradient(x), q)


def polygamma(a, x, name=None):
    """The ``a``-th derivative of ``digamma`` at ``x``, elementwise with broadcasting.

    Args:
      a: a tensor of float32 or float64 that holds whole numbers >= 0. It gets no gradient.
      x: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape; NaN where ``a`` is no whole number.
    """
    return _polygamma(_without_gradient(a), x)


def _without_gradient(x):
    from reflow._arrays.shape import stop_gradient

    return stop_gradient(x) if hasattr(x, "dtype") else x


# ----------------------------------------------------------------------------------- beta functions


def _betainc_rule(a, b, x):
    shape = ()
    for (first, s), (second, t) in (
        (("a", a), ("b", b)),
        (("a", a), ("x", x)),
        (("b", b), ("x", x)),
    ):
        if s.shape and t.shape and s.shape != t.shape:
            raise invalid(
                f"Shapes of {first} and {second} are inconsistent: "
                f"{text(s.shape)} vs. {text(t.shape)}"
            )
        shape = shape or s.shape or t.shape
    return aval(shape, a.dtype)


@op("Betainc", types=PRECISE, rule=_betainc_rule)
def _betainc(a, b, x):
    a, b, x = jnp.broadcast_arrays(a, b, x)
    return _precisely(_incomplete_beta)(a, b, x)


@custom_jvp
def _incomplete_beta(a, b, x):
    defined = (a > 0) & (b > 0)
    return jnp.where(defined, lax.betainc(a, b, x), constant(np.nan, x))


@_incomplete_beta.defjvp
def _incomplete_beta_jvp(primals, tangents):
    (a, b, x), (_, _, dx) = primals, tangents
    one = constant(1, x)
    log_beta = lax.lgamma(a) + lax.lgamma(b) - lax.lgamma(a + b)
    density = lax.exp((b - one) * lax.log1p(-x) + (a - one) * lax.log(x) - log_beta)
    return _incomplete_beta(a, b, x), dx * density


def betainc(a, b, x, name=None):
    """The regularized incomplete beta function ``I_x(a, b)``, elementwise.

    Args:
      a: a tensor of float32 or float64, positive. It gets no gradient.
      b: a tensor of the same dtype, positive. It gets no gradient.
      x: a tensor of the same dtype, from 0 to 1.
      name: unused in eager code.

    Returns:
      A tensor of the inputs' shape; inputs must have the same shape or none.
    """
    return _betainc(_without_gradient(a), _without_gradient(b), x)


def lbeta(x, name=None):
    """The logarithm of the multivariate beta function of the last axis.

    ``sum(lgamma(x)) - lgamma(sum(x))``

    Args:
      x: a tensor of floating type, of shape ``(..., n)``.
      name: unused in eager code.

    Returns:
      A tensor of shape ``(...)``; -inf if the last axis is empty.
    """
    return subtract(reduce_sum(lgamma(x), -1), lgamma(reduce_sum(x, -1)))


# --------------------------------------------------------------------------------- Bessel functions


@op("BesselI0e", types=FLOATS, rule=same_shape)
def _bessel_i0e(x):
    return _precisely(lax.bessel_i0e)(x)


@op("BesselI1e", types=FLOATS, rule=same_shape)
def _bessel_i1e(x):
    return _precisely(lax.bessel_i1e)(x)


def bessel_i0(x, name=None):
    """The modified Bessel function of order 0, elementwise.

    Args:
      x: a tensor of floating type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``; ``bessel_i0e`` does not overflow.
    """
    return multiply(exp(arithmetic.abs(x)), bessel_i0e(x))


def bessel_i0e(x, name=None):
    """``exp(-|x|) bessel_i0(x)``, elementwise.

    Args:
      x: a tensor of floating type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _bessel_i0e(x)


def bessel_i1(x, name=None):
    """The modified Bessel function of order 1, elementwise.

    Args:
      x: a tensor of floating type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``; ``bessel_i1e`` does not overflow.
    """
    return multiply(exp(arithmetic.abs(x)), bessel_i1e(x))


def bessel_i1e(x, name=None):
    """``exp(-|x|) bessel_i1(x)``, elementwise.

    Args:
      x: a tensor of floating type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _bessel_i1e(x)
