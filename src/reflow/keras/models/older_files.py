"""Weights of cuDNN's recurrent layers in files of Keras 2, as LSTM and GRU want them."""

from __future__ import annotations

from typing import Any

import numpy as np

import reflow as tf


def converted(layer: Any, saved: list[Any]) -> list[Any]:
    """A layer's saved weights in the form that its variables have.

    Args:
      layer: the layer of the model.
      saved: its weights in the file, arrays or data sets.

    Returns:
      The same list, or one of arrays.
    """
    kind = type(layer).__name__
    if kind in ("LSTM", "GRU") and len(saved) == 3:
        return _recurrent(layer, kind, saved)
    if isinstance(layer, tf.keras.layers.Bidirectional) and len(saved) % 2 == 0:
        half = len(saved) // 2
        forward = converted(layer.forward_layer, saved[:half])
        return [*forward, *converted(layer.backward_layer, saved[half:])]
    if kind == "TimeDistributed":
        return converted(layer.layer, saved)
    return saved


# ------------------------------------------------------------------------------ cuDNN and not


def _recurrent(layer: Any, kind: str, saved: list[Any]) -> list[Any]:
    """LSTM and GRU: cuDNN's kernels have their input transposed in memory and two biases.

    A layer of TF 2.1's with ``reset_after`` has two biases as well, but kernels as usual, so only
    the shape of the biases tells the formats apart.
    """
    gates = 4 if kind == "LSTM" else 3
    units = layer.units
    bias = tuple(saved[2].shape)
    if kind == "LSTM":
        if bias == (2 * gates * units,):
            return _from_cudnn(saved, gates, lambda b: b.reshape(2, -1).sum(axis=0))
        return saved
    if kind == "GRU":
        wanted = (2, gates * units) if layer.reset_after else (gates * units,)
        if bias == wanted:
            return saved
        if bias == (2 * gates * units,):
            if not layer.reset_after:
                raise ValueError(_pair("CuDNNGRU", "GRU(reset_after=False)"))
            return _from_cudnn(saved, gates, lambda b: b.reshape(2, -1))
        if bias == (2, gates * units):
            raise ValueError(_pair("GRU(reset_after=True)", "GRU(reset_after=False)"))
        if bias == (gates * units,):
            raise ValueError(_pair("GRU(reset_after=False)", "GRU(reset_after=True)"))
    return saved


def _pair(source: str, target: str) -> str:
    return f"{source} is not compatible with {target}"


def _from_cudnn(saved: list[Any], gates: int, bias: Any) -> list[np.ndarray]:
    kernel, recurrent, biases = [np.asarray(array) for array in saved]

    def gate_by_gate(array: np.ndarray, change: Any) -> np.ndarray:
        return np.hstack([change(part) for part in np.hsplit(array, gates)])

    return [
        gate_by_gate(kernel, lambda part: part.reshape(-1).reshape(part.shape, order="F")),
        gate_by_gate(recurrent, lambda part: part.T),
        bias(biases),
    ]
