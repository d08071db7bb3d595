"""``tf.keras.preprocessing.image``: pictures as arrays, random changes, batches of them."""

from golden.table import Table, raw, uniform

table = Table("keras_image")
case, error = table.case, table.error

WHY = "whole arrays; SciPy's versions add the interpolated samples in different orders"
START = """
import warnings
P = tf.keras.preprocessing.image
G = P.ImageDataGenerator
"""


def quiet(code):
    """The code without the warnings about settings that override others."""
    body = "\n".join("    " + line for line in code.strip("\n").splitlines())
    return START + "with warnings.catch_warnings():\n    warnings.simplefilter('ignore')\n" + body


def warned(call):
    """The warnings that an expression gives."""
    return (
        START
        + "with warnings.catch_warnings(record=True) as caught:\n"
        + "    warnings.simplefilter('always')\n"
        + "    made = %s\n" % call
        + "result = [(w.category.__name__, str(w.message)) for w in caught]"
    )


def pictures(*shape):
    """Pictures as arrays of float64 in [0, 255]."""
    return raw(uniform(0, 255, *shape, dtype="float64"))


# -------------------------------------------------------------------------------- single functions

X = pictures(7, 6, 3)
AXES = "row_axis=0, col_axis=1, channel_axis=2"
for label, arguments in [
    ("nothing", ""),
    ("rotation", "theta=30"),
    ("shift", "tx=1.3, ty=-2.4"),
    ("shear", "shear=12"),
    ("zoom", "zx=0.7, zy=1.4"),
    ("all", "theta=-20, tx=0.5, ty=1.5, shear=8, zx=1.2, zy=0.9"),
    ("constant", "theta=45, fill_mode='constant', cval=-7.0"),
    ("reflect", "theta=45, tx=3, fill_mode='reflect'"),
    ("wrap", "theta=45, tx=3, fill_mode='wrap'"),
    ("order_0", "theta=33, order=0"),
    ("order_3", "theta=33, zx=0.8, order=3"),
    ("axes", "theta=33, row_axis=1, col_axis=2, channel_axis=0"),
]:
    code = (
        START
        + "(P.apply_affine_transform(x, %s), P.apply_affine_transform(x.astype('float32'), %s))"
    )
    case("affine_" + label, code % (arguments, arguments), x=X, rtol=1e-6, why=WHY)
case("affine_integers", START + "P.apply_affine_transform(x.astype('uint8'), theta=30)", x=X)
for name, arguments in [
    ("rotation", "40"),
    ("shift", "0.3, 0.4"),
    ("shear", "20"),
    ("zoom", "(0.6, 1.3)"),
    ("zoom", "(1, 1)"),
    ("zoom", "(1.0, 1.5)"),
]:
    label = "random_%s_%s" % (name, "".join(c for c in arguments if c.isalnum()))
    for axes, place in [
        ("last", AXES),
        ("first", "fill_mode='constant', cval=3.0, interpolation_order=0"),
    ]:
        call = "P.random_%s(x, %s, %s)" % (name, arguments, place)
        case(
            "%s_%s" % (label, axes),
            START + "np.random.seed(3)\nresult = [%s for i in range(2)]" % call,
            x=X,
            rtol=1e-6,
            why=WHY,
        )
case(
    "channel_shift",
    START
    + "(P.apply_channel_shift(x, 20.0, 2), P.apply_channel_shift(x.astype('float32'), -30.5), P.apply_channel_shift(x.astype('uint8'), 5.0, 1))",
    x=X,
)
case(
    "random_channel_shift",
    START + "np.random.seed(1)\nresult = [P.random_channel_shift(x, 50.0, 2) for i in range(3)]",
    x=X,
)
case(
    "brightness", START + "[P.apply_brightness_shift(x, b) for b in (0.0, 0.3, 1.0, 1.7, 5.0)]", x=X
)
case(
    "random_brightness",
    START + "np.random.seed(1)\nresult = [P.random_brightness(x, (0.5, 1.5)) for i in range(3)]",
    x=X,
)
error(
    "random_zoom_one",
    START + "P.random_zoom(x, (0.5,))",
    x=X,
    says=("`zoom_range` should be a tuple or list of two floats. Received: (0.5,)",),
)
error(
    "random_brightness_one",
    START + "P.random_brightness(x, (0.5,))",
    x=X,
    says=("`brightness_range should be tuple or list of two floats. Received: (0.5,)",),
)

