"""Files that are there whole or not at all: written under a temporary name, then renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from reflow.core.errors import (
    FailedPreconditionError,
    NotFoundError,
    OpError,
    PermissionDeniedError,
    UnknownError,
)


def as_tf_error(error: OSError, path: str) -> OpError:
    """The error that TF makes of an operating system's."""
    kind: type[OpError] = UnknownError
    if isinstance(error, FileNotFoundError):
        kind = NotFoundError
    elif isinstance(error, PermissionError):
        kind = PermissionDeniedError
    elif isinstance(error, (IsADirectoryError, NotADirectoryError)):
        kind = FailedPreconditionError
    return kind(None, None, f"{path}; {error.strerror or error}")  # type: ignore[call-arg]


def write_file(path: str, content: bytes) -> None:
    """Replaces a file, or makes it; after a crash there is the old one or the new one."""
    temporary = f"{path}.tmp{os.getpid()}"
    try:
        with open(temporary, "wb") as file:
            file.write(content)
            sync(file)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.remove(temporary)
        raise
    sync_folder(path)


@contextmanager
def replacing(path: str) -> Iterator[str]:
    """A temporary name to write a file under, which then takes the place of ``path``.

    After an error, or a crash, ``path`` is what it was.
    """
    temporary = f"{path}.tmp{os.getpid()}"
    try:
        yield temporary
        with open(temporary, "rb+") as file:
            sync(file)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.remove(temporary)
        raise
    sync_folder(path)


def sync(file: object) -> None:
    """Waits until what was written is on the disk."""
    file.flush()  # type: ignore[attr-defined]
    os.fsync(file.fileno())  # type: ignore[attr-defined]


def sync_folder(path: str) -> None:
    """Makes the renaming of a file last, where the system can."""
    with suppress(OSError):
        folder = os.open(os.path.dirname(os.path.abspath(path)), os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
