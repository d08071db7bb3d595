"""The next letter from one letter, by SimpleRNN(3): 100 epochs with checkpoints, and curves."""

import numpy as np
import tensorflow as tf
from matplotlib import pyplot as plt

np.random.seed(7)
tf.random.set_seed(7)
letters = "abcde"
x_train = np.eye(5)[np.arange(5)].reshape(5, 1, 5)
y_train = np.array([1, 2, 3, 4, 0])
order = np.random.permutation(5)
x_train, y_train = x_train[order], y_train[order]

model = tf.keras.Sequential(
    [tf.keras.layers.SimpleRNN(3), tf.keras.layers.Dense(5, activation="softmax")]
)
model.compile(
    optimizer=tf.keras.optimizers.Adam(0.01),
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=False),
    metrics=["sparse_categorical_accuracy"],
)
# Keras 3 saves weights in HDF5 only.
path = "./letters.ckpt" if tf.__version__.startswith("2.1.") else "./letters.weights.h5"
checkpoint = tf.keras.callbacks.ModelCheckpoint(
    filepath=path, save_weights_only=True, save_best_only=True, monitor="loss"
)
history = model.fit(x_train, y_train, batch_size=32, epochs=100, callbacks=[checkpoint])
model.summary()

with open("./weights.txt", "w") as file:
    for v in model.trainable_variables:
        file.write(str(v.name) + "\n")
        file.write(str(v.shape) + "\n")
        file.write(str(v.numpy()) + "\n")

plt.plot(history.history["sparse_categorical_accuracy"], label="Training Accuracy")
plt.plot(history.history["loss"], label="Training Loss")
plt.legend()
plt.show()

for number, letter in enumerate(letters):
    result = model.predict(np.eye(5)[number].reshape(1, 1, 5))
    print(letter + "->" + letters[int(tf.argmax(result, axis=1)[0])])
