"""AlexNet8 (2012), cut to small pictures: five convolutions, three dense layers.

It made rectifiers and dropout popular.
"""

from tensorflow.keras import Input, Model
from tensorflow.keras.layers import (
    Activation,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    MaxPool2D,
)


class AlexNet8(Model):
    """The network as a class: layers in ``__init__``, their order in ``call``."""

    def __init__(self):
        super().__init__()
        self.c1 = Conv2D(filters=96, kernel_size=(3, 3))
        self.b1 = BatchNormalization()
        self.a1 = Activation("relu")
        self.p1 = MaxPool2D(pool_size=(3, 3), strides=2)
        self.c2 = Conv2D(filters=256, kernel_size=(3, 3))
        self.b2 = BatchNormalization()
        self.a2 = Activation("relu")
        self.p2 = MaxPool2D(pool_size=(3, 3), strides=2)
        self.c3 = Conv2D(filters=384, kernel_size=(3, 3), padding="same", activation="relu")
        self.c4 = Conv2D(filters=384, kernel_size=(3, 3), padding="same", activation="relu")
        self.c5 = Conv2D(filters=256, kernel_size=(3, 3), padding="same", activation="relu")
        self.p3 = MaxPool2D(pool_size=(3, 3), strides=2)
        self.flatten = Flatten()
        self.f1 = Dense(2048, activation="relu")
        self.d1 = Dropout(0.5)
        self.f2 = Dense(2048, activation="relu")
        self.d2 = Dropout(0.5)
        self.f3 = Dense(10, activation="softmax")

    def call(self, x):
        x = self.c1(x)
        x = self.b1(x)
        x = self.a1(x)
        x = self.p1(x)
        x = self.c2(x)
        x = self.b2(x)
        x = self.a2(x)
        x = self.p2(x)
        x = self.c3(x)
        x = self.c4(x)
        x = self.c5(x)
        x = self.p3(x)
        x = self.flatten(x)
        x = self.f1(x)
        x = self.d1(x)
        x = self.f2(x)
        x = self.d2(x)
        return self.f3(x)


def functional(input_shape):
    """The same network as a graph of layers."""
    x = inputs = Input(shape=input_shape)
    for filters in (96, 256):
        x = Conv2D(filters, kernel_size=(3, 3))(x)
        x = BatchNormalization()(x)
        x = Activation("relu")(x)
        x = MaxPool2D(pool_size=(3, 3), strides=2)(x)
    for filters in (384, 384, 256):
        x = Conv2D(filters, kernel_size=(3, 3), padding="same", activation="relu")(x)
    x = MaxPool2D(pool_size=(3, 3), strides=2)(x)
    x = Flatten()(x)
    for _ in range(2):
        x = Dense(2048, activation="relu")(x)
        x = Dropout(0.5)(x)
    return Model(inputs, Dense(10, activation="softmax")(x))
