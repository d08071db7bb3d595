"""The cold tier: runs an op's jaxpr with NumPy, so that one-off code need not wait for XLA.

A jaxpr becomes a flat list of steps over numbered slots: inner jaxprs are unrolled, dead equations
dropped, constants put in their slots once. What each primitive means in NumPy stands in
``interpret_primitives``; a jaxpr with a primitive that is not there is left to XLA.

Floating-point results may differ from XLA's in the last bits, and denormal numbers, which XLA
flushes to zero, survive here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reflow.core.interpret_primitives import numpy_function
from reflow.core.recipe import Call, Linked, Recipe

Array = NDArray[Any]
Evaluator = Callable[[Sequence[Array]], list[Array]]

FOLDED_SIZE = 1024
"""Elements up to which an equation of constants only is computed ahead and its result kept."""

CALLS = frozenset((
    "checkpoint", "closed_call", "composite", "core_call", "custom_jvp_call", "custom_vjp_call",
    "jit", "pjit", "remat", "remat2",
))  # fmt: skip
"""Primitives that only run an inner jaxpr: what else they say is for gradients and compilers."""


def recipe(closed_jaxpr: Any, single: bool = True) -> Recipe | None:
    """The jaxpr as a list of NumPy calls.

    Args:
      closed_jaxpr: what ``jax.make_jaxpr`` returns.
      single: whether the function it was made of returns one value, not a tuple.

    Returns:
      The recipe; None if NumPy can't run some primitive, or if running has effects besides its
      outputs.
    """
    if closed_jaxpr.effects:
        return None
    program = _Program(closed_jaxpr)
    calls = []
    for equation in program.live_equations():
        operands = [program.avals[slot] for slot in equation.inputs]
        results = [program.avals[slot] for slot in equation.outputs]
        function = numpy_function(equation.primitive, equation.params, operands, results)
        if function is None:
            return None
        if not program.fold(equation, function):
            params = getattr(function, "keywords", {})
            calls.append(
                Call(
                    equation.primitive, params, equation.inputs, equation.outputs, equation.several
                )
            )
    used = {slot for call in calls for slot in call.inputs} | set(program.outputs)
    kinds = [program.avals[slot] for slot in program.outputs]
    return Recipe(
        program.inputs,
        tuple([tuple(aval.shape) for aval in program.avals]),
        {slot: value for slot, value in program.constants.items() if slot in used},
        tuple(calls),
        tuple(program.outputs),
        tuple([(aval.dtype.name, tuple(aval.shape)) for aval in kinds]),
        single,
    )


def evaluator(closed_jaxpr: Any) -> Evaluator | None:
    """A function that computes the jaxpr's outputs with NumPy, or None if NumPy can't.

    It takes the inputs, arrays of the jaxpr's input shapes and dtypes, and returns the list of its
    outputs: C-contiguous arrays of exactly its output shapes and dtypes, which may share memory
    with inputs and constants and so must not be written to.
    """
    made = recipe(closed_jaxpr)
    return None if made is None else runner(made)


def runner(made: Recipe) -> Evaluator:
    """A recipe as a function from inputs to outputs."""
    linked = Linked(made.inputs, ())
    linked.add(made, range(made.inputs))
    run = linked.runner(range(len(made.outputs)))
    return lambda arguments: run(arguments, ())


# ---- unrolling


class _Equation(NamedTuple):
    primitive: str
    params: dict[str, Any]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    several: bool
    """Whether the primitive returns a sequence, be it of one."""


class _Program:
    """A jaxpr with its inner jaxprs unrolled; every value has a numbered slot, inputs first."""

    def __init__(self, closed_jaxpr: Any) -> None:
        self.avals: list[Any] = []
        self.constants: dict[int, Array] = {}
        self.equations: list[_Equation] = []
        slots = [self._slot(variable.aval) for variable in closed_jaxpr.jaxpr.invars]
        self.inputs = len(slots)
        self.outputs = self._unroll(closed_jaxpr, slots)

    def _slot(self, aval: Any) -> int:
        self.avals.append(aval)
        return len(self.avals) - 1

    def _constant(self, value: Any, aval: Any) -> int:
        slot = self._slot(aval)
        self.constants[slot] = np.asarray(value, aval.dtype)
        return slot

    def _unroll(self, jaxpr: Any, inputs: Sequence[int]) -> list[int]:
        """Appends the equations of a jaxpr, open or closed; returns the slots of its outputs."""
        values = getattr(jaxpr, "consts", ())  # a remat holds an open jaxpr, without constants
        jaxpr = getattr(jaxpr, "jaxpr", jaxpr)
        slots = dict(zip(jaxpr.invars, inputs, strict=True))
        for variable, value in zip(jaxpr.constvars, values, strict=True):
            slots[variable] = self._constant(value, variable.aval)

        def read(atoms: Iterable[Any]) -> list[int]:
            return [
                self._constant(atom.val, atom.aval) if hasattr(atom, "val") else slots[atom]
                for atom in atoms
            ]

        for equation in jaxpr.eqns:
            arguments = read(equation.invars)
            inner = _inner_jaxpr(equation)
            if inner is not None:
                results = self._unroll(inner, arguments)
            else:
                results = [self._slot(variable.aval) for variable in equation.outvars]
                primitive = equation.primitive
                self.equations.append(
                    _Equation(
                        primitive.name,
                        equation.params,
                        tuple(arguments),
                        tuple(results),
                        primitive.multiple_results,
                    )
                )
            slots.update(zip(equation.outvars, results, strict=True))
        return read(jaxpr.outvars)

    def live_equations(self) -> list[_Equation]:
        """The equations that an output needs, in order."""
        needed = set(self.outputs)
        live = []
        for equation in reversed(self.equations):
            if not needed.isdisjoint(equation.outputs):
                needed.update(equation.inputs)
                live.append(equation)
        live.reverse()
        return live

    def fold(self, equation: _Equation, function: Callable[..., Any]) -> bool:
        """Computes an equation of constants only, now and for good, unless its result is large."""
        size = sum(self.avals[slot].size for slot in equation.outputs)
        if size > FOLDED_SIZE or not self.constants.keys() >= set(equation.inputs):
            return False
        with np.errstate(all="ignore"):
            result = function(*[self.constants[slot] for slot in equation.inputs])
        results = result if equation.several else (result,)
        self.constants.update(zip(equation.outputs, map(np.asarray, results), strict=True))
        return True


def _inner_jaxpr(equation: Any) -> Any:
    if equation.primitive.name not in CALLS:
        return None
    for name in ("jaxpr", "call_jaxpr"):
        if name in equation.params:
            return equation.params[name]
    return None
