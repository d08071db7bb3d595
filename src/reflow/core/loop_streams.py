"""Random ops in compiled loops: their place in the stream is a state that the loop carries.

Elsewhere a call's random numbers are known to be so many, and the host moves their streams on. How
often a loop runs only the loop knows.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow.core import philox, philox_jax, random, record
from reflow.core.lazy import jnp
from reflow.core.op import Primitive
from reflow.core.random_streams import Pair, starting_state
from reflow.core.tensor import Tensor, tensor_from_numpy
from reflow.core.variable import Variable

_START = np.zeros(6, np.uint32)


class StreamState(Variable):
    """The key and the counter of a random op's generator, a variable that nobody sees.

    It starts from the op's seed pair, afresh after each ``set_seed``.
    """

    __slots__ = ("_generation", "_pair")

    def __init__(self, pair: Pair) -> None:
        super().__init__(_START, trainable=False, name="RandomState")
        self._pair = pair
        self._generation = -1

    def _current(self) -> Tensor:
        capture = record.state.segment.capture
        if capture is not None:
            return capture.read(self)  # type: ignore[no-any-return]
        if self._generation != random.generation():
            self._generation = random.generation()
            state = starting_state(self._pair)
            self._tensor = tensor_from_numpy(np.concatenate(philox.state_words(state)))
        return self._tensor

    _present = _read_tensor = _current


def _advance(state: Any, *, blocks: int) -> Any:
    key, counter = state[:2], state[2:]
    return key, counter, jnp.concatenate([key, philox_jax.skip(counter, blocks)])


advance = Primitive(_advance, "RandomState", same=(), reads=(), differentiable=False)
"""``advance(state, blocks=) -> key, counter, next state``."""
