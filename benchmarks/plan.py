"""What is measured: the workloads, their measures, and the bars that Reflow must reach."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORKLOADS = ROOT / "benchmarks" / "workloads"
PROGRAMS = ROOT / "tests" / "programs" / "notes"
KERAS_PROGRAMS = ROOT / "tests" / "keras_programs"


@dataclass(frozen=True)
class Bar:
    """Reflow's value must be at most `limit`, times the value of peer `of` if one is named."""

    limit: float
    of: str = ""

    def __str__(self) -> str:
        if not self.of:
            return f"<= {self.limit:g}"
        names = {"tf21": "TF 2.1", "torch": "PyTorch", "keras_jax": "Keras on JAX"}
        factor = "" if self.limit == 1 else f"{self._fraction()} x "
        return f"<= {factor}{names[self.of]}"

    def _fraction(self) -> str:
        """A limit such as 1/4 as one, others as they are."""
        parts = round(1 / self.limit)
        return (
            f"1/{parts}" if parts > 1 and abs(parts * self.limit - 1) < 1e-9 else f"{self.limit:g}"
        )


@dataclass(frozen=True)
class Measure:
    """One row of the table. `key` is its name in what the workload reports."""

    key: str
    title: str
    unit: str
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True)
class Workload:
    """A program per framework and the measures it gives.

    A workload of kind "process" is timed from outside, from start to exit: its measures are "first"
    (with an empty compilation cache) and "second" (the same again). One of kind "inside" prints
    a JSON object of lists of samples as its last line. `files` maps a peer to its program,
    `arguments` to what it gets on the command line. With `alias`, `import tensorflow` means Reflow
    where Reflow runs the program.
    """

    name: str
    kind: str
    measures: tuple[Measure, ...]
    files: dict[str, Path]
    arguments: dict[str, tuple[str, ...]] | None = None
    alias: bool = True


def _tensorflow(path: Path) -> dict[str, Path]:
    """The same file for Reflow and every TensorFlow."""
    return dict.fromkeys(("reflow", "tf21", "tf_new"), path)


def _side_by_side(name: str) -> dict[str, Path]:
    """`tf.py` for Reflow and every TensorFlow, `pytorch.py` for PyTorch."""
    return {**_tensorflow(WORKLOADS / name / "tf.py"), "torch": WORKLOADS / name / "pytorch.py"}


def _keras(name: str) -> dict[str, Path]:
    """As `_side_by_side`, and Keras 3 on JAX runs `tf.py` too: it needs only `keras`."""
    return {**_side_by_side(name), "keras_jax": WORKLOADS / name / "tf.py"}


_THIRD = (Bar(1 / 3, "tf21"),)
_PEERS = ("reflow", "tf21", "tf_new", "keras_jax", "torch")


def _fit(
    network: str, title: str, bars: tuple[Bar, ...], files: dict[str, Path] | None = None
) -> Workload:
    """A step of `fit` of one of the networks in `fit_step`."""
    return Workload(
        f"fit_{network}",
        "inside",
        (Measure("step_ms", f"`fit`, {title}, one step", "ms", bars),),
        files or _keras("fit_step"),
        dict.fromkeys(_PEERS, (network,)),
    )


def _fit_pictures(network: str, title: str, tf21: float, torch: float) -> Workload:
    """The same for a network of the examples, which say `import tensorflow`."""
    bars = (Bar(tf21, "tf21"), Bar(torch, "torch"))
    return _fit(network, f"{title}, 32x32x3, batch 32", bars, _side_by_side("fit_step"))


_IMPORT = WORKLOADS / "import_time" / "import_module.py"

