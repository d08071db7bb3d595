"""``tf.test``: a test case that compares tensors, numeric gradients, and what hardware there is."""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
