"""LeNet5 (1998): two convolutions with pooling, three dense layers.

Its sigmoids learn slowly; ``activation="relu"`` is what one would take today.
"""

from tensorflow.keras import Input, Model
from tensorflow.keras.layers import Conv2D, Dense, Flatten, MaxPool2D


class LeNet5(Model):
    """The network as a class: layers in ``__init__``, their order in ``call``."""

    def __init__(self, activation="sigmoid"):
        super().__init__()
        self.c1 = Conv2D(filters=6, kernel_size=(5, 5), activation=activation)
        self.p1 = MaxPool2D(pool_size=(2, 2), strides=2)
        self.c2 = Conv2D(filters=16, kernel_size=(5, 5), activation=activation)
        self.p2 = MaxPool2D(pool_size=(2, 2), strides=2)
        self.flatten = Flatten()
        self.f1 = Dense(120, activation=activation)
        self.f2 = Dense(84, activation=activation)
        self.f3 = Dense(10, activation="softmax")

    def call(self, x):
        x = self.c1(x)
        x = self.p1(x)
        x = self.c2(x)
        x = self.p2(x)
        x = self.flatten(x)
        x = self.f1(x)
        x = self.f2(x)
        return self.f3(x)


def functional(input_shape, activation="sigmoid"):
    """The same network as a graph of layers."""
    inputs = Input(shape=input_shape)
    x = Conv2D(filters=6, kernel_size=(5, 5), activation=activation)(inputs)
    x = MaxPool2D(pool_size=(2, 2), strides=2)(x)
    x = Conv2D(filters=16, kernel_size=(5, 5), activation=activation)(x)
    x = MaxPool2D(pool_size=(2, 2), strides=2)(x)
    x = Flatten()(x)
    x = Dense(120, activation=activation)(x)
    x = Dense(84, activation=activation)(x)
    return Model(inputs, Dense(10, activation="softmax")(x))
