"""A recurrent network predicts a share's opening price from the sixty days before.

    reflow run examples/sequences/stock_prices.py --data stock.csv
    reflow run examples/sequences/stock_prices.py --data stock.csv --layer GRU

The table is a CSV file with one line a day, oldest first, and a column `open`. The last 300 days
are for testing. In the current folder it leaves a checkpoint of the best epoch, from which the next
run goes on, the weights in `weights.txt`, and two pictures: the losses, and the real prices beside
the predicted ones. A network that repeats yesterday's price comes close too: look at the picture
before you invest.
"""

import argparse
import math
import os

import numpy as np
import pandas as pd
import tensorflow as tf
from matplotlib.figure import Figure
from sklearn.metrics import mean_absolute_error, mean_squared_error
from sklearn.preprocessing import MinMaxScaler
from tensorflow.keras.layers import Dense, Dropout

EPOCHS = 50
BATCH_SIZE = 64
DAYS = 60  # that the network sees
TEST_DAYS = 300

parser = argparse.ArgumentParser(description="Predict a share's price.")
parser.add_argument("--data", default="stock.csv", help="the table (default: stock.csv)")
parser.add_argument("--epochs", type=int, default=EPOCHS)
parser.add_argument("--rows", type=int, help="use only the last days (default: all)")
parser.add_argument("--test-days", type=int, default=TEST_DAYS)
parser.add_argument("--layer", choices=["SimpleRNN", "LSTM", "GRU"], default="LSTM")
options = parser.parse_args()
if not os.path.exists(options.data):
    parser.error(f"there is no {options.data}; name a table of daily prices with --data")

prices = pd.read_csv(options.data)[["open"]].values  # (days, 1)
if options.rows:
    prices = prices[-options.rows :]
train_prices, test_prices = prices[: -options.test_days], prices[-options.test_days :]

# To 0..1, by the smallest and largest price of the training days: the test days are the future.
scaler = MinMaxScaler(feature_range=(0, 1))
train_scaled = scaler.fit_transform(train_prices)
test_scaled = scaler.transform(test_prices)


def windows(series):
    """Every sixty days in a row, (windows, 60, 1), and the price of the day after, (windows,)."""
    days = range(DAYS, len(series))
    x = np.array([series[day - DAYS : day, 0] for day in days])
    y = np.array([series[day, 0] for day in days])
    return x.reshape(len(x), DAYS, 1), y


x_train, y_train = windows(train_scaled)
x_test, y_test = windows(test_scaled)

np.random.seed(7)
np.random.shuffle(x_train)
np.random.seed(7)
np.random.shuffle(y_train)
tf.random.set_seed(7)

recurrent = getattr(tf.keras.layers, options.layer)
model = tf.keras.Sequential(
    [
        recurrent(80, return_sequences=True),
        Dropout(0.2),
        recurrent(100),
        Dropout(0.2),
        Dense(1),
    ]
)
model.compile(optimizer=tf.keras.optimizers.Adam(0.001), loss="mean_squared_error")

checkpoint = f"./checkpoint/stock_prices_{options.layer}.ckpt"
if os.path.exists(checkpoint + ".index"):
    print("-------------load the model-----------------")
    model.load_weights(checkpoint)
save = tf.keras.callbacks.ModelCheckpoint(
    filepath=checkpoint, save_weights_only=True, save_best_only=True, monitor="val_loss"
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

figure = Figure(constrained_layout=True)
axes = figure.subplots()
axes.plot(history.history["loss"], label="Training Loss")
axes.plot(history.history["val_loss"], label="Validation Loss")
axes.set(title="Training and Validation Loss", xlabel="epoch")
axes.legend()
figure.savefig("stock_losses.png", dpi=120)

predicted = scaler.inverse_transform(model.predict(x_test))
real = test_prices[DAYS:]

figure = Figure(figsize=(9, 5), constrained_layout=True)
axes = figure.subplots()
axes.plot(real, color="red", label="Real price")
axes.plot(predicted, color="blue", label="Predicted price")
axes.set(title=f"Opening price, the last {len(real)} days", xlabel="day")
axes.legend()
figure.savefig("stock_prices.png", dpi=120)

mse = mean_squared_error(real, predicted)
print(f"mean squared error: {mse:.4f}")
print(f"root mean squared error: {math.sqrt(mse):.4f}")
print(f"mean absolute error: {mean_absolute_error(real, predicted):.4f}")
