"""``tf.image``: decoding, resizing, cropping, colours, augmentation, boxes and measures.

One file per subject; what is defined there is found through the table of names. Images are tensors
of shape ``[height, width, channels]`` or ``[batch, height, width, channels]``.
"""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
