"""tf.keras: activations, regularizers, constraints, learning rate schedules, names of objects."""

from golden.table import Table, arange, empty, f16, f32, f64, specials, uniform, val, var

table = Table("keras_families")
case, error = table.case, table.error

# --------------------------------------------------------------------------------- activations

ACTIVATIONS = "elu exponential hard_sigmoid linear relu selu sigmoid softplus softsign tanh".split()
for name in ACTIVATIONS:
    call = "tf.keras.activations.%s(x)" % name
    case(name, call, x=uniform(-4, 4, 3, 4), grad="x")
    case(name + "_float64", call, x=f64(5), grad="x")
    case(name + "_float16", call, x=f16(5))
    case(name + "_zero", call, x=val([-1.0, 0.0, 1.0]), grad="x")
    case(name + "_special", call, x=specials(), rtol=1e-5, why="exp of a large number")
    case(name + "_empty", call, x=empty(0, 3))
    case(name + "_variable", call, x=var(f32(2, 2)))
    case(
        "get_" + name,
        "f = tf.keras.activations.get(%r)\n[f is tf.keras.activations.%s, tf.keras.activations.serialize(f), tf.keras.activations.deserialize(%r) is f]"
        % (name, name, name),
    )
    if name not in ("linear", "relu", "hard_sigmoid"):
        error(name + "_ints", "tf.keras.activations.%s(tf.constant([1, 2]))" % name)
case("hard_sigmoid_clipped", "tf.keras.activations.hard_sigmoid(x)", x=val([-3.0, 3.0]), grad="x")
error(
    "hard_sigmoid_ints", "tf.keras.activations.hard_sigmoid(tf.constant([1, 2]))", says=("int32",)
)
for options in [
    "alpha=0.1",
    "max_value=2.0",
    "threshold=1.0",
    "0.1, 2.0, 1.0",
    "max_value=6",
    "max_value=0",
    "max_value=-1.0",
    "alpha=0.2, threshold=1.0",
    "max_value=2.0, threshold=1.0",
    "threshold=-2.0",
    "max_value=6.0, threshold=1.0",
    "alpha=0.1, max_value=6",
    "alpha=-0.5",
    "alpha=0.1, threshold=-1.0",
]:
    case(
        "relu_" + options,
        "tf.keras.activations.relu(x, %s)" % options,
        x=val([-3.0, -2.0, -1.0, 0.0, 0.5, 1.0, 2.0, 2.5, 6.0, 7.0]),
        grad="x",
        signed_zeros=True,
    )
case(
    "relu_ints",
    "[tf.keras.activations.relu(x), tf.keras.activations.relu(x, max_value=6)]",
    x=val([1, -9, 9], "int32"),
)
for alpha in ["2.0", "1", "0.5"]:
    case(
        "elu_" + alpha,
        "tf.keras.activations.elu(x, %s)" % alpha,
        x=val([-3.0, -1.0, 0.0, 2.0]),
        grad="x",
    )
case("elu_alpha_float64", "tf.keras.activations.elu(x, 2.0)", x=f64(4), grad="x")
case("softmax", "tf.keras.activations.softmax(x)", x=f32(3, 4), grad="x")
case("softmax_rank_3", "tf.keras.activations.softmax(x)", x=f32(2, 3, 4), grad="x")
case("softmax_axis", "tf.keras.activations.softmax(x, axis=1)", x=f32(2, 3, 4), grad="x")
case("softmax_axis_of_a_matrix", "tf.keras.activations.softmax(x, axis=0)", x=f32(3, 4), grad="x")
case(
    "softmax_large",
    "[tf.keras.activations.softmax(x), tf.keras.activations.softmax(x[None])]",
    x=val([[1000.0, 0.0], [-1000.0, 1000.0]]),
)
error(
    "softmax_vector",
    "tf.keras.activations.softmax(x)",
    x=f32(3),
    says=("Cannot apply softmax to a tensor that is 1D. Received input: tf.Tensor([",),
)
error(
    "softmax_scalar",
    "tf.keras.activations.softmax(x)",
    x=f32(),
    says=("Cannot apply softmax to a tensor that is 1D",),
)
case(
    "activation_names",
    "A = tf.keras.activations\n[A.get(None) is A.linear, A.get(len) is len, A.serialize(tf.nn.softmax), A.serialize(tf.nn.relu), A.serialize(tf.nn.sigmoid), A.serialize(tf.tanh), A.serialize(len), A.serialize(None), A.deserialize(None), A.deserialize('zz', {'zz': len}) is len]",
)
for name in ["Relu", "leaky_relu", "swish", "log_softmax", "gelu", ""]:
    error(
        "activation_unknown_" + name,
        "tf.keras.activations.get(%r)" % name,
        says=("Unknown activation function:" + name,),
    )
