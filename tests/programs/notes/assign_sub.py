# Variable.assign_sub.
import tensorflow as tf

# --- the code of the notes ---
w = tf.Variable(4)
w.assign_sub(1)
print(w)
