"""``tf.keras.optimizers.schedules``: learning rates that depend on the number of steps done."""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
