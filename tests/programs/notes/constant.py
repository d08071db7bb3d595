# tf.constant: value, dtype, shape.
import tensorflow as tf

# --- the code of the notes ---
a = tf.constant([1, 5], dtype=tf.int64)
print(a)
print(a.dtype)
print(a.shape)