error(
    "activation_number",
    "tf.keras.activations.get(3)",
    says=("Could not interpret activation function identifier: 3",),
)
error(
    "activation_serialize_name",
    "tf.keras.activations.serialize('relu')",
    says=("Cannot serialize",),
)
error(
    "activation_deserialize_number",
    "tf.keras.activations.deserialize(3)",
    says=("Could not interpret serialized activation function: 3",),
)
error(
    "activation_config",
    "tf.keras.activations.get({'class_name': 'relu', 'config': {}})",
    says=("Unknown activation: relu",),
)

# -------------------------------------------------------------------------------- regularizers

R = "tf.keras.regularizers."
for made in [
    "l1()",
    "l2()",
    "l1_l2()",
    "l1(0.5)",
    "l2(l=0.5)",
    "l1_l2(0.1, 0.2)",
    "l1_l2(l1=0.0, l2=1)",
    "L1L2(0.1, 0.2)",
    "L1L2()",
    "l1(-1.0)",
    "l2(tf.constant(0.1))",
]:
    zero = made == "L1L2()"
    case(made, R + made + "(x)", x=f32(3, 4), grad="" if zero else "x")
    case(
        made + "_config",
        "r = %s%s\nagain = tf.keras.regularizers.deserialize(tf.keras.regularizers.serialize(r))\n[r.get_config(), tf.keras.regularizers.serialize(r), again.get_config(), type(again), type(r).from_config(r.get_config()).get_config(), r.l1, r.l2]"
        % (R, made),
    )
case("l2_of_zeros", R + "l1_l2(0.1, 0.2)(x)", x=val([0.0, 1.0, -1.0]), grad="x")
case("l1_l2_float64", R + "l1_l2(0.1, 0.2)(x)", x=f64(3, 4), grad="x")
case("l2_float16", R + "l2(0.1)(x)", x=f16(3, 4))
case("l2_variable", R + "l2(0.1)(x)", x=var(f32(3, 4)), grad="x")
case("l2_list", R + "l2(0.1)([1.0, 2.0])")
case("l2_empty", R + "l2(0.1)(x)", x=empty(0, 3))
error("l2_ints", R + "l2(0.5)(tf.constant([1, 2]))", says=("int32",))
error("l2_text", R + "l2('a')", says=("could not convert string to float",))
for name in ["l1", "l2", "l1_l2", "L1L2"]:
    case("get_" + name, "r = tf.keras.regularizers.get(%r)\n[type(r), r.get_config()]" % name)
    case(
        "get_config_" + name,
        "tf.keras.regularizers.get({'class_name': %r, 'config': %s}).get_config()"
        % (name, {"l": 0.5} if name in ("l1", "l2") else {"l1": 0.5, "l2": 0.0}),
    )
for name in ["L1", "l3", ""]:
    error(
        "regularizer_unknown_" + name,
        "tf.keras.regularizers.get(%r)" % name,
        says=("Unknown regularizer:" + name,),
    )
error(
    "regularizer_number",
    "tf.keras.regularizers.get(3)",
    says=("Could not interpret regularizer identifier", "3"),
)
error(
    "regularizer_unknown_config",
    "tf.keras.regularizers.get({'class_name': 'zz', 'config': {}})",
    says=("Unknown regularizer: zz",),
)
case(
    "regularizer_names",
    "R = tf.keras.regularizers\n[R.get(None), R.get(len) is len, R.get(R.l2) is R.l2, R.serialize(None), R.deserialize(None), R.deserialize('l2') is R.l2, R.Regularizer()(x)]",
    x=f32(2),
)
error(
    "regularizer_base_config",
    R + "Regularizer().get_config()",
    says=("does not implement get_config()",),
)

