"""Elementwise functions of tf and tf.math, one number at a time or two with broadcasting."""

from golden.table import (
    Table,
    bools,
    c64,
    c128,
    empty,
    f16,
    f32,
    f64,
    i32,
    i64,
    ints,
    positive,
    raw,
    specials,
    uniform,
    val,
)

table = Table("elementwise")
case, error = table.case, table.error

# ------------------------------------------------------------------------------- one argument
# Name -> the interval in which function and gradient are tame.
UNARY = {
    "tf.abs": (-3, 3),
    "tf.acos": (-0.9, 0.9),
    "tf.acosh": (1.1, 5),
    "tf.asin": (-0.9, 0.9),
    "tf.asinh": (-3, 3),
    "tf.atan": (-3, 3),
    "tf.atanh": (-0.9, 0.9),
    "tf.cos": (-6, 6),
    "tf.cosh": (-3, 3),
    "tf.exp": (-4, 4),
    "tf.floor": (-4, 4),
    "tf.identity": (-4, 4),
    "tf.math.bessel_i0": (-3, 3),
    "tf.math.bessel_i0e": (-9, 9),
    "tf.math.bessel_i1": (-3, 3),
    "tf.math.bessel_i1e": (-9, 9),
    "tf.math.ceil": (-4, 4),
    "tf.math.digamma": (0.2, 6),
    "tf.math.erf": (-2, 2),
    "tf.math.erfc": (-2, 2),
    "tf.math.expm1": (-1, 1),
    "tf.math.lgamma": (0.2, 6),
    "tf.math.log": (0.1, 9),
    "tf.math.log1p": (-0.5, 3),
    "tf.math.log_sigmoid": (-5, 5),
    "tf.math.reciprocal": (0.2, 5),
    "tf.math.reciprocal_no_nan": (0.2, 5),
    "tf.math.rint": (-4, 4),
    "tf.math.rsqrt": (0.2, 9),
    "tf.math.softplus": (-5, 5),
    "tf.math.softsign": (-5, 5),
    "tf.negative": (-4, 4),
    "tf.round": (-4, 4),
    "tf.sigmoid": (-5, 5),
    "tf.sign": (-4, 4),
    "tf.sin": (-6, 6),
    "tf.sinh": (-3, 3),
    "tf.sqrt": (0.1, 9),
    "tf.square": (-4, 4),
    "tf.tan": (-1.3, 1.3),
    "tf.tanh": (-3, 3),
}
# Apart, because their special numbers are rows of their own below.
QUANTILES = {"tf.math.erfinv": (-0.9, 0.9), "tf.math.ndtri": (0.05, 0.95)}
LOOSE = {
    "tf.math.bessel_i0": 1e-5,
    "tf.math.bessel_i0e": 1e-5,
    "tf.math.bessel_i1": 1e-5,
    "tf.math.bessel_i1e": 1e-5,
    "tf.math.digamma": 1e-5,
    "tf.math.lgamma": 1e-5,
    "tf.math.erfinv": 1e-5,
    "tf.math.ndtri": 1e-5,
    "tf.acosh": 1e-5,
    "tf.atanh": 1e-5,
    "tf.asinh": 1e-5,
    "tf.sinh": 1e-5,
    "tf.cosh": 1e-5,
}


def short(name):
    return name.rsplit(".", 1)[1]


def loose(name):
    if name not in LOOSE:
        return {}
    return {"rtol": LOOSE[name], "why": "another approximation of the function in float32"}


for name, (low, high) in list(UNARY.items()) + list(QUANTILES.items()):
    call = name + "(x)"
    case(short(name) + "_f32", call, x=uniform(low, high, 2, 4), grad="x", **loose(name))
    case(short(name) + "_f64", call, x=uniform(low, high, 5, dtype="float64"), grad="x")
    case(short(name) + "_scalar", call, x=uniform(low, high), **loose(name))
    case(short(name) + "_empty", call, x=empty(0, 3))

# TensorFlow's vector instructions and its scalar code disagree about the sign of zero here.
ANY_ZERO = "tf.negative tf.math.log_sigmoid tf.math.bessel_i1 tf.math.bessel_i1e".split()
for name in UNARY:
    options = dict(loose(name), signed_zeros=name not in ANY_ZERO)
    if name == "tf.sqrt":
        options["differs"] = "TensorFlow's vectorised square root of inf is nan"
    case(short(name) + "_special", name + "(x)", x=specials(), **options)

