"""tf.keras.datasets, on small files of the originals' formats, and tf.keras.utils.get_file."""

from golden.table import Table

table = Table("keras_datasets")

# A home folder with small files. TensorFlow accepts the originals only, by their hash.
HOME = """
import contextlib, hashlib, io, json, os, pickle, re, shutil, sys, tarfile, tempfile, time, zipfile
try:
    from tensorflow.python.keras.utils import data_utils
except ImportError:
    data_utils = None
home = tempfile.mkdtemp()
folder = os.path.join(home, ".keras", "datasets")
os.makedirs(folder)
made = np.random.RandomState(5)
def there(*names):
    return os.path.join(folder, *names)
def ragged(lists):
    array = np.empty(len(lists), object)
    array[:] = lists
    return array
def texts(count, longest=30):
    return ragged([made.randint(1, 60, made.randint(3, longest)).tolist() for _ in range(count)])
def images(count):
    return made.randint(0, 256, (count, 28, 28)).astype("uint8")
def cifar(name, count):
    with open(there("cifar-100-python", name), "wb") as file:
        pickle.dump({
            b"data": made.randint(0, 256, (count, 3072)).astype("uint8"), b"filenames": [b"a"] * count,
            b"fine_labels": made.randint(0, 100, count).tolist(), b"coarse_labels": made.randint(0, 20, count).tolist(),
        }, file, 2)
before = {name: os.environ.get(name) for name in ["HOME", "KERAS_HOME"]}
validate = data_utils and data_utils.validate_file
try:
    os.environ["HOME"], os.environ["KERAS_HOME"] = home, os.path.join(home, ".keras")
    np.savez(there("mnist.npz"), x_train=images(6), y_train=np.arange(6, dtype="uint8"), x_test=images(4), y_test=np.arange(4, dtype="uint8"))
    np.savez(there("imdb.npz"), x_train=texts(20), y_train=made.randint(0, 2, 20), x_test=texts(15), y_test=made.randint(0, 2, 15))
    np.savez(there("flat.npz"), x_train=ragged([[1, 2], [3, 4]]), y_train=np.array([0, 1]), x_test=ragged([[5, 6]]), y_test=np.array([1]))
    np.savez(there("reuters.npz"), x=texts(30), y=made.randint(0, 46, 30))
    np.savez(there("boston_housing.npz"), x=made.rand(21, 13), y=50 * made.rand(21))
    for name, words in [("imdb", {"the": 1, "und": 2}), ("reuters", {"the": 1, "oil": 2})]:
        with open(there(name + "_word_index.json"), "w") as file:
            json.dump(words, file)
    os.makedirs(there("cifar-100-python"))
    cifar("train", 30)
    cifar("test", 20)
    open(there("cifar-100-python.tar.gz"), "w").close()
    if data_utils and %s:
        data_utils.validate_file = lambda *args, **kwargs: True
    with contextlib.redirect_stderr(io.StringIO()):
%s
finally:
    if data_utils:
        data_utils.validate_file = validate
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    shutil.rmtree(home)
result
"""


def row(name, code, any_hash=True):
    """A row that runs in a home folder with small data sets."""
    lines = "\n".join("        " + line for line in code.strip("\n").split("\n"))
    table.case(name, HOME % (any_hash, lines))


D = "tf.keras.datasets."
PLAIN = """
(x, y), (tx, ty) = %s
result = [a.tolist() if a.dtype == object else a for a in (x, y, tx, ty)] + [str(a.dtype) for a in (x, y, tx, ty)]
"""
AFTERWARDS = "np.random.seed(77)\n%s\nresult.append(np.random.rand())"
for call in [
    "mnist.load_data()",
    "mnist.load_data(path='mnist.npz')",
    "mnist.load_data(there('mnist.npz'))",
]:
    row(call, PLAIN % (D + call) + "result = [a.sum() if np.ndim(a) > 2 else a for a in result]")
for call in [
    "cifar100.load_data()",
    "cifar100.load_data('coarse')",
    "cifar100.load_data(label_mode='fine')",
]:
    row(
        call,
        PLAIN % (D + call)
        + "result[0::2] = [result[0][::9, ::9, ::9], result[2][::9, ::9, ::9], result[4], result[6]]",
    )
row(
    "cifar100_channels_first",
    "tf.keras.backend.set_image_data_format('channels_first')\n"
    + PLAIN % (D + "cifar100.load_data()")
    + "tf.keras.backend.set_image_data_format('channels_last')\nresult = [x[::9, :, ::9, ::9], tx[::9, :, ::9, ::9], x.shape]",
)
for options in [
    "", "num_words=20", "skip_top=5", "maxlen=10", "start_char=None", "oov_char=None, num_words=10", "index_from=0",
    "seed=3", "start_char=None, index_from=5", "nb_words=4", "num_words=30, skip_top=4, oov_char=0, maxlen=20",
    "start_char=None, index_from=None", "num_words=1000",
]:  # fmt: skip
    for name in ["imdb", "reuters"]:
        call = "%s.load_data(%s)" % (name, options)
        row(call, AFTERWARDS % (PLAIN % (D + call)))
