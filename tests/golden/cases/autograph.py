"""AutoGraph: Python control flow on tensors inside tf.function and Dataset.map functions."""

from golden.table import Table, f32

table = Table("autograph")
case, error = table.case, table.error


def traced(name, body, *calls, head="", **options):
    """A row whose function ``f(a)`` has this body, called on these arguments."""
    lines = "\n".join("    " + line for line in body.strip("\n").split("\n"))
    results = ", ".join("f(%s)" % call for call in calls)
    code = "%s\n@tf.function\ndef f(a):\n%s\nresult = [%s]" % (head, lines, results)
    case(name, code, **options)


def refused(name, body, call, says=(), head="", **options):
    """A row whose function ``f(a)`` raises an error."""
    lines = "\n".join("    " + line for line in body.strip("\n").split("\n"))
    code = "%s\n@tf.function\ndef f(a):\n%s\nf(%s)" % (head, lines, call)
    error(name, code, says=says, **options)


ONE, MINUS, TEN = "tf.constant(1.0)", "tf.constant(-1.0)", "tf.constant(10.0)"
INTS = ["tf.constant(%d)" % n for n in (0, 1, 3, 7)]
ROWS = "tf.constant([[1.0, 2.0], [3.0, -4.0], [5.0, 6.0]])"

# ------------------------------------------------------------------------------------------- if

