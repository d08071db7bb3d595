"""``tf.image`` but for files: sizes, places, colours, chance, boxes, measures."""

from golden.table import Table, arange, bools, empty, f16, f32, f64, ints, uniform, val

table = Table("image")
case, error = table.case, table.error


def pixels(*shape):
    """An image of uint8."""
    return ints(0, 256, *shape, dtype="uint8")


SUM = "XLA and TF add the weighted samples in different orders"

# ------------------------------------------------------------------------------------------ resize

METHODS = "bilinear bicubic area lanczos3 lanczos5 gaussian mitchellcubic nearest".split()
SIZES = {"larger": [9, 11], "smaller": [3, 2], "mixed": [11, 3], "one": [1, 1], "same": [5, 7]}
WITHOUT_GRADIENT = {"area"}
for method in METHODS:
    loose = {} if method in ("bilinear", "nearest") else {"rtol": 1e-5, "why": SUM}
    for label, size in SIZES.items():
        case(
            "resize_%s_%s" % (method, label),
            "tf.image.resize(x, size, method=method)",
            x=f32(2, 5, 7, 3),
            size=size,
            method=method,
            grad="" if method in WITHOUT_GRADIENT else "x",
            **loose,
        )
        case(
            "resize_%s_%s_antialias" % (method, label),
            "tf.image.resize(x, size, method=method, antialias=True)",
            x=f32(5, 7, 2),
            size=size,
            method=method,
            **loose,
        )
    case(
        "resize_%s_uint8" % method,
        "tf.image.resize(x, [6, 4], method=method)",
        x=pixels(4, 5, 3),
        method=method,
        **loose,
    )
    case(
        "resize_%s_much_smaller" % method,
        "tf.image.resize(x, [4, 5], method=method, antialias=True)",
        x=uniform(0, 1, 40, 31, 1),
        method=method,
        **loose,
    )
    case(
        "resize_%s_much_larger" % method,
        "tf.image.resize(x, [31, 40], method=method)",
        x=uniform(0, 1, 4, 5, 1),
        method=method,
        **loose,
    )
case("resize_constant_stays", "tf.image.resize(x, [7, 13])", x=val([[[255.0], [255.0]]] * 3))
for dtype in ["int8", "uint16", "int16", "int32", "int64", "float64", "float16"]:
    case(
        "resize_" + dtype,
        "x = tf.cast(x, dtype)\nresult = (tf.image.resize(x, [3, 4]), tf.image.resize(x, [3, 4], 'nearest'))",
        x=ints(0, 100, 2, 3, 1),
        dtype=dtype,
    )
case("resize_same_nearest", "tf.image.resize(x, [4, 5], 'nearest')", x=pixels(4, 5, 3))
case("resize_ratio_wide", "tf.image.resize(x, [8, 20], preserve_aspect_ratio=True)", x=f32(5, 7, 3))
case("resize_ratio_high", "tf.image.resize(x, [20, 8], preserve_aspect_ratio=True)", x=f32(5, 7, 3))
case(
    "resize_ratio_rounding",
    "[tf.image.resize(x, [n, n], preserve_aspect_ratio=True).shape.as_list() for n in range(2, 40)]",
    x=f32(9, 7, 1),
)
case("resize_size_tensor", "tf.image.resize(x, tf.constant([2, 3]))", x=f32(3, 3, 1))
case("resize_empty_batch", "tf.image.resize(x, [3, 3])", x=empty(0, 2, 2, 3))
case(
    "resize_special",
    "tf.image.resize(x, [4, 2])",
    x=val([[["nan"], [1.0]], [["inf"], [2.0]], [[0.0], ["-inf"]]]),
)
case(
    "resize_method_names",
    "sorted(k + v for k, v in vars(tf.image.ResizeMethod).items() if k[0] != '_')",
)
case("resize_with_pad_wide", "tf.image.resize_with_pad(x, 6, 9)", x=f32(4, 3, 2))
case("resize_with_pad_high", "tf.image.resize_with_pad(x, 9, 5)", x=f32(2, 4, 3, 2))
case("resize_with_pad_small", "tf.image.resize_with_pad(x, 3, 3)", x=pixels(2, 4, 3))
case("resize_with_pad_nearest", "tf.image.resize_with_pad(x, 5, 7, 'nearest')", x=pixels(4, 3, 2))
case(
    "resize_with_pad_antialias",
    "tf.image.resize_with_pad(x, 3, 8, 'bicubic', antialias=True)",
    x=f32(7, 6, 1),
    rtol=1e-5,
    why=SUM,
)
error("resize_rank", "tf.image.resize(x, [4, 4])", x=f32(4, 3), says=("either 3 or 4 dimensions",))
error(
    "resize_size_rank",
    "tf.image.resize(x, [4])",
    x=f32(4, 3, 1),
    says=("1-D Tensor of 2 elements",),
)
error(
    "resize_size_scalar",
    "tf.image.resize(x, 4)",
    x=f32(4, 3, 1),
    says=("1-D Tensor of 2 elements",),
)
error(
    "resize_size_float",
    "tf.image.resize(x, [4.0, 4.0])",
    x=f32(4, 3, 1),
    says=("1-D int32 Tensor",),
)
error(
    "resize_size_zero",
    "tf.image.resize(x, [0, 4])",
    x=f32(4, 3, 1),
    says=("output dimensions must be positive", "[Op:ResizeBilinear]"),
)
error(
    "resize_method",
    "tf.image.resize(x, [4, 4], 'foo')",
    x=f32(4, 3, 1),
    says=("method is not implemented",),
)
error(
    "resize_no_pixels",
    "tf.image.resize(x, [3, 3])",
    x=empty(0, 2, 3),
    says=("input image must be of non-zero size",),
)
error("resize_bool", "tf.image.resize(x, [3, 3])", x=bools(2, 2, 1), says=("ResizeBilinear",))
error(
    "resize_with_pad_zero",
    "tf.image.resize_with_pad(x, 0, 3)",
    x=f32(4, 3, 1),
    says=("target_height must be > 0.",),
)

