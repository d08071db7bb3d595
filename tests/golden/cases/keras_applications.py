"""tf.keras.applications: pictures scaled, arguments that do not fit; networks are in applications.py."""

from golden.table import Table, f64, raw, uniform, val

table = Table("keras_applications")
case, error = table.case, table.error

IMAGE = uniform(0, 255, 2, 3, 4, 3)
FIRST = uniform(0, 255, 2, 3, 4, 5)

# ------------------------------------------------------------------------------------ preprocessing

for mode in ("caffe", "tf", "torch"):
    call = "tf.keras.applications.imagenet_utils.preprocess_input(x{}, mode=%r)" % mode
    first = call.format(", data_format='channels_first'")
    # TF takes the mean of the mode that a process first scales tensors with for all others, too.
    if mode != "torch":
        case("tensor_" + mode, call.format(""), x=IMAGE, grad="x")
        case("tensor_%s_first" % mode, first, x=FIRST)
        case("tensor_%s_one" % mode, call.format(""), x=uniform(0, 255, 3, 4, 3))
        case("tensor_%s_half" % mode, call.format(""), x=uniform(0, 255, 3, 4, 3, dtype="float16"))
    case("array_" + mode, call.format(""), x=raw(IMAGE))
    case("array_%s_first" % mode, first, x=raw(FIRST))
    case("array_%s_one_first" % mode, first, x=raw(uniform(0, 255, 3, 4, 5)))
    case(
        "array_%s_double" % mode, call.format(""), x=raw(uniform(0, 255, 3, 4, 3, dtype="float64"))
    )
    case("array_%s_bytes" % mode, call.format(""), x=raw(val([[[0, 128, 255]]], "uint8")))
    case("array_%s_integers" % mode, call.format(""), x=raw(val([[[0, 128, 255]]], "int64")))
    case(
        "array_%s_in_place" % mode,
        "y = %s; (x, y)" % call.format(""),
        x=raw(uniform(0, 255, 3, 4, 3)),
    )

case(
    "families",
    "[getattr(tf.keras.applications, m).preprocess_input(x + 0) for m in sorted(['densenet', "
    "'inception_resnet_v2', 'inception_v3', 'mobilenet', 'mobilenet_v2', 'nasnet', 'resnet', "
    "'resnet50', 'resnet_v2', 'vgg16', 'vgg19', 'xception'])]",
    x=raw(uniform(0, 255, 1, 2, 3)),
)
case(
    "bytes_tensor", "tf.keras.applications.vgg16.preprocess_input(x)", x=val([[[3, 4, 5]]], "uint8")
)
case("vgg_mode", "tf.keras.applications.vgg16.preprocess_input(x, mode='tf')", x=raw(IMAGE))
case(
    "other_mode",
    "tf.keras.applications.imagenet_utils.preprocess_input(x, mode='other')",
    x=raw(f64(1, 1, 3)),
)
error(
    "data_format",
    "tf.keras.applications.imagenet_utils.preprocess_input(x, data_format='middle')",
    says=("Unknown data_format middle",),
    x=raw(IMAGE),
)
error(
    "integer_tensor",
    "tf.keras.applications.resnet_v2.preprocess_input(x)",
    x=val([[[3, 4, 5]]], "int32"),
)

# ------------------------------------------------------------------------------- predictions by name

for name, shape in {"classes": "(1, 999)", "vector": "1000", "rank": "(1, 1000, 1)"}.items():
    error(
        "decode_" + name,
        "tf.keras.applications.imagenet_utils.decode_predictions(np.zeros(%s))" % shape,
        says=("`decode_predictions` expects a batch of predictions", "(samples, 1000)"),
    )

# ---------------------------------------------------------------------------------------- arguments

FAMILIES = {
    "VGG16": (224, 32), "VGG19": (224, 32), "ResNet50": (224, 32), "ResNet50V2": (224, 32),
    "InceptionV3": (299, 75), "Xception": (299, 71), "InceptionResNetV2": (299, 75),
    "DenseNet121": (224, 32), "MobileNet": (224, 32), "MobileNetV2": (224, 32),
    "NASNetMobile": (224, 32), "NASNetLarge": (331, 32),
}  # fmt: skip
for name, (size, least) in FAMILIES.items():
    new = "tf.keras.applications.%s(%%s)" % name
    error(
        name + "_weights",
        new % "weights='other'",
        says=("The `weights` argument should be either `None`",),
    )
    error(
        name + "_classes",
        new % "classes=10",
        says=("`include_top` as true, `classes` should be 1000",),
    )
    error(
        name + "_small",
        new % ("weights=None, include_top=False, input_shape=(%d, 90, 3)" % (least - 1)),
        says=(
            "Input size must be at least %dx%d; got" % (least, least),
            "(%d, 90, 3)" % (least - 1),
        ),
    )
    error(
        name + "_shape",
        new % "input_shape=(200, 200, 3)",
        says=("`input_shape` should be (%d, %d, 3)" % (size, size),),
    )
    error(
        name + "_rank",
        new % "weights=None, input_shape=(200, 200)",
        says=("`input_shape` must be a tuple of three integers",),
    )
    error(
        name + "_unknown",
        new % "weights=None, input_shape=(None, None, 3)",
        says=("you should specify a static `input_shape`. Got `input_shape=(None, None, 3)`",),
    )
    error(name + "_array", new % "weights=None, input_tensor=np.zeros((1, 224, 224, 3))")
    error(name + "_keyword", new % "weights=None, depth=3")
    if "NASNet" not in name:
        error(
            name + "_channels",
            new % "include_top=False, input_shape=(200, 200, 1)",
            says=("The input must have 3 channels; got `input_shape=(200, 200, 1)`",),
        )

error(
    "mobilenet_alpha",
    "tf.keras.applications.MobileNet(alpha=0.3)",
    says=("If imagenet weights are being loaded, alpha can be one of", "`0.25`, `0.50`, `0.75`"),
)
error(
    "mobilenet_depth_multiplier",
    "tf.keras.applications.MobileNet(depth_multiplier=2)",
    says=("If imagenet weights are being loaded, depth multiplier must be 1",),
)
error(
    "mobilenet_v2_alpha",
    "tf.keras.applications.MobileNetV2(alpha=0.3)",
    says=(
        "If imagenet weights are being loaded, alpha can be one of `0.35`, `0.50`, `0.75`, `1.0`",
    ),
)
error(
    "mobilenet_v2_tensor",
    "tf.keras.applications.MobileNetV2((96, 96, 3), weights=None, input_tensor=tf.keras.Input((64, 64, 3)))",
    says=(
        "input_shape: ",
        "(96, 96, 3)",
        "and input_tensor: ",
        "do not meet the same shape requirements",
    ),
)
error(
    "mobilenet_v2_no_keras_tensor",
    "tf.keras.applications.MobileNetV2((96, 96, 3), weights=None, input_tensor=tf.zeros((2, 96, 96, 3)))",
    says=("input_tensor specified: ", "is not a keras tensor"),
)
