"""Questions about models as graphs, and changes of all of a model's kernels."""

from __future__ import annotations

import numpy as np

import reflow as tf

__all__ = ["convert_all_kernels_in_model", "get_source_inputs"]

_CONVOLUTIONS = {"Conv1D", "Conv2D", "Conv2DTranspose", "Conv3D"}


def get_source_inputs(tensor, layer=None, node_index=None):
    """Finds the inputs that a symbolic tensor is computed from.

    Args:
      tensor: what ``tf.keras.Input`` or a layer called on it returned.
      layer, node_index: the layer whose output it is and the number of the call, counted from 0;
        known from the tensor itself.

    Returns:
      A list of symbolic tensors, each once; ``tensor`` itself if it comes from no layer.
    """
    if not hasattr(tensor, "_keras_history"):
        return tensor
    if layer is None or node_index is None:
        layer, node_index, _ = tensor._keras_history
    sources, seen = {}, set()
    waiting = [layer.inbound_nodes[node_index]]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        parents = [parent for parent in node.parents() if parent is not node]
        waiting += reversed(parents)
        if not parents:
            sources.update((id(x), x) for x in tf.nest.flatten(node.output_tensors))
    return list(sources.values())


def convert_all_kernels_in_model(model):
    """Turns the kernels of a model's convolutions around, from Theano's convention or to it.

    Args:
      model: a model; its layers ``Conv1D``, ``Conv2D``, ``Conv3D`` and ``Conv2DTranspose`` change.
    """
    for layer in model.layers:
        if type(layer).__name__ in _CONVOLUTIONS:
            kernel = layer.kernel.numpy()
            space = tuple(range(kernel.ndim - 2))  # the last axes are the channels
            layer.kernel.assign(np.flip(kernel, space))
