"""Text files: lines, records of one length, CSV."""

from golden.table import Table

table = Table("csv")
case, error = table.case, table.error

# ---- decode_csv

KINDS = "[[7], [8.0], ['d']]"
RECORDS = {
    "plain": "1,2,x",
    "empty_field": "1,,x",
    "empty_first": ",2,x",
    "spaces": " 1 , 2.5 , x ",
    "quotes": '"1","2","x,""y"""',
    "quoted_line": '1,2,"x\ny"',
    "quoted_empty": '"",2,""',
    "overflow_float": "1,1e40,x",
    "underflow_float": "1,1e-50,x",
    "nan": "1,-nan,x",
    "NaN": "1,NaN,x",
    "inf": "1,inf,x",
    "point": "1,1.,x",
    "plus_float": "1,+2,x",
    "minus": "-5,-.5e-3,x",
    "zeros": "007,1,x",
    "leading_return": "1,2,\rx",
    "utf8": "1,2,\u00e9",
}
for label, record in RECORDS.items():
    case("decode_" + label, "result = tf.io.decode_csv(%r, %s)" % (record, KINDS))
BAD = {
    "few": ("1,2", "Expect 3 fields but have 2 in record 0"),
    "many": ("1,2,x,y", "Expect 3 fields but have 4 in record 0"),
    "none": ("", "Expect 3 fields but have 0 in record 0"),
    "line": ("1,2,x\n", "Unquoted fields cannot have quotes/CRLFs inside"),
    "quote": ('1,2,x"y', "Unquoted fields cannot have quotes/CRLFs inside"),
    "after_quote": ('1,2,"x"y', "Quote inside a string has to be escaped by another quote"),
    "unclosed": ('1,2,"x', "Quoted field has to end with quote followed by delim or end"),
    "int": ("a,2,x", "Field 0 in record 0 is not a valid int32: a"),
    "int_plus": ("+1,2,x", "Field 0 in record 0 is not a valid int32: +1"),
    "int_real": ("1.0,2,x", "Field 0 in record 0 is not a valid int32: 1.0"),
    "int_hex": ("0x10,2,x", "Field 0 in record 0 is not a valid int32: 0x10"),
    "int_underscore": ("1_0,2,x", "Field 0 in record 0 is not a valid int32: 1_0"),
    "int_large": ("99999999999,2,x", "Field 0 in record 0 is not a valid int32: 99999999999"),
    "float": ("1,b,x", "Field 1 in record 0 is not a valid float: b"),
    "float_letter": ("1,2d,x", "Field 1 in record 0 is not a valid float: 2d"),
    "float_hex": ("1,0x1p3,x", "Field 1 in record 0 is not a valid float: 0x1p3"),
    "float_infinity": ("1,infinity,x", "Field 1 in record 0 is not a valid float: infinity"),
    "float_exponent": ("1,1e,x", "Field 1 in record 0 is not a valid float: 1e"),
}
for label, (record, words) in BAD.items():
    error("decode_bad_" + label, "tf.io.decode_csv(%r, %s)" % (record, KINDS), says=(words,))
CALLS = {
    "vector": "['1,2', '3,4'], [[0], [0]]",
    "matrix": "[['1,2'], ['3,4']], [[0], [0]]",
    "no_records": "tf.constant([], tf.string), [[0], ['']]",
    "scalars": "'1,2', [0, 0.5]",
    "empty_defaults": "'1,2', [[], []]",
    "dtypes": "'1,2', [tf.constant([0], tf.int64), tf.constant([0], tf.float64)]",
    "required": "'1,2', [tf.constant([], tf.int32), tf.constant([], tf.string)]",
    "semicolon": "'1;2', [[0], [0]], field_delim=';'",
    "tab": "'1\\t2', [[0], [0]], field_delim='\\t'",
    "blank": "'1 2', [[0], [0]], field_delim=' '",
    "no_quotes": "'\"1\",2\"3', [[''], ['']], use_quote_delim=False",
    "na": "'NA,2', [[9], [0]], na_value='NA'",
    "na_empty": "',2', [[9], [0]], na_value='NA'",
    "na_quoted": "'\"NA\",2', [['z'], [0]], na_value='NA'",
    "selected": "'1,2,3', [[0], [0]], select_cols=[0, 2]",
    "selected_quotes": "'1,\"a,b\",3', [[0], [0]], select_cols=[0, 2]",
}
for label, arguments in CALLS.items():
    case("decode_" + label, "result = tf.io.decode_csv(%s)" % arguments)
