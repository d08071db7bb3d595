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
)


def table() -> str:
    """The differences as a Markdown table."""
    rows = ["| what | difference | reason |", "|---|---|---|"]
    rows += [f"| `{d.symbol}` | {d.what} | {d.reason} |" for d in DIFFERENCES]
    return "\n".join(rows) + "\n"