# ------------------------------------------------------------------------------- cropping, padding

case("crop_box", "tf.image.crop_to_bounding_box(x, 1, 2, 2, 3)", x=f32(4, 5, 2), grad="x")
case("crop_box_batch", "tf.image.crop_to_bounding_box(x, 0, 1, 4, 1)", x=pixels(2, 4, 5, 3))
case("pad_box", "tf.image.pad_to_bounding_box(x, 1, 2, 6, 8)", x=f32(4, 5, 2), grad="x")
case("pad_box_batch", "tf.image.pad_to_bounding_box(x, 0, 0, 5, 5)", x=pixels(2, 4, 5, 3))
for rows in range(1, 8):
    case(
        "crop_or_pad_%d" % rows,
        "tf.image.resize_with_crop_or_pad(x, n, 8 - n)",
        x=f32(4, 5, 1),
        n=rows,
    )
case("crop_or_pad_batch", "tf.image.resize_with_crop_or_pad(x, 7, 2)", x=f32(2, 4, 5, 1), grad="x")
for fraction in [0.1, 0.3, 0.5, 0.75, 0.875, 1.0]:
    case(
        "central_crop_%d" % (1000 * fraction),
        "(tf.image.central_crop(x, fraction), tf.image.central_crop(y, fraction))",
        x=f32(5, 8, 1),
        y=f32(2, 7, 6, 2),
        fraction=fraction,
    )
for name in ["crop_to_bounding_box", "pad_to_bounding_box"]:
    bad = {
        "top": (-1, 0, 4, 4),
        "left": (0, -1, 4, 4),
        "height": (3, 0, 4, 4),
        "width": (0, 3, 4, 4),
    }
    for label, box in bad.items():
        words = {"crop": ("offset_height must be >= 0.", "offset_width must be >= 0.")}
        error("%s_%s" % (name, label), "tf.image.%s(x, *box)" % name, x=f32(4, 4, 1), box=box)
error(
    "crop_box_zero",
    "tf.image.crop_to_bounding_box(x, 0, 0, 0, 1)",
    x=f32(4, 4, 1),
    says=("target_height must be > 0.",),
)
error(
    "crop_or_pad_zero",
    "tf.image.resize_with_crop_or_pad(x, 0, 3)",
    x=f32(4, 4, 1),
    says=("target_height must be > 0.",),
)
error(
    "crop_or_pad_rank",
    "tf.image.resize_with_crop_or_pad(x, 3, 3)",
    x=f32(4, 4),
    says=("either 3 or 4 dimensions",),
)
error("central_crop_zero", "tf.image.central_crop(x, 0.0)", x=f32(4, 4, 1), says=("within (0, 1]",))
error("central_crop_two", "tf.image.central_crop(x, 1.5)", x=f32(4, 4, 1), says=("within (0, 1]",))

# ------------------------------------------------------------------------------------------- flips

for name in ["flip_left_right", "flip_up_down", "transpose", "rot90"]:
    case(name, "tf.image.%s(x)" % name, x=f32(2, 3, 2), grad="x")
    case(name + "_batch", "tf.image.%s(x)" % name, x=pixels(2, 3, 4, 1))
    error(
        name + "_rank",
        "tf.image.%s(x)" % name,
        x=f32(2, 3),
        says=("must be at least three-dimensional",),
    )
