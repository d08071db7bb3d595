"""tf.nn: convolution, transposed, depthwise and separable convolution, morphology, patches."""

from golden.table import Table, empty, f16, f32, f64, i32, raw, val, var

SUMS = {"rtol": 1e-5, "why": "sums of many products, in another order"}
table = Table("convolution", **SUMS)
case, error = table.case, table.error

# ---------------------------------------------------------------------------------------- conv2d

conv2d = "tf.nn.conv2d(x, w, %s)"
for name, arguments in {
    "same": "1, 'SAME'",
    "valid": "1, 'VALID'",
    "same_2": "2, 'SAME'",
    "valid_2": "2, 'VALID'",
    "valid_4": "[4], 'VALID'",
    "strides": "[1, 2], 'SAME'",
    "strides_full": "[1, 1, 2, 1], padding='VALID'",
    "explicit": "2, [[0, 0], [1, 2], [0, 1], [0, 0]]",
    "explicit_wide": "1, [[0, 0], [3, 3], [4, 0], [0, 0]]",
}.items():
    case("conv2d_" + name, conv2d % arguments, x=f32(2, 5, 6, 3), w=f32(3, 3, 3, 4), grad="x,w")
case("conv2d_1x1", conv2d % "1, 'SAME'", x=f32(2, 4, 4, 3), w=f32(1, 1, 3, 5), grad="x,w")
case("conv2d_1x1_2", conv2d % "2, 'VALID'", x=f32(2, 5, 5, 3), w=f32(1, 1, 3, 5), grad="x,w")
case("conv2d_1x1_3", conv2d % "3, 'SAME'", x=f32(2, 5, 5, 3), w=f32(1, 1, 3, 5), grad="x,w")
case("conv2d_2x2", conv2d % "1, 'SAME'", x=f32(1, 4, 5, 2), w=f32(2, 2, 2, 3), grad="x,w")
case("conv2d_5x5_lenet", conv2d % "1, 'VALID'", x=f32(2, 12, 12, 3), w=f32(5, 5, 3, 6), grad="x,w")
case("conv2d_5x5_same", conv2d % "1, 'SAME'", x=f32(2, 9, 7, 3), w=f32(5, 5, 3, 6), grad="x,w")
case("conv2d_5x5_2", conv2d % "2, 'SAME'", x=f32(2, 9, 8, 1), w=f32(5, 5, 1, 4), grad="x,w")
case("conv2d_3x3_many", conv2d % "1, 'SAME'", x=f32(2, 9, 9, 2), w=f32(3, 3, 2, 24), grad="x,w")
case("conv2d_six", conv2d % "1, 'VALID'", x=f32(2, 8, 8, 6), w=f32(5, 5, 6, 16), grad="x,w")
case("conv2d_wide", conv2d % "1, 'SAME'", x=f32(2, 7, 7, 36), w=f32(3, 3, 36, 33), grad="x,w")
case("conv2d_wide_2", conv2d % "2, 'SAME'", x=f32(2, 7, 7, 33), w=f32(3, 3, 33, 34), grad="x,w")
case("conv2d_whole", conv2d % "1, 'VALID'", x=f32(2, 4, 4, 3), w=f32(4, 4, 3, 2), grad="x,w")
case("conv2d_1x3", conv2d % "1, 'SAME'", x=f32(2, 4, 5, 3), w=f32(1, 3, 3, 2), grad="x,w")
case("conv2d_3x1", conv2d % "[2, 1], 'SAME'", x=f32(2, 5, 4, 3), w=f32(3, 1, 3, 2), grad="x,w")
case("conv2d_dilated", conv2d % "1, 'SAME', dilations=2", x=f32(2, 6, 7, 3), w=f32(3, 3, 3, 4))
case(
    "conv2d_dilated_strided",
    conv2d % "2, 'SAME', dilations=[1, 2, 3, 1]",
    x=f32(2, 9, 9, 3),
    w=f32(3, 3, 3, 4),
)
case(
    "conv2d_f64", conv2d % "1, 'SAME'", x=f64(2, 4, 4, 3), w=f64(3, 3, 3, 2), grad="x,w", rtol=1e-12
)
case(
    "conv2d_f16", conv2d % "1, 'SAME'", x=f16(2, 4, 4, 2), w=f16(3, 3, 2, 2), grad="x,w", rtol=1e-2
)
case("conv2d_ints", conv2d % "1, 'SAME'", x=i32(2, 4, 4, 2), w=i32(3, 3, 2, 2))
case("conv2d_numpy", conv2d % "1, 'SAME'", x=raw(f32(1, 3, 3, 1)), w=raw(f32(2, 2, 1, 1)))
case("conv2d_lists", "tf.nn.conv2d([[[[1.0], [2.0]]]], [[[[2.0]]]], 1, 'SAME')")
case(
    "conv2d_variables",
    conv2d % "1, 'SAME'",
    x=var(f32(1, 3, 3, 2)),
    w=var(f32(2, 2, 2, 1)),
    grad="x,w",
)
case(
    "conv2d_format_none",
    conv2d % "1, 'SAME', data_format=None",
    x=f32(1, 3, 3, 1),
    w=f32(2, 2, 1, 1),
)
case("conv2d_strides_none", conv2d % "None, 'SAME'", x=f32(1, 3, 3, 1), w=f32(2, 2, 1, 1))
case("conv2d_strides_float", conv2d % "2.0, 'SAME'", x=f32(1, 3, 3, 1), w=f32(2, 2, 1, 1))
case(
    "conv2d_names",
    "tf.nn.conv2d(input=x, filters=w, strides=1, padding='SAME', name='c')",
    x=f32(1, 3, 3, 1),
    w=f32(2, 2, 1, 1),
)
case("conv2d_no_images", conv2d % "1, 'SAME'", x=empty(0, 4, 4, 3), w=f32(3, 3, 3, 4), grad="x,w")
case("conv2d_no_pixels", conv2d % "1, 'SAME'", x=empty(2, 0, 4, 3), w=f32(3, 3, 3, 4))
case("conv2d_no_windows", conv2d % "1, 'VALID'", x=f32(2, 2, 2, 3), w=f32(3, 3, 3, 4))
case("conv2d_no_windows_2", conv2d % "2, 'VALID'", x=f32(2, 1, 4, 3), w=f32(3, 3, 3, 4))
case("conv2d_no_filters", conv2d % "1, 'SAME'", x=f32(2, 4, 4, 3), w=empty(3, 3, 3, 0))
case(
    "conv2d_special",
    conv2d % "1, 'SAME'",
    x=val([[[[1.0], ["nan"], [2.0], ["inf"], [3.0]]]]),
    w=val([[[[1.0]], [[2.0]]]]),
)
case(
    "conv2d_second_order",
    """
with tf.GradientTape() as outer:
    outer.watch([x, w])
    with tf.GradientTape() as inner:
        inner.watch([x, w])
        loss = tf.reduce_sum(tf.nn.conv2d(x, w, 2, "SAME") ** 2)
    dx, dw = inner.gradient(loss, [x, w])
    total = tf.reduce_sum(dx * dx) + tf.reduce_sum(dw * dw)
result = outer.gradient(total, [x, w])
""",
    x=f32(2, 4, 4, 2),
    w=f32(3, 3, 2, 2),
    rtol=1e-4,
    why="sums of many products of gradients",
)
case(
    "conv2d_jacobian",
    """
with tf.GradientTape() as tape:
    tape.watch(w)
    y = tf.reduce_sum(tf.nn.conv2d(x, w, 1, "VALID"), [0, 3])
result = tape.jacobian(y, w)
""",
    x=f32(2, 4, 4, 2),
    w=f32(3, 3, 2, 2),
)
case(
    "conv2d_function",
    """
@tf.function
def step(x, w):
    with tf.GradientTape() as tape:
        tape.watch(w)
        loss = tf.reduce_mean(tf.nn.relu(tf.nn.conv2d(x, w, 1, "SAME")))
    return loss, tape.gradient(loss, w)
result = step(x, w)
""",
    x=f32(2, 5, 5, 3),
    w=f32(3, 3, 3, 4),
)