WRONG = {
    "second_record": ("['1,2', '3'], [[0], [0]]", "Expect 2 fields but have 1 in record 1"),
    "required": ("',', [tf.constant([], tf.int32), ['']]", "Field 0 is required but missing"),
    "bool": ("'1', [tf.constant([True])]", "of bool is not in the list of allowed values"),
    "two_defaults": ("'1', [[1, 2]]", "only be 1 default per field but field 0 has 2"),
    "delimiter": ("'1;;2', [[0], [0]], field_delim=';;'", "field_delim should be only 1 char"),
    "order": ("'1,2,3', [[0], [0]], select_cols=[2, 0]", "select_cols is not strictly increasing."),
    "count": ("'1,2,3', [[0]], select_cols=[0, 2]", "Length of select_cols and record_defaults"),
    "negative": ("'1,2', [[0]], select_cols=[-1]", "select_cols contains negative values."),
    "far": ("'1,2', [[0]], select_cols=[5]", "Expect 1 fields but have 0 in record 0"),
    "skipped": ("'1,a\"b,3', [[0], [0]], select_cols=[0, 2]", "cannot have quotes/CRLFs inside"),
    "number": ("5, [[0]]", "Cannot convert 5 to EagerTensor of dtype string"),
}
for label, (arguments, words) in WRONG.items():
    error("decode_wrong_" + label, "tf.io.decode_csv(%s)" % arguments, says=(words,))
case(
    "decode_mapped",
    "d = tf.data.Dataset.from_tensor_slices(['1,a', '2,b'])\n"
    "result = list(d.map(lambda t: tf.io.decode_csv(t, [[0], ['']])).batch(2))[0]",
)

# ---- datasets

FILES = r'''
import gzip, os, tempfile
folder = tempfile.TemporaryDirectory()
path = lambda name: os.path.join(folder.name, name)
CONTENT = {
    "a.txt": b"one\ntwo\r\n\nthree\r\r\nfour", "b.txt": b"five\n", "e.txt": b"", "r.txt": b"a\rb\n",
    "f.bin": b"HHabcdefF", "d.csv": b"1,2\r\n3,4", "short.csv": b"1,2\n3\n5,6\n",
    "c.csv": b'a,b,c\n1,2.5,x\n3,,"y,z"\n5,6,"q\n""r"""\n', "open.csv": b'1,x\n2,"y\n',
    "blank.csv": b"1,2\n\n", "stray.csv": b'1,x"y\n2,3\n', "cr.csv": b"1,2\r3,4\r\n",
    "m.csv": b"a,b,c\n1,2.5,x\n3,,y\n5,6,z\n",
    "i.csv": b"a,b,c,d,e,f\n1,3000000000,1e39,0.123456789,,1\n2,1,1,,,q\n",
}
for name, content in CONTENT.items():
    with open(path(name), "wb") as file: file.write(content)
for name in ("a.txt", "f.bin", "d.csv"):
    with gzip.open(path(name + ".gz"), "wb") as file: file.write(CONTENT[name])
def plain(x):
    if isinstance(x, dict): return [(k, plain(x[k])) for k in x]
    if isinstance(x, (tuple, list)): return [plain(v) for v in x]
    x = x.numpy()
    return x if isinstance(x, bytes) else x.tolist()
data, E = tf.data, tf.data.experimental
lines, fixed, csv, make = data.TextLineDataset, data.FixedLengthRecordDataset, E.CsvDataset, E.make_csv_dataset
once = dict(shuffle=False, num_epochs=1)
try:
    %s
finally:
    folder.cleanup()
'''
ROWS = {
    "lines": "lines(path('a.txt'))",
    "lines_several": "lines([path(n) for n in ('a.txt', 'b.txt', 'e.txt', 'r.txt')])",
    "lines_gzip": "lines(path('a.txt.gz'), 'GZIP')",
    "lines_in_turn": "lines([path('a.txt'), path('b.txt')], num_parallel_reads=2)",
    "lines_of_dataset": "lines(data.Dataset.list_files(path('b.t*')))",
    "lines_interleaved": "data.Dataset.from_tensor_slices([path('a.txt'), path('b.txt')])"
    ".interleave(lambda f: lines(f).skip(1), cycle_length=2)",
    "lines_filtered": "lines(path('a.txt')).filter(lambda t: tf.not_equal(t, 'two')).batch(2)",
    "fixed": "fixed(path('f.bin'), 2, 2, 1)",
    "fixed_several": "fixed([path('f.bin'), path('f.bin')], 3)",
    "fixed_gzip": "fixed(path('f.bin.gz'), 2, 2, 1, compression_type='GZIP')",
    "fixed_in_turn": "fixed([path('f.bin'), path('f.bin')], 3, num_parallel_reads=2)",
    "csv_header": "csv(path('c.csv'), [tf.int32, [0.5], tf.string], header=True)",
    "csv_several": "csv([path('d.csv'), path('d.csv')], [tf.int32, tf.int64])",
    "csv_gzip": "csv(path('d.csv.gz'), [tf.float64, tf.string], 'GZIP')",
    "csv_selected": "csv(path('c.csv'), [tf.string], header=True, select_cols=[2])",
    "csv_ignore_errors": "csv(path('short.csv'), [tf.int32] * 2).apply(E.ignore_errors())",
    "csv_ignore_stray": "csv(path('stray.csv'), [tf.int32, tf.string]).apply(E.ignore_errors())",
    "csv_returns": "csv(path('cr.csv'), [tf.int32, tf.int32])",
    "make": "make(path('m.csv'), 2, **once)",
    "make_label": "make(path('m.csv'), 2, label_name='c', **once)",
    "make_for_ever": "make(path('m.csv'), 2, shuffle=False).take(4)",
    "make_names": "make(path('d.csv'), 2, column_names=['p', 'q'], header=False, **once)",
    "make_selected": "make(path('m.csv'), 2, select_columns=['c', 'a'], **once)",
    "make_selected_numbers": "make(path('m.csv'), 2, select_columns=[0, 2], **once)",
    "make_defaults": "make(path('m.csv'), 2, column_defaults=[0, 1.5, 'k'], **once)",
    "make_several": "make([path('m.csv'), path('m.csv')], 4, **once)",
    "make_ignore_errors": "make(path('m.csv'), 2, column_defaults=[tf.int32, tf.float32, tf.int32],"
    " ignore_errors=True, **once)",
    "make_inferred": "make(path('i.csv'), 2, **once)",
}
for label, code in ROWS.items():
    case(label, FILES % ("result = repr([plain(x) for x in %s])" % code))
