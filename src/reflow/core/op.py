"""Ops: one small pure JAX function each, with what TF says about its types.

    @op("MatMul", types=NUMBERS, rule=_matmul_rule)
    def _matmul(a, b, *, transpose_a=False, transpose_b=False):
        ...

makes ``_matmul`` a :class:`Primitive`. Positional parameters are tensors, keyword-only ones are
static (hashable Python values). Calling it converts the inputs by TF's rules and records it.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

import numpy as np

from reflow.core import interpret
from reflow.core import record as _record
from reflow.core.aval import Aval, aval, of_value
from reflow.core.derivative import kept_vjp
from reflow.core.dtypes import DType, as_dtype
from reflow.core.errors import InvalidArgumentError, NotFoundError, OpError
from reflow.core.lazy import jax
from reflow.core.recipe import Recipe
from reflow.core.recipe_store import store
from reflow.core.tensor import SymbolicTensor, Tensor

Rule = Callable[..., Any]


class Instruction:
    """A primitive together with its static arguments: what a trie node and a program step hold."""

    __slots__ = ("_inferred", "_jaxprs", "_key", "_recipes", "fn", "primitive", "static")

    def __init__(self, primitive: Primitive, static: dict[str, Any]) -> None:
        self.primitive = primitive
        self.static = static
        self.fn: Callable[..., Any] = partial(primitive.fn, **static) if static else primitive.fn
        if primitive.pull is not None:
            self.fn = kept_vjp(self.fn, partial(primitive.pull, **static))
        self._inferred: dict[tuple[Aval, ...], Any] = {}
        self._jaxprs: dict[tuple[Aval, ...], Any] = {}
        self._recipes: dict[tuple[Aval, ...], Recipe | None] = {}
        self._key: str | None = None

    def infer(self, avals: tuple[Aval, ...]) -> Aval | tuple[Aval, ...]:
        """The output's Aval (a tuple for several outputs); raises TF's error for bad inputs."""
        found = self._inferred.get(avals)
        if found is None:
            if len(self._inferred) > 4096:
                self._inferred.clear()
            found = self._inferred[avals] = self._infer(avals)
        return found  # type: ignore[no-any-return]

    def _infer(self, avals: tuple[Aval, ...]) -> Any:
        primitive = self.primitive
        primitive.check_types(avals)
        try:
            if primitive.rule is not None:
                return primitive.rule(*avals, **self.static)
            if self.key():
                known = self.recipe(avals)  # may be on disk, and then JAX is not needed
                if known is not None:
                    kinds = tuple([aval(shape, as_dtype(name)) for name, shape in known.kinds])
                    return kinds[0] if known.single else kinds
            out = self.jaxpr(avals)[1]
        except OpError as error:
            raise primitive.name_error(error) from None
        except (TypeError, ValueError, IndexError, ZeroDivisionError) as error:
            got = ", ".join(map(repr, avals))
            raise InvalidArgumentError(
                None, None, f"{_first_line(error)} (inputs: {got}) [Op:{primitive.name}]"
            ) from None
        return out

    def jaxpr(self, avals: tuple[Aval, ...]) -> tuple[Any, Any]:
        """The op as a closed jaxpr for inputs like ``avals``, and its output avals."""
        found = self._jaxprs.get(avals)
        if found is None:
            if len(self._jaxprs) > 4096:
                self._jaxprs.clear()
            inputs = [jax.ShapeDtypeStruct(a.shape, a.np) for a in avals]
            closed, out = jax.make_jaxpr(self.fn, return_shape=True)(*inputs)
            if isinstance(out, (tuple, list)):
                outputs: Any = tuple([aval(o.shape, as_dtype(o.dtype)) for o in out])
            else:
                outputs = aval(out.shape, as_dtype(out.dtype))
            found = self._jaxprs[avals] = (closed, outputs)
        return found

    def key(self) -> str:
        """A name that means the same op in another process; empty if there is none."""
        if self._key is None:
            identity = self.primitive.identity()
            statics = [_text(value) for value in self.static.values()]
            if identity and None not in statics:
                named = zip(self.static, statics, strict=True)
                self._key = identity + "".join(f",{name}={text}" for name, text in named)
            else:
                self._key = ""
        return self._key

    def recipe(self, avals: tuple[Aval, ...]) -> Recipe | None:
        """The op as NumPy calls, for inputs like ``avals``; None if NumPy can't do it."""
        if avals in self._recipes:
            return self._recipes[avals]
        key = self.key()
        known, made = False, None
        if key:
            key += "|" + ";".join(map(repr, avals))
            known, made = store.get(key)
        if not known:
            closed, out = self.jaxpr(avals)
            made = interpret.recipe(closed, out.__class__ is Aval)
            if key:
                store.put(key, made)
        if len(self._recipes) > 4096:
            self._recipes.clear()
        self._recipes[avals] = made
        return made

    def __repr__(self) -> str:
        static = "".join(f", {key}={value!r}" for key, value in self.static.items())
        return f"<{self.primitive.name}{static}>"


