# tf.reduce_mean and tf.reduce_sum; the mean of integers is an integer.
import tensorflow as tf

# --- the code of the notes ---
x=tf.constant([[1, 2, 3],
               [3, 2, 3]])
print(x)
print(tf.reduce_mean(x))
print(tf.reduce_mean(x, axis=0))
print(tf.reduce_sum(x, axis=1))
