"""The protocol buffers of TF's file formats, as message classes made when first asked for.

    from reflow.io._protos import message
    example = message("Example")()

The messages are declared below in the .proto language. They live in a pool of their own, so that
TensorFlow or TensorBoard in the same process, which register the same names, do no harm and suffer
none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

_EXAMPLE = """
message BytesList { repeated bytes value = 1; }
message FloatList { repeated float value = 1; }
message Int64List { repeated int64 value = 1; }
message Feature {
  oneof kind { BytesList bytes_list = 1; FloatList float_list = 2; Int64List int64_list = 3; }
}
message Features { map<string, Feature> feature = 1; }
message FeatureList { repeated Feature feature = 1; }
message FeatureLists { map<string, FeatureList> feature_list = 1; }
message Example { Features features = 1; }
message SequenceExample { Features context = 1; FeatureLists feature_lists = 2; }
"""

_TENSOR = """
enum DataType {
  DT_INVALID = 0; DT_FLOAT = 1; DT_DOUBLE = 2; DT_INT32 = 3; DT_UINT8 = 4; DT_INT16 = 5;
  DT_INT8 = 6; DT_STRING = 7; DT_COMPLEX64 = 8; DT_INT64 = 9; DT_BOOL = 10; DT_QINT8 = 11;
  DT_QUINT8 = 12; DT_QINT32 = 13; DT_BFLOAT16 = 14; DT_QINT16 = 15; DT_QUINT16 = 16;
  DT_UINT16 = 17; DT_COMPLEX128 = 18; DT_HALF = 19; DT_RESOURCE = 20; DT_VARIANT = 21;
  DT_UINT32 = 22; DT_UINT64 = 23;
}
message TensorShapeProto {
  message Dim { int64 size = 1; string name = 2; }
  repeated Dim dim = 2;
  bool unknown_rank = 3;
}
message TensorProto {
  DataType dtype = 1;
  TensorShapeProto tensor_shape = 2;
  int32 version_number = 3;
  bytes tensor_content = 4;
  repeated float float_val = 5;
  repeated double double_val = 6;
  repeated int32 int_val = 7;
  repeated bytes string_val = 8;
  repeated float scomplex_val = 9;
  repeated int64 int64_val = 10;
  repeated bool bool_val = 11;
  repeated double dcomplex_val = 12;
  repeated int32 half_val = 13;
  repeated uint32 uint32_val = 16;
  repeated uint64 uint64_val = 17;
}
"""

_CHECKPOINT = """
message VersionDef { int32 producer = 1; int32 min_consumer = 2; repeated int32 bad_consumers = 3; }
message TensorSliceProto {
  message Extent { int64 start = 1; oneof has_length { int64 length = 2; } }
  repeated Extent extent = 1;
}
message BundleHeaderProto { int32 num_shards = 1; int32 endianness = 2; VersionDef version = 3; }
message BundleEntryProto {
  DataType dtype = 1;
  TensorShapeProto shape = 2;
  int32 shard_id = 3;
  int64 offset = 4;
  int64 size = 5;
  fixed32 crc32c = 6;
  repeated TensorSliceProto slices = 7;
}
message TrackableObjectGraph {
  message TrackableObject {
    message ObjectReference { int32 node_id = 1; string local_name = 2; }
    message SerializedTensor {
      string name = 1;
      string full_name = 2;
      string checkpoint_key = 3;
      bool optional_restore = 4;
    }
    message SlotVariableReference {
      int32 original_variable_node_id = 1;
      string slot_name = 2;
      int32 slot_variable_node_id = 3;
    }
    repeated ObjectReference children = 1;
    repeated SerializedTensor attributes = 2;
    repeated SlotVariableReference slot_variables = 3;
  }
  repeated TrackableObject nodes = 1;
}
message CheckpointState {
  string model_checkpoint_path = 1;
  repeated string all_model_checkpoint_paths = 2;
  repeated double all_model_checkpoint_timestamps = 3;
  double last_preserved_timestamp = 4;
}
"""

# What Reflow never looks into, such as graphs of TensorFlow's ops, is bytes.
_SAVED_MODEL = """
message SavedUserObject { string identifier = 1; VersionDef version = 2; string metadata = 3; }
message SavedVariable {
  DataType dtype = 1;
  TensorShapeProto shape = 2;
  bool trainable = 3;
  int32 synchronization = 4;
  int32 aggregation = 5;
  string name = 6;
}
message SavedObject {
  repeated TrackableObjectGraph.TrackableObject.ObjectReference children = 1;
  repeated TrackableObjectGraph.TrackableObject.SlotVariableReference slot_variables = 3;
  oneof kind {
    SavedUserObject user_object = 4;
    bytes asset = 5;
    bytes function = 6;
    SavedVariable variable = 7;
    bytes bare_concrete_function = 8;
    bytes constant = 9;
    bytes resource = 10;
  }
}
message SavedObjectGraph { repeated SavedObject nodes = 1; repeated bytes concrete_functions = 2; }
message MetaGraphDef {
  message MetaInfoDef {
    string meta_graph_version = 1;
    bytes stripped_op_list = 2;
    repeated string tags = 4;
    string tensorflow_version = 5;
    string tensorflow_git_version = 6;
    bool stripped_default_attrs = 7;
  }
  MetaInfoDef meta_info_def = 1;
  bytes graph_def = 2;
  repeated bytes signature_def = 5;
  SavedObjectGraph object_graph_def = 7;
}
message SavedModel { int64 saved_model_schema_version = 1; repeated MetaGraphDef meta_graphs = 2; }
"""

_EVENT = """
message HistogramProto {
  double min = 1; double max = 2; double num = 3; double sum = 4; double sum_squares = 5;
  repeated double bucket_limit = 6;
  repeated double bucket = 7;
}
message SummaryMetadata {
  message PluginData { string plugin_name = 1; bytes content = 2; }
  PluginData plugin_data = 1;
  string display_name = 2;
  string summary_description = 3;
}
message Summary {
  message Image { int32 height = 1; int32 width = 2; int32 colorspace = 3;
                  bytes encoded_image_string = 4; }
  message Audio { float sample_rate = 1; int64 num_channels = 2; int64 length_frames = 3;
                  bytes encoded_audio_string = 4; string content_type = 5; }
  message Value {
    string node_name = 7;
    string tag = 1;
    SummaryMetadata metadata = 9;
    oneof value {
      float simple_value = 2;
      bytes obsolete_old_style_histogram = 3;
      Image image = 4;
      HistogramProto histo = 5;
      Audio audio = 6;
      TensorProto tensor = 8;
    }
  }
  repeated Value value = 1;
}
message LogMessage { int32 level = 1; string message = 2; }
message SessionLog { int32 status = 1; string checkpoint_path = 2; string msg = 3; }
message TaggedRunMetadata { string tag = 1; bytes run_metadata = 2; }
message Event {
  double wall_time = 1;
  int64 step = 2;
  oneof what {
    string file_version = 3;
    bytes graph_def = 4;
    Summary summary = 5;
    LogMessage log_message = 6;
    SessionLog session_log = 7;
    TaggedRunMetadata tagged_run_metadata = 8;
    bytes meta_graph_def = 9;
  }
}
"""

_PACKAGE = "tensorflow"
_TOKEN = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*|\d+|[{}<>,;=]")


@cache
def message(name: str) -> Any:
    """The class of a message, such as ``Example`` or ``Summary.Value``."""
    from google.protobuf import message_factory

    made = message_factory.GetMessageClass(_pool().FindMessageTypeByName(f"{_PACKAGE}.{name}"))
    for descriptor in _with_nested(made.DESCRIPTOR):
        # Today's protobuf prints float32 numbers shorter, and maps in no order.
        part = message_factory.GetMessageClass(descriptor)
        part.__str__ = part.__repr__ = text
    return made


def _with_nested(descriptor: Any) -> Iterator[Any]:
    yield descriptor
    seen = {descriptor.full_name}
    waiting = [descriptor]
    while waiting:
        for field in waiting.pop().fields:
            inner = field.message_type
            if inner is not None and inner.full_name not in seen:
                seen.add(inner.full_name)
                waiting.append(inner)
                yield inner


def text(value: Any) -> str:
    """A message in text form, as the protobuf of TF 2.1's days wrote it."""
    return "".join(_lines(value, ""))


