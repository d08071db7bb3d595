"""tf.nest."""

from golden.table import Table, f32

table = Table("nest")
case, error = table.case, table.error

case("flatten", "tf.nest.flatten([1, (2, 3), {'b': 4, 'a': 5}])")
case("flatten_scalar", "(tf.nest.flatten(3), tf.nest.flatten('abc'), tf.nest.flatten(None))")
case("flatten_tensor", "tf.nest.flatten(x)", x=f32(2))
case("flatten_array", "tf.nest.flatten(np.ones(2))")
case("flatten_empty", "(tf.nest.flatten([]), tf.nest.flatten({}), tf.nest.flatten([[], ()]))")
case("flatten_dict_order", "tf.nest.flatten({3: 'c', 1: 'a', 2: 'b'})")
case(
    "flatten_ordered_dict",
    "import collections\nresult = tf.nest.flatten(collections.OrderedDict([('b', 1), ('a', 2)]))",
)
case(
    "flatten_namedtuple",
    "import collections\nP = collections.namedtuple('P', 'y x')\nresult = tf.nest.flatten(P(1, P(2, 3)))",
)
case("flatten_deep", "tf.nest.flatten([[[[1]], 2], (3,)])")
case("flatten_set", "attempt(tf.nest.flatten, {1})")
case("flatten_range", "len(tf.nest.flatten(range(3)))")
case(
    "flatten_keys",
    "attempt(tf.nest.flatten, {'a': {'z': 1, 'y': 2}, 'b': [3]}.keys() and {'b': 1, 'a': [2]})",
)
case("is_nested", "[tf.nest.is_nested(s) for s in ([], (), {}, [1], 'a', 3, None, np.ones(2))]")
case("is_nested_tensor", "tf.nest.is_nested(x)", x=f32(2))
case("map", "tf.nest.map_structure(lambda t: t + 1, {'a': 1, 'b': (2, [3])})")
case("map_two", "tf.nest.map_structure(lambda s, t: s * t, (1, [2, 3]), (4, [5, 6]))")
case("map_scalar", "tf.nest.map_structure(lambda t: -t, 3)")
case(
    "map_namedtuple",
    "import collections\nP = collections.namedtuple('P', 'x y')\nresult = tf.nest.map_structure(lambda t: t * 2, P(1, 2))",
)
case("map_tensors", "tf.nest.map_structure(tf.square, [x, {'y': x}])", x=f32(2))
case("map_empty", "tf.nest.map_structure(lambda t: t, [])")
case(
    "map_no_check_types",
    "tf.nest.map_structure(lambda s, t: s + t, [1, 2], (3, 4), check_types=False)",
)
case(
    "map_ordered_dict",
    "import collections\nr = tf.nest.map_structure(lambda t: t, collections.OrderedDict([('b', 1), ('a', 2)]))\nresult = (list(r.items()), type(r).__name__)",
)
case("pack", "tf.nest.pack_sequence_as({'b': 0, 'a': [0, (0,)]}, [1, 2, 3])")
case("pack_scalar", "tf.nest.pack_sequence_as(0, [5])")
case(
    "pack_namedtuple",
    "import collections\nP = collections.namedtuple('P', 'y x')\nresult = tf.nest.pack_sequence_as(P(0, [0]), [1, 2])",
)
case("pack_tuple_input", "tf.nest.pack_sequence_as([0, 0], (1, 2))")
case("assert_same", "tf.nest.assert_same_structure([1, (2,)], [3, (4,)])")
case("assert_same_scalars", "tf.nest.assert_same_structure(1, 'a')")
case("assert_same_no_types", "tf.nest.assert_same_structure([1, 2], (3, 4), check_types=False)")
case("assert_same_dicts", "tf.nest.assert_same_structure({'a': 1, 'b': 2}, {'b': 3, 'a': 4})")

error(
    "assert_lengths",
    "tf.nest.assert_same_structure([1, 2], [1])",
    says=(
        "The two structures don't have the same nested structure.",
        "First structure: type=list str=[1, 2]",
    ),
)
error(
    "assert_types",
    "tf.nest.assert_same_structure([1, 2], (1, 2))",
    says=("don't have the same sequence type", "list", "tuple"),
)
error(
    "assert_nesting",
    "tf.nest.assert_same_structure([1, [2]], [1, 2])",
    says=("don't have the same nested structure",),
)
error(
    "assert_keys",
    "tf.nest.assert_same_structure({'a': 1}, {'b': 1})",
    says=("don't have the same set of keys",),
)
error(
    "map_structures",
    "tf.nest.map_structure(lambda s, t: s, [1], [1, 2])",
    says=("don't have the same nested structure",),
)
error("map_types", "tf.nest.map_structure(lambda s, t: s, [1], (1,))", says=("same sequence type",))
error("map_not_callable", "tf.nest.map_structure(3, [1])", says=("func must be callable, got: 3",))
error(
    "map_no_structure",
    "tf.nest.map_structure(lambda: 1)",
    says=("Must provide at least one structure",),
)
error("map_unknown_keyword", "tf.nest.map_structure(lambda t: t, [1], check=True)", says=("check",))
error(
    "pack_too_many",
    "tf.nest.pack_sequence_as([0], [1, 2])",
    says=("Could not pack sequence.", "1", "2"),
)
error("pack_too_few", "tf.nest.pack_sequence_as([0, [0]], [1])", says=("Could not pack sequence.",))
error(
    "pack_scalar_many",
    "tf.nest.pack_sequence_as(0, [1, 2])",
    says=("The target structure is of type `<class 'int'>`", "length 2"),
)
