"""Drawings of models by graphviz."""

from __future__ import annotations

import os

from reflow.keras.models.model import Model

__all__ = ["model_to_dot", "plot_model"]

_NO_PYDOT = "Failed to import pydot. You must install pydot and graphviz for `pydotprint` to work."


def plot_model(
    model,
    to_file="model.png",
    show_shapes=False,
    show_layer_names=True,
    rankdir="TB",
    expand_nested=False,
    dpi=96,
):
    """Draws a model's layers and how they are connected; needs pydot and graphviz.

    Args:
      model: the model.
      to_file: the picture's file; its ending says the format.
      show_shapes: whether to write the shapes of inputs and outputs.
      show_layer_names: whether to write the layers' names.
      rankdir: ``"TB"`` for a picture from top to bottom, ``"LR"`` from left to right.
      expand_nested: whether to draw the layers of models in the model.
      dpi: dots per inch.

    Returns:
      An IPython picture where IPython is there, else None.

    Raises:
      ImportError: if pydot or graphviz is missing.
    """
    dot = model_to_dot(model, show_shapes, show_layer_names, rankdir, expand_nested, dpi)
    _, extension = os.path.splitext(to_file)
    # A name without an ending gets none, as in TF.
    dot.write(to_file, format=extension[1:] or "png")
    try:
        from IPython import display
    except ImportError:
        return None
    return display.Image(filename=to_file) if extension in (".png", ".jpg", ".gif") else None


def model_to_dot(
    model,
    show_shapes=False,
    show_layer_names=True,
    rankdir="TB",
    expand_nested=False,
    dpi=96,
    subgraph=False,
):
    """Describes a model in graphviz's language; needs pydot and graphviz.

    Args:
      model, show_shapes, show_layer_names, rankdir, expand_nested, dpi: see ``plot_model``.
      subgraph: whether to return a cluster for another drawing rather than a drawing.

    Returns:
      A ``pydot.Dot``, or a ``pydot.Cluster``.

    Raises:
      ImportError: if pydot or graphviz is missing.
    """
    pydot = _pydot()
    if subgraph:
        dot = pydot.Cluster(style="dashed", graph_name=model.name)
        dot.set("label", model.name)
        dot.set("labeljust", "l")
    else:
        dot = pydot.Dot()
        dot.set("rankdir", rankdir)
        dot.set("concentrate", True)
        dot.set("dpi", dpi)
        dot.set_node_defaults(shape="record")
    if not _is_described(model):
        dot.add_node(pydot.Node(str(id(model)), label=model.name))
        return dot
    for layer in model._graph_layers:
        if expand_nested and _is_described(layer):
            inner = model_to_dot(
                layer, show_shapes, show_layer_names, rankdir, expand_nested, subgraph=True
            )
            dot.add_subgraph(inner)
        else:
            label = _label(layer, show_shapes, show_layer_names)
            dot.add_node(pydot.Node(str(id(layer)), label=label))
    edges = {}
    for layer in model._graph_layers:
        for node in model._topology.nodes:
            if node.outbound_layer is layer:
                for parent in node.parents():
                    if parent is node:  # an input
                        continue
                    ends = parent.outbound_layer, layer
                    if expand_nested:
                        ends = _last(ends[0]), _first(ends[1])
                    edges[tuple([str(id(end)) for end in ends])] = None
    for edge in edges:
        dot.add_edge(pydot.Edge(*edge))
    return dot


def _pydot():
    try:
        import pydot

        # Whether graphviz is there shows only when it is run.
        pydot.Dot.create(pydot.Dot())
    except (ImportError, OSError, AssertionError) as error:
        raise ImportError(_NO_PYDOT) from error
    return pydot


def _is_described(layer):
    return isinstance(layer, Model) and layer._is_graph_network


def _first(layer):
    while _is_described(layer):
        layer = layer._graph_layers[0]
    return layer


def _last(layer):
    while _is_described(layer):
        layer = layer._graph_layers[-1]
    return layer


def _label(layer, show_shapes, show_layer_names):
    name, kind = layer.name, type(layer).__name__
    inner = getattr(layer, "layer", None)  # of a wrapper
    if inner is not None:
        name, kind = f"{name}({inner.name})", f"{kind}({type(inner).__name__})"
    label = f"{name}: {kind}" if show_layer_names else kind
    if show_shapes:
        shapes = [_shapes(layer, "input_shape"), _shapes(layer, "output_shape")]
        label += "\n|{input:|output:}|{{%s}|{%s}}" % tuple(shapes)  # noqa: UP031 too many braces
    return label


def _shapes(layer, what):
    try:
        shape = getattr(layer, what)
    except AttributeError:  # it was called on several shapes
        return "?"
    return str(shape).replace("None", "?")