row("imdb_flat", PLAIN % (D + "imdb.load_data('flat.npz')"))
row("imdb_positions", PLAIN % (D + "imdb.load_data('imdb.npz', 20, 3, None, 7, 1, 2, 3)"))
for options in ["test_split=0.0", "test_split=0.5", "test_split=0.99", "seed=1, maxlen=15"]:
    row("reuters_" + options, PLAIN % (D + "reuters.load_data(%s)" % options))
for options in ["", "test_split=0.5", "test_split=0", "seed=1", "'boston_housing.npz', 0.3, 9"]:
    call = "boston_housing.load_data(%s)" % options
    row(call, AFTERWARDS % (PLAIN % (D + call)))
row("word_indices", "result = [%simdb.get_word_index(), %sreuters.get_word_index()]" % (D, D))
for call, word in [
    ("cifar100.load_data('all')", '`label_mode` must be one of `"fine"`, `"coarse"`.'),
    ("imdb.load_data(words=3)", "Unrecognized keyword arguments: {'words': 3}"),
    ("reuters.load_data(words=3)", "Unrecognized keyword arguments: {'words': 3}"),
    ("boston_housing.load_data(test_split=1)", ""),
    ("boston_housing.load_data(test_split=-0.1)", ""),
]:
    table.error("error_" + call, D + call, says=(word,))
row("imdb_too_long", "result = attempt(tf.keras.datasets.imdb.load_data, maxlen=2)")
row("reuters_too_long", "result = attempt(tf.keras.datasets.reuters.load_data, maxlen=2)")
row("imdb_no_index", "result = attempt(tf.keras.datasets.imdb.load_data, index_from=None)")

# ------------------------------------------------------------------------------------ get_file

FILES = """
source = os.path.join(home, "source")
os.makedirs(os.path.join(source, "inner", "deep"))
for name, size in [("five", 5), ("empty", 0), ("block", 8192), ("large", 100000)]:
    with open(os.path.join(source, name), "wb") as file:
        file.write(b"z" * size)
with open(os.path.join(source, "inner", "deep", "leaf"), "w") as file:
    file.write("hello")
for ending, mode in [(".tar", "w"), (".tar.gz", "w:gz"), (".tar.bz2", "w:bz2")]:
    with tarfile.open(os.path.join(source, "inner" + ending), mode) as archive:
        archive.add(os.path.join(source, "inner"), "inner")
with zipfile.ZipFile(os.path.join(source, "inner.zip"), "w") as archive:
    archive.write(os.path.join(source, "inner", "deep", "leaf"), "inner/deep/leaf")
md5, sha256 = hashlib.md5(b"zzzzz").hexdigest(), hashlib.sha256(b"zzzzz").hexdigest()
origin = "file://" + source + "/"
out, real = io.StringIO(), time.time
time.time = lambda: 1000.0
found = []
with contextlib.redirect_stdout(out):
    for arguments in [%s]:
        found.append(tf.keras.utils.get_file(*arguments[0], **arguments[1]).replace(home, "HOME"))
time.time = real
made = sorted(os.path.relpath(os.path.join(place, name), home) for place, _, names in os.walk(home) for name in names)
made = [name for name in made if name.startswith(".keras") and "datasets" not in name and name != ".keras/keras.json"]
text = out.getvalue().replace(home, "HOME")
if "inner" in text:  # the sizes of compressed archives differ between versions of Python
    text = re.sub("/[0-9]+ .=+.", "/...", text)
text = re.sub("={40,}", lambda found: "%%d times =" %% len(found.group()), text)
result = [found, text, made]
"""


def file(name, *calls):
    """A row: what get_file returns, prints and leaves, for these arguments, one call each."""
    arguments = ", ".join("(lambda *a, **k: (a, k))(%s, cache_subdir='x')" % call for call in calls)
    row(name, FILES % arguments, any_hash=False)


for name in ["five", "empty", "block", "large"]:
    file("file_" + name, "%r, origin + %r" % (name, name))
file("file_again", *["'five', origin + 'five'"] * 2)
file("file_other_name", "'other', origin + 'five'")
file("file_absolute", "home + '/other', origin + 'five'")
for hash_arguments in [
    "md5_hash=md5", "file_hash=md5", "file_hash=sha256", "file_hash=sha256, hash_algorithm='sha256'",
    "file_hash=md5, hash_algorithm='md5'", "file_hash=md5, hash_algorithm='other'",
]:  # fmt: skip
    call = "'five', origin + 'five', " + hash_arguments
    file("file_" + hash_arguments, call, call)
file("file_outdated", "'five', origin + 'block'", "'five', origin + 'five', file_hash=md5")
file(
    "file_outdated_sha256", "'five', origin + 'block'", "'five', origin + 'five', file_hash=sha256"
)
file("file_untar", *["'inner', origin + 'inner.tar.gz', untar=True"] * 2)
for ending in [".tar", ".tar.gz", ".tar.bz2", ".zip"]:
    for options in [
        "extract=True",
        "extract=True, archive_format='tar'",
        "extract=True, archive_format='zip'",
        "extract=True, archive_format=None",
        "extract=False",
        "extract=True, archive_format=['zip', 'tar']",
    ]:
        file(
            "file_%s_%s" % (ending, options),
            *["'inner%s', origin + 'inner%s', %s" % (ending, ending, options)] * 2,
        )
file("file_no_archive", "'five', origin + 'five', extract=True")
