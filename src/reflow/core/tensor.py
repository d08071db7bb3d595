"""``tf.Tensor``: an immutable handle on a value that exists or is recorded to be computed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from reflow.core import printing
from reflow.core.aval import Aval, of_value
from reflow.core.dtypes import DType
from reflow.core.scalars import numpy_scalar
from reflow.core.tensor_shape import TensorShape

if TYPE_CHECKING:
    from reflow.core.record import Segment


class Placeholder:
    """Stands for the value of an argument of a function that is being traced."""

    __slots__ = ()


PLACEHOLDER = Placeholder()


class Tensor:
    """A multi-dimensional array of elements of one type.

    Made by ops, never directly; ``tf.constant`` makes one from Python or NumPy values. Reading it
    (``numpy()``, ``print``, ``float``, ``bool``, iteration) runs the recorded ops it depends on.
    """

    __slots__ = (
        "__weakref__", "_aval", "_keras_mask", "_origin", "_segment", "_slot", "_value"
    )  # fmt: skip
    __array_priority__ = 100
    OVERLOADABLE_OPERATORS: ClassVar[set[str]] = set()
    """The names of the operators' methods."""

    _value: Any  # a NumPy or JAX array, None while pending, PLACEHOLDER in a function's arguments
    _segment: Segment | None  # where it is pending
    _slot: int  # its output slot there
    _aval: Aval
    _origin: tuple[Any, Any]  # of a part of a variable: the variable and the key; else not set
    _keras_mask: Any  # which time steps count, set by Keras layers only

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError("tf.Tensor is made by ops; use tf.constant or tf.convert_to_tensor")

    # ---- what is known without running anything

    @property
    def dtype(self) -> DType:
        """The type of the elements."""
        return self._aval.dtype

    @property
    def shape(self) -> TensorShape:
        """The shape; always fully known in eager code."""
        return TensorShape._known(self._aval.shape)

    def get_shape(self) -> TensorShape:
        """The same as ``shape``."""
        return TensorShape._known(self._aval.shape)

    def _shape_tuple(self) -> tuple[int, ...]:
        return self._aval.shape

    @property
    def ndim(self) -> int:
        return len(self._aval.shape)

    def _rank(self) -> int:
        return len(self._aval.shape)

    @property
    def device(self) -> str:
        """The device's full name."""
        from reflow.core.device import device_of

        return device_of(self)

    backing_device = device

    def set_shape(self, shape: Any) -> None:
        """Checks that ``shape`` is compatible with the tensor's own."""
        if not self.shape.is_compatible_with(shape):
            raise ValueError(
                f"Tensor's shape {self._aval.shape} is not compatible with supplied shape {shape}"
            )

    def experimental_ref(self) -> Reference:
        """A hashable stand-in for the tensor, for use as a dictionary key or in a set."""
        return Reference(self)

    ref = experimental_ref

    def __hash__(self) -> int:
        raise TypeError(
            "Tensor is unhashable if Tensor equality is enabled. Instead, use "
            "tensor.experimental_ref() as the key."
        )

    @property
    def assign(self) -> Callable[..., Any]:
        """For a part of a variable, as in ``v[1:].assign(value)``: replaces that part."""
        try:
            variable, key = self._origin
        except AttributeError:
            raise AttributeError("'Tensor' object has no attribute 'assign'") from None
        return partial(_hooks["assign_slice"], variable, key)

    # ---- reading

    def _array(self) -> Any:
        """The value as a NumPy or JAX array; runs what is pending."""
        if self._value is None:
            from reflow.core.record import realize

            realize(self)
        if self._value is PLACEHOLDER:
            raise symbolic_error("as an array")
        return self._value

    def _is_symbolic(self) -> bool:
        """Whether the tensor belongs to a function that is being traced and has no value yet."""
        if self._value is None:
            return self._segment is not None and self._segment.capture is not None
        return self._value is PLACEHOLDER

    def _host(self) -> np.ndarray[Any, Any]:
        """The value as a NumPy array that nobody may write to."""
        value = self._array()
        if value.__class__ is np.ndarray:
            return value  # type: ignore[no-any-return]
        host = np.asarray(value)
        if value.__class__.__name__ != "ArrayImpl" or host.nbytes <= 1 << 12:
            self._value = host  # small: reading it again costs nothing
        return host

    def numpy(self) -> Any:
        """The value as a NumPy array of the caller's own (a NumPy scalar for a scalar tensor).

        Raises:
          AttributeError: inside a traced function, where tensors have no value yet.
        """
        if self._is_symbolic():
            raise AttributeError("'Tensor' object has no attribute 'numpy'")
        host = self._host()
        return numpy_scalar(host) if host.ndim == 0 else host.copy()

    def _numpy(self) -> np.ndarray[Any, Any]:
        return self._host()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        if self._is_symbolic():
            raise NotImplementedError(
                f"Cannot convert a symbolic Tensor ({printing.symbolic_name(self)}) "
                "to a numpy array."
            )
        return np.array(self._host(), dtype=dtype)

    def __dlpack__(self, **kwargs: Any) -> Any:
        return self._array().__dlpack__(**kwargs)

    def __dlpack_device__(self) -> Any:
        return self._array().__dlpack_device__()

    def __bool__(self) -> bool:
        self._need_value("as a Python `bool`")
        host = self._host()
        return bool(host) if host.size else False

    __nonzero__ = __bool__

    def __int__(self) -> int:
        self._need_value("as a Python `int`")
        return int(self._scalar())

    def __float__(self) -> float:
        self._need_value("as a Python `float`")
        return float(self._scalar())

    def __complex__(self) -> complex:
        return complex(self._scalar())

    def __index__(self) -> int:
        self._need_value("as a Python index")
        host = self._host()
        if host.ndim or host.dtype.kind not in "iu":
            raise TypeError("only integer scalar arrays can be converted to a scalar index")
        return int(host)

    def _scalar(self) -> Any:
        host = self._host()
        if host.size != 1:
            raise TypeError("only size-1 arrays can be converted to Python scalars")
        return host.reshape(()).item() if host.dtype.kind in "fc" else host.reshape(())[()]

    def _need_value(self, use: str) -> None:
        if self._is_symbolic():
            raise symbolic_error(use)

    def __len__(self) -> int:
        if not self._aval.shape:
            raise TypeError("Scalar tensor has no `len()`")
        return self._aval.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        if not self._aval.shape:
            raise TypeError("Cannot iterate over a scalar tensor.")
        unstacked = _hooks["unstack"](self)
        return iter(unstacked)

    def __format__(self, spec: str) -> str:
        if self._is_symbolic():
            return str(self)
        host = self._host()
        if host.ndim:
            return format(host, spec)
        value = host[()]
        return format(float(value) if isinstance(value, np.floating) else value, spec)

    def __round__(self, *args: Any) -> Any:
        raise TypeError("type Tensor doesn't define __round__ method")

    def __repr__(self) -> str:
        return printing.tensor_repr(self)

    def __str__(self) -> str:
        return printing.tensor_str(self)

    def __copy__(self) -> Tensor:
        return self

    def __deepcopy__(self, memo: Any) -> Tensor:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return tensor_from_numpy, (self.numpy() if self._aval.shape else self._host().copy(),)

    # ---- what only TF 1's graphs had

    @property
    def name(self) -> str:
        if self._is_symbolic():
            return printing.symbolic_name(self)
        raise AttributeError("Tensor.name is meaningless when eager execution is enabled.")

    @property
    def op(self) -> Any:
        raise AttributeError("Tensor.op is meaningless when eager execution is enabled.")

    @property
    def graph(self) -> Any:
        raise AttributeError("Tensor.graph is meaningless when eager execution is enabled.")

    @property
    def value_index(self) -> Any:
        raise AttributeError("Tensor.value_index is meaningless when eager execution is enabled.")

    def consumers(self) -> Any:
        raise NotImplementedError(
            "Tensor.consumers is meaningless when eager execution is enabled."
        )

    def eval(self, feed_dict: Any = None, session: Any = None) -> Any:
        raise NotImplementedError(
            "eval is not supported when eager execution is enabled, is .numpy() what you're "
            "looking for?"
        )

    # ---- devices

    def gpu(self, gpu_index: int = 0) -> Tensor:
        """A copy on a GPU."""
        from reflow.core.device import copy_to

        return copy_to(self, f"GPU:{gpu_index}")

    def cpu(self) -> Tensor:
        """A copy on the CPU."""
        from reflow.core.device import copy_to

        return copy_to(self, "CPU:0")


