# tf.random.uniform.
import tensorflow as tf

tf.random.set_seed(116)  # the notes leave it random

# --- the code of the notes ---
f = tf.random.uniform([5, 5], minval=0, maxval=1)
print(f)