case(
    "array_to_img",
    START
    + "[(i.mode, i.size, np.array(i)) for i in (P.array_to_img(x), P.array_to_img(x[..., :1]), P.array_to_img(x.transpose(2, 0, 1), 'channels_first'), P.array_to_img(np.concatenate([x, x[..., :1]], 2)), P.array_to_img(x, scale=False), P.array_to_img(x[..., :1] * 3, scale=False), P.array_to_img(x * 0 + 3), P.array_to_img(x, dtype='float64'))]",
    x=X,
)
case(
    "img_to_array",
    START
    + "from PIL import Image\ni = P.array_to_img(x)\nresult = (P.img_to_array(i), P.img_to_array(i, 'channels_first'), P.img_to_array(i, dtype='uint8'), P.img_to_array(i.convert('L')), P.img_to_array(i.convert('L'), 'channels_first'), P.img_to_array(x[:, :, 0]), P.img_to_array(x, dtype='float64'))",
    x=X,
)
error(
    "img_to_array_rank",
    START + "P.img_to_array(np.zeros(2))",
    says=("Unsupported image shape: (2,)",),
)
error(
    "img_to_array_format",
    START + "P.img_to_array(x, data_format='foo')",
    x=X,
    says=("Unknown data_format: foo",),
)
error(
    "array_to_img_rank",
    START + "P.array_to_img(x[0])",
    x=X,
    says=("Expected image array to have rank 3 (single image). Got array with shape: (6, 3)",),
)
error(
    "array_to_img_channels",
    START + "P.array_to_img(x[..., :2])",
    x=X,
    says=("Unsupported channel number: 2",),
)
error(
    "array_to_img_format",
    START + "P.array_to_img(x, data_format='foo')",
    x=X,
    says=("Invalid data_format: foo",),
)

# --------------------------------------------------------------------------------- the generator

error(
    "zoom_three",
    START + "G(zoom_range=[1, 2, 3])",
    says=("`zoom_range` should be a float or a tuple or list of two floats. Received: [1, 2, 3]",),
)
error(
    "brightness_number",
    START + "G(brightness_range=1)",
    says=("`brightness_range should be tuple or list of two floats. Received: 1",),
)
error(
    "format",
    START + "G(data_format='foo')",
    says=(
        '`data_format` should be `"channels_last"` (channel after row and column) or `"channels_first"` (channel before row and column). Received: foo',
    ),
)
error(
    "split_large",
    START + "G(validation_split=1.5)",
    says=("`validation_split` must be strictly between 0 and 1.  Received: 1.5",),
)
for label, arguments in [
    ("zca", "zca_whitening=True"),
    ("zca_std", "zca_whitening=True, featurewise_std_normalization=True"),
    ("std", "featurewise_std_normalization=True"),
    ("samplewise", "samplewise_std_normalization=True"),
]:
    case("warns_" + label, warned("G(%s)" % arguments))
case(
    "warns_unfitted",
    warned(
        "G(featurewise_center=True, featurewise_std_normalization=True, zca_whitening=True).standardize(x)"
    ),
    x=X,
)
case(
    "warns_channels",
    warned("(G().flow(np.stack([x] * 2)), G().fit(np.stack([x] * 2)))"),
    x=pictures(4, 3, 2),
)
case(
    "settings",
    quiet(
        "made = [G(), G(zoom_range=0.2, validation_split=0.3, data_format='channels_first'), G(zca_whitening=True, dtype='float64', zoom_range=(0.5, 2.0), brightness_range=[0.1, 2])]\nresult = [{k: v for k, v in vars(g).items() if k != 'validation_split'} for g in made]"
    ),
)

