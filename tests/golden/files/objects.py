"""What TensorFlow 2.1.0 wrote into ``checkpoints/`` and ``records/``, made the same on both sides.

``ROOTS[name](tf, fill)`` makes them; ``fill(shape, dtype)`` gives their variables' values: the
recorded ones by ``recorded()``, others to see that restoring changes them by ``others()``.
Runs under TensorFlow's Python too, so it keeps to Python 3.7.
"""

import collections

import numpy as np

Point = collections.namedtuple("Point", "x y")  # noqa: PYI024 - its class form is too new


def recorded():
    """Makes a function that gives values which differ from one variable to the next."""
    count = [0]

    def fill(shape=(), dtype="float32"):
        count[0] += 1
        size = int(np.prod(shape))
        numbers = np.arange(1, size + 1, dtype=np.float64).reshape(shape) / 8 + count[0]
        if dtype == "string":
            texts = [b"s%d\x00\xff" % count[0] * (i + 1) for i in range(size)]
            return np.array(texts + [None], dtype=object)[:-1].reshape(shape)
        if dtype == "bool":
            return (numbers * 8).astype(int) % 3 > 0
        return numbers.astype(dtype)

    return fill


def others():
    """Makes a function that gives zeros, Falses and empty strings."""

    def fill(shape=(), dtype="float32"):
        if dtype == "string":
            return np.full(shape, b"", dtype=object)
        return np.zeros(shape, dtype)

    return fill


def containers(tf, fill):
    """A module with what attributes can hold."""

    class Inner(tf.Module):
        def __init__(self):
            super(Inner, self).__init__()
            self.text = tf.Variable(fill((2,), "string"))
            self.flag = tf.Variable(fill((), "bool"))

    class Outer(tf.Module):
        def __init__(self):
            super(Outer, self).__init__()
            self.b = tf.Variable(fill(), name="b")
            self.a = tf.Variable(fill((2,), "int32"), name="aa")
            self.items = [
                tf.Variable(fill()),
                3,
                {"k/x": tf.Variable(fill()), "y.z": tf.Variable(fill((3,)))},
            ]
            self.nested = [[1], [tf.Variable(fill())]]
            self.pair = (tf.Variable(fill()), tf.Variable(fill()))
            self.plain = (1, 2)
            self.table = {"k": tf.Variable(fill()), "n": 1}
            self.ordered = collections.OrderedDict([("z", tf.Variable(fill())), ("y", [])])
            self.inner = Inner()
            self.number = 3
            self.array = np.zeros(3)
            self.numbers = [1, 2]
            self.nothing = None
            self.function = tf.function(lambda x: x)
            self.again = self.b
            self._hidden = tf.Variable(fill())
            self.point = Point(tf.Variable(fill()), tf.Variable(fill()))
            self.empty = {}

    return tf.train.Checkpoint(
        outer=Outer(), z=tf.Variable(fill()), a=tf.Variable(fill((1, 2, 3), "float64"))
    )


DTYPES = (
    "float16 float32 float64 int8 int16 int32 int64 uint8 uint16 complex64 complex128 bool string"
).split()


def dtypes(tf, fill):
    """A scalar, a matrix and an empty matrix of each dtype that a variable may have."""
    variables = {}
    for dtype in DTYPES:
        for name, shape in (("scalar", ()), ("matrix", (2, 3)), ("empty", (0, 2))):
            variables[dtype + "_" + name] = tf.Variable(fill(shape, dtype), name=dtype)
    numbers = tf.cast(tf.constant(fill((2, 3))), tf.bfloat16)
    variables["bfloat16_matrix"] = tf.Variable(numbers, name="bfloat16")
    return tf.train.Checkpoint(**variables)


def many(tf, fill):
    """More names than a block of the index has between two restarts."""
    names = ["layer_%02d" % i for i in range(50)]
    return tf.train.Checkpoint(**{name: tf.Variable(fill((3,)), name=name) for name in names})


def _optimizer(make):
    def root(tf, fill):
        w = tf.Variable(np.ones((2, 3), np.float32), name="w")
        b = tf.Variable(np.ones(3, np.float32), name="b")
        optimizer = make(tf)
        optimizer.apply_gradients([(tf.ones([2, 3]), w), (tf.ones([3]), b)])
        for variable in [w, b] + optimizer.weights[1:]:  # the arithmetic is not what is tested
            variable.assign(fill(tuple(variable.shape)))
        return tf.train.Checkpoint(optimizer=optimizer, w=w, b=b)

    return root


