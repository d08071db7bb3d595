"""A network written by hand learns to tell three kinds of iris apart.

    reflow run examples/iris_by_hand.py

It is a TensorFlow 2.1 program: no Keras, only tensors, a gradient tape and two variables. It prints
the loss and the accuracy on unseen flowers every 50 epochs, and saves their curves in
`iris_curves.png` in the current folder.
"""

import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure
from sklearn import datasets

# 150 flowers: four lengths and widths in centimetres (float64), and their kind: 0, 1 or 2.
x_data = datasets.load_iris().data
y_data = datasets.load_iris().target

# The file is sorted by kind. Shuffle both arrays with the same seed, so that rows stay together.
np.random.seed(116)
np.random.shuffle(x_data)
np.random.seed(116)
np.random.shuffle(y_data)
tf.random.set_seed(116)

# 120 flowers to learn from, 30 to test with. TensorFlow does not mix dtypes: go to float32 here.
x_train = tf.cast(x_data[:-30], tf.float32)
x_test = tf.cast(x_data[-30:], tf.float32)
train_db = tf.data.Dataset.from_tensor_slices((x_train, y_data[:-30])).batch(32)
test_db = tf.data.Dataset.from_tensor_slices((x_test, y_data[-30:])).batch(32)

# One layer: 4 inputs, 3 outputs.
w1 = tf.Variable(tf.random.truncated_normal([4, 3], stddev=0.1, seed=1))
b1 = tf.Variable(tf.random.truncated_normal([3], stddev=0.1, seed=1))

learning_rate = 0.1
epochs = 500
losses = []  # mean loss of each epoch
accuracies = []  # share of test flowers recognised after each epoch

for epoch in range(epochs):
    loss_of_epoch = 0
    for x, kind in train_db:
        with tf.GradientTape() as tape:  # remembers what is computed inside
            y = tf.nn.softmax(tf.matmul(x, w1) + b1)  # three probabilities per flower
            y_true = tf.one_hot(kind, depth=3)
            loss = tf.reduce_mean(tf.square(y_true - y))
            loss_of_epoch += loss.numpy()
        gradients = tape.gradient(loss, [w1, b1])

        # One step downhill.
        w1.assign_sub(learning_rate * gradients[0])
        b1.assign_sub(learning_rate * gradients[1])
    losses.append(loss_of_epoch / 4)  # 120 flowers are 4 batches

    correct, total = 0, 0
    for x, kind in test_db:
        y = tf.nn.softmax(tf.matmul(x, w1) + b1)
        prediction = tf.cast(tf.argmax(y, axis=1), kind.dtype)
        correct += int(tf.reduce_sum(tf.cast(tf.equal(prediction, kind), tf.int32)))
        total += x.shape[0]
    accuracies.append(correct / total)

    if epoch % 50 == 0:
        print(f"Epoch {epoch:3}  loss {losses[-1]:.6f}  test accuracy {accuracies[-1]:.4f}")

print(f"Epoch {epoch:3}  loss {losses[-1]:.6f}  test accuracy {accuracies[-1]:.4f}")

figure = Figure(figsize=(9, 3.5), constrained_layout=True)
left, right = figure.subplots(1, 2)
left.plot(losses)
left.set(title="Loss", xlabel="epoch")
right.plot(accuracies)
right.set(title="Test accuracy", xlabel="epoch", ylim=(0, 1.05))
figure.savefig("iris_curves.png", dpi=120)
print("Curves saved in iris_curves.png")
