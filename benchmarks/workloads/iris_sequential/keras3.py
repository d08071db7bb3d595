"""The notes' Iris Sequential program for Keras 3: `learning_rate` for `lr`, Keras's own seeds."""

import keras
import numpy as np
from sklearn import datasets

x_train = datasets.load_iris().data
y_train = datasets.load_iris().target

np.random.seed(116)
np.random.shuffle(x_train)
np.random.seed(116)
np.random.shuffle(y_train)
keras.utils.set_random_seed(116)

model = keras.models.Sequential(
    [keras.layers.Dense(3, activation="softmax", kernel_regularizer=keras.regularizers.L2())]
)
model.compile(
    optimizer=keras.optimizers.SGD(learning_rate=0.1),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=False),
    metrics=["sparse_categorical_accuracy"],
)
model.fit(x_train, y_train, batch_size=32, epochs=500, validation_split=0.2, validation_freq=20)
model.summary()
