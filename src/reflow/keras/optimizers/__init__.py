"""``tf.keras.optimizers``: gradient descent and its relatives, and learning rate schedules.

One file per optimizer. To add one, copy ``adagrad.py`` (an op for the update, a class for the
hyper-parameters and slots), name it in ``by_name.py``, and add rows to the golden table.
"""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
