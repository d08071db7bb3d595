"""Loops, branches, folds and lists of tensors: eagerly, compiled, with gradients, with open shapes."""

from golden.table import Table, f32, val

table = Table("loops", rtol=1e-5, why="sums in another order")
case, error = table.case, table.error

EVERYWHERE = """
def f(x, n):
{body}

def run(call):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = call(x, n)
    flat = tf.nest.flatten(y)
    floats = [v for v in flat if v.dtype.is_floating]
    return [flat, tape.gradient(floats, x) if floats else None]

open_shapes = [tf.TensorSpec([None] * len(x.shape), x.dtype), tf.TensorSpec([], tf.int32)]
calls = [f, tf.function(f), tf.function(f, autograph=False), tf.function(f, input_signature=open_shapes)]
[run(call) for call in calls]
"""
X = f32(4, 3)
N = val(3, "int32")
PROGRAMS = {
    "while_loop": "return tf.while_loop(lambda i, a: i < n, lambda i, a: (i + 1, a * x + a), [0, x])",
    "while_one": "return tf.while_loop(lambda a: tf.reduce_sum(a * a) < 100.0, lambda a: [a * 2.0], [x])",
    "while_nested": "return tf.while_loop(lambda i, s: i < n, lambda i, s: (i + 1, (s[1], s[0] * x)), [0, (x, 2.0 * x)])",
    "while_dict": "return tf.while_loop(lambda i, d: i < n, lambda i, d: (i + 1, {'a': d['a'] + 1.0, 'b': d['a'] * x}), [0, {'a': x, 'b': x}])[1]['b']",
    "while_maximum": "return tf.while_loop(lambda a: True, lambda a: [a * x], [x], maximum_iterations=2)",
    "while_maximum_tensor": "return tf.while_loop(lambda a: tf.constant(True), lambda a: [a * x], [x], maximum_iterations=n)",
    "while_never": "return tf.while_loop(lambda i, a: i > n + 5, lambda i, a: (i + 1, a * x), [0, x])",
    "while_in_while": "return tf.while_loop(lambda i, a: i < n, lambda i, a: (i + 1, tf.while_loop(lambda j, b: j < i, lambda j, b: (j + 1, b * x), [0, a])[1]), [0, x])",
    "while_grows": "return tf.while_loop(lambda i, a: i < n, lambda i, a: (i + 1, tf.concat([a, x[:1]], 0)), [0, x], shape_invariants=[tf.TensorShape([]), tf.TensorShape([None, 3])])",
    "while_array": "return tf.while_loop(lambda i, a: i < n, lambda i, a: (i + 1, a.write(i, x[i] * 2.0)), [0, tf.TensorArray(tf.float32, 3)])[1].stack()",
    "while_array_dynamic": "return tf.while_loop(lambda i, a: i < n, lambda i, a: (i + 1, a.write(i, x[i] * 2.0)), [0, tf.TensorArray(tf.float32, 0, dynamic_size=True)])[1].stack()",
    "while_array_read": "t = tf.TensorArray(tf.float32, 4).unstack(x)\nreturn tf.while_loop(lambda i, a: i < n, lambda i, a: (i + 1, a + t.read(i)), [0, tf.zeros([3])])",
    "cond": "return tf.cond(tf.reduce_sum(x) > 0.0, lambda: x * x, lambda: -x)",
    "cond_number": "return tf.cond(n > 2, lambda: (x, n), lambda: (2.0 * x, n + 1))",
    "cond_in_cond": "return tf.cond(n > 2, lambda: tf.cond(n > 3, lambda: x, lambda: x * x), lambda: -x)",
    "cond_in_while": "return tf.while_loop(lambda i, a: i < 4, lambda i, a: (i + 1, tf.cond(i < n, lambda: a * x, lambda: a + x)), [0, x])",
    "case": "return tf.case([(n < 2, lambda: x), (n < 4, lambda: x * x)], default=lambda: -x)",
    "case_exclusive": "return tf.case([(n > 2, lambda: x), (n < 2, lambda: x * x)], exclusive=True)",
    "case_default": "return tf.case([(n > 7, lambda: x)], default=lambda: x * x * x)",
    "switch_case": "return tf.switch_case(n - 2, [lambda: x, lambda: x * x, lambda: -x])",
    "switch_case_default": "return tf.switch_case(n, {0: lambda: x, 1: lambda: x * x}, default=lambda: x * x * x)",
    "switch_case_negative": "return tf.switch_case(n - 9, [lambda: x, lambda: x * x])",
    "map": "return tf.map_fn(lambda r: r * r + x[0], x)",
    "map_dtype": "return tf.map_fn(lambda r: (tf.reduce_sum(r * r), tf.argmax(r)), x, dtype=(tf.float32, tf.int64))",
    "map_pair": "return tf.map_fn(lambda r: r[0] * r[1], (x, 2.0 * x), dtype=tf.float32)",
    "map_dict": "return tf.map_fn(lambda r: {'y': r['a'] + r['b']}, {'a': x, 'b': x * x}, dtype={'y': tf.float32})['y']",
    "map_in_map": "return tf.map_fn(lambda r: tf.map_fn(lambda e: e * tf.reduce_sum(x), r), x)",
    "foldl": "return tf.foldl(lambda a, r: a * r + 1.0, x)",
    "foldl_start": "return tf.foldl(lambda a, r: a * r + 1.0, x, initializer=x[0] * 2.0)",
    "foldr": "return tf.foldr(lambda a, r: a * r - 1.0, x)",
    "foldr_start": "return tf.foldr(lambda a, r: a * r - 1.0, x, initializer=tf.ones([3]))",
    "foldl_other_shape": "return tf.foldl(lambda a, r: a + tf.reduce_sum(r * r), x, initializer=0.0)",
    "scan": "return tf.scan(lambda a, r: a * r + 1.0, x)",
    "scan_start": "return tf.scan(lambda a, r: a + tf.reduce_sum(r * r), x, initializer=0.0)",
    "scan_reverse": "return tf.scan(lambda a, r: a * r + 1.0, x, reverse=True)",
    "scan_reverse_start": "return tf.scan(lambda a, r: a * r + 1.0, x, initializer=tf.ones([3]), reverse=True)",
    "scan_pair": "return tf.scan(lambda a, r: (a[1] * r[0], a[0] + r[1]), (x, x * x), initializer=(x[0], x[1]))",
    "scan_fibonacci": "return tf.scan(lambda a, _: (a[1], a[0] + a[1]), tf.zeros([6]), initializer=(x[0], x[1]))",
    "sequence_mask": "m = tf.sequence_mask([1, 0, 3, 2], n, tf.float32)\nreturn x * m",
    "sequence_mask_bool": "return tf.sequence_mask([[1, 2], [3, 0]], n), tf.reduce_sum(x)",
    "sequence_mask_longest": "return tf.where(tf.sequence_mask([1, 0, 3, 2]), x, x * x)",
    "reverse_sequence": "return tf.reverse_sequence(x, [1, 3, 0, 2], seq_axis=1) * x",
    "reverse_sequence_batch": "return tf.reverse_sequence(x, [4, 2, 3], seq_axis=0, batch_axis=1) * x",
    "array_write": "t = tf.TensorArray(tf.float32, 3)\nfor i in range(3):\n    t = t.write(i, x[i] * float(i))\nreturn t.stack(), t.concat(), t.gather([2, 0])",
    "array_unstack": "t = tf.TensorArray(tf.float32, 4).unstack(x * x)\nreturn t.read(2), t.size()",
    "array_scatter": "return tf.TensorArray(tf.float32, 4, clear_after_read=False).scatter([3, 1, 0, 2], x * x).stack()",
    "array_split": "t = tf.TensorArray(tf.float32, 2, infer_shape=False).split(x * x, [1, 3])\nreturn t.read(0), t.read(1)",
    "array_dynamic": "t = tf.TensorArray(tf.float32, 1, dynamic_size=True)\nfor i in range(3):\n    t = t.write(i, x[i])\nreturn t.stack() * 2.0",
}  # fmt: skip
CONVERTED = {  # AutoGraph's statements: not without it
    "for_range": "a = x\nfor i in tf.range(n):\n    a = a * x + tf.cast(i, tf.float32)\nreturn a",
    "for_rows": "a = tf.zeros([3])\nfor r in x:\n    a = a * r + 1.0\nreturn a",
    "while": "a = x\nwhile tf.reduce_sum(a * a) < 50.0:\n    a = a + x\nreturn a",
    "if": "if tf.reduce_sum(x) > 0.0:\n    y = x * x\nelse:\n    y = -x\nreturn y",
    "break": "a = x\nfor i in tf.range(10):\n    if i >= n:\n        break\n    a = a * x\nreturn a",
    "continue": "a = x\nfor i in tf.range(6):\n    if i % 2 == 0:\n        continue\n    a = a + x * x\nreturn a",
    "array": "t = tf.TensorArray(tf.float32, 3)\nfor i in tf.range(3):\n    t = t.write(i, x[i] * x[i])\nreturn t.stack()",
    "array_dynamic": "t = tf.TensorArray(tf.float32, 0, dynamic_size=True)\nfor i in tf.range(n):\n    t = t.write(i, x[i] * x[i])\nreturn t.stack()",
    "recurrence": "h, t = tf.zeros([3]), tf.TensorArray(tf.float32, 4)\nfor i in tf.range(4):\n    h = tf.tanh(x[i] + 0.5 * h)\n    t = t.write(i, h)\nreturn h, t.stack()",
}  # fmt: skip


