"""Measures every formulation of convolution on typical layers, and says where the table errs.

    python benchmarks/conv_choice.py                 all layers, one core
    python benchmarks/conv_choice.py lenet vgg       those whose names have one of these words

For each layer and each of forward, input gradient and kernel gradient it prints the milliseconds of
processor time of every formulation, compiled in full, the best first; ``*`` marks what
``src/reflow/nn/_convolution/choice.py`` chooses, ``~`` what rounds otherwise than direct
convolution. The last lines name the choices that are more than a fifth slower than the best exact
one. Run it on a quiet machine, for a new JAX or another kind of processor.
"""

from __future__ import annotations

import os
import sys
import time
from functools import partial
from typing import Any, NamedTuple

os.environ["XLA_FLAGS"] = (
    os.environ.get("XLA_FLAGS", "") + " --xla_cpu_multi_thread_eigen=false"
).strip()

import numpy as np

from reflow.core.lazy import jax, jnp
from reflow.nn._convolution import (
    choice,
    chunks,
    columns,
    direct,
    rows,
    shifted,
    toeplitz,
    winograd,
)
from reflow.nn._convolution.geometry import Geometry, geometry

SECONDS = 0.3  # of measuring, for each formulation
SLOWER = 1.2


class Layer(NamedTuple):
    """A convolution as networks have it."""

    name: str
    batch: int
    size: int
    channels: int
    filters: int
    kernel: int
    stride: int
    padding: str


LAYERS = (
    Layer("lenet 1", 32, 32, 3, 6, 5, 1, "VALID"),
    Layer("lenet 2", 32, 14, 6, 16, 5, 1, "VALID"),
    Layer("baseline", 128, 32, 3, 6, 5, 1, "SAME"),
    Layer("mnist 1", 64, 28, 1, 32, 3, 1, "VALID"),
    Layer("mnist 2", 64, 13, 32, 64, 3, 1, "VALID"),
    Layer("alexnet 1", 32, 32, 3, 96, 3, 1, "VALID"),
    Layer("alexnet 2", 32, 15, 96, 256, 3, 1, "VALID"),
    Layer("alexnet 3", 32, 3, 384, 384, 3, 1, "SAME"),
    Layer("vgg 1", 32, 32, 3, 64, 3, 1, "SAME"),
    Layer("vgg 2", 32, 32, 64, 64, 3, 1, "SAME"),
    Layer("vgg 3", 32, 16, 128, 128, 3, 1, "SAME"),
    Layer("vgg 4", 32, 8, 256, 256, 3, 1, "SAME"),
    Layer("vgg 5", 32, 4, 512, 512, 3, 1, "SAME"),
    Layer("inception 1x1", 32, 32, 16, 16, 1, 1, "SAME"),
    Layer("inception 3x3", 32, 32, 16, 16, 3, 1, "SAME"),
    Layer("inception 5x5", 32, 32, 16, 16, 5, 1, "SAME"),
    Layer("resnet 3x3/2", 32, 32, 64, 128, 3, 2, "SAME"),
    Layer("resnet 1x1/2", 32, 32, 64, 128, 1, 2, "SAME"),
    Layer("imagenet", 8, 56, 64, 64, 3, 1, "SAME"),
)


class Candidate(NamedTuple):
    """A formulation and whether it rounds like direct convolution."""

    name: str
    function: Any
    exact: bool = True


def candidates(what: str, layer: Layer, g: Geometry) -> list[Candidate]:
    """The formulations that can compute this layer, apart from the table's own choices."""
    found = [Candidate("direct", getattr(direct, what))]
    for module in (columns, shifted, rows, toeplitz, winograd):
        function = getattr(module, what, None)
        if function is None:
            continue
        name = module.__name__.rpartition(".")[2]
        if module is toeplitz:
            if layer.channels <= 16:
                found += [Candidate(f"{name} {t}", partial(function, tile=t)) for t in (2, 4)]
        elif module is not winograd or (g.kernel == (3, 3) and not g.strided):
            found.append(Candidate(name, function, module is not winograd))
    chunked = chunks.summed if what == "kernel_gradient" else chunks.over_images
    for base in found[1:]:
        for images in (1, 4):
            if images < layer.batch:
                function = chunked(base.function, images)
                found.append(Candidate(f"{base.name}/{images}", function, base.exact))
    if what != "input_gradient":
        function = getattr(direct, f"{what}_channels_first")
        found.append(Candidate("channels first", function))
    return found


def milliseconds(function: Any, inputs: tuple[Any, ...], g: Geometry) -> float:
    """The least processor time of a run."""
    program = jax.jit(lambda a, b: function(a, b, g))
    jax.block_until_ready(program(*inputs))
    best, end = float("inf"), time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        start = time.process_time()
        jax.block_until_ready(program(*inputs))
        best = min(best, time.process_time() - start)
    return best * 1e3


def measure(layer: Layer) -> list[str]:
    """Prints a layer's lines; returns complaints about the table."""
    n, k, s = layer.size, layer.kernel, layer.stride
    g = geometry((n, n), (k, k), (s, s), (1, 1), layer.padding)
    random = np.random.RandomState(0)

    def array(*shape: int) -> Any:
        return jnp.asarray(random.standard_normal(shape), jnp.float32)

    x = array(layer.batch, n, n, layer.channels)
    w = array(k, k, layer.channels, layer.filters)
    dy = array(layer.batch, *g.output, layer.filters)
    work = 2e-9 * dy.size * k * k * layer.channels
    print(f"\n{layer.name}: {layer[1:]}, {work:.2f} GFLOP")
    complaints = []
    for what, inputs in (
        ("forward", (x, w)),
        ("input_gradient", (dy, w)),
        ("kernel_gradient", (x, dy)),
    ):
        timed = [
            (milliseconds(c.function, inputs, g), c.name + ("" if c.exact else "~"), c.exact)
            for c in candidates(what, layer, g)
        ]
        best = min(time for time, _, exact in timed if exact)
        for exact in (True, False):
            case = choice.Case(layer.batch, layer.channels, layer.filters, g._replace(exact=exact))
            row, function = choice.chosen(case, what)
            if exact or "last digits" in row:
                time = milliseconds(function, inputs, g)
                timed.append((time, f"*{'' if exact else '~'}[{row}]", exact))
                if time > SLOWER * best:
                    complaints.append(f"{layer.name}, {what}: [{row}] {time:.2f}, best {best:.2f}")
        listed = ", ".join(f"{name} {time:.2f}" for time, name, _ in sorted(timed))
        print(f"  {what}: {listed}; {work / min(timed)[0] * 1e3:.0f} GFLOPS", flush=True)
    return complaints


def main() -> None:
    """Measures the layers that the arguments name, or all."""
    words = sys.argv[1:]
    chosen = [layer for layer in LAYERS if not words or any(w in layer.name for w in words)]
    print(f"JAX {jax.__version__} on {jax.default_backend()}; milliseconds of processor time")
    complaints = [line for layer in chosen for line in measure(layer)]
    print("\nslower than need be:" if complaints else "\nthe table holds")
    print("\n".join(complaints))


if __name__ == "__main__":
    main()
