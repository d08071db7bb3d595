"""``tf.io.gfile``: what is where; copying, renaming, removing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from glob import glob as _glob
from typing import Any

from reflow.core.errors import AlreadyExistsError, NotFoundError, OpError
from reflow.io._atomic import as_tf_error

__all__ = [
    "copy", "exists", "glob", "isdir", "listdir", "makedirs", "mkdir", "remove", "rename", "rmtree",
    "stat", "walk",
]  # fmt: skip


def _path(path: Any) -> str:
    if hasattr(path, "numpy"):
        path = path.numpy()
    return os.fsdecode(path)


def _try(path: Any, function: Callable[[str], Any]) -> Any:
    name = _path(path)
    try:
        return function(name)
    except OSError as error:
        raise as_tf_error(error, name) from error


def exists(path: Any) -> bool:
    """Whether there is a file or folder of this name."""
    return os.path.exists(_path(path))


def isdir(path: Any) -> bool:
    """Whether there is a folder of this name."""
    return os.path.isdir(_path(path))


def glob(pattern: Any) -> list[str]:
    """The files that match a pattern, or one of a list of patterns.

    Args:
      pattern: with ``*``, ``?`` and ``[...]``.
    """
    patterns = pattern if isinstance(pattern, (list, tuple)) else [pattern]
    return [name for one in patterns for name in sorted(_glob(_path(one)))]


def listdir(path: Any) -> list[str]:
    """The names of what is in a folder.

    Raises:
      NotFoundError: there is no such folder.
    """
    if not isdir(path):
        raise NotFoundError(None, None, f"Could not find directory {_path(path)}")
    return _try(path, os.listdir)  # type: ignore[no-any-return]


def mkdir(path: Any) -> None:
    """Makes a folder; it may be there already.

    Raises:
      NotFoundError: the folder around it is not there.
    """
    if not isdir(path):
        _try(path, os.mkdir)


def makedirs(path: Any) -> None:
    """Makes a folder and those around it; they may be there already."""
    _try(path, lambda name: os.makedirs(name, exist_ok=True))


def remove(path: Any) -> None:
    """Deletes a file.

    Raises:
      NotFoundError: there is none.
      FailedPreconditionError: it is a folder.
    """
    if isdir(path):
        raise as_tf_error(IsADirectoryError(21, "Is a directory"), _path(path))
    _try(path, os.remove)


def rmtree(path: Any) -> None:
    """Deletes a folder with all that is in it.

    Raises:
      NotFoundError: there is none.
    """
    if not exists(path):
        raise NotFoundError(None, None, f"{_path(path)} not found")
    _try(path, lambda name: shutil.rmtree(name) if os.path.isdir(name) else os.remove(name))


def _refuse_existing(dst: Any, overwrite: bool) -> None:
    if not overwrite and exists(dst):
        raise AlreadyExistsError(None, None, "file already exists")


def copy(src: Any, dst: Any, overwrite: bool = False) -> None:
    """Copies a file.

    Args:
      src, dst: from where, to where.
      overwrite: whether there may be a file already.

    Raises:
      AlreadyExistsError: there is.
      NotFoundError: ``src`` does not exist.
    """
    _refuse_existing(dst, overwrite)
    _try(src, lambda name: shutil.copyfile(name, _path(dst)))


def rename(src: Any, dst: Any, overwrite: bool = False) -> None:
    """Renames or moves a file or folder.

    Args:
      src, dst: from where, to where.
      overwrite: whether there may be a file already.

    Raises:
      AlreadyExistsError: there is.
      NotFoundError: ``src`` does not exist.
    """
    _refuse_existing(dst, overwrite)
    _try(src, lambda name: os.replace(name, _path(dst)))


@dataclass(frozen=True)
class FileStatistics:
    """What is known of a file.

    Attributes:
      length: its size in bytes.
      mtime_nsec: when it was last changed, in nanoseconds.
      is_directory: whether it is a folder.
    """

    length: int
    mtime_nsec: int
    is_directory: bool


def stat(path: Any) -> FileStatistics:
    """What is known of a file: ``length``, ``mtime_nsec``, ``is_directory``.

    Raises:
      NotFoundError: there is none.
    """
    found = _try(path, os.stat)
    return FileStatistics(found.st_size, found.st_mtime_ns, isdir(path))


def walk(
    top: Any, topdown: bool = True, onerror: Callable[[OpError], Any] | None = None
) -> Iterator[tuple[str, list[str], list[str]]]:
    """Goes through a folder and those inside.

    Args:
      top: where to begin.
      topdown: whether a folder comes before those inside.
      onerror: called with the error where a folder cannot be read; such folders are left out.

    Yields:
      A folder's name, the names of the folders in it, and the names of the files in it.
    """
    name = _path(top)
    try:
        found = sorted(listdir(name))
    except OpError as error:
        if onerror is not None:
            onerror(error)
        return
    folders = [entry for entry in found if os.path.isdir(os.path.join(name, entry))]
    files = [entry for entry in found if entry not in set(folders)]
    here = name, folders, files
    if topdown:
        yield here
    for folder in folders:
        yield from walk(os.path.join(name, folder), topdown, onerror)
    if not topdown:
        yield here
