# tf.add, tf.subtract, tf.multiply, tf.divide.
import tensorflow as tf

# --- the code of the notes ---
a = tf.ones([1, 3])
b = tf.fill([1, 3], 3.)
print(a)
print(b)
print(tf.add(a,b))
print(tf.subtract(a,b))
print(tf.multiply(a,b))
print(tf.divide(b,a))
