"""``tf.random``: random tensors, seeded as TensorFlow 2.1 seeds them.

One file per subject; what is defined there is found through the table of names. The numbers
themselves and all state come from ``reflow.core.random``. Candidate samplers are not here yet.
"""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
