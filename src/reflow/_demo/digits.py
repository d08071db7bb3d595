"""A network learns to read handwritten digits.

    reflow demo

It is a TensorFlow 2.1 program in six steps: import, data, model, compile, fit, summary. It saves
the curves of accuracy and loss, and a picture of what the network says of digits it has not seen.
"""

import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure
from sklearn import datasets

# 1,797 handwritten digits of 8 x 8 pixels, with values from 0 to 16; they come with scikit-learn.
digits = datasets.load_digits()
np.random.seed(3)
order = np.random.permutation(len(digits.target))
images, labels = digits.images[order] / 16.0, digits.target[order]
x_train, y_train, x_test, y_test = images[:1437], labels[:1437], images[1437:], labels[1437:]

tf.random.set_seed(7)
model = tf.keras.models.Sequential(
    [
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(256, activation="relu"),
        tf.keras.layers.Dropout(0.2),
        tf.keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile(
    optimizer="adam",
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=False),
    metrics=["sparse_categorical_accuracy"],
)
history = model.fit(
    x_train, y_train, batch_size=32, epochs=40, validation_data=(x_test, y_test), validation_freq=1
)
model.summary()

loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
right = round(accuracy * len(y_test))
print(f"\n{right} of {len(y_test)} new digits are read correctly: {100 * accuracy:.1f} %")

figure = Figure(figsize=(10, 4))
for place, (name, title) in enumerate(
    [("sparse_categorical_accuracy", "Accuracy"), ("loss", "Loss")], start=1
):
    axes = figure.add_subplot(1, 2, place)
    axes.plot(history.history[name], label="Training " + title)
    axes.plot(history.history["val_" + name], label="Validation " + title)
    axes.set_title("Training and Validation " + title)
    axes.set_xlabel("Epoch")
    axes.legend()
figure.savefig("digits_curves.png")

predicted = np.argmax(model.predict(x_test), axis=1)
figure = Figure(figsize=(8, 4.4))
for place in range(32):
    axes = figure.add_subplot(4, 8, place + 1)
    axes.imshow(x_test[place], cmap="gray_r")
    right = predicted[place] == y_test[place]
    axes.set_title(str(predicted[place]), color="green" if right else "red")
    axes.axis("off")
figure.savefig("digits_predictions.png")
print("The curves are in digits_curves.png, 32 predictions in digits_predictions.png.")