TRANSFORMS = {
    "nothing": "",
    "rotation": "rotation_range=40",
    "shift": "width_shift_range=0.3, height_shift_range=0.2",
    "shift_pixels": "width_shift_range=2.5, height_shift_range=1.0",
    "shift_int": "width_shift_range=3, height_shift_range=4",
    "shift_list": "width_shift_range=[-2, 1, 3], height_shift_range=[0.1, 0.2]",
    "shift_tuple": "width_shift_range=(1, 2), height_shift_range=0",
    "shear": "shear_range=25",
    "zoom": "zoom_range=0.4",
    "zoom_pair": "zoom_range=(0.5, 0.9)",
    "channels": "channel_shift_range=60.0",
    "flips": "horizontal_flip=True, vertical_flip=True",
    "brightness": "brightness_range=(0.3, 1.8)",
    "constant": "rotation_range=90, fill_mode='constant', cval=100.0",
    "reflect": "rotation_range=90, shear_range=20, fill_mode='reflect'",
    "wrap": "rotation_range=90, width_shift_range=0.5, fill_mode='wrap'",
    "rescale": "rescale=1.0 / 255, rotation_range=20, horizontal_flip=True",
    "samplewise": "samplewise_center=True, samplewise_std_normalization=True, zoom_range=0.2",
    "function": "preprocessing_function=lambda x: x[::-1] * 2 + 1, rescale=0.5, horizontal_flip=True",
    "double": "rotation_range=30, dtype='float64'",
    "all": "rotation_range=40, width_shift_range=0.2, height_shift_range=0.2, shear_range=20, zoom_range=0.3, channel_shift_range=20.0, brightness_range=(0.5, 1.5), horizontal_flip=True, vertical_flip=True, rescale=1.0 / 255",
    # The numbers of the notes and of the usual tutorials.
    "notes": "rescale=1.0 / 1.0, rotation_range=45, width_shift_range=0.15, height_shift_range=0.15, horizontal_flip=False, zoom_range=0.5",
    "tutorial": "rescale=1.0 / 255, rotation_range=40, width_shift_range=0.2, height_shift_range=0.2, shear_range=0.2, zoom_range=0.2, horizontal_flip=True, fill_mode='nearest'",
}
for label, arguments in TRANSFORMS.items():
    # A brightness change rounds to whole levels, and so may differ by one.
    loose = {"rtol": 1e-5, "why": WHY}
    if "brightness" in arguments:
        loose = {
            "rtol": 1e-5,
            "atol": 1.01 / (255 if "rescale" in arguments else 1),
            "why": "brightness changes round to whole levels of 255",
        }
    case(
        "parameters_" + label,
        quiet(
            "g = G(%s)\nresult = [g.get_random_transform((50, 40, 3), seed=s) for s in (None, 1, 2, 3)]"
            % arguments
        ),
    )
    case(
        "changed_" + label,
        quiet(
            "g = G(%s)\nf = g.flow(x, y, batch_size=2, seed=3)\nresult = [next(f) for i in range(3)]"
            % arguments
        ),
        x=pictures(3, 7, 6, 3),
        y=[1, 2, 3],
        **loose,
    )
for label in ["rotation", "flips", "brightness", "all"]:
    loose = {"rtol": 1e-5, "atol": 1.01, "why": "brightness changes round to whole levels of 255"}
    case(
        "random_transform_" + label,
        quiet(
            "g = G(%s)\nresult = [g.random_transform(x, seed=s) for s in range(3)]"
            % TRANSFORMS[label]
        ),
        x=X,
        **loose,
    )
case(
    "transform_first",
    quiet(
        "g = G(rotation_range=30, zoom_range=0.2, horizontal_flip=True, vertical_flip=True, channel_shift_range=9.0, data_format='channels_first')\nresult = [g.random_transform(x.transpose(2, 0, 1), seed=s) for s in range(3)]"
    ),
    x=X,
    rtol=1e-6,
    why=WHY,
)
case(
    "apply_transform",
    START
    + "g = G()\nresult = [g.apply_transform(x, p) for p in ({}, {'theta': 30, 'foo': 1}, {'flip_horizontal': True, 'tx': 1}, {'flip_vertical': 1, 'channel_shift_intensity': -40.0}, {'zx': 0.5}, {'brightness': 0.5})]",
    x=X,
    rtol=1e-6,
    why=WHY,
)
case(
    "parameters_stream",
    quiet(
        "g = G(%s)\nnp.random.seed(5)\nresult = [g.get_random_transform((9, 8, 3)) for i in range(4)]"
        % TRANSFORMS["all"]
    ),
)

