"""``tf.keras.backend``: Keras's settings, and its own names for the functions of ``tf``."""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