for turns in [-1, 0, 2, 3, 5]:
    case(
        "rot90_%d" % turns,
        "(tf.image.rot90(x, k), tf.image.rot90(y, k=k))",
        x=arange(2, 3, 1),
        y=arange(1, 2, 3, 1),
        k=turns,
    )
case("rot90_tensor", "tf.image.rot90(x, tf.constant(3))", x=arange(2, 3, 1))
error(
    "rot90_float",
    "tf.image.rot90(x, k=1.5)",
    x=f32(2, 3, 1),
    says=("to EagerTensor of dtype int32",),
)
error("rot90_vector", "tf.image.rot90(x, k=[1])", x=f32(2, 3, 1), says=("must have rank 0",))

# ------------------------------------------------------------------------------------------- colors

case("rgb_to_hsv", "tf.image.rgb_to_hsv(x)", x=uniform(0, 1, 4, 5, 3))
case("rgb_to_hsv_any", "tf.image.rgb_to_hsv(x)", x=f32(20, 3))
case(
    "rgb_to_hsv_corners",
    "tf.image.rgb_to_hsv(x)",
    x=val([[r, g, b] for r in (0.0, 0.5, 1.0) for g in (0.0, 0.5, 1.0) for b in (0.0, 0.5, 1.0)]),
)
case("rgb_to_hsv_double", "tf.image.rgb_to_hsv(x)", x=uniform(0, 1, 2, 3, dtype="float64"))
case("rgb_to_hsv_half", "tf.image.rgb_to_hsv(x)", x=uniform(0, 1, 2, 3, dtype="float16"))
case("hsv_to_rgb", "tf.image.hsv_to_rgb(x)", x=uniform(0, 1, 4, 5, 3))
case("hsv_to_rgb_any", "tf.image.hsv_to_rgb(x)", x=f32(20, 3))
case("hsv_to_rgb_double", "tf.image.hsv_to_rgb(x)", x=uniform(0, 1, 2, 3, dtype="float64"))
case("hsv_and_back", "tf.image.hsv_to_rgb(tf.image.rgb_to_hsv(x))", x=uniform(0, 1, 4, 5, 3))
for name in ["rgb_to_yiq", "yiq_to_rgb", "rgb_to_yuv", "yuv_to_rgb"]:
    case(name, "tf.image.%s(x)" % name, x=f32(3, 4, 3), grad="x")
    case(name + "_double", "tf.image.%s(x)" % name, x=f64(2, 3, 4, 3))
case("rgb_to_grayscale", "tf.image.rgb_to_grayscale(x)", x=f32(2, 3, 4, 3), grad="x")
case("rgb_to_grayscale_uint8", "tf.image.rgb_to_grayscale(x)", x=pixels(6, 5, 3))
case(
    "rgb_to_grayscale_double",
    "tf.image.rgb_to_grayscale(x)",
    x=f64(2, 2, 3),
    rtol=1e-6,
    why="TF computes it in float32",
)
case("grayscale_to_rgb", "tf.image.grayscale_to_rgb(x)", x=pixels(2, 3, 1))
case("grayscale_to_rgb_batch", "tf.image.grayscale_to_rgb(x)", x=f32(2, 3, 2, 1), grad="x")
error(
    "rgb_to_hsv_channels",
    "tf.image.rgb_to_hsv(x)",
    x=f32(2, 2, 2),
    says=("input must have 3 channels but input only has 2 channels.",),
)
error("rgb_to_hsv_scalar", "tf.image.rgb_to_hsv(2.0)", says=("input must be at least 1D",))
error("rgb_to_hsv_uint8", "tf.image.rgb_to_hsv(x)", x=pixels(2, 2, 3), says=("RGBToHSV",))
error(
    "hsv_to_rgb_channels",
    "tf.image.hsv_to_rgb(x)",
    x=f32(2, 2, 1),
    says=("input must have 3 channels",),
)
error("rgb_to_yiq_channels", "tf.image.rgb_to_yiq(x)", x=f32(2, 2, 2), says=("[4,2]", "[3,3]"))
error(
    "grayscale_to_rgb_channels",
    "tf.image.grayscale_to_rgb(x)",
    x=f32(2, 2, 3),
    says=("should be size 1",),
)

TYPES = "uint8 int8 uint16 int16 int32 int64 float16 float32 float64".split()
# Types for which TF 2.1 has no kernel of Minimum or Maximum, with which it saturates.
CANNOT_SATURATE = {
    *("uint8_int8", "int8_uint8", "int8_uint16", "uint16_uint8", "uint16_int8", "uint16_int16"),
    *("int16_uint8", "int16_int8", "int16_uint16"),
}
for source in TYPES:
    for target in TYPES:
        pair = "%s_%s" % (source, target)
        case(
            "convert_" + pair,
            "x = tf.cast(x * 100 if tf.as_dtype(source).is_integer else x, source)\n"
            "result = [tf.image.convert_image_dtype(x, target, saturate=s) for s in saturate]",
            x=val([0.0, 0.25, 0.5, 0.7, 1.0, 1.2]),
            source=source,
            target=target,
            saturate=[False] if pair in CANNOT_SATURATE else [False, True],
        )
