"""The file ``checkpoint`` in a folder of checkpoints: which there are, and which is the latest.

It is a CheckpointState protocol buffer in text form; its paths are relative to the folder.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from reflow.core.logging import warn
from reflow.io._atomic import as_tf_error, write_file
from reflow.io._checkpoint.bundle import exists
from reflow.io._protos import message, text

FILE = "checkpoint"


def write_state(
    folder: str,
    model_checkpoint_path: str,
    all_model_checkpoint_paths: Sequence[str] | None = None,
    all_model_checkpoint_timestamps: Sequence[float] | None = None,
    last_preserved_timestamp: float | None = None,
    latest_filename: str | None = None,
) -> None:
    """Writes the state file.

    Args:
      folder: where.
      model_checkpoint_path: the latest checkpoint's prefix.
      all_model_checkpoint_paths: all of them, the oldest first; by default, the latest alone.
      all_model_checkpoint_timestamps: when they were written.
      last_preserved_timestamp: of the last one that is kept for good.
      latest_filename: the file's name, ``checkpoint`` by default.

    Raises:
      ValueError: if there are not as many timestamps as paths.
      OpError: if the file cannot be written.
    """
    paths = list(all_model_checkpoint_paths or [])
    if model_checkpoint_path not in paths:
        paths.append(model_checkpoint_path)
    stamps = list(all_model_checkpoint_timestamps or [])
    if stamps and len(stamps) != len(paths):
        raise ValueError(
            "Checkpoint timestamps, if provided, must match checkpoint paths (got paths "
            f"{paths} and timestamps {stamps})"
        )
    state = message("CheckpointState")(
        model_checkpoint_path=os.path.relpath(model_checkpoint_path, folder),
        all_model_checkpoint_paths=[os.path.relpath(path, folder) for path in paths],
        all_model_checkpoint_timestamps=stamps,
    )
    if last_preserved_timestamp is not None:
        state.last_preserved_timestamp = last_preserved_timestamp
    path = os.path.join(folder, latest_filename or FILE)
    try:
        write_file(path, text(state).encode())
    except OSError as error:
        raise as_tf_error(error, path) from error


def read_state(folder: str, latest_filename: str | None = None) -> Any:
    """The state, with the folder before relative paths; None, if there is none to be read."""
    from google.protobuf import text_format

    path = os.path.join(folder, latest_filename or FILE)
    try:
        with open(path, "rb") as file:
            text = file.read().decode()
        state = text_format.Parse(text, message("CheckpointState")())
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        warn(f"{type(error).__name__}: {error}")
        warn(f"{path}: Checkpoint ignored")
        return None
    except text_format.ParseError as error:
        warn(f"ParseError: {error}")
        warn(f"{path}: Checkpoint ignored")
        return None
    if not state.model_checkpoint_path:
        raise ValueError(f"Invalid checkpoint state loaded from {folder}")
    state.model_checkpoint_path = _absolute(state.model_checkpoint_path, folder)
    state.all_model_checkpoint_paths[:] = [
        _absolute(name, folder) for name in state.all_model_checkpoint_paths
    ]
    return state


def latest(folder: str, latest_filename: str | None = None) -> str | None:
    """The prefix of the latest checkpoint of a folder, None if there is none."""
    state = read_state(folder, latest_filename)
    if state is not None and state.model_checkpoint_path:
        if exists(state.model_checkpoint_path):
            return state.model_checkpoint_path  # type: ignore[no-any-return]
        warn(f"Couldn't match files for checkpoint {state.model_checkpoint_path}")
    return None


def _absolute(path: str, folder: str) -> str:
    return path if os.path.isabs(path) else os.path.join(folder, path)
