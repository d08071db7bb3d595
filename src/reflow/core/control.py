"""Control flow inside traced functions: branches, loops and scans as single ops.

Each branch or loop body is traced like a function (:mod:`tracing`); what it reads from outside
becomes inputs of the op, and variables that it assigns become outputs (carried by loops). So do
checks of values, which raise after the run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from reflow.core import nest, random, record
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.errors import InvalidArgumentError, NeedsEagerError
from reflow.core.lazy import jax, jnp, lax
from reflow.core.op import Primitive
from reflow.core.paths import shared
from reflow.core.tensor import Tensor, placeholder
from reflow.core.tracing import Body, trace
from reflow.core.variable import Variable, value_of_variable
from reflow.core.while_gradient import while_loop

__all__ = ["branch", "loop", "scan", "vectorize"]


class _Layout:
    """Where bodies that form one op find their inputs in that op's: variables, then closures.

    It holds no tensors, so that ops which do the same can be shared.
    """

    def __init__(self, bodies: Sequence[Body], variables: list[int], closures: list[int]) -> None:
        self.variable_count = len(variables)
        written = dict.fromkeys(id(v) for body in bodies for v in body.written)
        self.written = [variables.index(v) for v in written]
        self.checks = [found._aval for body in bodies for found, _ in body.checks]
        self._functions = [body.function for body in bodies]
        self._counts = [body.count for body in bodies]
        self._picks = [
            (
                [variables.index(id(v)) for v in body.variables],
                [closures.index(id(t)) for t in body.closures],
                [variables.index(id(v)) for v in body.written],
                sum(len(b.checks) for b in bodies[:i]),
            )
            for i, body in enumerate(bodies)
        ]
        self.key = (
            tuple([body.key for body in bodies]),
            tuple(self.written),
            tuple(self.checks),
            repr(self._picks),
        )

    def split(self, inputs: Sequence[Any]) -> tuple[list[Any], list[Any]]:
        """The op's inputs as variables and closures."""
        return list(inputs[: self.variable_count]), list(inputs[self.variable_count :])

    def nothing_found(self) -> list[Any]:
        """What checks find when all is well."""
        return [jnp.full(kind.shape, -1, kind.np) for kind in self.checks]

    def runner(self, which: int) -> Callable[..., tuple[list[Any], list[Any], list[Any]]]:
        """A body as ``run(arguments, variables, found, closures)``, all lists of arrays.

        It returns results, variables after, and what checks have found; the first trouble is kept.
        """
        function, count = self._functions[which], self._counts[which]
        picks, closure_picks, places, first = self._picks[which]

        def run(
            arguments: Sequence[Any],
            variables: Sequence[Any],
            found: Sequence[Any],
            closures: Sequence[Any],
        ) -> tuple[list[Any], list[Any], list[Any]]:
            outputs = function(
                *arguments, *[variables[i] for i in picks], *[closures[i] for i in closure_picks]
            )
            after, found = list(variables), list(found)
            values = iter(outputs[count:])
            for place in places:
                after[place] = next(values)
            for place, new in enumerate(values, first):
                found[place] = jnp.where(jnp.ravel(found[place])[0] >= 0, found[place], new)
            return list(outputs[:count]), after, found

        return run

    def anchored(self, values: Sequence[Any], variables: Sequence[Any]) -> list[Any]:
        """Values of variables in a loop, such that gradients end at the variables themselves."""
        return [
            value_of_variable(value, variable) if i in self.written else variable
            for i, (value, variable) in enumerate(zip(values, variables, strict=True))
        ]

    def effects(self, variables: Sequence[Any], found: Sequence[Any]) -> list[Any]:
        """The op's outputs besides its results: new values of variables, and what checks found."""
        return [*[variables[i] for i in self.written], *found]


class _Joined:
    """Several bodies that form one op: what they read from outside, and their effects."""

    def __init__(self, bodies: Sequence[Body]) -> None:
        variables: dict[int, Variable] = {}
        closures: dict[int, Tensor] = {}
        written: dict[int, Variable] = {}
        for body in bodies:
            variables.update({id(v): v for v in body.variables})
            written.update({id(v): v for v in body.written})
            closures.update({id(t): t for t in body.closures})
        self._variables = list(variables.values())
        self._written = list(written.values())
        self._closures = list(closures.values())
        self._checks = [check for body in bodies for check in body.checks]
        self._layout = _Layout(bodies, list(variables), list(closures))

    def apply(
        self,
        name: str,
        make: Callable[[_Layout], Callable[..., tuple[Any, ...]]],
        details: tuple[Any, ...],
        inputs: Sequence[Any],
        count: int,
    ) -> list[Tensor]:
        """Records the op, and hands its effects to the function around.

        Args:
          name: the op's name.
          make: makes its function, of ``inputs``, variables and closures, from the layout.
          details: what else that function depends on.
          inputs: the op's own inputs.
          count: the number of its results.

        Returns:
          The results.
        """
        layout = self._layout
        key = (name, layout.key, details)
        primitive = shared(key, lambda: Primitive(make(layout), name, same=()))
        read = [v._read_kept() for v in self._variables]
        outputs = primitive(*inputs, *read, *self._closures)
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        effects = outputs[count:]
        for variable, value in zip(self._written, effects, strict=False):
            variable._set(value)
        for (_, raiser), found in zip(self._checks, effects[len(self._written) :], strict=True):
            record.when_run(found, raiser)
        return list(outputs[:count])


