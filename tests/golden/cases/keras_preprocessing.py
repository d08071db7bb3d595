"""tf.keras.preprocessing: sequences and texts."""

from golden.table import Table, f32, ints, raw

table = Table("keras_preprocessing")
case, error = table.case, table.error

# ------------------------------------------------------------------------------- pad_sequences

S = "tf.keras.preprocessing.sequence."
LISTS = "[[1], [2, 3], [4, 5, 6, 7], []]"
for options in [
    "", "maxlen=2", "maxlen=6", "3", "padding='post'", "truncating='post'", "2, 'int64', 'post', 'post'",
    "dtype='float32', value=-1.5", "value=9", "value=2.7", "dtype='int8'", "dtype='uint8', value=-1",
    "dtype='float64', value=np.nan", "dtype='bool'", "dtype=np.float16",
    "dtype=object, value='pad'", "maxlen=None, value=-1", "2, truncating='post', value=7",
]:  # fmt: skip
    case("pad_" + options, "%spad_sequences(%s, %s)" % (S, LISTS, options))
case("pad_objects", S + "pad_sequences(%s, dtype=object, value=None).tolist()" % LISTS)
case("pad_tuples", S + "pad_sequences(((1, 2), (3,)))")
case("pad_arrays", S + "pad_sequences([x, x[:2]], dtype='float32')", x=raw(f32(3)))
case("pad_vectors", S + "pad_sequences([[[1, 2]], [[3, 4], [5, 6], [7, 8]]], maxlen=2)")
case("pad_vectors_post", S + "pad_sequences([[[1, 2]], [[3, 4], [5, 6], [7, 8]]], padding='post')")
case("pad_matrices", S + "pad_sequences([x, x[:1]], 3, 'float32', value=1)", x=raw(f32(2, 3, 4)))
case("pad_matrix", S + "pad_sequences(x, 3)", x=raw(ints(0, 9, 2, 4)))
case("pad_floats_to_ints", S + "pad_sequences([[1.9, -1.9], [0.5]])")
case("pad_large_ints", S + "pad_sequences([[300, -1, 70000], [255]], dtype='uint8')")
case(
    "pad_strings",
    S + "pad_sequences([['a', 'bcd'], ['e']], dtype=object, value='pad', maxlen=3).tolist()",
)
case("pad_strings_of_two", S + "pad_sequences([['a', 'bcd'], ['e']], dtype='<U2', value='')")
case("pad_all_empty", S + "pad_sequences([[], []])")
case("pad_all_empty_maxlen", S + "pad_sequences([[], []], maxlen=2, value=3)")
case("pad_one", S + "pad_sequences([[5]])")
case("pad_bools", S + "pad_sequences([[True, False], [True]])")
error("pad_none", S + "pad_sequences([1, 2])", says=("Found non-iterable: 1",))
error("pad_iterator", S + "pad_sequences(iter([[1]]))", says=("`sequences` must be iterable.",))
error("pad_unknown", S + "pad_sequences([[1]], padding='left')", says=('Padding type "left" not',))
error("cut_unknown", S + "pad_sequences([[1]], truncating='x')", says=('Truncating type "x" not',))
error(
    "pad_string", S + "pad_sequences([[1]], value='a')", says=("`dtype` int32 is not compatible",)
)
error(
    "pad_shapes",
    S + "pad_sequences([[[1, 2]], [[1, 2, 3]]])",
    says=("Shape of sample (3,) of sequence at position 1 is different from expected shape (2,)",),
)

# ------------------------------------------------------------------------ skipgrams and tables

for arguments in ["1", "2", "10", "1000", "10, 1e-3", "5, sampling_factor=0.1"]:
    case("sampling_table_" + arguments, "%smake_sampling_table(%s)" % (S, arguments))
for options in [
    "", "window_size=1", "window_size=2, negative_samples=0.0", "negative_samples=2.5", "shuffle=False",
    "shuffle=False, categorical=True", "categorical=True", "seed=3", "negative_samples=0, shuffle=False",
    "sampling_table=np.linspace(0, 1, 10)", "4, 1.0, True, False, None, 7", "window_size=0, negative_samples=0",
]:  # fmt: skip
    case(
        "skipgrams_" + options,
        "import random\nrandom.seed(11)\n[%sskipgrams([1, 2, 0, 3, 4, 9, 2, 5], 10, %s), random.random()]"
        % (S, options),
    )

# ------------------------------------------------------------------------ TimeseriesGenerator

GENERATOR = "g = %sTimeseriesGenerator(%s)\n" % (S, "%s")
X = "np.arange(20.0).reshape(10, 2), np.arange(10) * 10"
for arguments in [
    "3", "3, batch_size=2", "4, sampling_rate=2, batch_size=3", "2, stride=3, batch_size=2", "3, start_index=2",
    "2, end_index=6", "3, reverse=True", "2, start_index=1, end_index=7, stride=2, batch_size=2", "9", "1, batch_size=1",
    "3, sampling_rate=2, stride=2, reverse=True, batch_size=2",
]:  # fmt: skip
    call = X + ", " + arguments
    case("series_" + arguments, GENERATOR % call + "[len(g)] + [g[i] for i in range(len(g))]")
    case("series_config_" + arguments, GENERATOR % call + "g.get_config()")