case(
    "make_inferred_dtypes",
    FILES
    % "s = make(path('i.csv'), 2, **once).element_spec; result = [s[k].dtype.name for k in s]",
)
case("lines_repr", FILES % "result = repr(lines(path('a.txt')))")
case("fixed_repr", FILES % "result = repr(fixed(path('f.bin'), 3))")
case("csv_repr", FILES % "result = repr(csv(path('d.csv'), [tf.int32, [0.5]]))")
FAILING = {
    "lines_missing": ("lines(path('no'))", "No such file or directory"),
    "lines_not_gzip": ("lines(path('a.txt'), 'GZIP')", "inflate() failed"),
    "lines_compression": ("lines(path('a.txt'), 'BAD')", "Unsupported compression_type."),
    "fixed_partial": ("fixed(path('f.bin'), 4, 2, 1)", "has body length 6 bytes, which is not an"),
    "fixed_gzip_partial": (
        "fixed(path('f.bin.gz'), 4, 2, 1, compression_type='GZIP')",
        "has body length 6 bytes",
    ),
    "fixed_zero": ("fixed(path('f.bin'), 0)", "`record_bytes` must be > 0"),
    "csv_required": (
        "csv(path('c.csv'), [tf.int32, tf.float32, tf.string], header=True)",
        "Field 1 is required but missing in record!",
    ),
    "csv_blank": ("csv(path('blank.csv'), [tf.int32, tf.int32])", "Field 0 is required"),
    "csv_few": ("csv(path('short.csv'), [tf.int32, tf.int32])", "Expect 2 fields but have 1 in"),
    "csv_many": ("csv(path('d.csv'), [tf.int32])", "Expect 1 fields but have more in record"),
    "csv_open": (
        "csv(path('open.csv'), [tf.int32, tf.string])",
        "Reached end of file without closing quoted field in record",
    ),
    "csv_stray": (
        "csv(path('stray.csv'), [tf.int32, tf.string])",
        "Unquoted fields cannot have quotes inside",
    ),
    "csv_kind": ("csv(path('m.csv'), [tf.int32] * 3)", "Field 0 in record is not a valid int32: a"),
    "csv_missing": ("csv(path('no'), [tf.int32])", "No such file or directory"),
    "csv_no_header": ("csv(path('e.txt'), [tf.int32], header=True)", "Can't read header of file"),
    "make_missing": ("make(path('no*'), 2)", "No files match"),
    "make_label": (
        "make(path('m.csv'), 2, label_name='z')",
        "`label_name` provided must be one of",
    ),
    "make_no_names": ("make(path('d.csv'), 2, header=False)", "Cannot infer column names without"),
    "make_twice": (
        "make(path('d.csv'), 2, column_names=['p', 'p'], header=False)",
        "Cannot have duplicate column names.",
    ),
    "make_selected": ("make(path('m.csv'), 2, select_columns=['z'])", "Value 'z' specified in"),
    "make_selected_twice": (
        "make(path('m.csv'), 2, select_columns=['a', 'a'])",
        "select_columns contains duplicate columns",
    ),
    "make_few_defaults": (
        "make(path('m.csv'), 2, column_defaults=[0])",
        "Expect 1 fields but have more in record",
    ),
}
for label, (code, words) in FAILING.items():
    error("bad_" + label, FILES % ("list(%s)" % code), says=(words,))
