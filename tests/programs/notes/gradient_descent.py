# Gradient descent by hand on (w + 1)^2.
import tensorflow as tf

# --- the code of the notes ---
w = tf.Variable(tf.constant(5, dtype=tf.float32))
lr = 0.01
epoch = 400

for epoch in range(epoch):
    with tf.GradientTape() as tape:
        loss = tf.square(w + 1)
    grads = tape.gradient(loss, w)

    w.assign_sub(lr * grads)
    print("After %s epoch,w is %f,loss is %f" % (epoch, w.numpy(), loss))
