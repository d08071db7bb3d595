"""``tf.gradients`` and ``tf.hessians``: TF 1's way, which TF 2 has inside ``tf.function`` only."""

from __future__ import annotations

from typing import Any

from reflow.core import nest, record
from reflow.core.convert import convert_to_tensor
from reflow.core.jacobian import jacobian
from reflow.core.tape import GradientTape, Span, UnconnectedGradients
from reflow.core.variable import Variable

__all__ = ["gradients", "hessians"]


def gradients(
    ys: Any,
    xs: Any,
    grad_ys: Any = None,
    name: str = "gradients",
    gate_gradients: bool = False,
    aggregation_method: Any = None,
    stop_gradients: Any = None,
    unconnected_gradients: Any = UnconnectedGradients.NONE,
) -> list[Any]:
    """Gradients of the sum of ``ys`` by each of ``xs``, inside a ``tf.function``.

    Args:
      ys: a tensor or list of tensors.
      xs: a tensor or variable, or a list of them.
      grad_ys: gradients to start from, one per y; ones by default.
      name, gate_gradients, aggregation_method: accepted as TF does.
      stop_gradients: tensors that are taken for constants.
      unconnected_gradients: ``"none"`` or ``"zero"`` for what no y depends on.

    Returns:
      A list with a tensor (or None) for each x.

    Raises:
      RuntimeError: in eager code.
    """
    sources = nest.flatten(xs)
    tape = _whole_function(sources)
    if stop_gradients is not None:
        tokens = [tape._spans[0].token(convert_to_tensor(t)) for t in nest.flatten(stop_gradients)]
        tape._blocked = frozenset(token for token in tokens if token is not None)
    return tape.gradient(ys, sources, grad_ys, unconnected_gradients)  # type: ignore[no-any-return]


def hessians(
    ys: Any,
    xs: Any,
    gate_gradients: bool = False,
    aggregation_method: Any = None,
    name: str = "hessians",
) -> list[Any]:
    """The matrix of second derivatives of the sum of ``ys`` for each of ``xs``.

    Args:
      ys: a tensor or list of tensors.
      xs: a tensor or variable, or a list of them.

    Returns:
      A list of tensors of shape ``x.shape + x.shape``.

    Raises:
      RuntimeError: in eager code.
    """
    found = []
    for x in nest.flatten(xs):
        (first,) = gradients(ys, [x])
        zero = UnconnectedGradients.ZERO
        found.append(jacobian(_whole_function([x]), first, x, zero))
    return found


def _whole_function(sources: list[Any]) -> GradientTape:
    """A tape that knows all that the function being traced has done so far."""
    segment = record.state.segment
    capture = segment.capture
    if capture is None:
        raise RuntimeError(
            "tf.gradients is not supported when eager execution is enabled. Use tf.GradientTape "
            "instead."
        )
    tape = GradientTape(persistent=True, watch_accessed_variables=False)
    span = Span(tape, segment)
    span.start = 0
    span.close()
    tape._spans.append(span)
    tape._used = False
    for source in sources:
        tape.watch(source)
        if isinstance(source, Variable):
            capture.read(source)
            tape.note_read(source, capture.current[id(source)], capture.arguments[id(source)])
    return tape