# Where a function is masked out, does its infinite slope still reach the gradient?
for name in "sqrt math.rsqrt math.reciprocal math.log math.log1p acos asin atanh acosh tan".split():
    case(
        "masked_" + short("." + name),
        "tf.where(x > 0.4, tf.%s(x), 0.0)" % name,
        x=val([-1.0, 0.0, 0.5]),
        grad="x",
        **loose("tf." + name),
    )
    case(
        "no_output_gradient_" + short("." + name),
        "tf.%s(x) * 0.0" % name,
        x=val([-2.0, -1.0, 0.0, 1.0, 2.0]),
        grad="x",
        **loose("tf." + name),
    )
case("masked_division", "tf.where(x > 0.0, 1.0 / x, 0.0)", x=val([0.0, 2.0]), grad="x")
case("masked_pow", "tf.where(x > 0.0, x ** 0.5, 0.0)", x=val([-1.0, 0.0, 4.0]), grad="x")
case("masked_norm", "tf.norm(x) * 0.0", x=val([0.0, 0.0]), grad="x")
case("masked_std", "tf.math.reduce_std(x) * 0.0", x=val([1.0, 1.0]), grad="x")

for name in ["tf.abs", "tf.negative", "tf.sign", "tf.square", "tf.identity"]:
    case(short(name) + "_i32", name + "(x)", x=i32(5))
    case(short(name) + "_i64", name + "(x)", x=i64(5))
for name in ["tf.exp", "tf.sigmoid", "tf.tanh", "tf.sqrt", "tf.math.log", "tf.abs", "tf.square"]:
    case(short(name) + "_f16", name + "(x)", x=uniform(0.5, 2, 4, dtype="float16"), grad="x")
for name in ["tf.exp", "tf.sin", "tf.cos", "tf.sqrt", "tf.math.log", "tf.tanh", "tf.square"]:
    case(short(name) + "_c64", name + "(x)", x=c64(4), rtol=1e-5, why="complex parts from products")
    case(short(name) + "_c128", name + "(x)", x=c128(4), rtol=1e-11, why="the same")
for name in ["tf.abs", "tf.negative", "tf.math.reciprocal", "tf.math.conj", "tf.math.real"]:
    case(short(name) + "_c64", name + "(x)", x=c64(2, 2), rtol=1e-5, why="complex parts")
case("imag_c128", "tf.math.imag(x)", x=c128(3))
case("angle_c64", "tf.math.angle(x)", x=c64(6), rtol=1e-5, why="atan2 in float32")
case("angle_real", "tf.math.angle(x)", x=val([-1.0, 0.0, 2.0]))
case("real_of_real", "tf.math.real(x)", x=f32(3))
case("conj_of_real", "tf.math.conj(x)", x=f32(3))
case("complex", "tf.complex(x, y)", x=f32(3), y=f32(3))
case("complex_f64", "tf.complex(x, y)", x=f64(3), y=f64(3))
case(
    "complex_grad",
    "tf.math.real(tf.complex(x, y) * tf.complex(y, x))",
    x=f32(3),
    y=f32(3),
    grad="x,y",
    atol=1e-6,
    why="the real part is zero up to rounding",
)
case("abs_complex_grad", "tf.abs(tf.complex(x, y))", x=f32(3), y=f32(3), grad="x,y")