def _lines(value: Any, indent: str) -> Iterator[str]:
    for field, content in value.ListFields():
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            for key in sorted(content):
                yield f"{indent}{field.name} {{\n"
                yield from _entry(
                    field.message_type.fields_by_name, key, content[key], indent + "  "
                )
                yield f"{indent}}}\n"
            continue
        for item in content if _is_repeated(field) else [content]:
            yield from _field(field, item, indent)


def _field(field: Any, value: Any, indent: str) -> Iterator[str]:
    if field.message_type is None:
        yield f"{indent}{field.name}: {_scalar(field, value)}\n"
    else:
        yield f"{indent}{field.name} {{\n"
        yield from _lines(value, indent + "  ")
        yield f"{indent}}}\n"


def _entry(fields: Any, key: Any, value: Any, indent: str) -> Iterator[str]:
    """A map's key and value, both written even if they are empty."""
    yield from _field(fields["key"], key, indent)
    yield from _field(fields["value"], value, indent)


def _is_repeated(field: Any) -> bool:
    repeated = getattr(field, "is_repeated", None)  # since protobuf 6.31; then label is deprecated
    return field.label == field.LABEL_REPEATED if repeated is None else bool(repeated)


_ESCAPES = {9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 39: "\\'", 92: "\\\\"}


