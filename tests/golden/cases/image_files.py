"""Files of images: decoding and encoding. The files stand in ``pictures/``."""

import os

from golden.table import Table, ints, uniform

table = Table("image_files")
case, error = table.case, table.error

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "pictures")


def picture(name):
    """A file's bytes."""
    with open(os.path.join(FOLDER, name), "rb") as file:
        return file.read()


def pixels(*shape):
    """An image of uint8."""
    return ints(0, 256, *shape, dtype="uint8")


JPEG = [n for n in sorted(os.listdir(FOLDER)) if n.endswith(".jpg")]
PNG = [n for n in sorted(os.listdir(FOLDER)) if n.endswith(".png")]
GIF = ["still.gif", "moving.gif"]
BMP = [n for n in sorted(os.listdir(FOLDER)) if n.endswith(".bmp")]

for name in PNG:
    stem = name[:-4]
    for channels in [0, 1, 3, 4]:
        case(
            "png_%s_%d" % (stem, channels),
            "tf.image.decode_png(data, channels=channels)",
            data=picture(name),
            channels=channels,
        )
        case(
            "png_%s_%d_uint16" % (stem, channels),
            "tf.image.decode_png(data, channels, tf.uint16)",
            data=picture(name),
            channels=channels,
        )
    case(
        "image_%s_float" % stem, "tf.image.decode_image(data, dtype=tf.float32)", data=picture(name)
    )
JPEG_WHY = (
    "the inverse cosine transform is another one, fast against exact: a few levels of 255 at most"
)
for name in JPEG:
    stem = name[:-4]
    for channels in [0, 3] if stem == "cmyk" else [0, 1, 3]:
        # Compared with a tolerance in levels: both are turned to floats first.
        case(
            "jpeg_%s_%d" % (stem, channels),
            "x = tf.image.decode_jpeg(data, channels=channels)\nresult = (x.dtype, tf.cast(x, tf.float32))",
            data=picture(name),
            channels=channels,
            rtol=0.0,
            atol=4.0,
            why=JPEG_WHY,
        )
    case(
        "jpeg_%s_exact" % stem,
        "tf.image.decode_jpeg(data, dct_method='INTEGER_ACCURATE')",
        data=picture(name),
    )
    case("jpeg_%s_shape" % stem, "tf.image.extract_jpeg_shape(data)", data=picture(name))
for ratio in [2, 4, 8]:
    case(
        "jpeg_ratio_%d" % ratio,
        "tf.image.decode_jpeg(data, ratio=ratio).shape",
        data=picture("color.jpg"),
        ratio=ratio,
    )
for name in GIF:
    case("gif_" + name[:-4], "tf.image.decode_gif(data)", data=picture(name))
    case("image_gif_" + name[:-4], "tf.image.decode_image(data)", data=picture(name))
    case(
        "image_gif_first_" + name[:-4],
        "tf.image.decode_image(data, expand_animations=False)",
        data=picture(name),
    )
for name in BMP:
    case("bmp_" + name[:-4], "tf.image.decode_bmp(data)", data=picture(name))
    case("image_bmp_" + name[:-4], "tf.image.decode_image(data)", data=picture(name))
case("any_as_png", "tf.image.decode_png(data)", data=picture("still.gif"))
case("any_as_jpeg", "tf.image.decode_jpeg(data)", data=picture("color.png"))
case("any_as_jpeg_gray", "tf.image.decode_jpeg(data, channels=1)", data=picture("color.png"))
case("any_as_gif", "tf.image.decode_gif(data)", data=picture("alpha.png"))
case("image_png", "tf.image.decode_image(data)", data=picture("color.png"))
case("image_png_gray", "tf.image.decode_image(data, channels=1)", data=picture("color.png"))
case("image_png_alpha", "tf.image.decode_image(data, channels=4)", data=picture("color.png"))
case("image_png_uint16", "tf.image.decode_image(data, dtype=tf.uint16)", data=picture("color.png"))
case("image_bmp_float", "tf.image.decode_image(data, dtype=tf.float32)", data=picture("color.bmp"))
case(
    "image_jpeg_float",
    "tf.image.decode_image(data, dtype=tf.float32)",
    data=picture("color.jpg"),
    rtol=0.0,
    atol=4.0 / 255,
    why=JPEG_WHY,
)
case(
    "is_jpeg",
    "[tf.image.is_jpeg(d) for d in data]",
    data=[picture("color.jpg"), picture("color.png"), b"a", b""],
)
case("io_names", "tf.io.decode_png(data) == tf.image.decode_png(data)", data=picture("gray.png"))
case(
    "crop_jpeg",
    "tf.cast(tf.image.decode_and_crop_jpeg(data, [3, 5, 9, 11]), tf.float32)",
    data=picture("color444.jpg"),
    rtol=0.0,
    atol=4.0,
    why=JPEG_WHY,
)

