"""``tf.debugging``: assertions about values, shapes and types.

In eager code an assertion looks at the values at once and raises there. In a function that is being
traced, where there are no values yet, it becomes part of the function and raises when that runs.
"""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
