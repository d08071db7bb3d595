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
    "conv1d": "[L.Conv1D(4, 2), D(), L.Conv1D(4, 2, padding='causal', activation='relu'), D(), L.Conv1D(4, 2, padding='same', dilation_rate=2, use_bias=False), D(), L.Conv1D(4, 2, padding='causal', dilation_rate=2), D(), F(), T()]",
    "conv2d": "[L.Reshape((4, 4, 1)), L.Conv2D(3, 2), D(), L.Conv2D(3, 2, activation='relu', padding='same'), D(), L.Conv2D(3, 2, dilation_rate=2, use_bias=False), D(), L.Conv2D(3, 2, padding='same', dilation_rate=2), D(), L.Conv2D(2, 1, kernel_regularizer='l2', activity_regularizer='l1'), D(), F(), T()]",
    "conv2d_transpose": "[L.Reshape((4, 4, 1)), L.Conv2DTranspose(3, 2), D(), L.Conv2DTranspose(3, 2, 2, 'same', activation='relu'), D(), L.Conv2DTranspose(3, 2, 2, 'same', 1), D(), L.Conv2DTranspose(3, 2, use_bias=False), D(), F(), T()]",
    "conv2d_transpose_dilated": "[L.Reshape((4, 4, 1)), L.Conv2DTranspose(3, 2, dilation_rate=2), D(), F(), T()]",
    "conv2d_transpose_channels_first": "[L.Reshape((1, 4, 4)), L.Conv2DTranspose(3, 2, data_format='channels_first'), D(), F(), T()]",
    "conv3d": "[L.Reshape((2, 4, 2, 1)), L.Conv3D(3, 2, padding='same'), D(), L.Conv3D(3, (1, 2, 1), activation='relu'), D(), L.Conv3D(3, 2, padding='same', dilation_rate=2), D(), F(), T()]",
    "conv3d_transpose": "[L.Reshape((2, 4, 2, 1)), L.Conv3DTranspose(3, 2), D(), L.Conv3DTranspose(3, 2, 2, 'same', activation='relu'), D(), F(), T()]",
    "separable": "[L.SeparableConv1D(4, 2), D(), L.SeparableConv1D(4, 2, padding='causal', activation='relu'), D(), L.SeparableConv1D(4, 1, use_bias=False), D(), F(), T()]",
    "separable_dilated": "[L.Reshape((8, 2)), L.SeparableConv1D(4, 2, dilation_rate=2), D(), L.Reshape((4, 6, 1)), L.SeparableConv2D(3, 2, dilation_rate=2), D(), F(), T()]",
    "separable_2d": "[L.Reshape((4, 4, 1)), L.SeparableConv2D(3, 2), D(), L.SeparableConv2D(3, 2, 2, 'same', activation='relu'), D(), F(), T()]",
    "depthwise": "[L.Reshape((4, 4, 1)), L.DepthwiseConv2D(2), D(), L.DepthwiseConv2D(2, 1, 'same', 2, activation='relu'), D(), L.DepthwiseConv2D(2, dilation_rate=2, use_bias=False), D(), F(), T()]",
    "depthwise_channels_first": "[L.Reshape((1, 4, 4)), L.DepthwiseConv2D(2, data_format='channels_first'), D(), F(), T()]",
    "pooling": "[L.MaxPool1D(2, 1), D(), L.AvgPool1D(2, 1), D(), L.Reshape((2, 2, 2)), L.MaxPool2D(2, 1, 'same'), D(), L.AvgPool2D((1, 2)), D(), L.Reshape((2, 2, 1, 1)), L.MaxPool3D(2, 1, 'same'), D(), L.AvgPool3D(1), D(), F(), T()]",
    "pooling_channels_first": "[L.MaxPool1D(2, 1, data_format='channels_first'), D(), L.AvgPool1D(2, 1, data_format='channels_first'), D(), L.Reshape((1, 2, 2, 2)), L.MaxPool3D(2, 1, 'same', 'channels_first'), D(), F(), T()]",
    "global_pooling": "[L.GlobalAvgPool1D(), D(), L.RepeatVector(4), L.GlobalMaxPool1D(), D(), L.Reshape((2, 2, 1)), L.Conv2D(8, 1), L.GlobalAvgPool2D(), D(), L.Reshape((2, 2, 2)), L.GlobalMaxPool2D('channels_first'), D(), T()]",
    "global_pooling_masked": "[L.Masking(), L.GlobalAvgPool1D(), D(), T()]",
    "global_pooling_3d": "[L.Reshape((2, 2, 2, 2)), L.GlobalAvgPool3D(), D(), L.Reshape((1, 2, 1, 1)), L.GlobalMaxPool3D('channels_first'), D(), T()]",
    "padding": "[L.ZeroPadding1D(), D(), L.Cropping1D(), D(), L.Reshape((4, 2, 2)), L.ZeroPadding2D(), D(), L.Cropping2D(1), D(), L.Cropping2D(((1, 0), (0, 0))), D(), L.Reshape((3, 2, 2, 1)), L.ZeroPadding3D(1), D(), L.Cropping3D(1), D(), F(), T()]",
    "padding_channels_first": "[L.Reshape((2, 4, 2)), L.ZeroPadding2D(1, 'channels_first'), D(), L.Cropping2D(1, 'channels_first'), D(), F(), T()]",
    "up_sampling": "[L.UpSampling1D(2), D(), L.Reshape((4, 4, 2)), L.UpSampling2D(2), D(), L.UpSampling2D(2, interpolation='bilinear'), D(), F(), T()]",
    "up_sampling_3d": "[L.Reshape((4, 2, 2, 1)), L.UpSampling3D(2), D(), F(), T()]",
    "up_sampling_channels_first": "[L.Reshape((4, 4, 1)), L.UpSampling2D(2, 'channels_first'), D(), L.UpSampling2D(2, 'channels_first', 'bilinear'), D(), L.Reshape((4, 8, 8, 1)), L.UpSampling3D((2, 1, 1), 'channels_first'), D(), F(), T()]",
    "up_sampling_sizes": "[L.UpSampling1D(3), D(), L.Reshape((4, 4, 3)), L.UpSampling2D((3, 1)), D(), L.Reshape((12, 2, 2, 3)), L.UpSampling3D((1, 3, 2)), D(), F(), T()]",
    "locally_connected": "[L.LocallyConnected1D(4, 2), D(), L.Reshape((3, 2, 2)), L.LocallyConnected2D(3, 2, activation='relu'), D(), F(), T()]",
    "locally_connected_2": "[L.LocallyConnected1D(4, 2, implementation=2), D(), L.Reshape((3, 2, 2)), L.LocallyConnected2D(3, 2, implementation=2, activation='relu', use_bias=False), D(), F(), T()]",
    "locally_connected_3": "[L.LocallyConnected1D(4, 2, implementation=3), D(), L.Reshape((3, 2, 2)), L.LocallyConnected2D(3, 2, implementation=3), D(), F(), T()]",
    "lenet": "[L.Reshape((4, 4, 1)), L.Conv2D(4, 2), L.BatchNormalization(), L.Activation('relu'), L.MaxPool2D(2, 2, 'same'), L.Dropout(0.2), F(), L.Dense(8, 'relu'), L.Dropout(0.2), T()]",
}.items():
    for samples in (64, 50):
        code = TRAIN.format(layers=layers, samples=samples, x="x.numpy()")
        case("%s_%d" % (name, samples), code, x=uniform(0, 1, samples, 4, 4))
for samples in (64, 50):
    code = """
L = tf.keras.layers

class Net(tf.keras.Model):
    def __init__(self):
        super(Net, self).__init__()
        self.flat, self.dense, self.drop, self.last = L.Flatten(), L.Dense(4), L.Dropout(0.3), L.Dense(3, "softmax")

    def call(self, x):
        return self.last(self.drop(self.dense(self.flat(x))))

model = Net()
model.compile("sgd", "sparse_categorical_crossentropy")
history = model.fit(x.numpy() / 2.0, np.arange(%d) %% 3, epochs=2, verbose=0)
[float(loss) for loss in history.history["loss"]]
"""
    case(
        "subclass_float64_%d" % samples,
        code % samples,
        x=uniform(0, 1, samples, 4, 4, dtype="float64"),
    )
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
for name, (model, x) in MODELS.items():
    case(name, OTHER.format(model=model.strip("\n"), x=x), x=uniform(0, 1, 64, 4, 4))
