"""``tf.nn``: activations, losses, normalization, dropout, embeddings, convolution, pooling, CTC.

One file per subject; what is defined there is found through the table of names. Candidate sampling
and recurrent cells are not here yet.
"""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