error(
    "convert_string",
    "tf.image.convert_image_dtype(x, tf.string)",
    x=f32(2),
    says=("floating point or integer",),
)
error(
    "convert_bool", "tf.image.convert_image_dtype(x, tf.uint8)", x=bools(2), says=("of dtype bool",)
)

# --------------------------------------------------------------------------------------- adjustments

HUE = "the hue is a quotient of differences, whose last bits the way back shows"
for name, factor in [
    ("brightness", "0.2"),
    ("contrast", "1.7"),
    ("hue", "0.3"),
    ("saturation", "0.6"),
    ("saturation", "2.5"),
    ("hue", "-0.9"),
    ("gamma", "2.2"),
    ("gamma", "0.5, gain=1.5"),
]:
    label = "%s_%s" % (name, factor.replace(".", "").replace(", gain=", "_").replace("-", "minus"))
    code = "tf.image.adjust_%s(x, %s)" % (name, factor)
    loose = {"rtol": 5e-6, "why": HUE} if name == "hue" else {}
    case("adjust_" + label, code, x=uniform(0, 1, 4, 5, 3), **loose)
    case("adjust_%s_uint8" % label, code, x=pixels(4, 5, 3))
    case("adjust_%s_batch" % label, code, x=uniform(0, 1, 2, 3, 4, 3), **loose)
    case(
        "adjust_%s_double" % label,
        code,
        x=uniform(0, 1, 2, 4, 3, dtype="float64"),
        rtol=1e-5,
        why="TF computes it in float32, and powers and means differ in their last bits",
    )
    if name != "gamma":
        case("adjust_%s_half" % label, code, x=uniform(0, 1, 2, 4, 3, dtype="float16"))
        case("adjust_%s_any" % label, code, x=f32(5, 5, 3), **loose)
case(
    "adjust_brightness_grad",
    "tf.image.adjust_brightness(x, d)",
    x=f32(2, 2, 3),
    d=val(0.1),
    grad="x,d",
)
case("adjust_contrast_channels", "tf.image.adjust_contrast(x, 2.0)", x=f32(4, 3, 5))
case("adjust_gamma_tensor", "tf.image.adjust_gamma(x, g)", x=uniform(0, 1, 2, 2, 3), g=val(1.5))
case("adjust_hue_none", "tf.image.adjust_hue(x, 1.0)", x=uniform(0, 1, 3, 3, 3))
error(
    "adjust_contrast_rank",
    "tf.image.adjust_contrast(x, 2.0)",
    x=f32(2, 3),
    says=("input must be at least 3-D", "[2,3]"),
)
error(
    "adjust_hue_rank",
    "tf.image.adjust_hue(x, 0.2)",
    x=f32(2, 3),
    says=("input must be at least 3-D", "[Op:AdjustHue]"),
)
error(
    "adjust_hue_channels",
    "tf.image.adjust_hue(x, 0.2)",
    x=f32(2, 2, 2),
    says=("must have 3 channels but instead has 2 channels",),
)
error(
    "adjust_saturation_channels",
    "tf.image.adjust_saturation(x, 0.2)",
    x=f32(2, 2, 2),
    says=("must have 3 channels but instead has 2 channels",),
)
error(
    "adjust_gamma_negative",
    "tf.image.adjust_gamma(x, -1.0)",
    x=f32(2, 2, 2),
    says=("Gamma should be a non-negative real number.",),
)
for dtype, maker in [
    ("float32", uniform(0, 1, 4, 5, 3)),
    ("float64", uniform(0, 1, 4, 5, 3, dtype="float64")),
    ("float16", f16(3, 3, 1)),
    ("uint8", pixels(4, 5, 3)),
]:
    case(
        "standardization_" + dtype,
        "tf.image.per_image_standardization(x)",
        x=maker,
        **({"rtol": 1e-5, "why": "TF computes it in float32"} if dtype == "float64" else {}),
    )
case(
    "standardization_batch",
    "tf.image.per_image_standardization(x)",
    x=f32(2, 3, 4, 2),
    grad="x",
    rtol=1e-5,
    why="the variance's sums differ in their last bits",
)
case("standardization_constant", "tf.image.per_image_standardization(tf.ones([3, 3, 1]))")
error(
    "standardization_rank",
    "tf.image.per_image_standardization(x)",
    x=f32(2, 3),
    says=("at least three-dimensional",),
)