traced("if_else", "if a > 0.0:\n    b = a\nelse:\n    b = -a\nreturn b", ONE, MINUS)
traced("if_only", "b = a\nif a > 0.0:\n    b = a * 3.0\nreturn b", ONE, MINUS)
traced(
    "elif",
    "if a > 5.0:\n    b = 1\nelif a > 0.0:\n    b = 2\nelse:\n    b = 3\nreturn b",
    ONE,
    MINUS,
    TEN,
)
traced("if_return", "if a > 0.0:\n    return a\nreturn a * 2.0", ONE, MINUS)
traced("if_return_else", "if a > 0.0:\n    return a\nelse:\n    return -a", ONE, MINUS)
traced(
    "if_return_elif",
    "if a > 5.0:\n    return a\nelif a > 0.0:\n    return a + 1.0\nelse:\n    return 0.0",
    ONE,
    MINUS,
    TEN,
)
traced(
    "if_nested",
    "if a > 0.0:\n    if a > 5.0:\n        b = a\n    else:\n        b = a + 1.0\nelse:\n    b = 0.0\nreturn b",
    ONE,
    MINUS,
    TEN,
)
traced(
    "if_temporary", "if a > 0.0:\n    t = a * 2.0\n    b = t + 1.0\nelse:\n    b = a\nreturn b", ONE
)
traced("if_python", "b = 3\nif b > 2:\n    return a\nreturn -a", ONE)
traced("if_python_undefined", "if False:\n    b = 1\nelse:\n    c = a\nreturn c", ONE)
traced("if_closure", "if t > 2:\n    a = a + 1.0\nreturn a", ONE, head="t = tf.constant(3)")
traced("if_structures", "if a > 0.0:\n    b = {'k': (a, [a, 1])}\nelse:\n    b = {'k': (-a, [a, 2])}\nreturn b", ONE, MINUS)  # fmt: skip
traced("if_none_both", "b = 1\nif a > 0.0:\n    b = None\nelse:\n    b = None\nreturn b", ONE)
traced("if_strings", "if a > 0.0:\n    b = 'p'\nelse:\n    b = 'n'\nreturn b", ONE, MINUS)
traced("if_shapes", "if a > 0.0:\n    b = tf.ones([2])\nelse:\n    b = tf.ones([3])\nreturn b", ONE, MINUS)  # fmt: skip
traced("if_static_shape", "if tf.shape(a)[0] > 2:\n    return a[:2]\nreturn a", "tf.ones([3])", "tf.ones([1])")  # fmt: skip
traced(
    "if_attribute",
    "if a > 0.0:\n    c.v = a\nelse:\n    c.v = a * 2.0\nreturn c.v",
    ONE,
    MINUS,
    head="class C:\n    pass\nc = C()\nc.v = 0.0",
)
traced(
    "if_variable",
    "if a > 0.0:\n    v.assign_add(a)\nelse:\n    v.assign_sub(2.0 * a)\nreturn v + 0.0",
    ONE,
    MINUS,
    ONE,
    head="v = tf.Variable(1.0)",
)
traced(
    "if_print_at_trace",
    "if a > 0.0:\n    made.append('then')\n    a = a + 1.0\nelse:\n    made.append('else')\nreturn a",
    ONE,
    MINUS,
    head="made = []",
)
traced(
    "if_try",
    "try:\n    if a > 0.0:\n        b = a\n    else:\n        b = -a\n    {}['x']\nexcept KeyError as e:\n    b = b + 1.0\nreturn b",
    ONE,
    MINUS,
)
traced(
    "if_with",
    "with tf.name_scope('s'):\n    if a > 0.0:\n        return a\n    return a - 1.0",
    ONE,
    MINUS,
)
traced("if_gradient_none", "if a > 0.0:\n    b = tf.constant(2.0)\nelse:\n    b = a\nreturn b", ONE)
refused("if_undefined_then", "if a > 0.0:\n    z = 1\nelse:\n    y = a\nreturn y", ONE, ("The following symbols must also be initialized in the if branch: ('y',). Alternatively, you may initialize them before the if statement.",))  # fmt: skip
refused("if_undefined_else", "if a > 0.0:\n    y = a\nreturn y", ONE, ("The following symbols must also be initialized in the else branch: ('y',).",))  # fmt: skip
refused("if_undefined_two", "if a > 0.0:\n    y = a\n    x = 1\nreturn y, x", ONE, ("must also be initialized in the else branch: (",))  # fmt: skip
refused("if_return_one", "if a > 0.0:\n    return a", ONE, ("A value must also be returned from the else branch. If a value is returned from one branch of a conditional a value must be returned from all branches.",))  # fmt: skip
refused("if_return_some", "if a > 0.0:\n    if a > 2.0:\n        return a\n    a = a + 1.0\nelse:\n    a = a - 1.0\nreturn a", ONE, ("A value must also be returned from the else branch.",))  # fmt: skip
refused("if_dtypes", "if a > 0.0:\n    y = 1\nelse:\n    y = 1.0\nreturn y", ONE, ('"y" has dtype int32 in the TRUE branch, but dtype=float32 in the FALSE branch. TensorFlow control flow requires that they are the same.',))  # fmt: skip
refused("if_none_one", "if a > 0.0:\n    y = None\nelse:\n    y = a\nreturn y", ONE, ("Lengths of branch outputs of cond must match.",))  # fmt: skip
refused("if_objects", "if a > 0.0:\n    y = object()\nelse:\n    y = object()\nreturn y", ONE, ("To be compatible with tf.contrib.eager.defun, Python functions must return zero or more Tensors",))  # fmt: skip
refused("if_vector", "if a > 0.0:\n    return a\nreturn -a", "tf.ones([2])")
refused("if_float", "if a:\n    return a\nreturn -a", ONE)
refused("if_raise", "if a > 0.0:\n    raise ValueError('no')\nreturn a", MINUS, ("no",))
refused("if_leak", "l = []\nif a > 0.0:\n    l.append(a + 1.0)\nreturn l", ONE)

# ---------------------------------------------------------------------------------------- while

