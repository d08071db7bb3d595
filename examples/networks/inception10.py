"""Inception10: ten layers of GoogLeNet's kind (2014).

A block looks at its input through kernels of several sizes at once and puts the results side by
side; 1x1 kernels before the large ones keep the number of weights small.
"""

import tensorflow as tf
from tensorflow.keras import Input, Model, Sequential
from tensorflow.keras.layers import (
    Activation,
    BatchNormalization,
    Conv2D,
    Dense,
    GlobalAveragePooling2D,
    MaxPool2D,
)

FILTERS = 16  # of the first blocks; twice as many in the second ones
BLOCKS = 2


class ConvBNRelu(Model):
    """Convolution, batch normalization, ReLU."""

    def __init__(self, filters, kernel_size=3, strides=1):
        super().__init__()
        self.model = Sequential(
            [
                Conv2D(filters, kernel_size, strides=strides, padding="same"),
                BatchNormalization(),
                Activation("relu"),
            ]
        )

    def call(self, x):
        return self.model(x)


class InceptionBlock(Model):
    """Four ways from the input to the output; ``(..., 4 * filters)`` comes out."""

    def __init__(self, filters, strides=1):
        super().__init__()
        self.c1 = ConvBNRelu(filters, kernel_size=1, strides=strides)
        self.c2_1 = ConvBNRelu(filters, kernel_size=1, strides=strides)
        self.c2_2 = ConvBNRelu(filters, kernel_size=3)
        self.c3_1 = ConvBNRelu(filters, kernel_size=1, strides=strides)
        self.c3_2 = ConvBNRelu(filters, kernel_size=5)
        self.p4_1 = MaxPool2D(pool_size=3, strides=1, padding="same")
        self.c4_2 = ConvBNRelu(filters, kernel_size=1, strides=strides)

    def call(self, x):
        x1 = self.c1(x)
        x2 = self.c2_2(self.c2_1(x))
        x3 = self.c3_2(self.c3_1(x))
        x4 = self.c4_2(self.p4_1(x))
        return tf.concat([x1, x2, x3, x4], axis=3)


class Inception10(Model):
    """The network as a class made of blocks."""

    def __init__(self):
        super().__init__()
        self.c1 = ConvBNRelu(FILTERS)
        self.blocks = Sequential()
        for number in range(BLOCKS):
            self.blocks.add(InceptionBlock(FILTERS * 2**number, strides=2))
            self.blocks.add(InceptionBlock(FILTERS * 2**number, strides=1))
        self.p1 = GlobalAveragePooling2D()
        self.f1 = Dense(10, activation="softmax")

    def call(self, x):
        x = self.c1(x)
        x = self.blocks(x)
        x = self.p1(x)
        return self.f1(x)


def conv_bn_relu(x, filters, kernel_size=3, strides=1):
    """Convolution, batch normalization, ReLU."""
    x = Conv2D(filters, kernel_size, strides=strides, padding="same")(x)
    x = BatchNormalization()(x)
    return Activation("relu")(x)


def inception_block(x, filters, strides=1):
    """Four ways from the input to the output."""
    x1 = conv_bn_relu(x, filters, kernel_size=1, strides=strides)
    x2 = conv_bn_relu(x, filters, kernel_size=1, strides=strides)
    x2 = conv_bn_relu(x2, filters, kernel_size=3)
    x3 = conv_bn_relu(x, filters, kernel_size=1, strides=strides)
    x3 = conv_bn_relu(x3, filters, kernel_size=5)
    x4 = MaxPool2D(pool_size=3, strides=1, padding="same")(x)
    x4 = conv_bn_relu(x4, filters, kernel_size=1, strides=strides)
    return tf.concat([x1, x2, x3, x4], axis=3)


def functional(input_shape):
    """The same network as a graph of layers."""
    inputs = Input(shape=input_shape)
    x = conv_bn_relu(inputs, FILTERS)
    for number in range(BLOCKS):
        x = inception_block(x, FILTERS * 2**number, strides=2)
        x = inception_block(x, FILTERS * 2**number, strides=1)
    x = GlobalAveragePooling2D()(x)
    return Model(inputs, Dense(10, activation="softmax")(x))
