"""The dropout masks of a recurrent cell: drawn once and used at every time step."""

from __future__ import annotations

from typing import Any

import numpy as np

import reflow as tf
from reflow.core import record
from reflow.keras.backend import learning


class DropoutMasks:
    """Masks for a cell's inputs and states, from the rates ``dropout`` and ``recurrent_dropout``.

    They are kept until they are reset, which a recurrent layer does at every call. As in TF, their
    seeds come from NumPy's global generator.
    """

    def _start_masks(self, dropout, recurrent_dropout):
        self.dropout = min(1.0, max(0.0, dropout))
        self.recurrent_dropout = min(1.0, max(0.0, recurrent_dropout))
        self.__dict__["_kept_masks"] = {}

    def reset_dropout_mask(self):
        """Forgets the masks for inputs."""
        self.__dict__["_kept_masks"].pop("input", None)

    def reset_recurrent_dropout_mask(self):
        """Forgets the masks for states."""
        self.__dict__["_kept_masks"].pop("recurrent", None)

    def get_dropout_mask_for_cell(self, inputs, training, count=1):
        """The masks for the inputs, drawn if there are none yet.

        Args:
          inputs: a tensor of the shape that the masks shall have.
          training: whether to drop anything.
          count: how many masks, one for each gate.

        Returns:
          A tensor of zeros and ``1 / (1 - rate)``, a list of them if ``count`` is not 1, None if
          the rate is 0.
        """
        return self._masks("input", self.dropout, inputs, training, count)

    def get_recurrent_dropout_mask_for_cell(self, inputs, training, count=1):
        """The same for the states."""
        return self._masks("recurrent", self.recurrent_dropout, inputs, training, count)

    def _masks(self, kind, rate, inputs, training, count):
        if rate == 0:
            return None
        kept = self.__dict__["_kept_masks"].get(kind)
        if kept is not None and _still_known(kept[0]):
            return kept[1]
        if training is None:
            training = learning.learning_phase()
        ones = tf.ones_like(inputs)
        drawn = [_dropped(ones, rate) if training else ones for _ in range(count)]
        masks = drawn[0] if count == 1 else drawn
        self.__dict__["_kept_masks"][kind] = record.state.segment.capture, masks
        return masks


def _dropped(ones: Any, rate: float) -> Any:
    return tf.nn.dropout(ones, rate, seed=np.random.randint(10_000_000))


def _still_known(made_in: Any) -> bool:
    """Whether tensors of a function being traced (None: of eager code) can be used here."""
    capture = record.state.segment.capture
    while capture is not made_in:
        if capture is None or not capture.nested:
            return False
        capture = capture.outer
    return True
