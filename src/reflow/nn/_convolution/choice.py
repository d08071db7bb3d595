"""Which formulation computes a convolution, by the class of its shape.

On the CPU, XLA's own convolution is good in some places and many times slower than it could be in
others, above all in the kernel's gradient. The table below is what ``benchmarks/conv_choice.py``
measured, one core of an x86 server; run it again for another JAX, and add a table if it says so.
Accelerators, other dtypes than float32, and groups are left to XLA; so is a program's first, cheap
compilation, in which only library routines are fast.

``pick(a, b, channels, g)`` returns the formulation ``(a, b, g) -> result`` for two arrays, the
input's number of channels and the geometry.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import prod
from typing import Any, NamedTuple

from reflow.core.lazy import jax, jnp
from reflow.nn._convolution import chunks, columns, direct, rows, shifted, toeplitz, winograd
from reflow.nn._convolution.geometry import Geometry

Formulation = Callable[[Any, Any, Geometry], Any]

CHUNK_BYTES = 8_000_000
"""How much a formulation may spread out at a time: about what a core's caches hold."""


class Case(NamedTuple):
    """A convolution: its geometry, and the sizes that are not in it."""

    batch: int
    channels: int
    filters: int
    g: Geometry

    @property
    def square(self) -> bool:
        """3 x 3 with stride 1, no dilation: what Winograd's formula is for."""
        g = self.g
        return (
            g.kernel == (3, 3)
            and not g.strided
            and not g.dilated
            and all(before <= 2 and after <= 2 for before, after in g.pads)
        )

    @property
    def pointwise(self) -> bool:
        """1 x 1."""
        return prod(self.g.kernel) == 1

    @property
    def work(self) -> int:
        """The number of multiplications."""
        g = self.g
        return self.batch * prod(g.output) * prod(g.kernel) * self.channels * self.filters

    def columns_bytes(self, channels: int) -> int:
        """The size of one image's columns, with this many channels."""
        return 4 * prod(self.g.output) * prod(self.g.kernel) * channels


class Row(NamedTuple):
    """A class of shapes and its formulations; None leaves it to the rows below."""

    name: str
    holds: Callable[[Case], bool]
    forward: Callable[[Case], Formulation] | None = None
    input_gradient: Callable[[Case], Formulation] | None = None
    kernel_gradient: Callable[[Case], Formulation] | None = None


# ---- formulations with what they depend on


def _plain(f: Formulation) -> Callable[[Case], Formulation]:
    return lambda case: f


def _mapped(f: Formulation, spread: Callable[[Case], float]) -> Callable[[Case], Formulation]:
    """So many images at a time that what ``f`` spreads out of them fits."""
    return lambda case: chunks.over_images(
        f, chunks.images(case.batch, CHUNK_BYTES / max(spread(case), 1))
    )


def _summed(f: Formulation, spread: Callable[[Case], float]) -> Callable[[Case], Formulation]:
    return lambda case: chunks.summed(
        f, chunks.images(case.batch, CHUNK_BYTES / max(spread(case), 1))
    )


def _patches(case: Case) -> float:
    """Winograd's 16 arrays for each quarter of the positions, of inputs and of products."""
    return 16 * prod(case.g.output) * (case.channels + case.filters)


def _input_columns(case: Case) -> float:
    return case.columns_bytes(case.channels)


def _gradient_columns(case: Case) -> float:
    return case.columns_bytes(case.channels) + 4 * prod(case.g.input) * case.channels


def _input_rows(case: Case) -> float:
    return case.columns_bytes(case.channels) / case.g.kernel[0]


def _toeplitz(name: str, tile: int) -> Callable[[Case], Formulation]:
    f: Formulation = partial(getattr(toeplitz, name), tile=tile)
    return (_mapped if name == "forward" else _summed)(f, _input_columns)


# ---- the table

