"""``tf.io.gfile``: files and folders, by TF's names and with TF's errors."""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
