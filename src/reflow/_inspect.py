"""``reflow inspect``: what is in a checkpoint, HDF5, TFRecord or event file, without its values."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable, Iterator
from typing import Any

from reflow.core.errors import DataLossError, OpError
from reflow.io._checkpoint import BundleReader, exists
from reflow.io._checkpoint.state import latest
from reflow.io._protos import message
from reflow.io._records import read_records

_HDF5 = b"\x89HDF\r\n\x1a\n"
_DATA_FILE = re.compile(r"\.data-\d{5}-of-\d{5}$")


class UnreadableError(Exception):
    """A file that is not there, not known, or damaged; the message says which."""


def describe(path: str) -> Iterator[str]:
    """The lines that tell what is in a file.

    Args:
      path: a file, a checkpoint's prefix, or a folder with checkpoints or a SavedModel.

    Raises:
      UnreadableError: it is nothing that can be read.
    """
    try:
        prefix = _checkpoint_prefix(path)
        if prefix is not None:
            yield from _checkpoint(prefix)
            return
        with open(path, "rb") as file:
            head = file.read(12)
        if head[:8] == _HDF5:
            yield from _hdf5(path)
        else:
            yield from _records(path, head)
    except OpError as error:
        raise UnreadableError(error.message) from error
    except OSError as error:
        raise UnreadableError(f"{path}: {error.strerror or error}") from error


def _table(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Rows in columns; the last one is of numbers."""
    rows = [tuple(map(_printable, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for *texts, number in rows:
        cells = [text.ljust(width) for text, width in zip(texts, widths, strict=False)]
        yield "  ".join([*cells, number.rjust(widths[-1])])


def _printable(text: str) -> str:
    """A name from a file, which may hold anything, as it may be shown in a terminal."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _shape(shape: Iterable[int]) -> str:
    return "(" + ", ".join(map(str, shape)) + ")"


def _plural(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 else "s")


# ---- checkpoints


def _checkpoint_prefix(path: str) -> str | None:
    """The prefix of the checkpoint that is meant, None if it is another kind of file."""
    if os.path.isdir(path):
        inside = os.path.join(path, "variables", "variables")
        found = inside if exists(inside) else latest(path)
        if found is None:
            raise UnreadableError(f"{path}: no checkpoint and no SavedModel in this folder")
        return found
    prefix = _DATA_FILE.sub("", path.removesuffix(".index"))
    if exists(prefix):
        return prefix
    if not os.path.exists(path):
        raise UnreadableError(f"{path}: no such file, and no checkpoint of this prefix")
    return None


def _checkpoint(prefix: str) -> Iterator[str]:
    with BundleReader(prefix) as bundle:
        keys = bundle.keys()
        sizes = [bundle.size(key) for key in keys]
        yield f"checkpoint {prefix}: {_plural(len(keys), 'tensor')}, {sum(sizes):,} bytes"
        if keys:
            yield ""
            yield from _table(
                [("name", "dtype", "shape", "bytes")]
                + [
                    (key, bundle.dtype(key).name, _shape(bundle.shape(key)), f"{size:,}")
                    for key, size in zip(keys, sizes, strict=True)
                ]
            )


# ---- HDF5


def _hdf5(path: str) -> Iterator[str]:
    try:
        import h5py
    except ImportError as error:
        raise UnreadableError(
            f"{path}: reading HDF5 files needs h5py: pip install 'reflow[files]'"
        ) from error
    try:
        with h5py.File(path, "r") as file:
            yield from _hdf5_content(file, path, h5py.Dataset)
    except (KeyError, OSError, RuntimeError, TypeError, ValueError) as error:
        raise UnreadableError(f"{path}: the HDF5 file is damaged ({error})") from error


def _hdf5_content(file: Any, path: str, dataset: type) -> Iterator[str]:
    found: list[tuple[str, ...]] = []
    total = 0

    def visit(name: str, item: Any) -> None:
        nonlocal total
        if isinstance(item, dataset):
            size = math.prod(item.shape or ()) * item.dtype.itemsize
            total += size
            found.append((name, str(item.dtype), _shape(item.shape or ()), f"{size:,}"))

    file.visititems(visit)
    yield f"HDF5 file {path}: {_plural(len(found), 'dataset')}, {total:,} bytes"
    for key in sorted(file.attrs):
        yield _printable(f"  {key}: {_attribute(file.attrs[key])}")
    if found:
        yield ""
        yield from _table([("name", "dtype", "shape", "bytes"), *found])


def _attribute(value: Any) -> str:
    """An attribute in at most a line."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list):
        value = ", ".join(_attribute(item) for item in value)
    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


# ---- records


def _records(path: str, head: bytes) -> Iterator[str]:
    kind = "GZIP" if head[:2] == b"\x1f\x8b" else ""
    if not kind and len(head) > 1 and head[0] == 0x78 and int.from_bytes(head[:2], "big") % 31 == 0:
        kind = "ZLIB"
    records = read_records(path, kind)
    try:
        first = next(records, None)
    except DataLossError as error:
        raise UnreadableError(
            f"{path}: neither a checkpoint, nor an HDF5, TFRecord or event file ({error.message})"
        ) from error
    if first is None:
        yield f"TFRecord file {path}: empty"
        return
    event = _parsed("Event", first)
    if event is not None and event.file_version.startswith("brain.Event:"):
        yield from _events(path, records)
        return
    lengths = [len(first), *map(len, records)]
    packed = f", compressed as {kind}" if kind else ""
    yield (
        f"TFRecord file {path}: {_plural(len(lengths), 'record')} of {min(lengths):,} to "
        f"{max(lengths):,} bytes, {sum(lengths):,} bytes{packed}"
    )
    example = _parsed("Example", first)
    if example is not None and example.features.feature:
        yield ""
        yield "features of the first record (tf.train.Example):"
        yield ""
        rows = [("name", "dtype", "values")]
        for name in sorted(example.features.feature):
            feature = example.features.feature[name]
            which = feature.WhichOneof("kind")
            count = 0 if which is None else len(getattr(feature, which).value)
            rows.append((name, _DTYPES.get(which or "", "none"), f"{count:,}"))
        yield from _table(rows)


_DTYPES = {"bytes_list": "string", "float_list": "float32", "int64_list": "int64"}


def _parsed(name: str, data: bytes) -> Any:
    """The message, None if the bytes are none (or mean something that it does not know)."""
    from google.protobuf.message import DecodeError

    try:
        made = message(name).FromString(data)
    except DecodeError:
        return None
    return made if made.ListFields() or not data else None


def _events(path: str, records: Iterator[bytes]) -> Iterator[str]:
    rows: dict[tuple[str, str], list[Any]] = {}
    count = 1
    for record in records:
        count += 1
        event = _parsed("Event", record)
        for value in event.summary.value if event is not None else ():
            plugin = value.metadata.plugin_data.plugin_name or value.WhichOneof("value") or ""
            row = rows.setdefault((value.tag, plugin), [event.step, event.step, 0])
            row[0], row[1] = min(row[0], event.step), max(row[1], event.step)
            row[2] += 1
    yield f"event file {path}: {_plural(count, 'event')}, {_plural(len(rows), 'summary')}".replace(
        "summarys", "summaries"
    )
    if rows:
        yield ""
        yield from _table(
            [("tag", "kind", "steps", "events")]
            + [
                (tag, plugin, f"{low}" if low == high else f"{low} to {high}", f"{n:,}")
                for (tag, plugin), (low, high, n) in sorted(rows.items())
            ]
        )