def _kinds(body: Body) -> list[Aval]:
    return [t._aval for t in body.outputs[: body.count]]


def branch(
    index: Any, functions: Sequence[Callable[[], Any]], name: str, last_first: bool = False
) -> Any:
    """Runs the function that ``index`` (a scalar; clamped to the last) chooses.

    Args:
      index: which one.
      functions: called here, each once, to be traced.
      name: the op's name.
      last_first: call them in reverse order.

    Raises:
      TypeError: the functions return different structures or dtypes.
      NeedsEagerError: they return different shapes.
    """
    order = functions[::-1] if last_first else functions
    with random.inner_graph_ops(0):
        traced = [trace(f, [], f, nested=True) for f in order]
    traced = traced[::-1] if last_first else traced
    bodies = [body for body, _, _ in traced]
    structures = [structure for _, structure, _ in traced]
    for structure, body in zip(structures[1:], bodies[1:], strict=True):
        _check_alike(name, structures[0], _kinds(bodies[0]), structure, _kinds(body))

    def make(layout: _Layout) -> Callable[..., tuple[Any, ...]]:
        def branch_of(run: Any) -> Callable[..., tuple[Any, ...]]:
            def one(variables: Any, closures: Any) -> tuple[Any, ...]:
                results, after, found = run([], variables, layout.nothing_found(), closures)
                return (*results, *layout.effects(after, found))

            return one

        branches = [branch_of(layout.runner(i)) for i in range(len(functions))]

        def op(chosen: Any, *inputs: Any) -> tuple[Any, ...]:
            which = jnp.asarray(chosen, jnp.int32)
            outputs: tuple[Any, ...] = lax.switch(which, branches, *layout.split(inputs))
            return outputs

        return op

    remaining = iter(_Joined(bodies).apply(name, make, (), [index], bodies[0].count))
    flat = [None if t is None else next(remaining) for t in nest.flatten(structures[0], True)]
    return nest.pack_sequence_as(structures[0], flat, True)


def _check_alike(
    name: str, first: Any, first_kinds: list[Aval], other: Any, other_kinds: list[Aval]
) -> None:
    try:
        nest.assert_same_structure(first, other, expand_composites=True)
    except (ValueError, TypeError) as error:
        raise TypeError(
            f"{name}: all branches must return the same structure inside a compiled function: "
            f"{error}"
        ) from None
    if [k.dtype for k in first_kinds] != [k.dtype for k in other_kinds]:
        raise TypeError(
            f"{name}: all branches must return the same dtypes inside a compiled function, got "
            f"{first_kinds} and {other_kinds}"
        )
    if first_kinds != other_kinds:
        raise NeedsEagerError(
            f"the branches of {name} return different shapes, {first_kinds} and {other_kinds}, "
            "and Reflow compiles for fixed ones"
        )


def loop(
    condition: Callable[..., Any],
    body: Callable[..., Any],
    variables: Sequence[Tensor],
    maximum: Any,
    may_change_shape: bool = False,
    more_ops: int = 2,
) -> list[Tensor]:
    """``while condition(*variables): variables = body(*variables)`` as one op.

    Args:
      condition: returns a scalar.
      body: returns new values, in a list.
      variables: what the loop starts from.
      maximum: the largest number of iterations, or None.
      may_change_shape: whether the user said that shapes may change.
      more_ops: ops that TF's graph of the body holds at first beyond those here, which seed its
        random ops: the numbers of iterations, done and at most.

    Raises:
      TypeError: a loop variable changes its dtype.
      ValueError: it changes its shape.
    """
    arguments = [placeholder(t._aval) for t in variables]
    test, _, _ = trace(
        condition, arguments, lambda: condition(*arguments), nested=True, repeats=True
    )
    with random.inner_graph_ops(more_ops):
        step, _, _ = trace(body, arguments, lambda: body(*arguments), nested=True, repeats=True)
    _check_loop([t._aval for t in variables], _kinds(test), _kinds(step), may_change_shape)
    count = len(variables)
    bounded = maximum is not None

    def make(layout: _Layout) -> Callable[..., tuple[Any, ...]]:
        run_test, run_step = layout.runner(0), layout.runner(1)

        def go_on(constants: Any, value: Any) -> Any:
            limit, originals, closures = constants
            done, carried, values, found = value
            held = layout.anchored(values, originals)
            more = jnp.reshape(run_test(carried, held, found, closures)[0][0], ())
            return jnp.logical_and(more, done < limit) if bounded else more

        def once(constants: Any, value: Any) -> Any:
            _, originals, closures = constants
            done, carried, values, found = value
            held = layout.anchored(values, originals)
            carried, values, found = run_step(carried, held, found, closures)
            return done + 1, carried, values, found

        def op(*inputs: Any) -> tuple[Any, ...]:
            limit, *inputs = inputs if bounded else (0, *inputs)  # type: ignore[assignment]
            originals, closures = layout.split(inputs[count:])
            start = (
                jnp.zeros((), jnp.int64), list(inputs[:count]), originals, layout.nothing_found(),
            )  # fmt: skip
            _, carried, values, found = while_loop(go_on, once, (limit, originals, closures), start)
            return (*carried, *layout.effects(values, found))

        return op

    inputs = [*([convert_to_tensor(maximum)] if bounded else []), *variables]
    return _Joined([test, step]).apply("While", make, (bounded, count), inputs, count)


