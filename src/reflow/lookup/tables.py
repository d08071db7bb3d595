"""Tables made once, from keys and values; they live on the host."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import as_dtype, int64, string
from reflow.core.errors import FailedPreconditionError, NeedsEagerError
from reflow.core.tensor import Tensor, tensor_from_numpy

__all__ = ["KeyValueTensorInitializer", "StaticHashTable", "StaticVocabularyTable"]


def _values(tensor: Tensor, op: str) -> np.ndarray[Any, Any]:
    if tensor._is_symbolic():
        raise NeedsEagerError(f"{op} runs on the host, not in compiled code")
    host = tensor._host()
    return host.astype(object) if tensor.dtype is string else host


class KeyValueTensorInitializer:
    """The content of a table: keys and their values.

    Args:
      keys, values: tensors of one length.
      key_dtype, value_dtype: their types, by default the tensors' own.
      name: unused in eager code.
    """

    def __init__(
        self,
        keys: Any,
        values: Any,
        key_dtype: Any = None,
        value_dtype: Any = None,
        name: str | None = None,
    ) -> None:
        self._keys = convert_to_tensor(keys, key_dtype)
        self._values = convert_to_tensor(values, value_dtype)

    @property
    def key_dtype(self) -> Any:
        """The type of the keys."""
        return self._keys.dtype

    @property
    def value_dtype(self) -> Any:
        """The type of the values."""
        return self._values.dtype

    def initialize(self, table: Any) -> None:
        """Puts the keys and values into a table.

        Raises:
          ValueError: if there are more or fewer values than keys.
          FailedPreconditionError: if a key has two values.
        """
        keys = _values(self._keys, "LookupTableImport").reshape(-1).tolist()
        values = _values(self._values, "LookupTableImport").reshape(-1).tolist()
        if len(keys) != len(values):
            raise ValueError(f"tf.lookup: got {len(keys)} keys and {len(values)} values")
        for key, value in zip(keys, values, strict=True):
            if table._content.setdefault(key, value) != value:
                shown = key.decode("utf-8", "replace") if isinstance(key, bytes) else key
                raise FailedPreconditionError(
                    None,
                    None,
                    f"HashTable has different value for same key. Key {shown} has "
                    f"{table._content[key]} and trying to add value {value} "
                    "[Op:LookupTableImportV2]",
                )


class _Table:
    """What tables have in common."""

    _key_dtype: Any
    _value_dtype: Any
    _name: str | None

    key_dtype = property(lambda self: self._key_dtype, doc="The type of the keys.")
    value_dtype = property(lambda self: self._value_dtype, doc="The type of the values.")
    name = property(lambda self: self._name, doc="The table's name.")
    resource_handle = property(lambda self: self, doc="The table itself.")

    def _mapped(self, keys: Any, function: Any) -> Tensor:
        tensor = convert_to_tensor(keys, self._key_dtype if isinstance(keys, list) else None)
        if tensor.dtype is not self._key_dtype:
            raise TypeError(
                f"Signature mismatch. Keys must be dtype {self._key_dtype!r}, got {tensor.dtype!r}."
            )
        array = _values(tensor, "LookupTableFind")
        found = np.empty(array.size, object)
        found[:] = [function(key) for key in array.reshape(-1).tolist()]
        if self._value_dtype is not string:
            found = found.astype(self._value_dtype.np)
        return tensor_from_numpy(found.reshape(array.shape))


class StaticHashTable(_Table):
    """A table whose content does not change.

    Args:
      initializer: its content, such as a ``KeyValueTensorInitializer``.
      default_value: the value of keys that are not in it.
      name: its name.

    Raises:
      TypeError: if ``default_value`` is not of the values' type.
      FailedPreconditionError: if a key has two values.
    """

    def __init__(self, initializer: Any, default_value: Any, name: str | None = None) -> None:
        self._key_dtype, self._value_dtype = initializer.key_dtype, initializer.value_dtype
        self._default = convert_to_tensor(default_value, self._value_dtype)
        self._name = name
        self._content: dict[Any, Any] = {}
        initializer.initialize(self)

    @property
    def default_value(self) -> Tensor:
        """The value of keys that are not in the table."""
        return self._default

    def lookup(self, keys: Any, name: str | None = None) -> Tensor:
        """The values of keys, in their shape.

        Raises:
          TypeError: if they are of another type than the table's.
        """
        default = _values(self._default, "LookupTableFind").item()
        return self._mapped(keys, lambda key: self._content.get(key, default))

    def size(self, name: str | None = None) -> Tensor:
        """The number of keys, an int64 scalar."""
        return convert_to_tensor(len(self._content), int64)


class StaticVocabularyTable(_Table):
    """Numbers words: those of a vocabulary from 0, all others after them.

    Args:
      initializer: words and their int64 numbers.
      num_oov_buckets: how many numbers other words share; 1 here.
      lookup_key_dtype: the type of the words.
      name: its name.

    Raises:
      ValueError: if ``num_oov_buckets`` is not positive.
      TypeError: if the numbers are no int64.
      NotImplementedError: if there is no vocabulary, or more than one bucket.
    """

    def __init__(
        self,
        initializer: Any,
        num_oov_buckets: int,
        lookup_key_dtype: Any = None,
        name: str | None = None,
    ) -> None:
        if num_oov_buckets <= 0:
            raise ValueError("oov_buckets must be > 0.")
        if num_oov_buckets > 1 or initializer is None:
            raise NotImplementedError(
                "tf.lookup.StaticVocabularyTable: several buckets for unknown words need TF's hash "
                "of strings, which is not in Reflow; use num_oov_buckets=1 and a vocabulary"
            )
        if initializer.value_dtype is not int64:
            raise TypeError(
                f"Invalid value dtype, expected {int64!r} but got {initializer.value_dtype!r}."
            )
        self._table = StaticHashTable(initializer, -1)
        self._key_dtype = as_dtype(lookup_key_dtype or initializer.key_dtype)
        self._value_dtype = int64
        self._name = name

    def lookup(self, keys: Any, name: str | None = None) -> Tensor:
        """The numbers of words, int64, in their shape.

        Raises:
          TypeError: if they are of another type than the table's.
        """
        content = self._table._content
        return self._mapped(keys, lambda key: content.get(key, len(content)))

    def size(self, name: str | None = None) -> Tensor:
        """How many numbers there are, an int64 scalar."""
        return convert_to_tensor(len(self._table._content) + 1, int64)