STATISTICS = {
    "center": "featurewise_center=True",
    "std": "featurewise_center=True, featurewise_std_normalization=True",
    "zca": "zca_whitening=True, zca_epsilon=0.1",
    "rescale": "featurewise_center=True, featurewise_std_normalization=True, rescale=1.0 / 255",
    "double": "featurewise_std_normalization=True, dtype='float64'",
    "first": "featurewise_std_normalization=True, data_format='channels_first'",
}
for label, arguments in STATISTICS.items():
    shape = (6, 3, 4, 3) if label == "zca" else (5, 6, 4, 3)
    loose = {
        "rtol": 1e-4 if label == "zca" else 1e-5,
        "why": "sums and the SVD differ in their last bits",
    }
    code = (
        "g = G(%s)\nx = x / scale\ng.fit(x)\nresult = (g.mean, g.std, g.principal_components, g.flow(x, shuffle=False)[0])"
        % arguments
    )
    case(
        "fit_" + label,
        quiet(code),
        x=pictures(*shape),
        scale=255.0 if label == "zca" else 1.0,
        **loose,
    )
case(
    "fit_augment",
    quiet(
        "g = G(featurewise_std_normalization=True, rotation_range=30, horizontal_flip=True)\ng.fit(x, augment=True, rounds=2, seed=7)\nresult = (g.mean, g.std, np.random.rand())"
    ),
    x=pictures(4, 6, 5, 3),
    rtol=1e-5,
    why=WHY,
)
case(
    "fit_leaves_x",
    quiet(
        "g = G(featurewise_center=True)\nz = x.astype('float32')\ng.fit(z)\nresult = np.array_equal(z, x.astype('float32'))"
    ),
    x=pictures(4, 6, 5, 3),
)
case(
    "standardize",
    quiet(
        "g = G(rescale=0.5, samplewise_center=True, samplewise_std_normalization=True)\nresult = g.standardize(x.copy())"
    ),
    x=X,
    rtol=1e-10,
    why=WHY,
)
error(
    "fit_rank",
    START + "G().fit(x)",
    x=X,
    says=("Input to `.fit()` should have rank 4. Got array with shape: (7, 6, 3)",),
)
error("standardize_integers", START + "G(rescale=0.5).standardize(x.astype(int))", x=X)

# ------------------------------------------------------------------------------- batches of arrays

