"""``tf.Variable``: a name, and the tensor it holds at present."""

from __future__ import annotations

import inspect
import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any

import numpy as np

from reflow.core import name_scopes, printing, record
from reflow.core.convert import convert_to_tensor
from reflow.core.derivative import custom_jvp
from reflow.core.dtypes import DType, as_dtype
from reflow.core.errors import InvalidArgumentError, OutOfRangeError
from reflow.core.op import op
from reflow.core.tensor import Reference, Tensor, _hooks, tensor_from_numpy
from reflow.core.tensor_shape import TensorShape, as_shape


class VariableSynchronization(Enum):
    """When copies of a variable on several devices are brought together."""

    AUTO = 0
    NONE = 1
    ON_WRITE = 2
    ON_READ = 3


class VariableAggregation(Enum):
    """How they are brought together."""

    NONE = 0
    SUM = 1
    MEAN = 2
    ONLY_FIRST_REPLICA = 3


@custom_jvp
def value_of_variable(value: Any, variable: Any) -> Any:
    """``value``, with the gradient going to ``variable``."""
    return value


@value_of_variable.defjvp
def _value_of_variable_jvp(primals: Any, tangents: Any) -> Any:
    return primals[0], tangents[1]


@op("ReadVariableOp", rule=lambda value, variable: value, reads=())
def read_assigned(value: Any, variable: Any) -> Any:
    """A reading, in a traced function, of a variable that was assigned there.

    The gradient is the variable's own, whatever it held; none flows to where the value came from.
    """
    return value_of_variable(value, variable)


read_assigned.connections = lambda: (frozenset(), frozenset((0,)))


@op("ReadVariableOp", rule=lambda value, *, trainable: value, reads=(), differentiable=False)
def _read(value: Any, *, trainable: bool) -> Any:
    """What an open tape sees of a variable; gradients do not flow to where the value came from."""
    return value


# It is where an eager tape's gradients end, but inside a function it is a step like any other.
_read.connections = lambda: (frozenset((0,)),)
READ_TRAINABLE = _read.bind(trainable=True)
_READ_OTHER = _read.bind(trainable=False)


class _Creators(threading.local):
    def __init__(self) -> None:
        self.stack: list[Callable[..., Any]] = []


_creators = _Creators()
_numbers = itertools.count()  # in the order of creation


