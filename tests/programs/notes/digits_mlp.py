# A network 64-32-10 by hand on the digits of scikit-learn: softmax cross entropy, Adam in Python.
import tensorflow as tf
from sklearn import datasets
import numpy as np

digits = datasets.load_digits()
order = np.random.RandomState(116).permutation(len(digits.target))
x_data = (digits.data[order] / 16.0).astype(np.float32)
y_data = digits.target[order].astype(np.int32)
x_train, y_train = x_data[:-297], y_data[:-297]
x_test, y_test = x_data[-297:], y_data[-297:]
train_db = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(1500, seed=7).batch(50)

tf.random.set_seed(116)
w1 = tf.Variable(tf.random.truncated_normal([64, 32], stddev=0.1, seed=1))
b1 = tf.Variable(tf.zeros([32]))
w2 = tf.Variable(tf.random.truncated_normal([32, 10], stddev=0.1, seed=2))
b2 = tf.Variable(tf.zeros([10]))
variables = [w1, b1, w2, b2]
m = [tf.Variable(tf.zeros_like(v)) for v in variables]
v = [tf.Variable(tf.zeros_like(v)) for v in variables]
lr, beta1, beta2, epsilon = 0.003, 0.9, 0.999, 1e-3


def network(x):
    h = tf.nn.relu(tf.matmul(x, w1) + b1)
    return tf.matmul(h, w2) + b2


step = 0
for epoch in range(5):
    losses = []
    for x, y_ in train_db:
        step += 1
        with tf.GradientTape() as tape:
            losses_of_batch = tf.nn.sparse_softmax_cross_entropy_with_logits(y_, network(x))
            loss = tf.reduce_mean(losses_of_batch)
        grads = tape.gradient(loss, variables)
        for i, grad in enumerate(grads):
            m[i].assign(beta1 * m[i] + (1 - beta1) * grad)
            v[i].assign(beta2 * v[i] + (1 - beta2) * tf.square(grad))
            m_hat = m[i] / (1 - beta1 ** step)
            v_hat = v[i] / (1 - beta2 ** step)
            variables[i].assign_sub(lr * m_hat / (tf.sqrt(v_hat) + epsilon))
        losses.append(loss)
    pred = tf.argmax(network(x_test), axis=1, output_type=tf.int32)
    acc = tf.reduce_mean(tf.cast(tf.equal(pred, y_test), tf.float32))
    print("Epoch %d, loss: %.7f" % (epoch, np.mean([float(loss) for loss in losses])))
    print("Test_acc: %.4f" % acc)
