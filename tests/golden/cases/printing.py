"""tf.print beyond the simple cases of text.py: layout, numbers, escapes, structures, functions."""

from golden.table import Table

table = Table("printing", prints=True)


def prints(name, arguments, before=""):
    """A row that records what tf.print writes."""
    table.case(name, "%s\ntf.print(%s)\nresult = 0" % (before, arguments))


prints("summarize_matrix", "tf.reshape(tf.range(100), [10, 10]), summarize=2")
prints("summarize_cube", "tf.reshape(tf.range(60), [3, 4, 5]), summarize=1")
prints("summarize_one", "tf.zeros([7, 7]), summarize=1")
prints("summarize_zero", "tf.zeros([7]), summarize=0")
prints("summarize_none", "tf.range(9), summarize=None")
prints("four_axes", "tf.zeros([2, 2, 2, 2])")
prints("column", "tf.reshape(tf.range(8), [8, 1])")
prints("no_rows", "tf.zeros([0, 3])")
prints("no_columns", "tf.zeros([2, 0])")
prints(
    "floats", "[tf.constant(v) for v in (1e5, 1e6, 1e-5, 123456.7, 0.3, 1 / 3, -0.0, 16777216.0)]"
)
prints("doubles", "[tf.constant(v, tf.float64) for v in (0.1 + 0.2, 1e22, 1 / 3, 1e-310)]")
prints("half", "tf.constant([0.1], tf.float16)")
prints("tiny", "tf.constant([1e-45, 3e38, -2.5e-7])")
prints("small_ints", "tf.constant([-1], tf.int8), tf.constant([255], tf.uint8)")
prints("complex_and_bfloat16", "tf.constant(1 + 2j), tf.constant(2.5, tf.bfloat16)")
prints("string_alone", "tf.constant('h\\u00e9')")
prints("string_among_others", "'x:', tf.constant('hi')")
prints("string_escapes", "tf.constant([b'\\xff', b'a\\'b\"c\\n\\t'])")
prints("nested", "[tf.constant([1, 2]), {'b': 1, 'a': (tf.constant(2.5), 'c')}]")
prints("nested_matrix", "[tf.constant([[3, 4], [5, 6]])]")
prints("long_list", "[tf.constant(1)] * 30")
prints("long_python_list", "list(range(40))")
prints(
    "namedtuple",
    "P(1, tf.constant([2]))",
    "import collections\nP = collections.namedtuple('P', 'a b')",
)
prints("python_values", "None, True, 1.5, b'ab', np.float32(0.1), (), [], {}, 1 + 2j")
prints("numpy_in_list", "[np.arange(3), tf.constant(1)]")
prints("separators", "1, 2, 3, sep='', end='!\\n'")
prints("variable_in_list", "[tf.Variable([1.0])]")
prints("placeholder_text", "'{}', '%s', tf.constant([1])")
table.case(
    "in_function",
    """
@tf.function
def f(x):
    tf.print("x is", x, [x, {"a": x}])
    return x * 2.0
f(tf.constant([1.0, 2.0]))
with tf.GradientTape() as tape:
    x = tf.constant(3.0)
    tape.watch(x)
    y = f(x)
tape.gradient(y, x)
result = 0
""",
)
table.case(
    "in_branches_and_loops",
    """
@tf.function
def f(x):
    tf.cond(x > 0.0, lambda: tf.print("positive"), lambda: tf.print("negative"))
    return tf.while_loop(lambda i: i < 2, lambda i: [tf.print("i", i), i + 1][1:], [tf.constant(0)])
f(tf.constant(1.0))
f(tf.constant(-1.0))
result = 0
""",
)
table.error(
    "unknown_keyword",
    "tf.print(1, foo=2)",
    says=("Unrecognized keyword arguments for tf.print: {'foo': 2}",),
)
table.error(
    "unknown_stream",
    "tf.print(1, output_stream='foo')",
    says=("Unsupported output stream, logging level, or file.foo",),
)