class _VariableMeta(type):
    """Sends ``tf.Variable(...)`` through the scopes of ``tf.variable_creator_scope``, if any."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if _creators.stack and cls is Variable:
            return _create(_creators.stack, args, kwargs)
        return super().__call__(*args, **kwargs)


class Variable(metaclass=_VariableMeta):
    """A tensor that can be changed by assignment, and whose gradients tapes find by themselves.

    Args:
      initial_value: the value to start from (anything ``tf.convert_to_tensor`` takes), or a
        callable that returns it.
      trainable: whether tapes watch it; True by default.
      validate_shape, caching_device, variable_def, import_scope: accepted for TF 1's sake.
      name: the variable's name, ``"Variable"`` by default; ``.name`` adds ``":0"``.
      dtype: the element type; by default it follows from the value.
      constraint: a function that an optimizer applies to the value after an update.
      synchronization, aggregation: for several devices.
      shape: a shape to allow for later values, such as ``tf.TensorShape(None)``.

    Raises:
      ValueError: there is no initial value, or its shape contradicts ``shape``.
    """

    __slots__ = (
        "__dict__", "__weakref__", "_aggregation", "_constraint", "_name", "_number", "_shape",
        "_synchronization", "_tensor", "_trainable",
    )  # fmt: skip
    __array_priority__ = 100

    _tensor: Tensor

    class SaveSliceInfo:
        """Which part of a larger saved variable a variable is.

        Args:
          full_name, full_shape: of the larger variable.
          var_offset, var_shape: where this one begins in it, and its shape.
          save_slice_info_def, import_scope: TF 1's protocol buffers; not supported.
        """

        def __init__(
            self,
            full_name: str | None = None,
            full_shape: Any = None,
            var_offset: Any = None,
            var_shape: Any = None,
            save_slice_info_def: Any = None,
            import_scope: str | None = None,
        ) -> None:
            if save_slice_info_def is not None:
                raise NotImplementedError(
                    "SaveSliceInfo: protocol buffers are not in Reflow; pass full_name, "
                    "full_shape, var_offset and var_shape"
                )
            self.full_name = full_name
            self.full_shape = full_shape
            self.var_offset = var_offset
            self.var_shape = var_shape

        @property
        def spec(self) -> str:
            """As checkpoints write it: ``"4 5 0,4:2,3"``."""
            sizes = " ".join(map(str, self.full_shape))
            parts = zip(self.var_offset, self.var_shape, strict=True)
            return f"{sizes} " + ":".join(f"{offset},{size}" for offset, size in parts)

    def __init__(
        self,
        initial_value: Any = None,
        trainable: bool | None = None,
        validate_shape: bool = True,
        caching_device: Any = None,
        name: str | None = None,
        variable_def: Any = None,
        dtype: Any = None,
        import_scope: str | None = None,
        constraint: Callable[[Any], Any] | None = None,
        synchronization: VariableSynchronization = VariableSynchronization.AUTO,
        aggregation: VariableAggregation = VariableAggregation.NONE,
        shape: Any = None,
    ) -> None:
        if initial_value is None:
            raise ValueError("initial_value must be specified.")
        if constraint is not None and not callable(constraint):
            raise ValueError("The `constraint` argument must be a callable.")
        capture = record.state.segment.capture
        if capture is not None:
            initial_value = capture.new_variable(self, initial_value)
        elif callable(initial_value):
            initial_value = initial_value()
        tensor = convert_to_tensor(initial_value, dtype)
        declared = None if shape is None else as_shape(shape)
        if declared is not None and not declared.is_compatible_with(tensor.shape):
            raise ValueError(
                f"The initial value's shape ({tensor.shape}) is not compatible with the explicitly "
                f"supplied `shape` argument ({shape})."
            )
        self._tensor = tensor
        self._number = next(_numbers)
        self._shape = declared
        self._name = f"{name_scopes.current()}{name or 'Variable'}:0"
        self._trainable = True if trainable is None else bool(trainable)
        self._constraint = constraint
        self._synchronization = synchronization
        self._aggregation = aggregation

    # ---- reading

    def _current(self) -> Tensor:
        """The tensor it holds now (in a traced function: there)."""
        capture = record.state.segment.capture
        return self._tensor if capture is None else capture.read(self)  # type: ignore[no-any-return]

    def _present(self) -> Tensor:
        """The same, such that gradients in a traced function end at the variable."""
        capture = record.state.segment.capture
        return self._tensor if capture is None else capture.reading(self)  # type: ignore[no-any-return]

    def _read_tensor(self) -> Tensor:
        """The tensor that an op reads; under open tapes one that they know to be this variable."""
        tensor = self._present()
        tapes = record.state.segment.tapes
        if not tapes:
            return tensor
        reading = None
        for tape in tapes:  # all of them must know the reading
            seen = tape.reads.get(id(self))
            if seen is None or seen.version is not tensor:
                break
            if reading is not None and seen.tensor is not reading:
                break
            reading = seen.tensor
        else:
            return reading  # type: ignore[return-value]
        return self._read_anew(tensor, tapes)

    def _read_kept(self) -> Tensor:
        """The same, whatever type layers want to see."""
        return Variable._read_tensor(self)

    def _read_anew(self, tensor: Tensor, tapes: list[Any]) -> Tensor:
        read: Tensor = record.record(READ_TRAINABLE if self._trainable else _READ_OTHER, (tensor,))
        segment = record.state.segment
        if read._segment is segment and segment.capture is None:
            segment.aliases[read._slot] = tensor
        for tape in tapes:
            tape.note_read(self, tensor, read)
        return read

    def value(self) -> Tensor:
        """The present value as a tensor, under a tape a new one at each call."""
        tapes = record.state.segment.tapes
        return self._read_anew(self._present(), tapes) if tapes else self._present()

    read_value = value
    initialized_value = value

    def numpy(self) -> Any:
        """The present value as a NumPy array of the caller's own."""
        return self._current().numpy()

    def _host(self) -> np.ndarray[Any, Any]:
        return self._current()._host()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        return np.array(self._host(), dtype=dtype)

    def __bool__(self) -> bool:
        return bool(self._current())

    __nonzero__ = __bool__

    def __int__(self) -> int:
        return int(self._current())

    def __float__(self) -> float:
        return float(self._current())

    def __index__(self) -> int:
        return self._current().__index__()

    def __iter__(self) -> Iterator[Any]:
        raise TypeError("'Variable' object is not iterable.")

    def __getitem__(self, key: Any) -> Any:
        whole = self._read_tensor()
        part = whole[key]  # type: ignore[index]
        if part is whole:
            part = self.value()
        part._origin = self, key
        return part

    def __format__(self, spec: str) -> str:
        return str(self)

    # ---- what is known of it

    @property
    def name(self) -> str:
        """The name, with ``":0"``."""
        return self._name

    _shared_name = property(lambda self: self._name[:-2])

    @property
    def dtype(self) -> DType:
        """The type of the elements."""
        return self._tensor._aval.dtype

    @property
    def shape(self) -> TensorShape:
        """The shape: as declared, or that of the value."""
        return self._tensor.shape if self._shape is None else self._shape

    def get_shape(self) -> TensorShape:
        """The same as ``shape``."""
        return self.shape

    @property
    def ndim(self) -> int:
        return len(self._tensor._aval.shape)

    def _shape_tuple(self) -> tuple[int, ...]:
        return self._tensor._aval.shape

    @property
    def trainable(self) -> bool:
        return self._trainable

    @property
    def constraint(self) -> Callable[[Any], Any] | None:
        return self._constraint

    @property
    def synchronization(self) -> VariableSynchronization:
        return self._synchronization

    @property
    def aggregation(self) -> VariableAggregation:
        return self._aggregation

    @property
    def device(self) -> str:
        return self._tensor.device

    @property
    def handle(self) -> Variable:
        """The variable itself; TF 2.1 gives a resource tensor, which has no use here."""
        return self

    @property
    def initializer(self) -> None:
        return None

    @property
    def initial_value(self) -> Any:
        raise RuntimeError("initial_value not supported in EAGER mode.")

    def is_initialized(self, name: str | None = None) -> Tensor:
        return convert_to_tensor(True)

    def experimental_ref(self) -> Reference:
        """A hashable stand-in, for use as a dictionary key or in a set."""
        return Reference(self)

    ref = experimental_ref

    def __repr__(self) -> str:
        name = self.name
        if self._current()._is_symbolic():
            return f"<tf.Variable '{name}' shape={self.shape} dtype={self.dtype.name}>"
        return (
            f"<tf.Variable '{name}' shape={self.shape} dtype={self.dtype.name}, "
            f"numpy={printing.value_text(self._host())}>"
        )

    __str__ = __repr__

    def __hash__(self) -> int:
        raise TypeError(
            "Variable is unhashable if Tensor equality is enabled. Instead, use "
            "tensor.experimental_ref() as the key."
        )

    def __copy__(self) -> Variable:
        return self

    def __deepcopy__(self, memo: Any) -> Variable:
        copied = Variable(
            self._tensor, self._trainable, name=self._shared_name, constraint=self._constraint,
            synchronization=self._synchronization, aggregation=self._aggregation, shape=self._shape,
        )  # fmt: skip
        memo[id(self)] = copied
        return copied

    # ---- assignment

    def _set(self, tensor: Tensor) -> None:
        segment = record.state.segment
        if segment.capture is not None:
            segment.capture.write(self, tensor)
        else:
            self._tensor = tensor
            segment.assigned = True

    def _take(self, array: np.ndarray[Any, Any]) -> None:
        """Takes an array of its shape and dtype that nobody will write to, without a copy."""
        self._set(tensor_from_numpy(array))

    def assign(
        self, value: Any, use_locking: Any = False, name: str | None = None, read_value: bool = True
    ) -> Any:
        """Replaces the value.

        Raises:
          ValueError: the new value's dtype or shape does not fit.
        """
        tensor = convert_to_tensor(value, self.dtype)
        if tensor._aval.shape != self._tensor._aval.shape or self._shape is not None:
            self.shape.assert_is_compatible_with(tensor.shape)
        self._set(tensor)
        return UnreadVariable(self) if read_value else None

    def assign_add(
        self, delta: Any, use_locking: Any = False, name: str | None = None, read_value: bool = True
    ) -> Any:
        """Adds ``delta`` to the value; it must have the variable's shape."""
        return self._update("add", "AssignAddVariableOp", delta, read_value)

    def assign_sub(
        self, delta: Any, use_locking: Any = False, name: str | None = None, read_value: bool = True
    ) -> Any:
        """Subtracts ``delta`` from the value; it must have the variable's shape."""
        return self._update("subtract", "AssignSubVariableOp", delta, read_value)

    def _update(self, operation: str, op_name: str, delta: Any, read_value: bool) -> Any:
        current = self._current()
        kind = current._aval
        if delta.__class__ is not Tensor or delta._aval.dtype is not kind.dtype:
            delta = convert_to_tensor(delta, kind.dtype)
        if delta._aval.shape != kind.shape:
            raise InvalidArgumentError(
                None,
                None,
                f"Cannot update variable with shape {list(kind.shape)} using a Tensor with shape "
                f"{list(delta._aval.shape)}, shapes must be equal. [Op:{op_name}]",
            )
        self._set(_hooks[operation](current, delta))
        return UnreadVariable(self) if read_value else None

    def load(self, value: Any, session: Any = None) -> None:
        """Assigns ``value``."""
        self.assign(value)

    # ---- scattered reading and assignment

    def sparse_read(self, indices: Any, name: str | None = None) -> Tensor:
        """The rows at ``indices``."""
        return _hooks["gather"](self, indices)  # type: ignore[no-any-return]

    def gather_nd(self, indices: Any, name: str | None = None) -> Tensor:
        """The slices at the index vectors ``indices``."""
        return _hooks["gather_nd"](self, indices)  # type: ignore[no-any-return]

    def _scatter(self, how: str, slices: Any) -> Any:
        if not (hasattr(slices, "indices") and hasattr(slices, "values")):
            raise TypeError(f"sparse_delta is not IndexedSlices: {slices}")
        self._set(_hooks["scatter_rows"](how, self._current(), slices.indices, slices.values))
        return UnreadVariable(self)

    def scatter_add(self, sparse_delta: Any, use_locking: Any = False, name: Any = None) -> Any:
        """Adds IndexedSlices to rows of the value."""
        return self._scatter("add", sparse_delta)

    def scatter_sub(self, sparse_delta: Any, use_locking: Any = False, name: Any = None) -> Any:
        """Subtracts IndexedSlices from rows of the value."""
        return self._scatter("sub", sparse_delta)

    def scatter_mul(self, sparse_delta: Any, use_locking: Any = False, name: Any = None) -> Any:
        """Multiplies rows of the value by IndexedSlices."""
        return self._scatter("mul", sparse_delta)

    def scatter_div(self, sparse_delta: Any, use_locking: Any = False, name: Any = None) -> Any:
        """Divides rows of the value by IndexedSlices."""
        return self._scatter("div", sparse_delta)

    def scatter_max(self, sparse_delta: Any, use_locking: Any = False, name: Any = None) -> Any:
        """Takes the maximum of rows of the value and IndexedSlices."""
        return self._scatter("max", sparse_delta)

    def scatter_min(self, sparse_delta: Any, use_locking: Any = False, name: Any = None) -> Any:
        """Takes the minimum of rows of the value and IndexedSlices."""
        return self._scatter("min", sparse_delta)

    def scatter_update(self, sparse_delta: Any, use_locking: Any = False, name: Any = None) -> Any:
        """Replaces rows of the value by IndexedSlices."""
        return self._scatter("update", sparse_delta)

    def batch_scatter_update(
        self, sparse_delta: Any, use_locking: Any = False, name: Any = None
    ) -> Any:
        """Replaces rows of each batch: row ``indices[b, i]`` of batch b by ``values[b, i]``."""
        indices = convert_to_tensor(sparse_delta.indices)._host()
        batches = np.indices(indices.shape, indices.dtype)[: indices.ndim - 1]
        places = np.stack([*batches, indices], axis=-1)
        return self.scatter_nd_update(places, sparse_delta.values)

    def _scatter_nd(self, hook: str, indices: Any, updates: Any) -> Any:
        self._set(_hooks[hook](self._current(), indices, updates))
        return UnreadVariable(self)

    def scatter_nd_add(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """Adds ``updates`` at the index vectors ``indices``."""
        return self._scatter_nd("tensor_scatter_nd_add", indices, updates)

    def scatter_nd_sub(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """Subtracts ``updates`` at the index vectors ``indices``."""
        return self._scatter_nd("tensor_scatter_nd_sub", indices, updates)

    def scatter_nd_update(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """Replaces what the index vectors ``indices`` point to by ``updates``."""
        return self._scatter_nd("tensor_scatter_nd_update", indices, updates)

    # ---- what only TF 1's graphs had

    @property
    def op(self) -> Any:
        raise AttributeError("Tensor.op is meaningless when eager execution is enabled.")

    @property
    def graph(self) -> Any:
        raise AttributeError("Tensor.graph is meaningless when eager execution is enabled.")

    def eval(self, session: Any = None) -> Any:
        raise RuntimeError("Trying to eval in EAGER mode")

    def set_shape(self, shape: Any) -> None:
        raise NotImplementedError("ResourceVariable does not implement set_shape()")

    def count_up_to(self, limit: int) -> Any:
        """Adds 1; returns the value before.

        Raises:
          OutOfRangeError: the value has reached ``limit``.
        """
        count = int(self)
        if count >= limit:
            raise OutOfRangeError(None, None, f"Reached limit of {limit}")
        self.assign_add(1)
        return convert_to_tensor(count, self.dtype)

    def to_proto(self, export_scope: Any = None) -> Any:
        raise RuntimeError("to_proto not supported in EAGER mode.")

    @staticmethod
    def from_proto(variable_def: Any, import_scope: Any = None) -> Any:
        raise RuntimeError("from_proto not supported in EAGER mode.")


class UnreadVariable(Variable):
    """What an assignment returns: the variable, not read again until somebody looks."""

    __slots__ = ("_parent",)
    _parent: Variable

    def __init__(self, parent: Variable) -> None:
        self._parent = parent._parent if parent.__class__ is UnreadVariable else parent

    def __getattr__(self, name: str) -> Any:
        if name == "_parent":
            raise AttributeError(name)
        return getattr(self._parent, name)

    def _current(self) -> Tensor:
        return self._parent._current()

    def _present(self) -> Tensor:
        return self._parent._present()

    def _read_tensor(self) -> Tensor:
        return self._parent._read_tensor()

    def _read_anew(self, tensor: Tensor, tapes: list[Any]) -> Tensor:
        return self._parent._read_anew(tensor, tapes)

    def _set(self, tensor: Tensor) -> None:
        self._parent._set(tensor)

    @property
    def name(self) -> str:
        return "UnreadVariable"


@contextmanager
def variable_creator_scope(variable_creator: Callable[..., Any]) -> Iterator[None]:
    """A context in which ``variable_creator`` makes the variables.

    Args:
      variable_creator: ``variable_creator(next_creator, **kwargs)`` gets the arguments of
        ``tf.Variable`` and returns a variable, most often that of ``next_creator(**kwargs)``.
    """
    outer = _creators.stack
    _creators.stack = [*outer, variable_creator]
    try:
        yield
    finally:
        _creators.stack = outer


def _create(creators: list[Callable[..., Any]], args: Any, kwargs: Any) -> Any:
    """Runs the innermost creator; each may call the one around it."""
    signature = inspect.signature(Variable.__init__)
    bound = signature.bind(None, *args, **kwargs)
    bound.apply_defaults()
    given = {name: value for name, value in bound.arguments.items() if name != "self"}

    def next_creator(rest: list[Callable[..., Any]]) -> Callable[..., Any]:
        def make(**arguments: Any) -> Any:
            if rest:
                return rest[-1](next_creator(rest[:-1]), **arguments)
            saved, _creators.stack = _creators.stack, []
            try:
                return Variable(**arguments)
            finally:
                _creators.stack = saved

        return make

    return next_creator(creators)(**given)


def is_variable(value: Any) -> bool:
    """Whether ``value`` is a variable."""
    return isinstance(value, Variable)


def variable_dtype(value: Any) -> DType:
    """The dtype of a variable or tensor."""
    return as_dtype(value.dtype)
