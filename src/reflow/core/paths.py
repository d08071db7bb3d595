"""A recorded path as a pure function on arrays, without the tensors it was recorded with.

Functions that do the same share one: a ``tf.function`` made again in every turn of a loop, or the
lambda of a ``tf.vectorized_map``, is compiled once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np

from reflow.core.aval import Aval
from reflow.core.backprop import Token, flow_masks, steps_of
from reflow.core.lazy import jnp
from reflow.core.op import Instruction, Primitive
from reflow.core.program import path, tracer
from reflow.core.record import Node

COMPUTED, INPUT = "computed", "input"
_KEPT = 4096
_shared: dict[Hashable, Any] = {}


def shared(key: Hashable, make: Callable[[], Any]) -> Any:
    """What was made for an equal key before, or else ``make()``."""
    found = _shared.get(key)
    if found is None:
        if len(_shared) >= _KEPT:
            _shared.clear()
        found = _shared.setdefault(key, make())
    return found


class Path:
    """The ops on a path, from the function's inputs to its outputs.

    Args:
      node: the end of the path.
      inputs: the number of the function's inputs.
      order: for each leaf of the path, which input it is.
      picks: for each output ``("computed", slot)`` or ``("input", which)``.
      kinds: the outputs' avals.
      numbers: the Python numbers on the path; constants here.
      results: how many of the outputs are results (new values of variables and checks follow).
    """

    def __init__(
        self,
        node: Node,
        inputs: int,
        order: Sequence[int],
        picks: Sequence[tuple[str, int]],
        kinds: tuple[Aval, ...],
        numbers: Sequence[float | int],
        results: int,
    ) -> None:
        self._node = node
        self._inputs = inputs
        self._order = list(order)
        self._picks = list(picks)
        self._kinds = kinds
        self._numbers = np.array(numbers[: len(node.scalars)], np.float64)
        self._results = results
        self._slots = [index for kind, index in picks if kind is COMPUTED]
        self._trace = tracer(node, self._slots)

    @property
    def key(self) -> Hashable:
        """Equal for functions that do the same."""
        return (
            tuple([place.key for place in path(self._node)]),
            self._node.scalars,
            self._numbers.tobytes(),
            self._inputs,
            tuple(self._order),
            tuple(self._picks),
            self._kinds,
            self._results,
        )

    def __call__(self, *inputs: Any) -> tuple[Any, ...]:
        leaves = [inputs[i] for i in self._order]
        numbers = [self._numbers] if len(self._numbers) else []
        computed = iter(self._trace(*leaves, *numbers))
        return tuple(
            [
                next(computed) if kind is COMPUTED else jnp.asarray(inputs[index])
                for kind, index in self._picks
            ]
        )

    def connections(self) -> tuple[frozenset[int], ...]:
        """For each input, the outputs that gradients reach it from.

        As in TF, all results if one does (there, the others get zeros).
        """
        start: dict[Token, int] = {-leaf - 1: 1 << i for leaf, i in enumerate(self._order)}
        masks = flow_masks(steps_of(self._node, 0), start)
        reached = 0
        for kind, index in self._picks[: self._results]:
            reached |= masks.get(index, 0) if kind is COMPUTED else 1 << index
        every, none = frozenset(range(self._results)), frozenset[int]()
        return tuple([every if reached >> i & 1 else none for i in range(self._inputs)])

    def instruction(self) -> Instruction:
        """The path as one op."""
        primitive = Primitive(self, "Function", same=(), rule=lambda *inputs: self._kinds)
        found: list[Any] = []

        def connections() -> Any:
            if not found:
                found.append(self.connections())
            return found[0]

        primitive.connections = connections
        primitive.is_call = True
        return primitive.plain
