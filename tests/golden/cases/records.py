"""Records: tf.train.Example, parsing, tensors as strings, decoding."""

from golden.table import Table

table = Table("records")
case, error = table.case, table.error

MAKE = """
train, io = tf.train, tf.io
def ints(*v): return train.Feature(int64_list=train.Int64List(value=v))
def floats(*v): return train.Feature(float_list=train.FloatList(value=v))
def texts(*v): return train.Feature(bytes_list=train.BytesList(value=v))
def example(**f): return train.Example(features=train.Features(feature=f))
def record(**f): return example(**f).SerializeToString()
def parts(x):
    if isinstance(x, (tuple, list)): return [parts(v) for v in x]
    if isinstance(x, dict): return [[k, parts(x[k])] for k in x]
    if isinstance(x, tf.SparseTensor): return [x.indices, x.values, x.dense_shape]
    return x
fixed, var, seq = io.FixedLenFeature, io.VarLenFeature, io.FixedLenSequenceFeature
A = record(a=ints(1, -2), b=floats(.5, 1 / 3), c=texts(b'x\\xff\\0', b''))
B = record(a=ints(9), c=texts(b'q'))
I = record(i=ints(3, 1), j=ints(0, 2), v=floats(.5, .25))
def steps(*f): return train.FeatureList(feature=f)
def sequence(context, **lists):
    return train.SequenceExample(context=train.Features(feature=context),
        feature_lists=train.FeatureLists(feature_list=lists)).SerializeToString()
S = sequence({'len': ints(2)}, t=steps(ints(1, 2), ints(3, 4)), v=steps(texts(b'a'), texts(b'b', b'c')))
T = sequence({'len': ints(1)}, t=steps(ints(5, 6)), v=steps(texts()))
"""


def row(name, code, **options):
    case(name, MAKE + code, **options)


def bad(name, code, says, **options):
    error(name, MAKE + code, says=(says,), **options)


# ---- messages as text

row(
    "text_example",
    "[str(example(b=floats(.1, 1/3, 1e10), a=ints(1, -2), c=texts(b'\"\\n\\xe9\\'')))]",
)
row("text_empty", "[str(example()), str(train.Feature()), repr(ints())]")
row(
    "text_numbers",
    "[str(floats(1e-10, 1.5e30, float('nan'), float('inf'), -0.0, 1.1, 1e16, 3.4e38))]",
)
row("text_keys", "[str(train.Features(feature={u'\\xe9': ints(), 'b': ints(), 'B': texts()}))]")
row("text_sequence", "[str(train.SequenceExample.FromString(S))]")
row("bytes", "[train.Example.FromString(A).SerializeToString(deterministic=True), len(A), len(S)]")
row(
    "which",
    "[ints(1).WhichOneof('kind'), train.Feature().WhichOneof('kind'), texts(b'a').HasField('bytes_list')]",
)
row(
    "map",
    "e = example(); e.features.feature['x'].int64_list.value.extend([3, 4])\n"
    "[list(e.features.feature), list(e.features.feature['x'].int64_list.value), 'q' in e.features.feature]",
)
bad("text_in_bytes", "texts('x')", says="bytes")
bad("float_in_ints", "ints(1.5)", says="float")

# ---- parse_single_example

SINGLE = {
    "fixed": "{'a': fixed([2], tf.int64), 'b': fixed([1, 2], tf.float32), 'c': fixed([2], tf.string)}",
    "varlen": "{'a': var(tf.int64), 'b': var(tf.float32), 'c': var(tf.string), 'z': var(tf.int64)}",
    "default": "{'z': fixed([], tf.int64, 7), 'y': fixed([2], tf.string, ['u', 'v']), 'x': fixed([1], tf.float32, 0.5)}",
    "sequence": "{'a': seq([], tf.int64, True), 'b': seq([1], tf.float32, True), 'q': seq([3], tf.float32, True)}",
    "mixed": "{'a': fixed([2], tf.int64), 'c': var(tf.string), 'b': seq([], tf.float32, True)}",
    "shape_list": "{'a': fixed(shape=(2,), dtype=tf.int64)}",
}
for name, features in SINGLE.items():
    row("single_" + name, "parts(io.parse_single_example(A, %s))" % features)
row(
    "single_sparse",
    "parts(io.parse_single_example(I, {'s': io.SparseFeature('i', 'v', tf.float32, 10)}))",
)
row(
    "single_sparse_sorted",
    "parts(io.parse_single_example(I, {'s': io.SparseFeature('i', 'v', tf.float32, 10, True)}))",
)

