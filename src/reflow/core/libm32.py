"""``logf`` and ``sincosf`` as the host C library of TensorFlow 2.1 rounds them.

A float32 normal is sine, cosine and logarithm of a uniform number, so the last bit of every
random normal is decided here. Correct rounding is *not* the same (it differs for about one
argument in a hundred), nor is NumPy's float32 ``log``. The polynomials below, in double
arithmetic and rounded to float32 once at the end, agree with the C library on all 2**23
arguments a uniform number can produce, with fused multiply-adds and without. The constants are
shared with the traced version in ``philox_jax``.
"""

from __future__ import annotations

import numpy as np

SMALLEST_UNIFORM = float(np.float32(1e-7))
"""Box-Muller replaces uniform numbers below this before taking the logarithm."""

TWO_PI = 6.283185307179586

_INVC = """
    0x1.661ec79f8f3bep+0 0x1.571ed4aaf883dp+0 0x1.49539f0f010bp+0 0x1.3c995b0b80385p+0
    0x1.30d190c8864a5p+0 0x1.25e227b0b8eap+0 0x1.1bb4a4a1a343fp+0 0x1.12358f08ae5bap+0
    0x1.0953f419900a7p+0 0x1p+0 0x1.e608cfd9a47acp-1 0x1.ca4b31f026aap-1
    0x1.b2036576afce6p-1 0x1.9c2d163a1aa2dp-1 0x1.886e6037841edp-1 0x1.767dcf5534862p-1"""
_LOGC = """
    -0x1.57bf7808caadep-2 -0x1.2bef0a7c06ddbp-2 -0x1.01eae7f513a67p-2 -0x1.b31d8a68224e9p-3
    -0x1.6574f0ac07758p-3 -0x1.1aa2bc79c81p-3 -0x1.a4e76ce8c0e5ep-4 -0x1.1973c5a611cccp-4
    -0x1.252f438e10c1ep-5 0x0p+0 0x1.aa5aa5df25984p-5 0x1.c5e53aa362eb4p-4
    0x1.526e57720db08p-3 0x1.bc2860d22477p-3 0x1.1058bc8a07ee1p-2 0x1.4043057b6ee09p-2"""
_LN2 = float.fromhex("0x1.62e42fefa39efp-1")
LOG_A = tuple(
    float.fromhex(h)
    for h in ("-0x1.00ea348b88334p-2", "0x1.5575b0be00b6ap-2", "-0x1.ffffef20a4123p-2")
)

# An argument x lies in sixteenth i of binade k. One index, (bits(x) - LOG_ORIGIN) >> 19, names
# both; k runs from -23 (SMALLEST_UNIFORM) to 0. Scaling by 2**-k is exact, so it is folded in.
LOG_ORIGIN = 0x3F330000
LOG_SHIFT = 23 * 16


def _log_tables() -> tuple[np.ndarray, np.ndarray]:
    inverse = [float.fromhex(h) for h in _INVC.split()]
    logarithm = [float.fromhex(h) for h in _LOGC.split()]
    binades = range(-LOG_SHIFT // 16, 1)
    scaled = [c * 2.0**-k for k in binades for c in inverse]
    offset = [c + k * _LN2 for k in binades for c in logarithm]
    return np.array(scaled), np.array(offset)


LOG_SCALE, LOG_OFFSET = _log_tables()

QUADRANTS = float.fromhex("0x1.45f306dc9c883p+23")  # 2/pi, in units of 2**-24
HALF_PI = float.fromhex("0x1.921fb54442d18p0")
SIN_S = tuple(
    float.fromhex(h)
    for h in ("-0x1.555545995a603p-3", "0x1.1107605230bc4p-7", "-0x1.994eb3774cf24p-13")
)
COS_C = tuple(
    float.fromhex(h)
    for h in (
        "-0x1.ffffffd0c621cp-2",
        "0x1.55553e1068f19p-5",
        "-0x1.6c087e89a359dp-10",
        "0x1.99343027bf8c3p-16",
    )
)


def logf(x: np.ndarray) -> np.ndarray:
    """Natural logarithm rounded to float32.

    Args:
        x: float64 array of float32 values in [1e-7, 1).

    Returns:
        float32 array of the same shape.
    """
    index = x.astype(np.float32).view(np.int32)
    index -= LOG_ORIGIN
    index >>= 19
    index += LOG_SHIFT
    r = LOG_SCALE.take(index)
    r *= x
    r -= 1.0
    r2 = r * r
    y = LOG_A[1] * r
    y += LOG_A[2]
    y += LOG_A[0] * r2
    y *= r2
    r += LOG_OFFSET.take(index)
    y += r
    return y.astype(np.float32)


def sincosf(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sine and cosine rounded to float32.

    Args:
        x: float64 array of float32 values in [0, 2 pi).

    Returns:
        Two float32 arrays of the same shape.
    """
    n = (x * QUADRANTS).astype(np.int32)
    n += 1 << 23
    n >>= 24
    x = x - n * HALF_PI
    x2 = x * x
    x3 = x2 * x
    sine = x3 * SIN_S[0]
    sine += x
    x3 *= x2
    x3 *= SIN_S[1] + x2 * SIN_S[2]
    sine += x3
    x4 = x2 * x2
    cosine = x2 * COS_C[0]
    cosine += 1.0
    cosine += x4 * COS_C[1]
    x4 *= x2
    x4 *= COS_C[2] + x2 * COS_C[3]
    cosine += x4
    odd = (n & 1).astype(bool)
    swapped = np.where(odd, sine, cosine)
    np.copyto(sine, cosine, where=odd)
    sine *= 1 - (n & 2)
    swapped *= 1 - ((n + 1) & 2)
    return sine.astype(np.float32), swapped.astype(np.float32)
