# tf.pow, tf.square, tf.sqrt.
import tensorflow as tf

# --- the code of the notes ---
a = tf.fill([1, 2], 3.)
print(a)
print(tf.pow(a, 3))
print(tf.square(a))
print(tf.sqrt(a))
