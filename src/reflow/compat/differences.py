"""The known differences from TensorFlow 2.1.0, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """One way in which a program can tell Reflow from TensorFlow 2.1.0.

    Attributes:
      symbol: the public name it is about, such as ``tf.Variable``.
      what: what is different, as a user sees it.
      reason: why it is so.
    """

    symbol: str
    what: str
    reason: str


DIFFERENCES: tuple[Difference, ...] = (
    Difference(
        "tf.compat.v1",
        "graph mode (placeholder, get_variable, Session.run) and TensorFlow 1's forms of functions "
        "are not there; the names that are the same in TF 2, logging and ConfigProto are",
        "Reflow is TF 2's programming model; such programs are a different language",
    ),
    Difference(
        "np.float32 scalars",
        "float32 scalars made by NumPy itself stay float32 when added to a Python number; "
        "those that numpy() of a tensor returns become float64, as in 2020",
        "NumPy 2 changed its promotion rule and has no switch for the old one",
    ),
    Difference(
        "np.bool",
        "is NumPy's own bool_ under `reflow run`, in 2020 it was Python's bool",
        "NumPy 2 uses the name itself; np.float, np.int, np.object and np.str are restored",
    ),
    Difference(
        "multiprocessing",
        "a process started with the 'spawn' method does not know the tensorflow alias",
        "the alias lives in the process that installed it; call reflow.install() there too",
    ),
    Difference(
        "tf.function",
        "each shape is traced and compiled, also where input_signature or "
        "experimental_relax_shapes would let TF trace once for several",
        "XLA compiles for fixed shapes",
    ),
    Difference(
        "tf.function",
        "a function that loops over a dataset or takes one as an argument, writes a TensorArray of "
        "dynamic size in a loop over tensors, or draws random numbers there runs as plain Python, "
        "with a warning: its Python side effects (print) happen in every call and iteration; "
        "random numbers are those of eager code",
        "data are made outside of compiled code, and XLA compiles for fixed shapes; recorded eager "
        "code runs compiled all the same",
    ),
    Difference(
        "tf.function (AutoGraph)",
        "`else` after a loop works, and an inner function sees what a branch assigns to variables "
        "around it",
        "Python's meaning; TF 2.1 drops the `else`, and hides the assignment",
    ),
    Difference(
        "tf.function (AutoGraph)",
        "an `if` on a tensor that depends on shapes only (tf.shape) runs one branch while tracing",
        "shapes are known when a function is compiled",
    ),
    Difference(
        "tf.function (AutoGraph)",
        "errors keep their own words, without the heading `in converted code:`, and their own "
        "class; the traceback shows the program's lines",
        "converted code keeps the places of the original",
    ),
    Difference(
        "tf.autograph.to_code",
        "shows Reflow's own converted code",
        "the conversion is another",
    ),
    Difference(
        "tf.function",
        "a function whose shapes depend on values (boolean_mask, unique, tf.range of a "
        "tensor, py_function) runs as plain Python, with a warning",
        "XLA compiles for fixed shapes",
    ),
    Difference(
        "tf.function",
        "errors of ops inside are those of eager code (InvalidArgumentError), not graph "
        "construction's ValueError",
        "there is no graph to construct",
    ),
    Difference(
        "tf.function",
        "a trace made for a call inside another function serves eager calls too",
        "one trace per kind of arguments is enough",
    ),
    Difference(
        "values that wait",
        "an error that depends on values computed on the device (an index out of range, say) "
        "may be raised where the result is first looked at; it then names the line of the "
        "call",
        "ops run when somebody looks",
    ),
    Difference(
        "last digits",
        "floating-point results agree with TF's to rounding, not to the last bit",
        "the order of sums and the elementary functions are XLA's and NumPy's",
    ),
    Difference(
        "tf.linalg.diag, diag_part, set_diag",
        "honour k, num_rows and padding_value",
        "TF 2.1.0 silently ignores them",
    ),
    Difference(
        "tf.linalg.eigh, svd, qr",
        "signs and phases of vectors may differ",
        "they are not determined; they are LAPACK's here",
    ),
    Difference(
        "tf.math.atan2",
        "the gradient of a broadcast argument is summed to its shape",
        "TF 2.1 forgets to",
    ),
    Difference(
        "tf.truncatemod, tf.math.segment_prod",
        "have gradients",
        "TF 2.1 has none",
    ),
    Difference(
        "tf.maximum, tf.minimum, tf.clip_by_value",
        "the gradient at NaN goes to the first argument",
        "nothing is lost, and it costs a comparison less",
    ),
    Difference(
        "tf.math.top_k",
        "sorted=False returns sorted values too",
        "any order is allowed",
    ),
    Difference(
        "tf.debugging.enable_check_numerics",
        "raises NotImplementedError",
        "use tf.debugging.check_numerics where a NaN is suspected",
    ),
    Difference(
        "tf.data.Dataset.map",
        "the shape of what py_function or numpy_function returns is found out, TF calls it unknown",
        "the function is run once to see",
    ),
    Difference(
        "tf.data.Dataset.map",
        "random ops in a compiled map function are seeded by an approximate count of the "
        "graph's ops",
        "TF's counts are those of its own graphs",
    ),
    Difference(
        "tf.data.experimental.shuffle_and_repeat",
        "the order is that of shuffle().repeat()",
        "TF draws from one stream across repetitions; the function is deprecated",
    ),
    Difference(
        "tf.data.Dataset.cache(filename)",
        "the file is an .npz of Reflow's own; strings are refused",
        "TF's cache files are private to it",
    ),
    Difference(
        "tf.losses (in compiled functions)",
        "cross entropy of a saturated softmax or sigmoid uses the probabilities",
        "TF looks through the op that made them; comes with Keras training",
    ),
    Difference(
        "tf.keras.optimizers",
        "new slots may be made on a later trace of a function",
        "refusing it helps nobody",
    ),
    Difference(
        "tf.random.gamma",
        "gradients with respect to alpha differ in the last digits",
        "another series is used",
    ),
    Difference(
        "tf.random.experimental.Generator.binomial, candidate samplers",
        "are not there",
        "rarely used; they raise an error that says so",
    ),
    Difference(
        "tf.initializers.Orthogonal",
        "agrees to 2e-6, not to the last bit",
        "its QR decomposition is LAPACK's",
    ),
    Difference(
        "tf.debugging.set_log_device_placement",
        "only warns",
        "programs run whole, not op by op on devices",
    ),
    Difference(
        "tf.config GPU memory limits",
        "are noted with a warning and not enforced",
        "JAX manages the device's memory",
    ),
)


def table() -> str:
    """The differences as a Markdown table."""
    rows = ["| what | difference | reason |", "|---|---|---|"]
    rows += [f"| `{d.symbol}` | {d.what} | {d.reason} |" for d in DIFFERENCES]
    return "\n".join(rows) + "\n"
