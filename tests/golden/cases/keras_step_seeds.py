"""tf.keras: the random numbers of layers inside fit, which depend on TF's count of graph ops.

A row trains a small model for an epoch; its loss equals TF's only if every dropout mask does.
"""

from golden.table import Table, uniform

table = Table("keras_step_seeds", seed=7, rtol=2e-5, why="a dozen steps, and sums in another order")
case = table.case

TRAIN = """
L = tf.keras.layers
D = lambda **options: L.Dropout(0.3, **options)
F, T = L.Flatten, lambda: L.Dense(3, "softmax")
x, y = {x}, np.arange({samples}) % 3
model = tf.keras.Sequential({layers})
model.compile("sgd", "sparse_categorical_crossentropy")
history = model.fit(x, y, epochs=2, verbose=0)
[float(loss) for loss in history.history["loss"]]
"""

for name, layers in {
    "dense": "[F(), L.Dense(5, 'tanh'), D(), T()]",
    "dense_given_shape": "[L.Flatten(input_shape=(4, 4)), D(), L.Dense(5), D(), T()]",
    "dense_rank_3": "[L.Dense(5, 'tanh'), D(), F(), T()]",
    "dense_activations": "[F(), L.Dense(4, 'hard_sigmoid'), D(), L.Dense(4, 'selu'), D(), L.Dense(4, 'linear'), D(), L.Dense(4, use_bias=False), D(), L.Dense(4, activity_regularizer='l1'), D(), L.ActivityRegularization(0.1, 0.1), D(), T()]",
    "activations": "[L.Activation('softmax'), D(), L.Softmax(), D(), L.Softmax(1), D(), F(), L.Activation('relu'), D(), T()]",
    "advanced_activations": "[F(), L.LeakyReLU(), D(), L.PReLU(), D(), L.ELU(0.5), D(), L.ELU(), D(), L.ReLU(6.0), D(), L.ReLU(2.0, 0.1, 0.5), D(), L.ReLU(2.0, 0.1), D(), L.ThresholdedReLU(), D(), T()]",
    "batch_normalization": "[L.BatchNormalization(), D(), L.BatchNormalization(axis=1, center=False), D(), F(), L.BatchNormalization(scale=False), D(), T()]",
    "batch_normalization_images": "[L.Reshape((4, 2, 2)), L.BatchNormalization(), D(), L.BatchNormalization(axis=2), D(), F(), T()]",
    "batch_normalization_frozen": "[L.BatchNormalization(trainable=False), D(), L.Reshape((4, 2, 2)), L.BatchNormalization(trainable=False), D(), F(), T()]",
    "layer_normalization": "[L.LayerNormalization(), D(), L.LayerNormalization(axis=1), D(), L.LayerNormalization(axis=[1, 2]), D(), F(), T()]",
    "spatial_dropout": "[L.SpatialDropout1D(0.1), D(), L.Reshape((4, 2, 2)), L.SpatialDropout2D(0.1), D(), L.Reshape((2, 2, 2, 2)), L.SpatialDropout3D(0.1), D(), F(), T()]",
    "dropout_options": "[L.Dropout(0.1, noise_shape=(None, 1, None)), D(), L.Dropout(0.1, noise_shape=(None, 4, 4)), D(), D(seed=3), D(), L.Dropout(0.0), D(), F(), T()]",
    "reshaping": "[L.Reshape((16,)), D(), L.Reshape((2, 2, 4)), D(), L.Permute((2, 1, 3)), D(), F(), L.RepeatVector(2), D(), L.Flatten('channels_first'), D(), T()]",
    "time_distributed": "[L.TimeDistributed(L.Dense(5, 'tanh')), D(), L.TimeDistributed(L.Dropout(0.2)), D(), L.TimeDistributed(L.BatchNormalization()), D(), F(), T()]",
    "masking": "[L.Masking(), D(), F(), T()]",
    "lambda": "[L.Lambda(lambda x: x / 255), D(), L.Lambda(lambda x: x / 255 + 1.0), D(), L.Lambda(lambda x: tf.reduce_mean(x, axis=1)), D(), L.Lambda(lambda x: tf.reshape(x, (-1, 2, 2))), D(), F(), T()]",
    "nested": "[F(), tf.keras.Sequential([L.Dense(4), D()]), D(), T()]",
}.items():
    for samples in (64, 50):
        code = TRAIN.format(layers=layers, samples=samples, x="x.numpy()")
        case("%s_%d" % (name, samples), code, x=uniform(0, 1, samples, 4, 4))
