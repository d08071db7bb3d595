"""The order in which the layers of a functional model run, found from its symbolic tensors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reflow.keras._engine.node import Node, node_of
from reflow.keras._engine.symbolic import KerasTensor


class Topology:
    """The nodes between inputs and outputs.

    Args:
      inputs, outputs: lists of symbolic tensors.

    Attributes:
      nodes: all nodes, each after those it depends on.
      layers: their layers, those farthest from the outputs first.
      by_depth: depth -> nodes; the depth of a node is the longest way to an output.

    Raises:
      ValueError: if an output depends on something that is not computed from the inputs, or two
        layers have one name.
    """

    def __init__(self, inputs: Sequence[KerasTensor], outputs: Sequence[KerasTensor]) -> None:
        self._inputs = {id(x) for x in inputs}
        self._first_seen: dict[int, int] = {}  # id of a layer -> when the search met it
        finished: dict[int, Node] = {}
        for output in outputs:
            self._visit(output, finished)
        depths = _depths(list(finished.values()))
        layer_depths = self._layer_depths(finished, depths)
        for x in inputs:  # inputs that no output depends on
            layer = x._keras_history[0]
            if id(layer) not in layer_depths:
                layer_depths[id(layer)] = layer, 0
                node = node_of(x)
                finished[id(node)], depths[id(node)] = node, 0
            self._first_seen.setdefault(id(layer), -1)
        self.by_depth: dict[int, list[Node]] = {}
        for node in [finished[key] for key in depths]:  # TF runs them in this order
            self.by_depth.setdefault(depths[id(node)], []).append(node)
        self.nodes = [
            n for depth in sorted(self.by_depth, reverse=True) for n in self.by_depth[depth]
        ]
        self.layers = [
            layer
            for layer, _ in sorted(
                layer_depths.values(), key=lambda item: (-item[1], self._first_seen[id(item[0])])
            )
        ]
        self._check_connected(inputs)
        self._check_names()

    def _visit(self, output: KerasTensor, finished: dict[int, Node]) -> None:
        """Depth-first search from an output back to the inputs, without recursion."""
        begun: set[int] = set()
        stack: list[tuple[KerasTensor, bool]] = [(output, False)]
        while stack:
            tensor, done = stack.pop()
            node = node_of(tensor)
            if done:
                finished.setdefault(id(node), node)
                continue
            if id(node) in finished or id(node) in begun:
                continue
            begun.add(id(node))
            self._first_seen.setdefault(id(node.outbound_layer), len(self._first_seen))
            stack.append((tensor, True))
            if id(tensor) not in self._inputs:
                stack += [(x, False) for x in reversed(_sources(node))]

    def _layer_depths(self, finished: dict[int, Node], depths: dict[int, int]) -> dict[int, Any]:
        """The depth of each layer: that of its deepest node, which its other nodes take on."""
        found: dict[int, tuple[Any, int]] = {}
        for node in finished.values():
            layer = node.outbound_layer
            depth = max(depths[id(node)], found.get(id(layer), (layer, 0))[1])
            found[id(layer)] = layer, depth
        return found

    def _check_connected(self, inputs: Sequence[KerasTensor]) -> None:
        known = {id(x) for x in inputs}
        passed: list[str] = []
        for node in self.nodes:
            layer = node.outbound_layer
            outputs = _flat(node.output_tensors)
            if all(id(x) in known for x in outputs) and outputs:
                passed.append(layer.name)
                continue
            for x in [] if all(id(x) in self._inputs for x in outputs) else node.all_inputs():
                if id(x) not in known or not _sources(node):
                    raise ValueError(
                        f"Graph disconnected: cannot obtain value for tensor {x} at layer "
                        f'"{layer.name}". The following previous layers were accessed without '
                        f"issue: {passed}"
                    )
            known.update(id(x) for x in outputs)
            passed.append(layer.name)

    def _check_names(self) -> None:
        names = [layer.name for layer in self.layers]
        for name in names:
            if names.count(name) != 1:
                raise ValueError(
                    f'The name "{name}" is used {names.count(name)} times in the model. All layer '
                    "names should be unique."
                )


def _flat(tensors: Any) -> list[Any]:
    import reflow as tf

    return [x for x in tf.nest.flatten(tensors) if isinstance(x, KerasTensor)]


def _sources(node: Node) -> list[KerasTensor]:
    """The tensors that a node is computed from; an input layer's only node has none."""
    inputs = node.all_inputs()
    return [] if any(x is y for x in inputs for y in _flat(node.output_tensors)) else inputs


def _depths(finished: list[Node]) -> dict[int, int]:
    """The longest way from each node to an output; ``finished`` has each node after its sources."""
    depths: dict[int, int] = {}
    of_layer: dict[int, int] = {}
    for node in reversed(finished):
        layer = id(node.outbound_layer)
        depth = max(depths.get(id(node), 0), of_layer.get(layer, 0))
        depths[id(node)] = of_layer[layer] = depth
        for x in _sources(node):
            source = id(node_of(x))
            depths[source] = max(depth + 1, depths.get(source, 0))
    return depths