error(
    "conv2d_rank_2",
    conv2d % "1, 'SAME'",
    x=f32(5, 5, 3),
    w=f32(3, 3, 3, 4),
    says=("input must be 4-dimensional[5,5,3]",),
)
error(
    "conv2d_filter_rank",
    conv2d % "1, 'SAME'",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3),
    says=("filter must be 4-dimensional: [3,3,3]",),
)
error(
    "conv2d_depth",
    conv2d % "1, 'SAME'",
    x=f32(1, 5, 5, 4),
    w=f32(3, 3, 3, 2),
    says=("input depth must be evenly divisible by filter depth: 4 vs 3", "[Op:Conv2D]"),
)
error(
    "conv2d_negative",
    conv2d % "1, 'VALID'",
    x=empty(1, 0, 5, 3),
    w=f32(3, 3, 3, 2),
    says=(
        "Computed output size would be negative: -2 [input_size: 0, effective_filter_size: 3, stride: 1]",
    ),
)
error(
    "conv2d_batch_stride",
    conv2d % "[2, 1, 1, 1], 'SAME'",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=("does not yet support strides in the batch and depth dimensions.",),
)
error(
    "conv2d_zero_stride",
    conv2d % "0, 'SAME'",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=("Row and column strides should be larger than 0.",),
)
error(
    "conv2d_three_strides",
    conv2d % "[1, 1, 1], 'SAME'",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=("strides should be of length 1, 2 or 4 but was 3",),
)
error(
    "conv2d_word_stride",
    conv2d % "'a', 'SAME'",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=("Expected int for argument 'strides' not 'a'.",),
)
error(
    "conv2d_padding",
    conv2d % "1, 'same'",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=(
        'Value for attr \'padding\' of "same" is not in the list of allowed values: "SAME", "VALID", "EXPLICIT"',
    ),
)
error(
    "conv2d_padding_none",
    conv2d % "1, None",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=("Expected string for argument 'padding' not None.",),
)
error(
    "conv2d_explicit_word",
    conv2d % "1, 'EXPLICIT'",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=("To use explicit padding, the padding parameter must be a list.",),
)
error(
    "conv2d_explicit_batch",
    conv2d % "1, [[1, 0], [1, 2], [0, 1], [0, 0]]",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=("Nonzero explicit padding in the batch or depth dimensions is not supported",),
)
error(
    "conv2d_explicit_negative",
    conv2d % "1, [[0, 0], [-1, 2], [0, 1], [0, 0]]",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=("All elements of explicit_paddings must be nonnegative",),
)
error(
    "conv2d_explicit_three",
    conv2d % "1, [[0, 0], [1, 2], [0, 1]]",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=("it must be of size 4. Got padding of size: 3",),
)
error(
    "conv2d_explicit_triple",
    conv2d % "1, [[0, 0], [1, 2, 3], [0, 1], [0, 0]]",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=("Element with index 1 of padding has size 3",),
)
error(
    "conv2d_explicit_flat",
    conv2d % "1, [0, 1, 1, 0]",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=("Element with index 0 of padding is not a list/tuple",),
)
error(
    "conv2d_format",
    conv2d % "1, 'SAME', data_format='NHCW'",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=(
        'Value for attr \'data_format\' of "NHCW" is not in the list of allowed values: "NHWC", "NCHW"',
    ),
)
error(
    "conv2d_zero_dilation",
    conv2d % "1, 'SAME', dilations=0",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=("Dilated rates should be larger than 0.",),
)
error(
    "conv2d_three_dilations",
    conv2d % "1, 'SAME', dilations=[1, 1, 1]",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=("dilations should be of length 1, 2 or 4 but was 3",),
)
error(
    "conv2d_dtypes",
    conv2d % "1, 'SAME'",
    x=f64(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=(
        "cannot compute Conv2D as input #1(zero-based) was expected to be a double tensor but is a float tensor",
    ),
)
error(
    "conv2d_complex",
    "tf.nn.conv2d(tf.cast(x, tf.complex64), tf.cast(x, tf.complex64), 1, 'SAME')",
    x=f32(1, 1, 1, 1),
    says=("Could not find valid device for node.",),
)
for name, code in {
    "nchw": "tf.nn.conv2d(tf.transpose(x, [0, 3, 1, 2]), w, 1, 'SAME', data_format='NCHW')",
    "grouped": "tf.nn.conv2d(tf.concat([x, x], 3), w, 1, 'SAME')",
}.items():
    error(
        "conv2d_" + name, code, x=f32(1, 5, 5, 3), w=f32(3, 3, 3, 2), differs="works on the CPU too"
    )

# ---------------------------------------------------------------------------- one and three axes

conv1d = "tf.nn.conv1d(x, w, %s)"
case("conv1d", conv1d % "1, 'SAME'", x=f32(2, 7, 3), w=f32(3, 3, 4), grad="x,w")
case("conv1d_2", conv1d % "2, 'VALID'", x=f32(2, 7, 3), w=f32(3, 3, 4), grad="x,w")
case("conv1d_list", conv1d % "[1, 2, 1], 'SAME'", x=f32(2, 7, 3), w=f32(2, 3, 4))
case("conv1d_dilated", conv1d % "1, 'SAME', dilations=2", x=f32(2, 7, 3), w=f32(3, 3, 4))
case("conv1d_none", conv1d % "None, 'SAME', data_format=None", x=f32(2, 7, 3), w=f32(3, 3, 4))
case("conv1d_f16", conv1d % "1, 'SAME'", x=f16(2, 5, 3), w=f16(3, 3, 2), rtol=1e-2)
case("conv1d_f64", conv1d % "1, 'SAME'", x=f64(2, 5, 3), w=f64(3, 3, 2), rtol=1e-12, grad="x,w")
error(
    "conv1d_format",
    conv1d % "1, 'SAME', data_format='NWD'",
    x=f32(2, 7, 3),
    w=f32(3, 3, 4),
    says=('data_format must be "NWC" or "NCW".',),
)
error(
    "conv1d_rank",
    conv1d % "1, 'SAME'",
    x=f32(2, 7),
    w=f32(3, 3, 4),
    says=("input must be 4-dimensional[2,1,7]",),
)
error(
    "conv1d_filter_rank",
    conv1d % "1, 'SAME'",
    x=f32(2, 7, 3),
    w=f32(3, 3, 3, 4),
    says=("filter must be 4-dimensional: [1,3,3,3,4]",),
)
error(
    "conv1d_depth",
    conv1d % "1, 'SAME'",
    x=f32(2, 7, 2),
    w=f32(3, 3, 4),
    says=("input depth must be evenly divisible by filter depth: 2 vs 3",),
)
error(
    "conv1d_padding",
    conv1d % "1, 'CAUSAL'",
    x=f32(2, 7, 3),
    w=f32(3, 3, 4),
    says=("Value for attr 'padding' of \"CAUSAL\"",),
)
error(
    "conv1d_explicit",
    conv1d % "1, [[0, 0], [1, 1], [0, 0]]",
    x=f32(2, 7, 3),
    w=f32(3, 3, 4),
    says=("Expected string for argument 'padding' not [[0, 0], [1, 1], [0, 0]].",),
)

conv3d = "tf.nn.conv3d(x, w, %s)"
case(
    "conv3d",
    conv3d % "[1, 1, 1, 1, 1], 'SAME'",
    x=f32(2, 3, 4, 5, 2),
    w=f32(2, 3, 3, 2, 3),
    grad="x,w",
)
case(
    "conv3d_2",
    conv3d % "[1, 2, 1, 2, 1], 'VALID'",
    x=f32(2, 3, 4, 5, 2),
    w=f32(2, 3, 3, 2, 3),
    grad="x,w",
)
case(
    "conv3d_f16",
    conv3d % "[1, 1, 1, 1, 1], 'SAME'",
    x=f16(1, 3, 3, 3, 2),
    w=f16(2, 2, 2, 2, 2),
    rtol=1e-2,
)
case(
    "conv3d_f64",
    conv3d % "[1, 1, 1, 1, 1], 'SAME'",
    x=f64(1, 3, 3, 3, 2),
    w=f64(2, 2, 2, 2, 2),
    grad="x,w",
    rtol=1e-12,
)
case(
    "conv3d_no_windows",
    conv3d % "[1, 1, 1, 1, 1], 'VALID'",
    x=f32(2, 1, 4, 5, 2),
    w=f32(2, 3, 3, 2, 3),
)
error(
    "conv3d_int",
    conv3d % "1, 'SAME'",
    x=f32(1, 3, 3, 3, 2),
    w=f32(2, 2, 2, 2, 2),
    says=("Expected list for 'strides' argument to 'conv3d' Op, not 1.",),
)
error(
    "conv3d_three",
    conv3d % "[1, 1, 1], 'SAME'",
    x=f32(1, 3, 3, 3, 2),
    w=f32(2, 2, 2, 2, 2),
    says=("Length for attr 'strides' of 3 must be at least minimum 5",),
)
error(
    "conv3d_rank",
    conv3d % "[1, 1, 1, 1, 1], 'SAME'",
    x=f32(3, 3, 3, 2),
    w=f32(2, 2, 2, 2, 2),
    says=("input must be 5-dimensional",),
)
error(
    "conv3d_filter_rank",
    conv3d % "[1, 1, 1, 1, 1], 'SAME'",
    x=f32(1, 3, 3, 3, 2),
    w=f32(2, 2, 2, 2),
    says=("filter must be 5-dimensional",),
)
error(
    "conv3d_depth",
    conv3d % "[1, 1, 1, 1, 1], 'SAME'",
    x=f32(1, 3, 3, 3, 3),
    w=f32(2, 2, 2, 2, 2),
    says=("Input depth must be evenly divisible by filter depth: 3 vs 2",),
)
error(
    "conv3d_batch_stride",
    conv3d % "[2, 1, 1, 1, 1], 'SAME'",
    x=f32(1, 3, 3, 3, 2),
    w=f32(2, 2, 2, 2, 2),
    says=("does not yet support strides in the batch and depth dimensions.",),
)
error(
    "conv3d_zero_stride",
    conv3d % "[1, 0, 1, 1, 1], 'SAME'",
    x=f32(1, 3, 3, 3, 2),
    w=f32(2, 2, 2, 2, 2),
    says=("Spatial strides should be larger than 0.",),
)
error(
    "conv3d_padding",
    conv3d % "[1, 1, 1, 1, 1], 'FOO'",
    x=f32(1, 3, 3, 3, 2),
    w=f32(2, 2, 2, 2, 2),
    says=(
        'Value for attr \'padding\' of "FOO" is not in the list of allowed values: "SAME", "VALID"',
    ),
)
error(
    "conv3d_ints",
    conv3d % "[1, 1, 1, 1, 1], 'SAME'",
    x=i32(1, 3, 3, 3, 2),
    w=i32(2, 2, 2, 2, 2),
    says=("Could not find valid device for node.",),
)
error(
    "conv3d_format",
    conv3d % "[1, 1, 1, 1, 1], 'SAME', data_format='NHWC'",
    x=f32(1, 3, 3, 3, 2),
    w=f32(2, 2, 2, 2, 2),
    says=(
        'Value for attr \'data_format\' of "NHWC" is not in the list of allowed values: "NDHWC", "NCDHW"',
    ),
)
error(
    "conv3d_dilated",
    conv3d % "[1, 1, 1, 1, 1], 'SAME', dilations=[1, 2, 1, 1, 1]",
    x=f32(1, 3, 3, 3, 2),
    w=f32(2, 2, 2, 2, 2),
    differs="works on the CPU too",
)

convolution = "tf.nn.convolution(x, w%s)"
for name, arguments in {
    "": "",
    "_strides": ", strides=[2, 1], padding='SAME'",
    "_stride": ", strides=2, padding='SAME'",
    "_dilated": ", dilations=[2, 3], padding='SAME'",
    "_dilated_valid": ", dilations=2",
}.items():
    case(
        "convolution" + name,
        convolution % arguments,
        x=f32(2, 8, 8, 3),
        w=f32(3, 3, 3, 2),
        grad="x,w",
    )
case(
    "convolution_1d",
    convolution % ", dilations=[2], padding='SAME'",
    x=f32(2, 7, 3),
    w=f32(3, 3, 2),
    grad="x,w",
)
case(
    "convolution_3d",
    convolution % ", dilations=[1, 2, 2]",
    x=f32(2, 4, 5, 5, 2),
    w=f32(2, 3, 3, 2, 3),
    grad="x,w",
)
case(
    "convolution_3d_strides",
    convolution % ", strides=[1, 2, 2], data_format='NDHWC'",
    x=f32(2, 4, 5, 5, 2),
    w=f32(2, 3, 3, 2, 3),
    grad="x",
)
error(
    "convolution_both",
    convolution % ", dilations=[2, 2], strides=[2, 2]",
    x=f32(2, 8, 8, 3),
    w=f32(3, 3, 3, 2),
    says=("strides > 1 not supported in conjunction with dilation_rate > 1",),
)
error(
    "convolution_rank",
    convolution % "",
    x=f32(2, 8),
    w=f32(3, 3),
    says=("Input tensor must be of rank 3, 4 or 5 but was 2.",),
)
error(
    "convolution_depth",
    convolution % "",
    x=f32(2, 8, 8, 2),
    w=f32(3, 3, 3, 2),
    says=("input depth must be evenly divisible by filter depth: 2 vs 3",),
)
error(
    "convolution_padding",
    convolution % ", padding='same'",
    x=f32(2, 8, 8, 3),
    w=f32(3, 3, 3, 2),
    says=("Value for attr 'padding' of \"same\"",),
)
error(
    "convolution_strides_length",
    convolution % ", strides=[1, 2, 3]",
    x=f32(2, 8, 8, 3),
    w=f32(3, 3, 3, 2),
    says=("strides should be of length 1, 2 or 4 but was 3",),
)
error(
    "convolution_format",
    convolution % ", data_format='FOO'",
    x=f32(2, 8, 8, 3),
    w=f32(3, 3, 3, 2),
    says=("Value for attr 'data_format' of \"FOO\"",),
)

atrous = "tf.nn.atrous_conv2d(x, w, %s)"
case("atrous", atrous % "2, 'SAME'", x=f32(2, 7, 6, 3), w=f32(3, 3, 3, 2), grad="x,w")
case(
    "atrous_valid", atrous % "3, padding='VALID'", x=f32(2, 8, 8, 3), w=f32(2, 3, 3, 2), grad="x,w"
)
case("atrous_two_rates", atrous % "[1, 2], 'SAME'", x=f32(2, 7, 6, 3), w=f32(3, 3, 3, 2))
error(
    "atrous_rate",
    atrous % "0, 'SAME'",
    x=f32(2, 7, 6, 3),
    w=f32(3, 3, 3, 2),
    says=("all values of dilation_rate must be positive",),
)
error(
    "atrous_padding",
    atrous % "2, 'FOO'",
    x=f32(2, 7, 6, 3),
    w=f32(3, 3, 3, 2),
    says=("Invalid padding method 'FOO'",),
)
error(
    "atrous_depth",
    atrous % "2, 'SAME'",
    x=f32(2, 7, 6, 2),
    w=f32(3, 3, 3, 2),
    says=("number of input channels does not match corresponding dimension of filter, 2 != 3",),
)

# ------------------------------------------------------------------------------------ transposed

back = "tf.nn.conv2d_transpose(x, w, %s)"
for name, arguments in {
    "": "[2, 8, 10, 4], 2",
    "_odd": "[2, 7, 9, 4], 2",
    "_valid": "[2, 9, 11, 4], 2, 'VALID'",
    "_valid_even": "[2, 10, 12, 4], [2, 2], 'VALID'",
    "_one": "[2, 4, 5, 4], strides=[1, 1, 1, 1], padding='SAME'",
    "_tensor": "tf.constant([2, 8, 10, 4]), [1, 2, 2, 1]",
}.items():
    case(
        "conv2d_transpose" + name,
        back % arguments,
        x=f32(2, 4, 5, 3),
        w=f32(3, 3, 4, 3),
        grad="x,w",
    )
case(
    "conv2d_transpose_gap",
    back % "[1, 9, 9, 2], 4, 'SAME'",
    x=f32(1, 3, 3, 3),
    w=f32(2, 2, 2, 3),
    grad="x,w",
)
case(
    "conv2d_transpose_1x1",
    back % "[1, 6, 6, 2], 2, 'SAME'",
    x=f32(1, 3, 3, 3),
    w=f32(1, 1, 2, 3),
    grad="x,w",
)
case(
    "conv2d_transpose_f16",
    back % "[2, 6, 6, 2], 2",
    x=f16(2, 3, 3, 3),
    w=f16(3, 3, 2, 3),
    rtol=1e-2,
)
case(
    "conv2d_transpose_f64",
    back % "[2, 6, 6, 2], 2",
    x=f64(2, 3, 3, 3),
    w=f64(3, 3, 2, 3),
    grad="x,w",
    rtol=1e-12,
)
case("conv2d_transpose_ints", back % "[2, 6, 6, 2], 2", x=i32(2, 3, 3, 3), w=i32(3, 3, 2, 3))
case("conv2d_transpose_no_images", back % "[0, 6, 6, 2], 2", x=empty(0, 3, 3, 3), w=f32(3, 3, 2, 3))
error(
    "conv2d_transpose_size",
    back % "[2, 12, 10, 4], 2",
    x=f32(2, 5, 5, 3),
    w=f32(3, 3, 4, 3),
    says=(
        "Size of out_backprop doesn't match computed: actual = 5, computed = 6",
        "spatial_dim: 1 input: 12 filter: 3 output: 5 stride: 2 dilation: 1",
    ),
)
error(
    "conv2d_transpose_batch",
    back % "[3, 10, 10, 4], 2",
    x=f32(2, 5, 5, 3),
    w=f32(3, 3, 4, 3),
    says=("input and out_backprop must have the same batch size",),
)
error(
    "conv2d_transpose_channels",
    back % "[2, 10, 10, 5], 2",
    x=f32(2, 5, 5, 3),
    w=f32(3, 3, 4, 3),
    says=("input depth must be evenly divisible by filter depth",),
)
error(
    "conv2d_transpose_depth",
    back % "[2, 10, 10, 4], 2",
    x=f32(2, 5, 5, 2),
    w=f32(3, 3, 4, 3),
    says=("filter and out_backprop must have the same out_depth",),
)
error(
    "conv2d_transpose_three",
    back % "[10, 10, 4], 2",
    x=f32(2, 5, 5, 3),
    w=f32(3, 3, 4, 3),
    says=("Conv2DCustomBackpropInput: input must be 4-dimensional",),
)
error(
    "conv2d_transpose_rank",
    back % "[2, 10, 10, 4], 2",
    x=f32(5, 5, 3),
    w=f32(3, 3, 4, 3),
    says=("out_backprop must be 4-dimensional",),
)
error(
    "conv2d_transpose_filter_rank",
    back % "[2, 10, 10, 4], 2",
    x=f32(2, 5, 5, 3),
    w=f32(3, 3, 3),
    says=("filter must be 4-dimensional",),
)
error(
    "conv2d_transpose_none",
    back % "None, 2",
    x=f32(2, 5, 5, 3),
    w=f32(3, 3, 4, 3),
    says=("Attempt to convert a value (None)",),
)
error(
    "conv2d_transpose_i64",
    back % "tf.constant([2, 10, 10, 4], tf.int64), 2",
    x=f32(2, 5, 5, 3),
    w=f32(3, 3, 4, 3),
    says=("input #0(zero-based) was expected to be a int32 tensor but is a int64 tensor",),
)
error(
    "conv2d_transpose_padding",
    back % "[2, 10, 10, 4], 2, 'same'",
    x=f32(2, 5, 5, 3),
    w=f32(3, 3, 4, 3),
    says=("Value for attr 'padding' of \"same\"",),
)
error(
    "conv2d_transpose_explicit",
    back % "[2, 9, 9, 4], 2, [[0, 0], [1, 1], [1, 1], [0, 0]]",
    x=f32(2, 5, 5, 3),
    w=f32(3, 3, 4, 3),
    says=("Expected string for argument 'padding' not",),
)
error(
    "conv2d_transpose_dilated",
    back % "[2, 5, 5, 4], 1, dilations=2",
    x=f32(2, 5, 5, 3),
    w=f32(3, 3, 4, 3),
    differs="works on the CPU too",
)
case(
    "conv1d_transpose",
    "tf.nn.conv1d_transpose(x, w, [2, 10, 4], 2)",
    x=f32(2, 5, 3),
    w=f32(3, 4, 3),
    grad="x,w",
)
case(
    "conv1d_transpose_valid",
    "tf.nn.conv1d_transpose(x, w, [2, 12, 4], [1, 2, 1], padding='VALID')",
    x=f32(2, 5, 3),
    w=f32(3, 4, 3),
    grad="x,w",
)
error(
    "conv1d_transpose_size",
    "tf.nn.conv1d_transpose(x, w, [2, 12, 4], 2)",
    x=f32(2, 5, 3),
    w=f32(3, 4, 3),
    says=("Size of out_backprop doesn't match computed: actual = 5, computed = 6 spatial_dim: 2",),
)
error(
    "conv1d_transpose_format",
    "tf.nn.conv1d_transpose(x, w, [2, 10, 4], 2, data_format='FOO')",
    x=f32(2, 5, 3),
    w=f32(3, 4, 3),
    says=('data_format must be "NWC" or "NCW".',),
)
case(
    "conv3d_transpose",
    "tf.nn.conv3d_transpose(x, w, [2, 4, 6, 8, 2], 2)",
    x=f32(2, 2, 3, 4, 3),
    w=f32(2, 3, 3, 2, 3),
    grad="x,w",
)
case(
    "conv3d_transpose_strides",
    "tf.nn.conv3d_transpose(x, w, [1, 2, 6, 8, 2], [1, 1, 2, 2, 1])",
    x=f32(1, 2, 3, 4, 3),
    w=f32(2, 3, 3, 2, 3),
    grad="x,w",
)
error(
    "conv3d_transpose_size",
    "tf.nn.conv3d_transpose(x, w, [2, 7, 8, 10, 4], 2)",
    x=f32(2, 3, 4, 5, 3),
    w=f32(2, 3, 3, 4, 3),
    says=(
        "Conv3DBackpropInputOp",
        "Size of out_backprop doesn't match computed: actual = 3, computed = 4",
    ),
)
case(
    "conv_transpose_1", "tf.nn.conv_transpose(x, w, [2, 10, 4], 2)", x=f32(2, 5, 3), w=f32(3, 4, 3)
)
case(
    "conv_transpose_2",
    "tf.nn.conv_transpose(x, w, [2, 10, 10, 4], 2)",
    x=f32(2, 5, 5, 3),
    w=f32(3, 3, 4, 3),
    grad="x,w",
)
case(
    "conv_transpose_3",
    "tf.nn.conv_transpose(x, w, [2, 4, 6, 8, 2], 2)",
    x=f32(2, 2, 3, 4, 3),
    w=f32(2, 3, 3, 2, 3),
)
error(
    "conv_transpose_int",
    "tf.nn.conv_transpose(x, w, 5, 2)",
    x=f32(2, 5, 5, 3),
    w=f32(3, 3, 4, 3),
    says=("output_shape must be a tensor or sized collection.",),
)
error(
    "conv_transpose_two",
    "tf.nn.conv_transpose(x, w, [2, 10], 2)",
    x=f32(2, 5, 5, 3),
    w=f32(3, 3, 4, 3),
    says=("output_shape must be of length 3, 4 or 5 but was 2.",),
)
atrous_back = "tf.nn.atrous_conv2d_transpose(x, w, %s)"
case(
    "atrous_transpose",
    atrous_back % "[2, 5, 5, 4], 2, 'SAME'",
    x=f32(2, 5, 5, 3),
    w=f32(3, 3, 4, 3),
    grad="x,w",
)
case(
    "atrous_transpose_valid",
    atrous_back % "[2, 9, 9, 4], 2, 'VALID'",
    x=f32(2, 5, 5, 3),
    w=f32(3, 3, 4, 3),
    grad="x,w",
)
case(
    "atrous_transpose_1",
    atrous_back % "[2, 5, 5, 4], 1, 'SAME'",
    x=f32(2, 5, 5, 3),
    w=f32(3, 3, 4, 3),
)
error(
    "atrous_transpose_rate",
    atrous_back % "[2, 5, 5, 4], 0, 'SAME'",
    x=f32(2, 5, 5, 3),
    w=f32(3, 3, 4, 3),
    says=("rate 0 cannot be less than one",),
)
error(
    "atrous_transpose_padding",
    atrous_back % "[2, 5, 5, 4], 2, 'FOO'",
    x=f32(2, 5, 5, 3),
    w=f32(3, 3, 4, 3),
    says=("padding must be either VALID or SAME: FOO",),
)
error(
    "atrous_transpose_depth",
    atrous_back % "[2, 5, 5, 4], 2, 'SAME'",
    x=f32(2, 5, 5, 2),
    w=f32(3, 3, 4, 3),
    says=("value's input channels does not match filters' input channels, 2 != 3",),
)
error(
    "atrous_transpose_shape",
    atrous_back % "[2, 5, 5, 3], 2, 'SAME'",
    x=f32(2, 5, 5, 3),
    w=f32(3, 3, 4, 3),
    says=("output_shape does not match filter's output channels, 3 != 4",),
)

# ------------------------------------------------------------------------------------- depthwise

depthwise = "tf.nn.depthwise_conv2d(x, w, %s)"
for name, arguments in {
    "": "[1, 1, 1, 1], 'SAME'",
    "_2": "[1, 2, 2, 1], 'SAME'",
    "_valid": "[1, 1, 1, 1], padding='VALID'",
    "_dilated": "[1, 1, 1, 1], 'SAME', dilations=[2, 2]",
    "_dilated_valid": "[1, 1, 1, 1], 'VALID', dilations=(1, 2)",
    "_dilated_strided": "[1, 2, 2, 1], 'SAME', dilations=[2, 2]",
}.items():
    case(
        "depthwise" + name, depthwise % arguments, x=f32(2, 6, 7, 3), w=f32(3, 3, 3, 2), grad="x,w"
    )
case(
    "depthwise_one",
    depthwise % "[1, 1, 1, 1], 'SAME'",
    x=f32(2, 4, 4, 5),
    w=f32(2, 3, 5, 1),
    grad="x,w",
)
case(
    "depthwise_f16",
    depthwise % "[1, 1, 1, 1], 'SAME'",
    x=f16(2, 4, 4, 2),
    w=f16(3, 3, 2, 2),
    rtol=1e-2,
)
case(
    "depthwise_f64",
    depthwise % "[1, 1, 1, 1], 'SAME'",
    x=f64(2, 4, 4, 2),
    w=f64(3, 3, 2, 2),
    grad="x,w",
    rtol=1e-12,
)
case(
    "depthwise_no_images",
    depthwise % "[1, 1, 1, 1], 'VALID'",
    x=empty(0, 4, 4, 2),
    w=f32(3, 3, 2, 2),
)
error(
    "depthwise_int",
    depthwise % "1, 'SAME'",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=("Expected list for 'strides' argument to 'depthwise_conv2d_native' Op, not 1.",),
)
error(
    "depthwise_two",
    depthwise % "[1, 1], 'SAME'",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=("Sliding window strides field must specify 4 dimensions",),
)
error(
    "depthwise_unequal",
    depthwise % "[1, 1, 2, 1], 'SAME'",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=("only supports equal length strides in the row and column dimensions.",),
)
error(
    "depthwise_batch_stride",
    depthwise % "[2, 2, 2, 1], 'SAME'",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=("does not yet support strides in the batch and depth dimensions.",),
)
error(
    "depthwise_depth",
    depthwise % "[1, 1, 1, 1], 'SAME'",
    x=f32(1, 5, 5, 2),
    w=f32(3, 3, 3, 2),
    says=("input and filter must have the same depth: 2 vs 3",),
)
error(
    "depthwise_rank",
    depthwise % "[1, 1, 1, 1], 'SAME'",
    x=f32(5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=("input must be 4-dimensional[5,5,3]",),
)
error(
    "depthwise_filter_rank",
    depthwise % "[1, 1, 1, 1], 'SAME'",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3),
    says=("filter must be 4-dimensional: [3,3,3]",),
)
error(
    "depthwise_padding",
    depthwise % "[1, 1, 1, 1], 'same'",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=(
        'Value for attr \'padding\' of "same" is not in the list of allowed values: "SAME", "VALID"',
    ),
)
error(
    "depthwise_negative",
    depthwise % "[1, 1, 1, 1], 'VALID'",
    x=f32(1, 1, 1, 3),
    w=f32(3, 3, 3, 2),
    says=(
        "Computed output size would be negative: -1 [input_size: 1, effective_filter_size: 3, stride: 1]",
    ),
)
error(
    "depthwise_ints",
    depthwise % "[1, 1, 1, 1], 'SAME'",
    x=i32(1, 5, 5, 3),
    w=i32(3, 3, 3, 2),
    says=("Could not find valid device for node.",),
)
error(
    "depthwise_rate",
    depthwise % "[1, 1, 1, 1], 'SAME', dilations=2",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=("rate must be rank 1",),
)
error(
    "depthwise_four_rates",
    depthwise % "[1, 1, 1, 1], 'SAME', dilations=[1, 2, 2, 1]",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    says=("input tensor must have rank 5 at least",),
)
error(
    "depthwise_nchw",
    "tf.nn.depthwise_conv2d(tf.transpose(x, [0, 3, 1, 2]), w, [1, 1, 1, 1], 'SAME', data_format='NCHW')",
    x=f32(1, 5, 5, 3),
    w=f32(3, 3, 3, 2),
    differs="works on the CPU too",
)
case(
    "depthwise_backprop_input",
    "tf.nn.depthwise_conv2d_backprop_input([2, 5, 5, 3], w, dy, [1, 2, 2, 1], 'SAME')",
    w=f32(3, 3, 3, 2),
    dy=f32(2, 3, 3, 6),
    grad="w,dy",
)
case(
    "depthwise_backprop_filter",
    "tf.nn.depthwise_conv2d_backprop_filter(x, [3, 3, 3, 2], dy, [1, 2, 2, 1], 'VALID')",
    x=f32(2, 5, 5, 3),
    dy=f32(2, 2, 2, 6),
    grad="x,dy",
)
case(
    "depthwise_backprop_dilated",
    "tf.nn.depthwise_conv2d_backprop_input([1, 5, 5, 1], w, dy, [1, 1, 1, 1], 'SAME', dilations=[1, 2, 2, 1])",
    w=f32(3, 3, 1, 1),
    dy=f32(1, 5, 5, 1),
    differs="TF 2.1 ignores dilations",
)
error(
    "depthwise_backprop_size",
    "tf.nn.depthwise_conv2d_backprop_input([2, 6, 5, 3], w, dy, [1, 1, 1, 1], 'SAME')",
    w=f32(3, 3, 3, 2),
    dy=f32(2, 5, 5, 6),
    says=("Number of rows of out_backprop doesn't match computed: actual = 5, computed = 6",),
)
error(
    "depthwise_backprop_depth",
    "tf.nn.depthwise_conv2d_backprop_filter(x, [3, 3, 3, 3], dy, [1, 1, 1, 1], 'SAME')",
    x=f32(2, 5, 5, 3),
    dy=f32(2, 5, 5, 6),
    says=("depth_multiplier * in_depth not equal to out_depth",),
)

separable = "tf.nn.separable_conv2d(x, d, p, %s)"
for name, arguments in {
    "": "[1, 1, 1, 1], 'SAME'",
    "_2": "[1, 2, 2, 1], 'VALID'",
    "_dilated": "[1, 1, 1, 1], 'SAME', dilations=[2, 2]",
}.items():
    case(
        "separable" + name,
        separable % arguments,
        x=f32(2, 6, 6, 3),
        d=f32(3, 3, 3, 2),
        p=f32(1, 1, 6, 4),
        grad="x,d,p",
    )
error(
    "separable_channels",
    separable % "[1, 1, 1, 1], 'SAME'",
    x=f32(2, 6, 6, 3),
    d=f32(3, 3, 3, 2),
    p=f32(1, 1, 5, 4),
    says=("input depth must be evenly divisible by filter depth: 6 vs 5",),
)
error(
    "separable_size",
    separable % "[1, 1, 1, 1], 'SAME'",
    x=f32(2, 6, 6, 3),
    d=f32(3, 3, 3, 2),
    p=f32(2, 1, 6, 4),
    says=("Dimensions 2 and 1 are not compatible",),
)
error(
    "separable_rank",
    separable % "[1, 1, 1, 1], 'SAME'",
    x=f32(2, 6, 6, 3),
    d=f32(3, 3, 3, 2),
    p=f32(6, 4),
    says=("Shape (6, 4) must have rank 4",),
)
case(
    "with_space_to_batch",
    """
def op(x, num_spatial_dims, padding):
    return tf.nn.conv2d(x, w, 1, padding) * num_spatial_dims
result = tf.nn.with_space_to_batch(x, [2, 3], "SAME", op, filter_shape=[3, 3])
""",
    x=f32(2, 7, 8, 3),
    w=f32(3, 3, 3, 2),
    grad="x",
)
case(
    "with_space_to_batch_ones",
    "tf.nn.with_space_to_batch(x, [1, 1], 'FOO', lambda x, num_spatial_dims, padding: tf.constant(padding))",
    x=f32(2, 7, 8, 3),
)

# ---------------------------------------------------------------------------- morphology, patches

dilation = "tf.nn.%s(x, w, %s)"
for name in ["dilation2d", "erosion2d"]:
    for form, arguments in {
        "": "[1, 1, 1, 1], 'SAME', 'NHWC', [1, 1, 1, 1]",
        "_2": "[1, 2, 2, 1], 'VALID', 'NHWC', [1, 2, 1, 1]",
        "_rates": "[1, 1, 1, 1], 'SAME', data_format='NHWC', dilations=[1, 2, 2, 1]",
    }.items():
        case(
            name + form, dilation % (name, arguments), x=f32(2, 5, 6, 3), w=f32(3, 2, 3), grad="x,w"
        )
    call = dilation % (name, "[1, 1, 1, 1], 'SAME', 'NHWC', [1, 1, 1, 1]")
    case(name + "_ints", call, x=i32(1, 4, 4, 2), w=i32(3, 3, 2))
    case(name + "_f64", call, x=f64(1, 4, 4, 2), w=f64(3, 3, 2), grad="x,w")
    case(name + "_f16", call, x=f16(1, 4, 4, 2), w=f16(3, 3, 2))
    case(
        name + "_ties",
        call,
        x=val([[[[1.0], [1.0], [1.0]]]]),
        w=val([[[0.0], [0.0], [0.0]]]),
        grad="x,w",
    )
    error(
        name + "_format",
        dilation % (name, "[1, 1, 1, 1], 'SAME', 'NCHW', [1, 1, 1, 1]"),
        x=f32(1, 4, 4, 2),
        w=f32(3, 3, 2),
        says=("Data formats other than NHWC are not yet supported",),
    )
    error(
        name + "_depth",
        call,
        x=f32(1, 4, 4, 2),
        w=f32(3, 3, 3),
        says=("input and filter must have the same depth: 2 vs 3",),
    )
    error(
        name + "_rank",
        call,
        x=f32(4, 4, 2),
        w=f32(3, 3, 2),
        says=("input must be 4-dimensional[4,4,2]",),
    )
    error(
        name + "_strides",
        dilation % (name, "[1, 1], 'SAME', 'NHWC', [1, 1, 1, 1]"),
        x=f32(1, 4, 4, 2),
        w=f32(3, 3, 2),
        says=("Length for attr 'strides' of 2 must be at least minimum 4",),
    )
error(
    "dilation2d_filter_rank",
    dilation % ("dilation2d", "[1, 1, 1, 1], 'SAME', 'NHWC', [1, 1, 1, 1]"),
    x=f32(1, 4, 4, 2),
    w=f32(3, 3, 2, 2),
    says=("filter must be 3-dimensional: [3,3,2,2]",),
)
error(
    "dilation2d_batch_stride",
    dilation % ("dilation2d", "[2, 1, 1, 1], 'SAME', 'NHWC', [1, 1, 1, 1]"),
    x=f32(1, 4, 4, 2),
    w=f32(3, 3, 2),
    says=("Stride is only supported across spatial dimensions.",),
)
error(
    "dilation2d_batch_rate",
    dilation % ("dilation2d", "[1, 1, 1, 1], 'SAME', 'NHWC', [2, 1, 1, 1]"),
    x=f32(1, 4, 4, 2),
    w=f32(3, 3, 2),
    says=("Rate is only supported across spatial dimensions.",),
)
error(
    "dilation2d_stride_0",
    dilation % ("dilation2d", "[1, 0, 1, 1], 'SAME', 'NHWC', [1, 1, 1, 1]"),
    x=f32(1, 4, 4, 2),
    w=f32(3, 3, 2),
    says=("must be > 0, but got 0",),
)

patches = "tf.image.extract_patches(x, %s)"
for name, arguments in {
    "": "[1, 3, 3, 1], [1, 2, 2, 1], [1, 1, 1, 1], 'VALID'",
    "_same": "[1, 2, 3, 1], [1, 1, 2, 1], [1, 1, 1, 1], 'SAME'",
    "_rates": "sizes=[1, 2, 2, 1], strides=[1, 1, 1, 1], rates=[1, 2, 2, 1], padding='SAME'",
}.items():
    case("patches" + name, patches % arguments, x=f32(2, 5, 6, 3), grad="x")
case(
    "patches_ints", patches % "[1, 2, 2, 1], [1, 1, 1, 1], [1, 1, 1, 1], 'VALID'", x=i32(1, 3, 3, 2)
)
case(
    "patches_none", patches % "[1, 4, 4, 1], [1, 1, 1, 1], [1, 1, 1, 1], 'VALID'", x=f32(1, 3, 3, 2)
)
error(
    "patches_int",
    patches % "3, 2, 1, 'VALID'",
    x=f32(1, 5, 5, 3),
    says=("Expected list for 'ksizes' argument to 'extract_image_patches' Op, not 3.",),
)
error(
    "patches_three",
    patches % "[1, 3, 3], [1, 1, 1, 1], [1, 1, 1, 1], 'VALID'",
    x=f32(1, 5, 5, 3),
    says=("Length for attr 'ksizes' of 3 must be at least minimum 4",),
)
error(
    "patches_batch",
    patches % "[2, 3, 3, 1], [1, 1, 1, 1], [1, 1, 1, 1], 'VALID'",
    x=f32(1, 5, 5, 3),
    says=("Only support ksizes across space.",),
)
error(
    "patches_padding",
    patches % "[1, 3, 3, 1], [1, 1, 1, 1], [1, 1, 1, 1], 'FOO'",
    x=f32(1, 5, 5, 3),
    says=("Value for attr 'padding' of \"FOO\"",),
)
error(
    "patches_rank",
    patches % "[1, 3, 3, 1], [1, 1, 1, 1], [1, 1, 1, 1], 'SAME'",
    x=f32(5, 5, 3),
    says=("input must be 4-dimensional[5,5,3]",),
)
error(
    "patches_stride",
    patches % "[1, 3, 3, 1], [1, 0, 1, 1], [1, 1, 1, 1], 'SAME'",
    x=f32(1, 5, 5, 3),
    says=("strides is out of range.",),
)
case(
    "volume_patches",
    "tf.extract_volume_patches(x, [1, 2, 2, 3, 1], [1, 2, 1, 2, 1], 'SAME')",
    x=f32(2, 3, 4, 5, 2),
    grad="x",
)
case(
    "volume_patches_valid",
    "tf.extract_volume_patches(x, [1, 2, 2, 2, 1], [1, 2, 2, 2, 1], 'VALID')",
    x=f32(2, 4, 4, 5, 2),
    grad="x",
)
error(
    "volume_patches_rank",
    "tf.extract_volume_patches(x, [1, 2, 2, 2, 1], [1, 2, 2, 2, 1], 'VALID')",
    x=f32(2, 4, 4, 2),
    says=("input must be 5-dimensional[2,4,4,2]",),
)

# ---------------------------------------------------------------------------------------- blocks

case("space_to_depth", "tf.nn.space_to_depth(x, 2)", x=f32(2, 4, 6, 3), grad="x")
case(
    "space_to_depth_nchw",
    "tf.nn.space_to_depth(x, 2, data_format='NCHW')",
    x=f32(2, 3, 4, 6),
    grad="x",
)
case("space_to_depth_ints", "tf.nn.space_to_depth(x, 3)", x=i32(1, 3, 6, 2))
case("space_to_depth_strings", "tf.nn.space_to_depth([[[['a'], ['b']], [['c'], ['d']]]], 2)")
error(
    "space_to_depth_size",
    "tf.nn.space_to_depth(x, 3)",
    x=f32(2, 4, 6, 3),
    says=("Image width 6 and height 4 should be divisible by block_size: 3",),
)
error(
    "space_to_depth_one",
    "tf.nn.space_to_depth(x, 1)",
    x=f32(2, 4, 6, 3),
    says=("Value for attr 'block_size' of 1 must be at least minimum 2",),
)
error(
    "space_to_depth_rank",
    "tf.nn.space_to_depth(x, 2)",
    x=f32(4, 6, 3),
    says=("Input rank should be 4 instead of 3",),
)
error(
    "space_to_depth_format",
    "tf.nn.space_to_depth(x, 2, data_format='FOO')",
    x=f32(2, 4, 6, 3),
    says=("Value for attr 'data_format' of \"FOO\"",),
)
case("depth_to_space", "tf.nn.depth_to_space(x, 2)", x=f32(2, 3, 2, 12), grad="x")
case(
    "depth_to_space_nchw",
    "tf.nn.depth_to_space(x, 2, data_format='NCHW')",
    x=f32(2, 12, 3, 2),
    grad="x",
)
case("depth_to_space_empty", "tf.nn.depth_to_space(x, 2)", x=empty(0, 2, 2, 4))
error(
    "depth_to_space_depth",
    "tf.nn.depth_to_space(x, 3)",
    x=f32(2, 3, 2, 12),
    says=("Input depth dimension 12 should be divisible by: 9",),
)
error(
    "depth_to_space_rank",
    "tf.nn.depth_to_space(x, 2)",
    x=f32(3, 2, 12),
    says=("Input rank should be: 4 instead of: 3",),
)
