"""``tf.io.gfile.GFile``: a file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, Self

from reflow.core.errors import PermissionDeniedError, invalid
from reflow.io._atomic import as_tf_error

__all__ = ["GFile"]

_MODES = ("r", "w", "a", "r+", "w+", "a+")


class GFile:
    """A file that is opened when it is first read or written.

    Args:
      name: its name.
      mode: as for Python's ``open``: ``"r"``, ``"w"``, ``"a"`` and with ``+``; ``"b"`` for bytes,
        else the text is UTF-8.

    Raises:
      InvalidArgumentError: there is no such mode.
    """

    def __init__(self, name: Any, mode: str = "r") -> None:
        self._name = name
        self._mode = mode
        self._binary = "b" in mode
        if mode.replace("b", "") not in _MODES:
            raise invalid("mode is not 'r' or 'w' or 'a' or 'r+' or 'w+' or 'a+'")
        self._file: Any = None

    @property
    def name(self) -> Any:
        """The file's name."""
        return self._name

    @property
    def mode(self) -> str:
        """The mode it was opened with."""
        return self._mode

    def _opened(self) -> Any:
        if self._file is None:
            path = os.fspath(self._name)
            mode = self._mode.replace("b", "") + "b"
            try:
                self._file = open(path, mode)  # noqa: SIM115 - closed by close()
            except OSError as error:
                raise as_tf_error(error, str(path)) from error
        return self._file

    def _readable(self) -> Any:
        if not ("r" in self._mode or "+" in self._mode):
            raise PermissionDeniedError(None, None, "File isn't open for reading")
        return self._opened()

    def _given(self, data: bytes) -> Any:
        return data if self._binary else data.decode("utf-8")

    def read(self, n: int = -1) -> Any:
        """The next ``n`` bytes (as text: the rest of the file has to be UTF-8), or all."""
        return self._given(self._readable().read(n if n >= 0 else -1))

    def readline(self) -> Any:
        """The next line, with its end; empty at the end of the file."""
        return self._given(self._readable().readline())

    def readlines(self) -> list[Any]:
        """The remaining lines."""
        return list(self)

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    next = __next__

    def write(self, file_content: Any) -> None:
        """Writes text (bytes in binary mode).

        Raises:
          PermissionDeniedError: the file is not open for writing.
        """
        if self._mode.replace("b", "") == "r":
            raise PermissionDeniedError(None, None, "File isn't open for writing")
        data = file_content.encode() if isinstance(file_content, str) else bytes(file_content)
        self._opened().write(data)

    def seek(self, offset: Any = None, whence: int = 0, position: Any = None) -> None:
        """Goes to a place, counted from the beginning (0), here (1) or the end (2)."""
        if offset is None and position is None:
            raise TypeError("seek(): offset argument required")
        if whence not in (0, 1, 2):
            raise invalid(
                f"Invalid whence argument: {whence}. Valid values are 0, 1, or 2 inclusive."
            )
        self._readable().seek(position if offset is None else offset, whence)

    def seekable(self) -> bool:
        """True."""
        return True

    def tell(self) -> int:
        """The place in the file."""
        return int(self._opened().tell())

    def size(self) -> int:
        """The file's size in bytes."""
        try:
            return os.stat(self._name).st_size
        except OSError as error:
            raise as_tf_error(error, str(self._name)) from error

    def flush(self) -> None:
        """Gives what was written to the operating system."""
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        """Closes the file."""
        if self._file is not None:
            file, self._file = self._file, None
            file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_file", None) is not None:
            self.close()
