"""tf.lookup: tables from keys to values."""

from golden.table import Table

table = Table("lookup")
case, error = table.case, table.error

START = """
lk = tf.lookup
pairs = lk.KeyValueTensorInitializer
i = pairs(["a", "b"], tf.constant([1, 2], tf.int64))
t = lk.StaticHashTable(i, -1)
v = lk.StaticVocabularyTable(pairs(["a", "b"], tf.constant([0, 1], tf.int64)), 1)
"""
for name, code in {
    "hash": "[t.lookup(tf.constant([['a', 'z']])), t.lookup(tf.constant('b')), t.size()]",
    "traits": "[t.key_dtype, t.value_dtype, t.default_value, t.name, i.key_dtype, i.value_dtype]",
    "numbers": "lk.StaticHashTable(pairs(tf.constant([1, 2]), [0.5, 0.25]), 0.0).lookup(tf.constant([2, 3]))",
    "to_strings": "lk.StaticHashTable(pairs([1, 2], ['x', 'y']), '?').lookup(tf.constant([2, 3]))",
    "same_twice": "lk.StaticHashTable(pairs(['a', 'a'], [1, 1]), 0).size()",
    "vocabulary": "[v.lookup(tf.constant(['b', 'q', 'a'])), v.size(), v.key_dtype, v.value_dtype]",
    "in_map": "elements(tf.data.Dataset.from_tensor_slices(['a', 'c']).map(t.lookup))",
    "in_function": "f = tf.function(t.lookup)\nf(tf.constant(['b']))",
}.items():
    case(name, START + code)
for name, (code, *says) in {
    "keys": ("t.lookup(tf.constant([1]))", "Signature mismatch. Keys must be dtype"),
    "two_values": ("lk.StaticHashTable(pairs(['a', 'a'], [1, 2]), 0)", "HashTable has different value for same key. Key a has 1 and trying to add value 2"),
    "default": ("lk.StaticHashTable(i, 'q')", "Cannot convert 'q' to EagerTensor of dtype int64"),
    "buckets": ("lk.StaticVocabularyTable(i, 0)", "oov_buckets must be > 0."),
    "numbers": ("lk.StaticVocabularyTable(pairs(['a', 'b'], [0, 1]), 1)", "Invalid value dtype, expected"),
}.items():  # fmt: skip
    error("bad_" + name, START + code, says=tuple(says))
