"""Where images have their channels."""

from __future__ import annotations

from typing import Any

import reflow as tf


def normalize_data_format(value: Any) -> str:
    """A layer's ``data_format`` argument, Keras's own setting if it is None.

    Raises:
      ValueError: if it is neither ``"channels_first"`` nor ``"channels_last"``.
    """
    if value is None:
        value = tf.keras.backend.image_data_format()
    found = value.lower()
    if found not in ("channels_first", "channels_last"):
        raise ValueError(
            'The `data_format` argument must be one of "channels_first", "channels_last". '
            f"Received: {value}"
        )
    return str(found)