traced("while", "while a < 10.0:\n    a = a * 2.0\nreturn a", ONE, TEN, "tf.constant(3.0)")
traced(
    "while_counter", "i = 0\nwhile a < 10.0:\n    a = a * 2.0\n    i += 1\nreturn a, i", ONE, TEN
)
traced("while_temporary", "while a < 10.0:\n    t = a + 1.0\n    a = t\nreturn a", ONE)
traced("while_break", "i = 0\nwhile i < a + 100:\n    i += 1\n    if i > a:\n        break\nreturn i", *INTS)  # fmt: skip
traced("while_continue", "i, s = 0, 0\nwhile i < a:\n    i += 1\n    if i % 2 == 0:\n        continue\n    s += i\nreturn s", *INTS)  # fmt: skip
traced(
    "while_nested",
    """
s = 0
i = 0
while i < a:
    j = 0
    while j < i:
        if j == 2:
            j += 1
            continue
        s += j
        j += 1
        if s > 50:
            break
    i += 1
return s, i
""",
    *INTS,
)
traced("while_python", "i = 0\nwhile i < 3:\n    if a < 2.0:\n        a = a + 1.0\n    i += 1\nreturn a, i", ONE, TEN)  # fmt: skip
traced("while_python_return", "i = 0\nwhile True:\n    i += 1\n    if i == 3:\n        return a * i", "tf.constant(2)")  # fmt: skip
traced("while_and", "i = 0\nwhile i < 10 and a < 100.0:\n    a *= 2.0\n    i += 1\nreturn a, i", ONE, TEN, "tf.constant(0.0)")  # fmt: skip
traced("while_variable", "while v < a:\n    v.assign(v * 2.0)\nreturn v + 0.0", TEN, "tf.constant(50.0)", head="v = tf.Variable(1.0)")  # fmt: skip
traced("while_attribute", "c.v = 0.0\nwhile a < 10.0:\n    a = a + 1.0\n    c.v = c.v + a\nreturn c.v", ONE, head="class C:\n    pass\nc = C()")  # fmt: skip
traced("while_list_state", "p = [a, a + 1.0]\nwhile p[0] < 10.0:\n    p = [p[1], p[0] + p[1]]\nreturn p", ONE)  # fmt: skip
refused("while_undefined", "while a < 10.0:\n    a = a + 1.0\n    i = a\nreturn i", ONE, ("TensorFlow requires that the following symbols must be defined before the loop: ('i',)",))  # fmt: skip
refused("while_return", "while a < 10.0:\n    a = a * 2.0\n    if a > 5.0:\n        return a\nreturn a - 1.0", ONE, ("return statements are not supported within a TensorFlow loop.",))  # fmt: skip
refused("while_shape", "while tf.size(a) < 10:\n    a = tf.concat([a, a], 0)\nreturn a", "tf.ones([2])", ('"a" has shape (2,) before the loop, but shape (4,) after one iteration. TensorFlow control flow requires it stays the same or be more specific.',))  # fmt: skip
refused("while_dtype", "i = 0\nwhile a < 10.0:\n    a = a + 1.0\n    i = a\nreturn i", ONE, ('"i" has dtype int32 before the loop, but dtype float32 after one iteration. TensorFlow control flow requires it stays the same.',))  # fmt: skip
refused("while_none", "y = None\nwhile a < 10.0:\n    a = a + 1.0\n    y = a\nreturn y", ONE, ("None values not supported.",))  # fmt: skip
refused("while_python_then_tensor", "s = 0\nwhile s < 3:\n    s += a\nreturn s", "tf.constant(6)", ("using a `tf.Tensor` as a Python `bool` is not allowed: AutoGraph did not convert this function. Try decorating it directly with @tf.function.",))  # fmt: skip
refused("while_true_tensor_break", "s = 0\nwhile True:\n    s += 1\n    if a < s:\n        break\nreturn s", "tf.constant(6)", ("using a `tf.Tensor` as a Python `bool` is not allowed: AutoGraph did not convert this function.",))  # fmt: skip

# ------------------------------------------------------------------------------------------ for

