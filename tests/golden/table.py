"""The rows of the golden tests: what to evaluate and on which inputs.

A row is evaluated twice: by TensorFlow 2.1.0, which records the outcome under ``values/``, and by
Reflow, whose outcome must equal it. This module runs on both sides, so it keeps to Python 3.7.
"""

import zlib

import numpy as np

# ------------------------------------------------------------------------------------- inputs


class Input:
    """An input described by a maker's name and arguments; made anew for every evaluation.

    Random makers draw from a NumPy stream seeded with the row's and the input's names, so that a
    row's numbers do not depend on its neighbours.
    """

    def __init__(self, maker, *args, form="constant"):
        self.maker = maker
        self.args = args
        self.form = form

    def __repr__(self):
        return "%s%r:%s" % (self.maker, self.args, self.form)

    def array(self, seed):
        """The input's values as a NumPy array."""
        return _MAKERS[self.maker](np.random.RandomState(seed), *self.args)

    def make(self, tf, seed):
        """The input as the row asks for it: a constant, a variable, or the NumPy array itself."""
        array = self.array(seed)
        if self.form == "raw":
            return array
        return tf.Variable(array) if self.form == "variable" else tf.constant(array)


def _normal(random, dtype, shape):
    return np.asarray(random.randn(*shape)).astype(dtype)


def _uniform(random, dtype, low, high, shape):
    return np.asarray(low + (high - low) * random.rand(*shape)).astype(dtype)


def _integers(random, dtype, low, high, shape):
    return np.asarray(random.randint(low, high, size=shape)).astype(dtype)


def _complex(random, dtype, shape):
    return np.asarray(random.randn(*shape) + 1j * random.randn(*shape)).astype(dtype)


def _booleans(random, shape):
    return np.asarray(random.rand(*shape) < 0.5)


def _values(random, dtype, nested):
    # Strings stand for what a literal cannot say in a row: "nan", "inf", "-inf".
    return np.array(nested, dtype=dtype)


def _special(random, dtype):
    values = ["nan", "inf", "-inf", 0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 1e-3, 30.0, -30.0]
    return np.array([float(v) for v in values]).astype(dtype)


def _spd(random, dtype, shape):
    a = random.randn(*shape)
    return (np.matmul(a, np.swapaxes(a, -1, -2)) + shape[-1] * np.eye(shape[-1])).astype(dtype)


def _permutation(random, dtype, count):
    return random.permutation(count).astype(dtype)


def _empty(random, dtype, shape):
    return np.zeros(shape, dtype)


def _arange(random, dtype, count, shape):
    return np.arange(count).astype(dtype).reshape(shape)


_MAKERS = {
    "normal": _normal,
    "uniform": _uniform,
    "integers": _integers,
    "complex": _complex,
    "booleans": _booleans,
    "values": _values,
    "special": _special,
    "spd": _spd,
    "permutation": _permutation,
    "empty": _empty,
    "arange": _arange,
}


def f32(*shape):
    """Standard normal float32."""
    return Input("normal", "float32", shape)


def f64(*shape):
    """Standard normal float64."""
    return Input("normal", "float64", shape)


def f16(*shape):
    """Standard normal float16."""
    return Input("normal", "float16", shape)


def c64(*shape):
    """Normal real and imaginary parts, complex64."""
    return Input("complex", "complex64", shape)


def c128(*shape):
    """Normal real and imaginary parts, complex128."""
    return Input("complex", "complex128", shape)


def uniform(low, high, *shape, dtype="float32"):
    """Uniform numbers in [low, high)."""
    return Input("uniform", dtype, low, high, shape)


def positive(*shape, dtype="float32"):
    """Uniform numbers in [0.1, 3)."""
    return Input("uniform", dtype, 0.1, 3.0, shape)


def ints(low, high, *shape, dtype="int32"):
    """Integers in [low, high)."""
    return Input("integers", dtype, low, high, shape)


def i32(*shape):
    """Integers in [-9, 10), int32."""
    return ints(-9, 10, *shape)


def i64(*shape):
    """Integers in [-9, 10), int64."""
    return ints(-9, 10, *shape, dtype="int64")


def bools(*shape):
    """Random truth values."""
    return Input("booleans", shape)


def val(nested, dtype="float32"):
    """Exactly these values; write nan and infinities as strings."""
    return Input("values", dtype, nested)


