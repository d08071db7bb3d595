# tf.GradientTape; the variable is made inside the tape.
import tensorflow as tf

# --- the code of the notes ---
with tf.GradientTape() as tape:
	w = tf.Variable(tf.constant(3.0))
	loss = tf.pow(w, 2)
grad = tape.gradient(loss, w)
print(grad)
