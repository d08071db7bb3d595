"""The lines of files that may be compressed, and their bytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from reflow.core.errors import invalid
from reflow.io._atomic import as_tf_error
from reflow.io._records import CHUNK, inflated

COMPRESSIONS = ("", "GZIP", "ZLIB")


@contextmanager
def opened(path: str, compression: str, buffer_size: int = 0) -> Iterator[Any]:
    """A file, whose ``read(n)`` gives decompressed bytes.

    Raises:
      InvalidArgumentError: there is no such compression.
      NotFoundError: there is no such file.
    """
    if compression not in COMPRESSIONS:
        raise invalid("Unsupported compression_type.")
    try:
        file = open(path, "rb", buffering=max(buffer_size, CHUNK))  # noqa: SIM115 - below
    except OSError as error:
        raise as_tf_error(error, path) from error
    with file:
        yield inflated(file, compression, path) if compression else file


def read_lines(path: str, compression: str = "", buffer_size: int = 0) -> Iterator[bytes]:
    """The lines of a file with their ends; the last one may have none."""
    with opened(path, compression, buffer_size) as file:
        parts: list[bytes] = []  # of a line whose end has not come yet
        while chunk := file.read(CHUNK):
            first, *others = chunk.split(b"\n")
            parts.append(first)
            for following in others:
                yield b"".join(parts) + b"\n"
                parts = [following]
        last = b"".join(parts)
        if last:
            yield last
