"""Whether ``tf.function`` compiles or runs plain Python."""

from __future__ import annotations

from reflow.core import function

__all__ = ["experimental_functions_run_eagerly", "experimental_run_functions_eagerly"]


def experimental_run_functions_eagerly(run_eagerly):
    """Makes every ``tf.function`` run as plain Python, which shows its variables in a debugger.

    Args:
      run_eagerly: whether to run eagerly from now on.
    """
    function.run_functions_eagerly(bool(run_eagerly))


def experimental_functions_run_eagerly():
    """Whether ``tf.function`` runs as plain Python.

    Returns:
      A bool; False unless it was set.
    """
    return function._eager_switch[0]