# ------------------------------------------------------------------------------------------- random

for name in ["random_flip_left_right", "random_flip_up_down"]:
    case(name, "[tf.image.%s(x) for i in range(8)]" % name, x=pixels(2, 3, 1), seed=3)
    case(
        name + "_seed", "[tf.image.%s(x, seed=5) for i in range(8)]" % name, x=f32(2, 3, 1), seed=3
    )
    case(name + "_batch", "tf.image.%s(x, seed=2)" % name, x=pixels(9, 2, 2, 1), seed=3)
    case(
        name + "_variable_seed",
        "(tf.image.%s(x), tf.random.uniform([2]))" % name,
        x=f32(3, 2, 2, 1),
        seed=4,
    )
case(
    "random_crop",
    "[tf.image.random_crop(x, [2, 3, 1]) for i in range(5)]",
    x=arange(5, 6, 3),
    seed=1,
)
case(
    "random_crop_seed",
    "[tf.image.random_crop(x, [2, 3, 3], seed=7) for i in range(5)]",
    x=arange(5, 6, 3),
    seed=1,
)
case("random_crop_all", "tf.image.random_crop(x, [2, 3])", x=arange(2, 3), seed=1)
case("random_crop_grad", "tf.image.random_crop(x, [2, 2])", x=f32(4, 4), seed=2, grad="x")
for name, arguments in [
    ("brightness", "0.3"),
    ("contrast", "0.5, 1.5"),
    ("hue", "0.4"),
    ("saturation", "0.5, 2.0"),
]:
    case(
        "random_" + name,
        "[tf.image.random_%s(x, %s) for i in range(3)]" % (name, arguments),
        x=uniform(0, 1, 3, 4, 3),
        seed=6,
        **({"rtol": 5e-6, "why": HUE} if name == "hue" else {}),
    )
    case(
        "random_%s_seed" % name,
        "[tf.image.random_%s(x, %s, seed=4) for i in range(3)]" % (name, arguments),
        x=pixels(3, 4, 3),
        seed=6,
    )
error(
    "random_crop_large",
    "tf.image.random_crop(x, [3, 2])",
    x=f32(2, 2),
    says=("Need value.shape >= size, got",),
)
error(
    "random_brightness_negative",
    "tf.image.random_brightness(x, -1.0)",
    x=f32(2, 2, 3),
    says=("max_delta must be non-negative.",),
)
error(
    "random_contrast_order",
    "tf.image.random_contrast(x, 2.0, 1.0)",
    x=f32(2, 2, 3),
    says=("upper must be > lower.",),
)
error(
    "random_contrast_negative",
    "tf.image.random_contrast(x, -2.0, 1.0)",
    x=f32(2, 2, 3),
    says=("lower must be non-negative.",),
)
error(
    "random_hue_large",
    "tf.image.random_hue(x, 0.6)",
    x=f32(2, 2, 3),
    says=("max_delta must be <= 0.5.",),
)
error(
    "random_hue_negative",
    "tf.image.random_hue(x, -0.6)",
    x=f32(2, 2, 3),
    says=("max_delta must be non-negative.",),
)
error(
    "random_saturation_order",
    "tf.image.random_saturation(x, 2.0, 1.0)",
    x=f32(2, 2, 3),
    says=("upper must be > lower.",),
)
error(
    "random_quality_order",
    "tf.image.random_jpeg_quality(x, 50, 40)",
    x=f32(2, 2, 3),
    says=("must be less than",),
)
error(
    "random_quality_range",
    "tf.image.random_jpeg_quality(x, -1, 40)",
    x=f32(2, 2, 3),
    says=("between 0 and 100",),
)

# -------------------------------------------------------------------------------------------- boxes

BOXES = [[0.0, 0.0, 1.0, 1.0], [0.1, 0.2, 0.7, 0.63], [0.8, 0.93, 0.2, 0.13], [-0.2, 0.5, 1.3, 0.5]]
for method in ["bilinear", "nearest"]:
    case(
        "crop_and_resize_" + method,
        "tf.image.crop_and_resize(x, boxes, [0, 1, 1, 0], [3, 4], method=method)",
        x=f32(2, 5, 6, 2),
        boxes=val(BOXES),
        method=method,
        rtol=1e-5,
        why="compiled, positions are rounded in other places",
        grad="x,boxes" if method == "bilinear" else "x",
    )
    case(
        "crop_and_resize_one_" + method,
        "tf.image.crop_and_resize(x, boxes, [0, 0, 0, 0], [1, 1], method)",
        x=f32(1, 5, 6, 1),
        boxes=val(BOXES),
        method=method,
    )