case("round_half_even", "tf.round(x)", x=val([0.5, 1.5, 2.5, -0.5, -1.5, -2.5]), signed_zeros=True)
case("rint_half_even", "tf.math.rint(x)", x=val([0.5, 1.5, 2.5, -0.5, -1.5]))
case("round_int", "tf.round(x)", x=i32(4))
case("abs_int_min", "tf.abs(x)", x=val([-(2**31), -1, 7], "int32"))
case("sign_complex", "tf.sign(x)", x=val([3 + 4j, 0j, -2j], "complex64"))
case("square_wraps", "tf.square(x)", x=val([65536, 46341], "int32"))
case("exp_overflow", "tf.exp(x)", x=val([88.0, 89.0, 1000.0, -1000.0, -104.0]))
case("softplus_large", "tf.math.softplus(x)", x=val([-200.0, -20.0, 0.0, 20.0, 200.0]))
case("sigmoid_large", "tf.sigmoid(x)", x=val([-200.0, -88.0, -20.0, 20.0, 200.0]))
case("log_sigmoid_large", "tf.math.log_sigmoid(x)", x=val([-200.0, -20.0, 20.0, 200.0]), grad="x")
case("sqrt_zero_gradient", "tf.sqrt(x)", x=val([0.0, 4.0]), grad="x")
case("abs_zero_gradient", "tf.abs(x)", x=val([0.0, -2.0, 3.0]), grad="x")
case("log_zero_gradient", "tf.math.log(x)", x=val([0.0, 2.0]), grad="x")
case("rsqrt_zero", "tf.math.rsqrt(x)", x=val([0.0, 4.0]))
case(
    "lgamma_negative",
    "tf.math.lgamma(x)",
    x=val([-0.5, -1.5, -2.0, 0.0, 3.0, 100.0]),
    rtol=1e-5,
    why="reflection",
)
case(
    "digamma_negative",
    "tf.math.digamma(x)",
    x=val([-0.5, -1.5, 3.0, 100.0]),
    rtol=1e-5,
    why="reflection",
)
case("erf_tail", "tf.math.erf(x)", x=val([-6.0, -3.0, 3.0, 6.0]))
case(
    "erfc_tail",
    "tf.math.erfc(x)",
    x=val([-6.0, 2.0, 3.0, 5.0]),
    rtol=1e-4,
    why="relative error of a tail",
)
case("log_int_list", "tf.math.log([1.0, 2.0])")
case("exp_python_number", "tf.exp(1.0)")
case("exp_numpy", "tf.exp(x)", x=raw(f64(3)))
case("sqrt_numpy_f32", "tf.sqrt(x)", x=raw(positive(3)))
case("square_python_int", "tf.square(5)")
case("square_nested_list", "tf.square([[1, 2], [3, 4]])")
case("negative_bool_list", "attempt(tf.negative, [True])")
case("is_nan", "tf.math.is_nan(x)", x=specials())
case("is_inf", "tf.math.is_inf(x)", x=specials())
case("is_finite", "tf.math.is_finite(x)", x=specials("float64"))
case("logical_not", "tf.logical_not(x)", x=bools(5))
case("reciprocal_no_nan_zero", "tf.math.reciprocal_no_nan(x)", x=val([0.0, 2.0, -4.0]))
case("reciprocal_zero", "tf.math.reciprocal(x)", x=val([0.0, -0.0, 2.0]))
case("floor_identity_f16", "tf.floor(x)", x=f16(4))
case("identity_list", "tf.identity([1, 2])")
case("identity_n", "tf.identity_n([x, y])", x=f32(2), y=i32(2))
case("stop_gradient", "tf.stop_gradient(x) * x", x=f32(3), grad="x")
case("scalar_mul", "tf.math.scalar_mul(3.0, x)", x=f32(3), grad="x")
case("scalar_mul_top", "tf.scalar_mul(tf.constant(2.0), x)", x=f32(3))
case("polyval", "tf.math.polyval([3.0, 2.0, x], y)", x=f32(), y=f32(3), grad="x,y")
case("polyval_empty", "tf.math.polyval([], x)", x=f32(3))
case("polyval_one", "tf.math.polyval([x], 4.0)", x=f32())
case("lbeta", "tf.math.lbeta(x)", x=positive(2, 3), grad="x", rtol=1e-5, why="lgamma in float32")
case("lbeta_f64", "tf.math.lbeta(x)", x=positive(4, dtype="float64"))
case("nextafter", "tf.math.nextafter(x, y)", x=f64(3), y=f64(3), rtol=0.0, atol=0.0, why="exact")
case(
    "nextafter_f32", "tf.math.nextafter(x, y)", x=f32(3), y=f32(3), rtol=0.0, atol=0.0, why="exact"
)

