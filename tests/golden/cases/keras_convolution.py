"""tf.keras.layers: convolution, pooling, padding, cropping, upsampling, locally connected layers.

Every row of LAYERS faces the battery of all layers; adding an option is adding a row.
"""

from golden.battery import BATTERY, PLAIN
from golden.table import Table, empty, f16, f32, f64, ints, specials, val

table = Table(
    "keras_convolution", rtol=2e-5, atol=2e-5, why="sums of dozens of products in another order"
)
case, error = table.case, table.error

SEQUENCE = f32(2, 7, 3)
IMAGE = f32(2, 5, 6, 3)
VOLUME = f32(2, 4, 5, 3, 2)
PENALTIES = "kernel_regularizer='l2', bias_regularizer='l1', activity_regularizer='l2', kernel_constraint='non_neg', bias_constraint='non_neg', kernel_initializer='he_normal', bias_initializer='ones'"
APART = PENALTIES.replace("kernel_", "depthwise_")

# ------------------------------------------------------------------------------------ the battery

# name: (constructor's arguments, inputs); every layer is named n
LAYERS = {
    "conv1d": ("Conv1D(4, 3)", SEQUENCE),
    "conv1d_same_strides": ("Conv1D(4, 3, 2, 'same', activation='relu')", SEQUENCE),
    "conv1d_causal": ("Conv1D(4, 3, padding='causal')", SEQUENCE),
    "conv1d_causal_dilated": ("Conv1D(4, 3, padding='causal', dilation_rate=2)", SEQUENCE),
    "conv1d_dilated": ("Conv1D(4, 3, dilation_rate=3, use_bias=False)", SEQUENCE),
    "conv1d_dilated_same": ("Conv1D(4, 3, padding='same', dilation_rate=2)", SEQUENCE),
    "conv2d": ("Conv2D(4, 3)", IMAGE),
    "conv2d_options": ("Conv2D(4, (2, 3), (2, 1), 'SAME', activation='tanh')", IMAGE),
    "conv2d_large": ("Conv2D(6, 5, activation='sigmoid')", f32(2, 12, 12, 1)),
    "conv2d_point": ("Conv2D(4, 1, strides=2, padding='same', use_bias=False)", IMAGE),
    "conv2d_dilated": ("Conv2D(4, 2, dilation_rate=(2, 3))", IMAGE),
    "conv2d_dilated_same": ("Conv2D(4, 3, padding='same', dilation_rate=2)", IMAGE),
    "conv2d_penalties": ("Conv2D(4, 3, %s)" % PENALTIES, IMAGE),
    "conv2d_float64": ("Conv2D(4, 3, dtype='float64')", f64(2, 5, 6, 3)),
    "conv2d_softmax": ("Conv2D(4, 3, activation='softmax')", IMAGE),
    "conv3d": ("Conv3D(4, 2)", VOLUME),
    "conv3d_options": ("Conv3D(3, (1, 2, 3), (1, 2, 1), 'same', activation='relu')", VOLUME),
    "conv3d_dilated": ("Conv3D(3, 2, dilation_rate=2, use_bias=False)", VOLUME),
    "conv2d_transpose": ("Conv2DTranspose(4, 3)", IMAGE),
    "conv2d_transpose_strides": ("Conv2DTranspose(4, 3, 2, activation='relu')", IMAGE),
    "conv2d_transpose_same": ("Conv2DTranspose(4, 5, (2, 2), 'same', use_bias=False)", IMAGE),
    "conv2d_transpose_small": ("Conv2DTranspose(4, 2, 3)", IMAGE),
    "conv2d_transpose_output_padding": ("Conv2DTranspose(4, 3, 2, 'same', 1)", IMAGE),
    "conv2d_transpose_output_padding_valid": ("Conv2DTranspose(4, (3, 2), 3, 'valid', (2, 0))", IMAGE),
    "conv2d_transpose_dilated": ("Conv2DTranspose(4, 3, dilation_rate=2)", IMAGE),
    "conv2d_transpose_dilated_same": ("Conv2DTranspose(4, 3, padding='same', dilation_rate=2)", IMAGE),
    "conv2d_transpose_channels_first": ("Conv2DTranspose(4, 3, 2, data_format='channels_first')", IMAGE),
    "conv2d_transpose_penalties": ("Conv2DTranspose(4, 3, %s)" % PENALTIES, IMAGE),
    "conv3d_transpose": ("Conv3DTranspose(3, 2)", VOLUME),
    "conv3d_transpose_same": ("Conv3DTranspose(3, 3, 2, 'same', activation='relu')", VOLUME),
    "conv3d_transpose_output_padding": ("Conv3DTranspose(3, 3, 2, 'same', 1, use_bias=False)", VOLUME),
    "separable_conv1d": ("SeparableConv1D(4, 3)", SEQUENCE),
    "separable_conv1d_options": ("SeparableConv1D(4, 3, 2, 'same', depth_multiplier=2, activation='relu')", SEQUENCE),
    "separable_conv1d_causal": ("SeparableConv1D(4, 2, padding='causal')", SEQUENCE),
    "separable_conv1d_dilated": ("SeparableConv1D(4, 3, dilation_rate=2, use_bias=False)", SEQUENCE),
    "separable_conv2d": ("SeparableConv2D(4, 3)", IMAGE),
    "separable_conv2d_options": ("SeparableConv2D(4, (2, 3), 2, 'same', depth_multiplier=2, activation='relu')", IMAGE),
    "separable_conv2d_dilated": ("SeparableConv2D(4, 2, dilation_rate=2, use_bias=False)", IMAGE),
    "separable_conv2d_penalties": (
        "SeparableConv2D(4, 3, %s, pointwise_regularizer='l1', pointwise_constraint='non_neg')" % APART, IMAGE,
    ),
    "depthwise_conv2d": ("DepthwiseConv2D(3)", IMAGE),
    "depthwise_conv2d_options": ("DepthwiseConv2D((2, 3), 2, 'same', 2, activation='relu')", IMAGE),
    "depthwise_conv2d_penalties": ("DepthwiseConv2D(3, %s)" % APART, IMAGE),
    "depthwise_conv2d_channels_first": ("DepthwiseConv2D(2, data_format='channels_first')", IMAGE),
    "max_pooling1d": ("MaxPooling1D()", SEQUENCE),
    "max_pooling1d_options": ("MaxPool1D(3, 2, 'same')", SEQUENCE),
    "max_pooling1d_channels_first": ("MaxPooling1D(2, data_format='channels_first')", SEQUENCE),
    "max_pooling2d": ("MaxPooling2D()", IMAGE),
    "max_pooling2d_options": ("MaxPool2D((3, 2), (1, 2), 'same')", IMAGE),
    "max_pooling2d_overlap": ("MaxPool2D(3, 2)", IMAGE),
    "max_pooling2d_ints": ("MaxPool2D(2)", ints(-9, 9, 2, 4, 4, 1)),
    "max_pooling3d": ("MaxPooling3D()", VOLUME),
    "max_pooling3d_options": ("MaxPool3D((1, 2, 3), 2, 'same')", VOLUME),
    "max_pooling3d_channels_first": ("MaxPool3D((2, 3, 1), data_format='channels_first')", VOLUME),
    "average_pooling1d": ("AveragePooling1D()", SEQUENCE),
    "average_pooling1d_options": ("AvgPool1D(3, 2, 'same')", SEQUENCE),
    "average_pooling1d_channels_first": ("AveragePooling1D(2, data_format='channels_first')", SEQUENCE),
    "average_pooling2d": ("AveragePooling2D()", IMAGE),
    "average_pooling2d_options": ("AvgPool2D((3, 2), (1, 2), 'same')", IMAGE),
    "average_pooling3d": ("AveragePooling3D()", VOLUME),
    "average_pooling3d_options": ("AvgPool3D((1, 2, 3), 2, 'same')", VOLUME),
    "global_average_pooling1d": ("GlobalAveragePooling1D()", SEQUENCE),
    "global_average_pooling1d_channels_first": ("GlobalAvgPool1D('channels_first')", SEQUENCE),
    "global_average_pooling2d": ("GlobalAveragePooling2D()", IMAGE),
    "global_average_pooling2d_channels_first": ("GlobalAvgPool2D('channels_first')", IMAGE),
    "global_average_pooling2d_ints": ("GlobalAvgPool2D()", ints(-9, 9, 2, 4, 4, 1)),
    "global_average_pooling3d": ("GlobalAveragePooling3D()", VOLUME),
    "global_average_pooling3d_channels_first": ("GlobalAvgPool3D('channels_first')", VOLUME),
    "global_max_pooling1d": ("GlobalMaxPooling1D()", SEQUENCE),
    "global_max_pooling1d_channels_first": ("GlobalMaxPool1D('channels_first')", SEQUENCE),
    "global_max_pooling2d": ("GlobalMaxPooling2D()", IMAGE),
    "global_max_pooling2d_channels_first": ("GlobalMaxPool2D('channels_first')", IMAGE),
    "global_max_pooling3d": ("GlobalMaxPooling3D()", VOLUME),
    "global_max_pooling3d_channels_first": ("GlobalMaxPool3D('channels_first')", VOLUME),
    "zero_padding1d": ("ZeroPadding1D()", SEQUENCE),
    "zero_padding1d_pair": ("ZeroPadding1D((2, 0))", SEQUENCE),
    "zero_padding2d": ("ZeroPadding2D()", IMAGE),
    "zero_padding2d_pairs": ("ZeroPadding2D(((1, 0), (2, 3)))", IMAGE),
    "zero_padding2d_channels_first": ("ZeroPadding2D((1, 2), 'channels_first')", IMAGE),
    "zero_padding3d": ("ZeroPadding3D()", VOLUME),
    "zero_padding3d_pairs": ("ZeroPadding3D(((1, 1), (2, 2), (0, 0)))", VOLUME),
    "zero_padding3d_channels_first": ("ZeroPadding3D((1, 2, 0), 'channels_first')", VOLUME),
    "cropping1d": ("Cropping1D()", SEQUENCE),
    "cropping1d_pair": ("Cropping1D((2, 0))", SEQUENCE),
    "cropping2d": ("Cropping2D(1)", IMAGE),
    "cropping2d_nothing": ("Cropping2D()", IMAGE),
    "cropping2d_pairs": ("Cropping2D(((1, 0), (0, 2)))", IMAGE),
    "cropping2d_channels_first": ("Cropping2D((1, 0), 'channels_first')", IMAGE),
    "cropping3d": ("Cropping3D()", f32(2, 4, 5, 3, 2)),
    "cropping3d_pairs": ("Cropping3D(((1, 0), (0, 2), (0, 0)))", VOLUME),
    "cropping3d_channels_first": ("Cropping3D((1, 1, 0), 'channels_first')", VOLUME),
    "up_sampling1d": ("UpSampling1D()", SEQUENCE),
    "up_sampling2d": ("UpSampling2D()", IMAGE),
    "up_sampling2d_pair": ("UpSampling2D((3, 1))", IMAGE),
    "up_sampling2d_channels_first": ("UpSampling2D((1, 2), 'channels_first')", IMAGE),
    "up_sampling2d_bilinear": ("UpSampling2D((2, 3), interpolation='bilinear')", IMAGE),
    "up_sampling2d_bilinear_channels_first": ("UpSampling2D(2, 'channels_first', 'bilinear')", IMAGE),
    "up_sampling2d_ints": ("UpSampling2D()", ints(-9, 9, 2, 2, 3, 1)),
    "locally_connected1d": ("LocallyConnected1D(4, 3)", SEQUENCE),
    "locally_connected1d_strides": ("LocallyConnected1D(4, 3, 2, activation='relu')", SEQUENCE),
    "locally_connected1d_channels_first": ("LocallyConnected1D(4, 2, data_format='channels_first')", SEQUENCE),
    "locally_connected1d_penalties": ("LocallyConnected1D(4, 3, %s)" % PENALTIES, SEQUENCE),
    "locally_connected1d_2": ("LocallyConnected1D(4, 3, 2, implementation=2)", SEQUENCE),
    "locally_connected1d_2_same": ("LocallyConnected1D(4, 3, 2, 'same', implementation=2, use_bias=False)", SEQUENCE),
    "locally_connected1d_2_first": ("LocallyConnected1D(4, 2, data_format='channels_first', implementation=2)", SEQUENCE),
    "locally_connected1d_3": ("LocallyConnected1D(4, 3, 2, implementation=3)", SEQUENCE),
    "locally_connected1d_3_same": ("LocallyConnected1D(4, 4, 1, 'same', implementation=3)", SEQUENCE),
    "locally_connected1d_3_first": ("LocallyConnected1D(4, 2, data_format='channels_first', implementation=3)", SEQUENCE),
    "locally_connected2d": ("LocallyConnected2D(2, 3)", IMAGE),
    "locally_connected2d_strides": ("LocallyConnected2D(2, (2, 3), (2, 1), activation='relu')", IMAGE),
    "locally_connected2d_channels_first": ("LocallyConnected2D(2, 2, data_format='channels_first', use_bias=False)", IMAGE),
    "locally_connected2d_2": ("LocallyConnected2D(2, 3, 2, implementation=2)", IMAGE),
    "locally_connected2d_2_same": ("LocallyConnected2D(2, (3, 2), 2, 'same', implementation=2)", IMAGE),
    "locally_connected2d_3": ("LocallyConnected2D(2, 3, 2, implementation=3)", IMAGE),
    "locally_connected2d_3_same": ("LocallyConnected2D(2, (3, 2), 2, 'same', implementation=3)", IMAGE),
    "locally_connected2d_3_first": ("LocallyConnected2D(2, 2, data_format='channels_first', implementation=3)", IMAGE),
}  # fmt: skip
for name, (made, x) in LAYERS.items():
    if made.endswith("()"):
        make = made[:-1] + "name='n')"
    else:
        make = made[:-1] + ", name='n')"
    code = BATTERY.format(make=make, inputs="x", calls=PLAIN, symbolic=True, config="layer")
    case(name, code, seed=3, x=x)

