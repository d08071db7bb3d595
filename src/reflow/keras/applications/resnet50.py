"""``tf.keras.applications.resnet50``: another name for what ``resnet.py`` has."""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