for channels in [1, 2, 3, 4]:
    # PNG keeps everything, so encoding and decoding gives the image itself.
    case(
        "encode_png_%d" % channels,
        "tf.image.decode_png(tf.image.encode_png(x))",
        x=pixels(5, 4, channels),
    )
    case(
        "encode_png_%d_uint16" % channels,
        "tf.image.decode_png(tf.image.encode_png(x), dtype=tf.uint16)",
        x=ints(0, 65536, 5, 4, channels, dtype="uint16"),
    )
case(
    "encode_png_levels",
    "[tf.image.decode_png(tf.image.encode_png(x, compression=c)) for c in (-1, 0, 9)]",
    x=pixels(5, 4, 3),
)
SMOOTH = "tf.cast(tf.image.resize(x, [16, 24]), tf.uint8)"
for channels in [1, 3]:
    for quality in [20, 75, 100]:
        case(
            "encode_jpeg_%d_%d" % (channels, quality),
            "x = %s\nresult = tf.cast(tf.image.decode_jpeg(tf.image.encode_jpeg(x, quality=quality)), tf.float32)"
            % SMOOTH,
            x=uniform(0, 255, 3, 4, channels),
            quality=quality,
            rtol=0.0,
            atol=14.0 if quality == 100 else 4.0,
            why=JPEG_WHY,
        )
        case(
            "adjust_quality_%d_%d" % (channels, quality),
            "tf.image.adjust_jpeg_quality(tf.image.resize(x, [16, 24]), quality)",
            x=uniform(0, 1, 3, 4, channels),
            quality=quality,
            rtol=0.0,
            atol=(14.0 if quality == 100 else 4.0) / 255,
            why=JPEG_WHY,
        )
case(
    "encode_jpeg_options",
    "tf.cast(tf.image.decode_jpeg(tf.image.encode_jpeg(%s, 'rgb', 90, True, True, False, 'cm', 10, 20)), tf.float32)"
    % SMOOTH,
    x=uniform(0, 255, 3, 4, 3),
    rtol=0.0,
    atol=4.0,
    why=JPEG_WHY,
)
case(
    "encode_jpeg_header",
    "[tf.image.encode_jpeg(x, density_unit=u, x_density=10, y_density=20).numpy()[:18] for u in ('in', 'cm')]",
    x=pixels(8, 8, 3),
    differs="Pillow writes densities in inches only",
)
case(
    "random_quality",
    "[tf.image.random_jpeg_quality(tf.image.resize(x, [16, 16]), 10, 90) for i in range(3)]",
    x=uniform(0, 1, 3, 4, 3),
    seed=3,
    rtol=0.0,
    atol=4.0 / 255,
    why=JPEG_WHY,
)

for op in ["jpeg", "png", "gif"]:
    error(
        "unknown_" + op,
        "tf.image.decode_%s(b'abc')" % op,
        says=("Expected image (JPEG, PNG, or GIF), got unknown format starting with 'abc'",),
    )
    error("empty_" + op, "tf.image.decode_%s(b'')" % op, says=("got empty file",))
    error(
        "vector_" + op,
        "tf.image.decode_%s([b'a', b'b'])" % op,
        says=("contents must be scalar, got shape [2]",),
    )
    error("number_" + op, "tf.image.decode_%s(3)" % op, says=("to EagerTensor of dtype string",))
