"""Drawings of models, compared with what TensorFlow 2.1.0 wrote of the same models."""

from __future__ import annotations

import os
import sys

import pytest

import reflow as tf

needs_scripts = pytest.mark.skipif(sys.platform == "win32", reason="the fake graphviz is a script")
pytestmark = needs_scripts


@pytest.fixture
def graphviz(tmp_path, monkeypatch):
    """A stand-in for the program ``dot``, which copies what it gets; a folder for pictures."""
    pytest.importorskip("pydot")
    program = tmp_path / "dot"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.stdout.write(open(sys.argv[-1]).read())\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    return tmp_path


def two_layers():
    layers = [tf.keras.layers.Dense(3, input_shape=(4,), name="one")]
    layers.append(tf.keras.layers.Dense(2, name="two", activation="relu"))
    return tf.keras.Sequential(layers, name="seq")


def nested():
    a, b = tf.keras.Input((3,), name="a"), tf.keras.Input((3,), name="b")
    shared = tf.keras.layers.Dense(6, name="shared")
    x, y = shared(a), shared(b)
    layers = [tf.keras.layers.Dense(5, input_shape=(6,), name="i1")]
    layers.append(tf.keras.layers.Dense(6, name="i2"))
    inner = tf.keras.Sequential(layers, name="inner")
    o1 = tf.keras.layers.Dense(1, name="o1")(inner(x))
    return tf.keras.Model([a, b], [o1, y], name="fun")


class Subclassed(tf.keras.Model):
    """Draws as one box."""

    def __init__(self):
        super().__init__(name="sub")
        self.dense = tf.keras.layers.Dense(2)

    def call(self, inputs):
        return self.dense(inputs)


def read(graph):
    """The labels of a drawing's boxes and its arrows as pairs of them; clusters are lists."""
    labels = {}

    def boxes(graph):
        found = []
        parts = [*graph.get_node_list(), *graph.get_subgraph_list()]
        for part in sorted(parts, key=lambda part: part.get_sequence()):
            if hasattr(part, "get_node_list"):
                found.append(boxes(part))
            elif part.get_name() not in ("node", "graph", "edge"):
                labels[part.get_name()] = part.get_label().strip('"')
                found.append(labels[part.get_name()])
        return found

    def arrows(graph):
        found = [(edge.get_source(), edge.get_destination()) for edge in graph.get_edge_list()]
        for inner in graph.get_subgraph_list():
            found += arrows(inner)
        return found

    drawn = boxes(graph)
    return drawn, [(labels[start], labels[end]) for start, end in arrows(graph)]


IN = "one_input: InputLayer"
SHAPES = r"\n|{input:|output:}|"


@pytest.mark.parametrize(
    ("make", "options", "boxes", "arrows"),
    [
        (
            two_layers,
            {},
            [IN, "one: Dense", "two: Dense"],
            [(IN, "one: Dense"), ("one: Dense", "two: Dense")],
        ),
        (
            two_layers,
            {"show_layer_names": False},
            ["InputLayer", "Dense", "Dense"],
            [("InputLayer", "Dense"), ("Dense", "Dense")],
        ),
        (
            nested,
            {},
            ["a: InputLayer", "shared: Dense", "inner: Sequential", "b: InputLayer", "o1: Dense"],
            [
                ("a: InputLayer", "shared: Dense"),
                ("b: InputLayer", "shared: Dense"),
                ("shared: Dense", "inner: Sequential"),
                ("inner: Sequential", "o1: Dense"),
            ],
        ),
        (
            nested,
            {"expand_nested": True},
            [
                "a: InputLayer",
                "shared: Dense",
                ["i1_input: InputLayer", "i1: Dense", "i2: Dense"],
                "b: InputLayer",
                "o1: Dense",
            ],
            [
                ("a: InputLayer", "shared: Dense"),
                ("b: InputLayer", "shared: Dense"),
                ("shared: Dense", "i1_input: InputLayer"),
                ("i2: Dense", "o1: Dense"),
                ("i1_input: InputLayer", "i1: Dense"),
                ("i1: Dense", "i2: Dense"),
            ],
        ),
        (
            lambda: tf.keras.Sequential([tf.keras.layers.Dense(3)], name="unbuilt"),
            {},
            ["unbuilt"],
            [],
        ),
        (Subclassed, {"show_shapes": True}, ["sub"], []),
    ],
)
def test_boxes_and_arrows(graphviz, make, options, boxes, arrows):
    found = read(tf.keras.utils.model_to_dot(make(), **options))
    assert found[0] == boxes
    assert sorted(found[1]) == sorted(arrows)


def test_shapes(graphviz):
    boxes, _ = read(tf.keras.utils.model_to_dot(two_layers(), show_shapes=True))
    assert [box.replace("\n", r"\n") for box in boxes] == [
        IN + SHAPES + "{{[(?, 4)]}|{[(?, 4)]}}",
        "one: Dense" + SHAPES + "{{(?, 4)}|{(?, 3)}}",
        "two: Dense" + SHAPES + "{{(?, 3)}|{(?, 2)}}",
    ]


def test_settings(graphviz):
    dot = tf.keras.utils.model_to_dot(two_layers(), rankdir="LR", dpi=50)
    assert (dot.get_rankdir(), dot.get("dpi"), dot.get("concentrate")) == ("LR", 50, True)
    assert dot.get_node_defaults() == [{"shape": "record"}]
    cluster = tf.keras.utils.model_to_dot(two_layers(), subgraph=True)
    assert cluster.get_name() == "cluster_seq"
    assert (cluster.get_label(), cluster.get("style")) == ("seq", "dashed")


def test_a_picture_is_written(graphviz):
    for name in ["model.png", "model.svg", "model"]:
        tf.keras.utils.plot_model(two_layers(), to_file=str(graphviz / name))
        assert "one: Dense" in (graphviz / name).read_text()


def test_without_graphviz(graphviz, monkeypatch):
    monkeypatch.setenv("PATH", str(graphviz / "none"))
    with pytest.raises(ImportError, match="You must install pydot and graphviz"):
        tf.keras.utils.plot_model(two_layers(), to_file=str(graphviz / "model.png"))


def test_without_pydot(monkeypatch):
    monkeypatch.setitem(sys.modules, "pydot", None)
    with pytest.raises(ImportError, match="Failed to import pydot"):
        tf.keras.utils.model_to_dot(two_layers())