# ------------------------------------------------------------------- what the battery does not fit

HALVES = {"rtol": 4e-3, "atol": 4e-3, "why": "float16, summed in another order"}
case(
    "conv2d_float16",
    "tf.keras.layers.Conv2D(4, 3, kernel_initializer='ones', dtype='float16')(x)",
    x=f16(2, 5, 6, 3),
    **HALVES,
)
case(
    "bilinear_float16",
    "tf.keras.layers.UpSampling2D(2, interpolation='bilinear', dtype='float16')(x)",
    x=f16(2, 2, 3, 1),
    **HALVES,
)
case(
    "bilinear_ints",
    "tf.keras.layers.UpSampling2D(2, interpolation='bilinear')(x)",
    x=ints(-9, 9, 2, 2, 3, 1),
)
case(
    "depthwise_dilated",
    "tf.keras.layers.DepthwiseConv2D(2, dilation_rate=2, depthwise_initializer='ones')(x)",
    x=IMAGE,
    grad="x",
)
case(
    "up_sampling3d",
    "L = tf.keras.layers\n[L.UpSampling3D()(x), L.UpSampling3D((1, 2, 3))(x), L.UpSampling3D((2, 1, 2), 'channels_first')(x)]",
    x=VOLUME,
    grad="x",
)
case(
    "zero_padding3d_sides",
    "l = tf.keras.layers.ZeroPadding3D(((1, 0), (2, 3), (0, 0)), name='n')\n[l(x), l.get_config()]",
    x=VOLUME,
)
case("up_sampling3d_config", "tf.keras.layers.UpSampling3D((1, 2, 3), name='n').get_config()")
for name, make in {
    "conv2d_specials": "Conv2D(2, 1, kernel_initializer='ones')",
    "max_pooling2d_specials": "MaxPooling2D((1, 2))",
    "average_pooling2d_specials": "AveragePooling2D((1, 2))",
    "global_max_pooling2d_specials": "GlobalMaxPooling2D()",
}.items():
    case(name, "tf.keras.layers.%s(tf.reshape(x, (1, 1, 12, 1)))" % make, x=specials())
