"""A TF 2.x training loop inside tf.function: epochs over a dataset, with AutoGraph."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(1)
x_data = rng.randn(64, 3).astype("float32")
y_data = (x_data @ np.array([[1.0], [-2.0], [0.5]], "float32") + 0.25).astype("float32")
dataset = tf.data.Dataset.from_tensor_slices((x_data, y_data)).batch(16)

w = tf.Variable(tf.zeros([3, 1]))
b = tf.Variable(tf.zeros([1]))
optimizer = tf.keras.optimizers.SGD(0.1)


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(tf.matmul(x, w) + b - y))
    if loss > 1.0:
        scale = 0.5
    else:
        scale = 1.0
    gradients = tape.gradient(loss, [w, b])
    optimizer.apply_gradients(zip([g * scale for g in gradients], [w, b]))
    return loss


@tf.function
def train(data, epochs):
    loss = 0.0
    step = 0
    for epoch in tf.range(epochs):
        for x, y in data:
            loss = train_step(x, y)
            step += 1
        if epoch % 5 == 0:
            tf.print("epoch", epoch, "step", step)
    return loss, step


final_loss, steps = train(dataset, tf.constant(20))
print("loss %.4f after %d steps" % (final_loss.numpy(), steps.numpy()))
print(np.round(w.numpy().ravel(), 2), np.round(b.numpy(), 2))