FIVE = pictures(5, 4, 3, 1)
case(
    "flow_order",
    START
    + "np.random.seed(0)\nf = G().flow(x, np.arange(5), batch_size=2)\nresult = [next(f)[1] for i in range(7)]",
    x=FIVE,
)
case(
    "flow_seed_order",
    START
    + "f = G().flow(x, np.arange(5), batch_size=2, seed=4)\nresult = [next(f)[1] for i in range(7)]",
    x=FIVE,
)
case(
    "flow_by_number",
    START
    + "f = G().flow(x, np.arange(5), batch_size=2, seed=4)\nresult = [f[i][1] for i in (0, 1, 2, 0)] + [len(f), f.total_batches_seen]\nf.on_epoch_end()\nresult += [f[1][1]]",
    x=FIVE,
)
case(
    "flow_in_order",
    START
    + "f = G().flow(x, np.arange(5), batch_size=2, shuffle=False)\nresult = [next(f)[1] for i in range(4)]\nf.reset()\nresult.append(next(f)[1])",
    x=FIVE,
)
case(
    "flow_as_sequence",
    START
    + "f = G().flow(x, batch_size=3, shuffle=False)\nresult = (isinstance(f, tf.keras.utils.Sequence), iter(f) is f, f.n, f.batch_size, f.white_list_formats)",
    x=FIVE,
)
case("flow_nothing", START + "f = G().flow(x[:0])\nresult = (len(f), next(f))", x=FIVE)
case("flow_images_only", START + "G().flow(x, batch_size=2, shuffle=False)[2]", x=FIVE)
case(
    "flow_weights",
    START
    + "G().flow(x, np.arange(5), sample_weight=np.arange(5) * 2.5, batch_size=3, shuffle=False)[1]",
    x=FIVE,
)
case(
    "flow_more_inputs",
    START
    + "[G().flow((x, more), np.arange(5), batch_size=3, shuffle=False)[1] for more in (np.arange(5) + 10, [np.arange(5), x])]",
    x=FIVE,
)
case(
    "flow_two_dimensional_labels",
    START + "G().flow(x, np.eye(5), batch_size=3, shuffle=False)[1]",
    x=FIVE,
)
case(
    "flow_list_labels",
    START + "G().flow(x, [[1, 2], [3, 4], [5, 6], [7, 8], [9, 0]], batch_size=3, shuffle=False)[1]",
    x=FIVE,
)
case(
    "flow_subsets",
    START
    + "g = G(validation_split=0.4)\ny = np.array([0, 1, 0, 1, 1])\nresult = [(f.n, f.x, f.y) for f in (g.flow(x, y, subset='training'), g.flow(x, y, subset='validation'))]",
    x=FIVE,
)
case(
    "flow_subset_more",
    START
    + "g = G(validation_split=0.4)\nf = g.flow((x, np.arange(5)), subset='training', shuffle=False)\nresult = f[0]",
    x=FIVE,
)
case(
    "flow_subset_weights",
    START
    + "g = G(validation_split=0.4)\nf = g.flow(x, np.array([0, 1, 0, 1, 1]), sample_weight=np.arange(5), subset='training', shuffle=False)\nresult = f[0]",
    x=FIVE,
)
case("flow_bytes", START + "G().flow((x).astype('uint8'), shuffle=False)[0]", x=FIVE)
case(
    "flow_saves",
    START
    + "import os, tempfile\nwith tempfile.TemporaryDirectory() as folder:\n    np.random.seed(1)\n    G().flow(x, batch_size=3, seed=1, save_to_dir=folder, save_prefix='p', save_format='png').next()\n    result = [(n, P.img_to_array(P.load_img(os.path.join(folder, n)))) for n in sorted(os.listdir(folder))]",
    x=FIVE,
)
case(
    "iterator",
    START
    + "i = P.Iterator(10, 3, True, 1)\nresult = [next(i.index_generator) for k in range(6)] + [len(i), i.index_array]",
)
error(
    "flow_rank",
    START + "G().flow(x[0])",
    x=FIVE,
    says=(
        "Input data in `NumpyArrayIterator` should have rank 4. You passed an array with shape",
        "(4, 3, 1)",
    ),
)
error(
    "flow_lengths",
    START + "G().flow(x, np.arange(3))",
    x=FIVE,
    says=(
        "`x` (images tensor) and `y` (labels) should have the same length. Found: x.shape = (5, 4, 3, 1), y.shape = (3,)",
    ),
)
error(
    "flow_weight_lengths",
    START + "G().flow(x, sample_weight=np.arange(3))",
    x=FIVE,
    says=(
        "`x` (images tensor) and `sample_weight` should have the same length. Found: x.shape = (5, 4, 3, 1), sample_weight.shape = (3,)",
    ),
)
error(
    "flow_other_lengths",
    START + "G().flow((x, np.arange(3)))",
    x=FIVE,
    says=(
        "All of the arrays in `x` should have the same length. Found a pair with: len(x[0]) = 5, len(x[?]) = 3",
    ),
)
error(
    "flow_subset", START + "G().flow(x, subset='foo')", x=FIVE, says=("Invalid subset name:", "foo")
)
error(
    "flow_subset_classes",
    START + "G(validation_split=0.4).flow(x, np.arange(5), subset='training')",
    x=FIVE,
    says=("Training and validation subsets have different number of classes after the split.",),
)
error(
    "flow_too_far",
    START + "G().flow(x, batch_size=2)[3]",
    x=FIVE,
    says=("Asked to retrieve element 3, but the Sequence has length 3",),
)

# -------------------------------------------------------------------------------- batches of files

FILES = """
import os, tempfile, warnings
from PIL import Image
P = tf.keras.preprocessing.image
G = P.ImageDataGenerator
temporary = tempfile.TemporaryDirectory()
root = os.path.join(temporary.name, "tree")
random = np.random.RandomState(0)
def picture(*shape):
    return Image.fromarray(random.randint(0, 256, shape).astype("uint8"))
for kind, count in (("cats", 3), ("dogs", 4), ("empty", 0)):
    os.makedirs(os.path.join(root, kind, "deep"))
    for i in range(count):
        picture(5 + i, 6, 3).save(os.path.join(root, kind, str(i) + ".PNG"))
        picture(4, 4).save(os.path.join(root, kind, "deep", "gray" + str(i) + ".bmp"))
with open(os.path.join(root, "cats", "readme.txt"), "w") as file:
    file.write("no picture")
picture(3, 3, 4).save(os.path.join(root, "loose.png"))
path = lambda *names: os.path.join(root, *names)
def shown(f):
    return {k: v for k, v in vars(f).items() if isinstance(v, (int, str, tuple, list, dict, np.ndarray, type(None))) and root not in str(v)}
try:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        %s
    said = [(w.category.__name__, str(w.message)) for w in caught if "unclosed" not in str(w.message)]
    if said:
        result = (result, said)
finally:
    temporary.cleanup()
"""


