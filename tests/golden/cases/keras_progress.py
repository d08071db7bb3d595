"""tf.keras.utils.Progbar: what it prints, with a clock that the rows set."""

from golden.table import Table

table = Table("keras_progress")

# steps are (seconds since the last one, current, values); `printed` collects what is printed.
PROGRAM = """
import io, sys, time
class Stream(io.StringIO):
    def isatty(self):
        return {tty}
clock = [1000.0]
real = sys.stdout, time.time
posix = sys.modules["posix"]
sys.stdout, time.time = Stream(), lambda: clock[0]
if {windows}:
    del sys.modules["posix"]
try:
    bar = tf.keras.utils.Progbar({arguments})
    for seconds, *arguments in {steps}:
        clock[0] += seconds
        bar.{method}(*arguments)
    text = sys.stdout.getvalue()
finally:
    sys.stdout, time.time = real
    sys.modules["posix"] = posix
text
"""


def prints(name, arguments, steps, tty=True, windows=False, method="update"):
    """A row: the text of a progress bar that is made with these arguments and does these steps."""
    code = PROGRAM.format(tty=tty, windows=windows, arguments=arguments, steps=steps, method=method)
    table.case(name, code)


LOSS = "[(0.1, i + 1, [('loss', 0.5 / (i + 1)), ('acc', 1e-5 * i)]) for i in range(5)]"
for arguments in [
    "5", "None", "5, verbose=0", "5, verbose=2", "5, verbose=3", "5, verbose=True", "5, verbose=-1",
    "None, verbose=2", "5, width=10", "5, width=0", "5, width=100", "5, interval=0.25", "5, interval=1",
    "5, 30, 1, 0.05, ['acc'], 'sample'", "5, stateful_metrics=['loss', 'other']", "3", "3, verbose=2",
    "7", "7, verbose=2", "5.0", "np.int64(5)", "5, unit_name=''", "10 ** 6", "10 ** 6, unit_name='sample'",
]:  # fmt: skip
    prints(arguments, arguments, LOSS)
    prints(arguments + "_file", arguments, LOSS, tty=False)
    prints(arguments + "_windows_terminal", arguments, LOSS, windows=True)
    prints(arguments + "_windows_file", arguments, LOSS, tty=False, windows=True)
for target in [1, 2, 9, 10, 99, 100, 101, 999, 1000, 1001, 99999]:
    steps = "[(0.2, i, None) for i in [0, 1, %d // 2, %d - 1, %d]]" % (target, target, target)
    prints("target_%d" % target, target, steps)
for seconds in [
    0, 1e-9, 1e-7, 9e-7, 1e-6, 5e-5, 1e-4, 9.99e-4, 1e-3, 1.5e-3, 0.25, 0.5, 0.9999, 1, 1.5, 2.5, 59.6, 60,
    61, 100, 3599, 3600, 3601, 35999, 90000, 1e6,
]:  # fmt: skip
    steps = "[(%r, i, None) for i in range(1, 4)]" % seconds
    prints("seconds_%r" % seconds, "3, interval=0", steps)
    prints("unknown_seconds_%r" % seconds, "None", steps)
NUMBERS = "[('a', 1e-3), ('b', 1.001e-3), ('c', 0.0), ('d', float('nan')), ('e', float('inf')), ('f', -1e-5), ('g', 12345678.9), ('h', -0.5), ('i', 1e-30), ('j', 9.9999e-4), ('k', 3), ('l', True), ('m', 99999.99999), ('n', 1e20), ('o', -1e-3), ('p', -0.0011), ('q', float('-inf'))]"
for arguments in ["3", "1", "1, verbose=2", "3, stateful_metrics=list('abcdefghijklm')"]:
    prints("numbers_" + arguments, arguments, "[(0.1, 1, %s)]" % NUMBERS)
TYPES = "[(0.1, i + 1, [('a', np.float32(0.1 * i)), ('b', np.int64(i)), ('c', tf.constant(0.1 * i)), ('d', np.array([1.0, 2.0 * i])), ('e', np.float64(i)), ('f', np.array(0.7 * i, np.float32)), ('g', tf.Variable(0.1 * i)), ('h', np.float16(0.1 * i)), ('i', np.bool_(True)), ('j', tf.constant([1.5, 2.0]))]) for i in range(7)]"
prints("types", "7", TYPES)
prints("types_rarely", "7, interval=0.35", TYPES)
prints("types_stateful", "7, stateful_metrics=list('abcdefghij')", TYPES)
prints("types_verbose_2", "7, verbose=2", TYPES)
prints(
    "many_tensors",
    "600, interval=1000",
    "[(0.1, i + 1, [('loss', tf.constant(0.001 * i))]) for i in range(600)]",
)
FAST = "[(%s, i + 1, [('loss', 0.5 / (i + 1))]) for i in range(20)]"
for seconds in [0.001, 0.02, 0.05, 0.0501]:
    for target in [20, "None", 21, 19]:
        prints("every_%r_%s" % (seconds, target), target, FAST % seconds)
prints("from_zero", 3, "[(0.2, i, [('loss', 1.0 + i)]) for i in range(4)]")
prints(
    "twice", 3, "[(0.2, 2, [('loss', 1.0)]), (0.2, 2, [('loss', 3.0)]), (0.2, 3, [('loss', 3.0)])]"
)
prints(
    "back", 5, "[(0.2, 3, [('loss', 1.0)]), (0.2, 2, [('loss', 3.0)]), (0.2, 5, [('loss', 3.0)])]"
)
prints("leaps", 50, "[(0.2, 32, [('loss', 1.0)]), (0.2, 50, [('loss', 3.0)])]")
prints("add", 5, "[(0.1, 1, [('loss', 1.0)]), (0.1, 2, [('loss', 3.0)]), (0.1, 2)]", method="add")
prints(
    "new_names",
    4,
    "[(0.2, 1, [('a', 1)]), (0.2, 2, [('b', 4)]), (0.2, 3, [('a', 1), ('b', 1)]), (0.2, 4, [('c', 1)])]",
)
prints("name_twice", 2, "[(0.2, 1, [('a', 1), ('a', 3)]), (0.2, 2, [('a', 4)])]")
prints("fractions", 10, "[(0.2, 1.0, None), (0.2, 2.5, None), (0.2, 10.0, None)]")
prints(
    "numpy_steps",
    10,
    "[(0.2, np.int64(1), None), (0.2, np.float32(2), None), (0.2, np.int64(10), None)]",
)
SHRINKS = "[(5000, 1, [('loss', 123456.0)]), (0.2, 2, [('loss', 1.0)]), (0.2, 3, [('loss', -9999999.0)]), (0.2, 10, None)]"
prints("shorter_lines", 10, SHRINKS)
prints("shorter_lines_windows", 10, SHRINKS, windows=True, tty=False)
prints("tuple_values", 2, "[(0.1, 1, (('loss', 1.0),)), (0.1, 2, {'a': 1}.items())]")
table.error(
    "value_none", "tf.keras.utils.Progbar(3).update(1, [('loss', None)])", says=("NoneType",)
)
table.error("no_target", "tf.keras.utils.Progbar()", says=("target",))