error("unknown_bmp", "tf.image.decode_bmp(b'abc')", says=("Incomplete bmp content",))
error(
    "unknown_image",
    "tf.image.decode_image(b'abc')",
    says=("Unable to decode bytes as JPEG, PNG, GIF, or BMP",),
)
for name in ["color.jpg", "color.png", "still.gif", "color.bmp", "color16.png"]:
    kind = {"jpg": "jpeg"}.get(name[-3:], name[-3:])
    error(
        "cut_off_%s" % name.replace(".", "_"),
        "tf.image.decode_%s(data)" % kind,
        data=picture(name)[: len(picture(name)) // 2],
    )
error(
    "jpeg_channels",
    "tf.image.decode_jpeg(data, channels=2)",
    data=picture("color.jpg"),
    says=("channels must be 0, 1, 3, or 4, got 2",),
)
error(
    "png_channels",
    "tf.image.decode_png(data, channels=2)",
    data=picture("color.png"),
    says=("channels must be 0, 1, 3, or 4, got 2",),
)
error(
    "png_dtype",
    "tf.image.decode_png(data, dtype=tf.float32)",
    data=picture("color.png"),
    says=("float is not in the list of allowed values: uint8, uint16",),
)
error(
    "image_channels",
    "tf.image.decode_image(data, channels=2)",
    data=picture("color.png"),
    says=("channels must be in (None, 0, 1, 3, 4)",),
)
error(
    "image_jpeg_alpha",
    "tf.image.decode_image(data, channels=4)",
    data=picture("color.jpg"),
    says=("Channels must be in (None, 0, 1, 3) when decoding JPEG images",),
)
error(
    "jpeg_ratio",
    "tf.image.decode_jpeg(data, ratio=3)",
    data=picture("color.jpg"),
    says=("ratio must be 1, 2, 4, or 8, got 3",),
)
error(
    "jpeg_dct",
    "tf.image.decode_jpeg(data, dct_method='foo')",
    data=picture("color.jpg"),
    says=("dct_method must be one of",),
)
error(
    "bmp_channels",
    "tf.image.decode_bmp(data, channels=4)",
    data=picture("color.bmp"),
    says=("does not match bits per pixel from file 3",),
)
error(
    "gif_moving_as_png", "tf.image.decode_png(data)", data=picture("moving.gif"), says=("frames",)
)
error("shape_of_nothing", "tf.image.extract_jpeg_shape(b'a')", says=("Invalid JPEG data",))
error(
    "crop_jpeg_window",
    "tf.image.decode_and_crop_jpeg(data, [0, 1, 30, 2])",
    data=picture("color.jpg"),
    says=("Invalid JPEG data or crop window",),
)
error(
    "encode_jpeg_channels",
    "tf.image.encode_jpeg(x)",
    x=pixels(2, 4, 2),
    says=("image must have 1 or 3 channels, got [2,4,2]",),
)
error(
    "encode_jpeg_quality",
    "tf.image.encode_jpeg(x, quality=101)",
    x=pixels(2, 4, 3),
    says=("quality must be in [0,100], got 101",),
)
error(
    "encode_jpeg_format",
    "tf.image.encode_jpeg(x, format='foo')",
    x=pixels(2, 4, 3),
    says=('"foo" is not in the list of allowed values',),
)
error(
    "encode_jpeg_rank",
    "tf.image.encode_jpeg(x)",
    x=pixels(4, 3),
    says=("image must be 3-dimensional[4,3]",),
)
error(
    "encode_jpeg_nothing",
    "tf.image.encode_jpeg(x)",
    x=pixels(0, 4, 3),
    says=("JPEG encoding failed",),
)
error(
    "encode_png_channels",
    "tf.image.encode_png(x)",
    x=pixels(2, 2, 5),
    says=("image must have 1, 2, 3, or 4 channels, got 5",),
)
error(
    "encode_png_float",
    "tf.image.encode_png(x)",
    x=uniform(0, 1, 2, 2, 3),
    says=("float is not in the list of allowed values: uint8, uint16",),
)
error(
    "adjust_quality_high",
    "tf.image.adjust_jpeg_quality(x, 101)",
    x=uniform(0, 1, 2, 2, 3),
    says=("quality must be in [0,100], got 101",),
)
error(
    "adjust_quality_rank",
    "tf.image.adjust_jpeg_quality(x, 10)",
    x=uniform(0, 1, 2, 3),
    says=("image must be 3-dimensional[2,3]",),
)
