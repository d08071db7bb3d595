"""Whole files: reading, writing, finding."""

from golden.table import Table

table = Table("io_files")
case, error = table.case, table.error

FOLDER = """
import os, tempfile
folder = tempfile.TemporaryDirectory()
path = lambda *names: os.path.join(folder.name, *names)
names = lambda found: [os.path.relpath(f.decode(), folder.name) for f in found.numpy()]
for n in ("b.txt", "a.txt", ".hidden", "c.png", "d[1].txt"):
    tf.io.write_file(path(n), n)
tf.io.write_file(path("sub", "e.txt"), b"\\x00\\xff")
try:
    %s
finally:
    folder.cleanup()
"""

case("read", FOLDER % "result = tf.io.read_file(path('a.txt'))")
case("read_bytes", FOLDER % "result = tf.io.read_file(tf.constant(path('sub', 'e.txt')))")
case(
    "write_over",
    FOLDER % "tf.io.write_file(path('a.txt'), 'new'); result = tf.io.read_file(path('a.txt'))",
)
case("write_returns", FOLDER % "result = tf.io.write_file(path('z'), '')")
for label, pattern in [
    ("star", "path('*.txt')"),
    ("several", "[path('*.png'), path('a*')]"),
    ("question", "path('?.???')"),
    ("set", "path('[ab].txt')"),
    ("deep", "path('*', '*.txt')"),
    ("exact", "path('a.txt')"),
    ("exact_missing", "path('z.txt')"),
    ("none", "path('*.none')"),
    ("all", "path('*')"),
    ("twice", "[path('a*'), path('*.txt')]"),
]:
    case("matching_" + label, FOLDER % ("result = names(tf.io.matching_files(%s))" % pattern))
for label, call, words in [
    ("read_missing", "read_file(path('none'))", ("No such file or directory", "[Op:ReadFile]")),
    ("read_folder", "read_file(path('sub'))", ("Is a directory",)),
    ("write_folder", "write_file(path('sub'), '')", ()),
    ("matching_no_folder", "matching_files(path('nowhere', '*'))", ("No such file or directory",)),
]:
    error(label, FOLDER % ("tf.io." + call), says=words)
SCALAR = "tensor must be scalar, but had shape: [1]"
error("read_vector", "tf.io.read_file(['a'])", says=("Input filename " + SCALAR,))
error("read_number", "tf.io.read_file(3)", says=("to EagerTensor of dtype string",))
error("write_vector", "tf.io.write_file(['a'], 'b')", says=("Input filename " + SCALAR,))
error("write_vector_contents", "tf.io.write_file('/tmp/a', ['b'])", says=("Contents " + SCALAR,))
error("matching_matrix", "tf.io.matching_files([['a']])", says=("must be scalar or vector",))