traced("for_rows", "s = tf.zeros([2])\nfor row in a:\n    s += row\nreturn s", ROWS)
traced("for_rows_if", "s = 0.0\nfor row in a:\n    if tf.reduce_sum(row) > 0.0:\n        s += row[0]\n    else:\n        s -= row[1]\nreturn s", ROWS)  # fmt: skip
traced("for_rows_break", "s = 0.0\nfor row in a:\n    if row[0] > 2.0:\n        break\n    s += row[1]\nreturn s", ROWS)  # fmt: skip
traced("for_rows_continue", "s = 0.0\nfor row in a:\n    if row[0] == 3.0:\n        continue\n    s += row[1]\nreturn s", ROWS)  # fmt: skip
traced("for_empty", "s = 1.0\nfor x in a:\n    s += x\nreturn s", "tf.zeros([0])")
traced("for_range", "s = 0\nfor i in tf.range(a):\n    s += i\nreturn s", *INTS)
traced("for_range_three", "s = 0\nfor i in tf.range(1, a, 2):\n    s += i\nreturn s", *INTS[1:])
traced("for_range_down", "s = 0\nfor i in tf.range(a, 0, -1):\n    s = s * 2 + i\nreturn s", *INTS)
traced("for_range_break", "s = 0\nfor i in tf.range(a):\n    if s > 5:\n        break\n    s += i\nreturn s", *INTS)  # fmt: skip
traced(
    "for_range_float", "s = 0.0\nfor i in tf.range(0.0, a, 0.5):\n    s += i\nreturn s", ONE, TEN
)
traced("for_range_int64", "s = tf.constant(0, tf.int64)\nfor i in tf.range(a):\n    s += i\nreturn s", "tf.constant(5, tf.int64)")  # fmt: skip
traced("for_range_known", "for i in tf.range(4):\n    a = a * 2.0 + tf.cast(i, tf.float32)\nreturn a", ONE)  # fmt: skip
traced("for_python_range_tensor", "s = 0\nfor i in range(a):\n    s += i\nreturn s", *INTS)
traced("for_python_range", "s = 0\nfor i in range(3):\n    s += a * i\nreturn s", *INTS)
traced(
    "for_enumerate", "s = 0.0\nfor i, x in enumerate([a, a + 1.0]):\n    s += i * x\nreturn s", ONE
)
traced("for_zip", "s = 0.0\nfor x, y in zip([a, a], [1.0, 2.0]):\n    s += x * y\nreturn s", ONE)
traced("for_dict", "s = 0.0\nfor k, b in sorted({'a': a, 'b': a + 1.0}.items(), key=lambda p: p[0]):\n    if b > 1.5:\n        s += b\nreturn s", ONE, TEN)  # fmt: skip
traced("for_list_break", "s = 0\nfor i in [1, 2, 3]:\n    if i == 3:\n        break\n    s += a * i\nreturn s", *INTS)  # fmt: skip
traced(
    "for_list_append", "l = []\nfor i in range(3):\n    l.append(a + i)\nreturn l", "tf.constant(1)"
)
traced("for_item_after", "i = 7\nfor i in tf.range(a):\n    pass\nreturn i", *INTS)
traced("for_python_return", "for i in range(5):\n    if i == 2:\n        return a * i\nreturn a", "tf.constant(3)")  # fmt: skip
traced("for_nested", "s = 0\nfor i in tf.range(a):\n    for j in tf.range(i):\n        if (i + j) % 2 == 0:\n            s += j\nreturn s", *INTS)  # fmt: skip
traced("for_variable", "for i in tf.range(a):\n    v.assign(v * 2.0)\n    if v > 5.0:\n        v.assign_sub(1.0)\nreturn v + 0.0", *INTS, head="v = tf.Variable(1.0)")  # fmt: skip
traced("for_fibonacci", "x, y = 0, 1\nfor _ in tf.range(a):\n    x, y = y, x + y\nreturn x", *INTS)
traced("for_fizzbuzz", "for i in tf.range(1, a + 1):\n    if i % 15 == 0:\n        tf.print('FizzBuzz')\n    elif i % 3 == 0:\n        tf.print('Fizz')\n    elif i % 5 == 0:\n        tf.print('Buzz')\n    else:\n        tf.print(i)\nreturn a", "tf.constant(15)")  # fmt: skip
traced("for_training", "for i in tf.range(a):\n    with tf.GradientTape() as t:\n        l = w * w\n    w.assign_sub(0.1 * t.gradient(l, w))\nreturn w + 0.0", *INTS, head="w = tf.Variable(1.0)")  # fmt: skip
refused("for_item_undefined", "for i in tf.range(a):\n    pass\nreturn i", INTS[2], ("must be defined before the loop: ('i',)",))  # fmt: skip
refused("for_undefined_inside", "for i in tf.range(a):\n    if i == 0:\n        y = i\n    else:\n        y = y + i\nreturn a", INTS[2], ("must be defined before the loop: ('y',)",))  # fmt: skip
refused("for_return", "for i in tf.range(10):\n    if i > a:\n        return i\nreturn -1", INTS[2], ("return statements are not supported within a TensorFlow loop.",))  # fmt: skip
refused("for_scalar", "s = 0.0\nfor i in a:\n    s += i\nreturn s", ONE, ("len requires a non-scalar tensor",))  # fmt: skip
refused("for_unpack", "s = 0.0\nfor x, y in a:\n    s += x * y\nreturn s", ROWS, ("iterating over `tf.Tensor` is not allowed",))  # fmt: skip
refused("for_enumerate_tensor", "s = 0.0\nfor i, v in enumerate(a):\n    s += v\nreturn s", "tf.ones([2])", ("iterating over `tf.Tensor` is not allowed: AutoGraph did not convert this function.",))  # fmt: skip
refused("for_python_tensor_break", "s = 0\nfor i in range(5):\n    if a > i:\n        break\n    s += i\nreturn s", "tf.constant(2)", ("using a `tf.Tensor` as a Python `bool` is not allowed: AutoGraph did not convert this function.",))  # fmt: skip
refused("for_leak", "l = []\nfor i in tf.range(a):\n    l.append(i)\nreturn l", INTS[2])
refused("for_item_assignment", "l = [0, 0]\nfor i in tf.range(a):\n    l[0] = l[0] + i\nreturn l", INTS[2])  # fmt: skip
refused(
    "for_sum_dtype",
    "s = 0\nfor x in a:\n    s += x\nreturn s",
    "tf.ones([2])",
    differs="errors inside a function are those of eager code",
)

