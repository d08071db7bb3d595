"""A network learns digits from pictures in a folder and a text file that says what they show.

    reflow run examples/digits_from_files.py --data mnist_image_label

The folder holds `mnist_train_jpg_60000/` with the pictures, `mnist_train_jpg_60000.txt` with lines
like `28755_0.jpg 0` (a file's name and its digit), and the same with `mnist_test_jpg_10000`. They
are read once: arrays are left in the current folder, and the next run takes them from there.
"""

import argparse
import os

import numpy as np
import tensorflow as tf
from PIL import Image

EPOCHS = 5
BATCH_SIZE = 32

parser = argparse.ArgumentParser(description="Learn digits from pictures in a folder.")
parser.add_argument("--data", default="mnist_image_label", help="the folder")
parser.add_argument("--epochs", type=int, default=EPOCHS)
options = parser.parse_args()

train_path = f"{options.data}/mnist_train_jpg_60000/"
train_txt = f"{options.data}/mnist_train_jpg_60000.txt"
x_train_savepath = "./mnist_x_train.npy"
y_train_savepath = "./mnist_y_train.npy"

test_path = f"{options.data}/mnist_test_jpg_10000/"
test_txt = f"{options.data}/mnist_test_jpg_10000.txt"
x_test_savepath = "./mnist_x_test.npy"
y_test_savepath = "./mnist_y_test.npy"


def generateds(path, txt):
    """Pictures ``(samples, 28, 28)`` in 0..1 and their labels, from a folder and a text file."""
    f = open(txt, "r")
    contents = f.readlines()  # one line a picture
    f.close()
    x, y_ = [], []
    for content in contents:
        value = content.split()  # the file's name and the label
        img_path = path + value[0]
        img = Image.open(img_path)
        img = np.array(img.convert("L"))  # grey
        img = img / 255.0
        x.append(img)
        y_.append(value[1])
    print("loading : " + "data")

    x = np.array(x)
    y_ = np.array(y_)
    y_ = y_.astype(np.int64)
    return x, y_


saved = (x_train_savepath, y_train_savepath, x_test_savepath, y_test_savepath)
if all(os.path.exists(path) for path in saved):
    print("-------------Load Datasets-----------------")
    x_train, y_train, x_test, y_test = [np.load(path) for path in saved]
else:
    print("-------------Generate Datasets-----------------")
    x_train, y_train = generateds(train_path, train_txt)
    x_test, y_test = generateds(test_path, test_txt)
    print("-------------Save Datasets-----------------")
    for path, array in zip(saved, (x_train, y_train, x_test, y_test)):
        np.save(path, array)
print("training pictures:", x_train.shape, " test pictures:", x_test.shape)

np.random.seed(7)  # the order of the pictures
tf.random.set_seed(7)
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
model.fit(
    x_train,
    y_train,
    batch_size=BATCH_SIZE,
    epochs=options.epochs,
    validation_data=(x_test, y_test),
    validation_freq=1,
    verbose=2,
)
model.summary()
