"""``tf.TensorArray``: a list of tensors that is written entry by entry and stacked at the end.

The entries are separate tensors until an index is known only when a compiled function runs, or a
compiled branch or loop carries the array: then they are one tensor, the *buffer*, and what is
written to it makes a new array.
"""

from __future__ import annotations

from copy import copy
from typing import Any

from reflow._arrays.casting import cast
from reflow._arrays.creation import zeros
from reflow._arrays.gathering import gather
from reflow._arrays.scattering import tensor_scatter_nd_update
from reflow._arrays.shape import expand_dims, reshape
from reflow._arrays.stacking import concat, split, stack, unstack
from reflow.core import record
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import DType, as_dtype, int32
from reflow.core.errors import InvalidArgumentError, NeedsEagerError, OutOfRangeError
from reflow.core.lazy import jnp
from reflow.core.op import op
from reflow.core.static import static_int, static_ints
from reflow.core.tensor import Tensor
from reflow.core.tensor_shape import TensorShape, as_shape, unknown_shape

__all__ = ["TensorArray"]


def _is_symbolic(value: Any) -> bool:
    return isinstance(value, Tensor) and value._is_symbolic()


@op("TensorArrayBounds", reads=(), differentiable=False)
def _outside(place: Any, *, size: int) -> Any:
    """What a check takes: negative if the place is inside."""
    return jnp.where((place < 0) | (place >= size), jnp.int32(0), jnp.int32(-1))


