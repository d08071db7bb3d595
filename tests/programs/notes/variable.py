# tf.Variable with a random start.
import tensorflow as tf

tf.random.set_seed(116)  # the notes leave it random

# --- the code of the notes ---
w = tf.Variable(tf.random.normal([2, 2], mean=0, stddev=1))

# --- added: show the result ---
print(w)