def _check_loop(
    enter: list[Aval], test: list[Aval], leave: list[Aval], may_change_shape: bool
) -> None:
    if len(test) != 1 or test[0].shape not in ((), (1,)):
        raise InvalidArgumentError(None, None, f"while_loop: cond must return a scalar, got {test}")
    if [k.dtype for k in enter] != [k.dtype for k in leave]:
        raise TypeError(
            "while_loop: loop variables must keep their dtypes inside a compiled function; they "
            f"enter as {enter} and come back as {leave}"
        )
    if enter == leave:
        return
    if may_change_shape:
        raise NeedsEagerError(
            "a loop variable changes its shape, and Reflow compiles for fixed ones"
        )
    raise ValueError(
        "while_loop: loop variables must keep their shapes unless shape_invariants says that they "
        f"may change; they enter as {enter} and come back as {leave}"
    )


def scan(
    function: Callable[..., tuple[list[Tensor], list[Tensor]]],
    carried: Sequence[Tensor],
    elements: Sequence[Tensor],
    reverse: bool = False,
    more_ops: int = 0,
) -> tuple[list[Tensor], list[Tensor]]:
    """Runs ``carried, outputs = function(carried, element)`` over the first axis, as one op.

    ``more_ops`` is as for ``loop``.

    Returns:
      What is carried at the end, and the outputs stacked.

    Raises:
      TypeError: what is carried changes its dtype or number.
      NeedsEagerError: it changes its shape.
    """
    count = len(carried)
    arguments = [placeholder(t._aval) for t in carried]
    arguments += [placeholder(aval(t._aval.shape[1:], t._aval.dtype)) for t in elements]
    after_count = 0

    def call() -> list[Tensor]:
        nonlocal after_count
        after, outputs = function(arguments[:count], arguments[count:])
        after_count = len(after)
        return [*after, *outputs]

    with random.inner_graph_ops(more_ops):
        step, _, _ = trace(call, arguments, call, nested=True, repeats=True)
    _check_alike("scan", list(carried), [t._aval for t in carried], *_carry(step, after_count))
    length = len(elements)

    def make(layout: _Layout) -> Callable[..., tuple[Any, ...]]:
        run = layout.runner(0)

        def op(*inputs: Any) -> tuple[Any, ...]:
            start, sequences = list(inputs[:count]), list(inputs[count : count + length])
            originals, closures = layout.split(inputs[count + length :])

            def once(value: Any, row: Any) -> Any:
                carried, values, found = value
                held = layout.anchored(values, originals)
                results, values, found = run([*carried, *row], held, found, closures)
                return (results[:count], values, found), results[count:]

            first = (start, originals, layout.nothing_found())
            (after, values, found), outputs = lax.scan(once, first, sequences, reverse=reverse)
            return (*after, *outputs, *layout.effects(values, found))

        return op

    details, inputs = (count, length, reverse), [*carried, *elements]
    outputs = _Joined([step]).apply("Scan", make, details, inputs, step.count)
    return outputs[:count], outputs[count:]


def _carry(step: Body, count: int) -> tuple[list[Tensor], list[Aval]]:
    return step.outputs[:count], _kinds(step)[:count]


def vectorize(
    function: Callable[[list[Tensor]], list[Tensor]], elements: Sequence[Tensor]
) -> list[Tensor]:
    """``function`` of all rows at once: traced for one row and mapped by ``jax.vmap``.

    Raises:
      NeedsEagerError: the function assigns variables, or checks values.
    """
    arguments = [placeholder(aval(t._aval.shape[1:], t._aval.dtype)) for t in elements]
    body, _, _ = trace(function, arguments, lambda: function(arguments), nested=True, repeats=True)
    if body.written or body.checks:
        raise NeedsEagerError("vectorized_map: the function has effects besides its results")
    length = len(elements)

    def make(layout: _Layout) -> Callable[..., tuple[Any, ...]]:
        run = layout.runner(0)

        def op(*inputs: Any) -> tuple[Any, ...]:
            variables, closures = layout.split(inputs[length:])
            mapped: tuple[Any, ...] = jax.vmap(
                lambda *row: tuple(run(row, variables, [], closures)[0])
            )(*inputs[:length])
            return mapped

        return op

    return _Joined([body]).apply("VectorizedMap", make, (length,), list(elements), body.count)