for name, make in {
    "conv2d": "Conv2D(2, 3)",
    "conv2d_same": "Conv2D(2, 3, padding='same')",
    "conv2d_transpose": "Conv2DTranspose(2, 3)",
    "depthwise_conv2d": "DepthwiseConv2D(3)",
    "max_pooling2d": "MaxPooling2D()",
    "global_average_pooling2d": "GlobalAveragePooling2D()",
    "zero_padding2d": "ZeroPadding2D()",
    "up_sampling2d": "UpSampling2D()",
}.items():
    case("no_samples_" + name, "tf.keras.layers.%s(x)" % make, x=empty(0, 5, 6, 3))
case("window_larger_by_one", "tf.keras.layers.Conv2D(2, 6)(x)", x=f32(1, 5, 5, 3))
case(
    "pool_larger",
    "[tf.keras.layers.MaxPooling2D(7)(x), tf.keras.layers.AveragePooling2D(7)(x)]",
    x=IMAGE,
)
case(
    "cropped_away",
    "[tf.keras.layers.Cropping2D(3)(x), tf.keras.layers.Cropping1D(4)(x[0])]",
    x=IMAGE,
)
case("no_filters", "tf.keras.layers.Conv2D(0, 3)(x)", x=IMAGE)
case("conv2d_float64_input", "tf.keras.layers.Conv2D(2, 3)(x).dtype", x=f64(2, 5, 6, 3))
case("conv2d_array", "tf.keras.layers.Conv2D(2, 3, kernel_initializer='ones')(x.numpy())", x=IMAGE)
case("initial_values", "l = tf.keras.layers.Conv2D(2, 3)\nl(x)\nl.get_weights()", x=IMAGE, seed=5)
case(
    "initial_values_depthwise",
    "l = tf.keras.layers.DepthwiseConv2D(3)\nl(x)\nl.get_weights()",
    x=IMAGE,
    seed=5,
)
case(
    "initial_values_separable",
    "l = tf.keras.layers.SeparableConv2D(2, 3)\nl(x)\nl.get_weights()",
    x=IMAGE,
    seed=5,
)
case(
    "initial_values_transpose",
    "l = tf.keras.layers.Conv2DTranspose(2, 3)\nl(x)\nl.get_weights()",
    x=IMAGE,
    seed=5,
)
for implementation in (1, 2, 3):
    code = "l = tf.keras.layers.LocallyConnected2D(2, 3, implementation=%d)\nl(x)\nl.get_weights()"
    case("initial_values_local_%d" % implementation, code % implementation, x=IMAGE, seed=5)