# ----------------------------------------------------------------------------------- TensorArray

traced(
    "tensor_array_grows",
    "ta = tf.TensorArray(tf.float32, size=0, dynamic_size=True)\nfor i in tf.range(a):\n    ta = ta.write(i, tf.cast(i, tf.float32) * 2.0)\nreturn ta.stack()",
    *INTS[1:],
)
traced(
    "tensor_array_while",
    "ta = tf.TensorArray(tf.float32, size=3)\ni = 0\nwhile i < tf.shape(a)[0]:\n    ta = ta.write(i, a[i] * 2.0)\n    i += 1\nreturn ta.stack()",
    ROWS,
)
traced(
    "tensor_array_if",
    "ta = tf.TensorArray(tf.float32, size=3)\nif a > 0.0:\n    ta = ta.write(0, a)\nelse:\n    ta = ta.write(0, 2.0 * a)\nta = ta.write(1, a).write(2, 3.0 * a)\nreturn ta.stack()",
    ONE,
    MINUS,
)
traced(
    "tensor_array_read",
    "ta = tf.TensorArray(tf.float32, size=5, clear_after_read=False)\nta = ta.write(0, 1.0)\nfor i in tf.range(1, 5):\n    ta = ta.write(i, ta.read(i - 1) * a)\nreturn ta.stack(), ta.size()",
    TEN,
)

# ------------------------------------------------------------------------------------ expressions

traced("and", "return a > 0 and a < 5", *INTS)
traced("or", "return a < 1 or a > 5", *INTS)
traced("and_three", "return a > 0 and a < 5 and a != 1", *INTS)
traced("and_python_first", "return True and a", *INTS)
traced("or_python_first", "return None or a", *INTS)
traced("not", "return not a > 1", *INTS)
traced("and_or_not", "return (a > 0 and not a > 5) or a == 0", *INTS)
traced("if_expression", "return a if a > 2 else -a", *INTS)
traced("if_expression_numbers", "return 1 if a > 2 else 2", *INTS)
traced("if_expression_python", "return a if True else None", *INTS)
traced("len", "return len(a), len([1, 2])", ROWS)
traced("int_float", "return int(a), float(a), float(2), int('3'), abs(a)", ONE)
traced("equal", "return a == 3, a != 3", *INTS)
traced("lambda", "g = lambda q: q if q > 1 else -q\nreturn g(a) + g(a - 2)", *INTS)
refused("and_dtypes", "return a > 0 and 3", INTS[1])
refused("and_not_bool", "return a and a", INTS[1])
refused("if_expression_dtypes", "return a if a > 2 else 0.5", INTS[1])
refused("chained_comparison", "return 1 < a < 5", INTS[2], ("using a `tf.Tensor` as a Python `bool` is not allowed",))  # fmt: skip
refused("len_scalar", "return len(a)", INTS[2], ("len requires a non-scalar tensor",))
refused("comprehension", "return [x for x in a]", "tf.ones([2])", ("iterating over `tf.Tensor` is not allowed: AutoGraph did not convert this function. Try decorating it directly with @tf.function.",))  # fmt: skip
refused("comprehension_if", "return [i for i in range(3) if a > i]", INTS[2], ("using a `tf.Tensor` as a Python `bool` is not allowed",))  # fmt: skip
refused("assert_tensor", "assert a > 5, 'too small'\nreturn a", INTS[2], ("using a `tf.Tensor` as a Python `bool` is not allowed",))  # fmt: skip
refused("assert_python", "assert 1 > 5, 'small'\nreturn a", INTS[2], ("small",))
refused("any_tensor", "return any(a)", "tf.ones([2], tf.bool)", ("iterating over `tf.Tensor`",))
refused("max_tensor", "return max(a, 2)", INTS[2])

