"""Every formulation of convolution computes convolution, and the table chooses among them."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

import reflow as tf
from reflow.core.lazy import jax, jnp
from reflow.core.program import cheap_options, cheaply
from reflow.nn import _windows as windows
from reflow.nn._convolution import (
    bilinear,
    choice,
    chunks,
    columns,
    direct,
    rows,
    shifted,
    toeplitz,
    winograd,
)
from reflow.nn._convolution.geometry import geometry

# batch, height, width, channels, filters, kernel, strides, dilations, padding
SHAPES = {
    "3x3": (4, 7, 8, 3, 5, (3, 3), (1, 1), (1, 1), "SAME"),
    "3x3 valid": (2, 6, 7, 4, 3, (3, 3), (1, 1), (1, 1), "VALID"),
    "5x5": (2, 9, 10, 3, 6, (5, 5), (1, 1), (1, 1), "VALID"),
    "stride 2": (2, 9, 8, 3, 4, (3, 3), (2, 2), (1, 1), "SAME"),
    "stride 3, 2": (2, 9, 8, 3, 4, (4, 3), (3, 2), (1, 1), "VALID"),
    "gaps": (2, 9, 9, 3, 4, (2, 2), (4, 3), (1, 1), "SAME"),
    "1x1": (2, 5, 4, 6, 3, (1, 1), (1, 1), (1, 1), "VALID"),
    "1x1 stride 2": (2, 5, 6, 6, 3, (1, 1), (2, 2), (1, 1), "SAME"),
    "4x1": (2, 9, 3, 3, 4, (4, 1), (2, 1), (1, 1), "SAME"),
    "dilated, strided": (2, 9, 10, 3, 4, (3, 3), (2, 2), (2, 2), "VALID"),
    "explicit": (2, 6, 6, 3, 4, (3, 3), (1, 1), (1, 1), ((2, 0), (1, 2))),
    "wide padding": (2, 5, 6, 3, 4, (3, 3), (1, 1), (1, 1), ((3, 3), (4, 0))),
    "one window": (3, 3, 3, 3, 2, (3, 3), (1, 1), (1, 1), "VALID"),
}
UNDILATED = [name for name in SHAPES if "dilated" not in name]
SQUARE = ["3x3", "3x3 valid", "explicit"]
EVERY = list(SHAPES)

# formulation -> what it computes, the shapes it is for, and its error relative to direct rounding
FORMULATIONS = {
    "channels first": ("forward", direct.forward_channels_first, EVERY, 1),
    "columns": ("forward", columns.forward, EVERY, 1),
    "shifted": ("forward", shifted.forward, EVERY, 1),
    "rows": ("forward", rows.forward, EVERY, 1),
    "toeplitz 2": ("forward", partial(toeplitz.forward, tile=2), UNDILATED, 1),
    "toeplitz 4": ("forward", partial(toeplitz.forward, tile=4), UNDILATED, 1),
    "winograd": ("forward", winograd.forward, SQUARE, 8),
    "columns by image": ("forward", chunks.over_images(columns.forward, 1), EVERY, 1),
    "direct dx": ("input_gradient", direct.input_gradient, EVERY, 1),
    "columns dx": ("input_gradient", columns.input_gradient, EVERY, 1),
    "winograd dx": ("input_gradient", winograd.input_gradient, SQUARE, 8),
    "direct dw": ("kernel_gradient", direct.kernel_gradient, EVERY, 1),
    "channels first dw": ("kernel_gradient", direct.kernel_gradient_channels_first, EVERY, 1),
    "columns dw": ("kernel_gradient", columns.kernel_gradient, EVERY, 1),
    "shifted dw": ("kernel_gradient", shifted.kernel_gradient, EVERY, 1),
    "rows dw": ("kernel_gradient", rows.kernel_gradient, EVERY, 1),
    "rows by image dw": ("kernel_gradient", rows.kernel_gradient_by_image, EVERY, 1),
    "toeplitz 2 dw": ("kernel_gradient", partial(toeplitz.kernel_gradient, tile=2), UNDILATED, 1),
    "toeplitz 4 dw": ("kernel_gradient", partial(toeplitz.kernel_gradient, tile=4), UNDILATED, 1),
    "winograd dw": ("kernel_gradient", winograd.kernel_gradient, SQUARE, 8),
    "columns summed": ("kernel_gradient", chunks.summed(columns.kernel_gradient, 1), EVERY, 1),
}
EPSILON = 1e-6  # of sums of a few hundred products, relative to the largest


def setting(shape, exact=True):
    """The geometry, and an input, a kernel and an output's gradient in double precision."""
    n, height, width, channels, filters, kernel, strides, dilations, padding = shape
    g = geometry((height, width), kernel, strides, dilations, padding, exact=exact)
    random = np.random.RandomState(3)
    x = random.standard_normal((n, height, width, channels))
    w = random.standard_normal((*kernel, channels, filters))
    return g, x, w, random.standard_normal((n, *g.output, filters))


