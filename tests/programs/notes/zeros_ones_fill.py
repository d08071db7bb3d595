# tf.zeros, tf.ones, tf.fill.
import tensorflow as tf

# --- the code of the notes ---
a = tf.zeros([2, 3])
b = tf.ones(4)
c = tf.fill([2, 2], 9)
print(a)
print(b)
print(c)