# ------------------------------------------------------------------------------ two arguments
BINARY = [
    "tf.add",
    "tf.subtract",
    "tf.multiply",
    "tf.divide",
    "tf.truediv",
    "tf.realdiv",
    "tf.maximum",
    "tf.minimum",
    "tf.math.squared_difference",
    "tf.math.divide_no_nan",
    "tf.math.multiply_no_nan",
    "tf.math.floordiv",
    "tf.math.floormod",
    "tf.math.mod",
    "tf.truncatemod",
    "tf.atan2",
]
for name in BINARY:
    call = name + "(x, y)"
    # TensorFlow 2.1 has no gradient for the truncated remainder.
    one, both = ({}, {}) if name == "tf.truncatemod" else ({"grad": "x"}, {"grad": "x,y"})
    case(short(name) + "_f32", call, x=f32(2, 3), y=f32(2, 3), **both)
    case(short(name) + "_f64", call, x=f64(4), y=f64(4), **both)
    if name == "tf.atan2":
        both = dict(both, differs="TensorFlow 2.1 forgets to sum this gradient over broadcast axes")
    case(short(name) + "_broadcast", call, x=f32(2, 1, 3), y=f32(4, 1), **both)
    case(
        short(name) + "_special",
        call,
        x=specials(),
        y=val([[1.0], [0.0], [-2.0], ["inf"], ["nan"]]),
        signed_zeros=name != "tf.truncatemod",
    )
    case(short(name) + "_empty", call, x=empty(0, 3), y=f32(3))
    case(short(name) + "_scalars", call, x=f32(), y=f32())
    case(short(name) + "_python_right", name + "(x, 2.0)", x=f32(3), **one)
    case(short(name) + "_python_left", name + "(2.0, x)", x=f32(3), **one)
for name in [
    "tf.add",
    "tf.subtract",
    "tf.multiply",
    "tf.maximum",
    "tf.minimum",
    "tf.math.squared_difference",
    "tf.math.floordiv",
    "tf.math.floormod",
    "tf.truncatediv",
    "tf.truncatemod",
    "tf.truediv",
    "tf.divide",
]:
    signs = val([7, -7, 7, -7, 6, -6], "int32"), val([2, 2, -2, -2, 3, -3], "int32")
    case(short(name) + "_i32", name + "(x, y)", x=signs[0], y=signs[1])
    case(
        short(name) + "_i64",
        name + "(x, y)",
        x=ints(-50, 50, 6, dtype="int64"),
        y=ints(1, 9, 6, dtype="int64"),
    )
for name in ["tf.truediv", "tf.math.floordiv", "tf.truncatediv"]:
    case(
        short(name) + "_u8",
        name + "(x, y)",
        x=ints(0, 200, 4, dtype="uint8"),
        y=ints(1, 9, 4, dtype="uint8"),
    )
