"""``tf.saved_model``: models in folders, as far as they are Keras models."""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
