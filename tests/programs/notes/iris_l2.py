# Iris by hand: one hidden layer, mean squared error and L2 regularisation as the notes write it.
import tensorflow as tf
from sklearn import datasets
import numpy as np

x_data = datasets.load_iris().data
y_data = datasets.load_iris().target

np.random.seed(116)
np.random.shuffle(x_data)
np.random.seed(116)
np.random.shuffle(y_data)
tf.random.set_seed(116)

x_test = tf.cast(x_data[-30:], tf.float32)
y_test = y_data[-30:]
x_train = tf.cast(x_data[:-30], tf.float32)
y_train = tf.one_hot(y_data[:-30], depth=3)
train_db = tf.data.Dataset.from_tensor_slices((x_train, y_train)).batch(32)

w1 = tf.Variable(tf.random.normal([4, 11], stddev=0.3), dtype=tf.float32)
b1 = tf.Variable(tf.constant(0.01, shape=[11]))
w2 = tf.Variable(tf.random.normal([11, 3], stddev=0.3), dtype=tf.float32)
b2 = tf.Variable(tf.constant(0.01, shape=[3]))

lr = 0.1
epoch = 200

for epoch in range(epoch):
    for step, (x_train, y_train) in enumerate(train_db):
        with tf.GradientTape() as tape:
            h1 = tf.matmul(x_train, w1) + b1
            h1 = tf.nn.relu(h1)
            y = tf.matmul(h1, w2) + b2

            loss_mse = tf.reduce_mean(tf.square(y_train - y))

            loss_regularization = []
            loss_regularization.append(tf.nn.l2_loss(w1))
            loss_regularization.append(tf.nn.l2_loss(w2))
            loss_regularization = tf.reduce_sum(loss_regularization)

            loss = loss_mse + 0.03 * loss_regularization

        variables = [w1, b1, w2, b2]
        grads = tape.gradient(loss, variables)

        w1.assign_sub(lr * grads[0])
        b1.assign_sub(lr * grads[1])
        w2.assign_sub(lr * grads[2])
        b2.assign_sub(lr * grads[3])

    if epoch % 20 == 0:
        print('epoch:', epoch, 'loss:', float(loss))

y = tf.matmul(tf.nn.relu(tf.matmul(x_test, w1) + b1), w2) + b2
print("Test_acc:", np.mean(tf.argmax(y, axis=1) == y_test))