case(
    "truediv_i8",
    "tf.truediv(x, y)",
    x=ints(-99, 99, 4, dtype="int8"),
    y=ints(1, 9, 4, dtype="int8"),
)
case(
    "truediv_i16",
    "tf.truediv(x, y)",
    x=ints(-99, 99, 4, dtype="int16"),
    y=ints(1, 9, 4, dtype="int16"),
)
case(
    "floordiv_signs",
    "tf.math.floordiv(x, y)",
    x=val([7.0, -7.0, 7.0, -7.0, 0.0, -0.0]),
    y=val([2.0, 2.0, -2.0, -2.0, 3.0, 3.0]),
)
case(
    "floormod_signs",
    "tf.math.floormod(x, y)",
    x=val([7.0, -7.0, 7.0, -7.0, 6.0]),
    y=val([2.0, 2.0, -2.0, -2.0, 3.0]),
)
case(
    "truncatemod_signs",
    "tf.truncatemod(x, y)",
    x=val([7.0, -7.0, 7.0, -7.0, 6.0]),
    y=val([2.0, 2.0, -2.0, -2.0, 3.0]),
)
case("add_u8_wraps", "tf.add(x, y)", x=val([250, 10], "uint8"), y=val([10, 20], "uint8"))
case("multiply_i32_wraps", "tf.multiply(x, y)", x=val([2**30], "int32"), y=val([4], "int32"))
case("add_strings", 'tf.add(tf.constant(["a", "b"]), "c")')
case("add_c64", "tf.add(x, y)", x=c64(3), y=c64(3))
case(
    "divide_c64",
    "tf.divide(x, y)",
    x=c64(3),
    y=c64(3),
    rtol=1e-5,
    why="complex parts from products",
)
case(
    "multiply_grad_complex",
    "tf.math.real(x * tf.math.conj(x))",
    x=c64(3),
    grad="x",
    rtol=1e-5,
    why="complex",
)
case("divide_python_numbers", "tf.divide(7, 2)")
case("divide_python_lists", "attempt(tf.divide, [7], [2])")
case("add_lists", "tf.add([1, 2], [3, 4])")
case("add_numpy_and_list", "tf.add(x, [1.0, 2.0])", x=raw(f64(2)))
case("multiply_numpy_f32", "tf.multiply(x, 2.0)", x=raw(f32(2)))
case("truediv_python_ints", "tf.truediv(7, 2)")
case(
    "divide_no_nan_zero",
    "tf.math.divide_no_nan(x, y)",
    x=val([1.0, 0.0, "nan"]),
    y=val([0.0, 0.0, 0.0]),
    grad="x,y",
)
case(
    "multiply_no_nan_zero",
    "tf.math.multiply_no_nan(x, y)",
    x=val(["nan", "inf", 2.0]),
    y=val([0.0, 0.0, 3.0]),
    grad="x,y",
)
error(
    "truncatemod_gradient",
    """
with tf.GradientTape() as tape:
    tape.watch(x)
    y = tf.truncatemod(x, 2.0)
tape.gradient(y, x)
""",
    x=f32(3),
    says=("TruncateMod",),
    differs="Reflow has a gradient for the truncated remainder",
)
case(
    "maximum_tie_gradient",
    "tf.maximum(x, y)",
    x=val([1.0, 2.0, 3.0]),
    y=val([1.0, 3.0, 2.0]),
    grad="x,y",
)
case(
    "minimum_tie_gradient",
    "tf.minimum(x, y)",
    x=val([1.0, 2.0, 3.0]),
    y=val([1.0, 3.0, 2.0]),
    grad="x,y",
)
case("xlogy", "tf.math.xlogy(x, y)", x=val([0.0, 1.0, 2.0]), y=val([0.0, 2.0, 3.0]), grad="x,y")
case("xdivy", "tf.math.xdivy(x, y)", x=val([0.0, 1.0, 2.0]), y=val([0.0, 2.0, 3.0]), grad="x,y")
case("xlogy_broadcast", "tf.math.xlogy(x, y)", x=f32(2, 1), y=positive(3), grad="x,y")

POWERS = [
    ("pow_positive", positive(5), f32(5)),
    ("pow_broadcast", positive(2, 1), f32(3)),
    ("pow_f64", positive(4, dtype="float64"), f64(4)),
    ("pow_negative_base_integral", val([-2.0, -3.0, -1.5]), val([2.0, 3.0, -2.0])),
    ("pow_negative_base", val([-2.0, -8.0]), val([0.5, 1.5])),
    ("pow_zero_base", val([0.0, 0.0, 0.0]), val([2.0, 0.0, 1.0])),
    ("pow_special", specials(), val([[0.0], [1.0], [2.0], [-1.0], [0.5], ["nan"], ["inf"]])),
]
for name, x, y in POWERS:
    case(
        name, "tf.pow(x, y)", x=x, y=y, grad="x,y", rtol=1e-5, why="exp of a product of a logarithm"
    )
case("pow_python_int", "tf.pow(x, 2)", x=f32(4), grad="x")
case("pow_python_int_3", "tf.pow(x, 3)", x=f32(4), grad="x")
case("pow_python_float", "tf.pow(x, 0.5)", x=positive(4), grad="x")
case("pow_python_left", "tf.pow(2.0, x)", x=f32(4), grad="x")
case("pow_i32", "tf.pow(x, y)", x=i32(5), y=ints(0, 5, 5))
case("pow_i64", "tf.pow(x, 3)", x=i64(5))
case("pow_list", "tf.pow([[2, 2], [3, 3]], [[8, 16], [2, 3]])")
case("pow_c64", "tf.pow(x, y)", x=c64(3), y=c64(3), rtol=1e-4, why="complex logarithm")
error(
    "pow_negative_exponent",
    "tf.pow(x, -1)",
    x=val([2, 3], "int32"),
    says=("Integers to negative integer powers are not allowed", "[Op:Pow]"),
)

COMPARE = ["equal", "not_equal", "less", "less_equal", "greater", "greater_equal"]
for name in COMPARE:
    call = "tf.%s(x, y)" % name
    case(name + "_i32", call, x=ints(0, 3, 8), y=ints(0, 3, 8))
    case(name + "_special", call, x=specials(), y=val([[0.0], [1.0], ["nan"], ["inf"]]))
    case(name + "_python", "tf.%s(x, 1)" % name, x=ints(0, 3, 5))
    case(name + "_empty", call, x=empty(0), y=f32())