# ------------------------------------------------------------------------------- called functions

HELPER = """
def helper(x):
    if x > 0.0:
        return x
    return -2.0 * x
"""
traced("calls_function", "return helper(a)", ONE, MINUS, head=HELPER)
traced(
    "calls_method",
    "return c.m(a), c(a)",
    ONE,
    MINUS,
    head=HELPER
    + """
class C:
    def m(self, x):
        if x > 0.0:
            return helper(-x)
        return x
    def __call__(self, x):
        while x < 10.0:
            x += self.m(x) + 3.0
        return x
c = C()
""",
)
traced("calls_partial", "import functools\nreturn functools.partial(helper, x=a)()", ONE, MINUS, head=HELPER)  # fmt: skip
traced("calls_super", "return D().m(a)", ONE, MINUS, head="class B:\n    def m(self, x):\n        if x > 0.0:\n            return x\n        return -x\nclass D(B):\n    def m(self, x):\n        if x < 5.0:\n            x = super().m(x) + 1.0\n        return x")  # fmt: skip
traced("calls_recursively", "return fact(5) * a", "tf.constant(2)", head="def fact(n):\n    return 1 if n <= 1 else n * fact(n - 1)")  # fmt: skip
traced("calls_function_of_function", "return inner(a) + 1.0", ONE, MINUS, head=HELPER + "inner = tf.function(helper)")  # fmt: skip
traced("calls_inner", "def inner(x):\n    while x < 10.0:\n        x = x * 2.0\n    return x\ny = inner(a)\nif y > 12.0:\n    z = inner(y) + 1.0\nelse:\n    z = y\nreturn z", ONE, "tf.constant(3.0)")  # fmt: skip
traced("calls_cond_lambda", "return tf.cond(a < 10.0, lambda: helper(a), lambda: a)", ONE, MINUS, head=HELPER)  # fmt: skip
traced("calls_generator", "def g():\n    yield a\n    yield a + 1.0\nreturn list(g())", ONE)
traced("calls_star", "def g(*xs, k=1.0, **kw):\n    if xs[0] > 0.0:\n        k = k + xs[1]\n    return k * kw['z']\nreturn g(a, 2.0, z=3.0), g(*[a, a], **{'z': a})", ONE, MINUS)  # fmt: skip
traced("calls_decorated", "return g(a)", ONE, MINUS, head="import functools\ndef twice(fn):\n    @functools.wraps(fn)\n    def wrapper(x):\n        return fn(fn(x))\n    return wrapper\n@twice\ndef g(x):\n    if x > 0.0:\n        return x * 3.0\n    return x - 1.0")  # fmt: skip
traced("closure_changes", "nonlocal_value = a\ndef g(x):\n    return x + nonlocal_value\nif a > 0.0:\n    nonlocal_value = a * 5.0\nelse:\n    nonlocal_value = a\nreturn g(1.0)", ONE, MINUS, differs="inner functions see what a branch assigns, as in Python")  # fmt: skip
traced("global_name", "global count\ncount = 3.0\nif a > 0.0:\n    a = a + count\nreturn a", ONE, MINUS)  # fmt: skip
case("method", "class M:\n    def __init__(self):\n        self.v = tf.Variable(1.0)\n    @tf.function\n    def step(self, x):\n        if x > 0.0:\n            self.v.assign_add(x)\n        else:\n            self.v.assign(0.0)\n        return self.v + 0.0\nm = M()\nresult = m.step(tf.constant(2.0)), m.step(tf.constant(3.0)), m.step(tf.constant(-1.0))")  # fmt: skip
case("callable_object", "class M:\n    def __call__(self, x):\n        return x if x > 0.0 else -x\nf = tf.function(M().__call__)\nresult = f(tf.constant(-2.0)), f(tf.constant(3.0))")  # fmt: skip
error("do_not_convert", "@tf.autograph.experimental.do_not_convert\ndef helper(x):\n    if x > 0:\n        return x\n    return -x\n@tf.function\ndef f(x):\n    return helper(x)\nf(tf.constant(1))", says=("using a `tf.Tensor` as a Python `bool` is not allowed: AutoGraph",))  # fmt: skip
error("autograph_false", "def f(x):\n    if x > 0:\n        return x\n    return -x\ntf.function(f, autograph=False)(tf.constant(1))", says=("using a `tf.Tensor` as a Python `bool` is not allowed: AutoGraph is disabled in this function. Try decorating it directly with @tf.function.",))  # fmt: skip
error("autograph_false_for", "def f(x):\n    for i in x:\n        pass\n    return -x\ntf.function(f, autograph=False)(tf.ones([2]))", says=("iterating over `tf.Tensor` is not allowed: AutoGraph is disabled in this function. Try decorating it directly with @tf.function.",))  # fmt: skip
error("python_error", "def g(d):\n    return d['k']\n@tf.function\ndef f(x):\n    return g({})\nf(1)", says=("k",))  # fmt: skip
error("value_error", "@tf.function\ndef f(x):\n    raise ValueError('mine')\nf(1)", says=("mine",))
traced("map_fn_inner", "def g(x):\n    if x > 0.0:\n        return x\n    return -x\nreturn tf.map_fn(g, a)", "tf.constant([1.0, -2.0])")  # fmt: skip
refused("map_fn_outer", "return tf.map_fn(helper, a)", "tf.constant([1.0, -2.0])", ("using a `tf.Tensor` as a Python `bool` is not allowed: AutoGraph did not convert this function.",), head=HELPER)  # fmt: skip

