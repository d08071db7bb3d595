# tf.random.normal and tf.random.truncated_normal.
import tensorflow as tf

tf.random.set_seed(116)  # the notes leave it random

# --- the code of the notes ---
d = tf.random.normal([2, 2], mean=5, stddev=1)
print(d)
e = tf.random.truncated_normal([2, 2], mean=0.5, stddev=10)
print(e)