def files(name, code, **options):
    """A row about a folder of pictures."""
    case(name, FILES % code.replace("\n", "\n        "), **options)


def files_error(name, code, says):
    """A row about a folder of pictures that raises."""
    error(name, FILES % code, says=says)


files("load", "i = P.load_img(path('cats', '0.PNG')); result = (i.mode, i.size, np.array(i))")
files(
    "load_path",
    "import pathlib; result = np.array(P.load_img(pathlib.Path(path('cats', '0.PNG'))))",
)
for mode in ["grayscale", "rgb", "rgba"]:
    files(
        "load_" + mode,
        "result = [np.array(P.load_img(p, color_mode='%s')) for p in (path('cats', '0.PNG'), path('cats', 'deep', 'gray0.bmp'), path('loose.png'))]"
        % mode,
    )
for interpolation in ["nearest", "bilinear", "bicubic", "hamming", "box", "lanczos"]:
    files(
        "load_size_" + interpolation,
        "result = [np.array(P.load_img(path('dogs', '2.PNG'), target_size=s, interpolation='%s')).astype(float) for s in ((3, 4), (9, 8), (7, 6))]"
        % interpolation,
        rtol=0.0,
        atol=1.0,
        why="Pillow's versions round differently",
    )
files("load_old_gray", "result = P.load_img(path('cats', '0.PNG'), grayscale=True).mode")
files(
    "save",
    "P.save_img(path('s.png'), np.arange(12).reshape(2, 2, 3)); result = np.array(P.load_img(path('s.png')))",
)
files(
    "save_raw",
    "P.save_img(path('s.png'), np.arange(12).reshape(2, 2, 3), scale=False); result = np.array(P.load_img(path('s.png')))",
)
files(
    "save_format",
    "P.save_img(path('s.x'), np.arange(4).reshape(1, 2, 2), data_format='channels_first', file_format='bmp'); result = np.array(P.load_img(path('s.x')))",
)
files(
    "save_no_alpha",
    "P.save_img(path('s.jpg'), np.zeros((2, 2, 4)), file_format='jpeg'); result = np.array(P.load_img(path('s.jpg')))",
)
files_error(
    "load_mode",
    "P.load_img(path('cats', '0.PNG'), color_mode='foo')",
    ('color_mode must be "grayscale", "rgb", or "rgba"',),
)
files_error(
    "load_interpolation",
    "P.load_img(path('cats', '0.PNG'), target_size=(2, 2), interpolation='foo')",
    (
        "Invalid interpolation method foo specified. Supported methods are nearest, bilinear, bicubic, hamming, box, lanczos",
    ),
)
files_error(
    "load_missing", "P.load_img('/nowhere/a.png')", ("No such file or directory: '/nowhere/a.png'",)
)
files_error("load_text", "P.load_img(path('cats', 'readme.txt'))", ("cannot identify image file",))
files_error(
    "save_unknown", "P.save_img(path('s.x'), np.zeros((2, 2, 3)))", ("unknown file extension: .x",)
)

files(
    "folder",
    "f = G().flow_from_directory(root, target_size=(4, 5), batch_size=4, seed=2); result = (shown(f), [next(f) for i in range(5)])",
    prints=True,
)
files(
    "folder_by_number",
    "f = G(rescale=1.0 / 255).flow_from_directory(root, target_size=(4, 5), batch_size=4, seed=2); result = [f[i] for i in range(len(f))]",
    prints=True,
)
files(
    "folder_names",
    "f = G().flow_from_directory(root); result = (f.filenames, [os.path.relpath(p, root) for p in f.filepaths], f.labels, f.classes, f.class_indices, f.num_classes, f.samples, f.n, f.sample_weight)",
    prints=True,
)
for mode in ["categorical", "binary", "sparse", "input", None]:
    for color in ["rgb", "rgba", "grayscale"] if mode == "sparse" else ["rgb"]:
        files(
            "folder_%s_%s" % (mode, color),
            "f = G().flow_from_directory(root, (3, 4), %r, class_mode=%r, batch_size=6, shuffle=False); result = f[1]"
            % (color, mode),
            prints=True,
        )
