"""tf.strings: ops on tensors of strings."""

from golden.table import Table

table = Table("strings")
case, error = table.case, table.error

WORDS = "s = tf.constant([['Hello World', ' a b\\t'], ['', u'\\u00dcber 7']])\n"
for name, code in {
    "join": "tf.strings.join(['a', 'b', 'c'])",
    "join_separator": "tf.strings.join([['a', 'b'], ['c', 'd']], separator='-')",
    "join_scalar": "tf.strings.join([s, '!', s], ' ')",
    "join_one": "tf.strings.join([s])",
    "reduce_join": "tf.strings.reduce_join(s)",
    "reduce_join_axis": "[tf.strings.reduce_join(s, axis=0, separator=','), tf.strings.reduce_join(s, -1, True), tf.strings.reduce_join(s, [1, 0], separator='|'), tf.strings.reduce_join(s, [0, 1], separator='|')]",
    "length": "[tf.strings.length(s), tf.strings.length('abc'), tf.strings.length(s, unit='UTF8_CHAR')]",
    "lower": "[tf.strings.lower(s), tf.strings.lower('ABC')]",
    "upper": "tf.strings.upper(s)",
    "lower_utf8": "[tf.strings.lower(s, encoding='utf-8'), tf.strings.upper(s, encoding='utf-8')]",
    "strip": "tf.strings.strip(s)",
    "regex_full_match": "[tf.strings.regex_full_match(s, '.*o.*'), tf.strings.regex_full_match('abc', '[a-c]+'), tf.strings.regex_full_match('abcd', 'abc')]",
    "regex_replace": "tf.strings.regex_replace(s, '[aeiou]', '*')",
    "regex_replace_first": "tf.strings.regex_replace(s, 'l', 'L', replace_global=False)",
    "regex_replace_groups": "tf.strings.regex_replace('john smith', r'(\\w+) (\\w+)', r'\\2 \\1 [\\0]')",
    "regex_replace_html": "tf.strings.regex_replace('a<br />b<br/>c', '<br ?/>', ' ')",
    "regex_replace_posix": "tf.strings.regex_replace('a1, b!', '[[:punct:]]', '')",
    "regex_replace_punctuation": "import re, string\ntf.strings.regex_replace('a.b,c!(d)', '[%s]' % re.escape(string.punctuation), '')",
    "substr": "[tf.strings.substr('abcdef', 1, 3), tf.strings.substr('abcdef', -3, 9), tf.strings.substr(['abc', 'defg'], [0, 2], [2, 2])]",
    "substr_characters": "tf.strings.substr(u'\\u00fcber', 0, 2, unit='UTF8_CHAR')",
    "to_number": "[tf.strings.to_number(['1', '-2.5', ' 3e2 ', '.5', '4.']), tf.strings.to_number('7', tf.int32), tf.strings.to_number(['-9', ' 4 '], tf.int64), tf.strings.to_number('1e-3', tf.float64)]",
    "to_number_special": "tf.strings.to_number(['inf', '-inf', 'nan'])",
    "format": "[tf.strings.format('a {} b {}!', (tf.constant(3), tf.constant([1.5, 2.0]))), tf.strings.format('{}', tf.range(10)), tf.strings.format('%s', tf.range(10), '%s', 2), tf.strings.format('{}', s), tf.strings.format('{}', tf.constant('q')), tf.strings.format('none', [])]",
    "in_map": "elements(tf.data.Dataset.from_tensor_slices(['A b', 'C']).map(tf.strings.lower))",
    "in_map_number": "elements(tf.data.Dataset.from_tensor_slices(['1', '2']).map(lambda t: tf.strings.to_number(t) * 2))",
    "in_function": "f = tf.function(lambda t: tf.strings.length(tf.strings.join([t, t])))\nf('ab')",
}.items():
    case(name, WORDS + code)
for name, (code, *says) in {
    "join_shapes": ("tf.strings.join([['a'], ['b', 'c']])",),
    "length_unit": ("tf.strings.length('a', unit='BIT')", "BIT"),
    "number": ("tf.strings.to_number('abc')", "StringToNumberOp could not correctly convert string: abc"),
    "number_whole": ("tf.strings.to_number('1.5', tf.int32)", "StringToNumberOp could not correctly convert string: 1.5"),
    "pattern": ("tf.strings.regex_replace('a', '(', '')", "Invalid pattern: ("),
    "substr": ("tf.strings.substr('abc', 5, 1)", "pos 5 out of range for string"),
    "reduce_axis": ("tf.strings.reduce_join(['a'], 3)", "Invalid reduction dimension 3 for input with 1 dimension(s)"),
    "format": ("tf.strings.format('{} {}', [tf.constant(1)])", "2 placeholder(s) in template does not match 1 tensor(s) provided as input"),
    "lower_number": ("tf.strings.lower(3)",),
}.items():  # fmt: skip
    error("bad_" + name, WORDS + code, says=tuple(says))
