"""``tf.signal``: Fourier and cosine transforms, framing, windows and mel spectra.

One file per subject; what is defined there is found through the table of names.
"""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
