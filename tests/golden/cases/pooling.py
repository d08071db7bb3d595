"""tf.nn: maxima and averages of windows, and the normalization that goes with convolution."""

from golden.table import Table, bools, empty, f16, f32, f64, i32, i64, positive, specials, val, var

table = Table("pooling")
case, error = table.case, table.error

CROWDED = val(
    [
        [
            [[1.0], [3.0], [3.0], [2.0]],
            [[3.0], [3.0], [0.0], [2.0]],
            [[1.0], [1.0], [2.0], [2.0]],
            [[1.0], [1.0], [2.0], [2.0]],
        ]
    ]
)

for kind in ["max", "avg"]:
    call = "tf.nn.%s_pool(x, %%s)" % kind
    name = kind + "_pool"
    for form, arguments in {
        "": "2, 2, 'VALID'",
        "_same": "2, 2, 'SAME'",
        "_3_2": "3, 2, 'SAME'",
        "_3_2_valid": "3, 2, 'VALID'",
        "_3_1": "3, 1, 'SAME'",
        "_2_1": "2, 1, 'VALID'",
        "_1_2": "1, 2, 'VALID'",
        "_2_3": "2, 3, 'SAME'",
        "_5_3": "5, 3, 'SAME'",
        "_sizes": "[2, 3], [2, 1], 'VALID'",
        "_full": "[1, 3, 2, 1], strides=[1, 1, 2, 1], padding='SAME'",
        "_whole": "[5, 6], 1, 'VALID'",
        "_list": "[2], [2], 'VALID'",
        "_no_stride": "2, None, 'VALID'",
    }.items():
        case(name + form, call % arguments, x=f32(2, 5, 6, 3), grad="x")
    case(name + "_ties", call % "2, 2, 'VALID'", x=CROWDED, grad="x")
    case(name + "_ties_overlapping", call % "3, 1, 'SAME'", x=CROWDED, grad="x")
    case(name + "_f64", call % "3, 2, 'SAME'", x=f64(2, 5, 5, 2), grad="x")
    case(name + "_f16", call % "3, 2, 'SAME'", x=f16(2, 5, 5, 2), grad="x")
    case(name + "_rank_3", call % "2, 2, 'VALID'", x=f32(2, 5, 3), grad="x")
    case(name + "_rank_5", call % "2, 2, 'SAME', 'NDHWC'", x=f32(2, 3, 4, 5, 2), grad="x")
    case(name + "_empty", call % "2, 2, 'VALID'", x=empty(0, 4, 4, 3))
    case(name + "_no_pixels", call % "2, 2, 'SAME'", x=empty(1, 0, 4, 3))
    case(name + "_no_windows", call % "6, 1, 'VALID'", x=f32(2, 5, 5, 3))
    case(name + "_variable", call % "2, 2, 'VALID'", x=var(f32(1, 4, 4, 1)), grad="x")
    case(
        name + "_lists",
        "tf.nn.%s_pool2d([[[[1.0], [2.0]], [[3.0], [4.0]]]], 2, 2, 'VALID')" % kind,
    )
    case(name + "1d", "tf.nn.%s_pool1d(x, 3, 2, 'SAME')" % kind, x=f32(2, 6, 3), grad="x")
    case(
        name + "1d_list",
        "tf.nn.%s_pool1d(x, [1, 2, 1], [1, 2, 1], padding='VALID')" % kind,
        x=f32(2, 6, 3),
    )
    case(name + "2d", "tf.nn.%s_pool2d(x, 3, 2, 'SAME')" % kind, x=f32(2, 6, 5, 3), grad="x")
    case(name + "3d", "tf.nn.%s_pool3d(x, 3, 2, 'SAME')" % kind, x=f32(2, 3, 4, 5, 2), grad="x")
    case(
        name + "3d_sizes",
        "tf.nn.%s_pool3d(x, [2, 1, 2], [2, 2, 1], 'VALID')" % kind,
        x=f32(2, 4, 4, 5, 2),
        grad="x",
    )
    case(name + "3d_f16", "tf.nn.%s_pool3d(x, 2, 2, 'VALID')" % kind, x=f16(2, 4, 4, 4, 2))
    case("pool_" + kind, "tf.nn.pool(x, [2, 3], '%s')" % kind.upper(), x=f32(2, 5, 5, 3), grad="x")
    case(
        "pool_same_" + kind,
        "tf.nn.pool(x, [3, 2], '%s', strides=[2, 1], padding='SAME')" % kind.upper(),
        x=f32(2, 5, 5, 3),
        grad="x",
    )
    case(
        "pool_dilated_" + kind,
        "tf.nn.pool(x, [2, 2], '%s', dilations=[2, 3])" % kind.upper(),
        x=f32(2, 7, 8, 3),
        grad="x",
    )
    case("pool_1d_" + kind, "tf.nn.pool(x, [2], '%s')" % kind.upper(), x=f32(2, 5, 3))
    case("pool_3d_" + kind, "tf.nn.pool(x, [2, 2, 2], '%s')" % kind.upper(), x=f32(2, 4, 4, 4, 3))
    case(
        name + "_second_order",
        """
with tf.GradientTape() as outer:
    outer.watch(x)
    with tf.GradientTape() as inner:
        inner.watch(x)
        loss = tf.reduce_sum(tf.nn.%s_pool(x, 3, 2, "SAME") ** 3)
    g = inner.gradient(loss, x)
result = outer.gradient(g, x, output_gradients=x)
"""
        % kind,
        x=f32(1, 5, 5, 2),
    )
    error(
        name + "_three",
        call % "[2, 3, 1], 2, 'VALID'",
        x=f32(2, 5, 5, 3),
        says=("ksize should be of length 1, 2 or 4 but was 3",),
    )
    error(
        name + "_batch",
        call % "[2, 2, 2, 1], 2, 'VALID'",
        x=f32(2, 5, 5, 3),
        says=("Pooling is not yet supported on the batch dimension.",),
    )
    error(
        name + "_padding",
        call % "2, 2, 'valid'",
        x=f32(2, 5, 5, 3),
        says=(
            'Value for attr \'padding\' of "valid" is not in the list of allowed values: "SAME", "VALID"',
        ),
    )
    error(
        name + "_explicit",
        call % "2, 2, [[0, 0], [1, 1], [1, 1], [0, 0]]",
        x=f32(2, 5, 5, 3),
        says=("Expected string for argument 'padding' not",),
    )
    error(
        name + "_format",
        call % "2, 2, 'VALID', data_format='FOO'",
        x=f32(2, 5, 5, 3),
        says=("Value for attr 'data_format' of \"FOO\"",),
    )
    error(
        name + "_rank_2",
        call % "2, 2, 'VALID'",
        x=f32(2, 5),
        says=("Input tensor must be of rank 3, 4 or 5 but was 2.",),
    )
    error(
        name + "_negative",
        call % "7, 1, 'VALID'",
        x=f32(2, 5, 5, 3),
        says=(
            "Computed output size would be negative: -1 [input_size: 5, effective_filter_size: 7, stride: 1]",
        ),
    )
    error(
        name + "_stride_0",
        call % "2, 0, 'VALID'",
        x=f32(2, 5, 5, 3),
        says=("Stride must be > 0, but got 0",),
    )
    error(
        name + "_word",
        call % "'a', 2, 'VALID'",
        x=f32(2, 5, 5, 3),
        says=("Expected int for argument 'ksize' not 'a'.",),
    )
    error(
        name + "2d_rank",
        "tf.nn.%s_pool2d(x, 2, 2, 'VALID')" % kind,
        x=f32(2, 5, 3),
        says=("tensor_in_shape must have 2 spatial dimensions. 3 0",),
    )
    error(
        name + "3d_rank",
        "tf.nn.%s_pool3d(x, 2, 2, 'VALID')" % kind,
        x=f32(2, 5, 5, 3),
        says=("tensor_in must be 5-dimensional",),
    )
    error(
        name + "1d_list_2",
        "tf.nn.%s_pool1d(x, [1, 2], 2, 'VALID')" % kind,
        x=f32(2, 5, 3),
        says=("ksize should be of length 1, 1 or 3 but was 2",),
    )
    error(
        name + "_nchw",
        "tf.nn.%s_pool(tf.transpose(x, [0, 3, 1, 2]), 2, 2, 'VALID', data_format='NCHW')" % kind,
        x=f32(1, 5, 5, 3),
        differs="works on the CPU too",
    )

