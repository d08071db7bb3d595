"""``tf.keras.metrics``: numbers that say how good predictions are, collected batch by batch.

One file per subject: a function of two tensors, then the class that collects its values. To add a
metric, write both, name them in the file's ``__all__`` and in ``registry.py``, and add rows to the
golden table of the metrics.
"""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