case(
    "crop_and_resize_outside",
    "tf.image.crop_and_resize(x, [[-1.0, -1.0, 2.0, 2.0]], [0], [4, 5], extrapolation_value=-3.5)",
    x=f32(1, 4, 4, 1),
)
case(
    "crop_and_resize_uint8",
    "tf.image.crop_and_resize(x, boxes, [0, 0, 0, 0], [2, 3])",
    x=pixels(1, 5, 6, 3),
    boxes=val(BOXES),
)
case(
    "crop_and_resize_double",
    "tf.image.crop_and_resize(x, boxes, [0, 0, 0, 0], [2, 3])",
    x=f64(1, 5, 6, 3),
    boxes=val(BOXES),
)
case(
    "crop_and_resize_none",
    "tf.image.crop_and_resize(x, boxes, indices, [2, 3])",
    x=f32(1, 5, 6, 3),
    boxes=empty(0, 4),
    indices=empty(0, dtype="int32"),
)
for label, code, words in [
    (
        "index",
        "tf.image.crop_and_resize(x, [[0.0, 0.0, 1.0, 1.0]], [1], [2, 2])",
        "values outside [0, batch_size)",
    ),
    (
        "columns",
        "tf.image.crop_and_resize(x, [[0.0, 0.0, 1.0]], [0], [2, 2])",
        "boxes must have 4 columns",
    ),
    (
        "indices",
        "tf.image.crop_and_resize(x, [[0.0, 0.0, 1.0, 1.0]], [0, 0], [2, 2])",
        "box_index has incompatible shape",
    ),
    (
        "size",
        "tf.image.crop_and_resize(x, [[0.0, 0.0, 1.0, 1.0]], [0], [2])",
        "crop_size must have two elements",
    ),
    (
        "zero",
        "tf.image.crop_and_resize(x, [[0.0, 0.0, 1.0, 1.0]], [0], [0, 2])",
        "crop dimensions must be positive",
    ),
    (
        "rank",
        "tf.image.crop_and_resize(x[0], [[0.0, 0.0, 1.0, 1.0]], [0], [2, 2])",
        "input image must be 4-D",
    ),
    (
        "method",
        "tf.image.crop_and_resize(x, [[0.0, 0.0, 1.0, 1.0]], [0], [2, 2], 'cubic')",
        "not in the list of allowed values",
    ),
]:
    error("crop_and_resize_%s_error" % label, code, x=f32(1, 3, 3, 1), says=(words,))

case(
    "draw_boxes",
    "tf.image.draw_bounding_boxes(x, boxes, None)",
    x=uniform(0, 1, 1, 12, 14, 3),
    boxes=val([BOXES]),
)
case(
    "draw_boxes_colors",
    "tf.image.draw_bounding_boxes(x, boxes, [[0.1, 0.2, 0.3, 0.4], [0.5, 0.6, 0.7, 0.8]])",
    x=uniform(0, 1, 2, 9, 8, 4),
    boxes=val([BOXES[:3], BOXES[1:]]),
)
case(
    "draw_boxes_gray",
    "tf.image.draw_bounding_boxes(x, boxes, None)",
    x=uniform(0, 1, 1, 9, 8, 1),
    boxes=val([BOXES]),
)
case(
    "draw_boxes_many",
    "tf.image.draw_bounding_boxes(x, boxes, None)",
    x=uniform(0, 1, 1, 20, 20, 3),
    boxes=uniform(0, 1, 1, 12, 4),
)
case(
    "draw_boxes_outside",
    "tf.image.draw_bounding_boxes(x, boxes, None)",
    x=uniform(0, 1, 1, 6, 6, 3),
    boxes=val(
        [
            [
                [1.2, 0.2, 1.5, 0.4],
                [0.2, -0.5, 0.6, 1.7],
                [-0.9, -0.9, -0.1, -0.1],
                [-0.1, -0.1, 0.3, 0.3],
            ]
        ]
    ),
)
error(
    "draw_boxes_rank",
    "tf.image.draw_bounding_boxes(x, [[[0.0, 0.0, 1.0, 1.0]]], None)",
    x=f32(3, 3, 3),
    says=("The rank of the images should be 4",),
)

CLOSE = [
    [0, 0, 1, 1],
    [0, 0.1, 1, 1.1],
    [0, -0.1, 1, 0.9],
    [0, 10, 1, 11],
    [0, 10.1, 1, 11.1],
    [0, 100, 1, 101],
]
SCORES = [0.9, 0.75, 0.6, 0.95, 0.5, 0.3]
for label, arguments in [
    ("three", "3"),
    ("two", "2"),
    ("many", "30"),
    ("zero", "0"),
    ("minus", "-1"),
    ("score", "10, 0.5, 0.4"),
    ("strict", "10, 0.0"),
    ("lax", "10, 1.0"),
]:
    case(
        "suppression_" + label,
        "tf.image.non_max_suppression(b, s, %s)" % arguments,
        b=val(CLOSE),
        s=val(SCORES),
    )
    case(
        "suppression_scores_" + label,
        "tf.image.non_max_suppression_with_scores(b, s, %s)" % arguments,
        b=val(CLOSE),
        s=val(SCORES),
    )
