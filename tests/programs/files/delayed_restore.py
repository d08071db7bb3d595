"""A checkpoint is restored before the objects that it is for are complete."""
import tensorflow as tf


class Net(tf.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.layers = []
        self.table = {}

    def build(self, sizes):
        for i, size in enumerate(sizes):
            self.layers.append(tf.Variable(tf.fill([size], float(i)), name="layer%d" % i))
        self.table["scale"] = tf.Variable(2.0)
        self.pair = (tf.Variable(3.0), [tf.Variable(4.0)])


net = Net()
net.build([1, 2, 3])
for layer in net.layers:
    layer.assign_add(tf.ones_like(layer) * 10)
net.table["scale"].assign(20.0)
net.pair[1][0].assign(40.0)
path = tf.train.Checkpoint(net=net).save("ck")
print(path)
for name, shape in tf.train.list_variables(path):
    print(name, shape)

other = Net()
checkpoint = tf.train.Checkpoint(net=other)
status = checkpoint.restore(path)
try:
    status.assert_consumed()
except AssertionError as error:
    print(str(error).splitlines()[0])
other.build([1, 2, 3])
print([layer.numpy().tolist() for layer in other.layers])
print(other.table["scale"].numpy(), other.pair[0].numpy(), other.pair[1][0].numpy())
status.assert_consumed()
print("consumed")

optimizer = tf.keras.optimizers.SGD(0.5, momentum=0.9)
optimizer.apply_gradients([(tf.ones([3]), net.layers[2])])
path = tf.train.Checkpoint(net=net, optimizer=optimizer).write("with_slots")
fresh = tf.keras.optimizers.SGD(0.1)
tf.train.Checkpoint(net=net, optimizer=fresh).restore(path).expect_partial()
print(fresh.learning_rate.numpy(), fresh.iterations.numpy(), len(fresh.weights))

for bad in (tf.Variable([1.0, 2.0]), tf.Variable(1)):
    holder = tf.Module()
    holder.layers = [bad]
    try:
        tf.train.Checkpoint(net=holder).restore("ck-1").expect_partial()
    except (ValueError, tf.errors.InvalidArgumentError) as error:
        print(type(error).__name__)
try:
    tf.train.Checkpoint(net=net).restore("missing")
except tf.errors.NotFoundError as error:
    print(error)