class Primitive:
    """An op: its function and its type rules. Calling it records it.

    Attributes:
      name: TF's op name, used in messages.
      same: positions of the inputs that share one dtype (TF's attribute T); all by default.
      types: the dtypes that T may have, or None for any.
      kinds: for inputs outside ``same``: position -> allowed dtypes.
      reads: positions of the inputs that the VJP reads; None means all, () none.
      pull: the VJP, if it reads outputs too, so that nothing is computed twice: ``pull(inputs,
        outputs, cotangents, **static)`` returns the inputs' cotangents; a cotangent that is zero
        may be None on both sides.
      keeps: positions of the outputs that ``pull`` reads.
      differentiable: whether gradients flow through it at all.
      check: a :class:`Check` of the input values, for errors that depend on data.
      connections: for an op made of ops: a function that tells, for each input, the outputs that
        gradients reach it from; None means that all inputs and outputs are connected.
    """

    def __init__(
        self,
        fn: Callable[..., Any],
        name: str,
        *,
        types: Collection[DType] | None = None,
        same: tuple[int, ...] | None = None,
        kinds: dict[int, Collection[DType]] | None = None,
        rule: Rule | None = None,
        reads: tuple[int, ...] | None = None,
        pull: Callable[..., Any] | None = None,
        keeps: tuple[int, ...] = (),
        differentiable: bool = True,
        check: Check | None = None,
        identity: str | None = None,
        rows: Callable[..., bool] | None = None,
    ) -> None:
        self.fn = fn
        self._identity = identity
        self.rows = rows
        self.name = name
        self.types = None if types is None else frozenset(types)
        self.same = same
        self.kinds = {} if kinds is None else {k: frozenset(v) for k, v in kinds.items()}
        self.rule = rule
        self.reads = reads
        self.pull = pull
        self.keeps = keeps
        self.differentiable = differentiable
        self.check = check
        self.connections: Callable[[], Sequence[frozenset[int]]] | None = None
        self.is_call = False  # of a tf.function: tapes take all results for results of all inputs
        self.plain = Instruction(self, {})
        self._bound: dict[Any, Instruction] = {}
        self.__doc__ = fn.__doc__
        self.__name__ = getattr(fn, "__name__", name)

    def __repr__(self) -> str:
        return f"<op {self.name}>"

    def bind(self, **static: Any) -> Instruction:
        """The instruction for these static arguments."""
        key = tuple(static.items())
        found = self._bound.get(key)
        if found is None:
            if len(self._bound) > 4096:
                self._bound.clear()
            found = self._bound.setdefault(key, Instruction(self, static))
        return found

    def identity(self) -> str:
        """A name for the function that another process understands; empty for closures."""
        if self._identity is None:
            name = getattr(self.fn, "__qualname__", "<locals>")
            self._identity = "" if "<" in name else f"{self.fn.__module__}.{name}"
        return self._identity

    def __call__(self, *inputs: Any, **static: Any) -> Any:
        """Records the op; returns a Tensor, or a tuple of them for several outputs."""
        instruction = self.bind(**static) if static else self.plain
        if self.check is not None:
            inputs = self.check.apply(self, inputs, static)
        return _record.record(instruction, inputs)

    def operator(self, *inputs: Any) -> Any:
        """As an operator does it: a value that does not fit the tensor's dtype keeps its own.

        TF converts operands with a hint, function arguments by force, hence the two kinds of error:
        ``x + 2.5`` names the op's inputs, ``tf.add(x, 2.5)`` says that 2.5 can't be converted.
        """
        return _record.record(self.plain, inputs, forced=False)

    # ---- types

    def group(self, count: int) -> Sequence[int]:
        return range(count) if self.same is None else self.same

    def group_dtype(self, inputs: Sequence[Any]) -> DType | None:
        """The dtype of the first tensor among the inputs that share one."""
        for position in self.group(len(inputs)):
            if position < len(inputs):
                dtype = _record.dtype_of(inputs[position])
                if dtype is not None:
                    return dtype
        return None

    def check_types(self, avals: tuple[Aval, ...]) -> None:
        """Raises TF's error if inputs that must share a dtype don't, or no kernel takes it."""
        expected: DType | None = None
        for position in self.group(len(avals)):
            if position >= len(avals):
                continue
            dtype = avals[position].dtype
            if expected is None:
                expected = dtype
                if self.types is not None and dtype not in self.types:
                    if len(self.types) == 1:
                        (only,) = self.types
                        raise self.mismatch(position, only, dtype)
                    raise self.no_kernel(dtype)
            elif dtype is not expected:
                raise self.mismatch(position, expected, dtype)
        for position, allowed in self.kinds.items():
            if position < len(avals) and avals[position].dtype not in allowed:
                if len(allowed) == 1:
                    (only,) = allowed
                    raise self.mismatch(position, only, avals[position].dtype)
                raise self.bad_attribute(avals[position].dtype, allowed)

    def mismatch(self, position: int, expected: DType, got: DType) -> InvalidArgumentError:
        return InvalidArgumentError(
            None,
            None,
            f"cannot compute {self.name} as input #{position}(zero-based) was expected to be a "
            f"{expected.label} tensor but is a {got.label} tensor [Op:{self.name}]",
        )

    def no_kernel(self, got: DType) -> NotFoundError:
        assert self.types is not None
        allowed = ", ".join(sorted(t.name for t in self.types))
        return NotFoundError(
            None,
            None,
            f"Could not find valid device for node.\nNode:{{{{node {self.name}}}}}\n"
            f"No kernel of op {self.name} takes {got.name}; it takes: {allowed} [Op:{self.name}]",
        )

    def bad_attribute(self, got: DType, allowed: Collection[DType]) -> InvalidArgumentError:
        names = ", ".join(sorted(t.label for t in allowed))
        return InvalidArgumentError(
            None,
            None,
            f"Value for attr of {got.label} is not in the list of allowed values: {names} "
            f"[Op:{self.name}]",
        )

    def name_error(self, error: OpError) -> OpError:
        """Adds the op's name to an error from its rule, as TF does."""
        if "[Op:" in error.message:
            return error
        return error.reworded(f"{error.message} [Op:{self.name}]")