WORKLOAD_TABLE = (
    Workload(
        "iris_by_hand",
        "process",
        (
            Measure(
                "second", "Iris by hand, whole process, second run", "s", (Bar(1 / 5, "tf21"),)
            ),
            Measure(
                "first", "Iris by hand, whole process, very first run", "s", (Bar(1 / 3, "tf21"),)
            ),
        ),
        {
            **_tensorflow(PROGRAMS / "iris_by_hand.py"),
            "torch": WORKLOADS / "iris_by_hand" / "pytorch.py",
        },
    ),
    Workload(
        "iris_floor",
        "process",
        (Measure("second", "The part of it that no framework changes: data, plots", "s"),),
        dict.fromkeys(("reflow", "tf21", "tf_new", "torch"), WORKLOADS / "iris_floor" / "plain.py"),
        alias=False,
    ),
    Workload(
        "all_snippets",
        "process",
        (
            Measure(
                "first",
                "All tensor snippets, whole process, very first run",
                "s",
                (Bar(1, "tf21"),),
            ),
            Measure(
                "second",
                "All tensor snippets, whole process, second run",
                "s",
                (Bar(1 / 2, "tf21"),),
            ),
        ),
        _tensorflow(PROGRAMS / "all_snippets.py"),
    ),
    Workload(
        "import_time",
        "inside",
        (
            Measure("import", "Import", "s", (Bar(1 / 4, "tf21"),)),
            Measure("first_result", "Import and one printed sum", "s"),
        ),
        dict.fromkeys(("reflow", "tf21", "tf_new", "torch"), _IMPORT),
        {
            "reflow": ("reflow",),
            "tf21": ("tensorflow",),
            "tf_new": ("tensorflow",),
            "torch": ("torch",),
        },
        alias=False,
    ),
    Workload(
        "iris_epoch",
        "inside",
        (
            Measure(
                "epoch_ms",
                "Iris by hand, one epoch once warm",
                "ms",
                (Bar(1 / 10, "tf21"), Bar(1, "torch")),
            ),
        ),
        _side_by_side("iris_epoch"),
    ),
    Workload(
        "mlp_step",
        "inside",
        (
            Measure(
                "step_ms",
                "MLP 784-128-10, batch 32, Adam by hand, one step",
                "ms",
                (Bar(1 / 5, "tf21"),),
            ),
        ),
        _side_by_side("mlp_step"),
    ),
    _fit(
        "mlp",
        "MLP 784-128-10, batch 32",
        (Bar(1 / 5, "tf21"), Bar(1 / 2, "torch"), Bar(1 / 2, "keras_jax")),
    ),
    Workload(
        "mlp_loop",
        "inside",
        (
            Measure(
                "step_ms",
                "Keras model in a GradientTape loop, the same MLP, one step",
                "ms",
                (Bar(1 / 5, "tf21"),),
            ),
            Measure(
                "function_ms", "The same loop's step as a `tf.function`", "ms", (Bar(1, "tf21"),)
            ),
        ),
        {
            **_tensorflow(WORKLOADS / "mlp_loop" / "tf.py"),
            "torch": WORKLOADS / "fit_step" / "pytorch.py",
        },
        {"torch": ("mlp",)},
    ),
    Workload(
        "mlp_inference",
        "inside",
        (
            Measure("evaluate_ms", "`evaluate`, the same MLP, 10,000 pictures", "ms", _THIRD),
            Measure("predict_ms", "`predict`, the same MLP, 10,000 pictures", "ms", _THIRD),
        ),
        _keras("mlp_inference"),
    ),
    Workload(
        "first_step",
        "process",
        (
            Measure(
                "second",
                "Whole process up to the first step of `fit`, second run",
                "s",
                (Bar(1, "tf21"), Bar(1, "torch")),
            ),
            Measure(
                "first",
                "Whole process up to the first step of `fit`, very first run",
                "s",
                (Bar(1, "tf21"),),
            ),
        ),
        _keras("first_step"),
    ),
    Workload(
        "iris_sequential",
        "process",
        (
            Measure(
                "second", "Iris Sequential, whole process, second run", "s", (Bar(1 / 4, "tf21"),)
            ),
            Measure(
                "first", "Iris Sequential, whole process, very first run", "s", (Bar(1, "tf21"),)
            ),
        ),
        {
            **dict.fromkeys(("reflow", "tf21"), KERAS_PROGRAMS / "iris_sequential.py"),
            **dict.fromkeys(("tf_new", "keras_jax"), WORKLOADS / "iris_sequential" / "keras3.py"),
            "torch": WORKLOADS / "iris_sequential" / "pytorch.py",
        },
    ),
    Workload(
        "letters",
        "process",
        (
            Measure("second", "Letters, whole process, second run", "s", (Bar(1 / 4, "tf21"),)),
            Measure("first", "Letters, whole process, very first run", "s", (Bar(1, "tf21"),)),
        ),
        _side_by_side("letters"),
    ),
    _fit("lstm", "LSTM 80-100, 60 steps, batch 32", (Bar(1 / 2, "tf21"), Bar(1, "torch"))),
    _fit("gru", "GRU 80-100, 60 steps, batch 32", (Bar(1 / 2, "tf21"),)),
    _fit("simple_rnn", "SimpleRNN 80-100, 60 steps, batch 32", (Bar(0.3, "tf21"),)),
    _fit(
        "text",
        "Embedding and Bidirectional LSTM(64), 200 steps masked, batch 32",
        (Bar(0.6, "tf21"),),
    ),
    _fit_pictures("lenet5", "LeNet5", 0.5, 1.1),
    _fit_pictures("baseline", "baseline CNN", 0.4, 1.0),
    _fit_pictures("alexnet8", "AlexNet8", 0.75, 1.15),
    _fit_pictures("inception10", "Inception10", 0.6, 1.1),
    _fit_pictures("resnet18", "ResNet18", 0.75, 1.1),
    Workload(
        "overhead",
        "inside",
        (
            Measure("add_us", "Recording one op, `x + y` (the others run it)", "us", (Bar(1.5),)),
            Measure("op_us", "Recording one op, mean of a mix of eight", "us", (Bar(1.5),)),
            Measure("gradient_us", "One `gradient()` call, softmax regression", "us", (Bar(30),)),
        ),
        _side_by_side("overhead"),
    ),
    Workload(
        "memory",
        "inside",
        (Measure("growth_mb", "Memory growth from step 10,000 to 100,000", "MB", (Bar(10),)),),
        {"reflow": WORKLOADS / "memory" / "tf.py"},
    ),
    Workload(
        "saving",
        "inside",
        tuple(
            measure
            for key, title in (
                ("checkpoint", "weights, TF checkpoint"),
                ("weights", "weights, HDF5"),
                ("hdf5", "model, HDF5"),
                ("savedmodel", "model, SavedModel"),
                ("keras", "model, .keras"),
            )
            for action in ("save", "load")
            for measure in (
                Measure(f"{key}_{action}_ms", f"200 MB, {action}: {title}", "ms"),
                Measure(f"{key}_{action}_mb", f"200 MB, {action}: {title}, memory added", "MB"),
            )
        ),
        dict.fromkeys(("reflow", "tf21"), WORKLOADS / "saving" / "tf.py"),
        {"reflow": ("reflow",)},
    ),
    Workload(
        "recompilation",
        "inside",
        tuple(
            measure
            for key, title in (
                ("print_every_7", "Loop that prints its loss every 7th step"),
                ("two_batch_sizes", "Loop whose batch size varies between two values"),
                ("decaying_rate", "Loop that decays its rate each step"),
            )
            for measure in (
                Measure(key, f"{title}: compilations in 200 steps", "", (Bar(12),)),
                Measure(f"{key}_more", f"{title}: more of them in the next 2,000", "", (Bar(0),)),
            )
        ),
        {"reflow": WORKLOADS / "recompilation" / "tf.py"},
    ),
)

BY_NAME = {workload.name: workload for workload in WORKLOAD_TABLE}