WRONG = {
    "missing": (
        "{'z': fixed([], tf.int64)}",
        "Feature: z (data type: int64) is required but could not be found.",
    ),
    "count": ("{'a': fixed([], tf.int64)}", "Key: a.  Can't parse serialized Example."),
    "type": (
        "{'a': fixed([2], tf.float32)}",
        "Key: a.  Data types don't match. Data type: int64 but expected type: float",
    ),
    "dtype": (
        "{'a': fixed([2], tf.int32)}",
        "not in the list of allowed values: float, int64, string",
    ),
    "unknown": (
        "{'a': fixed([None], tf.int64)}",
        "First dimension of shape for feature a unknown.",
    ),
    "none": ("{}", "Missing features."),
    "strict": ("{'a': seq([], tf.int64)}", "requires allow_missing to be True"),
    "kind": ("{'a': 5}", "Unsupported int 5"),
    "default": (
        "{'z': fixed([2], tf.int64, 7)}",
        "Input to reshape is a tensor with 1 values, but the requested shape has 2",
    ),
    "varlen_type": ("{'a': var(tf.float32)}", "Key: a.  Data types don't match."),
}
for name, (features, says) in WRONG.items():
    bad("single_bad_" + name, "io.parse_single_example(A, %s)" % features, says=says)
bad(
    "single_vector",
    "io.parse_single_example([A], {'a': fixed([2], tf.int64)})",
    says="must be a scalar",
)

# ---- parse_example

BATCH = {
    "mixed": "{'a': var(tf.int64), 'b': fixed([2], tf.float32, [0., 1.]), 'c': seq([], tf.string, True)}",
    "padding": "{'a': seq([], tf.int64, True, -1), 'c': seq([1], tf.string, True, 'pad')}",
    "missing": "{'z': var(tf.string)}",
}
for name, features in BATCH.items():
    row("batch_" + name, "parts(io.parse_example([A, B], %s))" % features)
row("batch_scalar", "parts(io.parse_example(A, {'a': var(tf.int64)}))")
row(
    "batch_empty",
    "parts(io.parse_example(tf.zeros([0], tf.string), {'a': var(tf.int64), 'b': fixed([2], tf.float32)}))",
)
row(
    "batch_sparse",
    "parts(io.parse_example([I, I], {'s': io.SparseFeature('i', 'v', tf.float32, 10)}))",
)
row(
    "batch_sparse_2d",
    "parts(io.parse_example([I, I], {'s': io.SparseFeature(['i', 'j'], 'v', tf.float32, [10, 4])}))",
)
bad(
    "batch_count",
    "io.parse_example([A, B], {'a': fixed([2], tf.int64)})",
    says="Name: <unknown>, Key: a, Index: 1.  Number of int64 values != expected.  Values size: 1 but output shape: [2]",
)
bad(
    "batch_required",
    "io.parse_example([A, B], {'b': fixed([2], tf.float32)}, ['e1', 'e2'])",
    says="Name: e2, Feature: b (data type: float) is required",
)
bad(
    "batch_stride",
    "io.parse_example([A, B], {'a': seq([2], tf.int64, True)})",
    says="is not a multiple of stride length. Saw 1 values but output shape is: [?,2]",
)
bad(
    "batch_matrix",
    "io.parse_example([[A]], {'a': fixed([2], tf.int64)})",
    says="Expected serialized to be a scalar or vector, got shape: [1,1]",
)

# ---- sequences

LISTS = "{'len': fixed([], tf.int64)}, {'t': seq([2], tf.int64), 'v': var(tf.string)}"
row("sequence_single", "parts(io.parse_single_sequence_example(S, %s))" % LISTS)
row("sequence_varlen_context", "parts(io.parse_single_sequence_example(S, {'len': var(tf.int64)}))")
row(
    "sequence_missing",
    "parts(io.parse_single_sequence_example(S, None, {'z': seq([2], tf.int64, True), 'y': var(tf.float32)}))",
)
row("sequence_batch", "parts(io.parse_sequence_example([S, T], %s))" % LISTS)
bad(
    "sequence_required",
    "io.parse_single_sequence_example(S, None, {'z': seq([2], tf.int64)})",
    says="Feature list 'z' is required but could not be found.",
)
bad(
    "sequence_count",
    "io.parse_single_sequence_example(S, None, {'t': seq([], tf.int64)})",
    says="Key: t, Index: 0.  Number of values != expected.  values size: 2 but output shape: []",
)
bad("sequence_nothing", "io.parse_single_sequence_example(S)", says="Missing features.")