# --------------------------------------------------------------------------------------- gradients

case("gradient_if", "@tf.function\ndef f(a):\n    if tf.reduce_sum(a) > 0.0:\n        return a * a\n    return a * a * a\nresult = f(x)", x=f32(3), grad="x")  # fmt: skip
case("gradient_while", "@tf.function\ndef f(a):\n    while tf.reduce_sum(a * a) < 100.0:\n        a = a * a + 1.0\n    return a\nresult = f(x)", x=f32(3), grad="x")  # fmt: skip
case("gradient_for", "@tf.function\ndef f(a):\n    s = tf.zeros([2])\n    for row in a:\n        s = tf.tanh(s + row)\n    return s\nresult = f(x)", x=f32(3, 2), grad="x")  # fmt: skip
case("gradient_for_if", "@tf.function\ndef f(a):\n    s = 0.0\n    for i in tf.range(3):\n        if i % 2 == 0:\n            s += tf.reduce_sum(a * a)\n        else:\n            s *= a[0]\n    return s\nresult = f(x)", x=f32(2), grad="x")  # fmt: skip
case("gradient_inside", "@tf.function\ndef f(a):\n    with tf.GradientTape() as t:\n        t.watch(a)\n        y = a\n        for i in tf.range(3):\n            if y > 1.0:\n                y = y * a\n            else:\n                y = y + a\n    return y, t.gradient(y, a)\nresult = f(tf.constant(0.7))")  # fmt: skip
case("gradient_variable", "w = tf.Variable([1.0, -2.0])\n@tf.function\ndef f(n):\n    s = 0.0\n    i = 0\n    while i < n:\n        s += tf.reduce_sum(w * w * tf.cast(i, tf.float32))\n        i += 1\n    return s\nwith tf.GradientTape() as t:\n    y = f(tf.constant(4))\nresult = y, t.gradient(y, w)")  # fmt: skip

# ----------------------------------------------------------------------------------------- datasets

