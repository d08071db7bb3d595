"""``tf.linalg``: products, diagonals, norms, decompositions and what is solved with them.

One file per subject; what is defined there is found through the table of names. The
``LinearOperator`` classes are not here yet.
"""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
