"""``tf.keras.wrappers``: Keras models in the clothes of other libraries."""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
