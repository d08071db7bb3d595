"""Names, versions, devices, settings, scopes and error classes."""

from golden.table import Table, f32

table = Table("environment")
case, error = table.case, table.error

case("versions", "(tf.__version__, tf.version.VERSION)")
MATH = """abs acos acosh add add_n argmax argmin asin asinh atan atan2 atanh cos cosh cumsum divide equal
exp floor greater greater_equal less less_equal logical_and logical_not logical_or maximum minimum multiply
negative not_equal pow reduce_all reduce_any reduce_logsumexp reduce_max reduce_mean reduce_min reduce_prod
reduce_sum round scalar_mul sigmoid sign sin sinh sqrt square subtract tan tanh truediv""".split()
case("same_in_math", "[n for n in %r if getattr(tf.math, n) is not getattr(tf, n)]" % (MATH,))
case(
    "same_in_linalg",
    "[n for n in %r if getattr(tf.linalg, n) is not getattr(tf, n)]"
    % ("eig eigvals einsum eye matmul norm tensordot".split(),),
)
case(
    "same_in_dtypes",
    "[n for n in %r if getattr(tf.dtypes, n) is not getattr(tf, n)]"
    % (
        "as_dtype bool cast complex complex64 float16 float32 float64 int32 int64 saturate_cast string uint8".split(),
    ),
)
case(
    "same_in_nn",
    "[n for n in 'sigmoid tanh top_k in_top_k l2_normalize zero_fraction softmax log_softmax softplus softsign'.split() if getattr(tf.nn, n) is not getattr(tf.math, n)]",
)
case(
    "same_in_debugging",
    "[n for n in 'Assert assert_equal assert_greater assert_less assert_rank'.split() if getattr(tf.debugging, n) is not getattr(tf, n)]",
)
case(
    "function_names",
    "[f.__name__ for f in (tf.reduce_sum, tf.matmul, tf.constant, tf.nn.relu, tf.zeros)]",
)
case("timestamp", "t = tf.timestamp()\nresult = (t.dtype, t.shape, float(t) > 1.5e9)")
case(
    "name_argument",
    '(tf.add(x, 1.0, name="one"), tf.reduce_sum(x, name="two"), tf.constant(1, name="three"))',
    x=f32(2),
)
case(
    "name_scope",
    'with tf.name_scope("a") as scope:\n    y = x + 1.0\nresult = (y, scope)',
    x=f32(2),
)
case(
    "name_scope_nested",
    'with tf.name_scope("a"):\n    with tf.name_scope("b") as scope:\n        result = scope',
)
case("device", 'with tf.device("/cpu:0"):\n    y = x + 1.0\nresult = y', x=f32(2))
case(
    "device_long",
    'with tf.device("/job:localhost/replica:0/task:0/device:CPU:0"):\n    result = x * 2.0',
    x=f32(2),
)
case("device_none", "with tf.device(None):\n    result = x * 2.0", x=f32(2))
case("device_of_result", 'with tf.device("CPU:0"):\n    y = tf.zeros([1])\nresult = y.device')
case(
    "device_of_variable",
    'with tf.device("/device:CPU:0"):\n    v = tf.Variable(1.0)\nresult = v.device',
)
case(
    "list_cpus",
    'd = tf.config.list_physical_devices("CPU")\nresult = (len(d), d[0].name, d[0].device_type, str(d[0]))',
)
case("list_gpus", 'tf.config.list_physical_devices("GPU")')
case("list_gpus_experimental", 'tf.config.experimental.list_physical_devices("GPU")')
case("list_logical", '[d.name for d in tf.config.experimental.list_logical_devices("CPU")]')
case("visible", 'len(tf.config.experimental.get_visible_devices("CPU"))')
case(
    "memory_growth_loop",
    "for gpu in tf.config.experimental.list_physical_devices('GPU'):\n    tf.config.experimental.set_memory_growth(gpu, True)\nresult = 0",
)
case("is_gpu_available", "tf.test.is_gpu_available()")
case("built_with_cuda", "isinstance(tf.test.is_built_with_cuda(), bool)")
case(
    "soft_placement",
    "tf.config.set_soft_device_placement(True)\nresult = tf.config.get_soft_device_placement()",
)
case("log_placement", "tf.debugging.get_log_device_placement()")
case("gpu_device_name", "tf.test.gpu_device_name()")
case("logger_level", 'tf.get_logger().setLevel("ERROR")\nresult = tf.get_logger().level')
case("eager", "tf.executing_eagerly()")
case("init_scope", "with tf.init_scope():\n    result = tf.executing_eagerly()")
case(
    "unconnected",
    "(tf.UnconnectedGradients.NONE.value, tf.UnconnectedGradients.ZERO.value, str(tf.UnconnectedGradients.ZERO))",
)
case("aggregation", "(tf.VariableAggregation.SUM.value, tf.VariableSynchronization.ON_READ.value)")
case(
    "autotune",
    "(tf.data.experimental.AUTOTUNE, tf.data.experimental.INFINITE_CARDINALITY, tf.data.experimental.UNKNOWN_CARDINALITY)",
)
case("grad_function_names", "(tf.GradientTape.__name__, tf.Variable.__name__, tf.Module.__name__)")

KINDS = """Aborted AlreadyExists Cancelled DataLoss DeadlineExceeded FailedPrecondition Internal
InvalidArgument NotFound OutOfRange PermissionDenied ResourceExhausted Unauthenticated Unavailable
Unimplemented Unknown""".split()
for kind in KINDS:
    case(
        "error_" + kind,
        "e = tf.errors.%sError(None, None, 'why')\n"
        "result = (e.message, e.error_code, e.node_def, e.op, str(e), isinstance(e, tf.errors.OpError), isinstance(e, Exception))"
        % kind,
    )
case(
    "error_codes",
    "[getattr(tf.errors, n) for n in 'OK ABORTED CANCELLED INVALID_ARGUMENT NOT_FOUND OUT_OF_RANGE UNKNOWN'.split()]",
)
case(
    "error_caught",
    """
try:
    tf.matmul(tf.zeros([2, 3]), tf.zeros([2, 3]))
except tf.errors.InvalidArgumentError as error:
    result = (error.error_code, error.op, "[2,3]" in error.message, error.message in str(error))
""",
)
case(
    "error_caught_as_base",
    """
try:
    tf.reshape(tf.zeros([2]), [3])
except tf.errors.OpError as error:
    result = type(error).__name__
""",
)
case(
    "out_of_range_loop",
    """
it = iter(tf.data.Dataset.range(2))
seen = []
try:
    while True:
        seen.append(it.get_next())
except tf.errors.OutOfRangeError:
    seen.append("end")
result = seen
""",
)
error("unknown_device", 'with tf.device("/gpu:7"):\n    tf.zeros([1]) + 1.0')
error("bad_device", 'with tf.device("cpu/0/x"):\n    tf.zeros([1])')
error("bad_device_type", "with tf.device(3):\n    tf.zeros([1])")
error(
    "bad_name_scope",
    "with tf.name_scope(3):\n    tf.zeros([1])",
    says=("name for name_scope must be a string.",),
)
