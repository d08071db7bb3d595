"""A recurrent network learns the alphabet: which letter comes next?

    reflow run examples/sequences/next_letter.py
    reflow run examples/sequences/next_letter.py --given 4 --encoding embedding --letters 26
    reflow run examples/sequences/next_letter.py --layer GRU --predict ace

It sees one letter or four and names the next one; after the last letter comes the first again. A
letter goes in as a vector with a single 1 (one-hot), or as a number whose vector is learned too
(embedding). In the current folder it leaves a checkpoint, from which the next run goes on, the
weights in `weights.txt` and the curves in `next_letter_curves.png`.
"""

import argparse
import os

import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure
from tensorflow.keras.layers import Dense, Embedding

EPOCHS = 100
LETTERS = 5  # a to e
GIVEN = 1  # letters that the network sees
UNITS = 10  # memory cells

parser = argparse.ArgumentParser(description="Learn which letter comes next.")
parser.add_argument("--epochs", type=int, default=EPOCHS)
parser.add_argument("--letters", type=int, default=LETTERS, help="length of the alphabet")
parser.add_argument("--given", type=int, default=GIVEN, help="letters that the network sees")
parser.add_argument("--units", type=int, default=UNITS, help="memory cells")
parser.add_argument("--encoding", choices=["one-hot", "embedding"], default="one-hot")
parser.add_argument("--layer", choices=["SimpleRNN", "LSTM", "GRU"], default="SimpleRNN")
parser.add_argument("--predict", help="letters to go on from (default: every place)")
options = parser.parse_args()

alphabet = "abcdefghijklmnopqrstuvwxyz"[: options.letters]
number_of = {letter: number for number, letter in enumerate(alphabet)}


def encode(texts):
    """Texts of the same length as the network wants them."""
    numbers = np.array([[number_of[letter] for letter in text] for text in texts])
    if options.encoding == "embedding":
        return numbers  # (texts, letters)
    return np.eye(len(alphabet))[numbers]  # (texts, letters, alphabet)


# Every place in the alphabet: abcd -> e, bcde -> f, ..., zabc -> d.
circle = alphabet * 3
texts = [circle[i : i + options.given] for i in range(len(alphabet))]
x_train = encode(texts)
y_train = np.array([number_of[circle[i + options.given]] for i in range(len(alphabet))])

# Shuffle both arrays with the same seed, so that texts and answers stay together.
np.random.seed(7)
np.random.shuffle(x_train)
np.random.seed(7)
np.random.shuffle(y_train)
tf.random.set_seed(7)

model = tf.keras.Sequential()
if options.encoding == "embedding":
    model.add(Embedding(len(alphabet), 2))
model.add(getattr(tf.keras.layers, options.layer)(options.units))
model.add(Dense(len(alphabet), activation="softmax"))
model.compile(
    optimizer=tf.keras.optimizers.Adam(0.01),
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=False),
    metrics=["sparse_categorical_accuracy"],
)

# Another network has another checkpoint.
network = f"{options.layer}_{options.units}_{options.encoding}_{options.given}_{options.letters}"
checkpoint = f"./checkpoint/next_letter_{network}.ckpt"
if os.path.exists(checkpoint + ".index"):
    print("-------------load the model-----------------")
    model.load_weights(checkpoint)
save = tf.keras.callbacks.ModelCheckpoint(
    filepath=checkpoint,
    save_weights_only=True,
    save_best_only=True,
    monitor="loss",  # all there is: the whole alphabet is for training
)
history = model.fit(
    x_train, y_train, batch_size=32, epochs=options.epochs, callbacks=[save], verbose=2
)
model.summary()

with open("./weights.txt", "w") as file:
    for v in model.trainable_variables:
        file.write(str(v.name) + "\n")
        file.write(str(v.shape) + "\n")
        file.write(str(v.numpy()) + "\n")

figure = Figure(figsize=(9, 3.5), constrained_layout=True)
left, right = figure.subplots(1, 2)
left.plot(history.history["sparse_categorical_accuracy"])
left.set(title="Training accuracy", xlabel="epoch", ylim=(0, 1.05))
right.plot(history.history["loss"])
right.set(title="Training loss", xlabel="epoch")
figure.savefig("next_letter_curves.png", dpi=120)

if options.predict:
    wanted = options.predict
    if len(wanted) < options.given or not set(wanted) <= set(alphabet):
        parser.error(f"--predict: at least {options.given} of the letters {alphabet}")
    texts = [wanted[i : i + options.given] for i in range(len(wanted) - options.given + 1)]
answers = tf.argmax(model.predict(encode(texts)), axis=1).numpy()
for text, answer in zip(texts, answers):
    print(text + "->" + alphabet[answer])