case("max_pool_ints", "tf.nn.max_pool(x, 2, 2, 'SAME')", x=i32(2, 5, 5, 2))
case("max_pool_i64", "tf.nn.max_pool(x, 2, 2, 'SAME')", x=i64(2, 5, 5, 2))
case("max_pool_u8", "tf.nn.max_pool(tf.cast(x, tf.uint8), 2, 2, 'SAME')", x=positive(2, 5, 5, 2))
case("max_pool_i8", "tf.nn.max_pool(tf.cast(x, tf.int8), 3, 2, 'SAME')", x=i32(2, 5, 5, 2))
case(
    "max_pool_channels", "tf.nn.max_pool(x, [1, 1, 1, 3], [1, 1, 1, 3], 'VALID')", x=f32(2, 3, 3, 6)
)
case(
    "max_pool_special",
    "tf.nn.max_pool(tf.reshape(x, [1, 3, 4, 1]), [1, 2], [1, 2], 'VALID')",
    x=specials(),
)
case(
    "max_pool_infinite",
    "tf.nn.max_pool(x, [1, 3], [1, 2], 'SAME')",
    x=val([[[["-inf"], ["-inf"], [2.0]]]]),
)
error(
    "max_pool_channels_2",
    "tf.nn.max_pool(x, [1, 1, 1, 2], [1, 1, 1, 2], 'VALID')",
    x=f32(2, 3, 3, 3),
    says=("Depthwise max pooling requires the depth window to evenly divide the input depth",),
)
error(
    "max_pool_everywhere",
    "tf.nn.max_pool(x, [1, 2, 2, 3], [1, 1, 1, 3], 'VALID')",
    x=f32(2, 3, 3, 3),
    says=(
        "MaxPooling supports exactly one of pooling across depth or pooling across width/height.",
    ),
)
error(
    "max_pool3d_f64",
    "tf.nn.max_pool3d(x, 2, 2, 'VALID')",
    x=f64(2, 4, 4, 4, 3),
    says=("Could not find valid device for node.",),
)
error(
    "avg_pool_channels",
    "tf.nn.avg_pool(x, [1, 1, 1, 3], [1, 1, 1, 3], 'VALID')",
    x=f32(2, 3, 3, 3),
    says=("Non-spatial pooling is not yet supported.",),
)
error(
    "avg_pool_ints",
    "tf.nn.avg_pool(x, 2, 2, 'VALID')",
    x=i32(2, 5, 5, 3),
    says=("Could not find valid device for node.",),
)
error(
    "pool_kind",
    "tf.nn.pool(x, [2, 2], 'max')",
    x=f32(2, 5, 5, 3),
    says=("2-D max pooling is not supported.",),
)
error(
    "pool_both",
    "tf.nn.pool(x, [2, 2], 'MAX', dilations=[2, 2], strides=[2, 2])",
    x=f32(2, 5, 5, 3),
    says=("strides > 1 not supported in conjunction with dilation_rate > 1",),
)
error(
    "pool_same_dilated",
    "tf.nn.pool(x, [2, 2], 'MAX', dilations=[2, 2], padding='SAME')",
    x=f32(2, 5, 5, 3),
    says=("pooling with SAME padding is not implemented for dilation_rate > 1",),
)
error(
    "pool_strides",
    "tf.nn.pool(x, [2, 2], 'MAX', strides=[3, 3])",
    x=f32(2, 5, 5, 3),
    says=("strides > window_shape not supported due to inconsistency between CPU and GPU",),
)
error(
    "pool_rank",
    "tf.nn.pool(x, [2], 'MAX')",
    x=f32(2, 5, 5, 3),
    says=("Shape (2, 5, 5, 3) must have rank 3",),
)

argmax = "tf.nn.max_pool_with_argmax(x, %s)"
for form, arguments in {
    "": "2, 2, 'VALID'",
    "_same": "3, 2, 'SAME'",
    "_overlapping": "[1, 3, 3, 1], [1, 1, 1, 1], padding='SAME'",
    "_batch": "3, 2, 'SAME', include_batch_in_index=True",
}.items():
    case("argmax" + form, argmax % arguments, x=f32(2, 5, 6, 3), grad="x")
case("argmax_ties", argmax % "3, 1, 'SAME'", x=CROWDED, grad="x")
case("argmax_ints", argmax % "2, 2, 'SAME'", x=i32(2, 5, 5, 2))
error(
    "argmax_format",
    argmax % "2, 2, 'SAME', data_format='NCHW'",
    x=f32(2, 5, 5, 3),
    says=("Data formats other than 'NHWC' are not yet supported",),
)
error(
    "argmax_i32",
    argmax % "2, 2, 'SAME', output_dtype=tf.int32",
    x=f32(2, 5, 5, 3),
    says=("Could not find valid device for node.",),
)
error("argmax_bools", argmax % "2, 2, 'SAME'", x=bools(1, 4, 4, 1), says=())