class Reference:
    """A hashable reference to a tensor or variable; equal if the object is the same."""

    __slots__ = ("_wrapped",)

    def __init__(self, wrapped: Any) -> None:
        self._wrapped = wrapped

    def deref(self) -> Any:
        """The object."""
        return self._wrapped

    def __hash__(self) -> int:
        return id(self._wrapped)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reference) and self._wrapped is other._wrapped

    def __repr__(self) -> str:
        return f"<Reference wrapping {self._wrapped!r}>"


_hooks: dict[str, Callable[..., Any]] = {}


def install(**functions: Callable[..., Any]) -> None:
    """Gives tensors their operators; the namespaces of ops call this, since core knows no ops."""
    for name, function in functions.items():
        if name.startswith("__"):
            setattr(Tensor, name, function)
            Tensor.OVERLOADABLE_OPERATORS.add(name)
        else:
            _hooks[name] = function


def tensor_from_value(value: Any) -> Tensor:
    """A tensor around a NumPy or JAX array or a tracer, without copying it."""
    tensor = Tensor.__new__(Tensor)
    tensor._value = value
    tensor._segment = None
    tensor._slot = 0
    tensor._aval = of_value(value)
    return tensor


def tensor_from_numpy(array: Any) -> Tensor:
    """A tensor around a NumPy array that nobody will write to any more."""
    return tensor_from_value(np.asarray(array))