case(
    "config_order",
    "L = tf.keras.layers\n[list(l.get_config()) for l in [L.Conv2D(2, 3), L.Conv2DTranspose(2, 3), L.Conv3DTranspose(2, 3), L.SeparableConv2D(2, 3), L.DepthwiseConv2D(3), L.MaxPool1D(), L.MaxPool2D(), L.ZeroPadding2D(), L.Cropping3D(), L.UpSampling2D(), L.LocallyConnected2D(2, 3)]]",
)
case(
    "class_names",
    """
L = tf.keras.layers
names = ["Convolution1D", "Convolution2DTranspose", "SeparableConvolution2D", "AvgPool2D", "MaxPool1D"]
names += ["GlobalMaxPool2D", "GlobalAvgPool1D", "DepthwiseConv2D", "UpSampling3D"]
configs = [{"filters": 2, "kernel_size": 3}] * 3 + [{}] * 4 + [{"kernel_size": 3}, {}]
made = [L.deserialize({"class_name": n, "config": c}) for n, c in zip(names, configs)]
[(type(layer).__name__, layer.name) for layer in made]
""",
    x=IMAGE,
)
case(
    "data_format_of_keras",
    """
L = tf.keras.layers
tf.keras.backend.set_image_data_format("channels_first")
made = [L.Conv2D(2, 3), L.Conv1D(2, 3), L.MaxPool2D(), L.MaxPool1D(), L.UpSampling2D(), L.ZeroPadding2D()]
made += [L.GlobalAveragePooling2D(), L.GlobalAveragePooling1D(), L.SeparableConv1D(2, 3)]
result = [layer.data_format for layer in made]
tf.keras.backend.set_image_data_format("channels_last")
""",
)
case(
    "overridden_call",
    """
class Doubled(tf.keras.layers.Conv2D):
    def call(self, inputs):
        return 2 * super(Doubled, self).call(inputs)

layer = Doubled(2, 3, kernel_initializer="ones", name="doubled")
result = [layer(x), layer.get_config(), [w.name for w in layer.weights]]
""",
    x=IMAGE,
)

# --------------------------------------------------------------------------------------- masks

case(
    "mask_average",
    "L = tf.keras.layers\nl = L.GlobalAveragePooling1D()\ny = l(x, mask=m)\n[y, getattr(y, '_keras_mask', None), l.compute_mask(x, m)]",
    x=f32(2, 3, 4),
    m=val([[True, False, True], [False, False, False]], "bool"),
)
case(
    "mask_average_channels_first",
    "tf.keras.layers.GlobalAveragePooling1D('channels_first')(x, mask=m)",
    x=f32(2, 4, 3),
    m=val([[True, False, True], [True, True, False]], "bool"),
)
case(
    "mask_from_embedding",
    "L = tf.keras.layers\nL.GlobalAveragePooling1D()(L.Embedding(5, 3, mask_zero=True)(x))",
    x=val([[1, 2, 0, 0], [3, 0, 4, 0]], "int32"),
    seed=2,
)
case(
    "mask_dropped",
    "L = tf.keras.layers\nm = L.Masking()(x)\n[getattr(l(m), '_keras_mask', None) for l in (L.GlobalAveragePooling1D(),)]",
    x=f32(2, 3, 4),
)
for name in (
    "Conv1D(2, 2)",
    "MaxPooling1D()",
    "GlobalMaxPooling1D()",
    "ZeroPadding1D()",
    "UpSampling1D()",
):
    code = "L = tf.keras.layers\nL.%s.compute_mask(x, x[:, :, 0] > 0)" % name
    error("mask_" + name, code, x=f32(2, 3, 4), says=("does not support masking",))

# ------------------------------------------------------------------------------- symbolic shapes

SHAPES = {
    "conv1d_unknown": "L.Conv1D(2, 3)(I((None, 3)))",
    "conv1d_causal_unknown": "L.Conv1D(2, 3, padding='causal')(I((None, 3)))",
    "conv2d_unknown": "L.Conv2D(2, 3)(I((None, 6, 3)))",
    "conv2d_strides_unknown": "L.Conv2D(2, 3, 2, 'same')(I((None, None, 3)))",
    "conv2d_dilated_unknown": "L.Conv2D(2, 3, dilation_rate=2)(I((None, None, 3)))",
    "conv2d_batch": "L.Conv2D(2, 3)(I(batch_shape=(4, 5, 6, 3)))",
    "conv2d_channels_first": "L.Conv2D(2, 3, data_format='channels_first')(I((3, 5, None)))",
    "conv3d_unknown": "L.Conv3D(2, 3)(I((None, 5, None, 3)))",
    "conv2d_transpose_unknown": "L.Conv2DTranspose(2, 3, 2)(I((None, 5, 3)))",
    "conv2d_transpose_dilated_unknown": "L.Conv2DTranspose(2, 3, dilation_rate=2)(I((None, 5, 3)))",
    "conv3d_transpose_unknown": "L.Conv3DTranspose(2, 3)(I((4, None, 5, 3)))",
    "separable_conv1d_unknown": "L.SeparableConv1D(2, 3)(I((None, 3)))",
    "separable_conv2d_unknown": "L.SeparableConv2D(2, 3)(I((None, 5, 3)))",
    "depthwise_conv2d_unknown": "L.DepthwiseConv2D(3, 2)(I((None, 5, 3)))",
    "max_pooling1d_unknown": "L.MaxPooling1D()(I((None, 3)))",
    "max_pooling2d_unknown": "L.MaxPooling2D(3, 2, 'same')(I((None, 5, None)))",
    "average_pooling3d_unknown": "L.AveragePooling3D()(I((None, 5, 6, 2)))",
    "global_average_pooling2d_unknown": "L.GlobalAveragePooling2D()(I((None, None, 3)))",
    "global_max_pooling1d_unknown": "L.GlobalMaxPooling1D()(I((None, 3)))",
    "zero_padding2d_unknown": "L.ZeroPadding2D(((1, 0), (2, 3)))(I((None, 5, 3)))",
    "cropping2d_unknown": "L.Cropping2D(((0, 1), (2, 0)))(I((None, 5, 1)))",
    "cropping1d_away": "L.Cropping1D(3)(I((5, 1)))",
    "up_sampling1d_unknown": "L.UpSampling1D()(I((None, 3)))",
    "up_sampling2d_unknown": "L.UpSampling2D()(I((None, 5, 3)))",
    "up_sampling2d_bilinear_unknown": "L.UpSampling2D(interpolation='bilinear')(I((None, 5, 3)))",
    "up_sampling3d_unknown": "L.UpSampling3D()(I((None, 5, 6, 3)))",
    "locally_connected1d": "L.LocallyConnected1D(2, 3)(I((7, 3)))",
    "chain_unknown": "L.MaxPooling2D()(L.Conv2D(2, 3)(L.ZeroPadding2D()(I((None, None, 3)))))",
    "op_unknown": "tf.nn.conv2d(I((None, 8, 3)), tf.ones((3, 3, 3, 2)), 2, 'VALID')",
}
for name, call in SHAPES.items():
    code = "L, I = tf.keras.layers, tf.keras.Input\ny = %s\n[y.shape, y.dtype]" % call
    case("shape_" + name, code)
