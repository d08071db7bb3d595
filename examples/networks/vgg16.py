"""VGG16 (2014): thirteen convolutions with 3x3 kernels in five blocks, three dense layers.

Two 3x3 kernels see as much as one 5x5, with fewer weights.
"""

from tensorflow.keras import Input, Model, Sequential
from tensorflow.keras.layers import (
    Activation,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    MaxPool2D,
)

BLOCKS = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))  # filters, convolutions


class Block(Model):
    """Some convolutions with batch normalization, then pooling and dropout."""

    def __init__(self, filters, convolutions):
        super().__init__()
        self.convolutions = Sequential()
        for _ in range(convolutions):
            self.convolutions.add(Conv2D(filters, kernel_size=(3, 3), padding="same"))
            self.convolutions.add(BatchNormalization())
            self.convolutions.add(Activation("relu"))
        self.pool = MaxPool2D(pool_size=(2, 2), strides=2, padding="same")
        self.dropout = Dropout(0.2)

    def call(self, x):
        x = self.convolutions(x)
        x = self.pool(x)
        return self.dropout(x)


class VGG16(Model):
    """The network as a class made of blocks."""

    def __init__(self):
        super().__init__()
        self.blocks = Sequential([Block(filters, n) for filters, n in BLOCKS])
        self.flatten = Flatten()
        self.f1 = Dense(512, activation="relu")
        self.d1 = Dropout(0.2)
        self.f2 = Dense(512, activation="relu")
        self.d2 = Dropout(0.2)
        self.f3 = Dense(10, activation="softmax")

    def call(self, x):
        x = self.blocks(x)
        x = self.flatten(x)
        x = self.f1(x)
        x = self.d1(x)
        x = self.f2(x)
        x = self.d2(x)
        return self.f3(x)


def functional(input_shape):
    """The same network as a graph of layers."""
    x = inputs = Input(shape=input_shape)
    for filters, convolutions in BLOCKS:
        for _ in range(convolutions):
            x = Conv2D(filters, kernel_size=(3, 3), padding="same")(x)
            x = BatchNormalization()(x)
            x = Activation("relu")(x)
        x = MaxPool2D(pool_size=(2, 2), strides=2, padding="same")(x)
        x = Dropout(0.2)(x)
    x = Flatten()(x)
    for _ in range(2):
        x = Dense(512, activation="relu")(x)
        x = Dropout(0.2)(x)
    return Model(inputs, Dense(10, activation="softmax")(x))