ROOTS = {
    "containers": containers,
    "dtypes": dtypes,
    "many": many,
    "adadelta": _optimizer(lambda tf: tf.keras.optimizers.Adadelta()),
    "adagrad": _optimizer(lambda tf: tf.keras.optimizers.Adagrad()),
    "adam": _optimizer(lambda tf: tf.keras.optimizers.Adam(0.5)),
    "adamax": _optimizer(lambda tf: tf.keras.optimizers.Adamax()),
    "amsgrad": _optimizer(lambda tf: tf.keras.optimizers.Adam(amsgrad=True)),
    "ftrl": _optimizer(lambda tf: tf.keras.optimizers.Ftrl()),
    "nadam": _optimizer(lambda tf: tf.keras.optimizers.Nadam()),
    "rmsprop": _optimizer(lambda tf: tf.keras.optimizers.RMSprop(momentum=0.5, centered=True)),
    "schedule": _optimizer(
        lambda tf: tf.keras.optimizers.SGD(
            tf.keras.optimizers.schedules.ExponentialDecay(0.125, 10, 0.5)
        )
    ),
    "sgd": _optimizer(lambda tf: tf.keras.optimizers.SGD(0.25, momentum=0.5)),
}

# Written by TensorFlow 1's Saver: full names, partitioned variables, several shards.
NAMED = ("named", "named_sharded")
PARTITIONED = {"rows": (6, 2), "columns": (3, 70)}

# What the record files hold: nothing, bytes of all kinds, and more than a small buffer.
RECORDS = [b"", bytes(range(256)), b"one", b"two" * 40]


def summaries(tf, folder):
    """Writes summaries of all kinds to an event file."""
    s = tf.summary
    numbers = np.arange(24, dtype=np.float32) / 7 - 0.2
    writer = s.create_file_writer(folder)
    with writer.as_default():
        s.scalar("loss", 0.25, step=0)
        s.scalar("train/accuracy", tf.constant(2), step=1, description="a *text*")
        s.scalar("third", np.float64(1) / 3, step=np.int64(2))
        s.scalar("flag", True, step=2)
        s.scalar("a b:c!\u00e9", 1.0, step=2)
        s.scalar("", 1.0, step=2)
        s.experimental.set_step(5)
        s.scalar("by_default", 3.0)
        step = tf.Variable(7, dtype=tf.int64)
        s.experimental.set_step(step)
        s.scalar("by_variable", 3.0)
        step.assign_add(1)
        s.scalar("by_variable", 4.0)
        s.experimental.set_step(None)
        with tf.name_scope("scope"):
            s.scalar("inner", 3.0, step=1)
        with s.record_if(False):
            s.scalar("never", 3.0, step=1)
        with s.record_if(lambda: tf.equal(1, 1)):
            s.scalar("always", 3.0, step=1)
        s.histogram("h/three", numbers, step=1, buckets=3)
        s.histogram("h/thirty", numbers**3, step=1)
        s.histogram("h/equal", [2.0, 2.0, 2.0], step=1)
        s.histogram("h/none", tf.zeros([0]), step=1)
        s.histogram("h/integers", [[1, 2], [3, 9]], step=1, buckets=2, description="d")
        s.histogram("h/no_buckets", [0.0, 1.0], step=1, buckets=0)
        s.histogram("h/nan", [0.0, float("nan")], step=1, buckets=2)
        s.histogram("h/inf", [0.0, float("inf")], step=1, buckets=2)
        s.image("i/colors", numbers.reshape(2, 2, 2, 3), step=1)
        s.image("i/gray", np.arange(4, dtype=np.uint8).reshape(1, 2, 2, 1), step=1)
        s.image("i/alpha", numbers.reshape(3, 1, 2, 4), step=1, max_outputs=1, description="d")
        s.image("i/none", np.zeros((0, 2, 2, 3)), step=1)
        s.image("i/two", numbers.reshape(1, 3, 4, 2), step=1)
        s.text("t/one", "hello", step=1)
        s.text("t/table", [["a", "b"]], step=1, description="dd")
        s.audio("sound", numbers[:6].reshape(1, 3, 2), 8000, step=1)
        s.write("raw", [1, 2], step=3)
        s.write("late", lambda: tf.constant([1.5]), step=3)
    writer.close()


def summary_outcomes(tf):
    """What the functions return and raise."""
    s = tf.summary
    found = [bool(s.scalar("nowhere", 1.0, step=0))]
    with s.create_noop_writer().as_default():
        found.append(bool(s.scalar("nowhere", 1.0)))
    return found


def event_texts(events, decode_png):
    """Events without their time; pictures as pixels, since compressors differ."""
    found = []
    for event in events:
        event.wall_time = 0
        pixels = []
        for value in event.summary.value:
            if value.metadata.plugin_data.plugin_name == "images":
                pixels = [decode_png(data) for data in value.tensor.string_val[2:]]
                del value.tensor.string_val[2:]
        found.append({"text": str(event), "pixels": pixels})
    return found