files(
    "folder_classes",
    "f = G().flow_from_directory(root, classes=['dogs', 'cats']); result = (f.filenames, f.classes, f.class_indices)",
    prints=True,
)
files(
    "folder_one_class",
    "f = G().flow_from_directory(root, classes=['dogs']); result = (f.filenames, f.classes, f.class_indices)",
    prints=True,
)
files(
    "folder_unknown_class",
    "f = G().flow_from_directory(root, classes=['dogs', 'birds']); result = (f.filenames, f.classes, f.class_indices)",
    prints=True,
)
for subset in ["training", "validation"]:
    files(
        "folder_" + subset,
        "f = G(validation_split=0.35).flow_from_directory(root, subset=%r); result = (f.filenames, f.classes, f.split)"
        % subset,
        prints=True,
    )
files(
    "folder_no_split",
    "f = G().flow_from_directory(root, subset='training'); result = (f.n, f.split)",
    prints=True,
)
files(
    "folder_first",
    "f = G(data_format='channels_first').flow_from_directory(root, target_size=(4, 5), shuffle=False, batch_size=3); result = f[0]",
    prints=True,
)
files(
    "folder_changes",
    "f = G(%s).flow_from_directory(root, target_size=(6, 7), batch_size=4, seed=2, interpolation='bilinear'); result = [next(f) for i in range(2)]"
    % TRANSFORMS["all"],
    prints=True,
    rtol=1e-5,
    atol=4.01 / 255,
    why="Pillow's resizing and brightness round to whole levels",
)
files(
    "folder_saves",
    "os.mkdir(path('out')); f = G().flow_from_directory(path('cats'), target_size=(2, 2), batch_size=2, seed=1, save_to_dir=path('out'), save_prefix='q', save_format='png'); next(f); result = sorted(os.listdir(path('out')))",
    prints=True,
)
files(
    "folder_double",
    "f = G(dtype='float64').flow_from_directory(root, target_size=(2, 2), batch_size=2, shuffle=False); result = f[0]",
    prints=True,
)
files(
    "folder_direct",
    "f = P.DirectoryIterator(root, G(), target_size=(2, 2), batch_size=2, shuffle=False); result = (f[0], sorted(map(str, P.DirectoryIterator.allowed_class_modes)))",
    prints=True,
)
files(
    "folder_none",
    "f = G().flow_from_directory(path('empty', 'deep')); result = (f.n, len(f))",
    prints=True,
)
files(
    "folder_links",
    "os.symlink(path('dogs'), path('cats', 'link')); result = [G().flow_from_directory(root, follow_links=b).n for b in (False, True)]",
    prints=True,
)
files_error(
    "folder_class_mode",
    "G().flow_from_directory(root, class_mode='foo')",
    ("Invalid class_mode: foo; expected one of:",),
)
files_error(
    "folder_color_mode",
    "G().flow_from_directory(root, color_mode='foo')",
    ("Invalid color mode:", "foo"),
)
files_error(
    "folder_subset",
    "G().flow_from_directory(root, subset='foo')",
    ('Invalid subset name: foo;expected "training" or "validation"',),
)
files_error(
    "folder_missing",
    "G().flow_from_directory('/nowhere')",
    ("No such file or directory: '/nowhere'",),
)
files_error(
    "folder_too_far",
    "G().flow_from_directory(root, batch_size=7)[2]",
    ("Asked to retrieve element 2, but the Sequence has length 2",),
)