def body(text):
    return "\n".join("    " + line for line in text.split("\n"))


for name, text in PROGRAMS.items():
    case(name, EVERYWHERE.format(body=body(text)), x=X, n=N)
for name, text in CONVERTED.items():
    code = EVERYWHERE.format(body=body(text)).replace("tf.function(f, autograph=False), ", "")
    case("statement_" + name, code, x=X, n=N)

# ---- random numbers in compiled loops
# (one iteration at a time: TF runs several at once, and which draws first is chance)

RANDOM = """
@tf.function
def f(x):
{body}
found = [f(x), f(x), f(2.0 * x)]
tf.random.set_seed(8)
found + [f(x)]
"""
for name, text in {
    "while_loop": "return tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a + tf.random.uniform([2])), [0, x], parallel_iterations=1)[1]",
    "while_loop_captures": "y = x * 2.0\nreturn tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a + y * tf.random.normal([2])), [0, x], parallel_iterations=1)[1]",
    "while_loop_maximum": "return tf.while_loop(lambda a: True, lambda a: [a + tf.random.normal([2])], [x], maximum_iterations=4, parallel_iterations=1)",
    "scan": "return tf.scan(lambda a, r: a + tf.random.uniform([2]), tf.zeros([4, 2]), initializer=x, parallel_iterations=1)",
    "scan_pair": "return tf.scan(lambda a, r: (a[1] + r[0], a[0] + tf.random.uniform([2])), (tf.zeros([4, 2]), tf.zeros([4, 2])), initializer=(x, x), parallel_iterations=1)",
    "foldl": "return tf.foldl(lambda a, r: a * 0.5 + tf.random.normal([2]), tf.zeros([4, 2]), initializer=x, parallel_iterations=1)",
    "foldr": "return tf.foldr(lambda a, r: a * 0.5 + tf.random.normal([2]), tf.zeros([4, 2]), initializer=x, parallel_iterations=1)",
    "map_sorted": "return tf.sort(tf.map_fn(lambda r: r + tf.random.uniform([]), tf.zeros([5])))",
    "seeded": "return tf.scan(lambda a, r: a + tf.random.uniform([2], seed=3), tf.zeros([4, 2]), initializer=x, parallel_iterations=1)",
    "for_range": "for i in tf.range(3):\n    x = x + tf.random.normal([2])\nreturn x",
    "for_rows": "for r in tf.zeros([3, 2]):\n    x = x + r + tf.random.normal([2])\nreturn x",
    "while": "while tf.reduce_sum(x) < 9.0:\n    x = x + tf.random.uniform([2], maxval=2.0)\nreturn x",
    "nested": "for i in tf.range(3):\n    for j in tf.range(2):\n        x = x + tf.random.uniform([2])\nreturn x",
    "branch": "for i in tf.range(4):\n    if tf.reduce_sum(x) < 2.0:\n        x = x + tf.random.uniform([2])\n    else:\n        x = x - tf.random.uniform([2])\nreturn x",
    "integers": "for i in tf.range(3):\n    x = x + tf.cast(tf.random.uniform([2], 0, 10, tf.int32), tf.float32)\nreturn x",
    "truncated": "for i in tf.range(3):\n    x = x + tf.random.truncated_normal([2])\nreturn x",
}.items():  # fmt: skip
    case("random_" + name, RANDOM.format(body=body(text)), x=val([0.5, 0.25]), seed=5)
case(
    "random_gradient",
    "f = tf.function(lambda t: tf.while_loop(lambda i, a: i < 3, "
    "lambda i, a: (i + 1, a * t + a * tf.random.uniform([2])), [0, t], parallel_iterations=1)[1])\nf(x)",
    x=val([0.5, 0.25]),
    seed=5,
    grad="x",
)
