# tf.where with two branches.
import tensorflow as tf

# --- the code of the notes ---
a=tf.constant([1,2,3,1,1])
b=tf.constant([0,1,3,4,5])
c=tf.where(tf.greater(a, b), a, b)
print("c:", c)