# --------------------------------------------------------------------------------- constraints

C = "tf.keras.constraints."
for made in [
    "MaxNorm()",
    "MaxNorm(1.0, axis=1)",
    "MaxNorm(2, axis=[0, 1])",
    "NonNeg()",
    "UnitNorm()",
    "UnitNorm(axis=1)",
    "MinMaxNorm()",
    "MinMaxNorm(0.5, 2.0, 0.5, 1)",
    "MinMaxNorm(1, 2)",
    "max_norm(3.0)",
    "non_neg()",
    "unit_norm()",
    "min_max_norm(0.1, 0.2)",
    "Constraint()",
]:
    case(made, C + made + "(w)", w=f32(3, 4), grad="w")
    case(made + "_variable", C + made + "(w) * 1", w=var(f32(3, 4)))
    case(
        made + "_special",
        C + made + "(w)",
        w=val([[0.0, 0.0, -1.0, "inf", "nan"], [0.0, 100.0, 1.0, 0.0, 1.0]]),
    )
    case(
        made + "_config",
        "c = %s%s\nagain = tf.keras.constraints.deserialize(tf.keras.constraints.serialize(c))\n[c.get_config(), tf.keras.constraints.serialize(c), type(again), again.get_config()]"
        % (C, made),
    )
    if made not in ("NonNeg()", "non_neg()"):
        case(made + "_float64", C + made + "(w)", w=f64(3, 4))
case("max_norm_kernel", C + "MaxNorm(0.5, axis=[0, 1, 2])(w)", w=f32(3, 3, 2, 4), grad="w")
case("max_norm_list", C + "MaxNorm(1.0)([[1.0, -2.0]])")
case("non_neg_signed_zeros", C + "NonNeg()(w)", w=val([0.0, -1.0, 2.0]), signed_zeros=True)
for size in [2, 3, 4, 5, 6, 7]:
    case("radial_%d" % size, C + "RadialConstraint()(w)", w=arange(size, size, 2, 3))
case("radial_float64", C + "radial_constraint()(w)", w=f64(3, 3, 1, 2))
error(
    "radial_matrix",
    C + "RadialConstraint()(w)",
    w=f32(2, 3),
    says=("The weight tensor must be of rank 4, but is of shape: (2, 3)",),
)
error("radial_not_square", C + "RadialConstraint()(w)", w=f32(3, 5, 1, 1))
error("max_norm_ints", C + "MaxNorm()(tf.constant([[1, 2]]))", says=("int32",))
for name in "max_norm maxnorm MaxNorm nonneg NonNeg non_neg unitnorm unit_norm UnitNorm min_max_norm MinMaxNorm radial_constraint RadialConstraint Constraint".split():
    case("get_" + name, "c = tf.keras.constraints.get(%r)\n[type(c), c.get_config()]" % name)
for name in ["minmaxnorm", "radialconstraint", "zz", ""]:
    error(
        "constraint_unknown_" + name,
        "tf.keras.constraints.get(%r)" % name,
        says=("Unknown constraint: " + name,),
    )
error(
    "constraint_number",
    "tf.keras.constraints.get(3)",
    says=("Could not interpret constraint identifier: 3",),
)
case(
    "constraint_names",
    "C = tf.keras.constraints\n[C.get(None), C.get(len) is len, C.get(C.NonNeg) is C.NonNeg, C.serialize(None), C.deserialize(None), C.get({'class_name': 'MaxNorm', 'config': {'max_value': 3, 'axis': 1}}).get_config(), C.max_norm is C.MaxNorm]",
)

# ----------------------------------------------------------------------------------- schedules

