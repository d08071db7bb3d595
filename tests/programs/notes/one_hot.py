# tf.one_hot.
import tensorflow as tf

# --- the code of the notes ---
classes = 3
labels = tf.constant([1,0,2])
output = tf.one_hot(labels, depth=classes )
print(output)