case(
    "shape_inside_a_layer",
    """
class Twice(tf.keras.layers.Layer):
    def __init__(self):
        super(Twice, self).__init__()
        self.first, self.second = tf.keras.layers.Conv2D(4, 3), tf.keras.layers.MaxPool2D()

    def call(self, x):
        return self.second(self.first(x))

result = Twice()(tf.keras.Input((None, 9, 3))).shape
""",
)
case(
    "shape_computed",
    """
L = tf.keras.layers
image = (None, 9, None, 4)
result = [l.compute_output_shape(image) for l in [L.Conv2D(2, 3), L.Conv2D(2, 3, 2, 'same'), L.Conv2D(2, 3, dilation_rate=3), L.Conv2D(2, 3, data_format='channels_first'), L.Conv2DTranspose(2, 3, 2), L.SeparableConv2D(2, 3, dilation_rate=2), L.DepthwiseConv2D(3, 2, depth_multiplier=3), L.MaxPool2D(3, 2), L.GlobalMaxPool2D(), L.ZeroPadding2D((1, 2)), L.Cropping2D(2), L.UpSampling2D(3)]]
result += [l.compute_output_shape((2, None, 4)) for l in [L.Conv1D(2, 3), L.MaxPool1D(3), L.GlobalAveragePooling1D(), L.ZeroPadding1D(2), L.Cropping1D(2), L.UpSampling1D(3)]]
""",
)
case(
    "summary",
    """
L = tf.keras.layers
model = tf.keras.Sequential([
    L.Conv2D(6, 5, activation='relu', input_shape=(28, 28, 1), name='a'), L.MaxPool2D(name='b'),
    L.SeparableConv2D(8, 3, name='c'), L.DepthwiseConv2D(3, name='d'), L.BatchNormalization(name='e'),
    L.Conv2DTranspose(4, 2, 2, name='f'), L.UpSampling2D(name='g'), L.Cropping2D(1, name='h'),
    L.ZeroPadding2D(name='i'), L.AveragePooling2D(name='j'), L.GlobalAveragePooling2D(name='k'),
], name='m')
model.summary()
result = model.to_json()
""",
    prints=True,
)

# -------------------------------------------------------------------------------------- backend

BACKEND = {
    "conv1d": ("K.conv1d(x, w, 2, 'same')", SEQUENCE, f32(3, 3, 2)),
    "conv1d_causal": ("K.conv1d(x, w, padding='causal', dilation_rate=2)", SEQUENCE, f32(3, 3, 2)),
    "conv1d_first": ("K.conv1d(x, w, data_format='channels_first')", f32(2, 3, 7), f32(3, 3, 2)),
    "conv2d": ("K.conv2d(x, w)", IMAGE, f32(3, 3, 3, 2)),
    "conv2d_options": ("K.conv2d(x, w, (2, 1), 'same')", IMAGE, f32(3, 2, 3, 2)),
    "conv2d_dilated": ("K.conv2d(x, w, dilation_rate=(2, 1))", IMAGE, f32(2, 2, 3, 2)),
    "conv2d_first": ("K.conv2d(x, w, data_format='channels_first')", f32(2, 3, 5, 6), f32(3, 3, 3, 2)),
    "conv3d": ("K.conv3d(x, w, (1, 2, 1), 'same')", VOLUME, f32(2, 2, 2, 2, 3)),
    "conv3d_dilated": ("K.conv3d(x, w, dilation_rate=(2, 2, 2))", VOLUME, f32(2, 2, 2, 2, 3)),
    "conv3d_first": ("K.conv3d(x, w, data_format='channels_first')", f32(2, 2, 4, 5, 3), f32(2, 2, 2, 2, 3)),
    "conv2d_transpose": ("K.conv2d_transpose(x, w, (2, 7, 8, 2))", IMAGE, f32(3, 3, 2, 3)),
    "conv2d_transpose_batch": ("K.conv2d_transpose(x, w, (None, 10, 12, 2), (2, 2), 'same')", IMAGE, f32(3, 3, 2, 3)),
    "conv2d_transpose_first": ("K.conv2d_transpose(x, w, (2, 2, 7, 8), data_format='channels_first')", f32(2, 3, 5, 6), f32(3, 3, 2, 3)),
    "conv2d_transpose_dilated": ("K.conv2d_transpose(x, w, (2, 9, 10, 2), dilation_rate=(2, 2))", IMAGE, f32(3, 3, 2, 3)),
    "conv2d_transpose_dilated_first": (
        "K.conv2d_transpose(x, w, (2, 2, 9, 10), data_format='channels_first', dilation_rate=(2, 2))", f32(2, 3, 5, 6), f32(3, 3, 2, 3),
    ),
    "depthwise_conv2d": ("K.depthwise_conv2d(x, w, (2, 2), 'same')", IMAGE, f32(3, 3, 3, 2)),
    "depthwise_conv2d_dilated": ("K.depthwise_conv2d(x, w, dilation_rate=(2, 2))", IMAGE, f32(2, 2, 3, 2)),
    "depthwise_conv2d_first": ("K.depthwise_conv2d(x, w, data_format='channels_first')", f32(2, 3, 5, 6), f32(3, 3, 3, 1)),
    "separable_conv2d": ("K.separable_conv2d(x, w, w[:1, :1, :1], (2, 2))", f32(2, 5, 6, 1), f32(3, 3, 1, 1)),
    "separable_conv2d_first": ("K.separable_conv2d(x, w, w[:1, :1, :1], data_format='channels_first')", f32(2, 1, 5, 6), f32(3, 3, 1, 1)),
    "pool2d": ("K.pool2d(x, (2, 3), (1, 2), 'same')", IMAGE),
    "pool2d_average": ("K.pool2d(x, (2, 3), (2, 2), pool_mode='avg')", IMAGE),
    "pool2d_first": ("[K.pool2d(x, (2, 2), data_format='channels_first', pool_mode=m) for m in ('max', 'avg')]", IMAGE),
    "pool3d": ("[K.pool3d(x, (2, 2, 1), (2, 1, 1), 'same', pool_mode=m) for m in ('max', 'avg')]", VOLUME),
    "pool3d_first": ("[K.pool3d(x, (2, 2, 2), data_format='channels_first', pool_mode=m) for m in ('max', 'avg')]", VOLUME),
}  # fmt: skip
for name, (code, x, *more) in BACKEND.items():
    weights = {"w": more[0]} if more else {}
    case(
        "backend_" + name,
        "K = tf.keras.backend\n" + code,
        x=x,
        grad="x,w" if more else "x",
        **weights,
    )