class TensorArray:
    """An array of tensors of one dtype.

    Args:
      dtype: the entries' dtype.
      size: the number of entries.
      dynamic_size: whether writing past the end makes the array longer.
      clear_after_read: whether an entry can be read only once (the default).
      tensor_array_name, handle, flow, name, colocate_with_first_write_call: accepted as TF does.
      infer_shape: check that all entries have the shape of the first.
      element_shape: the entries' shape.

    Raises:
      ValueError: ``size`` is missing.
    """

    def __init__(
        self,
        dtype: Any,
        size: Any = None,
        dynamic_size: bool | None = None,
        clear_after_read: bool | None = None,
        tensor_array_name: str | None = None,
        handle: Any = None,
        flow: Any = None,
        infer_shape: bool = True,
        element_shape: Any = None,
        colocate_with_first_write_call: bool = True,
        name: str | None = None,
    ) -> None:
        if size is None:
            raise ValueError(
                "Size must be declared for TensorArrays when eager execution is enabled."
            )
        self._dtype = as_dtype(dtype)
        self._dynamic = bool(dynamic_size)
        self._clear = True if clear_after_read is None else clear_after_read
        self._infer = infer_shape
        self._element_shape = unknown_shape() if element_shape is None else as_shape(element_shape)
        self._entries: list[Tensor | None] = [None] * static_int(size, "TensorArray: size")
        self._read: set[int] = set()
        self._buffer: Tensor | None = None

    # ---- as one tensor

    def _copy(self) -> TensorArray:
        """An array that can be written to without changing this one."""
        made = copy(self)
        made._entries, made._read = list(self._entries), set(self._read)
        return made

    def _with_buffer(self, buffer: Tensor) -> TensorArray:
        made = self._copy()
        made._buffer = buffer
        made._entries = [None] * buffer._shape_tuple()[0]
        made._element_shape = as_shape(buffer._shape_tuple()[1:])
        return made

    def _as_buffer(self) -> Tensor:
        if self._buffer is not None:
            return self._buffer
        if not self._element_shape.is_fully_defined():
            raise NeedsEagerError("a TensorArray of unknown element shape is used in a loop")
        return self.stack()

    @property
    def _type_spec(self) -> _ArraySpec:
        return _ArraySpec(self)

    @property
    def dtype(self) -> DType:
        """The entries' dtype."""
        return self._dtype

    @property
    def element_shape(self) -> TensorShape:
        """The entries' shape, as far as it is known."""
        return self._element_shape

    @property
    def dynamic_size(self) -> bool:
        return self._dynamic

    @property
    def handle(self) -> None:
        return None

    @property
    def flow(self) -> Tensor:
        return convert_to_tensor(0)

    def identity(self) -> TensorArray:
        """The array itself."""
        return self

    def grad(self, source: Any, flow: Any = None, name: str | None = None) -> Any:
        raise NotImplementedError(
            "TensorArray.grad is not supported when executing eagerly; eager's gradient "
            "implementation does not use/need this function to compute gradients of operations "
            "that use TensorArrays."
        )

    def size(self, name: str | None = None) -> Tensor:
        """The number of entries."""
        return convert_to_tensor(len(self._entries))

    def write(self, index: Any, value: Any, name: str | None = None) -> TensorArray:
        """Sets an entry.

        Raises:
          OutOfRangeError: the index is past the end and the size is fixed.
          ValueError: the value has another shape than the entries.
          InvalidArgumentError: the value has another dtype.
        """
        if self._buffer is not None or _is_symbolic(index):
            return self._write_buffer(index, convert_to_tensor(value, self._dtype))
        place = static_int(index, "TensorArray.write: index")
        if place < 0:
            raise OutOfRangeError(
                None, None, f"Writing to negative indices (index {place}) is not allowed."
            )
        if place >= len(self._entries):
            if not self._dynamic:
                raise OutOfRangeError(
                    None,
                    None,
                    f"Tried to write to index {place} but array is not resizeable and size is: "
                    f"{len(self._entries)}",
                )
            self._entries += [None] * (place - len(self._entries) + 1)
        tensor = value if isinstance(value, Tensor) else convert_to_tensor(value, self._dtype)
        if tensor.dtype is not self._dtype:
            raise InvalidArgumentError(
                None,
                None,
                f"TensorArray dtype is {self._dtype.label} but Op is trying to write dtype "
                f"{tensor.dtype.label}",
            )
        if not self._element_shape.is_compatible_with(tensor.shape):
            raise ValueError(
                f"Incompatible shape for value ({tensor.shape}), expected ({self._element_shape})"
            )
        if self._infer:
            self._element_shape = self._element_shape.merge_with(tensor.shape)
        self._entries[place] = tensor
        self._read.discard(place)
        return self

    def _write_buffer(self, index: Any, value: Tensor) -> TensorArray:
        if self._dynamic:
            raise NeedsEagerError(
                "a TensorArray of dynamic size is written where the index is a tensor"
            )
        array = self
        if not self._element_shape.is_fully_defined():
            array = self._copy()
            array._element_shape = self._element_shape.merge_with(value.shape)
        if not array._element_shape.is_compatible_with(value.shape):
            raise ValueError(
                f"Incompatible shape for value ({value.shape}), expected ({self._element_shape})"
            )
        buffer = array._as_buffer()
        place = array._checked(index, "write to")
        return array._with_buffer(
            tensor_scatter_nd_update(buffer, reshape(place, [1, 1]), expand_dims(value, 0))
        )

    def _checked(self, index: Any, use: str) -> Tensor:
        """The index, whose bounds are checked when it is known."""
        place, size = cast(convert_to_tensor(index), int32), len(self._entries)

        def refuse(found: Any) -> None:
            if found >= 0:
                raise OutOfRangeError(
                    None,
                    None,
                    f"Tried to {use} an index past the end of a TensorArray of size {size}",
                )

        record.check_later(_outside(place, size=size), refuse)
        return place

    def _entry(self, place: int) -> Tensor:
        if self._buffer is not None:
            return self._buffer[place]  # type: ignore[index]
        tensor = self._entries[place]
        if tensor is None:
            if not self._element_shape.is_fully_defined():
                raise ValueError(
                    f"Cannot convert a partially known TensorShape to a Tensor: "
                    f"{self._element_shape} (TensorArray entry {place} was never written)"
                )
            tensor = zeros(self._element_shape, self._dtype)
            self._entries[place] = tensor
        return tensor

    def read(self, index: Any, name: str | None = None) -> Tensor:
        """An entry; zeros if it was not written but its shape is known.

        Raises:
          OutOfRangeError: there is no such entry.
          InvalidArgumentError: it was read before, and ``clear_after_read`` holds.
        """
        if _is_symbolic(index):
            return gather(self._as_buffer(), self._checked(index, "read from"))
        place = static_int(index, "TensorArray.read: index")
        if place < 0:
            raise OutOfRangeError(
                None, None, f"Reading from negative indices (index {place}) is not allowed."
            )
        if place >= len(self._entries):
            raise OutOfRangeError(
                None,
                None,
                f"Tried to read from index {place} but array size is: {len(self._entries)}",
            )
        if place in self._read:
            raise InvalidArgumentError(
                None,
                None,
                f"Could not read index {place} twice because it was cleared after a previous read "
                "(perhaps try setting clear_after_read = false?)",
            )
        tensor = self._entry(place)
        if self._clear:
            self._read.add(place)
        return tensor

    def stack(self, name: str | None = None) -> Tensor:
        """All entries along a new first axis; entries never written are zeros."""
        if self._buffer is not None:
            return self._buffer
        entries = [self._entry(place) for place in range(len(self._entries))]
        if not entries:
            return zeros([0, *(self._element_shape.dims or [])], self._dtype)
        return stack(entries)

    def gather(self, indices: Any, name: str | None = None) -> Tensor:
        """Some entries along a new first axis."""
        if _is_symbolic(indices):
            return gather(self._as_buffer(), indices)
        places = static_ints(indices, "TensorArray.gather: indices")
        return stack([self._entry(place) for place in places])

    def concat(self, name: str | None = None) -> Tensor:
        """All entries, concatenated along their first axis."""
        return concat([self._entry(place) for place in range(len(self._entries))], 0)

    def unstack(self, value: Any, name: str | None = None) -> TensorArray:
        """Fills the array with the rows of ``value``.

        Raises:
          ValueError: there are more rows than entries, and the size is fixed.
        """
        rows = unstack(convert_to_tensor(value, self._dtype))
        if len(rows) > len(self._entries) and not self._dynamic:
            raise ValueError(
                f"Cannot unstack {len(rows)} tensors into a TensorArray of static size "
                f"{len(self._entries)}"
            )
        self._entries, self._read = [None] * len(self._entries), set()
        self._buffer = None
        for place, row in enumerate(rows):
            self.write(place, row)
        return self

    def scatter(self, indices: Any, value: Any, name: str | None = None) -> TensorArray:
        """Writes the rows of ``value`` to the entries ``indices``."""
        rows = unstack(convert_to_tensor(value, self._dtype))
        for place, row in zip(static_ints(indices, "TensorArray.scatter"), rows, strict=True):
            self.write(place, row)
        return self

    def split(self, value: Any, lengths: Any, name: str | None = None) -> TensorArray:
        """Cuts ``value`` along its first axis into pieces of ``lengths`` and writes them."""
        sizes = list(static_ints(lengths, "TensorArray.split: lengths"))
        self._infer = self._infer and len(set(sizes)) <= 1
        for place, piece in enumerate(split(convert_to_tensor(value, self._dtype), sizes)):
            self.write(place, piece)
        return self

    def close(self, name: str | None = None) -> None:
        """Forgets all entries."""
        self._entries = []


class _ArraySpec:
    """How compiled branches and loops take an array apart: the buffer is its only part."""

    def __init__(self, array: TensorArray) -> None:
        self._array = array

    def _to_components(self, array: TensorArray) -> list[Tensor]:
        return [array._as_buffer()]

    def _from_components(self, components: list[Any]) -> TensorArray:
        return self._array._with_buffer(components[0])

    def __repr__(self) -> str:
        return f"TensorArraySpec({self._array.dtype!r}, {self._array.element_shape!r})"