case(
    "suppression_random",
    "tf.image.non_max_suppression(b, s, 30, 0.3)",
    b=uniform(0, 1, 50, 4),
    s=uniform(0, 1, 50),
)
case(
    "suppression_ties",
    "tf.image.non_max_suppression(b, s, 30, 0.5)",
    b=ints(0, 3, 30, 4, dtype="float32"),
    s=ints(0, 3, 30, dtype="float32"),
)
case(
    "suppression_soft",
    "tf.image.non_max_suppression_with_scores(b, s, 6, 1.0, 0.0, 0.5)",
    b=val(CLOSE),
    s=val(SCORES),
)
case(
    "suppression_soft_random",
    "tf.image.non_max_suppression_with_scores(b, s, 30, 1.0, 0.1, 0.3)",
    b=uniform(0, 1, 50, 4),
    s=uniform(0, 1, 50),
)
case(
    "suppression_soft_threshold",
    "tf.image.non_max_suppression_with_scores(b, s, 30, 0.4, 0.01, 0.3)",
    b=uniform(0, 1, 50, 4),
    s=uniform(0, 1, 50),
)
case("suppression_nothing", "tf.image.non_max_suppression(b, s, 3)", b=empty(0, 4), s=empty(0))
case(
    "suppression_padded",
    "r = tf.image.non_max_suppression_padded(b, s, 5, pad_to_max_output_size=True)\nresult = (r.selected_indices, r.valid_outputs)",
    b=val(CLOSE),
    s=val(SCORES),
)
case(
    "suppression_not_padded",
    "tuple(tf.image.non_max_suppression_padded(b, s, 5))",
    b=val(CLOSE),
    s=val(SCORES),
)
case(
    "suppression_overlaps",
    "tf.image.non_max_suppression_overlaps(o, s, 4, 0.6)",
    o=uniform(0, 1, 8, 8),
    s=uniform(0, 1, 8),
)
case(
    "suppression_combined",
    "tuple(tf.image.combined_non_max_suppression(b, s, 3, 5))",
    b=uniform(-0.2, 1.2, 2, 10, 1, 4),
    s=uniform(0, 1, 2, 10, 3),
)
case(
    "suppression_combined_classes",
    "tuple(tf.image.combined_non_max_suppression(b, s, 2, 20, 0.4, 0.2, pad_per_class=True, clip_boxes=False))",
    b=uniform(-0.2, 1.2, 2, 10, 3, 4),
    s=uniform(0, 1, 2, 10, 3),
)
error(
    "suppression_columns",
    "tf.image.non_max_suppression([[0.0, 0.0, 1.0]], [1.0], 1)",
    says=("boxes must have 4 columns",),
)
error(
    "suppression_scores",
    "tf.image.non_max_suppression([[0.0, 0.0, 1.0, 1.0]], [1.0, 2.0], 1)",
    says=("scores has incompatible shape",),
)
error(
    "suppression_threshold",
    "tf.image.non_max_suppression([[0.0, 0.0, 1.0, 1.0]], [1.0], 1, 1.5)",
    says=("iou_threshold must be in [0, 1]",),
)
error(
    "suppression_square",
    "tf.image.non_max_suppression_overlaps([[1.0, 2.0]], [1.0], 1)",
    says=("overlaps must be square",),
)

# ------------------------------------------------------------------------- patches, edges, measures

for label, arguments in [
    ("valid", "[1, 2, 3, 1], [1, 1, 1, 1], [1, 1, 1, 1], 'VALID'"),
    ("same", "[1, 3, 3, 1], [1, 2, 2, 1], [1, 1, 1, 1], 'SAME'"),
    ("rates", "[1, 2, 2, 1], [1, 1, 2, 1], [1, 2, 3, 1], 'VALID'"),
    ("rates_same", "[1, 2, 3, 1], [1, 2, 3, 1], [1, 2, 2, 1], 'SAME'"),
]:
    case(
        "patches_" + label,
        "tf.image.extract_patches(x, %s)" % arguments,
        x=f32(2, 5, 7, 2),
        grad="x",
    )
