"""``tf.mixed_precision``: scales of losses that keep small gradients from vanishing."""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
