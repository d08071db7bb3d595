"""``tf.io.TFRecordWriter`` and its options."""

from __future__ import annotations

import os
from typing import Any, ClassVar, Self

from reflow.io._records import RecordFile

__all__ = ["TFRecordOptions", "TFRecordWriter"]


class TFRecordOptions:
    """How a file of records is compressed.

    Args:
      compression_type: ``"GZIP"``, ``"ZLIB"``, or ``""`` or None for none.
      flush_mode, input_buffer_size, output_buffer_size, compression_method: accepted, unused.
      window_bits, compression_level, mem_level, compression_strategy: zlib's own.

    Raises:
      ValueError: there is no such type.
    """

    compression_type_map: ClassVar[dict[int, str]] = {0: "", 1: "ZLIB", 2: "GZIP"}
    _types = ("", "ZLIB", "GZIP")

    def __init__(
        self,
        compression_type: Any = None,
        flush_mode: Any = None,
        input_buffer_size: Any = None,
        output_buffer_size: Any = None,
        window_bits: Any = None,
        compression_level: Any = None,
        compression_method: Any = None,
        mem_level: Any = None,
        compression_strategy: Any = None,
    ) -> None:
        self.compression_type = compression_type
        self.get_compression_type_string(compression_type)  # or raises
        self.flush_mode = flush_mode
        self.input_buffer_size = input_buffer_size
        self.output_buffer_size = output_buffer_size
        self.window_bits = window_bits
        self.compression_level = compression_level
        self.compression_method = compression_method
        self.mem_level = mem_level
        self.compression_strategy = compression_strategy

    @classmethod
    def get_compression_type_string(cls, options: Any) -> str:
        """The compression's name.

        Args:
          options: TFRecordOptions, a name, a number of TF 1's, or None.

        Raises:
          ValueError: there is no such compression.
        """
        if options is None:
            return ""
        if isinstance(options, TFRecordOptions):
            return cls.get_compression_type_string(options.compression_type)
        if isinstance(options, int) and options in cls.compression_type_map:
            return cls.compression_type_map[options]
        if options in cls._types:
            return options  # type: ignore[no-any-return]
        raise ValueError(f'Not a valid compression_type: "{options}"')


class TFRecordWriter:
    """Writes records of bytes to a file; use it in a ``with`` statement, or ``close`` it.

    Args:
      path: the file's name; an old file is replaced.
      options: TFRecordOptions, or the compression's name.

    Raises:
      NotFoundError: the folder does not exist.
      ValueError: there is no such compression.

    Example::

        with tf.io.TFRecordWriter("data.tfrecord") as writer:
            writer.write(example.SerializeToString())
    """

    def __init__(self, path: Any, options: Any = None) -> None:
        kind = TFRecordOptions.get_compression_type_string(options)
        if not isinstance(options, TFRecordOptions):
            options = TFRecordOptions(kind)
        self._file = RecordFile(
            os.fspath(path),
            kind,
            options.compression_level,
            options.mem_level,
            options.compression_strategy,
            options.window_bits,
        )

    def write(self, record: bytes) -> None:
        """Writes a record, a bytes object.

        Raises:
          TypeError: it is something else.
          FailedPreconditionError: the file was closed.
        """
        if not isinstance(record, bytes):
            raise TypeError(f"expected bytes, {type(record).__name__} found")
        self._file.write(record)

    def flush(self) -> None:
        """Gives what was written to the operating system."""
        self._file.flush()

    def close(self) -> None:
        """Finishes the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
