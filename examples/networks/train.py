"""Trains one of six famous networks on small pictures.

    reflow run examples/networks/train.py lenet5
    reflow run examples/networks/train.py baseline --data fashion --epochs 3
    reflow run examples/networks/train.py lenet5 --relu --data mnist --pad 2 --augment --decay \\
        --epochs 10
    reflow run examples/networks/train.py resnet18 --style functional

Each network stands in a file of its own beside this one, twice: as a class and as a graph of
layers. In the current folder it leaves a checkpoint of the best epoch, from which the next run goes
on, the weights in `weights.txt`, and the curves in `NETWORK_curves.png`.
"""

import argparse
import os

import alexnet8
import baseline
import inception10
import lenet5
import numpy as np
import resnet18
import tensorflow as tf
import vgg16
from matplotlib.figure import Figure

EPOCHS = 5
BATCH_SIZE = 32
SEED = 7

NETWORKS = {
    "baseline": (baseline.Baseline, baseline.functional),
    "lenet5": (lenet5.LeNet5, lenet5.functional),
    "alexnet8": (alexnet8.AlexNet8, alexnet8.functional),
    "vgg16": (vgg16.VGG16, vgg16.functional),
    "inception10": (inception10.Inception10, inception10.functional),
    "resnet18": (resnet18.ResNet18, resnet18.functional),
}
DATA = {
    "cifar10": tf.keras.datasets.cifar10,
    "fashion": tf.keras.datasets.fashion_mnist,
    "mnist": tf.keras.datasets.mnist,
}

parser = argparse.ArgumentParser(description="Train a network on small pictures.")
parser.add_argument("network", choices=list(NETWORKS))
parser.add_argument("--style", choices=["class", "functional"], default="class")
parser.add_argument("--data", choices=list(DATA), default="cifar10")
parser.add_argument("--epochs", type=int, default=EPOCHS)
parser.add_argument("--batch-size", type=int, default=BATCH_SIZE)
parser.add_argument("--pictures", type=int, help="use only the first ones (default: all)")
parser.add_argument("--pad", type=int, default=0, help="zeros on each side of the pictures")
parser.add_argument(
    "--augment", action="store_true", help="turn, move and zoom them anew each time"
)
parser.add_argument(
    "--decay", action="store_true", help="learn fast at first, and ever slower (a cosine)"
)
parser.add_argument("--seed", type=int, default=SEED)
parser.add_argument("--relu", action="store_true", help="lenet5 with ReLU for its sigmoids")
options = parser.parse_args()
if options.relu and options.network != "lenet5":
    parser.error("--relu is for lenet5; the others have it")

tf.random.set_seed(options.seed)
np.random.seed(options.seed)  # the order of the pictures

(x_train, y_train), (x_test, y_test) = DATA[options.data].load_data()
x_train, y_train = x_train[: options.pictures], y_train[: options.pictures]
x_test, y_test = x_test[: options.pictures], y_test[: options.pictures]
x_train, x_test = x_train / 255.0, x_test / 255.0
if x_train.ndim == 3:  # grey pictures: convolutions want an axis of channels
    x_train, x_test = x_train[..., np.newaxis], x_test[..., np.newaxis]
if options.pad:  # LeNet5 saw digits on 32x32, so that its kernels reach their edges
    sides = (options.pad, options.pad)
    x_train, x_test = [
        np.pad(x, ((0, 0), sides, sides, (0, 0)), "constant") for x in (x_train, x_test)
    ]
print("training pictures:", x_train.shape, " test pictures:", x_test.shape)

settings = {"activation": "relu"} if options.relu else {}
as_class, as_graph = NETWORKS[options.network]
if options.style == "class":
    model = as_class(**settings)
else:
    model = as_graph(x_train.shape[1:], **settings)
optimizer = "adam"
if options.decay:
    steps = options.epochs * -(-len(x_train) // options.batch_size)
    optimizer = tf.keras.optimizers.Adam(tf.keras.experimental.CosineDecay(0.003, steps))
model.compile(
    optimizer=optimizer,
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=False),
    metrics=["sparse_categorical_accuracy"],
)

name = f"{options.network}{'_relu' if options.relu else ''}"
checkpoint = f"./checkpoint/{name}_{options.data}_{options.style}.ckpt"
if os.path.exists(checkpoint + ".index"):
    print("-------------load the model-----------------")
    model.load_weights(checkpoint)
save = tf.keras.callbacks.ModelCheckpoint(
    filepath=checkpoint, save_weights_only=True, save_best_only=True
)
if options.augment:
    image_gen_train = tf.keras.preprocessing.image.ImageDataGenerator(
        rotation_range=10, width_shift_range=0.1, height_shift_range=0.1, zoom_range=0.1
    )
    training = {"x": image_gen_train.flow(x_train, y_train, batch_size=options.batch_size)}
else:
    training = {"x": x_train, "y": y_train, "batch_size": options.batch_size}
history = model.fit(
    **training,
    epochs=options.epochs,
    validation_data=(x_test, y_test),
    validation_freq=1,
    callbacks=[save],
    verbose=2,
)
model.summary()

with open("./weights.txt", "w") as file:
    for v in model.trainable_variables:
        file.write(str(v.name) + "\n")
        file.write(str(v.shape) + "\n")
        file.write(str(v.numpy()) + "\n")

figure = Figure(figsize=(9, 3.5), constrained_layout=True)
left, right = figure.subplots(1, 2)
for axes, key, title in (
    (left, "sparse_categorical_accuracy", "Accuracy"),
    (right, "loss", "Loss"),
):
    axes.plot(history.history[key], label="Training " + title)
    axes.plot(history.history["val_" + key], label="Validation " + title)
    axes.set(title="Training and Validation " + title, xlabel="epoch")
    axes.legend()
figure.savefig(f"{name}_curves.png", dpi=120)
