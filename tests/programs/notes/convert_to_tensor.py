# tf.convert_to_tensor: a NumPy array as a tensor of another dtype.
import tensorflow as tf

# --- the code of the notes ---
import numpy as np
a = np.arange(0, 5)
b = tf.convert_to_tensor(a, dtype=tf.int64)
print(a)
print(b)