def by_definition(x, w, g):
    """Convolution as a loop over windows."""
    padded = np.pad(x, [(0, 0), *g.pads, (0, 0)])
    y = np.zeros((len(x), *g.output, w.shape[-1]))
    for i, j in np.ndindex(*g.output):
        for a, b in np.ndindex(*g.kernel):
            row = i * g.strides[0] + a * g.dilations[0]
            column = j * g.strides[1] + b * g.dilations[1]
            y[:, i, j] += padded[:, row, column] @ w[a, b]
    return y


def reference(what, g, x, w, dy):
    """The result in double precision, from the definition or its derivatives."""
    if what == "forward":
        return by_definition(x, w, g), (x, w)
    if what == "input_gradient":
        dx = np.zeros_like(x)
        for place in np.ndindex(*x.shape[1:]):
            unit = np.zeros((1, *x.shape[1:]))
            unit[(0, *place)] = 1
            dx[(slice(None), *place)] = (dy * by_definition(unit, w, g)).sum((1, 2, 3))
        return dx, (dy, w)
    dw = np.zeros_like(w)
    for place in np.ndindex(*w.shape[:3]):
        unit = np.zeros((*w.shape[:3], 1))
        unit[(*place, 0)] = 1
        dw[place] = (dy * by_definition(x, unit, g)).sum((0, 1, 2))
    return dw, (x, dy)


@pytest.mark.parametrize("shape", EVERY)
def test_formulations(shape):
    g, *arrays = setting(SHAPES[shape])
    wrong = []
    for what in ("forward", "input_gradient", "kernel_gradient"):
        expected, inputs = reference(what, g, *arrays)
        fitting = {
            name: (f, looser)
            for name, (kind, f, shapes, looser) in FORMULATIONS.items()
            if kind == what and shape in shapes
        }
        together = jax.jit(
            lambda a, b, fs=fitting: {name: f(a, b, g) for name, (f, _) in fs.items()},
            compiler_options=cheap_options(),
        )
        for name, got in together(*[np.float32(a) for a in inputs]).items():
            error = np.abs(np.asarray(got) - expected).max() / np.abs(expected).max()
            if got.dtype != np.float32 or not error < fitting[name][1] * EPSILON:
                wrong.append(f"{name}: {error:.1e}")
    assert not wrong


# ---------------------------------------------------------------------------------- the table

ROW_CASES = {
    "1 x 1": (2, 6, 6, 5, 4, (1, 1), (1, 1), (1, 1), "VALID"),
    "large kernel, 1-4 channels to 1-16": (2, 12, 12, 3, 6, (5, 5), (1, 1), (1, 1), "VALID"),
    "1-4 channels": (2, 8, 8, 3, 32, (3, 3), (1, 1), (1, 1), "SAME"),
    "5-8 channels, small maps": (2, 9, 9, 6, 8, (5, 5), (1, 1), (1, 1), "VALID"),
    "tiny maps, 256 channels or more": (2, 3, 3, 256, 256, (3, 3), (1, 1), (1, 1), "SAME"),
    "3 x 3, 32 channels or more, where the last digits may differ": (
        *(16, 25, 25, 32, 36, (3, 3), (1, 1), (1, 1), "SAME"),
    ),
    "stride greater than 1, 32 channels or more": (
        *(2, 7, 8, 32, 12, (3, 3), (2, 2), (1, 1), "SAME"),
    ),
    "32 channels or more": (2, 7, 7, 32, 12, (3, 3), (1, 1), (1, 1), "SAME"),
    "all others": (2, 9, 9, 16, 12, (3, 3), (1, 1), (1, 1), "SAME"),
}


def test_every_row_has_a_case():
    names = {row.name for row in (*choice.ROWS, choice.DEFAULT)}
    assert names == set(ROW_CASES)