S = "tf.keras.optimizers.schedules."
X = "tf.keras.experimental."
SCHEDULES = [
    S + "ExponentialDecay(0.1, 10, 0.5)",
    S + "ExponentialDecay(0.1, 10, 0.96, staircase=True)",
    S + "ExponentialDecay(np.float64(0.1), 10, 0.5)",
    S + "PiecewiseConstantDecay([3, 10], [1.0, 0.5, 0.1])",
    S + "PiecewiseConstantDecay([3.0, 10.0], [1.0, 0.5, 0.1])",
    S + "PolynomialDecay(0.1, 10)",
    S + "PolynomialDecay(0.1, 10, 0.01, 2.0)",
    S + "PolynomialDecay(0.1, 10, 0.01, power=0.5, cycle=True)",
    S + "InverseTimeDecay(0.1, 10, 0.5)",
    S + "InverseTimeDecay(0.1, 10, 0.5, staircase=True)",
    X + "CosineDecay(0.1, 10)",
    X + "CosineDecay(0.1, 10, alpha=0.1)",
    X + "CosineDecayRestarts(0.1, 10)",
    X + "CosineDecayRestarts(0.1, 10, t_mul=1.0, m_mul=0.5, alpha=0.1)",
    X + "CosineDecayRestarts(0.1, 10, 1.5, 0.9)",
    X + "LinearCosineDecay(0.1, 10)",
    X + "LinearCosineDecay(0.1, 10, num_periods=1.0, alpha=0.1, beta=0.2)",
]
for made in SCHEDULES:
    short = made.rpartition("schedules.")[2].rpartition("experimental.")[2]
    # The steps at which two periods meet are left out: a rounding decides there.
    steps = "[0, 1, 4, 13, 27, 100]" if "Restarts" in made else "[0, 1, 3, 4, 10, 11, 25, 30]"
    case(
        short,
        "s = %s\n[s(i) for i in %s]" % (made, steps),
        rtol=1e-5,
        why="pow and cos of two libraries, amplified near a zero of the schedule",
    )
    case(
        short + "_steps",
        "s = %s\n[s(tf.constant(4)), s(tf.constant(4, tf.int64)), s(tf.Variable(4, dtype=tf.int64)), s(4.0), s(tf.constant(4.0)), s(np.int64(4))]"
        % made,
        rtol=1e-5,
        why="as above",
    )
    case(
        short + "_function",
        "s = %s\nf = tf.function(lambda i: s(i))\n[f(tf.constant(4, tf.int64)), f(tf.constant(7, tf.int64))]"
        % made,
        rtol=1e-5,
        why="as above",
    )
    if "float64" not in made:
        case(
            short + "_config",
            "s = %s\nT = tf.keras.optimizers.schedules\nagain = T.deserialize(T.serialize(s))\n[s.get_config(), list(s.get_config()), T.serialize(s), type(again), again.get_config(), type(s).from_config(s.get_config()).get_config()]"
            % made,
        )
case(
    "noisy",
    "s = tf.keras.experimental.NoisyLinearCosineDecay(0.1, 10)\n[s(3), s(3), s(8), s(20), s.get_config()]",
    seed=7,
    rtol=1e-5,
    why="sums that cancel",
)
case(
    "noisy_options",
    "s = tf.keras.experimental.NoisyLinearCosineDecay(0.1, 10, 0.5, 0.3, 2.0, 0.1, 0.2, 'n')\n[s(1), s(4), s.get_config()]",
    seed=3,
    rtol=1e-5,
    why="sums that cancel",
)
error(
    "piecewise_lengths",
    S + "PiecewiseConstantDecay([1, 2], [1.0, 2.0])",
    says=("The length of boundaries should be 1 less than the length of values",),
)
error(
    "piecewise_descending",
    S + "PiecewiseConstantDecay([200, 100], [1.0, 0.5, 0.1])(150)",
    adds=("boundaries must ascend",),
)
error("piecewise_none", S + "PiecewiseConstantDecay([1], [None, 1.0])(0)", says=("None",))
case("piecewise_ints", S + "PiecewiseConstantDecay([1], [1, 2])(0)")
error(
    "exponential_int_rate",
    S + "ExponentialDecay(1, 10, 0.5)(3)",
    says=("expected to be a int32 tensor but is a double tensor",),
)
error(
    "exponential_text",
    S + "ExponentialDecay(0.1, 10, 0.5)('a')",
    says=("Cast string to float is not supported",),
)
error("exponential_none", S + "ExponentialDecay(0.1, 10, 0.5)(None)", says=("None",))
error(
    "schedule_base_call",
    S + "LearningRateSchedule()(1)",
    says=("Learning rate schedule must override __call__",),
)
error(
    "schedule_base_config",
    S + "LearningRateSchedule().get_config()",
    says=("Learning rate schedule must override get_config",),
)
error(
    "schedule_serialize_base",
    S + "serialize(tf.keras.optimizers.schedules.LearningRateSchedule())",
    says=("override get_config",),
)
error("schedule_unknown", S + "deserialize('zz')", says=("Unknown decay:zz",))
error(
    "schedule_unknown_config",
    S + "deserialize({'class_name': 'zz', 'config': {}})",
    says=("Unknown decay: zz",),
)
error("schedule_number", S + "deserialize(3)", says=("Could not interpret serialized decay: 3",))
case(
    "schedule_own",
    "class Mine(tf.keras.optimizers.schedules.LearningRateSchedule):\n    def __call__(self, step):\n        return 0.1\n    def get_config(self):\n        return {}\nS = tf.keras.optimizers.schedules\n[type(S.deserialize(S.serialize(Mine()), {'Mine': Mine})), S.serialize(None), S.deserialize(None), tf.optimizers.schedules.ExponentialDecay is S.ExponentialDecay]",
)

