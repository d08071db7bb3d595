"""The networks of tf.keras.applications: which are compared, and how they are written down.

TensorFlow 2.1.0 (``make_applications.py``) and Reflow (``keras/applications/``) both run this, so
it keeps to Python 3.7.
"""

import json
import lzma
import os

import numpy as np

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "applications.json.xz")

DEFAULT = [
    "VGG16", "VGG19", "ResNet50", "ResNet101", "ResNet152", "ResNet50V2", "ResNet101V2",
    "ResNet152V2", "InceptionV3", "Xception", "InceptionResNetV2", "DenseNet121", "DenseNet169",
    "DenseNet201", "MobileNet", "MobileNetV2", "NASNetMobile", "NASNetLarge",
]  # fmt: skip

# Variants: what is called, with weights=None. Where a network has many layers, few suffice.
VARIANTS = [
    "VGG16(input_shape=(32, 32, 3), classes=5)",
    "VGG16(include_top=False)",
    "VGG16(include_top=False, input_shape=(None, 40, 1), pooling='max')",
    "VGG19(include_top=False, input_shape=(33, 47, 3), pooling='avg')",
    "ResNet50(include_top=False, pooling='avg')",
    "ResNet50(include_top=False, input_shape=(32, 33, 4), pooling='max')",
    "ResNet50V2(include_top=False, pooling='max')",
    "ResNet101V2(include_top=False, input_shape=(45, 32, 3))",
    "InceptionV3(include_top=False, pooling='avg')",
    "InceptionV3(include_top=False, input_shape=(75, 90, 3), pooling='max')",
    "Xception(include_top=False, pooling='max')",
    "Xception(input_shape=(71, 80, 3), classes=3)",
    "InceptionResNetV2(include_top=False, input_shape=(75, 80, 3), pooling='avg')",
    "DenseNet121(include_top=False, pooling='avg')",
    "DenseNet121(input_shape=(32, 45, 3), classes=3)",
    "MobileNet(include_top=False, pooling='avg')",
    "MobileNet((33, 64, 3), alpha=0.3, depth_multiplier=2, dropout=0.5, classes=4)",
    "MobileNet(include_top=False, input_tensor=tf.keras.Input((32, 32, 3)))",
    "MobileNetV2(include_top=False, pooling='max')",
    "MobileNetV2((33, 64, 3), alpha=0.35)",
    "MobileNetV2((96, 96, 3), alpha=1.4, classes=7)",
    "MobileNetV2((45, 70, 3), alpha=0.75, include_top=False, pooling='avg')",
    "NASNetMobile((32, 45, 3), include_top=False, pooling='avg')",
]

# With Keras's setting for the channels first.
CHANNELS_FIRST = [
    "VGG16(include_top=False)",
    "ResNet50(classes=3)",
    "ResNet50V2(include_top=False)",
    "InceptionV3(include_top=False)",
    "Xception(classes=3)",
    "DenseNet121(classes=3)",
    "MobileNet(classes=3)",
    "MobileNetV2((3, 33, 64), alpha=0.5)",
]

# What each family computes, from pictures as small as it takes, up to a layer: where a network
# repeats its blocks, the first ones are enough.
VALUES = {
    "VGG16(include_top=False, input_shape=(32, 32, 3))": "block5_pool",
    "ResNet50(include_top=False, input_shape=(32, 32, 3))": "conv3_block2_out",
    "ResNet50V2(include_top=False, input_shape=(32, 32, 3))": "conv3_block2_out",
    "InceptionV3(include_top=False, input_shape=(75, 75, 3))": "mixed3",
    "Xception(include_top=False, input_shape=(71, 71, 3))": "block5_sepconv3_bn",
    "InceptionResNetV2(include_top=False, input_shape=(75, 75, 3))": "block35_1_ac",
    "DenseNet121(include_top=False, input_shape=(32, 32, 3))": "conv3_block2_concat",
    "MobileNet((32, 32, 3), include_top=False)": "conv_pw_13_relu",
    "MobileNetV2((32, 32, 3), include_top=False)": "out_relu",
    "NASNetMobile((32, 32, 3), include_top=False)": "normal_concat_0",
}
SAMPLE = 50  # of what comes out for each picture, this many numbers are kept


