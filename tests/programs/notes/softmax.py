# tf.nn.softmax.
import tensorflow as tf

# --- the code of the notes ---
y = tf.constant( [1.01, 2.01, -0.66] )
y_pro= tf.nn.softmax(y)
print("After softmax, y_prois:", y_pro)
