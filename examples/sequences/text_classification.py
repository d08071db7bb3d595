"""A recurrent network reads opinions and says whether they are good or bad.

    reflow run examples/sequences/text_classification.py
    reflow run examples/sequences/text_classification.py --layer GRU --bidirectional
    reflow run examples/sequences/text_classification.py --data imdb --words 10000 --length 200

`--data imdb` takes the film reviews of `tf.keras.datasets.imdb`, which are downloaded once. Without
it the sentences are made up, by a dozen lines below: they show that training works, and say nothing
about real language. What they mean depends on the order of their words ("not bad", "good, but
..."), so a network that only counts words cannot learn all of them.

In the current folder it leaves a checkpoint of the best epoch, from which the next run goes on, the
weights in `weights.txt` and the curves in `text_curves.png`.
"""

import argparse
import os

import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure
from tensorflow.keras.layers import Bidirectional, Dense, Dropout, Embedding
from tensorflow.keras.preprocessing.sequence import pad_sequences
from tensorflow.keras.preprocessing.text import Tokenizer

EPOCHS = 10
BATCH_SIZE = 32
SENTENCES = 2000  # made up
WORDS = 1000  # the most frequent ones count
LENGTH = 20  # words of a text
UNITS = 16

parser = argparse.ArgumentParser(description="Tell good opinions from bad ones.")
parser.add_argument("--data", choices=["made-up", "imdb"], default="made-up")
parser.add_argument("--epochs", type=int, default=EPOCHS)
parser.add_argument("--sentences", type=int, default=SENTENCES, help="how many to make up")
parser.add_argument("--words", type=int, default=WORDS, help="size of the vocabulary")
parser.add_argument("--length", type=int, default=LENGTH, help="words of a text")
parser.add_argument("--units", type=int, default=UNITS, help="memory cells")
parser.add_argument("--layer", choices=["SimpleRNN", "LSTM", "GRU"], default="LSTM")
parser.add_argument("--bidirectional", action="store_true")
options = parser.parse_args()

np.random.seed(7)
tf.random.set_seed(7)

GOOD = "good great lovely brilliant funny clever moving fresh".split()
BAD = "bad awful dull boring silly weak clumsy stale".split()
THINGS = "story film music ending cast plot book dialogue".split()
DEGREES = ["", "very ", "really ", "quite ", "rather "]


def opinion(good):
    """Half a sentence that says something good or bad, now and then by denying the opposite."""
    denied = np.random.rand() < 0.4
    word = np.random.choice(GOOD if good != denied else BAD)
    degree = "not " if denied else np.random.choice(DEGREES)
    return f"the {np.random.choice(THINGS)} was {degree}{word}"


def sentence(good):
    """An opinion, or the opposite one and then a "but": the last word counts."""
    if np.random.rand() < 0.5:
        return opinion(good)
    return f"{opinion(not good)}, but {opinion(good)}"


if options.data == "imdb":
    (x_train, y_train), (x_test, y_test) = tf.keras.datasets.imdb.load_data(num_words=options.words)
else:
    labels = np.random.randint(0, 2, options.sentences)
    texts = [sentence(label == 1) for label in labels]
    tokenizer = Tokenizer(num_words=options.words, oov_token="?")
    tokenizer.fit_on_texts(texts)
    numbers = tokenizer.texts_to_sequences(texts)
    split = len(texts) * 4 // 5
    x_train, y_train = numbers[:split], labels[:split]
    x_test, y_test = numbers[split:], labels[split:]

# Zeros fill up short texts; mask_zero makes the recurrent layer pass over them.
x_train = pad_sequences(x_train, maxlen=options.length, padding="post", truncating="post")
x_test = pad_sequences(x_test, maxlen=options.length, padding="post", truncating="post")
print("training texts:", x_train.shape, " test texts:", x_test.shape)

recurrent = getattr(tf.keras.layers, options.layer)(options.units)
model = tf.keras.Sequential(
    [
        Embedding(options.words, 16, mask_zero=True),
        Bidirectional(recurrent) if options.bidirectional else recurrent,
        Dropout(0.2),
        Dense(1, activation="sigmoid"),
    ]
)
model.compile(
    optimizer=tf.keras.optimizers.Adam(0.01), loss="binary_crossentropy", metrics=["accuracy"]
)

direction = "both" if options.bidirectional else "forward"
network = f"{options.data}_{options.words}_{options.layer}_{options.units}_{direction}"
checkpoint = f"./checkpoint/text_{network}.ckpt"
if os.path.exists(checkpoint + ".index"):
    print("-------------load the model-----------------")
    model.load_weights(checkpoint)
save = tf.keras.callbacks.ModelCheckpoint(
    filepath=checkpoint, save_weights_only=True, save_best_only=True
)
history = model.fit(
    x_train,
    y_train,
    batch_size=BATCH_SIZE,
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
for axes, name, title in ((left, "accuracy", "Accuracy"), (right, "loss", "Loss")):
    axes.plot(history.history[name], label="Training " + title)
    axes.plot(history.history["val_" + name], label="Validation " + title)
    axes.set(title="Training and Validation " + title, xlabel="epoch")
    axes.legend()
figure.savefig("text_curves.png", dpi=120)

if options.data == "made-up":
    print("How good is it, from 0 to 1?")
    for text in (
        "the film was great",
        "the film was not great",
        "the ending was dull, but the music was lovely",
        "the music was lovely, but the ending was dull",
    ):
        x = pad_sequences(
            tokenizer.texts_to_sequences([text]), maxlen=options.length, padding="post"
        )
        print(f"{model.predict(x)[0, 0]:.2f}  {text}")
