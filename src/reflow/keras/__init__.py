"""``tf.keras``: models, their parts, and their training, written on the public ops of ``tf``."""

from __future__ import annotations

from reflow._namespace import lazy_names

__version__ = "2.2.4-tf"

__getattr__, __dir__ = lazy_names(__name__)
