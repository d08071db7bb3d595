"""``tf.keras.mixed_precision.experimental``: policies, and an optimizer that scales the loss."""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
