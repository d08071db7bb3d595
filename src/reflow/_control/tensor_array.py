"""``tf.TensorArray``: a list of tensors that is written entry by entry and stacked at the end."""

from __future__ import annotations

from typing import Any

from reflow._arrays.creation import zeros
from reflow._arrays.stacking import concat, split, stack, unstack
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import DType, as_dtype
from reflow.core.errors import InvalidArgumentError, OutOfRangeError
from reflow.core.static import static_int, static_ints
from reflow.core.tensor import Tensor
from reflow.core.tensor_shape import TensorShape, as_shape, unknown_shape

__all__ = ["TensorArray"]


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

    def _entry(self, place: int) -> Tensor:
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
        entries = [self._entry(place) for place in range(len(self._entries))]
        if not entries:
            return zeros([0, *(self._element_shape.dims or [])], self._dtype)
        return stack(entries)

    def gather(self, indices: Any, name: str | None = None) -> Tensor:
        """Some entries along a new first axis."""
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
