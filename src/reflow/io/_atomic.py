"""Files that are there whole or not at all: written under a temporary name, then renamed.

The name has the process and the machine in it. What a process that was killed left behind goes
with the next writing of the same file.
"""

from __future__ import annotations

import errno
import os
import platform
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from reflow.core.errors import (
    FailedPreconditionError,
    NotFoundError,
    OpError,
    PermissionDeniedError,
    ResourceExhaustedError,
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
    elif error.errno in (errno.ENOSPC, errno.EDQUOT):
        kind = ResourceExhaustedError
    return kind(None, None, f"{path}; {error.strerror or error}")  # type: ignore[call-arg]


def write_file(path: str, content: bytes) -> None:
    """Replaces a file, or makes it; after a crash there is the old one or the new one."""
    temporary = _temporary(path)
    try:
        with open(temporary, "wb") as file:
            file.write(content)
            sync(file)
        os.replace(temporary, path)
    except BaseException as error:
        with suppress(OSError):
            os.remove(temporary)
        if isinstance(error, OSError) and error.errno and path not in str(error):
            raise OSError(error.errno, error.strerror or str(error), path) from error
        raise
    sync_folder(path)
    _tidy(path)


@contextmanager
def replacing(path: str) -> Iterator[str]:
    """A temporary name to write a file under, which then takes the place of ``path``.

    After an error, or a crash, ``path`` is what it was.
    """
    temporary = _temporary(path)
    try:
        yield temporary
        with open(temporary, "rb+") as file:
            sync(file)
        os.replace(temporary, path)
    except BaseException as error:
        with suppress(OSError):
            os.remove(temporary)
        if isinstance(error, OSError) and error.errno and path not in str(error):
            raise OSError(error.errno, error.strerror or str(error), path) from error
        raise
    sync_folder(path)
    _tidy(path)


def _temporary(path: str) -> str:
    return f"{path}.tmp{os.getpid()}@{platform.node()}"


def _tidy(path: str) -> None:
    """Removes what processes of this machine that are no more left of writing ``path``."""
    folder, name = os.path.split(path)
    pattern = re.compile(rf"{re.escape(name)}\.tmp(\d+)@{re.escape(platform.node())}(\..*)?")
    with suppress(OSError):
        for entry in os.listdir(folder or "."):
            found = pattern.fullmatch(entry)
            if found is not None and not _runs(int(found[1])):
                with suppress(OSError):
                    os.remove(os.path.join(folder, entry))


def _runs(process: int) -> bool:
    """Whether there is a process of this number."""
    if os.name != "posix":  # os.kill would end it
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


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
