# All tensor snippets of the notes in one script, then its activations, losses and rates by formula.
import numpy as np
import tensorflow as tf

tf.random.set_seed(116)  # the notes leave it random

# The version.
print(tf.__version__)

# tf.constant: value, dtype, shape.
a = tf.constant([1, 5], dtype=tf.int64)
print(a)
print(a.dtype)
print(a.shape)

# tf.convert_to_tensor: a NumPy array as a tensor of another dtype.
a = np.arange(0, 5)
b = tf.convert_to_tensor(a, dtype=tf.int64)
print(a)
print(b)

# tf.zeros, tf.ones, tf.fill.
a = tf.zeros([2, 3])
b = tf.ones(4)
c = tf.fill([2, 2], 9)
print(a)
print(b)
print(c)

# np.random.RandomState: the legacy generator that programs of that time use.
rdm=np.random.RandomState(seed=1)
a=rdm.rand()
b=rdm.rand(2, 3)
print("a:", a)
print("b:", b)

# tf.random.normal and tf.random.truncated_normal.
d = tf.random.normal([2, 2], mean=5, stddev=1)
print(d)
e = tf.random.truncated_normal([2, 2], mean=0.5, stddev=10)
print(e)

# tf.random.uniform.
f = tf.random.uniform([5, 5], minval=0, maxval=1)
print(f)

# tf.cast, tf.reduce_min, tf.reduce_max.
x1 = tf.constant([1., 2., 3.],dtype=tf.float64)
print(x1)
x2 = tf.cast(x1, tf.int32)
print(x2)
print (tf.reduce_min(x2), tf.reduce_max(x2))

# tf.reduce_mean and tf.reduce_sum; the mean of integers is an integer.
x=tf.constant([[1, 2, 3],
               [3, 2, 3]])
print(x)
print(tf.reduce_mean(x))
print(tf.reduce_mean(x, axis=0))
print(tf.reduce_sum(x, axis=1))

# tf.where with two branches.
a=tf.constant([1,2,3,1,1])
b=tf.constant([0,1,3,4,5])
c=tf.where(tf.greater(a, b), a, b)
print("c:", c)

# np.vstack.
a = np.array([1,2,3])
b = np.array([4,5,6])
c = np.vstack((a,b))
print("c:\n",c)

# np.mgrid, ravel and np.c_ (the notes write `import numpyas np`).
x, y = np.mgrid[1:3:1, 2:4:0.5]
grid = np.c_[x.ravel(), y.ravel()]
print("x:",x)
print("y:",y)
print('grid:\n', grid)

# tf.add, tf.subtract, tf.multiply, tf.divide.
a = tf.ones([1, 3])
b = tf.fill([1, 3], 3.)
print(a)
print(b)
print(tf.add(a,b))
print(tf.subtract(a,b))
print(tf.multiply(a,b))
print(tf.divide(b,a))

# tf.pow, tf.square, tf.sqrt.
a = tf.fill([1, 2], 3.)
print(a)
print(tf.pow(a, 3))
print(tf.square(a))
print(tf.sqrt(a))

# tf.matmul.
a = tf.ones([3, 2])
b = tf.fill([2, 3], 3.)
print(tf.matmul(a, b))

# tf.Variable with a random start.
w = tf.Variable(tf.random.normal([2, 2], mean=0, stddev=1))
print(w)

# tf.data.Dataset.from_tensor_slices: repr of the data set and its elements.
features = tf.random.normal([4, 3], mean=5, stddev=1)
labels = tf.constant([0, 1, 1, 0])
dataset = tf.data.Dataset.from_tensor_slices((features, labels))
print(dataset)
for element in dataset:
	print(element)

# tf.GradientTape; the variable is made inside the tape.
with tf.GradientTape() as tape:
	w = tf.Variable(tf.constant(3.0))
	loss = tf.pow(w, 2)
grad = tape.gradient(loss, w)
print(grad)

# enumerate.
seq= ['one', 'two', 'three']
for i, element in enumerate(seq):
	print(i, element)

# tf.one_hot.
classes = 3
labels = tf.constant([1,0,2])
output = tf.one_hot(labels, depth=classes )
print(output)

# tf.nn.softmax.
y = tf.constant( [1.01, 2.01, -0.66] )
y_pro= tf.nn.softmax(y)
print("After softmax, y_prois:", y_pro)

# Variable.assign_sub.
w = tf.Variable(4)
w.assign_sub(1)
print(w)

# tf.argmax (the notes write `import numpyas np`).
test = np.array([[1, 2, 3], [2, 3, 4], [5, 4, 3], [8, 7, 2]])
print(test)
print(tf.argmax(test, axis=0))
print(tf.argmax(test, axis=1))

# Activations.
x = tf.constant([-2., -0.5, 0., 0.5, 2.])
print("sigmoid:", tf.nn.sigmoid(x))
print("tanh:", tf.tanh(x))
print(tf.nn.relu(x))
print(tf.nn.leaky_relu(x))

# Losses: mean squared error, cross entropy, softmax and cross entropy apart and in one.
y_ = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0]])
y = np.array([[12, 3, 2], [3, 10, 1], [1, 2, 5], [4, 6.5, 1.2], [3, 6, 1]])
print(tf.reduce_mean(tf.square(y_ - y)))
print("loss_ce1:", -tf.reduce_sum([1., 0.] * tf.math.log([0.6, 0.4])))
print("loss_ce2:", -tf.reduce_sum([1., 0.] * tf.math.log([0.8, 0.2])))
y_pro = tf.nn.softmax(y)
print(-tf.reduce_sum(y_ * tf.math.log(y_pro), axis=1))
print(tf.nn.softmax_cross_entropy_with_logits(y_, y))

# One step of gradient descent, of the L2 penalty and of the decaying rate.
w = tf.Variable(tf.constant(5, dtype=tf.float32))
with tf.GradientTape() as tape:
    loss = tf.square(w + 1)
grads = tape.gradient(loss, w)
w.assign_sub(0.2 * 0.99 ** 3 * grads)
print(grads)
print(w.numpy(), loss.numpy())
print(tf.nn.l2_loss(tf.constant([[1., 2.], [3., 4.]])))
