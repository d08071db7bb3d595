"""``tf.keras.losses``: each loss as a function of two tensors and as a class that reduces it.

One file per subject: a function, then the class made of it. To add a loss, write both, name them in
the file's ``__all__`` and in ``registry.py``, and add rows to the golden table of the losses.
"""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