TABLE = """import pandas as pd; t = pd.DataFrame({"filename": ["cats/0.PNG", "cats/1.PNG", "dogs/0.PNG", "dogs/9.PNG", "dogs/2.PNG", "cats/readme.txt"], "class": ["cat", "cat", "dog", "dog", "dog", "cat"], "v": [1, 2, 3, 4, 5.5, 6], "w": [5, 6, 7, 8, 9, 10]}); several = t.assign(**{"class": [["cat"], ["cat", "dog"], ["dog"], ["dog"], ["dog", "bird"], ["cat"]]}); g = G()\n"""
OPTIONS = "target_size=(2, 3), shuffle=False"
for label, arguments in [
    ("plain", ""),
    ("binary", "class_mode='binary'"),
    ("sparse", "class_mode='sparse'"),
    ("input", "class_mode='input'"),
    ("none", "class_mode=None"),
    ("raw", "class_mode='raw', y_col='v'"),
    ("raw_two", "class_mode='raw', y_col=['v', 'w']"),
    ("other", "class_mode='other', y_col='v'"),
    ("outputs", "class_mode='multi_output', y_col=['v', 'w']"),
    ("weights", "weight_col='w'"),
    ("classes", "classes=['dog']"),
    ("classes_order", "classes=['dog', 'cat']"),
    ("old", "has_ext=True, sort=True, drop_duplicates=True, foo=1"),
    ("first_batch", "batch_size=3"),
]:
    files(
        "table_" + label,
        TABLE
        + "f = g.flow_from_dataframe(t, root, %s, %s)\nresult = (shown(f), f.labels if 'class_mode=None' not in %r and 'input' not in %r else None, f[0])"
        % (OPTIONS, arguments, arguments, arguments),
        prints=True,
    )
files(
    "table_several",
    TABLE
    + "f = g.flow_from_dataframe(several, root, %s)\nresult = (f.labels, f.class_indices, f[0])"
    % OPTIONS,
    prints=True,
)
files(
    "table_several_classes",
    TABLE
    + "f = g.flow_from_dataframe(several, root, classes=['dog', 'bird'], %s)\nresult = (f.labels, f.class_indices, f.filenames, f[0])"
    % OPTIONS,
    prints=True,
)
files(
    "table_unchecked",
    TABLE
    + "f = g.flow_from_dataframe(t, root, validate_filenames=False)\nresult = (f.n, f.filenames)",
    prints=True,
)
files(
    "table_whole_paths",
    TABLE
    + "t['filename'] = [path(n) for n in t['filename']]\nf = g.flow_from_dataframe(t, %s)\nresult = (f.n, f[0])"
    % OPTIONS,
    prints=True,
)
files(
    "table_random",
    TABLE
    + "f = G(rotation_range=30, horizontal_flip=True).flow_from_dataframe(t, root, target_size=(4, 5), seed=3, batch_size=3)\nresult = [next(f) for i in range(3)]",
    prints=True,
    rtol=1e-5,
    why=WHY,
)
for subset in ["training", "validation"]:
    files(
        "table_" + subset,
        TABLE
        + "f = G(validation_split=0.4).flow_from_dataframe(t, root, subset=%r)\nresult = (f.n, f.filenames, f.classes, f.class_indices)"
        % subset,
        prints=True,
    )
for label, arguments, words in [
    ("class_mode", "class_mode='foo'", "Invalid class_mode: foo; expected one of:"),
    (
        "numbers",
        "class_mode='sparse', y_col='v'",
        'If class_mode="sparse", y_col="v" column values must be strings.',
    ),
    (
        "numbers_categorical",
        "y_col='v'",
        'If class_mode="categorical", y_col="v" column values must be type string, list or tuple.',
    ),
    ("names", "x_col='v'", "All values in column x_col=v must be strings."),
    ("weights", "weight_col='class'", "Column weight_col=class must be numeric."),
    (
        "two",
        "class_mode='binary', classes=['dog']",
        'If class_mode="binary" there must be 2 classes. 1 class/es were given.',
    ),
    (
        "three",
        "class_mode='binary', y_col='filename'",
        'If class_mode="binary" there must be 2 classes. Found 6 classes.',
    ),
    (
        "no_list",
        "class_mode='multi_output', y_col='v'",
        'If class_mode="multi_output", y_col must be a list.',
    ),
    ("missing", "x_col='foo'", "foo"),
    ("missing_y", "y_col='foo'", "foo"),
]:
    error(
        "table_%s_error" % label,
        FILES
        % (TABLE + "g.flow_from_dataframe(t, root, %s)" % arguments).replace("\n", "\n        "),
        says=(words,),
    )