def specials(dtype="float32"):
    """nan, the infinities, both zeros, and a few ordinary numbers."""
    return Input("special", dtype)


def spd(*shape, dtype="float32"):
    """Symmetric positive definite matrices."""
    return Input("spd", dtype, shape)


def perm(count, dtype="int32"):
    """A permutation of 0 .. count-1."""
    return Input("permutation", dtype, count)


def empty(*shape, dtype="float32"):
    """An array without elements."""
    return Input("empty", dtype, shape)


def arange(*shape, dtype="float32"):
    """0, 1, 2, ... in this shape."""
    return Input("arange", dtype, int(np.prod(shape)), shape)


def raw(made):
    """The NumPy array itself instead of a constant."""
    return Input(made.maker, *made.args, form="raw")


def var(made):
    """A tf.Variable instead of a constant."""
    return Input(made.maker, *made.args, form="variable")


# --------------------------------------------------------------------------------------- rows


class Row:
    """One golden test; see :class:`Table` for what the fields mean."""

    def __init__(self, family, name, code, inputs, **options):
        self.family = family
        self.name = name
        self.code = code
        self.inputs = inputs
        self.grad = tuple(part.strip() for part in options.pop("grad", "").split(",") if part)
        self.text = options.pop("text", False)
        self.prints = options.pop("prints", False)
        self.error = options.pop("error", False)
        self.says = options.pop("says", ())
        self.adds = options.pop("adds", ())
        self.seed = options.pop("seed", None)
        self.rtol = options.pop("rtol", None)
        self.atol = options.pop("atol", None)
        self.signed_zeros = options.pop("signed_zeros", False)
        self.differs = options.pop("differs", None)
        self.why = options.pop("why", None)
        if options:
            raise TypeError("%s: unknown options %s" % (self.id, sorted(options)))
        for words in (self.says, self.adds):
            if not isinstance(words, tuple):
                raise TypeError("%s: says and adds are tuples of words" % self.id)

    @property
    def id(self):
        return "%s::%s" % (self.family, self.name)

    def input_seed(self, name):
        """The seed of one input's NumPy stream."""
        return zlib.crc32(("%s/%s" % (self.id, name)).encode())

    @property
    def fingerprint(self):
        """Changes when the recorded outcome must be made anew."""
        what = (
            self.code,
            sorted((k, repr(v)) for k, v in self.inputs.items()),
            self.grad,
            bool(self.text),
            bool(self.prints),
            bool(self.error),
            self.seed,
        )
        return "%08x" % zlib.crc32(repr(what).encode())


class Table:
    """The rows of one family.

    Args of ``case``:
      name: unique in the family; with the family's name it is the test's id.
      code: statements, of which the last is the outcome if it is an expression, else what they
        leave in ``result``. They see ``tf``, ``np``, the inputs by name and the helpers of
        ``evaluate.py``.
      grad: names of inputs, "x,y": also record the gradient of the result (weighted by fixed
        numbers) with respect to them.
      text: also record ``str(result)`` and ``repr(result)``.
      prints: also record what the code writes to stdout and stderr.
      seed: call ``tf.random.set_seed`` with it first.
      rtol, atol: tolerances instead of the dtype's (see ``compare.py``); ``why`` says the reason.
      signed_zeros: 0.0 and -0.0 are different.
      differs: the reason why Reflow knowingly differs; the test is then a strict xfail.
      Everything else is an input: a maker from this module, or a plain Python value.
    ``error`` takes the same; the code must raise. ``says`` are words that the message must have on
    both sides, ``adds`` words that only Reflow's must have.
    """

    def __init__(self, family, **defaults):
        self.family = family
        self.defaults = defaults
        self.rows = {}

    def case(self, name, code, **arguments):
        """Adds a row."""
        options = dict(self.defaults)
        inputs = {}
        for key, value in arguments.items():
            (options if key in _OPTIONS else inputs)[key] = value
        if name in self.rows:
            raise ValueError("%s has two rows named %s" % (self.family, name))
        self.rows[name] = Row(self.family, name, code, inputs, **options)

    def error(self, name, code, **arguments):
        """Adds a row whose code raises."""
        self.case(name, code, error=True, **arguments)


_OPTIONS = frozenset(
    "grad text prints error says adds seed rtol atol signed_zeros differs why".split()
)