# ------------------------------------------------------------------------------------ bad input

WINDOW = "Negative dimension size caused by subtracting"
PADDINGS = 'The `padding` argument must be a list/tuple or one of "valid", "same"'
ERRORS = {
    "conv2d_rank_3": ("L.Conv2D(2, 3)(x[0])", "is incompatible with the layer: expected ndim=4, found ndim=3. Full shape received: [5, 6, 3]"),
    "conv2d_rank_5": ("L.Conv2D(2, 3)(x[None])", "expected ndim=4, found ndim=5"),
    "conv1d_rank_4": ("L.Conv1D(2, 3)(x)", "expected ndim=3, found ndim=4"),
    "conv3d_rank_4": ("L.Conv3D(2, 3)(x)", "expected ndim=5, found ndim=4"),
    "conv2d_transpose_rank_3": ("L.Conv2DTranspose(2, 3)(x[0])", "expected ndim=4, found ndim=3"),
    "separable_conv2d_rank_3": ("L.SeparableConv2D(2, 3)(x[0])", "expected ndim=4, found ndim=3"),
    "depthwise_conv2d_rank_3": ("L.DepthwiseConv2D(3)(x[0])", "expected ndim=4, found ndim=3"),
    "max_pooling2d_rank_3": ("L.MaxPooling2D()(x[0])", "expected ndim=4, found ndim=3"),
    "global_max_pooling2d_rank_3": ("L.GlobalMaxPooling2D()(x[0])", "expected ndim=4, found ndim=3"),
    "zero_padding2d_rank_3": ("L.ZeroPadding2D()(x[0])", "expected ndim=4, found ndim=3"),
    "cropping1d_rank_4": ("L.Cropping1D()(x)", "expected ndim=3, found ndim=4"),
    "up_sampling2d_rank_3": ("L.UpSampling2D()(x[0])", "expected ndim=4, found ndim=3"),
    "locally_connected1d_rank_4": ("L.LocallyConnected1D(2, 3)(x)", "expected ndim=3, found ndim=4"),
    "conv2d_channels": ("L.Conv2D(2, 3)(I((4, 4, None)))", "The channel dimension of the inputs should be defined. Found `None`."),
    "conv2d_transpose_channels": ("L.Conv2DTranspose(2, 3)(I((4, 4, None)))", "The channel dimension of the inputs should be defined. Found `None`."),
    "conv3d_transpose_channels": ("L.Conv3DTranspose(2, 3)(I((4, 4, 4, None)))", "The channel dimension of the inputs should be defined, found None: (None, 4, 4, 4, None)"),
    "separable_conv2d_channels": ("L.SeparableConv2D(2, 3)(I((4, 4, None)))", "The channel dimension of the inputs should be defined. Found `None`."),
    "depthwise_conv2d_channels": ("L.DepthwiseConv2D(3)(I((4, 4, None)))", "The channel dimension of the inputs to `DepthwiseConv2D` should be defined."),
    "conv2d_other_channels": ("l = L.Conv2D(2, 3)\nl(x)\nl(I((5, 6, 4)))", "expected axis -1 of input shape to have value 3 but received input with shape [None, 5, 6, 4]"),
    "conv2d_other_channels_eager": ("l = L.Conv2D(2, 3)\nl(x)\nl(x[..., :2])", "number of input channels does not match corresponding dimension of filter, 2 != 3"),
    "conv2d_window": ("L.Conv2D(2, 7)(x)", "Computed output size would be negative: -1 [input_size: 5, effective_filter_size: 7, stride: 1]"),
    "conv1d_window": ("L.Conv1D(2, 9)(x[0])", "Computed output size would be negative: -2 [input_size: 6"),
    "conv3d_window": ("L.Conv3D(2, 7)(x[None])", "Computed output size would be negative: -"),
    "depthwise_conv2d_window": ("L.DepthwiseConv2D(7)(x)", "Computed output size would be negative: -1"),
    "conv2d_no_rows": ("L.Conv2D(2, 3)(x[:, :0])", "Computed output size would be negative: -2"),
    "conv2d_window_symbolic": ("L.Conv2D(2, 7)(I((5, 5, 3)))", WINDOW + " 7 from 5 for"),
    "conv2d_window_symbolic_one": ("L.Conv2D(2, 6, 3)(I((5, 5, 3)))", WINDOW + " 6 from 5 for"),
    "conv2d_dilated_window_symbolic": ("L.Conv2D(2, 3, dilation_rate=3)(I((5, 5, 3)))", WINDOW),
    "conv1d_window_symbolic": ("L.Conv1D(2, 9)(I((7, 3)))", WINDOW + " 9 from 7 for"),
    "conv3d_window_symbolic": ("L.Conv3D(2, 7)(I((5, 8, 8, 3)))", WINDOW + " 7 from 5 for"),
    "depthwise_conv2d_window_symbolic": ("L.DepthwiseConv2D(7)(I((5, 5, 3)))", WINDOW + " 7 from 5 for"),
    "separable_conv2d_window_symbolic": ("L.SeparableConv2D(2, 7)(I((5, 5, 3)))", WINDOW + " 7 from 5 for"),
    "max_pooling2d_window_symbolic": ("L.MaxPooling2D(7)(I((5, 6, 3)))", WINDOW + " 7 from 5 for"),
    "max_pooling1d_window_symbolic": ("L.MaxPooling1D(7)(I((5, 3)))", WINDOW + " 7 from 5 for"),
    "average_pooling3d_window_symbolic": ("L.AveragePooling3D(7)(I((5, 5, 5, 3)))", WINDOW + " 7 from 5 for"),
    "conv2d_window_function": ("tf.function(lambda t: L.Conv2D(2, 7)(t))(x)", WINDOW + " 7 from 5 for"),
    "conv2d_window_predict": ("tf.keras.Sequential([L.Conv2D(2, 7)]).predict(x)", WINDOW + " 7 from 5 for"),
    "conv2d_strides_dilation": ("L.Conv2D(2, 3, 2, dilation_rate=2)(x)", "strides > 1 not supported in conjunction with dilation_rate > 1"),
    "conv2d_strides_dilation_symbolic": ("L.Conv2D(2, 3, 2, dilation_rate=2)(I((9, 9, 3)))", "strides > 1 not supported in conjunction with dilation_rate > 1"),
    "conv1d_strides_dilation": ("L.Conv1D(2, 3, 2, dilation_rate=2)(x[0])", "strides > 1 not supported in conjunction with dilation_rate > 1"),
    "conv2d_transpose_strides_dilation": ("L.Conv2DTranspose(2, 3, 2, dilation_rate=2)(x)",),
    "conv2d_transpose_dilations": ("L.Conv2DTranspose(2, 3, dilation_rate=(2, 1))(x)",),
    "separable_conv2d_strides": ("L.SeparableConv2D(2, 3, (1, 2))(x)", "Current implementation only supports equal length strides in the row and column dimensions."),
    "depthwise_conv2d_strides": ("L.DepthwiseConv2D(3, (1, 2))(x)", "Current implementation only supports equal length strides in the row and column dimensions."),
    "kernel_size_three": ("L.Conv2D(2, (3, 3, 3))", "The `kernel_size` argument must be a tuple of 2 integers. Received: (3, 3, 3)"),
    "kernel_size_string": ("L.Conv2D(2, 'a')", "The `kernel_size` argument must be a tuple of 2 integers. Received: a"),
    "kernel_size_none": ("L.Conv2D(2, None)", "The `kernel_size` argument must be a tuple of 2 integers. Received: None"),
    "kernel_size_element": ("L.Conv2D(2, (3, 'b'))", "Received: (3, 'b') including element b of type <class 'str'>"),
    "strides_three": ("L.Conv2D(2, 3, (1, 2, 3))", "The `strides` argument must be a tuple of 2 integers."),
    "strides_zero": ("L.Conv2D(2, 3, 0)(x)",),
    "dilation_three": ("L.Conv2D(2, 3, dilation_rate=(1, 2, 3))", "The `dilation_rate` argument must be a tuple of 2 integers."),
    "padding_unknown": ("L.Conv2D(2, 3, padding='zz')", PADDINGS, "Received: zz"),
    "padding_int": ("L.Conv2D(2, 3, padding=1)", "'int' object has no attribute 'lower'"),
    "padding_causal": ("L.Conv2D(2, 3, padding='causal')", "Causal padding is only supported for `Conv1D`"),
    "padding_causal_transpose": ("L.Conv2DTranspose(2, 3, padding='causal')", "Causal padding is only supported for `Conv1D`"),
    "padding_causal_separable": ("L.SeparableConv2D(2, 3, padding='causal')", "Causal padding is only supported for `Conv1D`"),
    "format_unknown": ("L.Conv2D(2, 3, data_format='zz')", 'The `data_format` argument must be one of "channels_first", "channels_last". Received: zz'),
    "format_unknown_pool": ("L.MaxPooling2D(data_format='zz')", "Received: zz"),
    "format_unknown_global": ("L.GlobalAveragePooling1D('zz')", "Received: zz"),
    "groups": ("L.Conv2D(2, 3, groups=2)", "Keyword argument not understood:", "groups"),
    "activation_unknown": ("L.Conv2D(2, 3, activation='zz')", "Unknown activation function:zz"),
    "filters_negative": ("L.Conv2D(-1, 3)(x)",),
    "filters_missing": ("L.Conv2D()",),
    "conv2d_ints": ("L.Conv2D(2, 3)(tf.cast(x, tf.int32))",),
    "output_padding": ("L.Conv2DTranspose(2, 3, output_padding=1)", "Stride (1, 1) must be greater than output padding (1, 1)"),
    "output_padding_3d": ("L.Conv3DTranspose(2, 3, 2, output_padding=2)", "Stride (2, 2, 2) must be greater than output padding (2, 2, 2)"),
    "output_padding_three": ("L.Conv2DTranspose(2, 3, 3, output_padding=(1, 1, 1))", "The `output_padding` argument must be a tuple of 2 integers."),
    "pool_size_three": ("L.MaxPooling2D((2, 2, 2))", "The `pool_size` argument must be a tuple of 2 integers."),
    "pool_size_string": ("L.MaxPooling2D('a')", "The `pool_size` argument must be a tuple of 2 integers."),
    "pool_strides_three": ("L.MaxPooling2D(2, (1, 2, 3))", "The `strides` argument must be a tuple of 2 integers."),
    "pool_strides_zero": ("L.MaxPooling2D(2, 0)(x)", "Stride must be > 0, but got 0"),
    "pool_padding": ("L.MaxPooling2D(2, padding='zz')", PADDINGS),
    "pool_ints": ("L.AveragePooling2D(2)(tf.cast(x, tf.int32))",),
    "zero_padding1d": ("L.ZeroPadding1D((1, 2, 3))", "The `padding` argument must be a tuple of 2 integers. Received: (1, 2, 3)"),
    "zero_padding1d_negative": ("L.ZeroPadding1D(-1)(x[0])", "Paddings must be non-negative: -1 -1"),
    "zero_padding2d_three": ("L.ZeroPadding2D((1, 2, 3))", "`padding` should have two elements. Found: (1, 2, 3)"),
    "zero_padding2d_entry": ("L.ZeroPadding2D(((1, 2), (3,)))", "The `2nd entry of padding` argument must be a tuple of 2 integers. Received: (3,)"),
    "zero_padding2d_none": ("L.ZeroPadding2D(None)", "`padding` should be either an int, a tuple of 2 ints (symmetric_height_pad, symmetric_width_pad), or a tuple of 2 tuples of 2 ints ((top_pad, bottom_pad), (left_pad, right_pad)). Found: None"),
    "zero_padding3d_two": ("L.ZeroPadding3D((1, 2))", "`padding` should have 3 elements. Found: (1, 2)"),
    "zero_padding3d_entry": ("L.ZeroPadding3D(((1, 2), (1, 2), (1, 2, 3)))", "The `3rd entry of padding` argument"),
    "cropping1d": ("L.Cropping1D((1, 2, 3))", "The `cropping` argument must be a tuple of 2 integers."),
    "cropping2d_three": ("L.Cropping2D((1, 2, 3))", "`cropping` should have two elements. Found: (1, 2, 3)"),
    "cropping2d_none": ("L.Cropping2D(None)", "`cropping` should be either an int, a tuple of 2 ints (symmetric_height_crop, symmetric_width_crop)"),
    "cropping3d_none": ("L.Cropping3D(None)", "(symmetric_dim1_crop, symmetric_dim2_crop, symmetric_dim3_crop), or a tuple of 3 tuples of 2 ints ((left_dim1_crop, right_dim1_crop)"),
    "up_sampling1d_string": ("L.UpSampling1D('a')", "invalid literal for int() with base 10: 'a'"),
    "up_sampling2d_three": ("L.UpSampling2D((2, 2, 2))", "The `size` argument must be a tuple of 2 integers."),
    "up_sampling2d_interpolation": ("L.UpSampling2D(2, interpolation='bicubic')", '`interpolation` argument should be one of `"nearest"` or `"bilinear"`.'),
    "up_sampling3d_two": ("L.UpSampling3D((2, 2))", "The `size` argument must be a tuple of 3 integers."),
    "locally_connected1d_same": ("L.LocallyConnected1D(2, 3, padding='same')", 'Invalid border mode for LocallyConnected1D (only "valid" is supported if implementation is 1): same'),
    "locally_connected2d_same": ("L.LocallyConnected2D(2, 3, padding='same')", "Invalid border mode for LocallyConnected2D"),
    "locally_connected1d_unknown": ("L.LocallyConnected1D(2, 3)(I((4, None)))", "Axis 2 of input should be fully-defined. Found shape:"),
    "locally_connected2d_unknown": ("L.LocallyConnected2D(2, 3)(I((None, 3, 2)))", "fully-defined"),
    "locally_connected2d_implementation": ("L.LocallyConnected2D(2, 3, implementation=4)(x)", "Unrecognized implementation mode: 4."),
    "locally_connected2d_window": ("L.LocallyConnected2D(2, 7)(x)",),
    "backend_padding": ("K.conv2d(x, tf.ones((3, 3, 3, 2)), padding='causal')", "Invalid padding: causal"),
    "backend_format": ("K.conv2d(x, tf.ones((3, 3, 3, 2)), data_format='zz')", "Unknown data_format: zz"),
    "backend_conv1d_padding": ("K.conv1d(x[0], tf.ones((3, 3, 2)), padding='zz')", "Invalid padding: zz"),
    "backend_transpose_dilations": ("K.conv2d_transpose(x, tf.ones((3, 3, 2, 3)), (2, 9, 10, 2), dilation_rate=(2, 1))",),
    "backend_separable_strides": ("K.separable_conv2d(x, tf.ones((3, 3, 3, 1)), tf.ones((1, 1, 3, 2)), (2, 2, 1))", "`strides` must be a tuple of 2 integers."),
    "backend_pool_mode": ("K.pool2d(x, (2, 2), pool_mode='zz')", "Invalid pooling mode: zz"),
    "backend_pool_size": ("K.pool2d(x, (2, 2, 2))", "`pool_size` must be a tuple of 2 integers."),
    "backend_pool_int": ("K.pool2d(x, 2)", "object of type 'int' has no len()"),
    "backend_pool_padding": ("K.pool2d(x, (2, 2), padding='zz')", "Invalid padding: zz"),
    "backend_pool3d_mode": ("K.pool3d(x[None], (2, 2, 2), pool_mode='zz')", "Invalid pooling mode: zz"),
}  # fmt: skip
START = "L, I, K = tf.keras.layers, tf.keras.Input, tf.keras.backend\n"
for name, (code, *says) in ERRORS.items():
    error("error_" + name, START + code, x=IMAGE, says=tuple(says))

