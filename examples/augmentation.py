"""A network learns digits from pictures that are turned, moved and zoomed anew in every epoch.

    reflow run examples/augmentation.py
    reflow run examples/augmentation.py --data fashion

Few pictures become many: the training accuracy grows more slowly, since the network never sees a
picture twice, and what it learns holds for pictures that are not upright or centred. Both are
printed at the end, beside a network that saw only the original pictures.
"""

import argparse

import numpy as np
import tensorflow as tf
from tensorflow.keras.preprocessing.image import ImageDataGenerator

EPOCHS = 5
BATCH_SIZE = 32

parser = argparse.ArgumentParser(description="Train with augmented pictures.")
parser.add_argument("--data", choices=["mnist", "fashion"], default="mnist")
parser.add_argument("--epochs", type=int, default=EPOCHS)
parser.add_argument("--pictures", type=int, default=2000, help="use only the first ones")
options = parser.parse_args()

np.random.seed(7)  # the order of the pictures, and how they are turned
tf.random.set_seed(7)

if options.data == "mnist":
    data = tf.keras.datasets.mnist
else:
    data = tf.keras.datasets.fashion_mnist
(x_train, y_train), (x_test, y_test) = data.load_data()
x_train, y_train = x_train[: options.pictures], y_train[: options.pictures]
x_test, y_test = x_test[: options.pictures], y_test[: options.pictures]
x_train, x_test = x_train / 255.0, x_test / 255.0
x_train = x_train.reshape(x_train.shape[0], 28, 28, 1)  # ImageDataGenerator wants channels
x_test = x_test.reshape(x_test.shape[0], 28, 28, 1)

image_gen_train = ImageDataGenerator(
    rescale=1.0 / 1.0,
    rotation_range=20,  # degrees
    width_shift_range=0.1,  # of the width
    height_shift_range=0.1,  # of the height
    horizontal_flip=options.data == "fashion",  # a mirrored shoe is a shoe, but a digit is none
    zoom_range=0.2,
)
image_gen_train.fit(x_train)
# The test: the same pictures for both networks, turned and moved once.
x_moved, y_moved = next(
    image_gen_train.flow(x_test, y_test, batch_size=len(x_test), shuffle=False, seed=7)
)


def network():
    """The network of the notes."""
    model = tf.keras.models.Sequential(
        [
            tf.keras.layers.Flatten(),
            tf.keras.layers.Dense(128, activation="relu"),
            tf.keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(
        optimizer="adam",
        loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=False),
        metrics=["sparse_categorical_accuracy"],
    )
    return model


print("With the original pictures")
plain = network()
plain.fit(x_train, y_train, batch_size=BATCH_SIZE, epochs=options.epochs, verbose=2)

print("With augmented pictures")
model = network()
model.fit(
    image_gen_train.flow(x_train, y_train, batch_size=BATCH_SIZE),
    epochs=options.epochs,
    shuffle=False,  # `flow` does it; `fit` would do it again, with numbers that have no seed here
    validation_data=(x_test, y_test),
    validation_freq=1,
    verbose=2,
)
model.summary()

for title, trained in (("original", plain), ("augmented", model)):
    upright = trained.evaluate(x_test, y_test, verbose=0)[1]
    moved = trained.evaluate(x_moved, y_moved, verbose=0)[1]
    print(f"trained with {title} pictures: {upright:.3f} upright, {moved:.3f} moved")
