"""Winograd's F(2 x 2, 3 x 3): four outputs of a 3 x 3 kernel for 16 multiplications, not 36.

    Y = A^T [(G w G^T) * (B^T d B)] A

for every 4 x 4 patch d of the input, which overlap by two (Lavin and Gray, 2016,
https://arxiv.org/abs/1509.09308). The elementwise products, summed over channels, are 16 products
of matrices. The sums before and after them round, so the last digits are not those of direct
convolution. Stride 1, no dilation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow.core.lazy import jax, jnp
from reflow.nn._convolution.geometry import Geometry, rows_times

B = ((1, 0, -1, 0), (0, 1, 1, 0), (0, -1, 1, 0), (0, 1, 0, -1))
A = ((1, 1, 1, 0), (0, 1, -1, -1))
G = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]], np.float32)


def _combine(matrix: tuple[tuple[int, ...], ...], parts: list[Any]) -> list[Any]:
    """A matrix of 0, 1 and -1 times a vector of arrays."""
    combined = []
    for line in matrix:
        total = None
        for factor, part in zip(line, parts, strict=True):
            if factor and total is None:
                total = part if factor > 0 else -part
            elif factor:
                total = total + part if factor > 0 else total - part
        combined.append(total)
    return combined


def _both_ways(matrix: tuple[tuple[int, ...], ...], square: list[list[Any]]) -> list[list[Any]]:
    """``M S M^T`` for a square of arrays: along the columns, then along the rows."""
    down = [_combine(matrix, [line[j] for line in square]) for j in range(len(square[0]))]
    return [_combine(matrix, [column[i] for column in down]) for i in range(len(matrix))]


def forward(x: Any, w: Any, g: Geometry) -> Any:
    (top, bottom), (left, right) = g.pads
    (height, width), n = g.output, x.shape[0]
    rows, columns = -(-height // 2), -(-width // 2)
    x = jnp.pad(
        x, ((0, 0), (top, bottom + 2 * rows - height), (left, right + 2 * columns - width), (0, 0))
    )
    patches = [
        [x[:, i : i + 2 * rows - 1 : 2, j : j + 2 * columns - 1 : 2] for j in range(4)]
        for i in range(4)
    ]
    inputs = _both_ways(B, patches)
    kernels = jnp.einsum("ai,ijcf,bj->abcf", G, w, G)
    products = [[rows_times(inputs[i][j], kernels[i, j]) for j in range(4)] for i in range(4)]
    square = _both_ways(A, products)
    y = jnp.stack([jnp.stack(line, axis=3) for line in square], axis=2)
    return y.reshape(n, 2 * rows, 2 * columns, -1)[:, :height, :width]


def input_gradient(dy: Any, w: Any, g: Geometry) -> Any:
    """Convolution of ``dy`` with the kernel turned around and its channels swapped."""
    pads = tuple([(2 - before, 2 - after) for before, after in g.pads])
    turned = w[::-1, ::-1].transpose(0, 1, 3, 2)
    return forward(dy, turned, g._replace(input=g.output, output=g.input, pads=pads))


def kernel_gradient(x: Any, dy: Any, g: Geometry) -> Any:
    like = jax.ShapeDtypeStruct((3, 3, x.shape[-1], dy.shape[-1]), x.dtype)
    return jax.linear_transpose(lambda w: forward(x, w, g), like)(dy)[0]