@pytest.mark.parametrize("name", ROW_CASES)
def test_rows(name):
    """The row is chosen for its case, and what it chooses agrees with XLA in double precision."""
    exact = "last digits" not in name
    g, x, w, dy = setting(ROW_CASES[name], exact)
    case = choice.Case(len(x), x.shape[-1], w.shape[-1], g)
    rows_hit = {choice.chosen(case, what)[0] for what in ("forward", "kernel_gradient")}
    assert name in rows_hit | {choice.chosen(case, "input_gradient")[0]}
    looser = 4 if exact else 40  # sums of thousands of products
    for function, other, inputs in (
        (bilinear.convolve, direct.forward, (x, w)),
        (bilinear.input_gradient, direct.input_gradient, (dy, w)),
        (bilinear.kernel_gradient, direct.kernel_gradient, (x, dy)),
    ):
        got = np.asarray(function(*[jnp.asarray(a, jnp.float32) for a in inputs], g))
        expected = np.asarray(other(*map(jnp.asarray, inputs), g))
        np.testing.assert_allclose(got, expected, atol=looser * EPSILON * np.abs(expected).max())


def test_older_jax_has_no_table():
    assert choice.table("0.9.1") == ()
    assert choice.table("0.10.0") == choice.table("0.11.3") == choice.ROWS


def test_other_dtypes_and_groups_are_left_to_xla():
    g, x, *_ = setting(SHAPES["5x5"])
    case = choice.Case(len(x), 3, 6, g)
    assert choice._applies(jnp.float32, case) == (jax.default_backend() == "cpu")
    assert not choice._applies(jnp.float64, case)
    assert not choice._applies(jnp.float32, case._replace(g=g._replace(groups=3)))
    assert not choice._applies(jnp.float32, case._replace(batch=0))


def test_cheap_programs_are_left_to_xla():
    g, x, w, _ = setting(SHAPES["5x5"])
    found = []

    def traced(x, w):
        again = geometry(g.input, g.kernel, g.strides, g.dilations, "VALID")
        found.append(again)
        return bilinear.convolve(x, w, again)

    wrapped = cheaply(traced)
    for function in (traced, wrapped):
        text = str(jax.make_jaxpr(function)(np.float32(x), np.float32(w)))
        cheap = function is wrapped and cheap_options() is not None
        assert found[-1].cheap == cheap
        assert ("conv_general_dilated" in text) == (cheap or jax.default_backend() != "cpu")


def test_images_at_a_time():
    assert [chunks.images(12, n) for n in (0.2, 1, 2.5, 5, 100)] == [1, 1, 2, 4, 12]
    assert chunks.images(7, 3) == 1


# ------------------------------------------------------------------------- derivatives, exactness


def test_derivatives_are_each_others():
    """Convolution is linear in both inputs: all derivatives follow from one trilinear form."""
    g, x, w, dy = setting(SHAPES["stride 2"])
    x, w, dy = map(jnp.asarray, (x, w, dy))
    value = (bilinear.convolve(x, w, g) * dy).sum()
    np.testing.assert_allclose((bilinear.input_gradient(dy, w, g) * x).sum(), value)
    np.testing.assert_allclose((bilinear.kernel_gradient(x, dy, g) * w).sum(), value)

    def energy(x, w):
        return (bilinear.convolve(x, w, g) ** 2).sum()

    def plain(x, w):
        return (direct.forward(x, w, g) ** 2).sum()

    for order in (jax.grad, lambda f: jax.grad(lambda *a: (jax.grad(f)(*a) ** 3).sum(), 1)):
        np.testing.assert_allclose(order(energy)(x, w), order(plain)(x, w), rtol=1e-9)


def test_exact(monkeypatch):
    monkeypatch.delenv(windows.EXACT, raising=False)
    tf.random.set_seed(None)
    assert not windows.exact()
    tf.random.set_seed(1)
    assert windows.exact()
    monkeypatch.setenv(windows.EXACT, "0")
    assert not windows.exact()
    tf.random.set_seed(None)
    monkeypatch.setenv(windows.EXACT, "1")
    assert windows.exact()


def test_a_seed_switches_winograd_off(monkeypatch):
    monkeypatch.delenv(windows.EXACT, raising=False)
    _, x, w, _ = setting((2, 9, 9, 32, 32, (3, 3), (1, 1), (1, 1), "SAME"))
    x, w = np.float32(x), np.float32(w)
    seen = []
    monkeypatch.setattr(choice, "forward", lambda *a: seen.append(a[-1].exact) or direct.forward)
    tf.random.set_seed(None)
    fast = tf.nn.conv2d(x, w, 1, "SAME").numpy()
    tf.random.set_seed(5)
    exact = tf.nn.conv2d(x, w, 1, "SAME").numpy()
    tf.random.set_seed(None)
    assert False in seen
    assert True in seen
    np.testing.assert_allclose(fast, exact, rtol=1e-5)
