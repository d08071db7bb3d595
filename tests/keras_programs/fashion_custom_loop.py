import tensorflow as tf

tf.random.set_seed(9)
(x_train, y_train), _ = tf.keras.datasets.fashion_mnist.load_data()
x_train = (x_train / 255.0).astype('float32')
train_db = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(1000).batch(32)


class Net(tf.keras.Model):
    def __init__(self):
        super(Net, self).__init__()
        self.flatten = tf.keras.layers.Flatten()
        self.d1 = tf.keras.layers.Dense(64, activation='relu')
        self.d2 = tf.keras.layers.Dense(10)

    def call(self, x):
        return self.d2(self.d1(self.flatten(x)))


net = Net()
optimizer = tf.keras.optimizers.Adam()
loss_object = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
loss_metric = tf.keras.metrics.Mean(name='loss')
accuracy = tf.keras.metrics.SparseCategoricalAccuracy()
train_losses = []


def step(x, y):
    with tf.GradientTape() as tape:
        y_ = net(x, training=True)
        loss = loss_object(y, y_)
    grads = tape.gradient(loss, net.trainable_variables)
    optimizer.apply_gradients(zip(grads, net.trainable_variables))
    loss_metric(loss)
    accuracy(y, y_)


compiled = tf.function(step)
for epoch in range(4):
    loss_metric.reset_states()
    accuracy.reset_states()
    for x, y in train_db:
        if epoch < 2:
            step(x, y)
        else:
            compiled(x, y)
    train_losses.append(loss_metric.result().numpy())
    print('Epoch {}, loss: {:.4f}, accuracy: {:.4f}'.format(
        epoch + 1, loss_metric.result(), accuracy.result()))
print([v.name for v in net.trainable_variables], optimizer.iterations.numpy())
