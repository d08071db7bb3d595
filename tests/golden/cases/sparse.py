"""Sparse tensors."""

from golden.table import Table

table = Table("sparse")
case, error = table.case, table.error

MAKE = """
S, sp = tf.SparseTensor, tf.sparse
def parts(x): return [x.indices, x.values, x.dense_shape]
s = S([[0, 1], [2, 0]], [1., 2.], [3, 4])
mixed = S([[2, 0], [0, 1], [0, 0]], [1., 2., 3.], [3, 4])
"""


def row(name, code, **options):
    case(name, MAKE + code, **options)


def bad(name, code, says, **options):
    error(name, MAKE + code, says=(says,), **options)


row("parts", "[parts(s), s.shape.as_list(), s.dtype.name, s.get_shape().as_list(), s.consumers()]")
row("print", "str(s)")
row("int32_values", "parts(S([[0]], [1], [2]))")
row("no_values", "parts(S(tf.zeros([0, 2], tf.int64), tf.zeros([0]), [3, 4]))")
bad("counts", "S([[0, 1]], [1., 2.], [3, 4])", says="Dimensions 1 and 2 are not compatible")
bad("rank", "S([[0, 1]], [1.], [3])", says="Dimensions 2 and 1 are not compatible")
bad("indices_rank", "S([0, 1], [1., 2.], [3, 4])", says="Shape (2,) must have rank 2")
bad("values_rank", "S([[0, 1]], [[1.]], [3, 4])", says="Shape (1, 1) must have rank 1")
bad("float_indices", "S([[0.5, 1]], [1.], [3, 4])", says="to EagerTensor of dtype int64")
bad(
    "int32_indices",
    "S(tf.constant([[0, 1]]), [1.], [3, 4])",
    says="Tensor conversion requested dtype int64",
)
bad("as_tensor", "tf.convert_to_tensor(s)", says="to a Tensor")
row(
    "times",
    "[parts(s * 2.), parts(s * tf.ones([3, 4])), parts(s * [[1.], [2.], [3.]]), parts(s / 2.)]",
)
row("cast", "parts(tf.cast(s, tf.int32))")
row("is_tensor", "tf.is_tensor(s)")

row("to_dense", "[sp.to_dense(s), sp.to_dense(s, default_value=-1.), sp.to_dense(s, 1)]")
row("to_dense_text", "[sp.to_dense(S([[0]], ['a'], [2])), sp.to_dense(S([[0]], ['a'], [2]), 'x')]")
row("to_dense_unordered", "sp.to_dense(mixed, validate_indices=False)")
row("to_dense_none", "sp.to_dense(S(tf.zeros([0, 1], tf.int64), tf.zeros([0]), [3]))")
bad(
    "to_dense_order",
    "sp.to_dense(mixed)",
    says="indices[1] = [0,1] is out of order. Many sparse ops require sorted indices.",
)
bad(
    "to_dense_repeated",
    "sp.to_dense(S([[0, 1], [0, 1]], [1., 2.], [3, 4]))",
    says="indices[1] = [0,1] is repeated",
)
bad(
    "to_dense_outside",
    "sp.to_dense(S([[3, 1]], [1.], [3, 4]))",
    says="indices[0] = [3,1] is out of bounds: need 0 <= index < [3,4]",
)
bad(
    "to_dense_outside_unchecked",
    "sp.to_dense(S([[0, 4]], [1.], [3, 4]), validate_indices=False)",
    says="Indices are not valid (out of bounds).  Shape: [3,4]",
)
bad("to_dense_dense", "sp.to_dense([1, 2])", says="Input must be a SparseTensor.")
row(
    "to_dense_grad",
    """
v = tf.Variable([1., 2.])
with tf.GradientTape() as tape:
    y = sp.to_dense(S([[0, 1], [2, 0]], v, [3, 4])) * 2
tape.gradient(y, v)""",
)
row(
    "from_dense",
    "[parts(sp.from_dense([[0, 1], [2, 0]])), parts(sp.from_dense([0., float('nan'), -0.]))]",
)
bad(
    "from_dense_text",
    "sp.from_dense([['', 'a']])",
    says="Cannot convert 0 to EagerTensor of dtype string",
)
bad("from_dense_scalar", "sp.from_dense(5.)", says="Unhandled input dimensions: 0")
row("reorder", "[parts(sp.reorder(mixed)), parts(sp.reorder(S([[1], [0]], ['a', 'b'], [2])))]")
row("retain", "parts(sp.retain(s, [True, False]))")
row(
    "matmul",
    """[
    sp.sparse_dense_matmul(s, tf.ones([4, 2])), sp.sparse_dense_matmul(mixed, tf.ones([3, 2]), adjoint_a=True),
    sp.sparse_dense_matmul(s, tf.ones([2, 4]), adjoint_b=True)]""",
)
row(
    "matmul_grad",
    """
v, b = tf.Variable([1., 2.]), tf.Variable([[1., 2.], [3., 4.], [5., 6.], [7., 8.]])
with tf.GradientTape() as tape:
    y = sp.sparse_dense_matmul(S([[0, 1], [2, 0]], v, [3, 4]), b)
tape.gradient(y, [v, b])""",
)
bad(
    "matmul_sizes",
    "sp.sparse_dense_matmul(s, tf.ones([3, 4]))",
    says="Cannot multiply A and B because inner dimension does not match: 4 vs. 3.",
)

row(
    "spec",
    """
spec = tf.SparseTensorSpec([3, None], tf.float32)
[repr(spec), repr(tf.SparseTensorSpec()), spec.is_compatible_with(s), spec == tf.SparseTensorSpec([3, None]),
 repr(tf.SparseTensorSpec.from_value(s)), repr(spec.most_specific_compatible_type(tf.SparseTensorSpec([3, 4])))]""",
)

row("data_slices", "d = tf.data.Dataset.from_tensor_slices(s)\n[str(d), [parts(x) for x in d]]")
row(
    "data_batch",
    "d = tf.data.Dataset.from_tensor_slices(s).batch(2)\n[str(d), [parts(x) for x in d]]",
)
row("data_tensors", "[parts(x) for x in tf.data.Dataset.from_tensors(s)]")
row(
    "data_parse",
    """
F = tf.train.Feature
def ex(n):
    return tf.train.Example(features=tf.train.Features(feature={'x': F(int64_list=tf.train.Int64List(value=range(n)))})).SerializeToString()
d = tf.data.Dataset.from_tensor_slices([ex(1), ex(3), ex(0)]).map(
    lambda r: tf.io.parse_single_example(r, {'x': tf.io.VarLenFeature(tf.int64)}))
[str(d), [parts(x['x']) for x in d], [parts(x['x']) for x in d.batch(2)],
 [sp.to_dense(x['x']) for x in d.batch(3)]]""",
)
row(
    "serialize",
    "[tf.io.serialize_sparse(s), parts(tf.io.deserialize_many_sparse(tf.io.serialize_many_sparse(s), tf.float32))]",
)