# ---- tensors as strings

TENSORS = {
    "f32": "[[1., 2.]]", "text": "['a', 'bc']", "bool": "True", "complex": "[1+2j]", "empty": "tf.zeros([0, 2], tf.int64)",
    "f16": "tf.cast([1.5], tf.float16)", "u8": "tf.constant(3, tf.uint8)", "i16": "tf.constant([1, 2], tf.int16)",
    "f64": "tf.constant(0.1, tf.float64)",
}  # fmt: skip
for name, value in TENSORS.items():
    row(
        "serialize_" + name,
        "x = tf.constant(%s)\n[io.serialize_tensor(x), io.parse_tensor(io.serialize_tensor(x), x.dtype)]"
        % value,
    )
    row(
        "proto_" + name,
        "p = tf.make_tensor_proto(tf.constant(%s).numpy())\n[str(p), tf.make_ndarray(p)]" % value,
    )
row(
    "proto_fill",
    "str(tf.make_tensor_proto(2.5, shape=[3], allow_broadcast=True))",
    differs="the message has all three values, TF's one",
)
bad(
    "parse_tensor_damaged",
    "io.parse_tensor(b'xxx', tf.float32)",
    says="Could not parse `serialized` as TensorProto: 'xxx'",
)
bad(
    "parse_tensor_dtype",
    "io.parse_tensor(io.serialize_tensor(1.), tf.int32)",
    says="Type mismatch between parsed tensor (float) and dtype (int32)",
)
bad(
    "parse_tensor_vector",
    "io.parse_tensor([b'x', b'y'], tf.int32)",
    says="Expected `serialized` to be a scalar, got shape: [2]",
)

# ---- decoding

row("raw_i16", "io.decode_raw([b'\\1\\0\\2\\0', b'\\3\\0\\4\\0'], tf.int16)")
row("raw_big_endian", "io.decode_raw(b'\\1\\0\\2\\0', tf.int16, little_endian=False)")
row("raw_padded", "[io.decode_raw(b'\\1\\0\\2\\0', tf.uint8, fixed_length=n) for n in (2, 6)]")
row("raw_bool", "io.decode_raw(b'\\1\\0', tf.bool)")
row("raw_f32", "io.decode_raw([[b'\\0\\0\\x80\\x3f']], tf.float32)")
row("raw_empty", "io.decode_raw(tf.zeros([0], tf.string), tf.float32)")
bad(
    "raw_length",
    "io.decode_raw(b'\\1\\0\\2', tf.int16)",
    says="has length 3 that is not a multiple of 2, the size of int16",
)
bad(
    "raw_lengths",
    "io.decode_raw([b'\\1', b'\\1\\2'], tf.uint8)",
    says="to all be the same size, but element 1 has size 1 != 2",
)
bad(
    "raw_fixed",
    "io.decode_raw(b'\\1\\0\\2\\0', tf.float32, fixed_length=3)",
    says="fixed_length (3) must be a multiple of the size of out_type (4)",
)
bad("raw_string", "io.decode_raw('a', tf.string)", says="Could not find valid device for node.")
row(
    "base64",
    "[io.encode_base64(['hello\\xff', '']), io.encode_base64(['hello', ''], pad=True), io.decode_base64('aGVsbG8'), io.decode_base64('aGVsbG8=')]",
)
bad("base64_bad", "io.decode_base64('***')", says="Invalid character found in base64.")
row(
    "compressed",
    "import zlib, gzip\n[io.decode_compressed(zlib.compress(b'abc'), 'ZLIB'), io.decode_compressed([gzip.compress(b'abc')], 'GZIP'), io.decode_compressed('abc')]",
)
bad("compressed_bad", "io.decode_compressed('abc', 'ZLIB')", says="incorrect header check")
bad(
    "compressed_kind",
    "io.decode_compressed('abc', 'FOO')",
    says="Only ZLIB, GZIP or NONE are supported",
)

# ---- options

row(
    "options",
    "[io.TFRecordOptions.get_compression_type_string(o) for o in (None, '', 'GZIP', 1, 2, io.TFRecordOptions('ZLIB'))]",
)
bad("options_bad", "io.TFRecordOptions('BAD')", says='Not a valid compression_type: "BAD"')
