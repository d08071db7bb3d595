"""Records are written and read, a model of plain variables learns, stops, and goes on."""
import os

import numpy as np
import tensorflow as tf

# ---- write the data as records

random = np.random.RandomState(0)
points = random.randn(60, 3).astype(np.float32)
targets = points @ np.array([[1.0], [-2.0], [0.5]], np.float32) + 0.25

with tf.io.TFRecordWriter("points.tfrecord.gz", tf.io.TFRecordOptions(compression_type="GZIP")) as writer:
    for number, (point, target) in enumerate(zip(points, targets)):
        feature = {
            "point": tf.train.Feature(float_list=tf.train.FloatList(value=point)),
            "target": tf.train.Feature(float_list=tf.train.FloatList(value=target)),
            "name": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"point %d" % number])),
        }
        if number % 2:
            feature["odd"] = tf.train.Feature(int64_list=tf.train.Int64List(value=[number, number // 2]))
        example = tf.train.Example(features=tf.train.Features(feature=feature))
        writer.write(example.SerializeToString())

# ---- look at them

raw = tf.data.TFRecordDataset("points.tfrecord.gz", compression_type="GZIP")
print(raw)
for record in raw.skip(3).take(1):
    print(len(record.numpy()))
    example = tf.train.Example.FromString(record.numpy())
    print(example)

description = {
    "point": tf.io.FixedLenFeature([3], tf.float32),
    "target": tf.io.FixedLenFeature([1], tf.float32),
    "name": tf.io.FixedLenFeature([], tf.string, default_value=""),
    "odd": tf.io.VarLenFeature(tf.int64),
}


def parse(record):
    parsed = tf.io.parse_single_example(record, description)
    return parsed["point"], parsed["target"]


for parsed in raw.take(4).batch(4).map(lambda r: tf.io.parse_example(r, description)):
    print(parsed["name"])
    print(tf.sparse.to_dense(parsed["odd"], default_value=-1))
    print(parsed["point"].shape)

dataset = raw.map(parse).batch(20)

# ---- learn


class Line(tf.Module):
    def __init__(self):
        super(Line, self).__init__()
        self.w = tf.Variable(tf.zeros([3, 1]), name="w")
        self.b = tf.Variable(0.0, name="b")

    def __call__(self, x):
        return tf.matmul(x, self.w) + self.b


def train(model, optimizer, step, epochs, writer):
    for _ in range(epochs):
        for x, y in dataset:
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.square(model(x) - y))
            variables = [model.w, model.b]
            optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
            step.assign_add(1)
            with writer.as_default():
                tf.summary.scalar("loss", loss, step=step)
    print("step %d loss %.4f" % (int(step), float(loss)))


def make():
    model, step = Line(), tf.Variable(0, dtype=tf.int64)
    optimizer = tf.keras.optimizers.Adam(0.1)
    checkpoint = tf.train.Checkpoint(model=model, optimizer=optimizer, step=step)
    return model, optimizer, step, checkpoint


writer = tf.summary.create_file_writer("logs")
model, optimizer, step, checkpoint = make()
manager = tf.train.CheckpointManager(checkpoint, "checkpoints", max_to_keep=2)
for _ in range(3):
    train(model, optimizer, step, 4, writer)
    print(manager.save())
print([os.path.basename(path) for path in manager.checkpoints])
print(sorted(os.listdir("checkpoints")))

# ---- go on, as another process would

again = make()
path = tf.train.latest_checkpoint("checkpoints")
status = again[3].restore(path)
print(path, int(again[2]))
train(*again[:3], epochs=4, writer=writer)
status.assert_consumed()
train(model, optimizer, step, 4, writer)
print(np.array_equal(model.w.numpy(), again[0].w.numpy()), int(again[1].iterations))

for name, shape in tf.train.list_variables(path):
    print(name, shape)
print(tf.train.load_variable(path, "step/.ATTRIBUTES/VARIABLE_VALUE"))

# ---- what was logged

writer.close()
(name,) = os.listdir("logs")
events = [tf.compat.v1.Event.FromString(r.numpy()) for r in tf.data.TFRecordDataset("logs/" + name)]
print(events[0].file_version, len(events), events[-1].step, events[-1].summary.value[0].tag)