def placeholder(kind: Aval) -> Tensor:
    """An argument of a function that is being traced."""
    tensor = Tensor.__new__(Tensor)
    tensor._value = PLACEHOLDER
    tensor._segment = None
    tensor._slot = 0
    tensor._aval = kind
    return tensor


class StaticTensor(Tensor):
    """A small integer tensor whose value is a fact about shapes.

    ``tf.shape(x)[0] * 2`` stays known while ops are recorded, so it can size other tensors and cuts
    no segment: ops on static tensors alone are computed at once.
    """

    __slots__ = ("_plain",)
    _plain: Tensor | None

    def _read_tensor(self) -> Tensor:
        """An ordinary tensor of the same value, the same one each time."""
        if self._plain is None:
            self._plain = tensor_from_value(self._value)
        return self._plain


def static_tensor(array: np.ndarray[Any, Any]) -> StaticTensor:
    """A StaticTensor around an array that nobody will write to."""
    tensor = StaticTensor.__new__(StaticTensor)
    tensor._value = array
    tensor._segment = None
    tensor._slot = 0
    tensor._aval = of_value(array)
    tensor._plain = None
    return tensor


class SymbolicTensor(Tensor):
    """A tensor of a model that is being described: it has a type and a shape, never a value.

    Sizes that are not known yet, such as the batch's, stand in ``_aval`` as large primes, so that
    our own code computes with them like with any others; what the program sees of them is None.
    An op on such a tensor is not recorded but handed to :meth:`_apply`.
    """

    __slots__ = ("_dims",)
    _dims: tuple[int | None, ...]

    def _apply(self, instruction: Any, inputs: Any) -> Any:
        """The op on these inputs, as a part of the model: symbolic tensors again."""
        raise NotImplementedError

    def _apply_function(self, function: Any, args: Any, kwargs: Any) -> Any:
        """The same for a whole call, in whose arguments sizes that are not known yet stand."""
        raise NotImplementedError

    @property
    def shape(self) -> TensorShape:
        """The shape, with None for sizes that are not known yet."""
        caller = sys._getframe(1).f_globals.get("__name__", "")
        if caller.startswith("reflow.") and not caller.startswith("reflow.keras."):
            return TensorShape._known(self._aval.shape)
        return TensorShape(self._dims)

    def get_shape(self) -> TensorShape:
        """The same as ``shape``."""
        return TensorShape(self._dims)

    def _read_tensor(self) -> SymbolicTensor:
        return self

    def _is_symbolic(self) -> bool:
        return True

    def set_shape(self, shape: Any) -> None:
        """Fixes sizes that are not known yet."""
        self._dims = tuple(TensorShape(self._dims).merge_with(shape).as_list())


def leak_error(tensor: Tensor) -> Exception:
    """What using a tensor of a traced function, branch or loop outside of it raises."""
    from reflow.core import record
    from reflow.core.errors import InaccessibleTensorError

    if record.state.segment.capture is not None:
        return InaccessibleTensorError(
            f"The tensor '{printing.tensor_repr(tensor)}' cannot be accessed here: it is defined "
            "in another function or code block. Use return values, explicit Python locals or "
            "TensorFlow collections to access it."
        )
    return TypeError(
        'An op outside of the function building code is being passed a "Graph" tensor: '
        f"{printing.tensor_repr(tensor)} was made while a tf.function was traced and has no value "
        "outside of it. Return it from the function, or make it in a tf.init_scope."
    )


def symbolic_error(use: str) -> Exception:
    """What reading a value raises where there is none yet."""
    return _not_allowed(f"using a `tf.Tensor` {use}", "tf.cond, tf.while_loop or tf.where")


def iteration_error() -> Exception:
    """What iterating raises where AutoGraph does not see it."""
    return _not_allowed("iterating over `tf.Tensor`", "tf.unstack, tf.map_fn or a `for` statement")


def _not_allowed(what: str, instead: str) -> Exception:
    from reflow.core import record
    from reflow.core.errors import OperatorNotAllowedInGraphError

    capture = record.state.segment.capture
    if capture is not None and capture.autograph:
        why = "AutoGraph did not convert this function"
    else:
        why = "AutoGraph is disabled in this function"
    return OperatorNotAllowedInGraphError(
        f"{what} is not allowed: {why}. Try decorating it directly with @tf.function. (Here the "
        f"function is being compiled: use {instead} for what depends on a tensor's value.)"
    )
