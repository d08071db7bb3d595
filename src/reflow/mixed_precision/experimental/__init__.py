"""``tf.mixed_precision.experimental``: fixed and dynamic scales of losses."""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