for dtype in ("float64", "uint8", "int32", "int64"):
    for first in ("L.Flatten(input_shape=(4, 4))", "F()"):
        code = TRAIN.format(
            layers="[%s, L.Dense(4), D(), T()]" % first,
            samples=50,
            x="(x * 9).numpy().astype('%s')" % dtype,
        )
        case("inputs_%s_%s" % (dtype, first), code, x=uniform(0, 1, 50, 4, 4))
for dtype in ("int32", "float32"):
    for options in ("", ", mask_zero=True"):
        layers = "[L.Embedding(10, 4, input_length=16%s), D(), F(), T()]" % options
        x = "(x * 9).numpy().astype('%s').reshape(50, 16)" % dtype
        code = TRAIN.format(layers=layers, samples=50, x=x)
        case("embedding_%s%s" % (dtype, options), code, x=uniform(0, 1, 50, 4, 4))

OTHER = """
L = tf.keras.layers
D = lambda **options: L.Dropout(0.3, **options)
F, T = L.Flatten, lambda: L.Dense(3, "softmax")
y = np.arange(64) % 3
x = x.numpy()
{model}
model.compile("sgd", "sparse_categorical_crossentropy")
result = [float(l) for l in model.fit({x}, y, epochs=2, verbose=0).history["loss"]]
result.append(float(model.train_on_batch({x}, y)))
"""
MODELS = {
    "custom_layer": (
        """
class Block(L.Layer):
    def __init__(self):
        super(Block, self).__init__()
        self.dense, self.drop = L.Dense(4), D()

    def call(self, x, training=None):
        return tf.nn.relu(self.drop(self.dense(x), training=training))

model = tf.keras.Sequential([F(), Block(), D(), T()])
""",
        "x",
    ),
    "subclass": (
        """
class Net(tf.keras.Model):
    def __init__(self):
        super(Net, self).__init__()
        self.flat, self.dense, self.drop, self.last = F(), L.Dense(4), D(), T()

    def call(self, x, training=None):
        return self.last(self.drop(self.dense(self.flat(x)), training=training))

model = Net()
""",
        "x",
    ),
    "sequential_float64": (
        """
model = tf.keras.Sequential([F(), L.Dense(4), D(), T()])
x = x.astype("float64")
""",
        "x",
    ),
    "subclass_float64": (
        """
class Net(tf.keras.Model):
    def __init__(self):
        super(Net, self).__init__()
        self.flat, self.dense, self.drop, self.last = F(), L.Dense(4), D(), T()

    def call(self, x):
        return self.last(self.drop(self.dense(self.flat(x))))

model = Net()
x = x.astype("float64")
""",
        "x",
    ),
    "functional": (
        """
start = L.Input((4, 4))
a = F()(start)
b, c = L.Dense(4)(a), L.Dense(4)(a)
d = D()(L.Add()([b, c]))
e = D()(L.concatenate([b, d, c]))
f = L.Multiply()([b, c])
g = L.Average()([b, c, f])
h = D()(L.Maximum()([L.Subtract()([g, f]), g, f]))
model = tf.keras.Model(start, T()(D()(L.concatenate([e, L.Dot(1)([h, g])]))))
""",
        "x",
    ),
    "attention": (
        """
start = L.Input((4, 4))
a = D()(L.Attention()([start, start]))
b = D()(L.AdditiveAttention()([a, a]))
c = D()(L.Dot((2, 2))([b, start]))
d = D()(L.Attention(use_scale=True, causal=True)([c, start]))
model = tf.keras.Model(start, T()(F()(d)))
""",
        "x",
    ),
    "two_inputs": (
        """
a, b = L.Input((4, 4)), L.Input((4, 4))
model = tf.keras.Model([a, b], T()(D()(L.concatenate([F()(a), F()(b)]))))
""",
        "[x, x * 2]",
    ),
}
DATASET = """
data = tf.data.Dataset.from_tensor_slices((x, y)).batch(32)
result.append(float(model.fit(data, verbose=0).history["loss"][0]))
"""
for name, (model, x) in MODELS.items():
    code = OTHER.format(model=model.strip("\n"), x=x) + DATASET * ("float64" in name)
    case(name, code, x=uniform(0, 1, 64, 4, 4))
