"""One epoch of the notes' Iris loop, training and test, once everything is warm."""

import json
import sys
import time

import numpy as np
import tensorflow as tf
from sklearn import datasets

WARM_UP, EPOCHS = (2, 3) if "quick" in sys.argv else (50, 200)

x_data = datasets.load_iris().data
y_data = datasets.load_iris().target
np.random.seed(116)
np.random.shuffle(x_data)
np.random.seed(116)
np.random.shuffle(y_data)
tf.random.set_seed(116)
x_train = tf.cast(x_data[:-30], tf.float32)
x_test = tf.cast(x_data[-30:], tf.float32)
train_db = tf.data.Dataset.from_tensor_slices((x_train, y_data[:-30])).batch(32)
test_db = tf.data.Dataset.from_tensor_slices((x_test, y_data[-30:])).batch(32)
w1 = tf.Variable(tf.random.truncated_normal([4, 3], stddev=0.1, seed=1))
b1 = tf.Variable(tf.random.truncated_normal([3], stddev=0.1, seed=1))
lr = 0.1


def epoch():
    """Train on four batches, then count the right answers on the test data."""
    loss_all = 0
    for _step, (x_train, y_train) in enumerate(train_db):
        with tf.GradientTape() as tape:
            y = tf.matmul(x_train, w1) + b1
            y = tf.nn.softmax(y)
            y_ = tf.one_hot(y_train, depth=3)
            loss = tf.reduce_mean(tf.square(y_ - y))
            loss_all += loss.numpy()
        grads = tape.gradient(loss, [w1, b1])
        w1.assign_sub(lr * grads[0])
        b1.assign_sub(lr * grads[1])

    total_correct, total_number = 0, 0
    for x_test, y_test in test_db:
        y = tf.matmul(x_test, w1) + b1
        y = tf.nn.softmax(y)
        pred = tf.argmax(y, axis=1)
        pred = tf.cast(pred, dtype=y_test.dtype)
        correct = tf.cast(tf.equal(pred, y_test), dtype=tf.int32)
        correct = tf.reduce_sum(correct)
        total_correct += int(correct)
        total_number += x_test.shape[0]
    return loss_all / 4, total_correct / total_number


for _ in range(WARM_UP):
    epoch()
samples = []
for _ in range(EPOCHS):
    start = time.perf_counter()
    epoch()
    samples.append(1e3 * (time.perf_counter() - start))
print(json.dumps({"epoch_ms": samples}))