FIT = """
L = tf.keras.layers
model = tf.keras.Sequential([L.Conv2D(2, 3%s), L.Flatten(), L.Dense(2)])
model.compile("sgd", "mse")
model.fit(x, tf.zeros((4, 2)), verbose=0)
"""
for name, (options, x, says) in {
    "channels": (", input_shape=(8, 8, 3)", f32(4, 8, 8, 1), "to have shape (8, 8, 3) but got array with shape (8, 8, 1)"),
    "size": (", input_shape=(8, 8, 3)", f32(4, 9, 8, 3), "to have shape (8, 8, 3) but got array with shape (9, 8, 3)"),
    "rank": (", input_shape=(8, 8, 3)", f32(4, 8, 8), "to have 4 dimensions, but got array with shape (4, 8, 8)"),
    "late_rank": ("", f32(4, 8, 8), "expected ndim=4, found ndim=3. Full shape received: [None, 8, 8]"),
    "late_window": ("", f32(4, 2, 2, 3), "with input shapes: [?,2,2,3], [3,3,3,2]."),
    "unknown_size": (", input_shape=(None, None, 3)", f32(4, 8, 8, 3), "The last dimension of the inputs to `Dense` should be defined. Found `None`."),
}.items():  # fmt: skip
    error("fit_" + name, FIT % options, x=x, says=(says,))
error(
    "error_chain",
    "L = tf.keras.layers\ntf.keras.Sequential([L.MaxPool2D(2, input_shape=(3, 3, 1)), L.MaxPool2D(2)])",
    says=(WINDOW + " 2 from 1 for", "with input shapes: [?,1,1,1]."),
)