for name in ["equal", "not_equal"]:
    case(name + "_bool", "tf.%s(x, y)" % name, x=bools(5), y=bools(5))
    case(name + "_string", 'tf.%s(["a", "b"], ["a", "c"])' % name)
    case(
        name + "_c64",
        "tf.%s(x, y)" % name,
        x=val([1 + 1j, 2], "complex64"),
        y=val([1 + 1j, 3], "complex64"),
    )
    case(name + "_incompatible", "attempt(tf.%s, tf.zeros([2]), tf.zeros([3]))" % name)
for name in ["logical_and", "logical_or", "math.logical_xor"]:
    case(short("." + name), "tf.%s(x, y)" % name, x=bools(2, 4), y=bools(4))
    case(short("." + name) + "_python", "tf.%s(x, True)" % name, x=bools(4))
case("add_n", "tf.add_n([x, y, x])", x=f32(2, 2), y=f32(2, 2), grad="x,y")
case("add_n_one", "tf.add_n([x])", x=f32(2), grad="x")
case("add_n_int", "tf.add_n([x, y])", x=i32(3), y=i32(3))
case("add_n_numbers", "tf.add_n([1.0, 2.0, 3.5])")
case("add_n_tuple", "tf.add_n((x, y))", x=f32(2), y=f32(2))
case("accumulate_n", "tf.math.accumulate_n([x, y])", x=f32(2), y=f32(2))

# --------------------------------------------------------------------------- special functions
case(
    "igamma",
    "tf.math.igamma(a, x)",
    a=positive(5),
    x=positive(5),
    grad="x",
    rtol=1e-5,
    why="series in float32",
)
case(
    "igammac",
    "tf.math.igammac(a, x)",
    a=positive(5),
    x=positive(5),
    grad="x",
    rtol=1e-5,
    why="series in float32",
)
case(
    "igamma_f64",
    "tf.math.igamma(a, x)",
    a=positive(5, dtype="float64"),
    x=positive(5, dtype="float64"),
    rtol=1e-11,
    why="series",
)
case("igamma_edges", "tf.math.igamma(a, x)", a=val([1.0, 1.0, 5.0]), x=val([0.0, "inf", 100.0]))
case(
    "igammac_edges",
    "tf.math.igammac(a, x)",
    a=val([1.0, 1.0, 5.0]),
    x=val([0.0, "inf", 100.0]),
    atol=1e-30,
    why="a tail of 1e-37",
)
case(
    "betainc",
    "tf.math.betainc(a, b, x)",
    a=positive(5),
    b=positive(5),
    x=uniform(0.05, 0.95, 5),
    grad="x",
    rtol=2e-5,
    why="continued fraction in float32",
)
case(
    "betainc_f64",
    "tf.math.betainc(a, b, x)",
    a=positive(5, dtype="float64"),
    b=positive(5, dtype="float64"),
    x=uniform(0.05, 0.95, 5, dtype="float64"),
    rtol=1e-10,
    why="continued fraction",
)
case(
    "zeta",
    "tf.math.zeta(x, q)",
    x=uniform(1.5, 5, 5),
    q=positive(5),
    rtol=1e-5,
    why="series in float32",
)
case(
    "zeta_f64",
    "tf.math.zeta(x, q)",
    x=uniform(1.5, 5, 5, dtype="float64"),
    q=positive(5, dtype="float64"),
    rtol=1e-11,
    why="series",
)
case(
    "polygamma",
    "tf.math.polygamma(a, x)",
    a=val([0.0, 1.0, 2.0, 3.0]),
    x=positive(4),
    rtol=2e-5,
    why="series in float32",
)
case(
    "polygamma_grad",
    "tf.math.polygamma(a, x)",
    a=val([1.0, 2.0], "float64"),
    x=positive(2, dtype="float64"),
    grad="x",
    rtol=1e-10,
    why="series",
)
case("erfinv_edges", "tf.math.erfinv(x)", x=val([-1.0, 0.0, 1.0, 2.0]))
case(
    "ndtri_edges",
    "tf.math.ndtri(x)",
    x=val([0.0, 0.5, 1.0]),
    atol=1e-6,
    why="0.5 maps to zero up to rounding",
)