def _scalar(field: Any, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if field.enum_type is not None:
        known = field.enum_type.values_by_number.get(value)
        return str(value) if known is None else str(known.name)
    if isinstance(value, (str, bytes)):
        data = value.encode() if isinstance(value, str) else value
        return '"' + "".join(_ESCAPES.get(b) or _character(b) for b in data) + '"'
    return str(value)


def _character(byte: int) -> str:
    return chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"


@cache
def _pool() -> Any:
    from google.protobuf import descriptor_pb2, descriptor_pool

    file = descriptor_pb2.FileDescriptorProto(
        name="reflow/formats.proto", package=_PACKAGE, syntax="proto3"
    )
    tokens = _TOKEN.findall(_EXAMPLE + _TENSOR + _CHECKPOINT + _SAVED_MODEL + _EVENT)
    tokens.reverse()
    while tokens:
        if tokens.pop() == "enum":
            _declare_enum(file.enum_type.add(), tokens)
        else:
            _declare(file.message_type.add(), tokens, _PACKAGE)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return pool


def _declare(declared: Any, tokens: list[str], scope: str) -> None:
    """Reads ``Name { fields }`` into a DescriptorProto."""
    declared.name = tokens.pop()
    scope = f"{scope}.{declared.name}"
    tokens.pop()  # the brace
    oneof: int | None = None
    while True:
        word = tokens.pop()
        if word == "}":
            if oneof is None:
                return
            oneof = None
        elif word == "message":
            _declare(declared.nested_type.add(), tokens, scope)
        elif word == "oneof":
            oneof = len(declared.oneof_decl)
            declared.oneof_decl.add(name=tokens.pop())
            tokens.pop()
        else:
            _add_field(declared, word, tokens, scope, oneof)


def _declare_enum(declared: Any, tokens: list[str]) -> None:
    """Reads ``Name { NAME = number; }`` into an EnumDescriptorProto."""
    declared.name = tokens.pop()
    tokens.pop()
    while (name := tokens.pop()) != "}":
        _, number, _ = [tokens.pop() for _ in range(3)]
        declared.value.add(name=name, number=int(number))


def _add_field(declared: Any, word: str, tokens: list[str], scope: str, oneof: int | None) -> None:
    """Reads ``[repeated] type name = number;`` or a map field."""
    field = declared.field.add(label=1)  # optional
    if word == "map":
        _, key, _, value, _ = [tokens.pop() for _ in range(5)]
    else:
        if word == "repeated":
            field.label = 3
            word = tokens.pop()
        _set_type(field, word)
    field.name, _, number, _ = [tokens.pop() for _ in range(4)]
    field.number = int(number)
    if oneof is not None:
        field.oneof_index = oneof
    if word == "map":
        entry = declared.nested_type.add(
            name="".join(part.capitalize() for part in field.name.split("_")) + "Entry"
        )
        entry.options.map_entry = True
        for place, (part, kind) in enumerate((("key", key), ("value", value)), 1):
            _set_type(entry.field.add(name=part, number=place, label=1), kind)
        field.label = 3
        field.type = type(field).TYPE_MESSAGE
        field.type_name = f".{scope}.{entry.name}"


def _set_type(field: Any, kind: str) -> None:
    number = getattr(type(field), f"TYPE_{kind.upper()}", None)
    if number is not None:
        field.type = number
    else:
        field.type = type(field).TYPE_ENUM if kind == "DataType" else type(field).TYPE_MESSAGE
        field.type_name = kind  # found from the inside out