ROWS = (
    Row(
        "1 x 1",
        lambda c: c.pointwise,
        forward=_plain(direct.forward),
        input_gradient=_plain(columns.input_gradient),
        kernel_gradient=_plain(columns.kernel_gradient),
    ),
    Row(
        "large kernel, 1-4 channels to 1-16",
        lambda c: c.g.kernel[1] >= 5 and c.channels <= 4 and c.filters <= 16 and not c.g.dilated,
        forward=_toeplitz("forward", 4),
        input_gradient=_mapped(columns.input_gradient, _gradient_columns),
        kernel_gradient=_toeplitz("kernel_gradient", 4),
    ),
    Row(
        "1-4 channels",
        lambda c: c.channels <= 4 and not c.g.dilated,
        input_gradient=_mapped(columns.input_gradient, _gradient_columns),
        kernel_gradient=_toeplitz("kernel_gradient", 2),
    ),
    Row(
        "5-8 channels, small maps",
        lambda c: c.channels <= 8 and prod(c.g.output) <= 256 and not c.g.dilated,
        forward=_toeplitz("forward", 2),
        input_gradient=_mapped(columns.input_gradient, _gradient_columns),
    ),
    Row(
        "tiny maps, 256 channels or more",
        lambda c: prod(c.g.output) <= 25 and min(c.channels, c.filters) >= 256,
        forward=_plain(columns.forward),
        input_gradient=_plain(columns.input_gradient),
        kernel_gradient=_plain(shifted.kernel_gradient),
    ),
    Row(
        "3 x 3, 32 channels or more, where the last digits may differ",
        lambda c: not c.g.exact and c.square and min(c.channels, c.filters) >= 32 and c.work >= 1e8,
        forward=_mapped(winograd.forward, _patches),
        input_gradient=_mapped(winograd.input_gradient, _patches),
        kernel_gradient=_summed(winograd.kernel_gradient, _patches),
    ),
    Row(
        "stride greater than 1, 32 channels or more",
        lambda c: c.g.strided and c.channels >= 32,
        kernel_gradient=_plain(shifted.kernel_gradient),
    ),
    Row(
        "32 channels or more",
        lambda c: c.channels >= 32,
        kernel_gradient=_summed(rows.kernel_gradient, _input_rows),
    ),
)

TABLES: dict[tuple[int, int], tuple[Row, ...]] = {(0, 10): ROWS}
"""For each version of JAX from which on it holds, a table whose first fitting row counts."""

DEFAULT = Row(
    "all others",
    lambda c: True,
    _plain(direct.forward),
    _plain(direct.input_gradient),
    _plain(direct.kernel_gradient),
)


def table(version: str) -> tuple[Row, ...]:
    """The newest table that is not newer than this version of JAX."""
    running = tuple(map(int, version.split(".")[:2]))
    known = [first for first in TABLES if first <= running]
    return TABLES[max(known)] if known else ()


def chosen(case: Case, what: str) -> tuple[str, Formulation]:
    """The row's name and the formulation of "forward", "input_gradient" or "kernel_gradient"."""
    for row in (*table(jax.__version__), DEFAULT):
        make = getattr(row, what)
        if make is not None and row.holds(case):
            return row.name, make(case)
    raise LookupError(what)


def _applies(dtype: Any, case: Case) -> bool:
    g = case.g
    empty = 0 in (case.batch, case.channels, case.filters, *g.input, *g.output, *g.kernel)
    return (
        g.rank == 2
        and g.groups == 1
        and not empty
        and not g.cheap
        and dtype == jnp.float32
        and jax.default_backend() == "cpu"
    )


def _pick(what: str, dtype: Any, case: Case) -> Formulation:
    if _applies(dtype, case):
        return chosen(case, what)[1]
    # JAX does not transpose XLA's convolution of integers; products of matrices it need not.
    whole = jnp.issubdtype(dtype, jnp.integer) and case.g.groups == 1
    return getattr(columns if whole else direct, what)  # type: ignore[no-any-return]


def forward(x: Any, w: Any, channels: int, g: Geometry) -> Formulation:
    return _pick("forward", x.dtype, Case(x.shape[0], channels, w.shape[-1], g))


def input_gradient(dy: Any, w: Any, channels: int, g: Geometry) -> Formulation:
    return _pick("input_gradient", dy.dtype, Case(dy.shape[0], channels, w.shape[-1], g))


def kernel_gradient(x: Any, dy: Any, channels: int, g: Geometry) -> Formulation:
    return _pick("kernel_gradient", x.dtype, Case(x.shape[0], channels, dy.shape[-1], g))