def rows():
    """Yields (label, code, Keras's order of axes) for each network that is described."""
    for name in DEFAULT:
        yield name, name + "()", "channels_last"
    for code in VARIANTS:
        yield code, code, "channels_last"
    for code in CHANNELS_FIRST:
        yield "channels first: " + code, code, "channels_first"


def build(tf, code):
    """The network of a row, with random weights."""
    code = (
        code.replace("()", "(weights=None)")
        if code.endswith("()")
        else code[:-1] + ", weights=None)"
    )
    return eval("tf.keras.applications." + code, {"tf": tf})


def description(model):
    """A network as text: a line for the whole, then one for each layer."""
    lines = ["%s, %d parameters, trainable %s" % (
        model.name, model.count_params(), ",".join(shown_names(model.trainable_weights))
    )]  # fmt: skip
    for layer in model.layers:
        line = {
            "class": type(layer).__name__,
            "name": layer.name,
            "output": shape_text(layer.output_shape),
            "inputs": inbound(layer),
            "weights": ["%s%s" % (w.name, shape_text(w.shape)) for w in layer.weights],
            "config": config(layer),
        }
        lines.append(json.dumps(line, sort_keys=True, default=float))  # ReLU's settings are arrays
    return lines


def shown_names(weights):
    return [weight.name for weight in weights]


def shape_text(shape):
    """A shape, or a list of them, as text that does not depend on the class of its numbers."""
    if isinstance(shape, list):
        return [shape_text(one) for one in shape]
    return "(%s)" % ", ".join("None" if n is None else str(int(n)) for n in shape)


def inbound(layer):
    """The names of the layers that a layer gets its inputs from, in order."""
    parents = [node.inbound_layers for node in layer.inbound_nodes]
    return [
        [p.name for p in (some if isinstance(some, (list, tuple)) else [some])] for some in parents
    ]


def config(layer):
    """A layer's settings; a function's bytecode and module are each library's own."""
    settings = layer.get_config()
    for key in ("name", "function", "function_type", "module", "output_shape_module"):
        settings.pop(key, None)
    return settings


def set_weights(model):
    """Gives every weight fixed values that keep the size of what flows through the network."""
    values = []
    for i, weight in enumerate(model.weights):
        shape, random = tuple(weight.shape), np.random.RandomState(i)
        kind = weight.name.rpartition("/")[2].partition(":")[0]
        if kind in ("kernel", "depthwise_kernel", "pointwise_kernel"):
            inputs = shape[0] * shape[1] if kind == "depthwise_kernel" else np.prod(shape[:-1])
            value = random.uniform(-1, 1, shape) * np.sqrt(6 / inputs)
        elif kind == "moving_variance":
            value = random.uniform(0.5, 1.5, shape)
        elif kind == "gamma":
            value = random.uniform(0.8, 1.2, shape)
        else:
            value = random.uniform(-0.1, 0.1, shape)
        values.append(value.astype("float32"))
    model.set_weights(values)


def pictures(model):
    """Two fixed pictures for a network."""
    shape = (2,) + tuple(int(n) for n in model.input_shape[1:])
    return np.random.RandomState(7).uniform(-1, 1, shape).astype("float32")


def outcome(tf, code):
    """What a network with fixed weights computes from two fixed pictures: some of the numbers."""
    model = build(tf, code)
    model = tf.keras.Model(model.input, model.get_layer(VALUES[code]).output)
    set_weights(model)
    found = model.predict(pictures(model)).reshape(2, -1)
    return found[:, :: max(1, found.shape[1] // SAMPLE)]


def load():
    with lzma.open(FILE, "rt") as file:
        return json.load(file)


def save(records):
    with lzma.open(FILE, "wt", preset=9) as file:
        json.dump(records, file, sort_keys=True, indent=0)
