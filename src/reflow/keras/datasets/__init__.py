"""``tf.keras.datasets``: the small data sets of courses, fetched once and kept in Keras's cache."""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