def op(name: str, **rules: Any) -> Callable[[Callable[..., Any]], Primitive]:
    """Makes a pure function an op; see :class:`Primitive` for the keyword arguments."""

    def decorate(fn: Callable[..., Any]) -> Primitive:
        return Primitive(fn, name, **rules)

    return decorate


_REMEMBERED = 4096
"""Good inputs that a check keeps in mind."""


class Check:
    """A test of input values that a compiled program cannot raise from.

    Args:
      find: ``find(xp, *arrays, **static) -> int64 vector``; ``xp`` is NumPy or jax.numpy. Its first
        element is negative if all is well, else it tells where the trouble is.
      message: ``message(found, *avals, **static) -> str`` words TF's error from that vector.
      reads: positions of the inputs that ``find`` gets.
      error: the error class to raise.
    """

    def __init__(
        self,
        find: Callable[..., Any],
        message: Callable[..., str],
        *,
        reads: tuple[int, ...],
        error: type[OpError] = InvalidArgumentError,
    ) -> None:
        self.find = find
        self.message = message
        self.reads = reads
        self.error = error
        self._recorded: dict[str, Primitive] = {}
        self._passed: dict[Any, list[Any]] = {}

    def apply(self, primitive: Primitive, inputs: tuple[Any, ...], static: dict[str, Any]) -> Any:
        """Checks now what the host knows; what is pending is checked when it has been computed."""
        tensors: Any = inputs
        if not all(x.__class__ is Tensor for x in inputs):
            if any(isinstance(x, SymbolicTensor) for x in inputs):
                return inputs  # checked when the model runs
            tensors = _record.convert_inputs(primitive, inputs)
        read = [tensors[i] for i in self.reads]
        known = (tuple(map(id, read)), primitive, tuple(static.items()))
        if known in self._passed:  # the same labels again, epoch after epoch
            return tensors
        host = [_record.host_value(t) for t in read]
        raiser = partial(self._raise, primitive, [t._aval for t in tensors], static)
        if any(value is None for value in host):
            found = self._primitive(primitive.name)(*read, **static)
            _record.check_later(found, raiser)
        else:
            raiser(self.find(np, *host, **static))
            self._remember(known, read)
        return tensors

    def _remember(self, known: Any, read: list[Any]) -> None:
        """Notes that these tensors are good, for as long as they live: values never change."""
        if len(self._passed) < _REMEMBERED:
            forget = partial(self._forget, known)
            self._passed[known] = [weakref.ref(tensor, forget) for tensor in read]

    def _forget(self, known: Any, dead: Any) -> None:
        self._passed.pop(known, None)

    def _primitive(self, name: str) -> Primitive:
        made = self._recorded.get(name)
        if made is None:

            def find(*arrays: Any, **static: Any) -> Any:
                from reflow.core.lazy import jnp

                return self.find(jnp, *arrays, **static)

            made = self._recorded[name] = Primitive(
                find, name, same=(), reads=(), differentiable=False
            )
        return made

    def _raise(
        self, primitive: Primitive, avals: list[Aval], static: dict[str, Any], found: Any
    ) -> None:
        vector = np.asarray(found)
        if vector.size and int(vector.flat[0]) >= 0:
            text = self.message(vector, *avals, **static)
            raise primitive.name_error(self.error(None, None, text))  # type: ignore[call-arg]


def _text(value: Any) -> str | None:
    """A static argument as text that says all of it, or None."""
    if value is None or value.__class__ in (bool, int, float, str) or isinstance(value, DType):
        return repr(value)
    if value.__class__ is tuple:
        parts = [_text(part) for part in value]
        return None if None in parts else "(" + ",".join(map(str, parts)) + ")"
    if isinstance(value, (np.dtype, type)):
        return str(value)
    return None


def _first_line(error: Exception) -> str:
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__


__all__ = ["Check", "Instruction", "Primitive", "Rule", "aval", "of_value", "op"]
