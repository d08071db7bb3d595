"""Recipes: ops as lists of NumPy calls, and whole paths linked from them.

A *recipe* is what the interpreter knows of an op for inputs of given shapes and dtypes. Recipes
need JAX to be made (they come from jaxprs) but not to be run, and most can be kept on disk
(:mod:`recipe_store`), so a short script that was run before never imports JAX.

Linking puts the recipes of a path into one flat list over one set of slots, computes nothing twice
and nothing that nobody asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from reflow.core.interpret_primitives import PRIMITIVES

Array = Any


class Call(NamedTuple):
    """One NumPy call: a primitive with its parameters, from slots to a slot (or several)."""

    primitive: str
    params: dict[str, Any]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    several: bool

    def function(self) -> Callable[..., Any]:
        function = PRIMITIVES[self.primitive]
        return partial(function, **self.params) if self.params else function


class Recipe(NamedTuple):
    """An op in NumPy: slots are the inputs, then constants and results."""

    inputs: int
    shapes: tuple[tuple[int, ...], ...]  # of every slot
    constants: dict[int, Array]
    calls: tuple[Call, ...]
    outputs: tuple[int, ...]
    kinds: tuple[tuple[str, tuple[int, ...]], ...]  # dtype name and shape of each output
    single: bool  # whether the op has one output, not a tuple of them


_UFUNCS = frozenset(
    {"div"} | {name for name, made in PRIMITIVES.items() if isinstance(made, np.ufunc)}
)


def _aligned(params: dict[str, Any]) -> bool:
    """Whether a ``broadcast_in_dim`` only adds axes in front, and so is NumPy's own rule."""
    dimensions, rank = params["broadcast_dimensions"], len(params["shape"])
    return tuple(dimensions) == tuple(range(rank - len(dimensions), rank))


Runner = Callable[[Sequence[Any], Sequence[Any]], list[Any]]


class Linked:
    """A path as one list of NumPy calls.

    Args:
      leaves: the number of leaves, the first slots.
      numbers: the NumPy types of the Python numbers, the slots after them.
    """

    def __init__(self, leaves: int, numbers: Sequence[Any]) -> None:
        self._leaves = leaves
        self._numbers = numbers
        self._template: list[Any] = [None] * (leaves + len(numbers))
        self._calls: list[tuple[Call, tuple[int, ...], tuple[int, ...]]] = []
        self._known: dict[Any, tuple[int, ...]] = {}
        self._shapes: dict[int, tuple[int, ...]] = {}
        self.computed: list[int] = []  # output slot of the path -> slot here

    def _slot(self, value: Any = None) -> int:
        self._template.append(value)
        return len(self._template) - 1

    def add(self, recipe: Recipe, inputs: Sequence[int]) -> None:
        """Appends an op whose inputs stand in the given slots."""
        places = dict(enumerate(inputs))
        for slot, value in recipe.constants.items():
            key: Any = ("constant", value.dtype.str, value.shape, value.tobytes())
            found = self._known.get(key)
            if found is None:
                found = self._known[key] = (self._slot(value),)
            places[slot] = found[0]
        for call in recipe.calls:
            sources = tuple([places[slot] for slot in call.inputs])
            key = (call.primitive, repr(call.params), sources)
            found = self._known.get(key)
            if found is None:
                found = self._known[key] = tuple([self._slot() for _ in call.outputs])
                self._calls.append((call, sources, found))
            places.update(zip(call.outputs, found, strict=True))
        for slot, place in places.items():
            self._shapes[place] = recipe.shapes[slot]
        self.computed += [places[slot] for slot in recipe.outputs]

    def _broadcasting(self) -> list[tuple[Call, tuple[int, ...], tuple[int, ...]]]:
        """The calls, with NumPy's own broadcasting where it saves a call.

        Jaxprs broadcast operands first; a ufunc does it by itself if another operand has the shape.
        """
        small: dict[int, int] = {}  # the result of a plain broadcast -> its operand
        calls = []
        for call, sources, places in self._calls:
            if call.primitive == "broadcast_in_dim" and _aligned(call.params):
                small[places[0]] = sources[0]
            elif call.primitive in _UFUNCS and any(
                slot not in small and self._shapes[slot] == self._shapes[places[0]]
                for slot in sources
            ):
                sources = tuple([small.get(slot, slot) for slot in sources])
            calls.append((call, sources, places))
        return calls

    def _live(self, outputs: Sequence[int]) -> list[tuple[Any, tuple[int, ...], Any]]:
        """The calls that an output needs: function, operands, and place(s) of the result."""
        needed = set(outputs)
        live = []
        for call, sources, places in reversed(self._broadcasting()):
            if not needed.isdisjoint(places):
                needed.update(sources)
                live.append((call.function(), sources, places if call.several else places[0]))
        live.reverse()
        return live

    def generated(self, wanted: Sequence[int]) -> Runner:
        """The same as :meth:`runner` as Python code made for it, which saves the loop's overhead.

        Worth its making (a third of a millisecond) for a path that runs again and again.
        """
        outputs = [self.computed[slot] for slot in wanted]
        names: dict[str, Any] = {"asarray": np.asarray}
        names |= {f"s{slot}": v for slot, v in enumerate(self._template) if v is not None}
        lines = ["def run(values, given):"]
        if self._leaves:
            lines.append("    " + "".join(f"s{i}, " for i in range(self._leaves)) + "= values")
        for place, make in enumerate(self._numbers):
            names[f"n{place}"] = make
            lines.append(f"    s{self._leaves + place} = n{place}(given[{place}])")
        for number, (function, sources, place) in enumerate(self._live(outputs)):
            names[f"f{number}"] = function
            operands = ", ".join(f"s{slot}" for slot in sources)
            results = f"s{place}" if place.__class__ is int else "".join(f"s{p}, " for p in place)
            lines.append(f"    {results} = f{number}({operands})")
        returned = ", ".join(f"asarray(s{slot}, order='C')" for slot in outputs)
        lines.append(f"    return [{returned}]")
        exec("\n".join(lines), names)
        ignoring: Runner = np.errstate(all="ignore")(names["run"])
        return ignoring

    def runner(self, wanted: Sequence[int]) -> Runner:
        """A function from leaves and numbers to the path's output slots ``wanted``."""
        outputs = [self.computed[slot] for slot in wanted]
        live = self._live(outputs)
        template, leaves, numbers = self._template, self._leaves, list(self._numbers)

        @np.errstate(all="ignore")
        def run(values: Sequence[Any], given: Sequence[Any]) -> list[Any]:
            slots = template.copy()
            slots[:leaves] = values
            for place, (make, number) in enumerate(zip(numbers, given, strict=True), leaves):
                slots[place] = make(number)
            for function, sources, place in live:
                result = function(*[slots[slot] for slot in sources])
                if place.__class__ is int:
                    slots[place] = result
                else:
                    for slot, value in zip(place, result, strict=True):
                        slots[slot] = value
            return [np.asarray(slots[slot], order="C") for slot in outputs]

        return run