case(
    "series_shuffled",
    GENERATOR % (X + ", 3, shuffle=True, batch_size=4") + "np.random.seed(3)\n[g[0], g[1]]",
)
case(
    "series_lists",
    GENERATOR % "[1, 2, 3, 4, 5], [0, 0, 1, 1, 2], 2, batch_size=2"
    + "[g[0], g[1], g.get_config()]",
)
case(
    "series_json",
    "import json\n"
    + GENERATOR % "[1, 2, 3, 4], [5, 6, 7, 8], 2"
    + "json.loads(g.to_json(indent=2))",
)
case("series_is_a_sequence", GENERATOR % (X + ", 3") + "isinstance(g, tf.keras.utils.Sequence)")
case("series_iterated", GENERATOR % (X + ", 3, batch_size=4") + "[y for _, y in g]")
error(
    "series_lengths",
    GENERATOR % "[1, 2], [3], 1",
    says=("Data and targets have to be of same length. Data length is 2 while target length is 1",),
)
error(
    "series_short", GENERATOR % "[1, 2], [3, 4], 2", says=("`start_index+length=2 > end_index=1`",)
)
error(
    "series_config_objects",
    GENERATOR % "[1, 2, len], [3, 4, 5], 1" + "g.get_config()",
    says=("not JSON Serializable",),
)

# --------------------------------------------------------------------------------------- texts

T = "tf.keras.preprocessing.text."
TEXTS = [
    "The quick brown fox, the lazy dog!", "", "  one\\ttwo\\nthree  ", "It's a dog's life; isn't it?",
    "Ein Überfall: ÄÖÜ ß", "A,B.C D-E_F", "我 爱 你",
]  # fmt: skip
for text in TEXTS:
    for options in ["", "lower=False", "filters='aeiou'", "split=','", "filters='', split='o'"]:
        case(
            "words_%s_%s" % (text, options),
            '%stext_to_word_sequence("%s", %s)' % (T, text, options),
        )
case("words_split_long", T + "text_to_word_sequence('a--b, c--d', split='--')")
case("md5", T + "hashing_trick('The quick brown fox, the fox', 50, 'md5')")
case("md5_options", T + "hashing_trick('The quick brown fox', 5, 'md5', 'q', False, ' ')")
case("own_hash", T + "hashing_trick('the quick fox', 4, len)")
case(
    "hash_by_default",
    T
    + "hashing_trick('a b a', 9) == [hash(w) %% 8 + 1 for w in 'aba'] == %sone_hot('A b a', 9)" % T,
)
DOCUMENTS = "['The cat sat on the mat.', 'The dog ate my homework!', 'the the cat', '']"
FIT = "t = %sTokenizer(%s)\nt.fit_on_texts(%s)\n" % (T, "%s", "%s")
STATE = "[dict(t.word_counts), list(t.word_counts), dict(t.word_docs), dict(t.index_docs), t.word_index, t.index_word, t.document_count, t.num_words]"
USES = (
    "m = ['the dog sat', 'a new cat', ['The', 'mat'], '']\n[t.texts_to_sequences(m), t.sequences_to_texts([[1, 2, 3], [99, 1], []]), %s]"
    % ", ".join("t.texts_to_matrix(m, %r)" % mode for mode in ["binary", "count", "freq", "tfidf"])
)
for arguments in [
    "", "num_words=4", "oov_token='<unk>'", "4, oov_token='<unk>'", "lower=False", "char_level=True", "num_words=2, oov_token='x'",
    "6, char_level=True, oov_token='#'", "filters='', split='t'", "oov_token='the'", "document_count=5", "num_words=100",
    "char_level=True, lower=False", "num_words=1",
]:  # fmt: skip
    case("tokenizer_" + arguments, FIT % (arguments, DOCUMENTS) + STATE)
    case("tokenizer_uses_" + arguments, FIT % (arguments, DOCUMENTS) + USES)
    case(
        "tokenizer_json_" + arguments,
        "import json\n"
        + FIT % (arguments, DOCUMENTS)
        + "s = t.to_json()\nt = %stokenizer_from_json(s)\nc = json.loads(s)\nfor k in list(c['config']):\n    if k in ('word_counts', 'word_docs', 'index_docs', 'index_word', 'word_index'):\n        c['config'][k] = json.loads(c['config'][k])\n[c, %s, %s]"
        % (T, STATE, "t.texts_to_sequences(['the cat', 'zebra'])"),
    )
case("tokenizer_words", FIT % ("", "[['The', 'cat'], ['the', 'Dog', 'the']]") + STATE)
case("tokenizer_twice", FIT % ("", DOCUMENTS) + "t.fit_on_texts(['new dog dog dog'])\n" + STATE)
case(
    "tokenizer_sequences",
    "t = %sTokenizer(num_words=5)\nt.fit_on_sequences([[1, 2, 2], [2, 3, 7]])\n[dict(t.index_docs), t.document_count, t.sequences_to_matrix([[1, 2, 2, 9], [4]], 'tfidf')]"
    % T,
)
case(
    "tokenizer_generators",
    FIT % ("", DOCUMENTS)
    + "g = t.texts_to_sequences_generator(['the cat'])\nh = t.sequences_to_texts_generator([[1, 2]])\n[type(g).__name__, list(g), type(h).__name__, list(h)]",
)
case("tokenizer_config", FIT % ("3", "['a a a']") + "t.get_config()")
case("tokenizer_unfitted", "t = %sTokenizer()\n[t.texts_to_sequences(['a b']), t.get_config()]" % T)
case("tokenizer_counts_type", FIT % ("", "['a b a']") + "type(t.word_counts).__name__")
error("tokenizer_columns", T + "Tokenizer().texts_to_matrix(['a'])", says=("Specify a dimension",))
error(
    "tokenizer_tfidf",
    T + "Tokenizer(5).sequences_to_matrix([[1]], 'tfidf')",
    says=("Fit the Tokenizer",),
)
error(
    "tokenizer_mode",
    T + "Tokenizer(5).sequences_to_matrix([[1]], 'tf')",
    says=("Unknown vectorization mode:",),
)
error("tokenizer_arguments", T + "Tokenizer(words=3)", says=("Unrecognized keyword arguments",))