error(
    "patches_rank",
    "tf.image.extract_patches(x, [1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1], 'VALID')",
    x=f32(2, 3, 3),
    says=("input must be 4-dimensional",),
)
case("sobel", "tf.image.sobel_edges(x)", x=f32(2, 4, 5, 2), grad="x")
case("gradients", "tf.image.image_gradients(x)", x=f32(2, 4, 5, 2), grad="x")
case("total_variation", "tf.image.total_variation(x)", x=f32(4, 5, 2), grad="x")
case("total_variation_batch", "tf.image.total_variation(x)", x=f32(3, 4, 5, 2), grad="x")
error(
    "gradients_rank", "tf.image.image_gradients(x)", x=f32(4, 5, 2), says=("expects a 4D tensor",)
)
error(
    "total_variation_rank",
    "tf.image.total_variation(x)",
    x=f32(4, 5),
    says=("must be either 3 or 4-dimensional",),
)
case(
    "psnr",
    "tf.image.psnr(x, y, 1.0)",
    x=uniform(0, 1, 3, 4, 5, 3),
    y=uniform(0, 1, 3, 4, 5, 3),
    grad="x,y",
)
case("psnr_uint8", "tf.image.psnr(x, y, 255)", x=pixels(4, 5, 3), y=pixels(4, 5, 3))
case("psnr_equal", "tf.image.psnr(x, x, 255)", x=pixels(4, 5, 3))
NEAR = "1 - ssim is a small difference of sums, added in another order"
case(
    "ssim",
    "tf.image.ssim(x, y, 1.0)",
    x=uniform(0, 1, 2, 13, 15, 2),
    y=uniform(0, 1, 2, 13, 15, 2),
    grad="x,y",
    rtol=5e-5,
    why=NEAR,
)
case(
    "ssim_like", "tf.image.ssim(x, x + 0.01, 1.0)", x=uniform(0, 1, 12, 12, 1), rtol=5e-5, why=NEAR
)
case(
    "ssim_uint8",
    "tf.image.ssim(x, y, 255)",
    x=pixels(14, 12, 3),
    y=pixels(14, 12, 3),
    rtol=5e-5,
    why=NEAR,
)
case(
    "ssim_options",
    "tf.image.ssim(x, y, 2.0, filter_size=5, filter_sigma=0.8, k1=0.02, k2=0.05)",
    x=f32(3, 8, 9, 1),
    y=f32(3, 8, 9, 1),
    rtol=5e-5,
    why=NEAR,
)
case(
    "ssim_broadcast",
    "tf.image.ssim(x, y, 2.0, filter_size=4)",
    x=f32(3, 1, 8, 9, 1),
    y=f32(2, 8, 9, 1),
    rtol=5e-5,
    why=NEAR,
)
case(
    "ssim_multiscale",
    "tf.image.ssim_multiscale(x, y, 1.0, filter_size=3)",
    x=uniform(0, 1, 2, 50, 51, 2),
    y=uniform(0, 1, 2, 50, 51, 2),
    rtol=5e-5,
    why=NEAR,
)
case(
    "ssim_multiscale_like",
    "tf.image.ssim_multiscale(x, x * 0.98, 1.0, power_factors=(0.5, 0.5), filter_size=7)",
    x=uniform(0, 1, 21, 19, 3),
    rtol=2e-4,
    why=NEAR,
)
error("ssim_small", "tf.image.ssim(x, x, 1.0)", x=f32(5, 12, 1), says=("11",))
error(
    "ssim_shapes",
    "tf.image.ssim(x, y, 1.0)",
    x=f32(12, 12, 1),
    y=f32(12, 13, 1),
    says=("(12, 12, 1)", "(12, 13, 1)"),
)
error(
    "psnr_shapes",
    "tf.image.psnr(x, y, 1.0)",
    x=f32(2, 3, 1),
    y=f32(1, 3, 1),
    says=("incompatible",),
)
error(
    "psnr_rank",
    "tf.image.psnr(x, x, 1.0)",
    x=f32(2, 3),
    says=("Invalid reduction dimension (-3 for input with 2 dimension(s)",),
)
error(
    "patches_too_large",
    "tf.image.extract_patches(x, [1, 9, 9, 1], [1, 1, 1, 1], [1, 1, 1, 1], 'VALID')",
    x=f32(1, 5, 5, 1),
    says=("Computed output size would be negative: -3",),
)

case(
    "suppression_combined_no_area",
    "tuple(tf.image.combined_non_max_suppression(b, s, 5, 5, clip_boxes=False))",
    b=val([[[[0, 0, 0, 0]], [[0, 0, 1, 1]], [[5, 5, 5, 6]]]]),
    s=val([[[0.9], [0.8], [0.7]]]),
)
case(
    "suppression_no_area",
    "tf.image.non_max_suppression(b, s, 5)",
    b=val([[0, 0, 0, 0], [0, 0, 1, 1], [5, 5, 5, 6]]),
    s=val([0.9, 0.8, 0.7]),
)
