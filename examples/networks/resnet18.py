"""ResNet18 (2015): eight blocks, each of which adds what two convolutions find to its input.

The sum lets gradients pass, so that deep networks learn.
"""

from tensorflow.keras import Input, Model, Sequential
from tensorflow.keras.layers import (
    Activation,
    BatchNormalization,
    Conv2D,
    Dense,
    GlobalAveragePooling2D,
    add,
)
from tensorflow.keras.regularizers import l2

FILTERS = (64, 128, 256, 512)  # of two blocks each


class ResnetBlock(Model):
    """Two convolutions beside a short cut, which changes the size where they do."""

    def __init__(self, filters, strides=1, change=False):
        super().__init__()
        self.change = change
        self.c1 = Conv2D(filters, (3, 3), strides=strides, padding="same", use_bias=False)
        self.b1 = BatchNormalization()
        self.a1 = Activation("relu")
        self.c2 = Conv2D(filters, (3, 3), strides=1, padding="same", use_bias=False)
        self.b2 = BatchNormalization()
        if change:
            self.down_c1 = Conv2D(filters, (1, 1), strides=strides, padding="same", use_bias=False)
            self.down_b1 = BatchNormalization()
        self.a2 = Activation("relu")

    def call(self, inputs):
        short_cut = inputs
        x = self.c1(inputs)
        x = self.b1(x)
        x = self.a1(x)
        x = self.c2(x)
        x = self.b2(x)
        if self.change:
            short_cut = self.down_b1(self.down_c1(inputs))
        return self.a2(x + short_cut)


class ResNet18(Model):
    """The network as a class made of blocks."""

    def __init__(self):
        super().__init__()
        self.c1 = Conv2D(64, (3, 3), strides=1, padding="same", use_bias=False)
        self.b1 = BatchNormalization()
        self.a1 = Activation("relu")
        self.blocks = Sequential()
        for filters in FILTERS:
            change = filters != FILTERS[0]
            self.blocks.add(ResnetBlock(filters, strides=2 if change else 1, change=change))
            self.blocks.add(ResnetBlock(filters))
        self.p1 = GlobalAveragePooling2D()
        self.f1 = Dense(10, activation="softmax", kernel_regularizer=l2())

    def call(self, x):
        x = self.c1(x)
        x = self.b1(x)
        x = self.a1(x)
        x = self.blocks(x)
        x = self.p1(x)
        return self.f1(x)


def resnet_block(inputs, filters, strides=1, change=False):
    """Two convolutions beside a short cut."""
    x = Conv2D(filters, (3, 3), strides=strides, padding="same", use_bias=False)(inputs)
    x = BatchNormalization()(x)
    x = Activation("relu")(x)
    x = Conv2D(filters, (3, 3), strides=1, padding="same", use_bias=False)(x)
    x = BatchNormalization()(x)
    short_cut = inputs
    if change:
        short_cut = Conv2D(filters, (1, 1), strides=strides, padding="same", use_bias=False)(inputs)
        short_cut = BatchNormalization()(short_cut)
    return Activation("relu")(add([x, short_cut]))


def functional(input_shape):
    """The same network as a graph of layers."""
    inputs = Input(shape=input_shape)
    x = Conv2D(64, (3, 3), strides=1, padding="same", use_bias=False)(inputs)
    x = BatchNormalization()(x)
    x = Activation("relu")(x)
    for filters in FILTERS:
        change = filters != FILTERS[0]
        x = resnet_block(x, filters, strides=2 if change else 1, change=change)
        x = resnet_block(x, filters)
    x = GlobalAveragePooling2D()(x)
    return Model(inputs, Dense(10, activation="softmax", kernel_regularizer=l2())(x))
