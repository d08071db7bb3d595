"""``tf.keras.models``: models, and what makes, copies, saves and loads them."""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
