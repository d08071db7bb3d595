"""``tf.config``: devices, threads and how functions run.

What tells TF's own runtime how to work (threads, the graph optimizer, device policies) is kept and
given back, so that programs which set it run, but XLA decides for itself.
"""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
