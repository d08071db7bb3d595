"""``tf.autodiff``: the gradient tape, and derivatives along a direction."""

from __future__ import annotations

from typing import Any, Self

from reflow._namespace import lazy_names
from reflow.core import nest
from reflow.core.convert import convert_to_tensor
from reflow.core.tape import GradientTape, UnconnectedGradients
from reflow.core.tensor import _hooks

__all__ = ["ForwardAccumulator"]


class ForwardAccumulator:
    """Computes Jacobian-vector products: how results change when the primals move.

    It records like a tape. The product is the gradient, by v, of the vector-Jacobian product with
    v:
    that is linear in v, so nothing but the product remains of the detour when it is compiled.

    Args:
      primals: a tensor or variable, or a structure of them.
      tangents: the direction, a structure of tensors of the same shapes and dtypes.

    Raises:
      ValueError: the structures or dtypes differ.

    Example::

        with tf.autodiff.ForwardAccumulator(primals=x, tangents=direction) as accumulator:
            y = tf.reduce_sum(x * x)
        accumulator.jvp(y)  # 2 * sum(x * direction)
    """

    def __init__(self, primals: Any, tangents: Any) -> None:
        nest.assert_same_structure(primals, tangents)
        self._primals = nest.flatten(primals)
        self._tangents = [
            convert_to_tensor(tangent, primal.dtype)
            for tangent, primal in zip(nest.flatten(tangents), self._primals, strict=True)
        ]
        self._tape = GradientTape(persistent=True, watch_accessed_variables=False)
        with self._tape:
            self._tape.watch(self._primals)
        self._recording = False

    def __enter__(self) -> Self:
        if self._recording:
            raise ValueError("Accumulator is already recording.")
        self._tape.__enter__()
        self._recording = True
        return self

    def __exit__(self, *exception: object) -> None:
        self._tape.__exit__(*exception)
        self._recording = False

    def jvp(self, primals: Any, unconnected_gradients: Any = UnconnectedGradients.NONE) -> Any:
        """The derivative of ``primals`` along the tangents.

        Args:
          primals: the results, a tensor or a structure of tensors.
          unconnected_gradients: ``"none"`` or ``"zero"`` for targets that no primal reaches.

        Returns:
          The structure of ``primals`` with tensors of the targets' shapes (or None).
        """
        products = [self._product(item) for item in nest.flatten(primals)]
        if UnconnectedGradients(unconnected_gradients) is UnconnectedGradients.ZERO:
            products = [
                _hooks["zeros_like"](item) if product is None else product
                for item, product in zip(nest.flatten(primals), products, strict=True)
            ]
        return nest.pack_sequence_as(primals, products)

    def _product(self, target: Any) -> Any:
        seed = _hooks["zeros_like"](target)
        with GradientTape() as outer:
            outer.watch(seed)
            pulled = self._tape.gradient(target, self._primals, output_gradients=[seed])
        pairs = [
            (gradient, tangent)
            for gradient, tangent in zip(pulled, self._tangents, strict=True)
            if gradient is not None
        ]
        if not pairs:
            return None
        gradients, tangents = zip(*pairs, strict=True)
        return outer.gradient(list(gradients), seed, output_gradients=list(tangents))


__getattr__, __dir__ = lazy_names(__name__)
