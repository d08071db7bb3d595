"""Several recurrent cells on top of each other, as one cell."""

from __future__ import annotations

import inspect

import reflow as tf
from reflow.core.logging import warn
from reflow.keras.layers.layer import Layer

__all__ = ["StackedRNNCells"]


class StackedRNNCells(Layer):
    """A cell whose output at a time step is the last cell's; each gets the output of the one below.

    Args:
      cells: a list of cells.
      **kwargs: as for ``Layer``.

    Raises:
      ValueError: if one of them has no ``call`` or no ``state_size``.
    """

    def __init__(self, cells, **kwargs):
        for needed in ("call", "state_size"):
            if not all(hasattr(cell, needed) for cell in cells):
                what = "a `call` method" if needed == "call" else "a `state_size` attribute"
                raise ValueError(f"All cells must have {what}. received cells:", cells)
        self.reverse_state_order = kwargs.pop("reverse_state_order", False)
        if self.reverse_state_order:
            warn(
                "reverse_state_order=True in StackedRNNCells will soon be deprecated. Please "
                "update the code to work with the natural order of states if you rely on the RNN "
                "states, eg RNN(return_state=True)."
            )
        super().__init__(**kwargs)
        self.cells = list(cells)

    def _in_order(self, cells):
        return cells[::-1] if self.reverse_state_order else cells

    @property
    def state_size(self):
        """The cells' state sizes, a tuple."""
        return tuple([cell.state_size for cell in self._in_order(self.cells)])

    @property
    def output_size(self):
        """The last cell's output size."""
        return _output_size(self.cells[-1])

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        """The cells' initial states, a tuple."""
        from reflow.keras.layers.rnn import zero_states

        states = []
        for cell in self._in_order(self.cells):
            own = getattr(cell, "get_initial_state", None)
            if own is not None:
                states.append(own(inputs=inputs, batch_size=batch_size, dtype=dtype))
            else:
                states.append(zero_states(cell.state_size, batch_size, dtype))
        return tuple(states)

    def call(self, inputs, states, constants=None, training=None, **kwargs):
        """Runs the cells; returns the last output and the list of their new states."""
        kwargs["training"] = training
        sizes = self.state_size
        packed = list(states)
        if len(packed) != len(sizes):
            packed = tf.nest.pack_sequence_as(sizes, tf.nest.flatten(states))
        after = []
        for cell, state in zip(self.cells, self._in_order(packed), strict=True):
            parameters = inspect.signature(cell.call).parameters
            takes_rest = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
            given = (
                dict(kwargs) if takes_rest else {k: kwargs[k] for k in kwargs if k in parameters}
            )
            if constants is not None and ("constants" in parameters or takes_rest):
                given["constants"] = constants
            state = state if tf.nest.is_nested(state) else [state]
            inputs, new = cell.call(inputs, state, **given)
            nested = tf.nest.is_nested(cell.state_size)
            after.append(list(new) if nested else tf.nest.flatten(new)[0])
        return inputs, self._in_order(after)

    def build(self, input_shape):
        """Builds each cell for the output of the one below."""
        for cell in self.cells:
            if isinstance(cell, Layer):
                if not cell.built:
                    cell.build(input_shape)
            elif hasattr(cell, "build"):
                cell.build(input_shape)
            size = _output_size(cell)
            dims = size.as_list() if isinstance(size, tf.TensorShape) else [size]
            input_shape = (next(iter(input_shape)), *dims)
        self.built = True

    def get_config(self):
        """The arguments, as a dict."""
        cells = [
            {"class_name": type(cell).__name__, "config": cell.get_config()} for cell in self.cells
        ]
        config = {**super().get_config(), "cells": cells}
        if self.reverse_state_order:
            config["reverse_state_order"] = True
        return config

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Makes it from the result of ``get_config``."""
        from reflow.keras.layers.rnn import cell_from_config

        config = dict(config)
        cells = [cell_from_config(cell, custom_objects) for cell in config.pop("cells")]
        return cls(cells, **config)


def _output_size(cell):
    size = getattr(cell, "output_size", None)
    return tf.nest.flatten(cell.state_size)[0] if size is None else size