# ----------------------------------------------------------------------------- names of objects

A = """
U = tf.keras.utils
class A:
    def __init__(self, v=1):
        self.v = v
    def get_config(self):
        return {'v': self.v}
    @classmethod
    def from_config(cls, config):
        return cls(**config)
def f(x):
    return x
before = dict(U.get_custom_objects())
"""
case(
    "scope",
    A
    + """
with U.custom_object_scope({'Q': A}, {'W': f}) as scope:
    inside = sorted(set(U.get_custom_objects()) - set(before))
    made = U.deserialize_keras_object({'class_name': 'Q', 'config': {'v': 3}}).v
    U.get_custom_objects()['extra'] = 1
[type(scope), inside, made, sorted(set(U.get_custom_objects()) - set(before))]
""",
)
case(
    "register",
    A
    + """
same = U.register_keras_serializable()(A) is A
U.register_keras_serializable('pk', 'nm')(f)
added = sorted(set(U.get_custom_objects()) - set(before))
result = [same, added, U.serialize_keras_object(A(2)), U.serialize_keras_object(f),
    U.deserialize_keras_object({'class_name': 'Custom>A', 'config': {'v': 7}}).v, U.deserialize_keras_object('pk>nm') is f, A.__name__,
    attempt(U.register_keras_serializable(name='other'), A), attempt(U.register_keras_serializable('pk', 'nm'), len)]
for name in added:
    del U.get_custom_objects()[name]
""",
)
error(
    "register_no_config",
    "tf.keras.utils.register_keras_serializable()(type('B', (), {}))",
    says=("Cannot register a class that does not have a get_config() method.",),
)
case(
    "nested",
    A
    + """
class Outer:
    def __init__(self, inner=None, fn=None, x=None):
        self.inner, self.fn, self.x = inner, fn, x
    def get_config(self):
        return {'inner': self.inner, 'fn': self.fn, 'x': self.x}
with U.CustomObjectScope({'A': A, 'Outer': Outer, 'f': f}):
    config = U.serialize_keras_object(Outer(A(5), f, [1, 'two', None]))
    again = U.deserialize_keras_object(U.serialize_keras_object(Outer(A(5), f, [1, 'two', None])))
    result = [config, type(again), type(again.inner), again.inner.v, again.fn is f, again.x]
""",
)
case(
    "serialize",
    A
    + "[U.serialize_keras_object(None), U.serialize_keras_object(f), U.serialize_keras_object(A(2))] + [attempt(U.serialize_keras_object, x) for x in (3, 's', object(), A)]",
)
case(
    "deserialize",
    A
    + """
class Plain:
    def __init__(self, a=1):
        self.a = a
class Takes:
    def __init__(self, a):
        self.a = a
    @classmethod
    def from_config(cls, config, custom_objects=None):
        return cls([config, sorted(set(custom_objects) - set(before))])
[U.deserialize_keras_object(None), type(U.deserialize_keras_object('A', {'A': A})), U.deserialize_keras_object('f', {'f': f}) is f,
    U.deserialize_keras_object({'class_name': 'Plain', 'config': {'a': 2}}, {'Plain': Plain}).a,
    U.deserialize_keras_object({'class_name': 'f', 'config': {'x': 2}}, {'f': f}),
    U.deserialize_keras_object({'class_name': 'Takes', 'config': {'a': 2}}, {'Takes': Takes}, {'z': 1}).a]
""",
)
for label, arguments, words in [
    ("name", "'zz', {}, None, 'thing'", "Unknown thing:zz"),
    ("class", "{'class_name': 'zz', 'config': {}}, {}, None, 'thing'", "Unknown thing: zz"),
    ("format", "{'a': 1}", "Improper config format: {'a': 1}"),
    ("number", "4, printable_module_name='thing'", "Could not interpret serialized thing: 4"),
    ("function", "len", "Could not interpret serialized object"),
]:
    error(
        "deserialize_bad_" + label,
        "tf.keras.utils.deserialize_keras_object(%s)" % arguments,
        says=(words,),
    )