DATA = "data = tf.data.Dataset.from_tensor_slices([1, 2, 3, 4])\n"
case("dataset_loop", DATA + "v = tf.Variable(0)\n@tf.function\ndef f(ds):\n    s = 0\n    for x in ds:\n        s += x\n        v.assign_add(x)\n        if s > 5:\n            break\n    return s\nresult = f(data), v + 0, f(data), v + 0")  # fmt: skip
case("dataset_closure", DATA + "@tf.function\ndef f():\n    s = 0\n    for x in data:\n        s += x\n    return s\nresult = f(), f()")  # fmt: skip
case("dataset_enumerate", DATA + "@tf.function\ndef f(ds):\n    s = 0\n    for i, x in enumerate(ds):\n        s += x * tf.cast(i, tf.int32)\n    return s\nresult = f(data)")  # fmt: skip
case("dataset_zip", DATA + "@tf.function\ndef f(ds):\n    s = 0\n    for x, y in zip(ds, ds):\n        s += x * y\n    return s\nresult = f(data)")  # fmt: skip
case("dataset_iterator", DATA + "@tf.function\ndef f(it):\n    s = 0\n    for x in it:\n        s += x\n    return s\nresult = f(iter(data))")  # fmt: skip
case("dataset_map", "def g(x):\n    if x > 2:\n        return x\n    return -x\nresult = elements(tf.data.Dataset.range(5).map(g))")  # fmt: skip
case("dataset_map_loop", "def g(x):\n    s = x\n    for i in tf.range(3):\n        s += x\n    return s\nresult = elements(tf.data.Dataset.range(5).map(g))")  # fmt: skip
case("dataset_filter", "result = elements(tf.data.Dataset.range(9).filter(lambda x: x > 2 and not x > 6))")  # fmt: skip
case(
    "dataset_training",
    """
data = tf.data.Dataset.from_tensor_slices(([[1.0], [2.0], [3.0]], [[2.0], [4.0], [6.5]])).batch(2)
w = tf.Variable([[0.5]])
opt = tf.keras.optimizers.SGD(0.05)
@tf.function
def epoch(ds):
    total = 0.0
    for x, y in ds:
        with tf.GradientTape() as t:
            loss = tf.reduce_mean(tf.square(tf.matmul(x, w) - y))
        opt.apply_gradients([(t.gradient(loss, w), w)])
        total += loss
    return total
result = epoch(data), epoch(data), w + 0.0
""",
)

# --------------------------------------------------------------------------------------- tf.autograph

TO_GRAPH = "def g(x):\n    if x > 0:\n        return x\n    return -x\n"
case("to_graph", TO_GRAPH + "g = tf.autograph.to_graph(g)\nresult = g(tf.constant(-2)), g(3), tf.function(g, autograph=False)(tf.constant(-5))")  # fmt: skip
case("to_graph_lambda", "g = tf.autograph.to_graph(lambda x: x if x > 0 else -x)\nresult = g(tf.constant(-2)), g(3)")  # fmt: skip
case("to_code", TO_GRAPH + "code = tf.autograph.to_code(g)\nresult = code.startswith('def tf__g(x):'), 'ag__.if_stmt' in code, type(code) is str")  # fmt: skip
error("to_graph_number", "tf.autograph.to_graph(3)", says=('cannot convert entity "3": object conversion is not yet supported.',))  # fmt: skip
error("to_code_number", "tf.autograph.to_code(3)", says=('cannot convert entity "3"',))
case("set_verbosity", "result = tf.autograph.set_verbosity(0)")
case("trace", "result = tf.autograph.trace('a', 1)", prints=True)
traced("set_loop_options", "for i in tf.range(a):\n    tf.autograph.experimental.set_loop_options(parallel_iterations=3)\n    a = a + 1\nreturn a", *INTS)  # fmt: skip
traced("maximum_iterations", "i = 0\nwhile i < a:\n    tf.autograph.experimental.set_loop_options(maximum_iterations=2)\n    i = i + 1\nreturn i", *INTS)  # fmt: skip
traced("maximum_iterations_for", "s = 0\nfor i in tf.range(a):\n    tf.autograph.experimental.set_loop_options(maximum_iterations=2)\n    s = s + i\nreturn s", *INTS)  # fmt: skip
