# tf.data.Dataset.from_tensor_slices: repr of the data set and its elements.
import tensorflow as tf

tf.random.set_seed(116)  # the notes leave it random

# --- the code of the notes ---
features = tf.random.normal([4, 3], mean=5, stddev=1)
labels = tf.constant([0, 1, 1, 0])
dataset = tf.data.Dataset.from_tensor_slices((features, labels))
print(dataset)
for element in dataset:
	print(element)