# -------------------------------------------------------------------------------------- arrays

for y in [
    "[0, 2, 1]",
    "[[0], [2]]",
    "[[0, 1], [2, 0]]",
    "3",
    "[0.9, 1.2]",
    "tf.constant([0, 1])",
    "[True, False]",
    "[[[1]], [[0]]]",
    "[1]",
    "np.array([1, 0], 'uint8')",
]:
    case("to_categorical(%s)" % y, "tf.keras.utils.to_categorical(%s)" % y)
case(
    "to_categorical_options",
    "[tf.keras.utils.to_categorical([0, 2, 1], 4, 'int32'), tf.keras.utils.to_categorical([0, -1], num_classes=3, dtype=bool), tf.keras.utils.to_categorical([], 3)]",
)
error("to_categorical_range", "tf.keras.utils.to_categorical([0, 5], 3)")
error("to_categorical_empty", "tf.keras.utils.to_categorical([])")
error("to_categorical_text", "tf.keras.utils.to_categorical(['a'])")
for arguments in [
    "[[3.0, 4.0], [0.0, 0.0]]",
    "np.array([[3.0, 4.0], [1.0, 0.0]]), axis=0",
    "np.array([[3.0, 4.0]]), order=1",
    "np.array([3.0, 4.0])",
    "np.array([3.0, 4.0]), order=np.inf",
    "np.ones((2, 2, 2))",
    "np.array([3, 4])",
    "np.array([3.0, 4.0]), -1, 3",
    "np.array([3, 4], 'float32')",
]:
    case("normalize(%s)" % arguments, "tf.keras.utils.normalize(%s)" % arguments)

# ------------------------------------------------------------------------------------ settings

case(
    "settings",
    """
K = tf.keras.backend
before = [K.epsilon(), K.floatx(), K.image_data_format()]
try:
    K.set_epsilon(1e-3)
    K.set_floatx('float64')
    K.set_image_data_format('channels_first')
    now = [K.epsilon(), K.floatx(), K.image_data_format()]
    values = [tf.keras.losses.categorical_crossentropy([[1.0, 0.0]], [[0.0, 1.0]]), tf.keras.losses.Huber()([[1.0, 0.0]], [[0.0, 1.0]]),
        tf.keras.constraints.MaxNorm()(tf.constant([1.0, 3.0])), tf.keras.regularizers.l1(0.1).l1, K.cast_to_floatx([1, 2]), K.cast_to_floatx(tf.constant(1))]
finally:
    K.set_epsilon(1e-7)
    K.set_floatx('float32')
    K.set_image_data_format('channels_last')
[before, now, values]
""",
)
error(
    "floatx_unknown", "tf.keras.backend.set_floatx('int32')", says=("Unknown floatx type: int32",)
)
error(
    "image_data_format_unknown",
    "tf.keras.backend.set_image_data_format('zz')",
    says=("Unknown data_format: zz",),
)
case("keras_version", "tf.keras.__version__")
case(
    "initializers",
    "K = tf.keras.initializers\n[K.glorot_uniform is tf.initializers.GlorotUniform, K.Zeros is tf.zeros_initializer, K.get is tf.initializers.get, type(K.get('he_normal')), K.serialize(K.Constant(2.0))]",
)
