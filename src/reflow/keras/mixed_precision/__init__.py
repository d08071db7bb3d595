"""``tf.keras.mixed_precision``: layers that compute in another type than that of their weights."""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
