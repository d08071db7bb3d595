"""Where windows lie: output sizes, paddings, and the slices of an input that one tap reads."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

from reflow.core.errors import invalid
from reflow.core.lazy import jnp, lax
from reflow.core.program import compiles_cheaply

Sizes = tuple[int, ...]
Pairs = tuple[tuple[int, int], ...]


def window(
    size: int, kernel: int, stride: int, dilation: int, padding: Any
) -> tuple[int, int, int]:
    """Zeros before, zeros after, and the number of windows along one axis, as TF defines them.

    Args:
      size: the input's size.
      kernel: the kernel's size.
      stride: from one window to the next.
      dilation: from one tap of a window to the next.
      padding: "SAME" (``ceil(size / stride)`` windows), "VALID" (no zeros), or (before, after).

    Raises:
      InvalidArgumentError: if not even an empty output is possible.
    """
    extent = (kernel - 1) * dilation + 1
    if padding == "SAME":
        count = -(-size // stride)
        zeros = max((count - 1) * stride + extent - size, 0)
        return zeros // 2, zeros - zeros // 2, count
    before, after = (0, 0) if padding == "VALID" else padding
    count = int((before + size + after - extent + stride) / stride)  # TF rounds towards 0
    if count < 0:
        raise invalid(
            f"Computed output size would be negative: {count} [input_size: "
            f"{before + size + after}, effective_filter_size: {extent}, stride: {stride}]"
        )
    return before, after, count


class Geometry(NamedTuple):
    """All that is fixed about a convolution besides batch and channels.

    Attributes:
      input, kernel, output: the spatial sizes.
      strides, dilations: per spatial axis.
      pads: zeros before and after, per spatial axis.
      groups: into how many groups the channels are divided.
      exact: whether only formulations may be used that round like direct convolution.
      cheap: whether it is to be compiled without optimisation.
    """

    input: Sizes
    kernel: Sizes
    output: Sizes
    strides: Sizes
    dilations: Sizes
    pads: Pairs
    groups: int = 1
    exact: bool = True
    cheap: bool = False

    @property
    def rank(self) -> int:
        """The number of spatial axes."""
        return len(self.kernel)

    @property
    def dilated(self) -> bool:
        return any(d != 1 for d in self.dilations)

    @property
    def strided(self) -> bool:
        return any(s != 1 for s in self.strides)


def geometry(
    sizes: Sizes,
    kernel: Sizes,
    strides: Sizes,
    dilations: Sizes,
    padding: Any,
    groups: int = 1,
    exact: bool = True,
) -> Geometry:
    """The geometry of windows on an input with these spatial sizes; see ``window``."""
    paddings = padding if isinstance(padding, tuple) else (padding,) * len(kernel)
    axes = [window(*axis) for axis in zip(sizes, kernel, strides, dilations, paddings, strict=True)]
    return Geometry(
        sizes,
        kernel,
        tuple([count for _, _, count in axes]),
        strides,
        dilations,
        tuple([(before, after) for before, after, _ in axes]),
        groups,
        exact,
        compiles_cheaply(),
    )


def pad(x: Any, g: Geometry, value: Any = 0) -> Any:
    """The input with its padding."""
    if not any(before or after for before, after in g.pads):
        return x
    config = [(0, 0, 0), *[(before, after, 0) for before, after in g.pads], (0, 0, 0)]
    return lax.pad(x, jnp.asarray(value, x.dtype), config)


def taps(g: Geometry) -> Iterator[Sizes]:
    """The positions in the kernel, row by row."""
    return product(*[range(n) for n in g.kernel])


def tap(x: Any, at: Sizes, g: Geometry) -> Any:
    """What all windows have at one position of the kernel: ``(batch, *output, channels)``.

    Args:
      x: the padded input.
      at: the position in the kernel.
      g: the geometry.
    """
    first = [i * d if n else 0 for i, d, n in zip(at, g.dilations, g.output, strict=True)]
    last = [
        i + (n - 1) * s + 1 if n else 0 for i, n, s in zip(first, g.output, g.strides, strict=True)
    ]
    return lax.slice(x, (0, *first, 0), (x.shape[0], *last, x.shape[-1]), (1, *g.strides, 1))


def untap(y: Any, at: Sizes, g: Geometry) -> Any:
    """The adjoint of ``tap``: windows' values put where they were read, zeros elsewhere."""
    config = [(0, 0, 0)]
    for i, d, n, s, size, pads in zip(
        at, g.dilations, g.output, g.strides, g.input, g.pads, strict=True
    ):
        length = (n - 1) * s + 1 if n else 0
        config.append((i * d, sum(pads) + size - i * d - length, s - 1))
    return lax.pad(y, jnp.zeros((), y.dtype), [*config, (0, 0, 0)])


def unpad(x: Any, g: Geometry) -> Any:
    """The adjoint of ``pad``."""
    starts = [before for before, _ in g.pads]
    ends = [start + size for start, size in zip(starts, g.input, strict=True)]
    return lax.slice(x, (0, *starts, 0), (x.shape[0], *ends, x.shape[-1]))


def rows_times(a: Any, b: Any) -> Any:
    """``a @ b`` over the last axis of ``a``, as one product of matrices."""
    return (a.reshape(-1, a.shape[-1]) @ b).reshape(*a.shape[:-1], b.shape[-1])


def contract(a: Any, b: Any) -> Any:
    """``a.T @ b`` over all axes but the last: sums over the batch and all positions."""
    a, b = a.reshape(-1, a.shape[-1]), b.reshape(-1, b.shape[-1])
    return lax.dot_general(a, b, (((0,), (0,)), ((), ())))
